//! A phone, given to an account by its proof (SPEC §11): the first one, or another in its place.

use super::codes::{Destination, Entrant, Sending, send_scope};
use super::signups::parse_phone_and_code;
use super::{Service, Tx};
use crate::db::verifications::{self, Subject};
use crate::db::{accounts, audit};
use crate::fault::{Fault, Outcome};
use portaria::account::Account;
use portaria::error::{Field, FieldError, Refusal};
use portaria::journey::Kind;
use portaria::message::{Content, Purpose};
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
        let account = match self.own_account(tx, who, now).await? {
            Ok(account) => account,
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
        match self.own_account(tx, who, now).await? {
            Ok(account) => self.lock_login(tx, now, account.id).await?,
            Err(refusal) => return Ok(Err(refusal)),
        }
        let account = match self.own_account(tx, who, now).await? {
            Ok(account) => account,
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
        if !accounts::set_phone(tx, &self.sealer, now, account.id, &proved).await? {
            return Ok(Err(Refusal::Taken(Field::Phone)));
        }
        let had = account.phone.as_ref().filter(|_| account.phone_proved_at.is_some());
        if had != Some(&phone) {
            // told to the contact that the account had until now, if any: the new one signs in and recovers
            let name = account.name.first().to_owned();
            self.tell_owner(tx, who, now, &account, &Content::PhoneChanged { name, at: now }).await?;
            // and what was sent there opens nothing any more
            verifications::kill_of(tx, now, Purpose::Recovery, Subject::Account(account.id)).await?;
        }
        self.updated(tx, who, now, account.id).await
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
