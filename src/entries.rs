//! Entries of codes, counted (SPEC §4, §11, §16): of the browser that holds what the code is for by themselves, of everybody
//! else together, by the destination.
//!
//! ```text
//!   Holder(sign-up) ─► by the sign-up:     5 in 30 min ─► its code dies, its entries rest 15 min
//!   Stranger        ─► by the destination: 5 in 30 min ─► codes that no browser holds die, strangers' entries rest
//!                   └► by the destination: 20 a day    ─► strangers' entries rest
//! ```

use crate::limits::{BlockPolicy, STRANGERS_ENTRIES, STRANGERS_WINDOW, Tally};
use time::OffsetDateTime;

/// Who types a code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Entrant<'a> {
    /// The browser that holds what the code is for; the key names that, a sign-up say.
    Holder(&'a [u8]),
    /// Anybody else, an API's client included: nothing tells it from a stranger.
    Stranger,
}

/// Which codes too many wrong entries kill.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Killed {
    /// That of what the entrant holds.
    Own,
    /// Those at the destination that no browser holds.
    Unheld,
}

impl Entrant<'_> {
    /// Which codes die when this one's entries come to rest.
    pub const fn kills(self) -> Killed {
        match self {
            Self::Holder(_) => Killed::Own,
            Self::Stranger => Killed::Unheld,
        }
    }
}

/// What is counted of one entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entries {
    /// A holder's, by what it holds; strangers', by the destination.
    pub recent: Tally,
    /// What strangers entered within a day.
    pub of_day: Option<Tally>,
}

impl Entries {
    /// Those of a holder; strangers' get what they entered within a day besides.
    pub const fn new(recent: Tally) -> Self {
        Self { recent, of_day: None }
    }

    /// Seconds that entries rest, so that none is looked at.
    pub fn rest_for(&self, now: OffsetDateTime) -> Option<u32> {
        let full = |day: &Tally| day.full_for(now, STRANGERS_ENTRIES, STRANGERS_WINDOW);
        self.recent.blocked_for(now).or_else(|| self.of_day.as_ref().and_then(full))
    }

    /// Counts one as wrong. Gives whether it began a block.
    pub fn strike(&mut self, now: OffsetDateTime, policy: BlockPolicy) -> bool {
        if let Some(day) = &mut self.of_day {
            // there was room, or they would rest
            let _ = day.hit(now, STRANGERS_ENTRIES, STRANGERS_WINDOW);
        }
        self.recent.strike(now, policy)
    }

    /// After a right one: the count begins anew, and what was guessed within the day stays guessed.
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
        assert_eq!((Entrant::Stranger.kills(), Entrant::Holder(b"it").kills()), (Killed::Unheld, Killed::Own));
    }
}
