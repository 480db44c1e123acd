//! A new password: by a grant (002), by a link (003), or knowing the one in force (003); and what each brings with it.
//!
//! Everything that changes one account's password waits for the row of its login lock first, then for whatever else it
//! needs: so neither two changes nor a change and a sign-in ever wait for each other in a circle.

use super::codes::{Destination, Sending};
use super::{Service, Tx};
use crate::db::verifications::{self, Stored, Subject};
use crate::db::{accounts, audit, proofs, recovery_grants, sessions, tallies};
use crate::fault::{Fault, Outcome};
use crate::passwords::{Verified, is_guessable};
use portaria::account::Account;
use portaria::accounts::Answer;
use portaria::error::{Field, FieldError, Refusal};
use portaria::message::{Channel, Content, Purpose};
use portaria::recovery::{NewPassword, open_once};
use portaria::session::{Requester, Token};
use portaria::value::{Cnpj, Cpf, Email, Password, PasswordPolicy, Phone, Username};
use sqlx::PgConnection;
use time::OffsetDateTime;
use uuid::Uuid;

/// What is known before the transaction that sets it.
struct Change<'a> {
    account: &'a Account,
    hash: String,
    /// The session that lives on: the one in which the password was changed.
    keep: Option<Uuid>,
}

impl Service {
    /// Sends a reset link to a proved address. Answer, waits and limits are the same where there is none (003, SPEC §11).
    pub(super) async fn do_forgot_password(&self, tx: &mut Tx, who: &Requester, email: &str, now: OffsetDateTime) -> Outcome<()> {
        const PURPOSE: Purpose = Purpose::ResetLink;
        let email = match Email::parse(email) {
            Ok(email) => email,
            Err(error) => return Ok(Err(Refusal::field(Field::Email, error))),
        };
        let account = accounts::by_email(tx, &self.sealer, &email).await?.filter(|account| account.email_proved_at.is_some());
        let destination = Destination::Email(email);
        let sent = match &account {
            Some(account) => {
                let sending = Sending {
                    purpose: PURPOSE,
                    subject: Subject::Account(account.id),
                    destination: &destination,
                    channel: Channel::Email,
                    chosen: false,
                    name: account.name.first(),
                };
                self.send(tx, who, now, &sending).await?
            }
            None => self.send_nothing(tx, who, now, PURPOSE, &destination).await?,
        };
        let index = self.destination_index(&destination);
        let entry = audit::Entry {
            event: "recovery_requested",
            outcome: sent.as_ref().map_or_else(Refusal::code, |()| "ok"),
            account: account.map(|account| account.id),
            signup: None,
            subject: Some(&index),
        };
        audit::record(tx, now, who, entry).await?;
        match sent {
            Ok(()) | Err(Refusal::TooSoon { .. }) => Ok(Ok(())),
            Err(refusal) => Ok(Err(refusal)),
        }
    }

    /// Which passwords a reset link takes, without using it.
    pub(super) async fn do_look_at_reset_link(&self, tx: &mut Tx, token: &Token, now: OffsetDateTime) -> Outcome<PasswordPolicy> {
        Ok(self.reset_link(tx, token, now).await?.map(|(_, account)| account.kind.journey().password))
    }

    /// A reset link that may be used now, and whose password it sets: that of the address it was sent to.
    async fn reset_link(&self, tx: &mut PgConnection, token: &Token, now: OffsetDateTime) -> Outcome<(Stored, Account)> {
        let (stored, id) = match self.link(&mut *tx, token, Purpose::ResetLink).await? {
            Ok(link) => link,
            Err(refusal) => return Ok(Err(refusal)),
        };
        if let Err(refusal) = open_once(&stored.facts, now) {
            return Ok(Err(refusal));
        }
        let account = self.account(tx, id).await?;
        let sent_to = |email: &Email| self.destination_index(&Destination::Email(email.clone())) == stored.destination;
        if account.email_proved_at.is_none() || !account.email.as_ref().is_some_and(sent_to) {
            return Ok(Err(Refusal::LinkUnknown));
        }
        Ok(Ok((stored, account)))
    }

    pub(super) async fn account(&self, conn: &mut PgConnection, id: i64) -> Result<Account, Fault> {
        accounts::by_id(conn, &self.sealer, id).await?.ok_or(Fault::inconsistent("accounts", "id"))
    }

    /// Sets a new password by a link, which a refused password does not spend.
    pub(super) async fn do_reset_by_link(&self, who: &Requester, token: &Token, new: &NewPassword) -> Answer<()> {
        self.count_guess(who).await?;
        let mut tx = self.begin().await?;
        let outcome = self.reset_link(&mut tx, token, self.now()).await;
        let (_, account) = self.settle(tx, outcome).await?;
        let password = judged(&account, new, account.kind.journey().password, Field::Password)?;
        let change = Change { account: &account, hash: self.hash(&password).await?, keep: None };
        let now = self.now();
        let mut tx = self.begin().await?;
        let outcome = async {
            self.lock_login(&mut tx, now, account.id).await?;
            let (stored, _) = match self.reset_link(&mut tx, token, now).await? {
                Ok(link) => link,
                Err(refusal) => return Ok(Err(refusal)),
            };
            verifications::spend(&mut tx, now, stored.id).await?;
            self.set_password(&mut tx, who, now, change).await
        }
        .await;
        self.settle(tx, outcome).await
    }

    /// Sets a new password by the grant of a right code, always under the policy of 002.
    pub(super) async fn do_reset_by_grant(&self, who: &Requester, grant: &Token, new: &NewPassword) -> Answer<()> {
        self.count_guess(who).await?;
        let mut tx = self.begin().await?;
        let outcome = self.granted(&mut tx, grant, self.now()).await;
        let account = self.settle(tx, outcome).await?;
        let password = judged(&account, new, PasswordPolicy::Recovery, Field::NewPassword)?;
        let change = Change { account: &account, hash: self.hash(&password).await?, keep: None };
        let now = self.now();
        let mut tx = self.begin().await?;
        let outcome = async {
            self.lock_login(&mut tx, now, account.id).await?;
            // again, behind the lock: of two at once the second finds it spent
            match self.granted(&mut tx, grant, now).await? {
                Ok(_) => self.set_password(&mut tx, who, now, change).await,
                Err(refusal) => Ok(Err(refusal)),
            }
        }
        .await;
        self.settle(tx, outcome).await
    }

    async fn granted(&self, tx: &mut PgConnection, grant: &Token, now: OffsetDateTime) -> Outcome<Account> {
        match recovery_grants::account_of(&mut *tx, &self.sealer, now, grant).await? {
            Some(id) => Ok(Ok(self.account(tx, id).await?)),
            None => Ok(Err(Refusal::CodeRefused)),
        }
    }

    /// Changes the password of the one who asks. A wrong current one counts like a failed sign-in, before it is compared.
    pub(super) async fn do_change_password(&self, who: &Requester, current: &Token, new: &NewPassword) -> Answer<()> {
        let mut tx = self.begin().await?;
        let outcome = self.session(&mut tx, who, self.now()).await;
        let session = self.settle(tx, outcome).await?;
        let mut tx = self.begin().await?;
        let outcome = self.account(&mut tx, session.account_id).await.map(Ok);
        let account = self.settle(tx, outcome).await?;
        let policy = account.kind.journey().password;
        let (current, password) = new.parse_change(policy, current).map_err(Refusal::Invalid)?;
        refuse_guessable(&account, &password, policy, Field::NewPassword)?;
        self.verify_current(who, &account, &current).await?;
        let change = Change { account: &account, hash: self.hash(&password).await?, keep: Some(session.id) };
        let now = self.now();
        let mut tx = self.begin().await?;
        let outcome = async {
            self.lock_login(&mut tx, now, account.id).await?;
            let verified = account.password_hash.as_deref().unwrap_or_default();
            if !accounts::has_password(&mut tx, account.id, verified).await? {
                return Ok(Err(Refusal::Stale));
            }
            self.set_password(&mut tx, who, now, change).await
        }
        .await;
        self.settle(tx, outcome).await
    }

    async fn verify_current(&self, who: &Requester, account: &Account, current: &Password) -> Answer<()> {
        let key = account.id.to_be_bytes();
        let _gate = self.gates.pass_or_refuse(self.sealer.index("login.gate", &account.id.to_string())).await?;
        // the place first: when the pool is full nothing was tried, so nothing is counted
        let place = self.passwords.place().await?;
        self.count_guess(who).await?;
        let mut tx = self.begin().await?;
        let outcome = self.count_login(&mut tx, who, self.now(), Some(account.id), &key).await;
        let locks = self.settle(tx, outcome).await?;
        let verified = self.passwords.verify(place, current.as_str().to_owned(), account.password_hash.clone()).await;
        let right = verified.map_err(|fault| fault.told())? != Verified::No;
        let mut tx = self.begin().await?;
        if right {
            // no failure, whatever else refuses the change
            let outcome = async {
                self.lock_login(&mut tx, self.now(), account.id).await?;
                self.clear_login(&mut tx, &key).await
            }
            .await;
            return self.settle(tx, outcome.map(Ok)).await;
        }
        let noted = self.failed_login(&mut tx, who, self.now(), Some(account), &key, locks).await;
        self.settle(tx, noted.map(Ok)).await?;
        Err(Refusal::field(Field::CurrentPassword, FieldError::PasswordWrong))
    }

    async fn hash(&self, password: &Password) -> Answer<String> {
        let place = self.passwords.place().await?;
        self.passwords.hash(place, password.as_str().to_owned()).await.map_err(|fault| fault.told())
    }

    /// Sets it, and what follows (SPEC §5, §8): the sessions end, every other way to a new password is closed, the login
    /// lock is cleared, the owner is told. The caller holds the login lock's row.
    async fn set_password(&self, tx: &mut PgConnection, who: &Requester, now: OffsetDateTime, change: Change<'_>) -> Outcome<()> {
        let account = change.account;
        accounts::set_password(tx, now, account.id, &change.hash).await?;
        sessions::end_all(tx, now, account.id, change.keep, "password_changed").await?;
        for purpose in [Purpose::Recovery, Purpose::ResetLink] {
            verifications::kill_of(tx, now, purpose, Subject::Account(account.id)).await?;
        }
        recovery_grants::spend_all(tx, now, account.id).await?;
        proofs::forget(tx, account.id).await?;
        self.clear_login(tx, &account.id.to_be_bytes()).await?;
        let name = account.name.first().to_owned();
        self.tell_owner(tx, now, account, &Content::PasswordChanged { name, at: now }).await?;
        let entry =
            audit::Entry { event: super::login::PASSWORD_CHANGED, outcome: "ok", account: Some(account.id), ..audit::Entry::default() };
        audit::record(tx, now, who, entry).await?;
        Ok(Ok(()))
    }

    pub(super) async fn lock_login(&self, tx: &mut PgConnection, now: OffsetDateTime, account: i64) -> Result<(), Fault> {
        tallies::lock(tx, super::login::LOCK, &account.to_be_bytes(), now).await?;
        Ok(())
    }
}

fn judged(account: &Account, new: &NewPassword, policy: PasswordPolicy, field: Field) -> Answer<Password> {
    let password = new.parse(policy, field).map_err(Refusal::Invalid)?;
    refuse_guessable(account, &password, policy, field)?;
    Ok(password)
}

/// What an account's owner is known by is no password (ASVS 6.1.2).
fn refuse_guessable(account: &Account, password: &Password, policy: PasswordPolicy, field: Field) -> Answer<()> {
    let known = [
        Some(account.name.as_str()),
        account.username.as_ref().map(Username::as_str),
        account.email.as_ref().map(Email::local),
        account.phone.as_ref().map(Phone::national),
        account.cpf.as_ref().map(Cpf::as_str),
        account.cnpj.as_ref().map(Cnpj::as_str),
    ];
    let known: Vec<_> = known.into_iter().flatten().collect();
    if policy.refuses_guessable() && is_guessable(password.as_str(), &known) {
        return Err(Refusal::field(field, FieldError::PasswordGuessable));
    }
    Ok(())
}
