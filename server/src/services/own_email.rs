//! The e-mail of an account whose kind is proved by phone: added or changed by its code (SPEC §13). Of a kind that is proved
//! by e-mail it stays what it is (003); it is only confirmed again after it was taken out of force (§16).

use super::codes::{Destination, Entrant, Sending, send_scope};
use super::signups::whole_seconds;
use super::{Service, Tx};
use crate::db::account_changes::{self, Former, Replaced};
use crate::db::verifications::{self, Subject};
use crate::db::{accounts, contacts, recovery_grants, tallies};
use crate::fault::{Fault, Outcome};
use portaria::account::Account;
use portaria::error::{Field, Refusal};
use portaria::fresh::FreshSession;
use portaria::message::{Channel, Content, Purpose};
use portaria::session::Requester;
use portaria::value::{Code, Email};
use portaria::verification::Proved;
use portaria::view::{AccountView, CodeSent};
use sqlx::PgConnection;
use time::OffsetDateTime;

const PURPOSE: Purpose = Purpose::EmailChange;

impl Service {
    /// Sends a code to the address. Where it is another account's, that one's owner is told instead; answer, waits and limits
    /// are the same.
    pub(super) async fn do_ask_email(&self, tx: &mut Tx, who: &Requester, typed: &str, now: OffsetDateTime) -> Outcome<CodeSent> {
        let (account, fresh) = match self.fresh_account(tx, who, now).await? {
            Ok(found) => found,
            Err(refusal) => return Ok(Err(refusal)),
        };
        let email = match Email::parse(typed) {
            Ok(email) => email,
            Err(error) => return Ok(Err(Refusal::field(Field::Email, error))),
        };
        if account.kind.journey().contact_is_email() && account.email.as_ref() != Some(&email) {
            return Ok(Err(Refusal::NotYours));
        }
        let destination = Destination::Email(email.clone());
        let holder = accounts::by_email(tx, &self.sealer, &email).await?.filter(|other| other.id != account.id);
        let taken = match holder {
            Some(other) if self.still_claims(tx, &other, now).await? => Some(other),
            _ => None,
        };
        let sent = match &taken {
            Some(other) => {
                let sent = self.send_nothing(tx, who, now, PURPOSE, &destination).await?;
                if sent.is_ok() {
                    // whatever was asked for before is not asked for any more, here as there
                    verifications::kill_of(tx, now, PURPOSE, Subject::Account(account.id)).await?;
                    let name = other.name.first().to_owned();
                    self.tell_owner(tx, who, now, other, &Content::AlreadyRegistered { name }).await?;
                }
                sent
            }
            None => {
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
        };
        if let Err(refusal) = sent {
            return Ok(Err(refusal));
        }
        contacts::want_email(tx, &fresh, &email).await?;
        let tally = tallies::peek(tx, &send_scope(PURPOSE), &self.destination_index(&destination)).await?;
        Ok(Ok(CodeSent {
            destination: email.as_str().to_owned(),
            expires_in: whole_seconds(self.rules.lifetime(PURPOSE.lifetime())),
            resend_in: tally.next_send_in(now, self.rules.resend_wait).unwrap_or(0),
        }))
    }

    /// The right code gives the account the address that it was sent to.
    pub(super) async fn do_prove_own_email(&self, tx: &mut Tx, who: &Requester, typed: &str, now: OffsetDateTime) -> Outcome<AccountView> {
        let (account, fresh) = match self.fresh_account(tx, who, now).await? {
            Ok(found) => found,
            Err(refusal) => return Ok(Err(refusal)),
        };
        let code = match Code::parse(typed, PURPOSE.digits().unwrap_or(6)) {
            Ok(code) => code,
            Err(error) => return Ok(Err(Refusal::field(Field::Code, error))),
        };
        let Some(email) = contacts::wanted_email(tx, &fresh).await? else { return Ok(Err(Refusal::CodeRefused)) };
        let index = self.destination_index(&Destination::Email(email.clone()));
        let subject = Some(Subject::Account(account.id));
        let own = account.id.to_be_bytes();
        let entered = match self.take_code(tx, now, PURPOSE, &index, &code, subject, Entrant::Holder(&own)).await? {
            Ok(entered) => entered,
            Err(refusal) => return self.refused_code(tx, who, now, &index, refusal).await,
        };
        let Some(proved) = entered.proof.of(email.clone(), &index) else { return Ok(Err(Refusal::CodeRefused)) };
        if !self.take_email(tx, now, &fresh, &proved).await? {
            return Ok(Err(Refusal::Taken(Field::Email)));
        }
        if account.email_in_force() != Some(&email) {
            self.email_changed(tx, who, now, &account, &email).await?;
        }
        self.updated(tx, who, now, account.id).await
    }

    /// A claim that was never proved, and whose proof has lapsed, gives way.
    async fn take_email(&self, tx: &mut Tx, now: OffsetDateTime, fresh: &FreshSession, email: &Proved<Email>) -> Result<bool, Fault> {
        if contacts::set_email(tx, now, fresh, email).await? {
            return Ok(true);
        }
        match accounts::by_email(tx, &self.sealer, email.contact()).await? {
            Some(other) if !self.still_claims(tx, &other, now).await? && accounts::delete_unproved(tx, other.id).await? => {
                contacts::set_email(tx, now, fresh, email).await
            }
            _ => Ok(false),
        }
    }

    /// Tells the contacts that the account had: the address that was left may undo it, and so may the phone. What was sent to
    /// the old address opens nothing any more.
    async fn email_changed(&self, tx: &mut Tx, who: &Requester, now: OffsetDateTime, before: &Account, new: &Email) -> Result<(), Fault> {
        let content = Content::EmailChanged { name: before.name.first().to_owned(), at: now };
        let disputed = self.destination_index(&Destination::Email(new.clone()));
        self.tell_phone(tx, who, now, before, &content, &disputed).await?;
        if let Some(old) = before.email_in_force().filter(|old| *old != new) {
            let contact = Destination::Email(old.clone());
            let undo = self.tell_at(tx, who, now, before.id, &content, (Channel::Email, &contact), Some(&disputed)).await?;
            let former = Replaced { contact: Former::Email(old.clone()), proved_at: before.email_proved_at.unwrap_or(now) };
            account_changes::keep(tx, &self.sealer, now, before.id, &former, undo).await?;
        }
        for purpose in [Purpose::Recovery, Purpose::ResetLink, Purpose::EmailLink] {
            verifications::kill_of(tx, now, purpose, Subject::Account(before.id)).await?;
        }
        recovery_grants::spend_all(tx, now, before.id).await?;
        Ok(())
    }

    /// An optional address was confirmed by its link: the account that it joins is told (SPEC §16).
    pub(super) async fn email_joined(
        &self,
        conn: &mut PgConnection,
        who: &Requester,
        now: OffsetDateTime,
        account: &Account,
        email: &Email,
    ) -> Result<(), Fault> {
        if account.email_proved_at.is_some() {
            return Ok(());
        }
        let content = Content::EmailChanged { name: account.name.first().to_owned(), at: now };
        let disputed = self.destination_index(&Destination::Email(email.clone()));
        self.tell_phone(conn, who, now, account, &content, &disputed).await
    }
}
