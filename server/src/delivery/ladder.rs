//! The ladder of a code (SPEC §12): what carriers report, and the next channel for what failed or of which nobody has told.
//!
//! ```text
//!   hand-over ──► report due in DELIVERY_PATIENCE, where the channel reports
//!                   │ delivered ──► the ladder ends
//!                   │ failed, or refused at the hand-over ──┐   the system chose ──► the same live code by the next channel, once each
//!                   └ nothing in time ──────────────────────┤   the person chose ──► the page says so and offers the others
//!                                                           └─  no channel is left ──► the page says so
//! ```
//!
//! Every step is one transaction that locks the code: whichever node sees a report, or a silence, the code climbs once, and a node that
//! dies between two steps leaves what another goes on with. A code that was spent, replaced or corrected climbs no more.

use super::lanes::{Bell, Bells, Delivery, Lane};
use super::{Carriers, fault};
use crate::clock::Clock;
use crate::db::rungs::{self, Envelope, Rung};
use crate::db::spending;
use crate::metrics::{Counts, MessageState, Metrics};
use crate::seal::Sealer;
use async_trait::async_trait;
use portaria::message::{Channel, Report};
use portaria::reaching::Reach;
use portaria::spending::Budgets;
use sqlx::{PgConnection, PgPool};
use std::sync::Arc;
use time::{Duration, OffsetDateTime};
use uuid::Uuid;

/// What is waited for by default (`DELIVERY_PATIENCE`).
pub const PATIENCE: Duration = Duration::seconds(20);
/// How long a silence that this node cannot act upon is left to another.
const LEFT_TO_OTHERS: Duration = Duration::seconds(5);

#[derive(Debug, Clone)]
pub struct Ladder {
    pool: PgPool,
    sealer: Sealer,
    clock: Clock,
    reach: Reach,
    patience: Duration,
    reporting: Vec<Channel>,
    budgets: Budgets,
    bells: Arc<Bells>,
    metrics: Arc<Metrics>,
}

/// What a step did, to be told when its transaction has committed.
#[derive(Debug, Default)]
pub(super) struct Step {
    counts: Counts,
    enqueued: Option<Channel>,
}

impl Ladder {
    /// WhatsApp, then SMS, of what the carriers offer; no carrier reports.
    pub fn new(pool: PgPool, sealer: Sealer, clock: Clock, carriers: &Carriers) -> Self {
        let reach = Reach::new(&[Channel::WhatsApp, Channel::Sms], &carriers.channels());
        let (bells, metrics) = (Arc::default(), Arc::default());
        Self { pool, sealer, clock, reach, patience: PATIENCE, reporting: Vec::new(), budgets: Budgets::default(), bells, metrics }
    }

    /// With another order, and another patience.
    #[must_use]
    pub fn ordered(self, reach: Reach, patience: Duration) -> Self {
        Self { reach, patience, ..self }
    }

    /// With these channels whose carriers report what becomes of messages.
    #[must_use]
    pub fn hearing(self, reporting: Vec<Channel>) -> Self {
        Self { reporting, ..self }
    }

    /// With these limits of spending.
    #[must_use]
    pub fn within(self, budgets: Budgets) -> Self {
        Self { budgets, ..self }
    }

    /// With these lanes woken, and what happens counted here.
    #[must_use]
    pub fn telling(self, bells: Arc<Bells>, metrics: Arc<Metrics>) -> Self {
        Self { bells, metrics, ..self }
    }

    /// Returns whether the carrier of a channel reports what becomes of its messages.
    pub fn hears_of(&self, channel: Channel) -> bool {
        self.reporting.contains(&channel)
    }

    /// Until when the word of the delivery of a message with a code is waited for, if it comes at all.
    pub(super) fn report_due_at(&self, channel: Channel, has_code: bool, now: OffsetDateTime) -> Option<OffsetDateTime> {
        (has_code && self.hears_of(channel)).then_some(now + self.patience)
    }

    pub(super) fn committed(&self, step: &Step) {
        self.metrics.committed(&step.counts);
        if let Some(channel) = step.enqueued {
            self.bells.ring(Bell::Messages(channel));
        }
    }

    /// Takes a carrier's final report. One of a message that is not known is kept: it may have come before our own record.
    ///
    /// # Errors
    /// When it could not be recorded; the carrier sends it again.
    pub async fn take(&self, channel: Channel, provider_id: &str, report: Report, wa_id: Option<&str>) -> Result<(), sqlx::Error> {
        let now = self.clock.now();
        let mut tx = self.pool.begin().await?;
        let earlier = rungs::meet(&mut tx, now, channel, provider_id).await?;
        let step = match rungs::by_provider_id(&mut tx, channel, provider_id).await? {
            Some((message, code)) => {
                if let Some(wa_id) = wa_id {
                    rungs::keep_wa_id(&mut tx, &self.sealer, message, wa_id).await?;
                }
                self.apply(&mut tx, now, message, code, report).await?
            }
            None => {
                rungs::wait(&mut tx, channel, provider_id, earlier.unwrap_or(report)).await?;
                Step::default()
            }
        };
        tx.commit().await?;
        self.committed(&step);
        Ok(())
    }

    /// Records the report of a message that is handed over. The first one stands.
    pub(super) async fn apply(
        &self,
        conn: &mut PgConnection,
        now: OffsetDateTime,
        message: Uuid,
        code: Option<Uuid>,
        report: Report,
    ) -> Result<Step, sqlx::Error> {
        let rung = match code {
            Some(code) => rungs::lock(conn, code).await?,
            None => None,
        };
        let mut step = Step::default();
        let Some(envelope) = rungs::report(conn, now, message, report).await? else { return Ok(step) };
        let channel = envelope.channel;
        tracing::info!(channel = channel.as_str(), report = report.as_str(), "a carrier reported");
        match report {
            Report::Delivered => {
                step.counts.message(channel, MessageState::Delivered);
                if let Some(code) = code {
                    rungs::delivered(conn, code, channel).await?;
                }
            }
            Report::Failed => {
                step.counts.message(channel, MessageState::Failed);
                if let Some(rung) = rung
                    && !self.climb(conn, now, envelope, &rung, &mut step).await?
                {
                    rungs::undeliverable(conn, now, message, channel, code).await?;
                }
            }
        }
        Ok(step)
    }

    /// A message was refused at its hand-over. Returns whether its code follows by another channel.
    pub(super) async fn refused(&self, conn: &mut PgConnection, envelope: Envelope, step: &mut Step) -> Result<bool, sqlx::Error> {
        let now = self.clock.now();
        match envelope.verification_id {
            Some(code) => match rungs::lock(conn, code).await? {
                Some(rung) => self.climb(conn, now, envelope, &rung, step).await,
                None => Ok(false),
            },
            // A notice: WhatsApp brings codes and nothing else.
            None if envelope.channel == Channel::WhatsApp && self.reach.all().contains(&Channel::Sms) => {
                rungs::follow(conn, &self.sealer, now, &envelope, Channel::Sms, None).await?;
                step.enqueue(Channel::Sms);
                Ok(true)
            }
            None => Ok(false),
        }
    }

    /// Returns whether some channel is left for the code of a message that is still to be handed over.
    pub(super) async fn may_climb(&self, conn: &mut PgConnection, code: Uuid, from: Channel) -> Result<bool, sqlx::Error> {
        let Some(rung) = rungs::lock(conn, code).await? else { return Ok(false) };
        Ok(rung.channel == from && self.next(conn, &rung, &[]).await?.is_some())
    }

    /// The same live code goes by the next channel, if there is one.
    async fn climb(
        &self,
        conn: &mut PgConnection,
        now: OffsetDateTime,
        envelope: Envelope,
        rung: &Rung,
        step: &mut Step,
    ) -> Result<bool, sqlx::Error> {
        let Some(code) = envelope.verification_id else { return Ok(false) };
        let is_present = rung.channel == envelope.channel && !rung.delivered && rung.verification.can_be_entered(now);
        if !is_present || !envelope.is_kept() {
            return Ok(false);
        }
        let ddd = envelope.ddd(&self.sealer)?;
        let proved = rung.verification.purpose.facts().to_proved;
        let rest = match &ddd {
            Some(ddd) if self.reach.all().contains(&Channel::Sms) && !rung.tried.contains(&Channel::Sms) => {
                let spent = spending::lock(conn, now, ddd, self.budgets.sms.is_some()).await?;
                self.budgets.rests(spent, proved)
            }
            _ => None,
        };
        let resting = rest.map(|_| Channel::Sms);
        if let (Some(rest), Some(ddd), Some((Channel::Sms, _))) = (rest, &ddd, self.next(conn, rung, &[]).await?) {
            step.counts.rested(rest);
            spending::alarm(conn, now, ddd, rest).await?;
        }
        let Some((channel, address)) = self.next(conn, rung, resting.as_slice()).await? else { return Ok(false) };
        if let Some(ddd) = ddd.filter(|_| channel != Channel::Email) {
            spending::count(conn, now, &ddd, !proved, channel == Channel::Sms).await?;
        }
        let from = envelope.channel;
        let envelope = rungs::until(envelope, rung.verification.good_until());
        rungs::follow(conn, &self.sealer, now, &envelope, channel, address.as_deref()).await?;
        let tried = [rung.tried.as_slice(), &[channel]].concat();
        rungs::moved(conn, code, channel, &tried).await?;
        step.enqueue(channel);
        tracing::info!(from = from.as_str(), to = channel.as_str(), "a code follows by another channel");
        Ok(true)
    }

    /// The next channel, and the address if it is another contact's.
    async fn next(
        &self,
        conn: &mut PgConnection,
        rung: &Rung,
        resting: &[Channel],
    ) -> Result<Option<(Channel, Option<String>)>, sqlx::Error> {
        // Links go where they went; what goes to an address has nothing to follow it.
        let Some(purpose) = rung.verification.purpose.code().filter(|_| rung.channel != Channel::Email) else { return Ok(None) };
        let by_email = purpose.may_follow_by_email();
        let address = match rung.account.filter(|_| by_email && !rung.chosen) {
            Some(account) => rungs::usable_email(conn, account).await?,
            None => None,
        };
        let next = self.reach.next(&rung.tried, rung.chosen, resting, address.is_some());
        Ok(next.map(|channel| (channel, address.filter(|_| channel == Channel::Email))))
    }

    /// Nobody told of the delivery of a message in time.
    async fn silence(&self, message: Uuid, code: Uuid, due_by: OffsetDateTime) -> Result<(), sqlx::Error> {
        let now = self.clock.now();
        let mut tx = self.pool.begin().await?;
        let mut step = Step::default();
        let rung = rungs::lock(&mut tx, code).await?;
        if let (Some(envelope), Some(rung)) = (rungs::wait_no_more(&mut tx, due_by, message).await?, rung) {
            let is_present = rung.channel == envelope.channel;
            if !self.climb(&mut tx, now, envelope, &rung, &mut step).await? && is_present {
                rungs::late(&mut tx, now, code).await?;
            }
        }
        tx.commit().await?;
        self.committed(&step);
        Ok(())
    }
}

impl Step {
    fn enqueue(&mut self, channel: Channel) {
        self.counts.message(channel, MessageState::Queued);
        self.enqueued = Some(channel);
    }

    pub(super) fn message(&mut self, channel: Channel, state: MessageState) {
        self.counts.message(channel, state);
    }
}

/// The messages of whose delivery nobody has told in time.
pub(super) struct SilenceLane(pub Arc<Ladder>);

#[async_trait]
impl Lane for SilenceLane {
    fn bell(&self) -> Bell {
        Bell::Silence
    }

    fn is_ordered(&self) -> bool {
        false
    }

    async fn claim(&self, due_by: OffsetDateTime, limit: usize) -> Result<Vec<Delivery>, sqlx::Error> {
        if self.0.reporting.is_empty() {
            return Ok(Vec::new());
        }
        let overdue = rungs::overdue(&self.0.pool, due_by, limit).await?;
        let act = |(message, code): (Uuid, Uuid)| {
            let ladder = Arc::clone(&self.0);
            let acting = async move {
                if let Err(error) = ladder.silence(message, code, due_by).await {
                    tracing::error!(code = fault(&error), "a code could not follow by another channel: it is tried again");
                    rungs::wait_on(&ladder.pool, message, ladder.clock.now() + LEFT_TO_OTHERS).await?;
                }
                Ok(false)
            };
            Box::pin(acting) as Delivery
        };
        Ok(overdue.into_iter().map(act).collect())
    }
}
