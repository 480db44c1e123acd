//! What an account's kind still needs after its first sign-in (SPEC §11), and a phone by its proof.

use super::codes::{Destination, Sending, send_scope};
use super::signups::{parse_phone_and_code, whole_seconds};
use super::{Service, Tx};
use crate::db::verifications::Subject;
use crate::db::{accounts, audit, tallies};
use crate::fault::{Fault, Outcome};
use portaria::account::Account;
use portaria::error::{Field, FieldError, Refusal};
use portaria::journey::Kind;
use portaria::message::{Content, Purpose};
use portaria::session::Requester;
use portaria::value::{Cnpj, Cpf, Document, Phone};
use portaria::view::{AccountView, CodeSent};
use time::OffsetDateTime;

const PURPOSE: Purpose = Purpose::PhoneChange;

impl Service {
    async fn own_account(&self, tx: &mut Tx, who: &Requester, now: OffsetDateTime) -> Outcome<Account> {
        let session = match self.session(tx, who, now).await? {
            Ok(session) => session,
            Err(refusal) => return Ok(Err(refusal)),
        };
        let account = accounts::by_id(tx, &self.sealer, session.account_id).await?;
        Ok(Ok(account.ok_or(Fault::inconsistent("sessions", "account_id"))?))
    }

    /// CPF or CNPJ, once; then it is fixed.
    pub(super) async fn do_complete_document(
        &self,
        tx: &mut Tx,
        who: &Requester,
        field: Field,
        typed: &str,
        now: OffsetDateTime,
    ) -> Outcome<AccountView> {
        let account = match self.own_account(tx, who, now).await? {
            Ok(account) => account,
            Err(refusal) => return Ok(Err(refusal)),
        };
        let parsed = match field {
            Field::Cnpj => Cnpj::parse(typed).map(Document::Cnpj),
            _ => Cpf::parse(typed).map(Document::Cpf),
        };
        let document = match parsed {
            Ok(document) => document,
            Err(error) => return Ok(Err(Refusal::field(field, error))),
        };
        let known = match &document {
            Document::Cpf(cpf) => account.cpf.as_ref().map(|known| known == cpf),
            Document::Cnpj(cnpj) => account.cnpj.as_ref().map(|known| known == cnpj),
        };
        match known {
            Some(true) => return Ok(Ok(account.view())),
            Some(false) => return Ok(Err(Refusal::field(field, FieldError::Fixed))),
            None => {}
        }
        if !accounts::set_document(tx, &self.sealer, now, account.id, &document).await? {
            return Ok(Err(Refusal::Taken(field)));
        }
        self.updated(tx, who, now, account.id).await
    }

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
        if let Some(other) = accounts::by_phone(tx, &self.sealer, &phone).await?.filter(|other| other.id != account.id) {
            let name = other.name.first().to_owned();
            self.tell_owner(tx, now, &other, &Content::AlreadyRegistered { name }).await?;
            return Ok(Err(Refusal::Taken(Field::Phone)));
        }
        let index = accounts::phone_index(&self.sealer, &phone);
        let destination = Destination::Phone(phone);
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
        let tally = tallies::peek(tx, &send_scope(PURPOSE), &index).await?;
        Ok(Ok(CodeSent {
            destination: destination.masked(),
            expires_in: whole_seconds(self.rules.code_phone),
            resend_in: tally.next_send_in(now, self.rules.resend_wait).unwrap_or(0),
        }))
    }

    /// The right code gives the account the phone.
    pub(super) async fn do_prove_own_phone(
        &self,
        tx: &mut Tx,
        who: &Requester,
        phone: &str,
        code: &str,
        now: OffsetDateTime,
    ) -> Outcome<AccountView> {
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
        if let Err(refusal) = self.take_code(tx, now, PURPOSE, &index, &code, subject).await? {
            return self.refused_code(tx, who, now, &index, refusal).await;
        }
        if !accounts::set_phone(tx, &self.sealer, now, account.id, &phone).await? {
            return Ok(Err(Refusal::Taken(Field::Phone)));
        }
        self.updated(tx, who, now, account.id).await
    }

    async fn updated(&self, tx: &mut Tx, who: &Requester, now: OffsetDateTime, id: i64) -> Outcome<AccountView> {
        let entry = audit::Entry { event: "user_updated", outcome: "ok", account: Some(id), ..audit::Entry::default() };
        audit::record(tx, now, who, entry).await?;
        let account = accounts::by_id(tx, &self.sealer, id).await?.ok_or(Fault::inconsistent("accounts", "id"))?;
        Ok(Ok(account.view()))
    }
}
