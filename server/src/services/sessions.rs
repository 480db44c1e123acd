//! Sessions: opening one, finding the requester's, exchanging a refresh token, ending it (SPEC §6).

use super::signups::whole_seconds;
use super::turn::{Done, Turn};
use crate::db::sessions::{self, Listed, Session, Used};
use crate::db::{accounts, audit, devices};
use crate::entropy;
use crate::fault::Fault;
use crate::seen;
use portaria::account::Account;
use portaria::accounts::SignedIn;
use portaria::audit::Event;
use portaria::error::Refusal;
use portaria::message::Content;
use portaria::session::{
    AccessLifetime, Credential, NOT_REMEMBERED, Presentation, REFRESH_GRACE, REMEMBERED, Requester, SESSIONS_PER_ACCOUNT, Token,
    device_name, known_device,
};
use portaria::view::{AccountView, SessionView};
use std::net::IpAddr;
use time::Duration;
use uuid::Uuid;

/// A session's last use is noted at most this often.
const TOUCH_EVERY: Duration = Duration::minutes(1);

const fn period(remembered: bool) -> Duration {
    if remembered { REMEMBERED } else { NOT_REMEMBERED }
}

impl Turn<'_> {
    /// Opens a session and returns its credential. The owner is told when the account signs in from a new device.
    pub(super) async fn open_session(&mut self, account: &Account, remember: bool, how: Presentation) -> Done<SignedIn> {
        let device = match (how, &self.who.device) {
            (Presentation::Browser, Some(device)) => Some(device.clone()),
            (Presentation::Browser, None) => Some(Token::new(entropy::token())),
            (Presentation::Api(_), _) => None,
        };
        let name = device_name(&self.who.user_agent);
        if !devices::recognise(&mut self.tx, self.sealer, self.now, account.id, device.as_ref(), &name).await? {
            let content = Content::NewDevice {
                name: account.name.first().to_owned(),
                device: known_device(&self.who.user_agent).unwrap_or_else(|| "?".to_owned()),
                address: self.who.client_ip.to_string(),
                at: self.now,
            };
            self.notify_owner(account, &content).await?;
        }
        let access = match how {
            Presentation::Browser => None,
            Presentation::Api(AccessLifetime::Standard) => Some(self.rules.access_token),
            Presentation::Api(AccessLifetime::Carona) => Some(self.rules.access_token_carona),
        };
        if access.is_none()
            && let Some(cookie) = &self.who.session
            && let Some(before) = sessions::by_cookie(&mut self.tx, self.sealer, self.now, cookie).await?
        {
            // The browser is about to forget its old cookie: nobody could end that session any more (ASVS 7.2.4).
            sessions::end(&mut self.tx, self.now, before.id, "signed_in_again").await?;
        }
        let new = sessions::New {
            account_id: account.id,
            remembered: remember,
            access_seconds: access.map(|lifetime| i32::try_from(lifetime.whole_seconds()).unwrap_or(i32::MAX)),
            expires_at: self.now + period(remember),
        };
        let (id, cookie) = sessions::insert(&mut self.tx, self.sealer, self.now, self.who, &new).await?;
        sessions::end_oldest(&mut self.tx, self.now, account.id, id, SESSIONS_PER_ACCOUNT, "too_many").await?;
        let credential = match cookie {
            Some(token) => Credential::Cookie { token, max_age: remember.then_some(REMEMBERED), device },
            None => {
                let refresh = sessions::add_refresh(&mut self.tx, self.sealer, self.now, id).await?;
                // No access token outlives its session.
                let lifetime = access.unwrap_or(self.rules.access_token).min(period(remember));
                let access = self.service.tokens.issue(account.id, account.kind, id, self.now, lifetime).await?;
                Credential::Tokens { access, refresh, expires_in: whole_seconds(lifetime) }
            }
        };
        let entry = audit::Entry { account: Some(account.id), ..audit::Entry::of(Event::LoginSucceeded, "ok") };
        self.audit(entry).await?;
        seen::account(account.id);
        Ok(SignedIn { account: account.view(), credential })
    }

    /// The requester's living session, by access token or cookie.
    pub(super) async fn session(&mut self) -> Done<Session> {
        let session = match (&self.who.bearer, &self.who.session) {
            // A cookie never replaces an invalid bearer token.
            (Some(bearer), _) => match self.service.tokens.verify(bearer, self.now).await? {
                Some(id) => sessions::by_id(&mut self.tx, self.now, id).await?,
                None => None,
            },
            (None, Some(cookie)) => sessions::by_cookie(&mut self.tx, self.sealer, self.now, cookie).await?,
            (None, None) => None,
        };
        let Some(session) = session else { return Err(Refusal::NotSignedIn.into()) };
        seen::account(session.account_id);
        if session.last_used_at + TOUCH_EVERY <= self.now {
            sessions::touch(&mut self.tx, self.now, self.who, session.id).await?;
        }
        Ok(session)
    }

    /// The account of a row; a missing one is a fault.
    pub(super) async fn account(&mut self, id: i64) -> Result<Account, Fault> {
        accounts::by_id(&mut self.tx, self.sealer, id).await?.ok_or(Fault::inconsistent("accounts", "id"))
    }

    /// The requester's account.
    pub(super) async fn me(&mut self) -> Done<AccountView> {
        let session = self.session().await?;
        let account = accounts::by_id(&mut self.tx, self.sealer, session.account_id).await?.ok_or(Fault::inconsistent("accounts", "id"))?;
        Ok(account.view())
    }

    /// The living sessions of the requester's account, the current one first.
    pub(super) async fn sessions(&mut self) -> Done<Vec<SessionView>> {
        let own = self.session().await?;
        let listed = sessions::living(&mut self.tx, self.now, own.account_id).await?;
        let mut views: Vec<_> = listed.into_iter().map(|session| shown(session, own.id)).collect();
        views.sort_by_key(|view| !view.current);
        Ok(views)
    }

    /// Ends one session of the requester's account (ASVS 7.5.2). Returns `true` if it was the current one.
    pub(super) async fn end_session(&mut self, id: &str) -> Done<bool> {
        let own = self.session().await?;
        let Ok(id) = id.parse::<Uuid>() else { return Err(Refusal::NotFound.into()) };
        if !sessions::end_of(&mut self.tx, self.now, own.account_id, id, "ended_by_owner").await? {
            return Err(Refusal::NotFound.into());
        }
        self.note_ended(own.account_id).await?;
        Ok(id == own.id)
    }

    /// Ends all sessions but the current one.
    pub(super) async fn end_other_sessions(&mut self) -> Done<()> {
        let own = self.session().await?;
        sessions::end_all(&mut self.tx, self.now, own.account_id, Some(own.id), "ended_by_owner").await?;
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
        sessions::end(&mut self.tx, self.now, session.id, "sign_out").await?;
        let entry = audit::Entry { account: Some(session.account_id), ..audit::Entry::of(Event::SessionLogout, "ok") };
        self.audit(entry).await?;
        Ok(())
    }

    /// Exchanges a refresh token. For 30 s the same client may repeat it and gets the same successor. Any other reuse ends
    /// the session (SPEC §6, ASVS 10.4.5).
    pub(super) async fn refresh(&mut self, token: &Token) -> Done<SignedIn> {
        let Some((session, used)) = sessions::by_refresh(&mut self.tx, self.sealer, self.now, token).await? else {
            return Err(Refusal::NotSignedIn.into());
        };
        let again = used.as_ref().is_some_and(|used| same_client(used, self.who));
        let (refresh, expires_at) = match used {
            None => {
                let cap = session.created_at + REMEMBERED;
                let expires_at = if session.remembered { session.expires_at } else { (self.now + NOT_REMEMBERED).min(cap) };
                (sessions::rotate(&mut self.tx, self.sealer, self.now, self.who, token, &session, expires_at).await?, expires_at)
            }
            Some(Used { at, successor: Some(successor), .. }) if again && at + REFRESH_GRACE > self.now => (successor, session.expires_at),
            Some(_) => {
                sessions::end(&mut self.tx, self.now, session.id, "refresh_reuse").await?;
                let entry = audit::Entry { account: Some(session.account_id), ..audit::Entry::of(Event::TokenReused, "ended") };
                self.audit(entry).await?;
                return Err(Refusal::NotSignedIn.into());
            }
        };
        let account = accounts::by_id(&mut self.tx, self.sealer, session.account_id).await?.ok_or(Fault::inconsistent("accounts", "id"))?;
        let lifetime = Duration::seconds(session.access_seconds.into()).min(expires_at - self.now);
        let access = self.service.tokens.issue(account.id, account.kind, session.id, self.now, lifetime).await?;
        let credential = Credential::Tokens { access, refresh, expires_in: whole_seconds(lifetime) };
        let entry = audit::Entry { account: Some(account.id), ..audit::Entry::of(Event::SessionRenewed, "ok") };
        self.audit(entry).await?;
        seen::account(account.id);
        Ok(SignedIn { account: account.view(), credential })
    }
}

fn shown(session: Listed, own: Uuid) -> SessionView {
    SessionView {
        id: session.id.to_string(),
        current: session.id == own,
        device: device_name(&session.user_agent),
        local: session.address.parse().is_ok_and(is_local),
        address: session.address,
        api: session.presentation == "api",
        created_at: session.created_at.unix_timestamp(),
        last_used_at: session.last_used_at.unix_timestamp(),
    }
}

/// Returns whether an address belongs to a local network: it says nothing about the place.
const fn is_local(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(v4) => v4.is_private() || v4.is_loopback() || v4.is_link_local(),
        IpAddr::V6(v6) => v6.is_loopback() || v6.is_unique_local() || v6.is_unicast_link_local(),
    }
}

fn same_client(used: &Used, who: &Requester) -> bool {
    used.address == who.client_ip.to_string() && used.user_agent == who.user_agent
}
