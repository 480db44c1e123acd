//! What is counted, and when it is enough (SPEC §4, §8, §11). Pure: a tally goes in, a tally and an answer come out;
//! the server keeps it in one row that all nodes share.

use time::{Duration, OffsetDateTime};

/// Sends to one destination for one purpose: the first and five more within [`SEND_WINDOW`].
pub const SENDS_PER_WINDOW: usize = 6;
/// The window of [`SENDS_PER_WINDOW`].
pub const SEND_WINDOW: Duration = Duration::hours(1);
/// Guesses or hashes that one client address may cause within [`GUESS_WINDOW`] (SPEC §11).
pub const GUESSES_PER_ADDRESS: usize = 120;
/// The window of [`GUESSES_PER_ADDRESS`].
pub const GUESS_WINDOW: Duration = Duration::minutes(10);
/// How often one client address may be told within [`TAKEN_WINDOW`] that an e-mail, phone or document is taken; then it is
/// told nothing about any, free ones included (SPEC §16).
pub const TAKEN_PER_ADDRESS: usize = 20;
/// The window of [`TAKEN_PER_ADDRESS`].
pub const TAKEN_WINDOW: Duration = Duration::hours(1);
/// What a network of clients (an IPv6 /48) may cause, in multiples of what one client may: more than one household stands
/// behind it, and whoever owns it whole must not count as 65 536.
pub const CLIENTS_PER_NETWORK: usize = 4;
/// Sends that one client address may cause within [`SEND_WINDOW`] (SPEC §11).
pub const SENDS_PER_ADDRESS: usize = 30;
/// Wrong entries of a code are counted over this long, whatever the code (SPEC §11).
pub const ENTRY_WINDOW: Duration = Duration::minutes(30);
/// After too many of them, entries are refused like wrong ones for this long (SPEC §11).
pub const ENTRY_BLOCK: Duration = Duration::minutes(15);

/// Wrong entries for one destination and purpose within [`STRANGERS_WINDOW`] by those who do not hold what the code is for:
/// what they may guess in all (SPEC §16).
pub const STRANGERS_ENTRIES: usize = 20;
/// The window of [`STRANGERS_ENTRIES`].
pub const STRANGERS_WINDOW: Duration = Duration::days(1);

/// The largest photo that is taken, in bytes (004: 5 MB).
pub const PHOTO_BYTES: usize = 5 * 1024 * 1024;
/// How a JPEG and a PNG begin: a photo is what it is, whatever it calls itself (004; ASVS 5.2.2).
pub const PHOTO_SIGNATURES: [&[u8]; 2] = [&[0xFF, 0xD8, 0xFF], b"\x89PNG\r\n\x1a\n"];

/// How many failures in which window block for how long.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BlockPolicy {
    /// Failures that block.
    pub failures: usize,
    /// The window in which they count.
    pub window: Duration,
    /// How long the block lasts; further tries never prolong it.
    pub duration: Duration,
}

/// The instants that still count for one thing, oldest first, and a block if there is one.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tally {
    /// Oldest first.
    pub hits: Vec<OffsetDateTime>,
    /// Until when everything is refused.
    pub blocked_until: Option<OffsetDateTime>,
}

/// Whole seconds until `until`, rounded up, at least 1: a client that waits that long is never too early.
pub fn seconds_until(until: OffsetDateTime, now: OffsetDateTime) -> u32 {
    let left = until - now;
    let whole = left.whole_seconds() + i64::from(left.subsec_nanoseconds() > 0);
    u32::try_from(whole.max(1)).unwrap_or(u32::MAX)
}

impl Tally {
    fn forget_before(&mut self, oldest: OffsetDateTime) {
        self.hits.retain(|hit| *hit > oldest);
    }

    /// Seconds that the block still lasts.
    pub fn blocked_for(&self, now: OffsetDateTime) -> Option<u32> {
        self.blocked_until.filter(|until| *until > now).map(|until| seconds_until(until, now))
    }

    /// Counts a failure. Gives whether this one began a block. During a block nothing is counted, so that it is
    /// never prolonged; after it the count begins anew (SPEC §11).
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

    /// Takes back the failure that was counted at `at`, and the block that it began: it turned out to be none. Those before it
    /// and those of others stay.
    pub fn spare(&mut self, at: OffsetDateTime, policy: BlockPolicy) {
        if let Some(index) = self.hits.iter().rposition(|hit| *hit == at) {
            self.hits.remove(index);
            self.blocked_until.take_if(|until| *until == at + policy.duration);
        }
    }

    /// Takes back the newest failure that was counted before the comparison came out right, and all before it.
    pub fn clear(&mut self) {
        *self = Self::default();
    }

    /// Seconds until the next send is allowed: `wait` after the first, then twice as long each time, and no more than
    /// [`SENDS_PER_WINDOW`] in [`SEND_WINDOW`]. `None`: now.
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

    /// Counts a send, or gives the seconds until one is allowed.
    pub fn send(&mut self, now: OffsetDateTime, wait: Duration) -> Result<(), u32> {
        if let Some(seconds) = self.next_send_in(now, wait) {
            return Err(seconds);
        }
        self.forget_before(now - SEND_WINDOW);
        self.hits.push(now);
        Ok(())
    }

    /// Seconds until one more of at most `max` in `window` is allowed. `None`: now.
    pub fn full_for(&self, now: OffsetDateTime, max: usize, window: Duration) -> Option<u32> {
        let recent = self.hits.iter().filter(|hit| **hit > now - window);
        let oldest = recent.rev().nth(max.checked_sub(1)?)?;
        Some(seconds_until(*oldest + window, now))
    }

    /// Counts one of at most `max` in `window`, or gives the seconds until one is allowed.
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
