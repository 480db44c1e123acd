//! A new password: by a grant (002), by a link (003), or knowing the one in force (003); and what each brings with it.
//!
//! Everything that changes one account's password waits for the row of its login lock first, then for whatever else it
//! needs: so neither two changes nor a change and a sign-in ever wait for each other in a circle.

use super::codes::{Destination, Sending};
use super::{Service, Tx};
use crate::admission::Place;
use crate::client::Client;
use crate::db::contacts::{self, Trusted};
use crate::db::verifications::{self, Stored, Subject};
use crate::db::{accounts, audit, not_me, proofs, recovery_grants, sessions, tallies};
use crate::fault::{Fault, Outcome};
use crate::passwords::Verified;
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

/// What a try is called where it is refused over a limit.
const CHANGE: &str = "authn_password_change_fail";

/// What is known before the transaction that sets it.
struct Change<'a> {
    account: &'a Account,
    hash: String,
    /// The session that lives on: the one in which the password was changed.
    keep: Option<Uuid>,
    /// Keyed index of the contact by which it was reset.
    via: Option<&'a [u8]>,
}

impl Service {
    /// Sends a reset link to a proved address. Answer, waits and limits are the same where there is none (003, SPEC §11).
    pub(super) async fn do_forgot_password(&self, tx: &mut Tx, who: &Requester, email: &str, now: OffsetDateTime) -> Outcome<()> {
        const PURPOSE: Purpose = Purpose::ResetLink;
        let email = match Email::parse(email) {
            Ok(email) => email,
            Err(error) => return Ok(Err(Refusal::field(Field::Email, error))),
        };
        let account = accounts::by_email(tx, &self.sealer, &email).await?.filter(|account| account.email_in_force().is_some());
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
        match sent {
            Ok(()) => {
                let index = self.destination_index(&destination);
                let account = account.map(|account| account.id);
                let entry = audit::Entry { event: "recovery_requested", outcome: "ok", account, signup: None, subject: Some(&index) };
                audit::record(tx, now, who, entry).await?;
                Ok(Ok(()))
            }
            Err(Refusal::TooSoon { .. }) => {
                self.refusals.note_in_passing(Client::of(who.address), "recovery_requested");
                Ok(Ok(()))
            }
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
        if !account.email_in_force().is_some_and(sent_to) {
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
        let (link, account) = self.settle(tx, outcome).await?;
        let policy = account.kind.journey().password;
        let password = new.parse(policy, Field::Password).map_err(Refusal::Invalid)?;
        let hash = self.hash_unless_guessable(who, &account, &password, policy, Field::Password).await?;
        let change = Change { account: &account, hash, keep: None, via: Some(&link.destination) };
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
        let (account, via) = self.settle(tx, outcome).await?;
        let policy = PasswordPolicy::Recovery;
        let password = new.parse(policy, Field::NewPassword).map_err(Refusal::Invalid)?;
        let hash = self.hash_unless_guessable(who, &account, &password, policy, Field::NewPassword).await?;
        let change = Change { account: &account, hash, keep: None, via: via.as_deref() };
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

    async fn granted(&self, tx: &mut PgConnection, grant: &Token, now: OffsetDateTime) -> Outcome<(Account, Option<Vec<u8>>)> {
        match recovery_grants::account_of(&mut *tx, &self.sealer, now, grant).await? {
            Some((id, via)) => Ok(Ok((self.account(tx, id).await?, via))),
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
        self.verify_current(who, &account, &current, &password).await?;
        let place = self.password_place(who, CHANGE).await?;
        let hash = self.passwords.hash(place, password.as_str().to_owned()).await.map_err(|fault| fault.told())?;
        let change = Change { account: &account, hash, keep: Some(session.id), via: None };
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

    /// Compares the password in force, unless the `new` one is refused whatever it is.
    async fn verify_current(&self, who: &Requester, account: &Account, current: &Password, new: &Password) -> Answer<()> {
        let key = account.id.to_be_bytes();
        let _gate = self.gates.pass_or_refuse(self.sealer.index("login.gate", &account.id.to_string())).await?;
        // the place first: when the pool is full nothing was tried, so nothing is counted
        let place = self.password_place(who, CHANGE).await?;
        self.count_looked(who).await?;
        let place = self.refuse_guessable(place, account, new, account.kind.journey().password, Field::NewPassword).await?;
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

    /// Hashes a new password, in one place with the judgement of it.
    async fn hash_unless_guessable(
        &self,
        who: &Requester,
        account: &Account,
        password: &Password,
        policy: PasswordPolicy,
        field: Field,
    ) -> Answer<String> {
        let place = self.password_place(who, CHANGE).await?;
        let place = self.refuse_guessable(place, account, password, policy, field).await?;
        self.passwords.hash(place, password.as_str().to_owned()).await.map_err(|fault| fault.told())
    }

    /// What an account's owner is known by is no password (ASVS 6.1.2). Gives the place back.
    async fn refuse_guessable(
        &self,
        place: Place,
        account: &Account,
        password: &Password,
        policy: PasswordPolicy,
        field: Field,
    ) -> Answer<Place> {
        if !policy.refuses_guessable() {
            return Ok(place);
        }
        let known = [
            Some(account.name.as_str()),
            account.username.as_ref().map(Username::as_str),
            account.email.as_ref().map(Email::local),
            account.phone.as_ref().map(Phone::national),
            account.cpf.as_ref().map(Cpf::as_str),
            account.cnpj.as_ref().map(Cnpj::as_str),
        ];
        let known = known.into_iter().flatten().map(str::to_owned).collect();
        match self.passwords.is_guessable(place, password.as_str().to_owned(), known).await {
            Ok((_, true)) => Err(Refusal::field(field, FieldError::PasswordGuessable)),
            Ok((place, false)) => Ok(place),
            Err(fault) => Err(fault.told()),
        }
    }

    /// Sets it, and what follows (SPEC §5, §8): the sessions end, every other way to a new password is closed, the login
    /// lock is cleared, the owner is told. The caller holds the login lock's row.
    async fn set_password(&self, tx: &mut PgConnection, who: &Requester, now: OffsetDateTime, change: Change<'_>) -> Outcome<()> {
        accounts::set_password(tx, now, change.account.id, &change.hash).await?;
        self.password_was_set(tx, who, now, change).await
    }

    async fn password_was_set(&self, tx: &mut PgConnection, who: &Requester, now: OffsetDateTime, change: Change<'_>) -> Outcome<()> {
        let account = change.account;
        sessions::end_all(tx, now, account.id, change.keep, "password_changed").await?;
        for purpose in [Purpose::Recovery, Purpose::ResetLink] {
            verifications::kill_of(tx, now, purpose, Subject::Account(account.id)).await?;
        }
        recovery_grants::spend_all(tx, now, account.id).await?;
        proofs::forget(tx, account.id).await?;
        self.clear_login(tx, &account.id.to_be_bytes()).await?;
        if let Some(via) = change.via {
            self.trust_only(tx, now, account, via).await?;
        }
        // as it is now: a contact that is out of force is told nothing
        let account = self.account(tx, account.id).await?;
        let name = account.name.first().to_owned();
        self.tell_owner(tx, who, now, &account, &Content::PasswordChanged { name, at: now }).await?;
        let entry =
            audit::Entry { event: super::login::PASSWORD_CHANGED, outcome: "ok", account: Some(account.id), ..audit::Entry::default() };
        audit::record(tx, now, who, entry).await?;
        Ok(Ok(()))
    }

    /// Somebody reset the password, or said "não fui eu", by one contact: the others neither sign in nor recover until they
    /// are confirmed again from inside (SPEC §16), so that whoever planted one is out. Nor can they go back to before, unless
    /// the contact is new enough to be in dispute itself: then its word is not the last.
    pub(super) async fn trust_only(
        &self,
        conn: &mut PgConnection,
        now: OffsetDateTime,
        account: &Account,
        via: &[u8],
    ) -> Result<(), Fault> {
        let is_it = |contact: Destination| self.destination_index(&contact) == via;
        let trusted = if account.phone.clone().filter(|_| account.phone_proved_at.is_some()).map(Destination::Phone).is_some_and(is_it) {
            Trusted::Phone
        } else if account.email.clone().filter(|_| account.email_proved_at.is_some()).map(Destination::Email).is_some_and(is_it) {
            Trusted::Email
        } else {
            // it is no contact of the account any more: nothing follows from it
            return Ok(());
        };
        contacts::trust_only(conn, now, account.id, trusted).await?;
        if !not_me::is_disputed(conn, now, account.id, via).await? {
            not_me::kill(conn, now, account.id, via, true).await?;
        }
        Ok(())
    }

    /// Sets the first password of an account that came in by codes alone (SPEC §13). Its session lives on.
    pub(super) async fn do_set_first_password(&self, who: &Requester, new: &NewPassword) -> Answer<()> {
        let mut tx = self.begin().await?;
        let outcome = async {
            Ok(match self.fresh(&mut tx, who, self.now()).await? {
                Ok((session, _)) => {
                    let account = self.account(&mut tx, session.account_id).await?;
                    if account.password_hash.is_some() { Err(Refusal::PasswordSet) } else { Ok(account) }
                }
                Err(refusal) => Err(refusal),
            })
        }
        .await;
        let account = self.settle(tx, outcome).await?;
        let policy = account.kind.journey().password;
        let password = new.parse(policy, Field::NewPassword).map_err(Refusal::Invalid)?;
        self.count_guess(who).await?;
        let hash = self.hash_unless_guessable(who, &account, &password, policy, Field::NewPassword).await?;
        let now = self.now();
        let mut tx = self.begin().await?;
        let outcome = async {
            self.lock_login(&mut tx, now, account.id).await?;
            let (session, fresh) = match self.fresh(&mut tx, who, now).await? {
                Ok(found) => found,
                Err(refusal) => return Ok(Err(refusal)),
            };
            if !contacts::set_first_password(&mut tx, now, &fresh, &hash).await? {
                return Ok(Err(Refusal::PasswordSet));
            }
            let change = Change { account: &account, hash, keep: Some(session.id), via: None };
            self.password_was_set(&mut tx, who, now, change).await
        }
        .await;
        self.settle(tx, outcome).await
    }

    pub(super) async fn lock_login(&self, tx: &mut PgConnection, now: OffsetDateTime, account: i64) -> Result<(), Fault> {
        tallies::lock(tx, super::login::LOCK, &account.to_be_bytes(), now).await?;
        Ok(())
    }
}
