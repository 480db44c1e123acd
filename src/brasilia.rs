//! The local time of Brasília: people are shown it, and their day begins by it.

use time::{OffsetDateTime, UtcOffset};

/// How many hours the time of Brasília is behind UTC. Brazil has had no summer time since 2019.
pub const BEHIND: i8 = 3;

/// Converts an instant to the time of Brasília, UTC−3. Its western states are at most two hours further behind. An instant whose local time is out of range stays as it is.
pub fn in_brasilia(at: OffsetDateTime) -> OffsetDateTime {
    UtcOffset::from_hms(-BEHIND, 0, 0).ok().and_then(|offset| at.checked_to_offset(offset)).unwrap_or(at)
}

#[cfg(test)]
mod tests {
    use super::in_brasilia;
    use time::{Date, Month, OffsetDateTime, Time};

    #[test]
    fn a_day_begins_three_hours_after_that_of_utc() {
        let midnight = OffsetDateTime::UNIX_EPOCH;
        assert_eq!((in_brasilia(midnight), in_brasilia(midnight).hour()), (midnight, 21));
    }

    #[test]
    fn the_first_instant_of_all_is_told_and_does_not_panic() {
        let first = Date::MIN.with_time(Time::MIDNIGHT).assume_utc();
        assert_eq!(in_brasilia(first), first);
        assert_eq!(in_brasilia(first).month(), Month::January);
    }
}
