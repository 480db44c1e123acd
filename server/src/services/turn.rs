//! One turn: the requester, the instant, and the transaction of one step of a use case.
//!
//! ```text
//!   Service::turn(who) ─► Turn ─► its steps, each `Done<T>` ─► Turn::end
//!                                   │ Ok                          commits
//!                                   │ Stop::Refused(refusal)      commits: its counters and audit rows survive
//!                                   └ Stop::Broken(fault)         rolls back; logged once, and told as "unavailable"
//! ```
//!
//! A use case that does costly work, such as hashing a password, takes one turn before it and one after it.

use super::Service;
use crate::client::Client;
use crate::config::Rules;
use crate::db::{self, audit, outbox};
use crate::delivery::lanes::Bell;
use crate::fault::Fault;
use crate::metrics::{Counts, MessageState, Step};
use crate::seal::{SealBroken, Sealer};
use crate::seen;
use portaria::accounts::Answer;
use portaria::audit::Event;
use portaria::error::Refusal;
use portaria::journey::Kind;
use portaria::session::Requester;
use sqlx::{Postgres, Transaction};
use time::OffsetDateTime;
use uuid::Uuid;

/// Why a step stops.
#[derive(Debug)]
pub(crate) enum Stop {
    Refused(Refusal),
    Broken(Fault),
}

/// The result of a step.
pub(crate) type Done<T> = Result<T, Stop>;

impl Stop {
    /// The refusal that the requester gets. A fault is logged here.
    pub(super) fn log_and_refuse(self) -> Refusal {
        match self {
            Self::Refused(refusal) => refusal,
            Self::Broken(fault) => fault.log_and_refuse(),
        }
    }
}

impl From<Refusal> for Stop {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl From<Fault> for Stop {
    fn from(fault: Fault) -> Self {
        Self::Broken(fault)
    }
}

impl From<sqlx::Error> for Stop {
    fn from(error: sqlx::Error) -> Self {
        Self::Broken(error.into())
    }
}

impl From<SealBroken> for Stop {
    fn from(broken: SealBroken) -> Self {
        Self::Broken(broken.into())
    }
}

/// For a step that continues after another was refused.
pub(super) trait Caught<T> {
    /// Returns a refusal as a value. A fault still stops the step.
    fn caught(self) -> Result<Answer<T>, Fault>;
}

impl<T> Caught<T> for Done<T> {
    fn caught(self) -> Result<Answer<T>, Fault> {
        match self {
            Ok(value) => Ok(Ok(value)),
            Err(Stop::Refused(refusal)) => Ok(Err(refusal)),
            Err(Stop::Broken(fault)) => Err(fault),
        }
    }
}

/// The requester, the instant and the transaction. The instant stays the same for the whole turn.
pub(crate) struct Turn<'a> {
    pub(super) service: &'a Service,
    pub(super) sealer: &'a Sealer,
    pub(super) rules: &'a Rules,
    pub(super) who: &'a Requester,
    pub(super) now: OffsetDateTime,
    pub(super) tx: Transaction<'static, Postgres>,
    /// Which lanes to wake after the commit.
    pub(super) enqueued: Vec<Bell>,
    /// A code was right in this turn: a session that it opens began with it.
    pub(super) by_code: bool,
    /// What to count after the commit.
    pub(super) counts: Counts,
    /// How much was to be counted when the attempt began.
    counted_before: usize,
}

impl Service {
    pub(super) async fn turn<'a>(&'a self, who: &'a Requester) -> Answer<Turn<'a>> {
        self.fresh_keys_for(who).await.map_err(|fault| fault.log_and_refuse())?;
        let tx = self.pool.begin().await.map_err(|error| Fault::from(error).log_and_refuse())?;
        Ok(Turn {
            service: self,
            sealer: &self.sealer,
            rules: &self.rules,
            who,
            now: self.now(),
            tx,
            enqueued: Vec::new(),
            by_code: false,
            counts: Counts::default(),
            counted_before: 0,
        })
    }
}

impl Turn<'_> {
    /// Ends the turn. A refusal commits, so that its counters and audit rows survive. A fault rolls back.
    pub(super) async fn end<T>(self, done: Done<T>) -> Answer<T> {
        let answer = match done {
            Ok(value) => Ok(value),
            Err(Stop::Refused(refusal)) => Err(refusal),
            // Dropping the transaction rolls it back.
            Err(Stop::Broken(fault)) => return Err(fault.log_and_refuse()),
        };
        self.tx.commit().await.map_err(|error| Fault::from(error).log_and_refuse())?;
        self.service.metrics.committed(&self.counts);
        self.enqueued.into_iter().for_each(|bell| self.service.bells.ring(bell));
        answer
    }

    /// The same of an attempt: a refusal that no step has audited becomes a row of its own, one over a limit is counted (SPEC §9, §16). Who
    /// is not signed in has tried nothing.
    pub(super) async fn end_attempt<T>(mut self, event: Event, done: Done<T>) -> Answer<T> {
        if let Err(Stop::Refused(refusal)) = &done
            && self.counts.so_far() == 0
        {
            let client = Client::of(self.who.client_ip);
            match refusal {
                Refusal::NotSignedIn | Refusal::TooMany { .. } | Refusal::Busy { .. } => {}
                Refusal::TooSoon { .. } => self.service.refusals.note_in_passing(client, event.as_str()),
                refusal if self.service.refusals.may_stand_alone(client, event.as_str()) => {
                    let entry = audit::Entry { account: seen::known(), ..audit::Entry::of(event, refusal.code()) };
                    self.audit(entry).await.map_err(|fault| fault.log_and_refuse())?;
                }
                _ => {}
            }
        }
        self.end(done).await
    }

    /// Sets a savepoint. A refusal before [`Turn::all_or_nothing`] leaves no trace, not even its counters.
    pub(super) async fn attempt(&mut self) -> Result<(), Fault> {
        self.counted_before = self.counts.so_far();
        Ok(db::savepoint(&mut self.tx).await?)
    }

    /// Ends an attempt. A refusal rolls back to the savepoint, and the turn continues.
    pub(super) async fn all_or_nothing<T>(&mut self, done: Done<T>) -> Done<T> {
        match &done {
            Ok(_) => db::keep_savepoint(&mut self.tx).await?,
            Err(Stop::Refused(_)) => {
                db::undo_savepoint(&mut self.tx).await?;
                self.counts.undo(self.counted_before);
            }
            Err(Stop::Broken(_)) => {}
        }
        done
    }

    /// Enqueues a message and returns its id. Its lane is woken after the commit.
    pub(super) async fn enqueue(&mut self, message: &outbox::NewMessage<'_>) -> Result<Uuid, Fault> {
        let id = outbox::enqueue(&mut self.tx, self.sealer, self.now, message).await?;
        self.enqueued.push(Bell::Messages(message.channel));
        self.counts.message(message.channel, MessageState::Queued);
        Ok(id)
    }

    pub(super) async fn audit(&mut self, entry: audit::Entry<'_>) -> Result<(), Fault> {
        if let Some(account) = entry.account {
            seen::account_if_unknown(account);
        }
        audit::record(&mut self.tx, self.now, self.who, entry).await?;
        self.counts.event(entry.event, entry.outcome);
        Ok(())
    }

    /// A sign-up of this kind began.
    pub(super) fn begun(&mut self, kind: Kind) {
        self.counts.signup(kind, Step::Begun);
    }
}
