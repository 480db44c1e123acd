//! What messages and webhooks have in common on their way out: lanes.
//!
//! A lane claims what is due and delivers several at once, each in its own task. No lane waits for another, so a receiver that hangs
//! holds up nobody but itself.

use super::fault;
use crate::clock::Clock;
use async_trait::async_trait;
use futures::future::{BoxFuture, join_all};
use portaria::message::Channel;
use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};
use time::OffsetDateTime;
use tokio::sync::{Notify, watch};
use tokio::task::JoinSet;

/// Deliveries under way at once in a lane.
const AT_ONCE: usize = 8;
/// How often a lane looks without being woken: another node may have enqueued something, or a retry be due.
const LOOK_EVERY: std::time::Duration = std::time::Duration::from_secs(1);

/// The delivery of one claimed thing: whether it was accepted. An error: its fate could not be recorded, so it is delivered again when
/// its lease ends.
pub type Delivery = BoxFuture<'static, Result<bool, sqlx::Error>>;

/// Where things wait that are delivered independently of all others.
#[async_trait]
pub trait Lane: Send + Sync {
    /// What wakes it.
    fn bell(&self) -> Bell;

    /// Whether the end of one delivery lets another begin.
    fn is_ordered(&self) -> bool;

    /// Claims up to `limit` that were due by `due_by`. Other workers skip them until their lease ends.
    async fn claim(&self, due_by: OffsetDateTime, limit: usize) -> Result<Vec<Delivery>, sqlx::Error>;
}

pub type Lanes = Vec<Arc<dyn Lane>>;

/// What was enqueued.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bell {
    /// A message for this channel.
    Messages(Channel),
    /// An event for webhooks.
    Webhooks,
    /// The end of a session, for products.
    Logouts,
    /// Nothing: it is time alone that lets the silence of a carrier end.
    Silence,
}

impl Bell {
    const fn bit(self) -> u8 {
        match self {
            Self::Messages(Channel::Email) => 1,
            Self::Messages(Channel::Sms) => 2,
            Self::Messages(Channel::WhatsApp) => 4,
            Self::Webhooks => 8,
            Self::Silence => 16,
            Self::Logouts => 32,
        }
    }
}

/// Wakes the lanes for which something was enqueued, and no others: each asks the database.
#[derive(Debug, Default)]
pub struct Bells {
    /// The bits of those that were rung and not heard yet.
    rung: AtomicU8,
    notify: Notify,
}

impl Bells {
    pub fn ring(&self, bell: Bell) {
        self.rung.fetch_or(bell.bit(), Ordering::AcqRel);
        self.notify.notify_one();
    }

    /// Waits until one is rung. Returns the bits of all that were.
    async fn heard(&self) -> u8 {
        self.notify.notified().await;
        self.rung.swap(0, Ordering::AcqRel)
    }
}

/// Delivers what is due until `stop`, at once when woken. Then it finishes the deliveries under way, within their timeouts.
pub async fn run(lanes: Lanes, clock: Clock, bells: Arc<Bells>, stop: impl Future<Output = ()>) {
    let (stopping, stopped) = watch::channel(false);
    let wakes: Vec<_> = lanes.iter().map(|lane| (lane.bell().bit(), Arc::new(Notify::new()))).collect();
    let mut tasks = JoinSet::new();
    for (lane, (_, wake)) in lanes.into_iter().zip(&wakes) {
        tasks.spawn(work(lane, clock.clone(), Arc::clone(wake), stopped.clone()));
    }
    tokio::pin!(stop);
    loop {
        tokio::select! {
            () = &mut stop => break,
            rung = bells.heard() => wakes.iter().filter(|(bit, _)| rung & bit != 0).for_each(|(_, wake)| wake.notify_one()),
        }
    }
    stopping.send_replace(true);
    while tasks.join_next().await.is_some() {}
}

/// Delivers everything that is due now. Returns how many were accepted.
pub async fn drain(lanes: &Lanes, clock: &Clock) -> Result<usize, sqlx::Error> {
    let due_by = clock.now();
    let mut accepted = 0;
    loop {
        let mut due = Vec::new();
        for lane in lanes {
            due.extend(lane.claim(due_by, AT_ONCE).await?);
        }
        if due.is_empty() {
            return Ok(accepted);
        }
        // Not try_join_all: a failure to record one must not cancel the others.
        for outcome in join_all(due).await {
            accepted += usize::from(outcome?);
        }
    }
}

async fn work(lane: Arc<dyn Lane>, clock: Clock, wake: Arc<Notify>, mut stopped: watch::Receiver<bool>) {
    let mut under_way = JoinSet::new();
    // Whether more may be due than was claimed.
    let mut more = true;
    while !*stopped.borrow() {
        while under_way.try_join_next().is_some() {}
        let free = AT_ONCE - under_way.len().min(AT_ONCE);
        if more && free > 0 {
            match lane.claim(clock.now(), free).await {
                Ok(claimed) => {
                    more = claimed.len() == free;
                    for delivery in claimed {
                        under_way.spawn(deliver_or_log(delivery));
                    }
                }
                Err(error) => {
                    more = false;
                    tracing::error!(code = fault(&error), "the outbox cannot be read");
                }
            }
        }
        tokio::select! {
            _ = stopped.changed() => break,
            Some(_) = under_way.join_next() => more |= lane.is_ordered(),
            () = wake.notified() => more = true,
            () = tokio::time::sleep(LOOK_EVERY) => more = true,
        }
    }
    while under_way.join_next().await.is_some() {}
}

async fn deliver_or_log(delivery: Delivery) {
    if let Err(error) = delivery.await {
        tracing::error!(code = fault(&error), "a delivery's fate could not be noted: it goes again when its lease ends");
    }
}
