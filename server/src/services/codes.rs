//! Sending codes and links, and taking codes: the rules of SPEC §4 and §11, for every journey and purpose alike.

use super::Service;
use super::entries::Entries;
pub(super) use super::entries::{Entrant, entry_scope};
use super::signups::whole_seconds;
use crate::db::verifications::{self, Stored, Subject};
use crate::db::{accounts, audit, outbox, tallies};
use crate::fault::{Fault, Outcome};
use portaria::entries::Killed;
use portaria::error::Refusal;
use portaria::message::{Asked, Channel, Content, Purpose};
use portaria::session::{Requester, known_device};
use portaria::value::{Code, Email, Phone};
use portaria::verification::{Proof, Verdict, judge};
use portaria::view::CodeSent;
use sqlx::PgConnection;
use time::OffsetDateTime;

/// Where a code or link goes.
#[derive(Debug, Clone)]
pub(super) enum Destination {
    /// A phone.
    Phone(Phone),
    /// An address.
    Email(Email),
}

impl Destination {
    /// As its carrier wants it.
    pub(super) fn recipient(&self) -> &str {
        match self {
            Self::Phone(phone) => phone.e164(),
            Self::Email(email) => email.as_str(),
        }
    }

    /// As people are shown it.
    pub(super) fn masked(&self) -> String {
        match self {
            Self::Phone(phone) => phone.masked(),
            Self::Email(email) => email.masked(),
        }
    }
}

/// A code or link to be sent.
pub(super) struct Sending<'a> {
    pub purpose: Purpose,
    pub subject: Subject,
    pub destination: &'a Destination,
    pub channel: Channel,
    /// The person chose the channel; otherwise another may follow by itself.
    pub chosen: bool,
    /// Whom to greet.
    pub name: &'a str,
}

/// A code that was right: whose it is, and the proof of where it had been sent.
pub(super) struct Entered {
    pub subject: Subject,
    pub destination: Vec<u8>,
    /// Of a recovery code: the contact by which it came.
    pub via: Option<Vec<u8>>,
    pub proof: Proof,
}

/// Who asks, as a message tells it.
pub(super) fn asked_by(who: &Requester, now: OffsetDateTime) -> Asked {
    Asked { at: now, device: known_device(&who.user_agent) }
}

pub(super) fn send_scope(purpose: Purpose) -> String {
    format!("send/{}", purpose.as_str())
}

impl Service {
    /// The key under which a destination is counted and its codes are found.
    pub(super) fn destination_index(&self, destination: &Destination) -> Vec<u8> {
        match destination {
            Destination::Phone(phone) => accounts::phone_index(&self.sealer, phone),
            Destination::Email(email) => self.sealer.index("destination.email", email.as_str()),
        }
    }

    /// The key under which what is sent to a destination is counted: one mailbox however it is tagged, `a+b@c` as `a@c`
    /// (SPEC §16).
    pub(super) fn counted_as(&self, destination: &Destination) -> Vec<u8> {
        match destination {
            Destination::Phone(_) => self.destination_index(destination),
            Destination::Email(email) => self.sealer.index("destination.email", &email.untagged()),
        }
    }

    /// The channel that a person chose, if it is set up here; or the first of the journey's that is.
    pub(super) fn channel(&self, chosen: Option<Channel>, offered: &[Channel]) -> Option<Channel> {
        match chosen {
            Some(channel) => self.rules.channels.contains(&channel).then_some(channel),
            // with nothing set up the message waits in the outbox and the operator reads a warning
            None => self.available(offered).first().or(offered.first()).copied(),
        }
    }

    /// Those of the journey's channels that are set up here.
    pub(super) fn available(&self, offered: &[Channel]) -> Vec<Channel> {
        offered.iter().copied().filter(|channel| self.rules.channels.contains(channel)).collect()
    }

    /// Whether this phone is sent to at all: a fence against premium numbers and other countries (SPEC §8).
    pub(super) fn may_send_to(&self, phone: &Phone) -> bool {
        self.rules.allowed_prefixes.iter().any(|prefix| phone.e164().starts_with(prefix.as_str()))
    }

    /// Sends a code or link: the live one again, or a new one if none lives. Counted against the destination and the
    /// address; refused when it is too early, before anything is written.
    pub(super) async fn send(&self, conn: &mut PgConnection, who: &Requester, now: OffsetDateTime, sending: &Sending<'_>) -> Outcome<()> {
        let destination = self.destination_index(sending.destination);
        let counted = self.counted_as(sending.destination);
        let scope = send_scope(sending.purpose);
        let mut tally = tallies::lock(&mut *conn, &scope, &counted, now).await?;
        let newest = verifications::newest_of(&mut *conn, sending.purpose, sending.subject).await?;
        let live = newest.filter(|it| it.facts.can_be_entered(now) && it.destination == destination);
        // what a carrier refused never arrived: another channel may be tried without the wait, but not without end
        let wait = if live.as_ref().is_some_and(|it| it.undeliverable) { time::Duration::ZERO } else { self.rules.resend_wait };
        if let Err(retry_after) = tally.send(now, wait) {
            return Ok(Err(Refusal::TooSoon { retry_after }));
        }
        if let Err(refusal) = self.count_send(&mut *conn, who, now).await? {
            return Ok(Err(refusal));
        }
        tallies::save(&mut *conn, &scope, &counted, &tally).await?;
        self.hand_over(conn, who, now, sending, &destination, live).await?;
        Ok(Ok(()))
    }

    /// Leaves the message in the outbox: with the live code or link, or a new one.
    async fn hand_over(
        &self,
        conn: &mut PgConnection,
        who: &Requester,
        now: OffsetDateTime,
        sending: &Sending<'_>,
        destination: &[u8],
        live: Option<Stored>,
    ) -> Result<(), Fault> {
        let stored = match live {
            Some(stored) => {
                verifications::send_again(&mut *conn, stored.id, sending.channel, sending.chosen).await?;
                stored
            }
            None => {
                verifications::kill_of(&mut *conn, now, sending.purpose, sending.subject).await?;
                let new = verifications::New {
                    purpose: sending.purpose,
                    subject: sending.subject,
                    destination,
                    channel: sending.channel,
                    channel_chosen: sending.chosen,
                    lifetime: self.rules.lifetime(sending.purpose.lifetime()),
                };
                verifications::insert(&mut *conn, &self.sealer, now, &new).await?
            }
        };
        let content = Content::Proof { purpose: sending.purpose, name: Some(sending.name.to_owned()), asked: Some(asked_by(who, now)) };
        let message = outbox::NewMessage {
            channel: sending.channel,
            recipient: sending.destination.recipient(),
            content: &content,
            verification_id: Some(stored.id),
            drop_at: stored.facts.good_until(),
        };
        outbox::enqueue(&mut *conn, &self.sealer, now, &message).await?;
        let (account, signup) = match sending.subject {
            Subject::Account(id) => (Some(id), None),
            Subject::Signup(id) => (None, Some(id)),
            Subject::Contest(_) => (None, None),
        };
        let entry = audit::Entry { event: "proof_sent", outcome: sending.purpose.as_str(), account, signup, subject: Some(destination) };
        audit::record(conn, now, who, entry).await?;
        Ok(())
    }

    /// The first code or link of a registration. Counted by itself: what strangers had sent to this address before, for a client
    /// of theirs say, must not keep its owner from registering (SPEC §11). What is sent again waits from here.
    pub(super) async fn send_first(
        &self,
        conn: &mut PgConnection,
        who: &Requester,
        now: OffsetDateTime,
        sending: &Sending<'_>,
    ) -> Outcome<()> {
        let destination = self.destination_index(sending.destination);
        let counted = self.counted_as(sending.destination);
        let (claims, again) = (format!("claim/{}", sending.purpose.as_str()), send_scope(sending.purpose));
        let mut tally = tallies::lock(&mut *conn, &claims, &counted, now).await?;
        if let Err(retry_after) = tally.send(now, time::Duration::ZERO) {
            return Ok(Err(Refusal::TooSoon { retry_after }));
        }
        let mut waits = tallies::lock(&mut *conn, &again, &counted, now).await?;
        if let Err(refusal) = self.count_send(&mut *conn, who, now).await? {
            return Ok(Err(refusal));
        }
        waits.hits.push(now);
        tallies::save(&mut *conn, &claims, &counted, &tally).await?;
        tallies::save(&mut *conn, &again, &counted, &waits).await?;
        self.hand_over(conn, who, now, sending, &destination, None).await?;
        Ok(Ok(()))
    }

    /// Where there is nobody to send to: counted and refused exactly as [`Service::send`] would.
    pub(super) async fn send_nothing(
        &self,
        conn: &mut PgConnection,
        who: &Requester,
        now: OffsetDateTime,
        purpose: Purpose,
        destination: &Destination,
    ) -> Outcome<()> {
        self.count_unsent(conn, who, now, &send_scope(purpose), &self.counted_as(destination)).await
    }

    /// The same under a tally of one's own.
    pub(super) async fn count_unsent(
        &self,
        conn: &mut PgConnection,
        who: &Requester,
        now: OffsetDateTime,
        scope: &str,
        key: &[u8],
    ) -> Outcome<()> {
        let mut tally = tallies::lock(&mut *conn, scope, key, now).await?;
        if let Err(retry_after) = tally.send(now, self.rules.resend_wait) {
            return Ok(Err(Refusal::TooSoon { retry_after }));
        }
        let counted = self.count_send(&mut *conn, who, now).await?;
        if counted.is_ok() {
            tallies::save(conn, scope, key, &tally).await?;
        }
        Ok(counted)
    }

    /// What who asked for a code to a phone is told: where to, how long it lives, when it can be asked for again.
    pub(super) async fn code_sent(
        &self,
        conn: &mut PgConnection,
        now: OffsetDateTime,
        scope: &str,
        phone: &Phone,
    ) -> Result<CodeSent, Fault> {
        let tally = tallies::peek(conn, scope, &accounts::phone_index(&self.sealer, phone)).await?;
        Ok(CodeSent {
            destination: phone.masked(),
            expires_in: whole_seconds(self.rules.code_phone),
            resend_in: tally.next_send_in(now, self.rules.resend_wait).unwrap_or(0),
        })
    }

    /// Takes a code typed for a destination. Counted before it is compared, whatever the code, under a lock that lets one
    /// entry at a time through: of two right ones at once, one wins. `only` binds it to one sign-up or account.
    ///
    /// Who holds what the code is for is counted apart, and only its own wrong entries stop it: strangers cannot use them up,
    /// nor kill the code. What they may guess in all is bounded by the day (SPEC §16).
    #[expect(clippy::too_many_arguments, reason = "what was typed, for what, by whom and when")]
    pub(super) async fn take_code(
        &self,
        conn: &mut PgConnection,
        now: OffsetDateTime,
        purpose: Purpose,
        destination: &[u8],
        code: &Code,
        only: Option<Subject>,
        entrant: Entrant<'_>,
    ) -> Outcome<Entered> {
        let mut entries = match Entries::lock(&mut *conn, now, purpose, destination, entrant).await? {
            Ok(entries) => entries,
            Err(retry_after) => return Ok(Err(Refusal::CodeBlocked { retry_after })),
        };
        let before = entries.clone();
        let blocked = entries.strike(now, self.rules.entries);
        entries.save(&mut *conn).await?;
        let mut lapsed = false;
        for stored in verifications::open_at(&mut *conn, purpose, destination, now).await? {
            if only.is_some_and(|only| only != stored.subject) {
                continue;
            }
            match judge(&stored.facts, &stored.destination, stored.is_code(&self.sealer, code.as_str()), now) {
                Verdict::Accepted(proof) if verifications::spend(&mut *conn, now, stored.id).await? => {
                    before.cleared().save(conn).await?;
                    return Ok(Ok(Entered { subject: stored.subject, destination: stored.destination, via: stored.via, proof }));
                }
                Verdict::TooLate => lapsed = true,
                _ => {}
            }
        }
        if lapsed {
            // right but late is no guess: it is not held against the person
            before.save(conn).await?;
            return Ok(Err(if purpose.tells_lapsed() { Refusal::CodeLapsed } else { Refusal::CodeRefused }));
        }
        if blocked {
            match (entrant.kills(), only) {
                (Killed::Own, Some(own)) => verifications::kill_of(conn, now, purpose, own).await?,
                _ => verifications::kill_unheld_at(conn, now, purpose, destination).await?,
            }
            return Ok(Err(Refusal::CodeBlocked { retry_after: entries.blocked_for(now).unwrap_or(1) }));
        }
        Ok(Err(Refusal::CodeRefused))
    }
}
