//! Sessions: opening one, finding the requester's, exchanging a refresh token, ending it (SPEC §6).

use super::Service;
use super::signups::whole_seconds;
use super::turn::{Done, Turn};
use crate::config::Rules;
use crate::db::accounts::{self, InSession};
use crate::db::openid::logouts;
use crate::db::sessions::{self, Ended, Listed, Named, Opened, Session};
use crate::db::{audit, devices, openid};
use crate::delivery::lanes::Bell;
use crate::entropy;
use crate::fault::Fault;
use crate::seen;
use portaria::account::Account;
use portaria::accounts::SignedIn;
use portaria::audit::Event;
use portaria::check_up::Openings;
use portaria::error::Refusal;
use portaria::fresh::FreshSession;
use portaria::message::Content;
use portaria::rotation::Shown;
use portaria::session::{
    AccessLifetime, Api, ApiTokens, Browser, BrowserCookies, NOT_REMEMBERED, Presentation, REMEMBERED, Requester, SESSIONS_PER_ACCOUNT,
    Token, device_name, known_device,
};
use portaria::view::{AccountView, SessionView};
use std::net::IpAddr;
use time::{Duration, OffsetDateTime};
use uuid::Uuid;

/// A session's last use is noted at most this often.
const TOUCH_EVERY: Duration = Duration::minutes(1);

pub(super) const fn period(remembered: bool) -> Duration {
    if remembered { REMEMBERED } else { NOT_REMEMBERED }
}

/// A session that was opened, on its way to whoever keeps its credential.
pub(super) struct Opening<'a> {
    pub account: &'a Account,
    pub opened: Opened,
    /// The cookie that recognises the browser; `None`: a client of the API.
    pub device: Option<Token>,
    pub remember: bool,
    pub now: OffsetDateTime,
}

/// What a sign-in does differently for a browser and for a client of the API.
pub(super) trait Open: Presentation {
    /// How long the access tokens of a new session live; `None`: a browser gets none.
    fn access_lifetime(self, rules: &Rules) -> Option<Duration>;

    /// The cookie by which the device is recognised, a new one if it has none; `None`: it is not a browser.
    fn device(self, who: &Requester) -> Option<Token>;

    fn credential(self, service: &Service, of: Opening<'_>) -> impl Future<Output = Result<Self::Credential, Fault>> + Send;
}

impl Open for Browser {
    fn access_lifetime(self, _: &Rules) -> Option<Duration> {
        None
    }

    fn device(self, who: &Requester) -> Option<Token> {
        Some(who.device.clone().unwrap_or_else(|| Token::new(entropy::token())))
    }

    async fn credential(self, _: &Service, of: Opening<'_>) -> Result<BrowserCookies, Fault> {
        Ok(BrowserCookies { session: of.opened.secret, max_age: of.remember.then_some(REMEMBERED), device: of.device })
    }
}

impl Open for Api {
    fn access_lifetime(self, rules: &Rules) -> Option<Duration> {
        Some(match self.0 {
            AccessLifetime::Standard => rules.access_token,
            AccessLifetime::Carona => rules.access_token_carona,
        })
    }

    fn device(self, _: &Requester) -> Option<Token> {
        None
    }

    async fn credential(self, service: &Service, of: Opening<'_>) -> Result<ApiTokens, Fault> {
        let Opening { account, opened, remember, now, .. } = of;
        // No access token outlives its session.
        let lifetime = self.access_lifetime(&service.rules).unwrap_or_default().min(period(remember));
        let access = service.tokens.issue(account.id, account.kind, opened.id, now, lifetime)?;
        Ok(ApiTokens { access, refresh: opened.secret, expires_in: whole_seconds(lifetime) })
    }
}

impl Service {
    /// What names the requester's session. A cookie never replaces an invalid bearer token. `None`: nothing does, and the
    /// database need not be asked.
    pub(super) async fn named_session(&self, who: &Requester) -> Result<Option<Named>, Fault> {
        self.fresh_keys().await?;
        if let Some(bearer) = &who.bearer {
            self.tokens.keep_fresh(Some(bearer), self.now()).await?;
        }
        self.named(who)
    }

    /// The same by the keys that are known already: for whoever holds a connection.
    fn named(&self, who: &Requester) -> Result<Option<Named>, Fault> {
        match (&who.bearer, &who.session) {
            (Some(bearer), _) => Ok(self.tokens.verify(bearer, self.now())?.map(Named::Id)),
            (None, Some(cookie)) => Ok(Some(Named::by_cookie(&self.sealer, cookie))),
            (None, None) => Ok(None),
        }
    }

    /// The requester's account: one statement, and once a minute another one, which notes the session's use.
    pub(super) async fn account_of(&self, who: &Requester) -> Done<AccountView> {
        let Some(found) = self.in_session(who).await? else { return Err(Refusal::NotSignedIn.into()) };
        let (session, authenticated_at, last_used_at) = (found.session_id, found.authenticated_at, found.last_used_at);
        let account = found.account(&self.sealer)?;
        seen::account(account.id);
        self.note_use(who, session, last_used_at).await?;
        let fresh = FreshSession::of(account.id, authenticated_at, self.now(), self.rules.fresh_authentication);
        Ok(fresh.map_or_else(|_| account.view(&self.rules.terms), |fresh| account.fresh_view(&self.rules.terms, &fresh)))
    }

    /// The id of the requester's account; `None`: nobody is signed in.
    pub(super) async fn account_id_of(&self, who: &Requester) -> Result<Option<i64>, Fault> {
        Ok(self.in_session(who).await?.map(|found| found.account_id()))
    }

    /// The requester's living session with its account. Requests that come at once are answered by one statement.
    async fn in_session(&self, who: &Requester) -> Result<Option<InSession>, Fault> {
        let Some(named) = self.named_session(who).await? else { return Ok(None) };
        Ok(self.in_sessions.find(&named, |named| accounts::in_sessions(&self.pool, self.now(), named)).await?)
    }

    /// The living sessions of the requester's account, the current one first, and how many products it is open to: one statement.
    pub(super) async fn openings_of(&self, who: &Requester) -> Done<Openings> {
        let now = self.now();
        let Some(named) = self.named_session(who).await? else { return Err(Refusal::NotSignedIn.into()) };
        let mut rows = sessions::living(&self.pool, now, &named).await?;
        let Some(own) = rows.first_mut().filter(|first| first.session.current) else { return Err(Refusal::NotSignedIn.into()) };
        let products = usize::try_from(own.products).unwrap_or_default();
        let own = &mut own.session;
        seen::account(own.account_id);
        if self.note_use(who, own.id, own.last_used_at).await? {
            (own.last_used_at, own.address) = (now, who.client_ip.to_string());
        }
        Ok(Openings { sessions: rows.into_iter().map(|row| shown(row.session)).collect(), products })
    }

    /// Notes a session's use, at most once a minute. Returns whether it did.
    async fn note_use(&self, who: &Requester, session: Uuid, last_used_at: OffsetDateTime) -> Result<bool, Fault> {
        let now = self.now();
        let due = last_used_at + TOUCH_EVERY <= now;
        if due {
            sessions::touch(&self.pool, now, who, session).await?;
        }
        Ok(due)
    }
}

impl Turn<'_> {
    /// Opens a session and returns its credential, if the account may sign in. The owner is told when it signs in from a new device.
    pub(super) async fn open_session<P: Open>(&mut self, account: &Account, remember: bool, how: P) -> Done<SignedIn<P::Credential>> {
        self.refuse_sign_in(account).await?;
        let device = how.device(self.who);
        let name = device_name(&self.who.user_agent);
        if !devices::recognise(&mut self.tx, self.sealer, self.now, account.id, device.as_ref(), &name).await? {
            let content = Content::NewDevice {
                name: account.greeted_as().to_owned(),
                device: known_device(&self.who.user_agent).unwrap_or_else(|| "?".to_owned()),
                address: self.who.client_ip.to_string(),
                at: self.now,
            };
            self.notify_owner(account, &content).await?;
        }
        let access = how.access_lifetime(self.rules);
        if access.is_none()
            && let Some(cookie) = &self.who.session
            && let Some(before) = sessions::find(&mut self.tx, self.now, &Named::by_cookie(self.sealer, cookie)).await?
        {
            // The browser is about to forget its old cookie: nobody could end that session any more (ASVS 7.2.4).
            self.end_one_session(before.id, "signed_in_again").await?;
        }
        let new = sessions::New {
            account_id: account.id,
            remembered: remember,
            access_seconds: access.map(|lifetime| i32::try_from(lifetime.whole_seconds()).unwrap_or(i32::MAX)),
            expires_at: self.now + period(remember),
        };
        let opened = sessions::open(&mut self.tx, self.sealer, self.now, self.who, &new).await?;
        if self.by_code {
            openid::note_session_by_code(&mut self.tx, opened.id).await?;
        }
        let ended = sessions::end_oldest(&mut self.tx, self.now, account.id, opened.id, SESSIONS_PER_ACCOUNT, "too_many").await?;
        self.tell_products(&ended).await?;
        let credential = how.credential(self.service, Opening { account, opened, device, remember, now: self.now }).await?;
        let entry = audit::Entry { account: Some(account.id), ..audit::Entry::of(Event::LoginSucceeded, "ok") };
        self.audit(entry).await?;
        seen::account(account.id);
        Ok(SignedIn { account: account.view(&self.rules.terms), credential })
    }

    /// Refuses, and audits, a session for an account that may not sign in.
    async fn refuse_sign_in(&mut self, account: &Account) -> Done<()> {
        let Err(refusal) = account.may_sign_in() else { return Ok(()) };
        let entry = audit::Entry { account: Some(account.id), ..audit::Entry::of(Event::LoginFailed, refusal.code()) };
        self.audit(entry).await?;
        if refusal == Refusal::AccountBlocked {
            self.tell_of_block(account).await?;
        }
        Err(refusal.into())
    }

    /// The requester's living session, by access token or cookie.
    pub(super) async fn session(&mut self) -> Done<Session> {
        let session = match self.service.named(self.who)? {
            Some(named) => sessions::find(&mut self.tx, self.now, &named).await?,
            None => None,
        };
        let Some(session) = session else { return Err(Refusal::NotSignedIn.into()) };
        seen::account(session.account_id);
        if session.last_used_at + TOUCH_EVERY <= self.now {
            sessions::touch(&mut *self.tx, self.now, self.who, session.id).await?;
        }
        Ok(session)
    }

    /// The account of a row; a missing one is a fault.
    pub(super) async fn account(&mut self, id: i64) -> Result<Account, Fault> {
        accounts::by_id(&mut self.tx, self.sealer, id).await?.ok_or(Fault::inconsistent("accounts", "id"))
    }

    /// Ends every session of an account except `keep`. Returns how many of them were alive.
    pub(super) async fn end_sessions(&mut self, account: i64, keep: Option<Uuid>, reason: &str) -> Result<u64, Fault> {
        let ended = sessions::end_all(&mut self.tx, self.now, account, keep, reason).await?;
        self.tell_products(&ended).await?;
        Ok(ended.alive)
    }

    /// Ends a session.
    pub(super) async fn end_one_session(&mut self, id: Uuid, reason: &str) -> Result<(), Fault> {
        let ended = sessions::end(&mut self.tx, self.now, id, reason).await?;
        self.tell_products(&ended).await
    }

    /// Tells products of sessions that have just ended.
    async fn tell_products(&mut self, ended: &Ended) -> Result<(), Fault> {
        if logouts::enqueue(&mut self.tx, &self.service.receivers, self.now, ended).await? {
            self.enqueued.push(Bell::Logouts);
        }
        Ok(())
    }

    /// Ends one session of the requester's account (ASVS 7.5.2). Returns `true` if it was the current one.
    pub(super) async fn end_session(&mut self, id: &str) -> Done<bool> {
        let own = self.session().await?;
        let Ok(id) = id.parse::<Uuid>() else { return Err(Refusal::NotFound.into()) };
        let ended = sessions::end_of(&mut self.tx, self.now, own.account_id, id, "ended_by_owner").await?;
        if ended.ids().is_empty() {
            return Err(Refusal::NotFound.into());
        }
        self.tell_products(&ended).await?;
        self.note_ended(own.account_id).await?;
        Ok(id == own.id)
    }

    /// Ends all sessions but the current one.
    pub(super) async fn end_other_sessions(&mut self) -> Done<()> {
        let own = self.session().await?;
        self.end_sessions(own.account_id, Some(own.id), "ended_by_owner").await?;
        self.note_ended(own.account_id).await?;
        Ok(())
    }

    async fn note_ended(&mut self, account: i64) -> Result<(), Fault> {
        let entry = audit::Entry { account: Some(account), ..audit::Entry::of(Event::SessionEnded, "ok") };
        self.audit(entry).await
    }

    /// Ends the requester's session on the server (003; ASVS 7.4.1).
    pub(super) async fn sign_out(&mut self) -> Done<()> {
        let session = self.session().await?;
        self.end_one_session(session.id, "sign_out").await?;
        let entry = audit::Entry { account: Some(session.account_id), ..audit::Entry::of(Event::SessionLogout, "ok") };
        self.audit(entry).await?;
        Ok(())
    }

    /// Exchanges a refresh token. For 30 s the same client may repeat it and gets the same successor. Any other reuse ends
    /// the session (SPEC §6, ASVS 10.4.5).
    pub(super) async fn refresh(&mut self, token: &Token) -> Done<SignedIn<ApiTokens>> {
        let Some((session, used)) = sessions::by_refresh(&mut self.tx, self.sealer, self.now, token).await? else {
            return Err(Refusal::NotSignedIn.into());
        };
        let account = self.account(session.account_id).await?;
        self.refuse_sign_in(&account).await?;
        let (refresh, expires_at) = match Shown::of(used, self.who, self.now) {
            Shown::First => {
                let cap = session.created_at + REMEMBERED;
                let expires_at = if session.remembered { session.expires_at } else { (self.now + NOT_REMEMBERED).min(cap) };
                (sessions::rotate(&mut self.tx, self.sealer, self.now, self.who, token, &session, expires_at).await?, expires_at)
            }
            Shown::Again(successor) => (successor, session.expires_at),
            Shown::Reused => {
                self.end_one_session(session.id, "refresh_reuse").await?;
                let entry = audit::Entry { account: Some(session.account_id), ..audit::Entry::of(Event::TokenReused, "ended") };
                self.audit(entry).await?;
                return Err(Refusal::NotSignedIn.into());
            }
        };
        let lifetime = Duration::seconds(session.access_seconds.into()).min(expires_at - self.now);
        let access = self.service.tokens.issue(account.id, account.kind, session.id, self.now, lifetime)?;
        let credential = ApiTokens { access, refresh, expires_in: whole_seconds(lifetime) };
        let entry = audit::Entry { account: Some(account.id), ..audit::Entry::of(Event::SessionRenewed, "ok") };
        self.audit(entry).await?;
        seen::account(account.id);
        Ok(SignedIn { account: account.view(&self.rules.terms), credential })
    }
}

pub(super) fn shown(session: Listed) -> SessionView {
    SessionView {
        id: session.id.to_string(),
        current: session.current,
        device: device_name(&session.user_agent),
        local: session.address.parse().is_ok_and(is_local),
        address: session.address,
        api: session.presentation == "api",
        created_at: session.created_at.unix_timestamp(),
        last_used_at: session.last_used_at.unix_timestamp(),
    }
}

/// Returns whether an address belongs to a local network: it says nothing about the place.
pub(super) const fn is_local(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(v4) => v4.is_private() || v4.is_loopback() || v4.is_link_local(),
        IpAddr::V6(v6) => v6.is_loopback() || v6.is_unique_local() || v6.is_unicast_link_local(),
    }
}
