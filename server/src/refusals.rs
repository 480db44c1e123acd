//! Counts how often clients are refused over a limit, without one row per refusal: a flood costs the database nothing, and
//! an operator still sees it (SPEC §16; ASVS 16.3.3).
//!
//! The first refusal of a minute is written and logged at once with the client's name. The others of that minute are
//! counted here and added to its row when the minute is over. A node that is killed loses at most one minute's counts.

use crate::client::Client;
use crate::clock::Clock;
use crate::db::audit::{self, Refused};
use crate::metrics::Metrics;
use crate::seen;
use portaria::audit::Event;
use sqlx::PgPool;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use time::{Duration, OffsetDateTime};

/// How many combinations of minute, client and kind are counted before they are written out. It bounds the memory that a
/// flood from ever new addresses can take.
const MOST: usize = 4096;
/// How many refusals of one client get their own row within a minute: as many as a person causes. Further ones are counted.
const ROWS_PER_MINUTE: u32 = 20;

type Key = (OffsetDateTime, Client, &'static str);

/// The counts of this node.
pub struct Refusals {
    pool: PgPool,
    clock: Clock,
    metrics: Arc<Metrics>,
    counts: Mutex<HashMap<Key, Count>>,
}

#[derive(Default)]
struct Count {
    times: i32,
    written: i32,
    /// Refusals that got their own row.
    rows: u32,
}

fn minute_of(at: OffsetDateTime) -> OffsetDateTime {
    at - Duration::nanoseconds(i64::try_from(at.unix_timestamp_nanos().rem_euclid(60_000_000_000)).unwrap_or(0))
}

impl Refusals {
    pub fn new(pool: PgPool, clock: Clock, metrics: Arc<Metrics>) -> Self {
        Self { pool, clock, metrics, counts: Mutex::default() }
    }

    /// Counts a refusal. A failed write is only logged: it must not turn a refusal into a fault.
    pub async fn note(&self, client: Client, what: &'static str) {
        if self.count(client, what) {
            self.write_out(false).await;
        }
    }

    /// Counts a refusal during a transaction. Its row is written later, by the next refusal or the janitor: a task that
    /// holds one connection must not wait for a second.
    pub fn note_in_passing(&self, client: Client, what: &'static str) {
        self.count(client, what);
    }

    /// Counts a refusal. Returns whether a row is to be written now.
    fn count(&self, client: Client, what: &'static str) -> bool {
        self.metrics.event(Event::OverLimit, what);
        seen::noted();
        let key = (minute_of(self.clock.now()), client, what);
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        let count = counts.entry(key).or_default();
        count.times = count.times.saturating_add(1);
        let first = count.times == 1;
        if first {
            tracing::warn!(event = Event::OverLimit.as_str(), %client, what, "a client was refused over a limit; told once a minute");
        }
        first || counts.len() > MOST
    }

    /// Returns whether another refusal of this client may have its own row in this minute. If not, it is counted here.
    pub fn may_stand_alone(&self, client: Client, what: &'static str) -> bool {
        let key = (minute_of(self.clock.now()), client, what);
        {
            let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
            let count = counts.entry(key).or_default();
            if count.rows < ROWS_PER_MINUTE {
                count.rows += 1;
                return true;
            }
        }
        self.note_in_passing(client, what);
        false
    }

    /// Writes out the counts of past minutes and the first counts of the current one. With `all`, writes everything.
    pub async fn write_out(&self, all: bool) {
        let due = {
            let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
            let until = if all { OffsetDateTime::UNIX_EPOCH + Duration::days(365 * 1000) } else { minute_of(self.clock.now()) };
            drain(&mut counts, until)
        };
        self.write(&due).await;
    }

    async fn write(&self, due: &[Refused]) {
        if !due.is_empty()
            && let Err(error) = audit::add_refused(&self.pool, due).await
        {
            tracing::error!(%error, rows = due.len(), "how often clients were refused could not be written");
        }
    }
}

/// Returns the counts to write: those of minutes before `minute`, which are then removed, and those of the current minute
/// that have no row yet. If there are too many, all are written and removed.
fn drain(counts: &mut HashMap<Key, Count>, minute: OffsetDateTime) -> Vec<Refused> {
    let crowded = counts.len() > MOST;
    let mut due = Vec::new();
    counts.retain(|(at, client, what), count| {
        let over = *at < minute || crowded;
        if count.times > count.written && (over || count.written == 0) {
            due.push(Refused { minute: *at, client: *client, what, times: count.times - count.written });
            count.written = count.times;
        }
        !over
    });
    // Transactions that add to the same rows lock them in the same order.
    due.sort_by(|a, b| (a.minute, a.client.key(), a.what).cmp(&(b.minute, b.client.key(), b.what)));
    due
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_a_minute_the_first_is_written_at_once_and_the_rest_when_it_is_over() {
        let minute = OffsetDateTime::UNIX_EPOCH;
        let client = Client::V4([203, 0, 113, 7]);
        let mut counts = HashMap::from([((minute, client, "sign-in"), Count { times: 1, ..Count::default() })]);
        let written = |due: Vec<Refused>| due.into_iter().map(|it| it.times).collect::<Vec<_>>();
        assert_eq!(written(drain(&mut counts, minute)), [1]);
        counts.get_mut(&(minute, client, "sign-in")).expect("it stays").times = 40;
        assert_eq!(written(drain(&mut counts, minute)), [0; 0]);
        assert_eq!(written(drain(&mut counts, minute + Duration::minutes(1))), [39]);
        assert!(counts.is_empty());
    }
}
