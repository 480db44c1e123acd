//! The one reminder of a sign-up that was left (`SIGNUP_REMINDER`; rules in `portaria::reminder`), by time.
//!
//! Each is one transaction that leaves the message and settles the sign-up, so that a node that dies in between has done nothing, and of
//! several nodes one sends: they pass the tally of the address one by one. Order of locks, as everywhere: the sign-up, tallies, the link,
//! the account.

use super::codes::send_scope;
use super::turn::{Done, Turn};
use super::{Service, ourselves};
use crate::db::reminders::{self, LeftAt, Standing};
use crate::db::verifications::{self, Subject};
use crate::db::{accounts, audit, contacts, outbox, signups, tallies};
use crate::fault::Fault;
use portaria::account::Account;
use portaria::audit::Event;
use portaria::contact::Contact;
use portaria::journey::Kind;
use portaria::limits::Tally;
use portaria::message::{Channel, Content};
use portaria::purpose::LinkFor;
use portaria::reminder::{AFTER_A_MESSAGE, Left, REST, REST_AFTER_NOT_ME, Verdict};
use portaria::value::Email;
use time::{Duration, OffsetDateTime};
use uuid::Uuid;

/// How many are looked at in a round of the janitor.
const BATCH: i64 = 500;
/// The tally of an address that rests.
pub(super) const SCOPE: &str = "reminder";
/// A reminder that is not handed over within this time is dropped.
const LIFETIME: Duration = Duration::hours(1);

/// What is locked while a reminder is decided.
struct Address {
    contact: Contact,
    key: Vec<u8>,
    rest: Tally,
    written_lately: bool,
}

impl Service {
    /// Reminds whoever left a sign-up. Returns how many mails were left. Each failure was logged; what failed is looked at again.
    ///
    /// # Errors
    /// When it cannot be read what is due.
    pub async fn remind_left(&self) -> Result<u64, sqlx::Error> {
        let Some(after) = self.rules.signup_reminder else { return Ok(0) };
        let now = self.now();
        let who = ourselves("portaria: reminder");
        let mut sent = 0;
        for left in reminders::due(&self.pool, now, now - after, BATCH).await? {
            let Ok(mut turn) = self.turn(&who).await else { break };
            let done = match left {
                LeftAt::Account(id) => turn.remind_account(id).await,
                LeftAt::Signup(id) => turn.remind_signup(id).await,
            };
            sent += u64::from(turn.end(done).await.unwrap_or_default());
        }
        Ok(sent)
    }
}

impl Turn<'_> {
    /// An account that waits for the proof of its address: its live link once more, or a new one.
    async fn remind_account(&mut self, id: i64) -> Done<bool> {
        let Some(account) = accounts::by_id(&mut self.tx, self.sealer, id).await? else { return Ok(false) };
        let Some(email) = account.email.clone() else { return self.settle(LeftAt::Account(id), false).await };
        let mut address = self.address(email, account.kind).await?;
        let signup = reminders::of_account(&mut self.tx, self.now, id).await?;
        let left = Left {
            waits: !account.contact_proved(),
            can_go_on: signup.is_none_or(|it| it.held),
            settled: signup.is_some_and(|it| it.settled),
            has_account: false,
            rests: address.rest.blocked_for(self.now).is_some(),
            written_lately: address.written_lately,
        };
        match left.verdict() {
            Verdict::Later => return Ok(false),
            Verdict::Never => return self.settle(LeftAt::Account(id), false).await,
            Verdict::Send => {}
        }
        let link = self.proof_of(&account, &address.contact).await?;
        let content = Content::SignupLeft { at: account.created_at, kind: account.kind, page_of: None };
        self.leave_reminder(&mut address, &content, Some(link), Some(id)).await?;
        self.settle(LeftAt::Account(id), true).await
    }

    /// A sign-up that waits for a code on a phone, and has an address.
    async fn remind_signup(&mut self, id: Uuid) -> Done<bool> {
        let Some(signup) = signups::by_id(&mut self.tx, self.sealer, self.now, id).await? else { return Ok(false) };
        let draft = &signup.kept.draft;
        let (Some(email), Some(phone), None) = (draft.email.clone(), draft.phone.clone(), signup.account_id) else {
            return self.settle(LeftAt::Signup(id), false).await;
        };
        let of_phone = accounts::by_phone(&mut self.tx, self.sealer, &phone).await?;
        let of_email = accounts::by_email(&mut self.tx, self.sealer, &email).await?;
        let mut address = self.address(email, signup.kind).await?;
        let Some(Standing { settled, held, .. }) = reminders::of_signup(&mut self.tx, self.now, id).await? else { return Ok(false) };
        let left = Left {
            waits: true,
            can_go_on: held,
            settled,
            has_account: of_email.is_some() || of_phone.is_some_and(|account| account.phone_proved_at.is_some()),
            rests: address.rest.blocked_for(self.now).is_some(),
            written_lately: address.written_lately,
        };
        match left.verdict() {
            Verdict::Later => return Ok(false),
            Verdict::Never => return self.settle(LeftAt::Signup(id), false).await,
            Verdict::Send => {}
        }
        let content = Content::SignupLeft { at: signup.created_at, kind: signup.kind, page_of: Some(id.to_string()) };
        let message = self.leave_reminder(&mut address, &content, None, None).await?;
        reminders::is_about(&mut self.tx, message, id).await?;
        self.settle(LeftAt::Signup(id), true).await
    }

    /// The address, with what is counted for it, locked.
    async fn address(&mut self, email: Email, kind: Kind) -> Result<Address, Fault> {
        let contact = Contact::Email(email);
        let key = contacts::counted_as(self.sealer, &contact);
        let rest = tallies::lock(&mut self.tx, SCOPE, &key, self.now).await?;
        let mut written_lately = false;
        for purpose in kind.journey().proofs() {
            let sends = tallies::peek(&mut self.tx, &send_scope(purpose), &key).await?;
            written_lately |= sends.hits.iter().any(|at| *at > self.now - AFTER_A_MESSAGE);
        }
        Ok(Address { contact, key: key.to_vec(), rest, written_lately })
    }

    /// The link that proves the address of an account: the live one, or a new one.
    async fn proof_of(&mut self, account: &Account, contact: &Contact) -> Result<Uuid, Fault> {
        let (purpose, subject) = (LinkFor::EmailProof, Subject::Account(account.id));
        let newest = verifications::newest_of(&mut self.tx, purpose, subject).await?;
        if let Some(live) = newest.filter(|it| it.facts.can_be_entered(self.now) && it.went_to(self.sealer, contact)) {
            verifications::send_again(&mut self.tx, live.id, Channel::Email, false).await?;
            return Ok(live.id);
        }
        verifications::kill_of(&mut self.tx, self.now, purpose, subject).await?;
        let new = verifications::New {
            purpose: purpose.into(),
            subject,
            destination: &contacts::index(self.sealer, contact),
            channel: Channel::Email,
            channel_chosen: false,
            lifetime: self.rules.lifetime(purpose.facts().lifetime),
            fixed: None,
        };
        Ok(verifications::insert(&mut self.tx, self.sealer, self.now, &new).await?.id)
    }

    /// Leaves the mail, counts it against its address, and lets that rest.
    async fn leave_reminder(
        &mut self,
        address: &mut Address,
        content: &Content,
        link: Option<Uuid>,
        account: Option<i64>,
    ) -> Result<Uuid, Fault> {
        if link.is_some() {
            // As a resend of that link would count.
            let scope = send_scope(LinkFor::EmailProof);
            let mut sends = tallies::lock(&mut self.tx, &scope, &address.key, self.now).await?;
            sends.hits.push(self.now);
            tallies::save(&mut self.tx, &scope, &address.key, &sends).await?;
        }
        address.rest.blocked_until = Some(self.now + REST);
        tallies::save(&mut self.tx, SCOPE, &address.key, &address.rest).await?;
        let recipient = address.contact.address();
        let message = outbox::NewMessage {
            channel: Channel::Email,
            recipient,
            content,
            verification_id: link,
            account,
            drop_at: self.now + LIFETIME,
        };
        let id = self.enqueue(&message).await?;
        let index = contacts::index(self.sealer, &address.contact);
        let entry = audit::Entry { event: Event::ProofSent, outcome: content.kind(), account, signup: None, subject: Some(&index) };
        self.audit(entry).await?;
        Ok(id)
    }

    /// Settles it, last of all. What was left in this transaction stays only if nobody was faster.
    async fn settle(&mut self, left: LeftAt, sent: bool) -> Done<bool> {
        let first = match left {
            LeftAt::Account(id) => reminders::settle_account(&mut self.tx, self.now, id).await?,
            LeftAt::Signup(id) => reminders::settle_signup(&mut self.tx, self.now, id).await?,
        };
        if sent && !first {
            return Err(Fault::inconsistent("signups", "reminder_settled_at").into());
        }
        Ok(sent)
    }

    /// The owner of an address says "não fui eu": it hears of no sign-up for a long time.
    pub(super) async fn remind_no_more(&mut self, email: &Email) -> Result<(), Fault> {
        let key = contacts::counted_as(self.sealer, &Contact::Email(email.clone()));
        let mut rest = tallies::lock(&mut self.tx, SCOPE, &key, self.now).await?;
        let until: OffsetDateTime = self.now + REST_AFTER_NOT_ME;
        rest.blocked_until = rest.blocked_until.max(Some(until));
        Ok(tallies::save(&mut self.tx, SCOPE, &key, &rest).await?)
    }
}
