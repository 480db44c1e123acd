//! Time limits for clients.

use std::time::Duration;
use tokio::time::Instant;

/// Time limits for clients (SPEC §16). Every request carries them as an extension, for the code that reads its body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClientTimeouts {
    /// Until a head is complete: from the accept for the first one, from its first byte for later ones.
    pub head: Duration,
    /// From the accept to the first request of a client that sent a whole HTTP/2 preface.
    pub preface: Duration,
    /// Between two requests.
    pub idle: Duration,
    /// For a body that is no upload.
    pub body: Duration,
    /// How long an upload or a response may make no progress.
    pub silence: Duration,
    /// The lowest average rate of an upload or a response, in bytes per second.
    pub rate: u64,
}

impl Default for ClientTimeouts {
    fn default() -> Self {
        Self {
            head: Duration::from_secs(10),
            preface: Duration::from_mins(1),
            idle: Duration::from_mins(1),
            body: Duration::from_secs(30),
            silence: Duration::from_secs(30),
            rate: 16_000,
        }
    }
}

/// The progress of a transfer that has no time limit as long as it keeps moving.
#[derive(Debug, Clone, Copy)]
pub struct Pace {
    began: Instant,
    moved: Instant,
    bytes: u64,
}

impl Pace {
    pub const fn begin(now: Instant) -> Self {
        Self { began: now, moved: now, bytes: 0 }
    }

    /// Records bytes that moved at `now`.
    pub fn moved(&mut self, bytes: usize, now: Instant) {
        self.moved = now;
        self.bytes += bytes as u64;
    }

    /// The deadline if no more bytes move: [`ClientTimeouts::silence`] after the last progress, or when the transfer would fall
    /// that far behind the rate.
    pub fn ends(&self, timeouts: &ClientTimeouts) -> Instant {
        let earned = Duration::from_millis(self.bytes.saturating_mul(1000) / timeouts.rate.max(1));
        (self.moved + timeouts.silence).min(self.began + timeouts.silence + earned)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn second(n: u64) -> Duration {
        Duration::from_secs(n)
    }

    /// After how many seconds a transfer at this rate (bytes per second) is too slow; `None` if not within an hour.
    fn too_slow_after(rate: usize) -> Option<u64> {
        let (timeouts, now) = (ClientTimeouts::default(), Instant::now());
        let mut pace = Pace::begin(now);
        (1..3600).find(|n| {
            let late = pace.ends(&timeouts) <= now + second(*n);
            pace.moved(rate, now + second(*n));
            late
        })
    }

    #[test]
    fn what_moves_at_the_rate_may_take_as_long_as_it_takes() {
        assert_eq!(too_slow_after(110_000), None);
        assert_eq!(too_slow_after(16_000), None);
        assert_eq!(too_slow_after(0), Some(30));
        assert!(too_slow_after(1_000).is_some_and(|seconds| (30..35).contains(&seconds)));
        assert!(too_slow_after(8_000).is_some_and(|seconds| (55..65).contains(&seconds)));
    }

    #[test]
    fn what_was_fast_may_not_stand_still_for_long() {
        let (timeouts, now) = (ClientTimeouts::default(), Instant::now());
        let mut pace = Pace::begin(now);
        pace.moved(5_000_000, now + second(1));
        assert_eq!(pace.ends(&timeouts), now + second(31));
    }
}
