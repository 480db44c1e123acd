//! Rate limits on entering codes (SPEC §4, §11, §16). The browser that holds the sign-up has a count of its own. Everybody else
//! shares one count for each destination.
//!
//! ```text
//!   Holder(sign-up) ─► by the sign-up:     5 in 30 min ─► its code dies, its entries are blocked for 15 min
//!   Stranger        ─► by the destination: 5 in 30 min ─► codes that no browser holds die, strangers' entries are blocked
//!                   └► by the destination: 20 a day    ─► strangers' entries are blocked
//! ```

use crate::limits::{BlockPolicy, STRANGERS_ENTRIES, STRANGERS_WINDOW, Tally};
use time::OffsetDateTime;

/// Who enters a code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CodeSubmitter<'a> {
    /// A browser that holds what the code is for. The key identifies what it holds, for example a sign-up.
    Holder(&'a [u8]),
    /// Anybody else. This includes API clients: nothing distinguishes them from a stranger.
    Stranger,
}

/// Which codes die after too many wrong entries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RevokedCodes {
    /// The code of what the submitter holds.
    Own,
    /// The codes sent to the destination that no browser holds.
    Unheld,
}

impl CodeSubmitter<'_> {
    /// Returns which codes die when this submitter is blocked.
    pub const fn revokes(self) -> RevokedCodes {
        match self {
            Self::Holder(_) => RevokedCodes::Own,
            Self::Stranger => RevokedCodes::Unheld,
        }
    }
}

/// The counts that one entry is added to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entries {
    /// Counted for a holder by what it holds, for strangers by the destination.
    pub recent: Tally,
    /// The strangers' wrong entries within a day; `None` for a holder.
    pub of_day: Option<Tally>,
}

impl Entries {
    /// Creates the counts of a holder. For a stranger, the caller sets `of_day` too.
    pub const fn new(recent: Tally) -> Self {
        Self { recent, of_day: None }
    }

    /// Returns the seconds until entries are checked again; `None`: they are checked now.
    pub fn rest_for(&self, now: OffsetDateTime) -> Option<u32> {
        let full = |day: &Tally| day.full_for(now, STRANGERS_ENTRIES, STRANGERS_WINDOW);
        self.recent.blocked_for(now).or_else(|| self.of_day.as_ref().and_then(full))
    }

    /// Counts a wrong entry. Returns whether it started a block.
    pub fn strike(&mut self, now: OffsetDateTime, policy: BlockPolicy) -> bool {
        if let Some(day) = &mut self.of_day {
            // There is room: otherwise the entry would have been blocked.
            let _ = day.hit(now, STRANGERS_ENTRIES, STRANGERS_WINDOW);
        }
        self.recent.strike(now, policy)
    }

    /// Resets the recent count after a right entry. The daily count of strangers stays, or a guesser could reset it.
    #[must_use]
    pub fn cleared(mut self) -> Self {
        self.recent.clear();
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::limits::{ENTRY_BLOCK, ENTRY_WINDOW};
    use time::Duration;

    const POLICY: BlockPolicy = BlockPolicy { failures: 5, window: ENTRY_WINDOW, duration: ENTRY_BLOCK };
    const START: OffsetDateTime = OffsetDateTime::UNIX_EPOCH;

    #[test]
    fn the_fifth_wrong_entry_rests_and_a_right_one_begins_anew() {
        let mut entries = Entries::new(Tally::default());
        for _ in 0..4 {
            assert!(!entries.strike(START, POLICY));
        }
        assert_eq!(entries.clone().cleared().rest_for(START), None);
        assert!(entries.strike(START, POLICY));
        assert_eq!(entries.rest_for(START), Some(900));
    }

    #[test]
    fn what_strangers_guess_in_a_day_is_counted_whatever_comes_between() {
        let mut entries = Entries { of_day: Some(Tally::default()), ..Entries::new(Tally::default()) };
        for n in 0..20 {
            let now = START + Duration::minutes(n);
            assert_eq!(entries.rest_for(now), None);
            entries.strike(now, POLICY);
            entries = entries.cleared();
        }
        assert!(entries.rest_for(START + Duration::minutes(20)).is_some());
        assert_eq!(entries.rest_for(START + STRANGERS_WINDOW), None);
        assert_eq!((CodeSubmitter::Stranger.revokes(), CodeSubmitter::Holder(b"it").revokes()), (RevokedCodes::Unheld, RevokedCodes::Own));
    }
}
