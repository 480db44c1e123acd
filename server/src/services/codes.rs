//! Sending codes and links, and accepting codes: the rules of SPEC §4 and §11 for every journey and purpose.

use super::Service;
use super::entries::Entries;
pub(super) use super::entries::{CodeSubmitter, entry_scope};
use super::signups::whole_seconds;
use super::throttle::{Allowance, counters, rows};
use super::turn::{Done, Stop, Turn};
use crate::config::Rules;
use crate::db::contacts;
use crate::db::verifications::{self, Stored, Subject};
use crate::db::{accounts, audit, link_codes, outbox, rungs, spending, tallies};
use crate::fault::Fault;
use crate::seal::Index;
use portaria::account::Account;
use portaria::audit::Event;
use portaria::contact::Contact;
use portaria::entries::RevokedCodes;
use portaria::error::{Field, Refusal};
use portaria::limits::Tally;
use portaria::message::{Asked, Channel, Content};
use portaria::purpose::{CodeFor, Purpose};
use portaria::session::{Requester, known_device};
use portaria::value::{Code, Phone};
use portaria::verification::{Proof, Verdict, judge};
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

/// A right code: its sign-up, account or contest, and the proof of where it had been sent.
pub(super) struct Entered {
    pub subject: Subject,
    pub destination: Vec<u8>,
    /// For a recovery code, the contact that it was sent to.
    pub via: Option<Vec<u8>>,
    pub proof: Proof,
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

impl Service {
    /// The chosen channel if it is set up here, else the system's choice.
    pub(super) fn channel(&self, chosen: Option<Channel>, offered: &[Channel]) -> Option<Channel> {
        self.reach.first(chosen, offered)
    }

    /// The offered channels that are set up here, the system's choice first.
    pub(super) fn available(&self, offered: &[Channel]) -> Vec<Channel> {
        self.reach.available(offered)
    }

    /// Parses a requested channel. Empty is `None`; otherwise it must be offered, and set up here.
    pub(super) fn asked_channel(&self, typed: &str, offered: &[Channel]) -> Result<Option<Channel>, Refusal> {
        self.reach.asked(typed, offered).map_err(|error| Refusal::field(Field::Channel, error))
    }

    /// Returns whether this phone may be sent to at all. This excludes premium numbers and other countries (SPEC §8).
    pub(super) fn may_send_to(&self, phone: &Phone) -> bool {
        self.rules.allowed_prefixes.iter().any(|prefix| phone.e164().starts_with(prefix.as_str()))
    }

    /// The same of any contact.
    pub(super) fn may_reach(&self, contact: &Contact) -> bool {
        match contact {
            Contact::Email(_) => true,
            Contact::Phone(phone) => self.may_send_to(phone),
        }
    }
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

    /// The channel by which a code goes to a phone now, counted (SPEC §12 "Spending"). Where SMS rests, the system takes another; one that
    /// was asked for is refused.
    pub(super) async fn spend(&mut self, sending: &Sending<'_>) -> Done<Channel> {
        let Contact::Phone(phone) = sending.destination else { return Ok(sending.channel) };
        if sending.purpose.code().is_none() {
            return Ok(sending.channel);
        }
        let (budgets, ddd, proved) = (self.rules.budgets, phone.ddd(), sending.purpose.facts().to_proved);
        let mut channel = sending.channel;
        if channel == Channel::Sms {
            let spent = spending::lock(&mut self.tx, self.now, ddd, budgets.sms.is_some()).await?;
            if let Some(rest) = budgets.rests(spent, proved) {
                self.counts.rested(rest);
                spending::alarm(&mut self.tx, self.now, ddd, rest).await?;
                channel = self.instead_of_sms(sending.destination, sending.chosen)?;
            }
        }
        spending::count(&mut self.tx, self.now, ddd, !proved, channel == Channel::Sms).await?;
        Ok(channel)
    }

    /// The channel by which a code would go to a phone now, without counting it: decided before it is known whether there is anybody, so
    /// that the answer tells nothing.
    pub(super) async fn goes_now(&mut self, phone: &Phone, purpose: CodeFor, channel: Channel, chosen: bool) -> Done<Channel> {
        if channel != Channel::Sms || !self.sms_rests(phone, purpose.into()).await? {
            return Ok(channel);
        }
        self.instead_of_sms(&Contact::Phone(phone.clone()), chosen)
    }

    /// What goes instead of an SMS that rests: the next channel, if the system chose.
    fn instead_of_sms(&self, destination: &Contact, chosen: bool) -> Done<Channel> {
        let mut channels = self.service.available(destination.code_channels());
        channels.retain(|channel| *channel != Channel::Sms);
        match channels.first() {
            Some(other) if !chosen => Ok(*other),
            _ => Err(Refusal::ChannelResting { channels }.into()),
        }
    }

    /// Returns whether SMS rests for a phone now.
    pub(super) async fn sms_rests(&mut self, phone: &Phone, purpose: Purpose) -> Result<bool, Fault> {
        let spent = spending::peek(&mut self.tx, self.now, phone.ddd()).await?;
        Ok(self.rules.budgets.rests(spent, purpose.facts().to_proved).is_some())
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

    /// Does what [`Turn::take_code`] does, and audits a refusal.
    pub(super) async fn enter_code(
        &mut self,
        purpose: CodeFor,
        destination: &Index,
        code: &Code,
        only: Option<Subject>,
        submitter: CodeSubmitter<'_>,
    ) -> Done<Entered> {
        match self.take_code(purpose, destination, code, only, submitter).await {
            Err(Stop::Refused(refusal)) => {
                let outcome = refusal.code();
                let entry = audit::Entry { subject: Some(destination), ..audit::Entry::of(Event::ProofFailed, outcome) };
                self.audit(entry).await?;
                Err(refusal.into())
            }
            done => done,
        }
    }

    /// Accepts a code typed for a destination. The entry is counted before the code is compared. A lock lets one entry
    /// through at a time: of two right ones at once, one wins. `only` restricts it to one sign-up, account or contest.
    ///
    /// The holder of the sign-up or account is counted separately, and only its own wrong entries block it. Strangers can
    /// neither use up its entries nor kill its code. A daily limit bounds what strangers may guess (SPEC §16).
    pub(super) async fn take_code(
        &mut self,
        purpose: CodeFor,
        destination: &Index,
        code: &Code,
        only: Option<Subject>,
        submitter: CodeSubmitter<'_>,
    ) -> Done<Entered> {
        let mut entries = Entries::lock(&mut self.tx, self.now, purpose, destination, submitter).await?;
        let before = entries.clone();
        let blocked = entries.strike(self.now, self.rules.entries);
        entries.save(&mut self.tx).await?;
        let mut lapsed = false;
        for stored in verifications::open_at(&mut self.tx, purpose, destination, self.now).await? {
            if only.is_some_and(|only| only != stored.subject) {
                continue;
            }
            match judge(&stored.facts, destination.newest(), stored.is_code(self.sealer, code.as_str()), self.now) {
                Verdict::Accepted(proof) if verifications::spend(&mut self.tx, self.now, stored.id).await? => {
                    before.cleared().save(&mut self.tx).await?;
                    self.by_code = true;
                    return Ok(Entered { subject: stored.subject, destination: destination.to_vec(), via: stored.via, proof });
                }
                Verdict::TooLate => lapsed = true,
                _ => {}
            }
        }
        if lapsed {
            // A right code that is too late is not a guess: it does not count against the person.
            before.save(&mut self.tx).await?;
            return Err(if purpose.reports_expiry() { Refusal::CodeLapsed } else { Refusal::CodeRefused }.into());
        }
        if blocked {
            match (submitter.revokes(), only) {
                (RevokedCodes::Own, Some(own)) => {
                    verifications::kill_of(&mut self.tx, self.now, purpose, own).await?;
                    if let (CodeFor::SignupEmail, Subject::Account(account)) = (purpose, own) {
                        link_codes::kill_code_beside(&mut self.tx, self.now, account).await?;
                    }
                }
                _ => link_codes::kill_unheld_at(&mut self.tx, self.now, purpose, destination).await?,
            }
            return Err(Refusal::CodeBlocked { retry_after: entries.blocked_for(self.now).unwrap_or(1) }.into());
        }
        Err(Refusal::CodeRefused.into())
    }
}
