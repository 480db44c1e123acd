//! Meu Perfil (003): what its owner changes, a CPF or CNPJ once (SPEC §11), and a phone by its proof.

use super::codes::{Destination, Sending, send_scope};
use super::signups::{parse_phone_and_code, whole_seconds};
use super::{Service, Tx};
use crate::db::verifications::{self, Subject};
use crate::db::{accounts, audit, photos, tallies};
use crate::fault::{Fault, Outcome};
use portaria::account::Account;
use portaria::accounts::{Answer, PhotoChange};
use portaria::error::{Field, FieldError, FieldErrors, Refusal};
use portaria::journey::Kind;
use portaria::message::{Content, Purpose};
use portaria::profile::{ProfileChange, ProfileForm};
use portaria::session::Requester;
use portaria::value::Phone;
use portaria::view::{AccountView, CodeSent};
use time::OffsetDateTime;

const PURPOSE: Purpose = Purpose::PhoneChange;

impl Service {
    async fn own_account(&self, tx: &mut Tx, who: &Requester, now: OffsetDateTime) -> Outcome<Account> {
        let session = match self.session(tx, who, now).await? {
            Ok(session) => session,
            Err(refusal) => return Ok(Err(refusal)),
        };
        Ok(Ok(self.account(tx, session.account_id).await?))
    }

    /// Changes the profile. The photo is decoded outside any transaction; whoever wrote meanwhile is not overwritten: the
    /// second writer is told, whether or not the form says which version it looked at.
    pub(super) async fn do_update_profile(&self, who: &Requester, form: &ProfileForm, photo: PhotoChange) -> Answer<AccountView> {
        let mut tx = self.begin().await?;
        let outcome = self.own_account(&mut tx, who, self.now()).await;
        let seen = self.settle(tx, outcome).await?;
        let (change, errors) = match form.parse(&seen) {
            Ok(change) => (change, FieldErrors::new()),
            Err(Refusal::Invalid(errors)) => (ProfileChange::default(), errors),
            Err(refusal) => return Err(refusal),
        };
        if change.claims() || matches!(photo, PhotoChange::Replace(_)) {
            self.count_guess(who).await?;
        }
        let (remove, upload) = match photo {
            PhotoChange::Keep => (false, None),
            PhotoChange::Remove => (true, None),
            PhotoChange::Replace(bytes) => (false, Some(bytes)),
        };
        let photo = self.clean_photo(upload, errors).await?;
        let now = self.now();
        let mut tx = self.begin().await?;
        let outcome = async {
            if let Err(refusal) = self.session(&mut tx, who, now).await? {
                return Ok(Err(refusal));
            }
            let account = accounts::lock(&mut tx, &self.sealer, seen.id).await?.ok_or(Fault::inconsistent("accounts", "id"))?;
            if account.version != seen.version {
                return Ok(Err(Refusal::Stale));
            }
            if let Err(refusal) = self.write_profile(&mut tx, who, now, seen.id, &change).await? {
                return Ok(Err(refusal));
            }
            if remove {
                photos::remove(&mut tx, seen.id).await?;
            }
            if let Some(photo) = &photo {
                photos::replace(&mut tx, now, seen.id, photo).await?;
            }
            self.updated(&mut tx, who, now, seen.id).await
        }
        .await;
        self.settle(tx, outcome).await
    }

    /// What belongs to another account is told, but not without end: each answer tells that a document is known.
    async fn write_profile(&self, tx: &mut Tx, who: &Requester, now: OffsetDateTime, id: i64, change: &ProfileChange) -> Outcome<()> {
        let mut conflicts = None;
        if change.claims() {
            match self.may_conflict(tx, now, id).await? {
                Ok(tally) => conflicts = Some(tally),
                Err(refusal) => return Ok(Err(refusal)),
            }
        }
        let Err(field) = accounts::update_profile(tx, &self.sealer, now, id, change).await? else { return Ok(Ok(())) };
        if let Some(tally) = &conflicts {
            self.count_conflict(tx, id, tally).await?;
        }
        let refusal = Refusal::Taken(field);
        let entry = audit::Entry { event: "user_updated", outcome: refusal.code(), account: Some(id), ..audit::Entry::default() };
        audit::record(tx, now, who, entry).await?;
        Ok(Err(refusal))
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
        let changed = account.phone_proved_at.is_some() && account.phone.as_ref() != Some(&phone);
        if changed {
            // before it is written: told to the contact that the account has until now
            let name = account.name.first().to_owned();
            self.tell_owner(tx, now, &account, &Content::PhoneChanged { name, at: now }).await?;
            // and what was sent there opens nothing any more
            verifications::kill_of(tx, now, Purpose::Recovery, Subject::Account(account.id)).await?;
        }
        if !accounts::set_phone(tx, &self.sealer, now, account.id, &phone).await? {
            return Ok(Err(Refusal::Taken(Field::Phone)));
        }
        self.updated(tx, who, now, account.id).await
    }

    async fn updated(&self, tx: &mut Tx, who: &Requester, now: OffsetDateTime, id: i64) -> Outcome<AccountView> {
        let entry = audit::Entry { event: "user_updated", outcome: "ok", account: Some(id), ..audit::Entry::default() };
        audit::record(tx, now, who, entry).await?;
        Ok(Ok(self.account(tx, id).await?.view()))
    }
}
