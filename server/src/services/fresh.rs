//! Fresh authentication: whose session may change what later recovers, and how one becomes so again (SPEC §13, §16).

use super::codes::{Destination, Entrant, Sending, send_scope};
use super::signups::whole_seconds;
use super::throttle::Allowance;
use super::{Service, Tx};
use crate::db::sessions::{self, Session};
use crate::db::verifications::{self, Subject};
use crate::db::{accounts, audit, tallies};
use crate::fault::Outcome;
use crate::passwords::Verified;
use portaria::account::Account;
use portaria::accounts::Answer;
use portaria::error::{Field, Refusal};
use portaria::fresh::{Evidence, FreshSession};
use portaria::journey::Kind;
use portaria::message::{Channel, Purpose};
use portaria::session::Requester;
use portaria::value::{Code, Password};
use portaria::view::CodeSent;
use sqlx::PgConnection;
use time::OffsetDateTime;

const PURPOSE: Purpose = Purpose::Reauthentication;

impl Service {
    /// The living session of the one who asks, if it is fresh.
    pub(super) async fn fresh(&self, conn: &mut PgConnection, who: &Requester, now: OffsetDateTime) -> Outcome<(Session, FreshSession)> {
        let session = match self.session(conn, who, now).await? {
            Ok(session) => session,
            Err(refusal) => return Ok(Err(refusal)),
        };
        let fresh = FreshSession::of(session.account_id, session.authenticated_at, now, self.rules.fresh_authentication);
        Ok(fresh.map(|fresh| (session, fresh)))
    }

    /// The same, with its account, behind the login lock: of this and "não fui eu" at once, the second sees what the first did.
    pub(super) async fn fresh_account(&self, tx: &mut Tx, who: &Requester, now: OffsetDateTime) -> Outcome<(Account, FreshSession)> {
        match self.fresh(tx, who, now).await? {
            Ok((session, _)) => self.lock_login(tx, now, session.account_id).await?,
            Err(refusal) => return Ok(Err(refusal)),
        }
        match self.fresh(tx, who, now).await? {
            Ok((session, fresh)) => Ok(Ok((self.account(tx, session.account_id).await?, fresh))),
            Err(refusal) => Ok(Err(refusal)),
        }
    }

    /// Makes this session fresh, and no other. Counted like a sign-in, under the same lock, before anything is compared.
    pub(super) async fn do_reauthenticate(&self, who: &Requester, evidence: &Evidence) -> Answer<i64> {
        let mut tx = self.begin().await?;
        let outcome = self.session(&mut tx, who, self.now()).await;
        let session = self.settle(tx, outcome).await?;
        let answer = match evidence {
            Evidence::Password(typed) => {
                let typed = Password::for_login(typed.expose()).map_err(|error| Refusal::field(Field::Password, error))?;
                self.by_password(who, &session, &typed).await
            }
            Evidence::Code(typed) => {
                let digits = PURPOSE.digits().unwrap_or(6);
                let typed = Code::parse(typed, digits).map_err(|error| Refusal::field(Field::Code, error))?;
                self.count_guess(who).await?;
                let now = self.now();
                let mut tx = self.begin().await?;
                let outcome = self.by_code(&mut tx, who, now, &session, &typed).await;
                self.settle(tx, outcome).await
            }
        };
        answer.map(|fresh| fresh.until().unix_timestamp())
    }

    async fn by_password(&self, who: &Requester, session: &Session, typed: &Password) -> Answer<FreshSession> {
        let key = session.account_id.to_be_bytes();
        self.look(who, "authn_reauthenticated", &[Allowance::Guesses]).await?;
        let _gate = self.gates.pass_or_refuse(self.sealer.index("login.gate", &session.account_id.to_string())).await?;
        // the place first: when the pool is full nothing was tried, so nothing is counted
        let place = self.password_place(who, "authn_reauthenticated").await?;
        self.count_looked(who).await?;
        let mut tx = self.begin().await?;
        let outcome = async {
            let account = self.account(&mut tx, session.account_id).await?;
            let counted = self.count_login(&mut tx, who, self.now(), Some(account.id), &key).await?;
            Ok(counted.map(|locks| (account, locks)))
        }
        .await;
        let (account, locks) = self.settle(tx, outcome).await?;
        let verified = self.passwords.verify(place, typed.as_str().to_owned(), account.password_hash.clone()).await;
        let right = verified.map_err(|fault| fault.told())? != Verified::No;
        let now = self.now();
        let mut tx = self.begin().await?;
        let outcome = async {
            self.lock_login(&mut tx, now, account.id).await?;
            // it may have been reset while this one was being compared
            let hash = account.password_hash.as_deref().unwrap_or_default();
            if !right || !accounts::has_password(&mut tx, account.id, hash).await? {
                self.failed_login(&mut tx, who, now, Some(&account), &key, locks).await?;
                return Ok(Err(Refusal::BadCredentials));
            }
            self.refresh_session(&mut tx, who, now, session).await
        }
        .await;
        self.settle(tx, outcome).await
    }

    async fn by_code(&self, tx: &mut Tx, who: &Requester, now: OffsetDateTime, session: &Session, typed: &Code) -> Outcome<FreshSession> {
        let account = self.account(tx, session.account_id).await?;
        let key = account.id.to_be_bytes();
        let locks = match self.count_login(tx, who, now, Some(account.id), &key).await? {
            Ok(locks) => locks,
            Err(refusal) => return Ok(Err(refusal)),
        };
        let subject = Subject::Account(account.id);
        let newest = verifications::newest_of(tx, PURPOSE, subject).await?;
        // what went to a contact that is out of force by now opens nothing
        let contacts =
            [account.email_in_force().cloned().map(Destination::Email), account.phone_in_force().cloned().map(Destination::Phone)];
        let in_force = |index: &[u8]| contacts.iter().flatten().any(|contact| self.destination_index(contact) == index);
        let right = match newest.filter(|it| in_force(&it.destination)) {
            Some(newest) => {
                self.take_code(tx, now, PURPOSE, &newest.destination, typed, Some(subject), Entrant::Holder(&key)).await?.is_ok()
            }
            None => false,
        };
        if !right {
            self.failed_login(tx, who, now, Some(&account), &key, locks).await?;
            return Ok(Err(Refusal::BadCredentials));
        }
        self.refresh_session(tx, who, now, session).await
    }

    /// The caller holds the login lock's row.
    async fn refresh_session(&self, tx: &mut Tx, who: &Requester, now: OffsetDateTime, session: &Session) -> Outcome<FreshSession> {
        self.clear_login(tx, &session.account_id.to_be_bytes()).await?;
        if !sessions::authenticated(tx, now, session.id).await? {
            return Ok(Err(Refusal::NotSignedIn));
        }
        let entry =
            audit::Entry { event: "authn_reauthenticated", outcome: "ok", account: Some(session.account_id), ..audit::Entry::default() };
        audit::record(tx, now, who, entry).await?;
        Ok(FreshSession::of(session.account_id, now, now, self.rules.fresh_authentication))
    }

    /// Sends a code to a contact in force: the one that the kind proves at sign-up, else the other.
    pub(super) async fn do_ask_reauthentication(&self, tx: &mut Tx, who: &Requester, now: OffsetDateTime) -> Outcome<CodeSent> {
        let account = match self.own_account(tx, who, now).await? {
            Ok(account) => account,
            Err(refusal) => return Ok(Err(refusal)),
        };
        let Some((channel, destination)) = self.own_contact(&account) else { return Ok(Err(Refusal::NotVerified)) };
        let sending = Sending {
            purpose: PURPOSE,
            subject: Subject::Account(account.id),
            destination: &destination,
            channel,
            chosen: false,
            name: account.name.first(),
        };
        if let Err(refusal) = self.send(tx, who, now, &sending).await? {
            return Ok(Err(refusal));
        }
        let tally = tallies::peek(tx, &send_scope(PURPOSE), &self.destination_index(&destination)).await?;
        Ok(Ok(CodeSent {
            destination: destination.masked(),
            expires_in: whole_seconds(self.rules.lifetime(PURPOSE.lifetime())),
            resend_in: tally.next_send_in(now, self.rules.resend_wait).unwrap_or(0),
        }))
    }

    fn own_contact(&self, account: &Account) -> Option<(Channel, Destination)> {
        let email = account.email_in_force().map(|email| (Channel::Email, Destination::Email(email.clone())));
        let phone = account.phone_in_force().filter(|phone| phone.is_mobile() && self.may_send_to(phone)).and_then(|phone| {
            let channel = self.channel(None, Kind::Cliente.journey().channels)?;
            Some((channel, Destination::Phone(phone.clone())))
        });
        if account.kind.journey().contact_is_email() { email.or(phone) } else { phone.or(email) }
    }
}
