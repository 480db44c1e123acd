//! Deletes what is past its retention (SPEC §13). It wipes secrets every minute, sweeps at the start and every ten minutes
//! by the table of [`retention`], decides contests of documents that are due, erases
//! accounts whose fourteen days are over, and reminds of sign-ups that were left. It also writes out how often clients were
//! refused.

use crate::clock::Clock;
use crate::config::Webhook;
use crate::db::retention::Act;
use crate::db::{outbox, retention, webhooks};
use crate::metrics::Metrics;
use crate::refusals::Refusals;
use crate::seal::Sealer;
use crate::services::contest::{self, Decider};
use crate::services::keys::KeyRing;
use crate::services::{Service, erasure};
use sqlx::PgPool;
use std::future::Future;
use std::sync::Arc;
use time::OffsetDateTime;

const EVERY: std::time::Duration = std::time::Duration::from_mins(1);
/// Of those rounds, one in this many sweeps.
const SWEEP_EVERY: u32 = 10;
/// Rows per statement: a short transaction, however many rows depend on them.
const BATCH: i64 = 500;
/// Batches per rule and sweep. The rest waits for the next sweep, so that no rule delays the others.
const BATCHES: usize = 200;

/// The rules that could not be applied completely, and why.
pub type Failed = Vec<(&'static str, sqlx::Error)>;

pub struct Janitor {
    pool: PgPool,
    clock: Clock,
    keys: KeyRing,
    sealer: Sealer,
    refusals: Arc<Refusals>,
    webhooks: Arc<[Webhook]>,
    metrics: Arc<Metrics>,
    /// Who reminds of sign-ups that were left.
    service: Arc<Service>,
}

impl Janitor {
    pub fn new(
        pool: PgPool,
        clock: Clock,
        keys: KeyRing,
        sealer: Sealer,
        webhooks: Arc<[Webhook]>,
        metrics: Arc<Metrics>,
        service: Arc<Service>,
    ) -> Self {
        let refusals = service.refusals();
        Self { pool, clock, keys, sealer, refusals, webhooks, metrics, service }
    }

    /// Runs until `stop`. An interrupted sweep loses nothing: the next one finds what it left.
    pub async fn run(self, stop: impl Future<Output = ()>) {
        tokio::pin!(stop);
        let work = async {
            for round in 0.. {
                self.refusals.write_out(false).await;
                let now = self.clock.now();
                let by = Decider { sealer: &self.sealer, webhooks: &self.webhooks, now };
                if let Err(error) = wipe(&self.pool, now).await {
                    tracing::error!(%error, "secrets that are of no use any more could not be wiped");
                }
                if let Err(fault) = self.keys.keep_fresh().await {
                    tracing::error!(%fault, "the keys could not be read again");
                }
                if let Err(fault) = contest::decide_due(&self.pool, by, &self.metrics).await {
                    tracing::error!(%fault, "contested documents could not be decided");
                }
                if let Err(fault) =
                    erasure::erase_due(&self.pool, &self.sealer, &self.webhooks, &self.service.receivers, now, &self.metrics).await
                {
                    tracing::error!(%fault, "accounts could not be erased");
                }
                if let Err(error) = self.service.remind_left().await {
                    tracing::error!(%error, "it cannot be read who left a sign-up");
                }
                if round % SWEEP_EVERY == 0 {
                    // Each failure was already logged.
                    let _ = sweep(&self.pool, &self.webhooks, now).await;
                }
                tokio::time::sleep(EVERY).await;
            }
        };
        tokio::select! {
            () = &mut stop => {}
            () = work => {}
        }
        self.refusals.write_out(true).await;
    }
}

/// Wipes the sealed copies of codes and links that can no longer be used.
pub async fn wipe(pool: &PgPool, now: OffsetDateTime) -> Result<u64, sqlx::Error> {
    let mut conn = pool.acquire().await?;
    outbox::wipe_secrets(&mut conn, now).await
}

/// Runs every rule once and returns how many rows were affected. A rule that fails or takes too long does not stop the
/// others.
///
/// # Errors
/// The rules that could not be applied completely, after all others were.
pub async fn sweep(pool: &PgPool, webhooks: &[Webhook], now: OffsetDateTime) -> Result<u64, Failed> {
    let (mut swept, mut failed) = (0, Failed::new());
    match wipe(pool, now).await {
        Ok(wiped) => swept += wiped,
        Err(error) => failed.push(("verifications", error)),
    }
    match webhooks::abandon(pool, webhooks, now).await {
        Ok(abandoned) => swept += abandoned,
        Err(error) => failed.push(("webhook_deliveries", error)),
    }
    for rule in retention::RULES.iter().filter(|rule| rule.act != Act::Elsewhere) {
        match apply(pool, rule, webhooks, now).await {
            Ok(rows) => swept += rows,
            Err(error) => {
                let facts = rule.kept.facts();
                tracing::error!(%error, table = facts.table, what = facts.what, "not swept to its end");
                failed.push((facts.table, error));
            }
        }
    }
    tracing::debug!(swept, "swept");
    if failed.is_empty() { Ok(swept) } else { Err(failed) }
}

/// Applies a rule batch by batch. A failed batch, for instance one past the statement timeout, is retried smaller: rows
/// with many dependent rows must not block the sweep for ever.
async fn apply(pool: &PgPool, rule: &retention::Rule, webhooks: &[Webhook], now: OffsetDateTime) -> Result<u64, sqlx::Error> {
    let (mut rows, mut batch) = (0, BATCH);
    for _ in 0..BATCHES {
        match retention::apply(pool, rule, webhooks, now, batch).await {
            // Another node is sweeping.
            Ok(None) => break,
            Ok(Some(met)) => {
                rows += met;
                if met < u64::try_from(batch).unwrap_or(u64::MAX) {
                    break;
                }
            }
            Err(sqlx::Error::Database(_)) if batch > 1 => batch = (batch / 8).max(1),
            Err(error) => return Err(error),
        }
    }
    Ok(rows)
}
