//! Signing in: by password with any identifier, or by a one-time code to a proved phone.

use super::codes::{Destination, Entrant, Sending, send_scope};
use super::signups::parse_phone_and_code;
use super::throttle::Allowance;
use super::{Service, Tx};
use crate::db::verifications::Subject;
use crate::db::{accounts, audit, tallies};
use crate::fault::{Fault, Outcome};
use crate::passwords::Verified;
use portaria::account::Account;
use portaria::accounts::{Answer, PasswordLogin, SignedIn};
use portaria::error::{Field, FieldErrors, Refusal};
use portaria::journey::Kind;
use portaria::limits::Tally;
use portaria::login::Identifier;
use portaria::message::{Content, Purpose};
use portaria::session::{Presentation, Requester};
use portaria::value::{Password, Phone};
use portaria::view::CodeSent;
use sqlx::PgConnection;
use time::OffsetDateTime;

/// Failures of one login; its row is also what changes of one password wait for.
pub(super) const LOCK: &str = "login";

/// What a try found before the password was looked at.
struct Try {
    account: Option<Account>,
    /// The account where the identifier leads to one, else what was typed (SPEC §11).
    key: Vec<u8>,
    /// This try is the one that locks, unless the password is right.
    locks: bool,
}

impl Service {
    pub(super) async fn do_sign_in(&self, who: &Requester, login: &PasswordLogin, how: Presentation) -> Answer<SignedIn> {
        let mut errors = FieldErrors::new();
        let identifier = errors.take(Field::Identifier, Identifier::parse(&login.identifier));
        let password = errors.take(Field::Password, Password::for_login(login.password.expose()));
        let (Some(identifier), Some(password)) = (identifier, password) else { return Err(Refusal::Invalid(errors)) };
        self.look(who, "authn_login_fail", &[Allowance::Guesses]).await?;
        let _gate = self.gates.pass_or_refuse(self.sealer.index("login.gate", identifier.canonical())).await?;
        // the place first: when the pool is full nothing was tried, so nothing is counted
        let place = self.password_place(who, "authn_login_fail").await?;
        self.count_looked(who).await?;
        let now = self.now();
        let mut tx = self.begin().await?;
        let outcome = self.count_try(&mut tx, who, now, &identifier).await;
        let found = self.settle(tx, outcome).await?;
        let hash = found.account.as_ref().and_then(|account| account.password_hash.clone());
        let verified = match self.passwords.verify(place, password.as_str().to_owned(), hash).await {
            Ok(verified) => verified,
            Err(fault) => return Err(fault.told()),
        };
        let now = self.now();
        let mut tx = self.begin().await?;
        let outcome = self.decide(&mut tx, who, now, found, verified, login.remember, how).await;
        self.settle(tx, outcome).await
    }

    /// The account that an identifier leads to. Eleven digits may be a CPF or a phone, and even a user name: the first
    /// that finds somebody counts.
    async fn find(&self, conn: &mut PgConnection, identifier: &Identifier) -> Result<Option<Account>, Fault> {
        for reading in identifier.readings() {
            let account = match reading {
                portaria::login::Reading::Email(email) => accounts::by_email(&mut *conn, &self.sealer, email).await?,
                portaria::login::Reading::Cpf(cpf) => accounts::by_cpf(&mut *conn, &self.sealer, cpf).await?,
                portaria::login::Reading::Cnpj(cnpj) => accounts::by_cnpj(&mut *conn, &self.sealer, cnpj).await?,
                portaria::login::Reading::Phone(phone) => {
                    accounts::by_phone(&mut *conn, &self.sealer, phone).await?.filter(|account| account.phone_proved_at.is_some())
                }
                portaria::login::Reading::Username(username) => accounts::by_username(&mut *conn, &self.sealer, username).await?,
            };
            if account.is_some() {
                return Ok(account);
            }
        }
        Ok(None)
    }

    /// Counts the try before the password is compared, known or unknown alike; a locked login is refused here.
    async fn count_try(&self, tx: &mut Tx, who: &Requester, now: OffsetDateTime, identifier: &Identifier) -> Outcome<Try> {
        let account = self.find(tx, identifier).await?;
        let key = match &account {
            Some(account) => account.id.to_be_bytes().to_vec(),
            None => self.sealer.index("login.identifier", identifier.canonical()),
        };
        let counted = self.count_login(tx, who, now, account.as_ref().map(|account| account.id), &key).await?;
        Ok(counted.map(|locks| Try { account, key, locks }))
    }

    /// Counts a try against a login, or refuses it while that rests. Gives whether this try locks, unless it is right.
    pub(super) async fn count_login(
        &self,
        tx: &mut Tx,
        who: &Requester,
        now: OffsetDateTime,
        account: Option<i64>,
        key: &[u8],
    ) -> Outcome<bool> {
        let mut tally = tallies::lock(tx, LOCK, key, now).await?;
        // while the row was waited for, another try may have begun the block: never told as longer than it is
        if let Some(retry_after) = tally.blocked_for(now.max(self.now())) {
            let entry = audit::Entry { event: "authn_login_fail", outcome: "locked", account, signup: None, subject: Some(key) };
            audit::record(tx, now, who, entry).await?;
            return Ok(Err(Refusal::Locked { retry_after }));
        }
        let locks = tally.strike(now, self.rules.lockout);
        tallies::save(tx, LOCK, key, &tally).await?;
        Ok(Ok(locks))
    }

    /// Notes a failed try that was counted; the owner is told of the one that locks.
    pub(super) async fn failed_login(
        &self,
        tx: &mut Tx,
        who: &Requester,
        now: OffsetDateTime,
        account: Option<&Account>,
        key: &[u8],
        locks: bool,
    ) -> Result<(), Fault> {
        let id = account.map(|account| account.id);
        let event = if locks { "authn_login_lock" } else { "authn_login_fail" };
        let entry = audit::Entry { event, outcome: "bad-credentials", account: id, signup: None, subject: Some(key) };
        audit::record(tx, now, who, entry).await?;
        if let Some(account) = account.filter(|_| locks) {
            let minutes = u32::try_from(self.rules.lockout.duration.whole_minutes()).unwrap_or(u32::MAX).max(1);
            let name = account.name.first().to_owned();
            self.tell_owner(tx, who, now, account, &Content::Locked { name, minutes }).await?;
        }
        Ok(())
    }

    /// A success clears the count. The row is locked by the caller.
    pub(super) async fn clear_login(&self, conn: &mut PgConnection, key: &[u8]) -> Result<(), Fault> {
        tallies::save(conn, LOCK, key, &Tally::default()).await?;
        Ok(())
    }

    #[expect(clippy::too_many_arguments, reason = "the parts of one decision, each from another place")]
    async fn decide(
        &self,
        tx: &mut Tx,
        who: &Requester,
        now: OffsetDateTime,
        found: Try,
        verified: Verified,
        remember: bool,
        how: Presentation,
    ) -> Outcome<SignedIn> {
        let Try { account, key, locks } = found;
        let (account, rehashed) = match (account, verified) {
            (Some(account), Verified::Yes { rehashed }) => (account, rehashed),
            (account, _) => {
                self.failed_login(tx, who, now, account.as_ref(), &key, locks).await?;
                return Ok(Err(Refusal::BadCredentials));
            }
        };
        tallies::lock(tx, LOCK, &key, now).await?;
        let verified = account.password_hash.as_deref().unwrap_or_default();
        if !accounts::has_password(tx, account.id, verified).await? {
            // it was reset while this one was being compared: the old one must not come in after that
            self.failed_login(tx, who, now, Some(&account), &key, locks).await?;
            return Ok(Err(Refusal::BadCredentials));
        }
        self.clear_login(tx, &key).await?;
        if !account.contact_proved() {
            let entry =
                audit::Entry { event: "authn_login_fail", outcome: "not-verified", account: Some(account.id), ..audit::Entry::default() };
            audit::record(tx, now, who, entry).await?;
            return Ok(Err(Refusal::NotVerified));
        }
        accounts::signed_in(tx, now, account.id, rehashed.as_deref()).await?;
        self.open_session(tx, who, now, &account, remember, how).await
    }

    /// Sends a one-time code to a proved phone. The answer, its waits and its limits are the same where there is none.
    pub(super) async fn do_ask_login_code(
        &self,
        tx: &mut Tx,
        who: &Requester,
        phone: &str,
        channel: &str,
        now: OffsetDateTime,
    ) -> Outcome<CodeSent> {
        const PURPOSE: Purpose = Purpose::LoginPhone;
        let phone = match Phone::parse_mobile(phone) {
            Ok(phone) => phone,
            Err(error) => return Ok(Err(Refusal::field(Field::Phone, error))),
        };
        let offered = Kind::Cliente.journey().channels;
        let asked = match self.asked_channel(channel, offered) {
            Ok(asked) => asked,
            Err(refusal) => return Ok(Err(refusal)),
        };
        let destination = Destination::Phone(phone.clone());
        let account = accounts::by_phone(tx, &self.sealer, &phone).await?.filter(|account| account.phone_in_force().is_some());
        let sent = match (&account, self.channel(asked, offered)) {
            (Some(account), Some(channel)) if self.may_send_to(&phone) => {
                let sending = Sending {
                    purpose: PURPOSE,
                    subject: Subject::Account(account.id),
                    destination: &destination,
                    channel,
                    chosen: asked.is_some(),
                    name: account.name.first(),
                };
                self.send(tx, who, now, &sending).await?
            }
            _ => self.send_nothing(tx, who, now, PURPOSE, &destination).await?,
        };
        match sent {
            // too early: the usual answer, and nothing is sent (SPEC §11)
            Ok(()) | Err(Refusal::TooSoon { .. }) => {}
            Err(refusal) => return Ok(Err(refusal)),
        }
        Ok(Ok(self.code_sent(tx, now, &send_scope(PURPOSE), &phone).await?))
    }

    /// Signs in by that code. A wrong one is a failed sign-in: the generic sentence.
    #[expect(clippy::too_many_arguments, reason = "what was typed, who asks and when")]
    pub(super) async fn do_sign_in_by_code(
        &self,
        tx: &mut Tx,
        who: &Requester,
        phone: &str,
        code: &str,
        remember: bool,
        how: Presentation,
        now: OffsetDateTime,
    ) -> Outcome<SignedIn> {
        let (phone, code) = match parse_phone_and_code(phone, code, Purpose::LoginPhone) {
            Ok(parsed) => parsed,
            Err(refusal) => return Ok(Err(refusal)),
        };
        let index = accounts::phone_index(&self.sealer, &phone);
        if let Some(account) = accounts::by_phone(tx, &self.sealer, &phone).await? {
            // first, as whatever ends the sessions of an account: none is opened that it does not see
            self.lock_login(tx, now, account.id).await?;
        }
        let entered = match self.take_code(tx, now, Purpose::LoginPhone, &index, &code, None, Entrant::Stranger).await? {
            Ok(entered) => entered,
            Err(refusal) => return self.refused_code(tx, who, now, &index, refusal).await,
        };
        let Subject::Account(id) = entered.subject else { return Err(Fault::inconsistent("verifications", "account_id")) };
        // the phone may have moved to another account, or be out of force, since the code was sent
        let account = accounts::by_id(tx, &self.sealer, id).await?.filter(|account| account.phone_in_force() == Some(&phone));
        let Some(account) = account else { return Ok(Err(Refusal::CodeRefused)) };
        accounts::signed_in(tx, now, id, None).await?;
        self.open_session(tx, who, now, &account, remember, how).await
    }
}
