//! The only reader of the system's time. A service reads it once per request and passes `now` on.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use time::{Duration, OffsetDateTime};

/// The system's clock, or one that a test moves.
#[derive(Debug, Clone)]
pub struct Clock(Source);

#[derive(Debug, Clone)]
enum Source {
    System,
    /// Nanoseconds since the epoch fit an `i64` until 2262; microseconds are what Postgres keeps.
    Manual(Arc<AtomicI64>),
}

impl Clock {
    pub const fn system() -> Self {
        Self(Source::System)
    }

    /// A clock that stands still until [`Clock::advance`].
    pub fn manual(start: OffsetDateTime) -> Self {
        let micros = i64::try_from(start.unix_timestamp_nanos() / 1_000).unwrap_or_default();
        Self(Source::Manual(Arc::new(AtomicI64::new(micros))))
    }

    /// Moves a manual clock; the system's is left alone.
    pub fn advance(&self, by: Duration) {
        if let Source::Manual(micros) = &self.0 {
            micros.fetch_add(i64::try_from(by.whole_microseconds()).unwrap_or_default(), Ordering::SeqCst);
        }
    }

    /// The current instant in UTC, in whole microseconds, so that Postgres returns exactly what was stored.
    #[expect(clippy::disallowed_methods, reason = "this is the Clock")]
    pub fn now(&self) -> OffsetDateTime {
        let nanos = match &self.0 {
            Source::System => OffsetDateTime::now_utc().unix_timestamp_nanos(),
            Source::Manual(micros) => i128::from(micros.load(Ordering::SeqCst)) * 1_000,
        };
        OffsetDateTime::from_unix_timestamp_nanos(nanos - nanos.rem_euclid(1_000)).unwrap_or(OffsetDateTime::UNIX_EPOCH)
    }
}
