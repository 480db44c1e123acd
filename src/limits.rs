//! Rate limits and blocks (SPEC §4, §8, §11). Pure functions on a [`Tally`]. The server stores each tally in one row that all
//! nodes share.

use time::{Duration, OffsetDateTime};

/// Sends to one destination for one purpose within [`SEND_WINDOW`]: the first and five more.
pub const SENDS_PER_WINDOW: usize = 6;
/// The window of [`SENDS_PER_WINDOW`].
pub const SEND_WINDOW: Duration = Duration::hours(1);
/// Guesses or password hashes that one client address may cause within [`GUESS_WINDOW`] (SPEC §11).
pub const GUESSES_PER_CLIENT: usize = 120;
/// The window of [`GUESSES_PER_CLIENT`].
pub const GUESS_WINDOW: Duration = Duration::minutes(10);
/// New passwords that one client address may have judged within [`GUESS_WINDOW`] while they are typed. Twice the guesses, so that a page
/// that asks once or twice for each takes nobody's sign-in.
pub const JUDGEMENTS_PER_CLIENT: usize = 2 * GUESSES_PER_CLIENT;
/// How often one client address may learn within [`TAKEN_WINDOW`] that an e-mail, phone or document is taken. After that it
/// learns nothing about any value, including free ones (SPEC §16).
pub const TAKEN_PER_CLIENT: usize = 20;
/// The window of [`TAKEN_PER_CLIENT`].
pub const TAKEN_WINDOW: Duration = Duration::hours(1);
/// The limits of a client network (an IPv6 /48), as a multiple of the limits of one client. Several households may share such a
/// network, but its owner must not count as 65 536 clients.
pub const CLIENTS_PER_NETWORK: usize = 4;
/// Sends that one client address may cause within [`SEND_WINDOW`] (SPEC §11).
pub const SENDS_PER_CLIENT: usize = 30;
/// Requests of products that one client address may leave waiting for a person within [`REQUEST_WINDOW`]: each is kept for a day
/// (SPEC §15). Twice the guesses, so that whoever may still sign in may also be sent here.
pub const REQUESTS_PER_CLIENT: usize = 2 * GUESSES_PER_CLIENT;
/// The window of [`REQUESTS_PER_CLIENT`].
pub const REQUEST_WINDOW: Duration = GUESS_WINDOW;
/// The window in which wrong entries of codes are counted, whatever the code (SPEC §11).
pub const ENTRY_WINDOW: Duration = Duration::minutes(30);
/// How long entries are refused like wrong ones after too many in [`ENTRY_WINDOW`] (SPEC §11).
pub const ENTRY_BLOCK: Duration = Duration::minutes(15);

/// Wrong entries that all strangers together may make for one destination and purpose within [`STRANGERS_WINDOW`]. A stranger
/// does not hold what the code is for (SPEC §16).
pub const STRANGERS_ENTRIES: usize = 20;
/// The window of [`STRANGERS_ENTRIES`].
pub const STRANGERS_WINDOW: Duration = Duration::days(1);

/// The largest accepted photo, in bytes (004: 5 MB).
pub const PHOTO_BYTES: usize = 5 * 1024 * 1024;
/// The first bytes of a JPEG and of a PNG. They decide the file type, not the declared one (004; ASVS 5.2.2).
pub const PHOTO_SIGNATURES: [&[u8]; 2] = [&[0xFF, 0xD8, 0xFF], b"\x89PNG\r\n\x1a\n"];

/// A rule that blocks after too many failures.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BlockPolicy {
    /// The number of failures that starts a block.
    pub failures: usize,
    /// How long a failure counts.
    pub window: Duration,
    /// How long the block lasts. Further attempts do not extend it.
    pub duration: Duration,
}

/// The counted events of one key, and its block if any.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tally {
    /// When the events happened, oldest first.
    pub hits: Vec<OffsetDateTime>,
    /// When the block ends; `None`: there is no block.
    pub blocked_until: Option<OffsetDateTime>,
}

/// Returns the whole seconds until `until`, rounded up, at least 1. A client that waits that long is never too early.
pub fn seconds_until(until: OffsetDateTime, now: OffsetDateTime) -> u32 {
    let left = until - now;
    let whole = left.whole_seconds() + i64::from(left.subsec_nanoseconds() > 0);
    u32::try_from(whole.max(1)).unwrap_or(u32::MAX)
}

impl Tally {
    fn forget_before(&mut self, oldest: OffsetDateTime) {
        self.hits.retain(|hit| *hit > oldest);
    }

    /// Returns the remaining seconds of the block; `None`: not blocked.
    pub fn blocked_for(&self, now: OffsetDateTime) -> Option<u32> {
        self.blocked_until.filter(|until| *until > now).map(|until| seconds_until(until, now))
    }

    /// Counts a failure. Returns whether it started a block. Failures during a block are not counted, so they cannot extend it.
    /// After a block the count restarts (SPEC §11).
    pub fn strike(&mut self, now: OffsetDateTime, policy: BlockPolicy) -> bool {
        if self.blocked_for(now).is_some() {
            return false;
        }
        if self.blocked_until.take().is_some() {
            self.hits.clear();
        }
        self.forget_before(now - policy.window);
        self.hits.push(now);
        if self.hits.len() < policy.failures {
            return false;
        }
        self.blocked_until = Some(now + policy.duration);
        true
    }

    /// Returns how many failures are left until a block; `None`: there was none of late.
    pub fn left(&self, now: OffsetDateTime, policy: BlockPolicy) -> Option<u32> {
        let lately = if self.blocked_until.is_some() { 0 } else { self.hits.iter().filter(|hit| **hit > now - policy.window).count() };
        (lately > 0).then(|| u32::try_from(policy.failures.saturating_sub(lately)).unwrap_or(u32::MAX))
    }

    /// Removes the failure counted at `at`, and the block that it started, because the attempt turned out to be no failure. All
    /// other failures stay.
    pub fn spare(&mut self, at: OffsetDateTime, policy: BlockPolicy) {
        if let Some(index) = self.hits.iter().rposition(|hit| *hit == at) {
            self.hits.remove(index);
            self.blocked_until.take_if(|until| *until == at + policy.duration);
        }
    }

    /// Resets the tally: all failures, and the block.
    pub fn clear(&mut self) {
        *self = Self::default();
    }

    /// Returns the seconds until the next send is allowed; `None`: now. The wait is `wait` after the first send and doubles with
    /// each further one. No more than [`SENDS_PER_WINDOW`] are allowed in [`SEND_WINDOW`].
    pub fn next_send_in(&self, now: OffsetDateTime, wait: Duration) -> Option<u32> {
        let recent: Vec<_> = self.hits.iter().filter(|hit| **hit > now - SEND_WINDOW).copied().collect();
        let (first, last) = (recent.first()?, recent.last()?);
        let doublings = u32::try_from(recent.len() - 1).unwrap_or(u32::MAX).min(16);
        let mut allowed = *last + wait * 2_i32.pow(doublings);
        if recent.len() >= SENDS_PER_WINDOW {
            allowed = allowed.max(*first + SEND_WINDOW);
        }
        (allowed > now).then(|| seconds_until(allowed, now))
    }

    /// Counts a send.
    ///
    /// # Errors
    /// The seconds until a send is allowed.
    pub fn send(&mut self, now: OffsetDateTime, wait: Duration) -> Result<(), u32> {
        if let Some(seconds) = self.next_send_in(now, wait) {
            return Err(seconds);
        }
        self.forget_before(now - SEND_WINDOW);
        self.hits.push(now);
        Ok(())
    }

    /// Returns the seconds until another event is allowed, given at most `max` in `window`; `None`: now.
    pub fn full_for(&self, now: OffsetDateTime, max: usize, window: Duration) -> Option<u32> {
        let recent = self.hits.iter().filter(|hit| **hit > now - window);
        let oldest = recent.rev().nth(max.checked_sub(1)?)?;
        Some(seconds_until(*oldest + window, now))
    }

    /// Counts an event, given at most `max` in `window`.
    ///
    /// # Errors
    /// The seconds until an event is allowed.
    pub fn hit(&mut self, now: OffsetDateTime, max: usize, window: Duration) -> Result<(), u32> {
        self.forget_before(now - window);
        if let Some(seconds) = self.full_for(now, max, window) {
            return Err(seconds);
        }
        self.hits.push(now);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOGIN: BlockPolicy = BlockPolicy { failures: 5, window: Duration::minutes(30), duration: Duration::minutes(15) };

    fn at(seconds: i64) -> OffsetDateTime {
        OffsetDateTime::UNIX_EPOCH + Duration::days(20_000) + Duration::seconds(seconds)
    }

    #[test]
    fn the_fifth_failure_blocks_for_fifteen_minutes() {
        let mut tally = Tally::default();
        for n in 0..4 {
            assert!(!tally.strike(at(n), LOGIN));
            assert_eq!(tally.blocked_for(at(n)), None);
        }
        assert!(tally.strike(at(4), LOGIN));
        assert_eq!(tally.blocked_for(at(4)), Some(900));
        assert_eq!(tally.blocked_for(at(4 + 899)), Some(1));
        assert_eq!(tally.blocked_for(at(4 + 900)), None);
    }

    #[test]
    fn further_tries_never_prolong_a_block_and_after_it_the_count_begins_anew() {
        let mut tally = Tally::default();
        for n in 0..5 {
            tally.strike(at(n), LOGIN);
        }
        for n in 5..800 {
            assert!(!tally.strike(at(n), LOGIN));
        }
        assert_eq!(tally.blocked_until, Some(at(4 + 900)));
        for n in 0..4 {
            assert!(!tally.strike(at(905 + n), LOGIN));
        }
        assert!(tally.strike(at(910), LOGIN));
    }

    #[test]
    fn a_failure_that_was_none_is_taken_back_with_its_block_and_nothing_else_is() {
        let mut tally = Tally::default();
        for n in 0..5 {
            tally.strike(at(n), LOGIN);
        }
        tally.spare(at(4), LOGIN);
        assert_eq!(tally.blocked_for(at(4)), None);
        assert!(tally.strike(at(5), LOGIN), "the four before it still count");
        tally.spare(at(4), LOGIN);
        tally.spare(at(1), LOGIN);
        assert_eq!(tally.blocked_for(at(5)), Some(900), "a block that another began");
    }

    #[test]
    fn a_failure_thirty_minutes_old_no_longer_counts() {
        let mut tally = Tally::default();
        tally.strike(at(0), LOGIN);
        for n in 0..3 {
            tally.strike(at(1700 + n), LOGIN);
        }
        assert!(!tally.strike(at(1801), LOGIN));
        assert!(tally.strike(at(1802), LOGIN));
    }

    #[test]
    fn sends_wait_thirty_seconds_then_twice_as_long_each_time() {
        let (mut tally, wait) = (Tally::default(), Duration::seconds(30));
        let mut now = 0;
        tally.send(at(now), wait).expect("the first");
        for expected in [30, 60, 120, 240, 480] {
            assert_eq!(tally.send(at(now), wait), Err(expected));
            now += i64::from(expected);
            tally.send(at(now), wait).expect("after the wait");
        }
        // the first and five more: now the hour of the first must pass
        assert_eq!(tally.send(at(now + 960), wait), Err(u32::try_from(3600 - now - 960).expect("positive")));
        tally.send(at(3600), wait).expect("an hour after the first");
    }

    #[test]
    fn a_window_counts_what_it_holds_and_tells_the_wait() {
        let mut tally = Tally::default();
        for n in 0..3 {
            tally.hit(at(n), 3, Duration::seconds(60)).expect("below the maximum");
        }
        assert_eq!(tally.hit(at(10), 3, Duration::seconds(60)), Err(50));
        tally.hit(at(60), 3, Duration::seconds(60)).expect("the first has left the window");
    }

    #[test]
    fn a_client_that_waits_the_told_seconds_is_never_too_early() {
        assert_eq!(seconds_until(at(1) + Duration::milliseconds(1), at(0)), 2);
        assert_eq!(seconds_until(at(0), at(5)), 1);
    }
}
