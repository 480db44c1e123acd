//! A phone, given to an account by its proof (SPEC §11): the first one, or another in its place.

use super::codes::{Destination, Entrant, Sending, send_scope};
use super::signups::parse_phone_and_code;
use super::{Service, Tx};
use crate::db::account_changes::{self, Former, Replaced};
use crate::db::verifications::{self, Subject};
use crate::db::{accounts, audit, contacts, recovery_grants};
use crate::fault::{Fault, Outcome};
use portaria::account::Account;
use portaria::error::{Field, FieldError, Refusal};
use portaria::journey::Kind;
use portaria::message::{Channel, Content, Purpose};
use portaria::session::Requester;
use portaria::value::Phone;
use portaria::view::{AccountView, CodeSent};
use sqlx::PgConnection;
use time::OffsetDateTime;

const PURPOSE: Purpose = Purpose::PhoneChange;

impl Service {
    /// Sends a code to the phone.
    pub(super) async fn do_ask_phone(
        &self,
        tx: &mut Tx,
        who: &Requester,
        phone: &str,
        channel: &str,
        now: OffsetDateTime,
    ) -> Outcome<CodeSent> {
        let account = match self.fresh_account(tx, who, now).await? {
            Ok((account, _)) => account,
            Err(refusal) => return Ok(Err(refusal)),
        };
        let phone = match Phone::parse_mobile(phone) {
            Ok(phone) if self.may_send_to(&phone) => phone,
            Ok(_) => return Ok(Err(Refusal::field(Field::Phone, FieldError::PhoneInvalid))),
            Err(error) => return Ok(Err(Refusal::field(Field::Phone, error))),
        };
        let offered = Kind::Cliente.journey().channels;
        let asked = match self.asked_channel(channel, offered) {
            Ok(asked) => asked,
            Err(refusal) => return Ok(Err(refusal)),
        };
        let Some(channel) = self.channel(asked, offered) else {
            return Ok(Err(Refusal::field(Field::Channel, FieldError::ChannelUnavailable)));
        };
        // who only typed it keeps nobody from proving it
        let holder = accounts::by_phone(tx, &self.sealer, &phone).await?;
        if let Some(other) = holder.filter(|other| other.id != account.id && other.phone_proved_at.is_some()) {
            return Ok(Err(self.refuse_phone(tx, who, now, account.id, &other).await?));
        }
        let destination = Destination::Phone(phone.clone());
        let sending = Sending {
            purpose: PURPOSE,
            subject: Subject::Account(account.id),
            destination: &destination,
            channel,
            chosen: asked.is_some(),
            name: account.name.first(),
        };
        if let Err(refusal) = self.send(tx, who, now, &sending).await? {
            return Ok(Err(refusal));
        }
        Ok(Ok(self.code_sent(tx, now, &send_scope(PURPOSE), &phone).await?))
    }

    /// A phone of another account: told, but not without end, so that no account makes a directory of phones.
    async fn refuse_phone(&self, tx: &mut Tx, who: &Requester, now: OffsetDateTime, id: i64, other: &Account) -> Result<Refusal, Fault> {
        let refusal = match self.may_conflict(tx, who, now, id).await? {
            Ok(tally) => {
                self.count_conflict(tx, id, &tally).await?;
                self.tell_taken(tx, who, now, other, Field::Phone).await?
            }
            Err(refusal) => refusal,
        };
        // a limit is told of by the minute
        if refusal.retry_after().is_none() {
            let entry = audit::Entry { event: "user_updated", outcome: refusal.code(), account: Some(id), ..audit::Entry::default() };
            audit::record(tx, now, who, entry).await?;
        }
        Ok(refusal)
    }

    /// The right code gives the account the phone. Behind the login lock, like all that a contact opens: of this and "não fui
    /// eu" at once, the second sees what the first did.
    pub(super) async fn do_prove_own_phone(
        &self,
        tx: &mut Tx,
        who: &Requester,
        phone: &str,
        code: &str,
        now: OffsetDateTime,
    ) -> Outcome<AccountView> {
        let (account, fresh) = match self.fresh_account(tx, who, now).await? {
            Ok(found) => found,
            Err(refusal) => return Ok(Err(refusal)),
        };
        let (phone, code) = match parse_phone_and_code(phone, code, PURPOSE) {
            Ok(parsed) => parsed,
            Err(refusal) => return Ok(Err(refusal)),
        };
        let index = accounts::phone_index(&self.sealer, &phone);
        let subject = Some(Subject::Account(account.id));
        let own = account.id.to_be_bytes();
        let entered = match self.take_code(tx, now, PURPOSE, &index, &code, subject, Entrant::Holder(&own)).await? {
            Ok(entered) => entered,
            Err(refusal) => return self.refused_code(tx, who, now, &index, refusal).await,
        };
        let Some(proved) = entered.proof.of(phone.clone(), &index) else { return Ok(Err(Refusal::CodeRefused)) };
        self.release_unproved_phone(tx, who, now, &phone, Some(account.id)).await?;
        if !contacts::set_phone(tx, &self.sealer, now, &fresh, &proved).await? {
            return Ok(Err(Refusal::Taken(Field::Phone)));
        }
        if account.phone_in_force() != Some(&phone) {
            self.phone_changed(tx, who, now, &account, &phone).await?;
        }
        self.updated(tx, who, now, account.id).await
    }

    /// Tells the contacts that the account had: the new one signs in and recovers. The phone that was left may undo it for
    /// seven days (SPEC §16). What was sent there before opens nothing any more.
    async fn phone_changed(&self, tx: &mut Tx, who: &Requester, now: OffsetDateTime, before: &Account, new: &Phone) -> Result<(), Fault> {
        let content = Content::PhoneChanged { name: before.name.first().to_owned(), at: now };
        let disputed = self.destination_index(&Destination::Phone(new.clone()));
        if let Some(email) = before.email_in_force() {
            let contact = Destination::Email(email.clone());
            self.tell_at(tx, who, now, before.id, &content, (Channel::Email, &contact), Some(&disputed)).await?;
        }
        if let Some(old) = before.phone_in_force().filter(|old| *old != new) {
            let undo = match self.told_phone(before) {
                Some((channel, contact)) => self.tell_at(tx, who, now, before.id, &content, (channel, &contact), Some(&disputed)).await?,
                None => None,
            };
            let former = Replaced { contact: Former::Phone(old.clone()), proved_at: before.phone_proved_at.unwrap_or(now) };
            account_changes::keep(tx, &self.sealer, now, before.id, &former, undo).await?;
        }
        verifications::kill_of(tx, now, Purpose::Recovery, Subject::Account(before.id)).await?;
        Ok(recovery_grants::spend_all(tx, now, before.id).await?)
    }

    /// Takes a phone that is being proved from the account that only typed it (a rider's third step): a claim that was never
    /// proved does not keep the real owner out (SPEC §1). That account is asked for its phone again.
    pub(super) async fn release_unproved_phone(
        &self,
        conn: &mut PgConnection,
        who: &Requester,
        now: OffsetDateTime,
        phone: &Phone,
        own: Option<i64>,
    ) -> Result<(), Fault> {
        let holder = accounts::by_phone(&mut *conn, &self.sealer, phone).await?;
        let Some(other) = holder.filter(|other| Some(other.id) != own && other.phone_proved_at.is_none()) else { return Ok(()) };
        if accounts::release_unproved_phone(&mut *conn, now, other.id).await? {
            let entry = audit::Entry { event: "phone_released", outcome: "ok", account: Some(other.id), ..audit::Entry::default() };
            audit::record(conn, now, who, entry).await?;
        }
        Ok(())
    }
}
