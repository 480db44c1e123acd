//! The e-mail of an account whose kind is proved by phone: added or changed by a code (SPEC §13). An account whose kind is
//! proved by e-mail keeps its address (003). It can only confirm it again after it was taken out of force (§16).

use super::codes::{CodeSubmitter, Sending, send_scope};
use super::erasure::subjects_of;
use super::signups::whole_seconds;
use super::turn::{Done, Turn};
use crate::db::account_changes::{self, Replaced};
use crate::db::verifications::{self, Subject};
use crate::db::{accounts, contacts, recovery_grants, tallies};
use crate::fault::Fault;
use portaria::account::Account;
use portaria::contact::Contact;
use portaria::error::{Field, Refusal};
use portaria::fresh::FreshSession;
use portaria::message::{Channel, Content};
use portaria::purpose::{CodeFor, LinkFor, Purpose};
use portaria::value::{Code, Email};
use portaria::verification::Proved;
use portaria::view::{AccountView, CodeSent};

const PURPOSE: CodeFor = CodeFor::EmailChange;

impl Turn<'_> {
    /// Sends a code to the address. If the address belongs to another account, that account's owner is told instead; the
    /// answer, waits and limits are the same.
    pub(super) async fn ask_email(&mut self, typed: &str) -> Done<CodeSent> {
        let (account, fresh) = self.fresh_account().await?;
        let email = Email::parse(typed).map_err(|error| Refusal::field(Field::Email, error))?;
        if account.kind.journey().contact_is_email() && account.email.as_ref() != Some(&email) {
            return Err(Refusal::NotYours.into());
        }
        let destination = Contact::Email(email.clone());
        let holder = accounts::by_email(&mut self.tx, self.sealer, &email).await?.filter(|other| other.id != account.id);
        let taken = match holder {
            Some(other) if self.still_claims(&other).await? => Some(other),
            _ => None,
        };
        match &taken {
            Some(other) => {
                self.send_nothing(PURPOSE, &destination).await?;
                // An earlier code is dead in this case too, as it is when a new code is sent.
                verifications::kill_of(&mut self.tx, self.now, PURPOSE, Subject::Account(account.id)).await?;
                let name = other.greeted_as().to_owned();
                self.notify_owner(other, &Content::AlreadyRegistered { name }).await?;
            }
            None => {
                let sending = Sending::to_account(&account, PURPOSE, &destination, Channel::Email);
                self.send(&sending).await?;
            }
        }
        contacts::want_email(&mut self.tx, &fresh, &email).await?;
        let tally = tallies::peek(&mut self.tx, &send_scope(PURPOSE), &contacts::index(self.sealer, &destination)).await?;
        Ok(CodeSent {
            destination: email.as_str().to_owned(),
            channel: Channel::Email,
            expires_in: whole_seconds(self.rules.lifetime(PURPOSE.facts().lifetime)),
            resend_in: tally.next_send_in(self.now, self.rules.resend_wait).unwrap_or(0),
        })
    }

    /// With the right code, the account gets the address that the code was sent to.
    pub(super) async fn prove_own_email(&mut self, typed: &str) -> Done<AccountView> {
        let (account, fresh) = self.fresh_account().await?;
        let code = Code::parse(typed, PURPOSE.digits()).map_err(|error| Refusal::field(Field::Code, error))?;
        let Some(email) = contacts::wanted_email(&mut self.tx, &fresh).await? else { return Err(Refusal::CodeRefused.into()) };
        let index = contacts::index(self.sealer, &Contact::Email(email.clone()));
        let subject = Some(Subject::Account(account.id));
        let own = account.id.to_be_bytes();
        let entered = self.enter_code(PURPOSE, &index, &code, subject, CodeSubmitter::Holder(&own)).await?;
        let Some(proved) = entered.proof.of(email.clone(), index.newest()) else { return Err(Refusal::CodeRefused.into()) };
        if !self.take_email(&fresh, &proved).await? {
            return Err(Refusal::Taken(Field::Email).into());
        }
        if account.usable_email() != Some(&email) {
            self.email_changed(&account, &email).await?;
        }
        self.tell_change(&account).await?;
        self.updated(account.id).await
    }

    /// Sets the address. An unproved claim of another account is removed if its proof has lapsed.
    async fn take_email(&mut self, fresh: &FreshSession, email: &Proved<Email>) -> Result<bool, Fault> {
        if contacts::set_email(&mut self.tx, self.now, fresh, email).await? {
            return Ok(true);
        }
        match accounts::by_email(&mut self.tx, self.sealer, email.contact()).await? {
            Some(other) if !self.still_claims(&other).await? && self.delete_unproved(other.id, other.kind).await? => {
                contacts::set_email(&mut self.tx, self.now, fresh, email).await
            }
            _ => Ok(false),
        }
    }

    /// Tells the contacts that the account had before. The old address may undo the change, and so may the phone. Links and
    /// codes sent to the old address stop working.
    async fn email_changed(&mut self, before: &Account, new: &Email) -> Result<(), Fault> {
        let content = Content::EmailChanged { name: before.greeted_as().to_owned(), at: self.now };
        let disputed = contacts::index(self.sealer, &Contact::Email(new.clone()));
        self.notify_phone(before, &content, &disputed).await?;
        if let Some(old) = before.usable_email().filter(|old| *old != new) {
            let contact = Contact::Email(old.clone());
            let undo = self.notify_at(before.id, &content, &contact, Some(&disputed)).await?;
            let subjects = subjects_of(self.sealer, &contact);
            let former = Replaced { contact, proved_at: before.email_proved_at.unwrap_or(self.now) };
            account_changes::keep(&mut self.tx, self.sealer, self.now, before.id, &former, undo, &subjects).await?;
        }
        // Also those for the phone that may have followed by e-mail.
        let codes = [CodeFor::Recovery, CodeFor::Reauthentication, CodeFor::LoginPhone].map(Purpose::from);
        for purpose in codes.into_iter().chain([LinkFor::PasswordReset, LinkFor::EmailProof].map(Purpose::from)) {
            verifications::kill_of(&mut self.tx, self.now, purpose, Subject::Account(before.id)).await?;
        }
        recovery_grants::spend_all(&mut self.tx, self.now, before.id).await?;
        Ok(())
    }

    /// Tells the account that an optional address joined it by its link (SPEC §16).
    pub(super) async fn email_joined(&mut self, account: &Account, email: &Email) -> Result<(), Fault> {
        if account.email_proved_at.is_some() {
            return Ok(());
        }
        let content = Content::EmailChanged { name: account.greeted_as().to_owned(), at: self.now };
        let disputed = contacts::index(self.sealer, &Contact::Email(email.clone()));
        self.notify_phone(account, &content, &disputed).await
    }
}
