//! Forgets what has had its time (SPEC §13): wipes secrets every minute, sweeps at the start and every ten minutes, by the
//! table of [`retention`], and decides the contests of documents whose days are over. And writes out how often clients were refused.

use crate::clock::Clock;
use crate::db::{outbox, retention};
use crate::refusals::Refusals;
use crate::seal::Sealer;
use crate::services::contest;
use sqlx::PgPool;
use std::future::Future;
use std::sync::Arc;
use time::OffsetDateTime;

const EVERY: std::time::Duration = std::time::Duration::from_mins(1);
/// Of those, one in so many sweeps.
const SWEEP_EVERY: u32 = 10;
/// Rows that one statement takes at once: a short transaction, whatever hangs on them.
const BATCH: i64 = 500;
/// Batches of one rule in one sweep: the rest waits for the next, so that none keeps the others from their turn.
const BATCHES: usize = 200;

/// A rule that could not be applied to its end, and why.
pub type Failed = Vec<(&'static str, sqlx::Error)>;

/// Sweeps until it is told to stop.
pub struct Janitor {
    pool: PgPool,
    clock: Clock,
    sealer: Sealer,
    refusals: Arc<Refusals>,
}

impl Janitor {
    /// One for this node.
    pub const fn new(pool: PgPool, clock: Clock, sealer: Sealer, refusals: Arc<Refusals>) -> Self {
        Self { pool, clock, sealer, refusals }
    }

    /// Until `stop`. A sweep that is interrupted loses nothing: the next one finds again what it left.
    pub async fn run(self, stop: impl Future<Output = ()>) {
        tokio::pin!(stop);
        let work = async {
            for round in 0.. {
                self.refusals.write_out(false).await;
                let now = self.clock.now();
                if let Err(error) = wipe(&self.pool, now).await {
                    tracing::error!(%error, "secrets that are of no use any more could not be wiped");
                }
                if let Err(fault) = contest::decide_due(&self.pool, &self.sealer, now).await {
                    tracing::error!(%fault, "contested documents could not be decided");
                }
                if round % SWEEP_EVERY == 0 {
                    // each failure was logged
                    let _ = sweep(&self.pool, now).await;
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

/// Wipes the sealed copies of codes and links that cannot be entered any more.
pub async fn wipe(pool: &PgPool, now: OffsetDateTime) -> Result<u64, sqlx::Error> {
    let mut conn = pool.acquire().await?;
    outbox::wipe_secrets(&mut conn, now).await
}

/// One sweep over everything: gives how many rows went. Each rule for itself: one that fails, or takes too long, stops no
/// other.
///
/// # Errors
/// What could not be swept to its end, after everything else was.
pub async fn sweep(pool: &PgPool, now: OffsetDateTime) -> Result<u64, Failed> {
    let (mut swept, mut failed) = (0, Failed::new());
    match wipe(pool, now).await {
        Ok(wiped) => swept += wiped,
        Err(error) => failed.push(("verifications", error)),
    }
    for rule in &retention::RULES {
        match apply(pool, rule, now).await {
            Ok(rows) => swept += rows,
            Err(error) => {
                tracing::error!(%error, table = rule.table, what = rule.what, "not swept to its end");
                failed.push((rule.table, error));
            }
        }
    }
    tracing::debug!(swept, "swept");
    if failed.is_empty() { Ok(swept) } else { Err(failed) }
}

/// Applies a rule batch by batch. A batch that fails, by the time that statements have perhaps, is tried again smaller: rows
/// on which much hangs must not stand in the way for ever.
async fn apply(pool: &PgPool, rule: &retention::Rule, now: OffsetDateTime) -> Result<u64, sqlx::Error> {
    let (mut rows, mut batch) = (0, BATCH);
    for _ in 0..BATCHES {
        match retention::apply(pool, rule, now, batch).await {
            // another node is at it
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
