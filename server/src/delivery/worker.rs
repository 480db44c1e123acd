//! The worker: takes messages out of the outbox and hands them to their carriers, at least once each (SPEC §7).
//!
//! Each channel has its own lane, so that a mail server that hangs does not delay SMS.

use super::dev_outbox;
use super::lanes::{self, Bell, Delivery, Lane, Lanes};
use super::templates::{self, Rendered};
use super::{Accepted, Carrier, CarrierTimeouts, Carriers, Failure, Outgoing, fault, whatsapp};
use crate::clock::Clock;
use crate::db::outbox::{self, Due, Recorded, Undelivered};
use crate::db::{ACQUIRE_TIMEOUT, STATEMENT_TIMEOUT};
use crate::metrics::{Counts, MessageState, Metrics, Step};
use crate::seal::Sealer;
use crate::traces;
use async_trait::async_trait;
use portaria::message::{Channel, Content};
use sqlx::PgPool;
use std::sync::Arc;
use text::{Language, Texts};
use time::{Duration, OffsetDateTime};
use url::Url;

/// The longest wait between two tries.
const LONGEST_WAIT: Duration = Duration::seconds(60);
/// After so many tries WhatsApp is given up, because a person waits for the code.
const WHATSAPP_TRIES: u32 = 3;

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
    texts: &'static Texts,
    metrics: Arc<Metrics>,
}

impl DeliveryWorker {
    /// Its messages are in Portuguese.
    pub fn new(pool: PgPool, sealer: Sealer, clock: Clock, carriers: Arc<Carriers>, public_url: Url) -> Self {
        Self { pool, sealer, clock, carriers, public_url, texts: Language::PtBr.texts(), metrics: Arc::default() }
    }

    /// With what happens counted here; without this, nobody reads the counts.
    #[must_use]
    pub fn counting(self, metrics: Arc<Metrics>) -> Self {
        Self { metrics, ..self }
    }

    /// Returns whether a channel has a carrier.
    pub fn offers(&self, channel: Channel) -> bool {
        self.carriers.offers(channel)
    }

    /// One lane for each channel.
    pub fn lanes(&self) -> Lanes {
        let worker = Arc::new(self.clone());
        Channel::ALL
            .iter()
            .map(|channel| Arc::new(ChannelLane { worker: Arc::clone(&worker), channel: *channel }) as Arc<dyn Lane>)
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
            Ok(Accepted { provider_id }) => {
                // A code's lifetime starts when its carrier has accepted it, not when the hand-over began.
                let mut tx = self.pool.begin().await?;
                let recorded = outbox::record_accepted(&mut tx, self.clock.now(), due, provider_id.as_deref()).await?;
                tx.commit().await?;
                self.count_accepted(due, recorded);
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
        let letter = due.open(&self.sealer).map_err(|_| Failure::retry("sealed").loud())?;
        if matches!(letter.content, Content::Secret { .. }) && letter.secret.is_none() {
            return Err(Failure::refused("no-secret"));
        }
        let valid_for = due.code.as_ref().map_or(due.drop_at - now, |code| {
            let verification = &code.verification;
            verification.expires_at.map_or(verification.lifetime, |expires_at| expires_at - now)
        });
        let rendered = templates::render(&letter.content, letter.secret.as_deref(), valid_for, &self.public_url, self.texts);
        let outgoing = Outgoing { id: due.id, recipient: &letter.recipient, rendered: &rendered, valid_for, now };
        match carrier {
            Carrier::Smtp(smtp) => smtp.hand_over(&outgoing).await,
            Carrier::Twilio(sms) => sms.hand_over(&outgoing).await,
            Carrier::Meta(whatsapp) => whatsapp.hand_over(&outgoing).await,
            Carrier::Capture => self.capture(due.channel, &letter.recipient, &rendered).await,
        }
    }

    async fn capture(&self, channel: Channel, recipient: &str, rendered: &Rendered) -> Result<Accepted, Failure> {
        let captured = dev_outbox::Captured::of(channel, recipient, rendered).ok_or_else(whatsapp::not_a_code)?;
        let id = captured.keep(&self.pool, &self.sealer, self.clock.now()).await.map_err(|error| Failure::retry(fault(&error)))?;
        Ok(Accepted { provider_id: Some(id.to_string()) })
    }

    async fn try_again(&self, due: &Due, code: &str) -> Result<(), sqlx::Error> {
        let now = self.clock.now();
        if due.channel == Channel::WhatsApp && due.attempts >= WHATSAPP_TRIES {
            if self.may_follow_by_sms(due) {
                return self.give_up(due, Undelivered::Refused, code).await;
            }
            // The person chose WhatsApp: the page offers the other channels, and the retries go on.
            let mut conn = self.pool.acquire().await?;
            outbox::undeliverable(&mut conn, now, due).await?;
        }
        let wait = Duration::seconds(1_i64 << due.attempts.saturating_sub(1).min(6)).min(LONGEST_WAIT);
        tracing::warn!(channel = due.channel.as_str(), attempts = due.attempts, code, "message not handed over: to be tried again");
        let mut conn = self.pool.acquire().await?;
        // Not later than its deadline: a person may be waiting to hear that it failed.
        outbox::reschedule(&mut conn, due, (now + wait).min(due.drop_at), code).await?;
        self.metrics.message(due.channel, MessageState::Retried);
        Ok(())
    }

    /// Gives up a message. SMS follows if the system chose WhatsApp and it was refused; otherwise the page is told.
    async fn give_up(&self, due: &Due, end: Undelivered, code: &str) -> Result<(), sqlx::Error> {
        let now = self.clock.now();
        let mut tx = self.pool.begin().await?;
        let mut counts = Counts::default();
        if outbox::end(&mut tx, due, end, code).await? {
            counts.message(due.channel, if end == Undelivered::Refused { MessageState::Refused } else { MessageState::Dropped });
            if end == Undelivered::Refused && self.may_follow_by_sms(due) {
                outbox::follow_by_sms(&mut tx, &self.sealer, now, due).await?;
                counts.message(Channel::Sms, MessageState::Queued);
            } else {
                outbox::undeliverable(&mut tx, now, due).await?;
            }
        }
        tx.commit().await?;
        self.metrics.committed(&counts);
        tracing::warn!(channel = due.channel.as_str(), attempts = due.attempts, code, end = ?end, "message not handed over");
        Ok(())
    }

    /// Returns false if the person chose WhatsApp, or has since asked for another channel.
    fn may_follow_by_sms(&self, due: &Due) -> bool {
        due.channel == Channel::WhatsApp
            && self.carriers.offers(Channel::Sms)
            && due.code.as_ref().is_none_or(|code| code.channel == Channel::WhatsApp && !code.channel_chosen)
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
