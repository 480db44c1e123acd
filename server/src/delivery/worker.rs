//! The worker: takes messages out of the outbox and hands them to their carriers, at least once each (SPEC §7).
//!
//! Each channel has its own lane, so that a mail server that hangs does not delay SMS.

use super::dev_outbox;
use super::ladder::{Ladder, SilenceLane, Step as LadderStep};
use super::lanes::{self, Bell, Delivery, Lane, Lanes};
use super::templates::{self, Rendered};
use super::{Accepted, Carrier, CarrierTimeouts, Carriers, Failure, Outgoing, fault, whatsapp};
use crate::clock::Clock;
use crate::db::link_codes;
use crate::db::outbox::{self, Due, Letter, Recorded, Undelivered};
use crate::db::reminders;
use crate::db::rungs::{self, Envelope};
use crate::db::{ACQUIRE_TIMEOUT, STATEMENT_TIMEOUT};
use crate::metrics::{MessageState, Metrics, Step};
use crate::seal::Sealer;
use crate::traces;
use async_trait::async_trait;
use portaria::brand::Brand;
use portaria::message::{Channel, Content};
use portaria::purpose::{LinkFor, Purpose};
use sqlx::PgPool;
use std::sync::Arc;
use text::{Language, Texts};
use time::{Duration, OffsetDateTime};
use url::Url;

/// The longest wait between two tries.
const LONGEST_WAIT: Duration = Duration::seconds(60);
/// After so many tries a code goes by another channel, if there is one, because a person waits for it.
const TRIES: u32 = 3;
/// The code of a message that this node cannot open.
const SEALED: &str = "sealed";

// A lease outlives the longest hand-over: the carrier's timeout, then the wait for a connection and the statement that records it.
const _: () = assert!(
    outbox::LEASE.whole_seconds().unsigned_abs()
        > CarrierTimeouts::USUAL.overall.as_secs() + ACQUIRE_TIMEOUT.as_secs() + STATEMENT_TIMEOUT.as_secs()
);

#[derive(Debug, Clone)]
pub struct DeliveryWorker {
    pool: PgPool,
    sealer: Sealer,
    clock: Clock,
    carriers: Arc<Carriers>,
    public_url: Url,
    brand: Arc<Brand>,
    texts: &'static Texts,
    metrics: Arc<Metrics>,
    ladder: Arc<Ladder>,
    /// Phones that no carrier is given.
    spared: Arc<[String]>,
}

impl DeliveryWorker {
    /// Its messages are in Portuguese.
    pub fn new(pool: PgPool, sealer: Sealer, clock: Clock, carriers: Arc<Carriers>, public_url: Url) -> Self {
        let ladder = Arc::new(Ladder::new(pool.clone(), sealer.clone(), clock.clone(), &carriers));
        Self {
            pool,
            sealer,
            clock,
            carriers,
            public_url,
            brand: Arc::default(),
            texts: Language::PtBr.texts(),
            metrics: Arc::default(),
            ladder,
            spared: Arc::default(),
        }
    }

    /// With what happens counted here; without this, nobody reads the counts.
    #[must_use]
    pub fn counting(self, metrics: Arc<Metrics>) -> Self {
        Self { metrics, ..self }
    }

    /// With this ladder of channels; without this, SMS follows WhatsApp, and no carrier reports.
    #[must_use]
    pub fn climbing(self, ladder: Arc<Ladder>) -> Self {
        Self { ladder, ..self }
    }

    /// With these phones, whose messages are captured instead of handed over (`TEST_PHONES`).
    #[must_use]
    pub fn sparing(self, spared: Vec<String>) -> Self {
        Self { spared: spared.into(), ..self }
    }

    /// With messages of this brand; without this, of ours.
    #[must_use]
    pub fn branded(self, brand: Arc<Brand>) -> Self {
        Self { brand, ..self }
    }

    /// Returns whether a channel has a carrier.
    pub fn offers(&self, channel: Channel) -> bool {
        self.carriers.offers(channel)
    }

    /// One lane for each channel, and one for the silence of carriers.
    pub fn lanes(&self) -> Lanes {
        let worker = Arc::new(self.clone());
        Channel::ALL
            .iter()
            .map(|channel| Arc::new(ChannelLane { worker: Arc::clone(&worker), channel: *channel }) as Arc<dyn Lane>)
            .chain([Arc::new(SilenceLane(Arc::clone(&self.ladder))) as Arc<dyn Lane>])
            .collect()
    }

    /// Delivers everything that is due now. Returns how many messages the carriers accepted.
    pub async fn deliver_due(&self) -> Result<usize, sqlx::Error> {
        lanes::drain(&self.lanes(), &self.clock).await
    }

    /// Returns whether the carrier accepted the message.
    async fn deliver(&self, due: &Due) -> Result<bool, sqlx::Error> {
        let now = self.clock.now();
        let too_late = due.drop_at <= now || due.code.as_ref().is_some_and(|code| !code.verification.can_be_entered(now));
        if too_late {
            self.give_up(due, Undelivered::Dropped, "too-late").await?;
            return Ok(false);
        }
        match self.hand_over(due, now).await {
            Ok(accepted) => {
                let (recorded, step) = self.record(due, &accepted).await?;
                self.count_accepted(due, recorded);
                self.ladder.committed(&step);
                tracing::info!(channel = due.channel.as_str(), attempts = due.attempts, "message handed over");
                Ok(true)
            }
            Err(Failure::Refused { code }) => {
                self.give_up(due, Undelivered::Refused, &code).await?;
                Ok(false)
            }
            Err(Failure::Retry { code }) => {
                self.try_again(due, &code).await?;
                Ok(false)
            }
        }
    }

    /// Records that a carrier has a message, and what it reported of it meanwhile.
    async fn record(&self, due: &Due, accepted: &Accepted) -> Result<(Recorded, LadderStep), sqlx::Error> {
        // A code's lifetime starts when its carrier has accepted it, not when the hand-over began.
        let now = self.clock.now();
        let id = accepted.provider_id.as_deref();
        let is_code = due.code.as_ref().is_some_and(|code| code.verification.purpose.code().is_some());
        // Also where the carrier gave it no id: then nobody can ever tell of it.
        let report_due_at = self.ladder.report_due_at(due.channel, is_code, now);
        let reported = id.filter(|_| self.ladder.hears_of(due.channel));
        if reported.is_none() && accepted.wa_id.is_none() {
            // All that there is to write is one statement.
            let mut conn = self.pool.acquire().await?;
            return Ok((outbox::record_accepted(&mut conn, now, due, id, report_due_at).await?, LadderStep::default()));
        }
        let mut tx = self.pool.begin().await?;
        let early = match reported {
            Some(id) => rungs::meet(&mut tx, now, due.channel, id).await?,
            None => None,
        };
        let recorded = outbox::record_accepted(&mut tx, now, due, id, report_due_at).await?;
        if let Some(wa_id) = accepted.wa_id.as_deref().filter(|_| recorded.handed) {
            rungs::keep_wa_id(&mut tx, &self.sealer, due.id, wa_id).await?;
        }
        let step = match early {
            Some(report) => self.ladder.apply(&mut tx, now, due.id, due.code.as_ref().map(|code| code.id), report).await?,
            None => LadderStep::default(),
        };
        tx.commit().await?;
        Ok((recorded, step))
    }

    fn count_accepted(&self, due: &Due, recorded: Recorded) {
        if recorded.handed {
            self.metrics.message(due.channel, MessageState::Handed);
        }
        if let Some(kind) = recorded.first_of {
            self.metrics.signup(kind, Step::Sent);
        }
    }

    async fn hand_over(&self, due: &Due, now: OffsetDateTime) -> Result<Accepted, Failure> {
        let carrier = self.carriers.carrier(due.channel).ok_or_else(|| Failure::refused("no-carrier").loud())?;
        // This node may lack a key that another node has.
        let letter = due.open(&self.sealer).map_err(|_| Failure::retry(SEALED).loud())?;
        if matches!(letter.content, Content::Secret { .. }) && letter.secret.is_none() {
            return Err(Failure::refused("no-secret"));
        }
        if let Content::SignupLeft { page_of, .. } = &letter.content {
            // Its link was spent, or whoever began it came back meanwhile.
            let is_left = match page_of {
                Some(signup) => reminders::waits(&self.pool, signup, now).await.map_err(|error| Failure::retry(fault(&error)))?,
                None => letter.secret.is_some(),
            };
            if !is_left {
                return Err(Failure::refused("came-back"));
            }
        }
        let valid_for = due.code.as_ref().map_or(due.drop_at - now, |code| {
            let verification = &code.verification;
            verification.expires_at.map_or(verification.lifetime, |expires_at| expires_at - now)
        });
        let (secret, beside) = (letter.secret.as_deref(), self.code_beside(due, &letter));
        let (to, brand) = (&self.public_url, &self.brand);
        let rendered = templates::render_beside(&letter.content, secret, beside.as_deref(), valid_for, to, brand, self.texts);
        let outgoing = Outgoing { id: due.id, recipient: &letter.recipient, rendered: &rendered, valid_for, now };
        if self.spared.contains(&letter.recipient) {
            return self.capture(due.channel, &letter.recipient, &rendered).await;
        }
        match carrier {
            Carrier::Smtp(smtp) => smtp.hand_over(&outgoing).await,
            Carrier::Twilio(sms) => sms.hand_over(&outgoing).await,
            Carrier::Meta(whatsapp) => whatsapp.hand_over(&outgoing).await,
            Carrier::Capture => self.capture(due.channel, &letter.recipient, &rendered).await,
        }
    }

    /// The code beside the link that proves an address.
    fn code_beside(&self, due: &Due, letter: &Letter) -> Option<String> {
        let proves = matches!(letter.content, Content::Secret { purpose: Purpose::Link(LinkFor::EmailProof), .. });
        let alive = due.code.as_ref().is_some_and(|code| !code.code_dead);
        letter.secret.as_deref().filter(|_| proves && alive).map(|token| link_codes::code_of_link(&self.sealer, token))
    }

    async fn capture(&self, channel: Channel, recipient: &str, rendered: &Rendered) -> Result<Accepted, Failure> {
        let captured = dev_outbox::Captured::of(channel, recipient, rendered).ok_or_else(whatsapp::not_a_code)?;
        let id = captured.keep(&self.pool, &self.sealer, self.clock.now()).await.map_err(|error| Failure::retry(fault(&error)))?;
        Ok(Accepted { provider_id: Some(id.to_string()), wa_id: None })
    }

    async fn try_again(&self, due: &Due, code: &str) -> Result<(), sqlx::Error> {
        let now = self.clock.now();
        // What this node cannot open waits for one that can.
        if due.attempts >= TRIES && code != SEALED && self.goes_elsewhere(due).await? {
            return self.give_up(due, Undelivered::Refused, code).await;
        }
        let mut conn = self.pool.acquire().await?;
        if due.attempts >= TRIES && due.code.as_ref().is_some_and(|code| code.channel_chosen) {
            // The person chose: the page offers the other channels, and the retries go on.
            rungs::undeliverable(&mut conn, now, due.id, due.channel, due.code.as_ref().map(|code| code.id)).await?;
        }
        let wait = Duration::seconds(1_i64 << due.attempts.saturating_sub(1).min(6)).min(LONGEST_WAIT);
        tracing::warn!(channel = due.channel.as_str(), attempts = due.attempts, code, "message not handed over: to be tried again");
        // Not later than its deadline: a person may be waiting to hear that it failed.
        outbox::reschedule(&mut conn, due, (now + wait).min(due.drop_at), code).await?;
        self.metrics.message(due.channel, MessageState::Retried);
        Ok(())
    }

    /// Returns whether a message that is not accepted may go by another channel.
    async fn goes_elsewhere(&self, due: &Due) -> Result<bool, sqlx::Error> {
        let Some(code) = &due.code else { return Ok(due.channel == Channel::WhatsApp && self.carriers.offers(Channel::Sms)) };
        let mut tx = self.pool.begin().await?;
        let may = self.ladder.may_climb(&mut tx, code.id, due.channel).await?;
        tx.commit().await?;
        Ok(may)
    }

    /// Gives up a message. Another channel follows if the system chose and it was refused; otherwise the page is told.
    async fn give_up(&self, due: &Due, end: Undelivered, code: &str) -> Result<(), sqlx::Error> {
        let now = self.clock.now();
        let verification = due.code.as_ref().map(|code| code.id);
        let mut tx = self.pool.begin().await?;
        let mut step = LadderStep::default();
        if let Some(verification) = verification {
            // Locked before its messages, as by everybody.
            rungs::lock(&mut tx, verification).await?;
        }
        if outbox::end(&mut tx, due, end, code).await? {
            step.message(due.channel, if end == Undelivered::Refused { MessageState::Refused } else { MessageState::Dropped });
            let follows = end == Undelivered::Refused && self.ladder.refused(&mut tx, Envelope::of(due), &mut step).await?;
            if !follows {
                rungs::undeliverable(&mut tx, now, due.id, due.channel, verification).await?;
            }
        }
        tx.commit().await?;
        self.ladder.committed(&step);
        tracing::warn!(channel = due.channel.as_str(), attempts = due.attempts, code, end = ?end, "message not handed over");
        Ok(())
    }
}

/// The messages of one channel.
struct ChannelLane {
    worker: Arc<DeliveryWorker>,
    channel: Channel,
}

#[async_trait]
impl Lane for ChannelLane {
    fn bell(&self) -> Bell {
        Bell::Messages(self.channel)
    }

    fn is_ordered(&self) -> bool {
        false
    }

    async fn claim(&self, due_by: OffsetDateTime, limit: usize) -> Result<Vec<Delivery>, sqlx::Error> {
        let mut conn = self.worker.pool.acquire().await?;
        let claimed = outbox::lease(&mut conn, self.worker.clock.now(), due_by, self.channel, limit).await?;
        let deliver = |due: Due| {
            let worker = Arc::clone(&self.worker);
            let delivering =
                async move { traces::delivery(due.channel, due.attempts, due.traceparent.as_deref(), worker.deliver(&due)).await };
            Box::pin(delivering) as Delivery
        };
        Ok(claimed.into_iter().map(deliver).collect())
    }
}
