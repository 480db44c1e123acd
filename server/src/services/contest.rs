//! Contesting a document (SPEC §16; states in `portaria::contest`).
//!
//! Every answer, limit and row is the same whether or not an account holds the document, and whichever it is. A contest may
//! be begun for any document. It is proved by a code to the contestant's contact and decided after seven days. The holder
//! is told only at proved contacts.

use super::codes::{CodeSubmitter, Sending, send_scope};
use super::signups::whole_seconds;
use super::support::operator;
use super::turn::{Caught, Done, Turn};
use super::webhooks::document_left;
use super::{Service, ourselves};
use crate::config::Webhook;
use crate::db::contacts;
use crate::db::contests::{self, Ends, Open};
use crate::db::verifications::{self, Stored, Subject};
use crate::db::{accounts, audit, documents, outbox, recovery_grants, tallies};
use crate::entropy;
use crate::fault::Fault;
use crate::metrics::{Counts, MessageState, Metrics};
use crate::seal::{Index, Sealer};
use portaria::account::Account;
use portaria::audit::Event;
use portaria::contact::Contact;
use portaria::contest::{self, ContestForm, DECIDED_AFTER};
use portaria::error::{Field, FieldError, FieldErrors, Refusal};
use portaria::message::{Channel, Content};
use portaria::purpose::{CodeFor, LinkFor};
use portaria::recovery::open_once;
use portaria::session::{Requester, Token};
use portaria::value::{Code, Document};
use portaria::verification::State;
use portaria::view::CodeSent;
use sqlx::{PgConnection, PgPool};
use time::OffsetDateTime;
use uuid::Uuid;

const PURPOSE: CodeFor = CodeFor::Contest;
const LINK: LinkFor = LinkFor::DocumentMine;

impl Service {
    /// Returns whether a link can be sent to this contact.
    fn may_text(&self, contact: &Contact) -> bool {
        match contact {
            Contact::Email(_) => true,
            Contact::Phone(phone) => self.texts.contains(&Channel::Sms) && self.may_send_to(phone),
        }
    }
}

impl Turn<'_> {
    /// Sends a code to the contestant's contact.
    pub(super) async fn ask_contest(&mut self, form: &ContestForm) -> Done<CodeSent> {
        let parsed = form.parse().map_err(Refusal::Invalid)?;
        if !self.service.may_reach(&parsed.contact) {
            return Err(Refusal::field(Field::Phone, FieldError::PhoneInvalid).into());
        }
        let offered = parsed.contact.code_channels();
        let channel = match parsed.channel {
            Some(chosen) if !offered.contains(&chosen) => None,
            chosen => self.service.channel(chosen, offered),
        };
        let Some(channel) = channel else { return Err(Refusal::field(Field::Channel, FieldError::ChannelUnavailable).into()) };
        let destination = &parsed.contact;
        let (document, contact) = (documents::index(self.sealer, &parsed.document), contacts::index(self.sealer, destination));
        let counted = contacts::counted_as(self.sealer, destination);
        let ends = Ends { document: &document, contact: &contact, counted: &counted };
        // A waiting contest is reused: its live code is sent again.
        let waiting = contests::waiting(&mut self.tx, self.now, ends).await?;
        let id = match waiting {
            Some(id) => id,
            None => contests::insert(&mut self.tx, self.sealer, self.now, ends, destination.address()).await?,
        };
        let sending = Sending {
            purpose: PURPOSE.into(),
            subject: Subject::Contest(id),
            destination,
            channel,
            chosen: parsed.channel.is_some(),
            name: "",
            in_use: false,
        };
        if let Err(refusal) = self.send(&sending).await.caught()? {
            if waiting.is_none() {
                contests::withdraw(&mut self.tx, id).await?;
            }
            return Err(refusal.into());
        }
        let entry = audit::Entry { subject: Some(&document), ..audit::Entry::of(Event::ContestRequested, "ok") };
        self.audit(entry).await?;
        let tally = tallies::peek(&mut self.tx, &send_scope(PURPOSE), &contact).await?;
        Ok(CodeSent {
            destination: destination.masked(),
            channel,
            expires_in: whole_seconds(self.rules.lifetime(PURPOSE.facts().lifetime)),
            resend_in: tally.next_send_in(self.now, self.rules.resend_wait).unwrap_or(0),
        })
    }

    /// With the right code, the seven days begin. A second contest of the same document by the same contact gets the same
    /// answer and changes nothing.
    pub(super) async fn prove_contest(&mut self, form: &ContestForm, code: &str) -> Done<()> {
        let mut errors = FieldErrors::new();
        let code = errors.take(Field::Code, Code::parse(code, PURPOSE.digits()));
        let (parsed, code) = match (form.parse(), code) {
            (Ok(parsed), Some(code)) => (parsed, code),
            (Ok(_), None) => return Err(Refusal::Invalid(errors).into()),
            (Err(wrong), _) => {
                wrong.iter().for_each(|(field, error)| errors.push(field, error));
                return Err(Refusal::Invalid(errors).into());
            }
        };
        let destination = &parsed.contact;
        let (document, contact) = (documents::index(self.sealer, &parsed.document), contacts::index(self.sealer, destination));
        let counted = contacts::counted_as(self.sealer, destination);
        let ends = Ends { document: &document, contact: &contact, counted: &counted };
        let waiting = contests::waiting(&mut self.tx, self.now, ends).await?;
        // If no contest waits, the entry is counted all the same, against an id that matches nothing.
        let only = Subject::Contest(waiting.unwrap_or_else(entropy::uuid));
        let note = |outcome| audit::Entry { subject: Some(&document), ..audit::Entry::of(Event::ContestProved, outcome) };
        let id = match self.take_code(PURPOSE, &contact, &code, Some(only), CodeSubmitter::Stranger).await.caught()? {
            Ok(entered) => entered.subject.contest()?,
            Err(refusal) => {
                self.audit(note(refusal.code())).await?;
                return Err(refusal.into());
            }
        };
        let before = contests::last_proved(&mut self.tx, ends).await?;
        if before.is_some_and(|before| contest::is_too_soon(before, self.now)) {
            // The row stays unproved and is deleted by a sweep.
            self.audit(note("too-soon")).await?;
            return Ok(());
        }
        let holder = documents::holder(&mut self.tx, self.sealer, &document).await?;
        contests::prove(&mut self.tx, self.now, id, holder).await?;
        if let Some(holder) = holder {
            let account = accounts::by_id(&mut self.tx, self.sealer, holder).await?.ok_or(Fault::inconsistent("contests", "holder_id"))?;
            self.ask_holder(id, &document, &account).await?;
        }
        self.audit(audit::Entry { account: holder, ..note("ok") }).await?;
        Ok(())
    }

    /// Sends one link to every proved contact that can receive links.
    async fn ask_holder(&mut self, contest: Uuid, document: &[u8], account: &Account) -> Result<(), Fault> {
        let told: Vec<Contact> = account.reachable_contacts().filter(|contact| self.service.may_text(contact)).collect();
        let Some(first) = told.first() else { return Ok(()) };
        let new = verifications::New {
            purpose: LINK.into(),
            subject: Subject::Contest(contest),
            destination: document,
            channel: first.text_channel(),
            channel_chosen: false,
            fixed: None,
            lifetime: self.rules.lifetime(LINK.facts().lifetime),
        };
        let link = verifications::insert(&mut self.tx, self.sealer, self.now, &new).await?;
        let content = Content::Secret { purpose: LINK.into(), name: Some(account.greeted_as().to_owned()), asked: None, in_use: true };
        for contact in &told {
            let message = outbox::NewMessage {
                channel: contact.text_channel(),
                recipient: contact.address(),
                content: &content,
                verification_id: Some(link.id),
                account: Some(account.id),
                drop_at: self.now + DECIDED_AFTER,
            };
            self.enqueue(&message).await?;
        }
        Ok(())
    }

    /// The link of a contest that is still open, or that such a link has already ended.
    async fn document_mine(&mut self, token: &Token) -> Done<(Stored, Uuid, Index, Option<i64>)> {
        let stored = verifications::by_link(&mut self.tx, self.sealer, token.expose()).await?.filter(|it| it.facts.purpose == LINK.into());
        let Some(stored) = stored else { return Err(Refusal::LinkUnknown.into()) };
        let id = stored.subject.contest()?;
        let contest = contests::by_id(&mut self.tx, id).await?;
        let (document, holder, outcome) = contest.ok_or(Fault::inconsistent("verifications", "contest_id"))?;
        let document = self.sealer.found_by(&document);
        let kept = outcome.as_deref() == Some(contest::Outcome::Kept.as_str());
        let used = stored.facts.state(self.now) == State::Spent;
        match (&outcome, open_once(&stored.facts, self.now)) {
            // Already confirmed, by this link or another: nothing is left to do.
            (Some(_), _) if kept && (used || stored.facts.can_be_entered(self.now)) => Ok((stored, id, document, holder)),
            (Some(_), _) => Err(Refusal::LinkLapsed.into()),
            (None, Ok(())) => Ok((stored, id, document, holder)),
            (None, Err(refusal)) => Err(refusal.into()),
        }
    }

    /// Checks that the link may be used, without using it.
    pub(super) async fn look_at_document_mine(&mut self, token: &Token) -> Done<()> {
        self.document_mine(token).await?;
        Ok(())
    }

    /// "Este documento é meu": ends every contest of the document against this holder.
    pub(super) async fn keep_document(&mut self, token: &Token) -> Done<()> {
        let note = |outcome, account, subject| audit::Entry { event: Event::ContestKept, outcome, account, signup: None, subject };
        let (stored, id, document, holder) = match self.document_mine(token).await.caught()? {
            Ok(link) => link,
            Err(refusal) => {
                self.audit(note(refusal.code(), None, None)).await?;
                return Err(refusal.into());
            }
        };
        verifications::spend(&mut self.tx, self.now, stored.id).await?;
        for open in contests::of_document(&mut self.tx, &document).await? {
            if open.id == id || (holder.is_some() && open.holder_id == holder) {
                contests::decide(&mut self.tx, self.now, open.id, contest::Outcome::Kept).await?;
            }
        }
        self.audit(note("ok", holder, Some(&document))).await?;
        Ok(())
    }
}

/// What a decision by time or by an operator at the command line needs.
#[derive(Clone, Copy)]
pub struct Decider<'a> {
    pub sealer: &'a Sealer,
    pub webhooks: &'a [Webhook],
    pub now: OffsetDateTime,
}

/// Ends a contest. If it is `Freed`, the document leaves the account that held it when the contest was proved, and that
/// account's recovery codes and grants die. The contestant is told only if no account holds the document then. Returns what
/// counts once it is committed.
async fn decide(
    conn: &mut PgConnection,
    by: Decider<'_>,
    who: &Requester,
    contest: &Open,
    outcome: contest::Outcome,
) -> Result<Counts, Fault> {
    let mut counts = Counts::default();
    let Decider { sealer, webhooks, now } = by;
    let document = sealer.found_by(&contest.document_index);
    if outcome == contest::Outcome::Freed {
        if let Some(holder) = contest.holder_id
            && documents::release(conn, sealer, now, holder, &document).await?
        {
            verifications::kill_of(conn, now, CodeFor::Recovery, Subject::Account(holder)).await?;
            recovery_grants::spend_all(conn, now, holder).await?;
            document_left(conn, sealer, webhooks, now, holder).await?;
        }
        if documents::holder(conn, sealer, &document).await?.is_none() {
            let contact = contest.contact(sealer)?;
            let message = outbox::NewMessage {
                channel: contact.text_channel(),
                recipient: contact.address(),
                content: &Content::DocumentFree,
                verification_id: None,
                account: None,
                drop_at: now + DECIDED_AFTER,
            };
            outbox::enqueue(conn, sealer, now, &message).await?;
            counts.message(message.channel, MessageState::Queued);
        }
    }
    verifications::kill_of(conn, now, LINK, Subject::Contest(contest.id)).await?;
    contests::decide(conn, now, contest.id, outcome).await?;
    let entry = audit::Entry {
        event: Event::ContestDecided,
        outcome: outcome.as_str(),
        account: contest.holder_id,
        signup: None,
        subject: Some(&document),
    };
    audit::record(conn, now, who, entry).await?;
    counts.event(entry.event, entry.outcome);
    Ok(counts)
}

/// Frees the documents whose seven days are over, one transaction each. Any number of nodes may run it at once, and an
/// interrupted one loses nothing. Returns how many contests it decided.
pub async fn decide_due(pool: &PgPool, by: Decider<'_>, metrics: &Metrics) -> Result<u64, Fault> {
    let now = by.now;
    let who = ourselves("portaria: seven days");
    let mut decided = 0;
    loop {
        let mut tx = pool.begin().await?;
        let Some(due) = contests::next_due(&mut tx, now).await? else { break };
        let counts = decide(&mut tx, by, &who, &due, contest::Outcome::Freed).await?;
        tx.commit().await?;
        metrics.committed(&counts);
        decided += 1;
    }
    Ok(decided)
}

/// `portaria accounts contest`: an operator decides every open contest of a document. Returns how many there were.
pub async fn decide_by_operator(pool: &PgPool, by: Decider<'_>, document: &Document, outcome: contest::Outcome) -> Result<usize, Fault> {
    let who = operator("contest");
    let mut tx = pool.begin().await?;
    let open = contests::of_document(&mut tx, &documents::index(by.sealer, document)).await?;
    for contest in &open {
        // Nobody asks a command for its metrics.
        let _ = decide(&mut tx, by, &who, contest, outcome).await?;
    }
    tx.commit().await?;
    Ok(open.len())
}
