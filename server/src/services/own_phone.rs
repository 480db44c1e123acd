//! Adding or replacing an account's phone by proving the new one (SPEC §11).

use super::Service;
use super::codes::{CodeSubmitter, Sending, send_scope};
use super::erasure::subjects_of;
use super::signups::{delivery, parse_phone_and_code, resend_wait};
use super::turn::{Caught, Done, Turn};
use crate::db::account_changes::{self, Replaced};
use crate::db::verifications::{self, Subject};
use crate::db::{accounts, audit, contacts, recovery_grants, sessions, spending, tallies, waiting};
use crate::fault::Fault;
use portaria::account::Account;
use portaria::audit::Event;
use portaria::contact::Contact;
use portaria::error::{Field, FieldError, Refusal};
use portaria::journey::Kind;
use portaria::message::Content;
use portaria::purpose::CodeFor;
use portaria::session::Requester;
use portaria::standing;
use portaria::value::Phone;
use portaria::view::{AccountView, CodeSent, CodeState};

const PURPOSE: CodeFor = CodeFor::PhoneChange;

impl Service {
    /// How the newest code of the account for this purpose stands, as long as it may be entered. Asked at every look at its page: no
    /// transaction.
    pub(super) async fn look_at_own_code(&self, who: &Requester, purpose: CodeFor) -> Result<Option<CodeState>, Fault> {
        let Some(named) = self.named_session(who).await? else { return Ok(None) };
        let now = self.now();
        let mut conn = self.pool.acquire().await?;
        let Some(session) = sessions::find(&mut conn, now, &named).await? else { return Ok(None) };
        let newest = verifications::newest_of(&mut conn, purpose, Subject::Account(session.account_id)).await?;
        let Some(code) = newest.filter(|it| it.facts.can_be_entered(now)) else { return Ok(None) };
        let (delivery, channel) = (delivery(&code, now), code.delivered_by.unwrap_or(code.channel));
        let sends = tallies::peek(&mut conn, &send_scope(purpose), &self.sealer.found_by(&code.destination)).await?;
        let resend_in = sends.next_send_in(now, resend_wait(delivery, &self.rules)).unwrap_or(0);
        Ok(Some(CodeState { delivery, channel, resend_in }))
    }

    /// The same as one number, for whoever asks again and again: one statement.
    pub(super) async fn standing_of_own_code(&self, who: &Requester, purpose: CodeFor) -> Result<u32, Fault> {
        let Some(named) = self.named_session(who).await? else { return Ok(standing::of_code(None)) };
        let now = self.now();
        let code = waiting::own_code(&self.pool, now, &named, purpose).await?.filter(|it| it.facts.can_be_entered(now));
        Ok(standing::of_code(code.map(|code| (delivery(&code, now), code.delivered_by.unwrap_or(code.channel)))))
    }
}

impl Turn<'_> {
    pub(super) async fn ask_phone(&mut self, phone: &str, channel: &str) -> Done<CodeSent> {
        let (account, _) = self.fresh_account().await?;
        let phone = match Phone::parse_mobile(phone) {
            Ok(phone) if self.service.may_send_to(&phone) => phone,
            Ok(_) => return Err(Refusal::field(Field::Phone, FieldError::PhoneInvalid).into()),
            Err(error) => return Err(Refusal::field(Field::Phone, error).into()),
        };
        let offered = Kind::Cliente.journey().channels;
        let asked = self.service.asked_channel(channel, offered)?;
        let Some(channel) = self.service.channel(asked, offered) else {
            return Err(Refusal::field(Field::Channel, FieldError::ChannelUnavailable).into());
        };
        let channel = self.goes_now(&phone, PURPOSE, channel, asked.is_some()).await?;
        // An account that never proved this phone does not block it.
        let holder = accounts::by_phone(&mut self.tx, self.sealer, &phone).await?;
        if let Some(other) = holder.filter(|other| other.id != account.id && other.phone_proved_at.is_some()) {
            return Err(self.refuse_phone(account.id, &other).await?.into());
        }
        let destination = Contact::Phone(phone.clone());
        let sending = Sending { chosen: asked.is_some(), ..Sending::to_account(&account, PURPOSE, &destination, channel) };
        self.send(&sending).await?;
        Ok(self.code_sent(&send_scope(PURPOSE), &phone, channel).await?)
    }

    /// Refuses a phone of another account. The number of such answers is limited, so that no account can build a directory
    /// of phones.
    async fn refuse_phone(&mut self, id: i64, other: &Account) -> Result<Refusal, Fault> {
        let refusal = match self.may_conflict(id).await.caught()? {
            Ok(tally) => {
                self.count_conflict(id, &tally).await?;
                self.tell_taken(other, Field::Phone).await?
            }
            Err(refusal) => refusal,
        };
        // Refusals by a limit are counted per minute instead of audited here.
        if refusal.retry_after().is_none() {
            let entry = audit::Entry { account: Some(id), ..audit::Entry::of(Event::UserUpdated, refusal.code()) };
            self.audit(entry).await?;
        }
        Ok(refusal)
    }

    /// With the right code, the account gets the phone. This runs under the login lock: if "não fui eu" runs at the same
    /// time, the second sees what the first did.
    pub(super) async fn prove_own_phone(&mut self, phone: &str, code: &str) -> Done<AccountView> {
        let (account, fresh) = self.fresh_account().await?;
        let (phone, code) = parse_phone_and_code(phone, code, PURPOSE)?;
        let index = accounts::phone_index(self.sealer, &phone);
        let subject = Some(Subject::Account(account.id));
        let own = account.id.to_be_bytes();
        let entered = self.enter_code(PURPOSE, &index, &code, subject, CodeSubmitter::Holder(&own)).await?;
        let Some(proved) = entered.proof.of(phone.clone(), index.newest()) else { return Err(Refusal::CodeRefused.into()) };
        self.release_unproved_phone(&phone, Some(account.id)).await?;
        spending::proved(&mut self.tx, self.now, phone.ddd()).await?;
        if !contacts::set_phone(&mut self.tx, self.sealer, self.now, &fresh, &proved).await? {
            return Err(Refusal::Taken(Field::Phone).into());
        }
        if account.usable_phone() != Some(&phone) {
            self.phone_changed(&account, &phone).await?;
        }
        self.tell_change(&account).await?;
        self.updated(account.id).await
    }

    /// Tells the contacts that the account had before, because the new phone can sign in and recover. The old phone may
    /// undo the change for seven days (SPEC §16). Codes sent to it earlier stop working.
    async fn phone_changed(&mut self, before: &Account, new: &Phone) -> Result<(), Fault> {
        let content = Content::PhoneChanged { name: before.greeted_as().to_owned(), at: self.now };
        let disputed = contacts::index(self.sealer, &Contact::Phone(new.clone()));
        if let Some(email) = before.usable_email() {
            let contact = Contact::Email(email.clone());
            self.notify_at(before.id, &content, &contact, Some(&disputed)).await?;
        }
        if let Some(old) = before.usable_phone().filter(|old| *old != new) {
            let undo = match self.service.notified_phone(before) {
                Some(contact) => self.notify_at(before.id, &content, &contact, Some(&disputed)).await?,
                None => None,
            };
            let former = Replaced { contact: Contact::Phone(old.clone()), proved_at: before.phone_proved_at.unwrap_or(self.now) };
            let subjects = subjects_of(self.sealer, &former.contact);
            account_changes::keep(&mut self.tx, self.sealer, self.now, before.id, &former, undo, &subjects).await?;
        }
        verifications::kill_of(&mut self.tx, self.now, CodeFor::Recovery, Subject::Account(before.id)).await?;
        recovery_grants::spend_all(&mut self.tx, self.now, before.id).await
    }

    /// Removes a phone that is being proved from the account that only typed it (a rider's third step). An unproved claim
    /// does not block the real owner (SPEC §1). That account is asked for its phone again.
    pub(super) async fn release_unproved_phone(&mut self, phone: &Phone, own: Option<i64>) -> Result<(), Fault> {
        let holder = accounts::by_phone(&mut self.tx, self.sealer, phone).await?;
        let Some(other) = holder.filter(|other| Some(other.id) != own && other.phone_proved_at.is_none()) else { return Ok(()) };
        if accounts::release_unproved_phone(&mut self.tx, self.now, other.id).await? {
            let entry = audit::Entry { account: Some(other.id), ..audit::Entry::of(Event::PhoneReleased, "ok") };
            self.audit(entry).await?;
            self.tell_change(&other).await?;
        }
        Ok(())
    }
}
