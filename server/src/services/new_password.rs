//! A new password: by a grant (002), by a link (003), or with the current password (003); and what follows from each.
//!
//! Every password change locks the row of the account's login first, and then whatever else it needs. So neither two
//! changes nor a change and a sign-in can deadlock.

use super::Service;
use super::codes::Sending;
use super::known;
use super::throttle::Allowance;
use super::turn::{Caught, Done, Stop, Turn};
use crate::admission::Permit;
use crate::client::Client;
use crate::db::contacts;
use crate::db::sessions::Session;
use crate::db::verifications::{self, Stored, Subject};
use crate::db::{accounts, audit, completion_grants, not_me, recovery_grants};
use crate::fault::Fault;
use crate::passwords::Verified;
use portaria::account::Account;
use portaria::account_event::AccountEvent;
use portaria::accounts::Answer;
use portaria::audit::Event;
use portaria::contact::Contact;
use portaria::error::{Field, FieldError, Refusal};
use portaria::field::Typed;
use portaria::message::{Channel, Content};
use portaria::purpose::{LinkFor, Purpose, Revoked};
use portaria::recovery::{AskedPassword, NewPassword, ResetLink, open_once};
use portaria::session::{Requester, Token};
use portaria::value::{Email, Password, PasswordPolicy, Strength};
use uuid::Uuid;

/// The audit event of a try that a limit refuses.
const CHANGE: Event = Event::PasswordChangeFailed;

/// What is known before the transaction that sets the password.
struct Change<'a> {
    account: &'a Account,
    hash: String,
    /// The session to keep: the one in which the password was changed.
    keep: Option<Uuid>,
    /// Keyed index of the contact that was used for the reset.
    via: Option<&'a [u8]>,
}

impl Service {
    /// Sets a new password by a link. A refused password does not spend the link.
    pub(super) async fn set_password_by_link(&self, who: &Requester, token: &Token, new: &NewPassword) -> Answer<()> {
        self.count_guess(who).await?;
        let mut turn = self.turn(who).await?;
        let done = turn.reset_link(token).await;
        let (link, account) = turn.end(done).await?;
        let policy = account.kind.journey().password;
        let password = new.parse(policy, Field::Password).map_err(Refusal::Invalid)?;
        let hash = self.hash_unless_guessable(who, &account, &password, policy, Field::Password).await?;
        let change = Change { account: &account, hash, keep: None, via: Some(&link.destination) };
        let mut turn = self.turn(who).await?;
        let done = turn.set_by_link(token, change).await;
        turn.end(done).await
    }

    /// Sets a new password by the grant of a right code, always under the password policy of 002.
    pub(super) async fn set_password_by_grant(&self, who: &Requester, grant: &Token, new: &NewPassword) -> Answer<()> {
        self.count_guess(who).await?;
        let mut turn = self.turn(who).await?;
        let done = turn.granted(grant).await;
        let (account, via) = turn.end(done).await?;
        let policy = PasswordPolicy::Recovery;
        let password = new.parse(policy, Field::NewPassword).map_err(Refusal::Invalid)?;
        let hash = self.hash_unless_guessable(who, &account, &password, policy, Field::NewPassword).await?;
        let change = Change { account: &account, hash, keep: None, via: via.as_deref() };
        let mut turn = self.turn(who).await?;
        let done = turn.set_by_grant(grant, change).await;
        turn.end(done).await
    }

    /// Changes the requester's password. A wrong current password counts like a failed sign-in; it is counted before it is
    /// compared.
    pub(super) async fn replace_password(&self, who: &Requester, current: &Token, new: &NewPassword) -> Answer<()> {
        let mut turn = self.turn(who).await?;
        let done = turn.session_and_account().await;
        let (session, account) = turn.end(done).await?;
        let policy = account.kind.journey().password;
        let (current, password) = new.parse_change(policy, current).map_err(Refusal::Invalid)?;
        self.verify_current(who, &account, &current, &password).await?;
        let permit = self.password_permit(who, CHANGE.as_str()).await?;
        let hash = self.passwords.hash(permit, password.as_str().to_owned()).await.map_err(|fault| fault.log_and_refuse())?;
        let change = Change { account: &account, hash, keep: Some(session.id), via: None };
        let mut turn = self.turn(who).await?;
        let done = turn.set_instead(change).await;
        turn.end(done).await
    }

    /// Compares the current password. This is skipped if the `new` one would be refused anyway.
    async fn verify_current(&self, who: &Requester, account: &Account, current: &Password, new: &Password) -> Answer<()> {
        let key = account.id.to_be_bytes();
        let _gate = self.locks.acquire_or_refuse(self.sealer.index("login.gate", &account.id.to_string())).await?;
        // The permit comes first: if the queue is full, nothing was tried and nothing is counted.
        let permit = self.password_permit(who, CHANGE.as_str()).await?;
        self.count_guess(who).await?;
        let permit = self.refuse_guessable(permit, account, new, account.kind.journey().password, Field::NewPassword).await?;
        let mut turn = self.turn(who).await?;
        let done = turn.count_login(Some(account.id), &key).await;
        let locks = turn.end(done).await?;
        let verified = self.passwords.verify(permit, current.as_str().to_owned(), account.password_hash.clone()).await;
        let right = verified.map_err(|fault| fault.log_and_refuse())? != Verified::No;
        let mut turn = self.turn(who).await?;
        if right {
            // The current password was right, so this is not a failed try, even if the change is refused later.
            let done = turn.forgive_login(account.id).await;
            return turn.end(done).await;
        }
        let noted = turn.failed_login(Some(account), &key, locks).await.map_err(Stop::from);
        turn.end(noted).await?;
        Err(Refusal::field(Field::CurrentPassword, FieldError::PasswordWrong))
    }

    /// Checks and hashes a new password under one permit.
    async fn hash_unless_guessable(
        &self,
        who: &Requester,
        account: &Account,
        password: &Password,
        policy: PasswordPolicy,
        field: Field,
    ) -> Answer<String> {
        let permit = self.password_permit(who, CHANGE.as_str()).await?;
        let permit = self.refuse_guessable(permit, account, password, policy, field).await?;
        self.passwords.hash(permit, password.as_str().to_owned()).await.map_err(|fault| fault.log_and_refuse())
    }

    /// Refuses a password made from the owner's own data (ASVS 6.1.2). Returns the permit.
    async fn refuse_guessable(
        &self,
        permit: Permit,
        account: &Account,
        password: &Password,
        policy: PasswordPolicy,
        field: Field,
    ) -> Answer<Permit> {
        if !policy.refuses_guessable() {
            return Ok(permit);
        }
        match self.passwords.judge(permit, password.as_str().to_owned(), known::of_account(account)).await {
            Ok((_, Strength::Guessable)) => Err(Refusal::field(field, FieldError::PasswordGuessable)),
            Ok((permit, _)) => Ok(permit),
            Err(fault) => Err(fault.log_and_refuse()),
        }
    }

    /// Judges a password that is being typed, as the form will be judged that it stands in.
    pub(super) async fn judge_typed_password(&self, who: &Requester, asked: &AskedPassword) -> Answer<Strength> {
        let mut turn = self.turn(who).await?;
        let done = turn.known_beside(asked).await;
        let known = turn.end(done).await?;
        let permit = self.password_permit(who, "judgement").await?;
        let judged = self.passwords.judge(permit, asked.password.expose().to_owned(), known).await;
        Ok(judged.map_err(|fault| fault.log_and_refuse())?.1)
    }

    /// Sets the first password of an account that has only signed in by codes (SPEC §13). Its session continues.
    pub(super) async fn first_password(&self, who: &Requester, new: &NewPassword) -> Answer<()> {
        let mut turn = self.turn(who).await?;
        let done = turn.without_password().await;
        let account = turn.end(done).await?;
        let policy = account.kind.journey().password;
        let password = new.parse(policy, Field::NewPassword).map_err(Refusal::Invalid)?;
        self.count_guess(who).await?;
        let hash = self.hash_unless_guessable(who, &account, &password, policy, Field::NewPassword).await?;
        let mut turn = self.turn(who).await?;
        let done = turn.set_first(&account, hash).await;
        turn.end(done).await
    }
}

impl Turn<'_> {
    /// What is known of whoever would have this password. Counted first.
    async fn known_beside(&mut self, asked: &AskedPassword) -> Done<Vec<String>> {
        self.count(Allowance::Judgements).await?;
        let account = if !asked.grant.expose().is_empty() {
            Some(self.granted(&asked.grant).await?.0)
        } else if !asked.link.expose().is_empty() {
            Some(self.reset_link(&asked.link).await?.1)
        } else if asked.typed == Typed::default() {
            // A sign-up that begins with the password: nothing is known of its owner yet.
            match self.session_and_account().await {
                Err(Stop::Refused(_)) => None,
                found => Some(found?.1),
            }
        } else {
            None
        };
        Ok(account.map_or_else(|| known::of_typed(&asked.typed), |account| known::of_account(&account)))
    }

    /// Sends a reset link to a proved address. If there is none, the answer, waits and limits are the same (003, SPEC §11).
    pub(super) async fn forgot_password(&mut self, email: &str) -> Done<()> {
        const PURPOSE: LinkFor = LinkFor::PasswordReset;
        let email = Email::parse(email).map_err(|error| Refusal::field(Field::Email, error))?;
        let account = accounts::by_email(&mut self.tx, self.sealer, &email).await?.filter(|account| account.usable_email().is_some());
        let destination = Contact::Email(email);
        let sent = match &account {
            Some(account) => {
                let sending = Sending::to_account(account, PURPOSE, &destination, Channel::Email);
                self.send(&sending).await
            }
            None => self.send_nothing(PURPOSE, &destination).await,
        };
        match sent.caught()? {
            Ok(()) => {
                let index = contacts::index(self.sealer, &destination);
                let account = account.map(|account| account.id);
                let entry = audit::Entry { event: Event::RecoveryRequested, outcome: "ok", account, signup: None, subject: Some(&index) };
                self.audit(entry).await?;
                Ok(())
            }
            Err(Refusal::TooSoon { .. }) => {
                self.service.refusals.note_in_passing(Client::of(self.who.client_ip), Event::RecoveryRequested.as_str());
                Ok(())
            }
            Err(refusal) => Err(refusal.into()),
        }
    }

    /// The password policy of a reset link's account. Does not use the link.
    pub(super) async fn look_at_reset_link(&mut self, token: &Token) -> Done<ResetLink> {
        let (_, account) = self.reset_link(token).await?;
        let email = account.email.as_ref().map(|email| email.as_str().to_owned()).unwrap_or_default();
        Ok(ResetLink { policy: account.kind.journey().password, email })
    }

    /// A usable reset link and its account. The account's e-mail in force must be the address that the link was sent to.
    async fn reset_link(&mut self, token: &Token) -> Done<(Stored, Account)> {
        let (stored, id) = self.link(token, LinkFor::PasswordReset).await?;
        open_once(&stored.facts, self.now)?;
        let account = self.account(id).await?;
        let sent_to = |email: &Email| stored.went_to(self.sealer, &Contact::Email(email.clone()));
        if !account.usable_email().is_some_and(sent_to) {
            return Err(Refusal::LinkUnknown.into());
        }
        Ok((stored, account))
    }

    async fn granted(&mut self, grant: &Token) -> Done<(Account, Option<Vec<u8>>)> {
        match recovery_grants::account_of(&mut self.tx, self.sealer, self.now, grant).await? {
            Some((id, via)) => Ok((self.account(id).await?, via)),
            None => Err(Refusal::CodeRefused.into()),
        }
    }

    async fn session_and_account(&mut self) -> Done<(Session, Account)> {
        let session = self.session().await?;
        let account = self.account(session.account_id).await?;
        Ok((session, account))
    }

    async fn without_password(&mut self) -> Done<Account> {
        let (session, _) = self.fresh().await?;
        let account = self.account(session.account_id).await?;
        if account.password_hash.is_some() { Err(Refusal::PasswordSet.into()) } else { Ok(account) }
    }

    /// Each way to set a password checks again under the login lock. Of two at once, the second finds the link or grant
    /// spent, the password changed, or the session no longer fresh.
    async fn set_by_link(&mut self, token: &Token, change: Change<'_>) -> Done<()> {
        self.lock_login(change.account.id).await?;
        let (stored, _) = self.reset_link(token).await?;
        verifications::spend(&mut self.tx, self.now, stored.id).await?;
        self.set_password(change).await
    }

    async fn set_by_grant(&mut self, grant: &Token, change: Change<'_>) -> Done<()> {
        self.lock_login(change.account.id).await?;
        self.granted(grant).await?;
        self.set_password(change).await
    }

    async fn set_instead(&mut self, change: Change<'_>) -> Done<()> {
        self.lock_login(change.account.id).await?;
        let verified = change.account.password_hash.as_deref().unwrap_or_default();
        if !accounts::has_password(&mut self.tx, change.account.id, verified).await? {
            return Err(Refusal::Stale.into());
        }
        self.set_password(change).await
    }

    async fn set_first(&mut self, account: &Account, hash: String) -> Done<()> {
        self.lock_login(account.id).await?;
        let (session, fresh) = self.fresh().await?;
        if !contacts::set_first_password(&mut self.tx, self.now, &fresh, &hash).await? {
            return Err(Refusal::PasswordSet.into());
        }
        self.password_was_set(Change { account, hash, keep: Some(session.id), via: None }).await
    }

    /// Clears the count of failed sign-ins after a right password.
    async fn forgive_login(&mut self, account: i64) -> Done<()> {
        self.lock_login(account).await?;
        Ok(self.clear_login(&account.to_be_bytes()).await?)
    }

    /// Sets the password and its consequences (SPEC §5, §8): sessions end, every other way to a new password is closed, the
    /// login lock is cleared, and the owner is told. The caller must hold the row of the login lock.
    async fn set_password(&mut self, change: Change<'_>) -> Done<()> {
        accounts::set_password(&mut self.tx, self.now, change.account.id, &change.hash).await?;
        self.password_was_set(change).await
    }

    async fn password_was_set(&mut self, change: Change<'_>) -> Done<()> {
        let account = change.account;
        self.end_sessions(account.id, change.keep, "password_changed").await?;
        for purpose in Purpose::all().filter(|purpose| purpose.facts().revoked == Revoked::ByNewPassword) {
            verifications::kill_of(&mut self.tx, self.now, purpose, Subject::Account(account.id)).await?;
        }
        recovery_grants::spend_all(&mut self.tx, self.now, account.id).await?;
        completion_grants::forget(&mut self.tx, account.id).await?;
        self.clear_login(&account.id.to_be_bytes()).await?;
        if let Some(via) = change.via {
            self.trust_only(account, via).await?;
        }
        // Read again: a contact that is out of force is told nothing.
        let account = self.account(account.id).await?;
        let name = account.greeted_as().to_owned();
        self.notify_owner(&account, &Content::PasswordChanged { name, at: self.now }).await?;
        let entry = audit::Entry { account: Some(account.id), ..audit::Entry::of(super::login::PASSWORD_CHANGED, "ok") };
        self.audit(entry).await?;
        self.tell(account.id, account.kind, &[AccountEvent::PasswordChanged]).await?;
        Ok(())
    }

    /// The password was reset, or "não fui eu" was pressed, through one contact (`via`). All other contacts can neither
    /// sign in nor recover until they are confirmed again in a session (SPEC §16): this shuts out whoever added one. Their
    /// "não fui eu" links die too, unless `via` is itself new enough to be disputed.
    pub(super) async fn trust_only(&mut self, account: &Account, via: &[u8]) -> Result<(), Fault> {
        let Some((trusted, _)) = account.proved_contacts().find(|(contact, _)| contacts::index(self.sealer, contact).is(via)) else {
            // The contact no longer belongs to the account: nothing follows.
            return Ok(());
        };
        contacts::trust_only(&mut self.tx, self.now, account.id, trusted.kind()).await?;
        let via = contacts::index(self.sealer, &trusted);
        if !not_me::is_disputed(&mut self.tx, self.now, account.id, &via).await? {
            not_me::kill(&mut self.tx, self.now, account.id, &via, true).await?;
        }
        Ok(())
    }
}
