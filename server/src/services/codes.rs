//! Sending codes and links, and accepting codes: the rules of SPEC §4 and §11 for every journey and purpose. What is sent is here, by
//! which channel in `channels`, and what is entered in `accept`.

mod accept;
mod channels;

pub(super) use super::entries::{CodeSubmitter, entry_scope};
pub(super) use accept::Entered;

use super::signups::whole_seconds;
use super::throttle::{Allowance, counters, rows};
use super::turn::{Done, Turn};
use crate::config::Rules;
use crate::db::contacts;
use crate::db::verifications::{self, Stored, Subject};
use crate::db::{accounts, audit, outbox, rungs, tallies};
use crate::fault::Fault;
use portaria::account::Account;
use portaria::audit::Event;
use portaria::contact::Contact;
use portaria::error::Refusal;
use portaria::limits::Tally;
use portaria::message::{Asked, Channel, Content};
use portaria::purpose::Purpose;
use portaria::session::{Requester, known_device};
use portaria::value::{Code, Phone};
use portaria::view::CodeSent;
use time::OffsetDateTime;

#[derive(Clone, Copy)]
pub(super) struct Sending<'a> {
    pub purpose: Purpose,
    pub subject: Subject,
    pub destination: &'a Contact,
    pub channel: Channel,
    /// The person chose the channel. Otherwise the message may move to another channel by itself.
    pub chosen: bool,
    /// The first name for the greeting; may be empty.
    pub name: &'a str,
    /// Whether its account can be signed in to already.
    pub in_use: bool,
}

impl<'a> Sending<'a> {
    /// What goes to a contact that an account has, or is about to have. The system chose the channel.
    pub fn to_account(account: &'a Account, purpose: impl Into<Purpose>, destination: &'a Contact, channel: Channel) -> Self {
        let (subject, name) = (Subject::Account(account.id), account.greeted_as());
        Self { purpose: purpose.into(), subject, destination, channel, chosen: false, name, in_use: account.contact_proved() }
    }
}

/// The requester as a message describes it.
pub(super) fn asked_by(who: &Requester, now: OffsetDateTime) -> Asked {
    Asked { at: now, device: known_device(&who.user_agent) }
}

pub(super) fn send_scope(purpose: impl Into<Purpose>) -> String {
    format!("send/{}", purpose.into().facts().name)
}

/// The code of a phone for tests; there is none in production.
fn fixed_code<'r>(rules: &'r Rules, sending: &Sending<'_>) -> Option<&'r Code> {
    let Contact::Phone(phone) = sending.destination else { return None };
    let fixed = rules.test_phones.iter().find(|(it, _)| it == phone).map(|(_, code)| code);
    fixed.filter(|code| sending.purpose.digits().is_some_and(|digits| code.as_str().len() == usize::from(digits)))
}

impl Turn<'_> {
    /// Sends a code or link: the live one again, or a new one if none is live. It counts against the destination and the
    /// requester's address. If it is too early, it is refused before anything is written.
    pub(super) async fn send(&mut self, sending: &Sending<'_>) -> Done<()> {
        let destination = contacts::index(self.sealer, sending.destination);
        let counted = contacts::counted_as(self.sealer, sending.destination);
        let scope = send_scope(sending.purpose);
        let mut tally = tallies::lock(&mut self.tx, &scope, &counted, self.now).await?;
        let newest = verifications::newest_of(&mut self.tx, sending.purpose, sending.subject).await?;
        let newest_id = newest.as_ref().map(|it| it.id);
        let live = newest.filter(|it| it.facts.can_be_entered(self.now) && it.went_to(self.sealer, sending.destination));
        // A message that failed, or of which nobody tells, may never arrive, so another channel may be tried without the wait. The limit
        // still applies.
        if let Some(newest) = &newest_id {
            // Locked before the day's spending, as by the ladder.
            rungs::lock(&mut self.tx, *newest).await?;
        }
        let wait = if live.as_ref().is_some_and(|it| it.undeliverable || it.late) { time::Duration::ZERO } else { self.rules.resend_wait };
        if let Err(retry_after) = tally.send(self.now, wait) {
            return Err(Refusal::TooSoon { retry_after }.into());
        }
        let channel = self.spend(sending).await?;
        let sending = &Sending { channel, ..*sending };
        self.count_send().await?;
        tallies::save(&mut self.tx, &scope, &counted, &tally).await?;
        let stored = match live {
            Some(stored) => {
                verifications::send_again(&mut self.tx, stored.id, sending.channel, sending.chosen).await?;
                stored
            }
            None => {
                verifications::kill_of(&mut self.tx, self.now, sending.purpose, sending.subject).await?;
                self.new_secret(sending, &destination).await?
            }
        };
        self.leave_message(sending, &destination, &stored).await?;
        Ok(())
    }

    /// A new code or link.
    async fn new_secret(&mut self, sending: &Sending<'_>, destination: &[u8]) -> Result<Stored, Fault> {
        let new = verifications::New {
            purpose: sending.purpose.into(),
            subject: sending.subject,
            destination,
            channel: sending.channel,
            channel_chosen: sending.chosen,
            lifetime: self.rules.lifetime(sending.purpose.facts().lifetime),
            fixed: fixed_code(self.rules, sending),
        };
        verifications::insert(&mut self.tx, self.sealer, self.now, &new).await
    }

    /// Enqueues the message with this code or link.
    async fn leave_message(&mut self, sending: &Sending<'_>, destination: &[u8], stored: &Stored) -> Result<(), Fault> {
        let (account, signup) = match sending.subject {
            Subject::Account(id) => (Some(id), None),
            Subject::Signup(id) => (None, Some(id)),
            Subject::Contest(_) => (None, None),
        };
        let content = Content::Secret {
            purpose: sending.purpose,
            name: Some(sending.name.to_owned()),
            asked: Some(asked_by(self.who, self.now)),
            in_use: sending.in_use,
        };
        let message = outbox::NewMessage {
            channel: sending.channel,
            recipient: sending.destination.address(),
            content: &content,
            verification_id: Some(stored.id),
            account,
            drop_at: stored.facts.good_until(),
        };
        self.enqueue(&message).await?;
        let entry =
            audit::Entry { event: Event::ProofSent, outcome: sending.purpose.facts().name, account, signup, subject: Some(destination) };
        self.audit(entry).await?;
        Ok(())
    }

    /// Counts the first code or link of a registration, or refuses it. It has its own tally: what strangers had sent to this
    /// address earlier must not keep its owner from registering (SPEC §11). The wait before a resend starts here: the result is what
    /// counts the messages to come.
    pub(super) async fn count_first(&mut self, purpose: Purpose, destination: &Contact) -> Done<Tally> {
        let counted = contacts::counted_as(self.sealer, destination);
        let (claims, again) = (format!("claim/{}", purpose.facts().name), send_scope(purpose));
        let counters = counters(self.who, Allowance::Sends);
        // As everywhere, the rows of the requester's address are locked last.
        let mut asked = vec![(claims.as_str(), &*counted), (again.as_str(), &*counted)];
        asked.extend(rows(&counters));
        let mut tallies = tallies::lock_all(&mut self.tx, &asked, self.now).await?;
        if let [claims, again, of_address @ ..] = tallies.as_mut_slice() {
            claims.send(self.now, time::Duration::ZERO).map_err(|retry_after| Refusal::TooSoon { retry_after })?;
            again.hits.push(self.now);
            self.hit(&counters, of_address)?;
        }
        tallies::save_all(&mut self.tx, &asked, &tallies).await?;
        Ok(tallies.swap_remove(1))
    }

    /// Sends the first code or link of a sign-up or account that was made just now, after [`Turn::count_first`].
    pub(super) async fn send_first(&mut self, sending: &Sending<'_>) -> Result<(), Fault> {
        let destination = contacts::index(self.sealer, sending.destination);
        let stored = self.new_secret(sending, &destination).await?;
        self.leave_message(sending, &destination, &stored).await
    }

    /// For a destination with no recipient: counts and refuses exactly as [`Turn::send`] would.
    pub(super) async fn send_nothing(&mut self, purpose: impl Into<Purpose>, destination: &Contact) -> Done<()> {
        self.count_unsent(&send_scope(purpose), &contacts::counted_as(self.sealer, destination)).await
    }

    /// The same under the caller's own tally.
    pub(super) async fn count_unsent(&mut self, scope: &str, key: &[u8]) -> Done<()> {
        let mut tally = tallies::lock(&mut self.tx, scope, key, self.now).await?;
        if let Err(retry_after) = tally.send(self.now, self.rules.resend_wait) {
            return Err(Refusal::TooSoon { retry_after }.into());
        }
        self.count_send().await?;
        Ok(tallies::save(&mut self.tx, scope, key, &tally).await?)
    }

    /// The answer to a request for a code by phone: the masked destination, the channel that was asked for, the code's lifetime, and the wait before a
    /// resend.
    pub(super) async fn code_sent(&mut self, scope: &str, phone: &Phone, channel: Channel) -> Result<CodeSent, Fault> {
        let tally = tallies::peek(&mut self.tx, scope, &accounts::phone_index(self.sealer, phone)).await?;
        Ok(self.code_counted(&tally, phone, channel))
    }

    /// The same, with the count of its messages at hand.
    pub(super) fn code_counted(&self, tally: &Tally, phone: &Phone, channel: Channel) -> CodeSent {
        CodeSent {
            destination: phone.masked(),
            channel,
            expires_in: whole_seconds(self.rules.code_phone),
            resend_in: tally.next_send_in(self.now, self.rules.resend_wait).unwrap_or(0),
        }
    }
}
