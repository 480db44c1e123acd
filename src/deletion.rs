//! Deleting an account (SPEC §13 "Deletion", §17): asked for by its owner in a fresh session, undone for fourteen days, then erased.
//!
//! ```text
//!             asks: every session ends,            fourteen days
//!             every proved contact is told         are over
//!   in use ───────────────────────────► pending ─────────────────► erased: no row of the account is left,
//!      ▲                                   │                        its identifiers are free
//!      └───────────────────────────────────┘
//!        the link in one of those messages, or a right sign-in that says so
//! ```
//!
//! Meanwhile nobody signs in: a right password or code leads to that one choice. An operator erases at once
//! (`portaria accounts delete`), by the same path.

use crate::error::Refusal;
use crate::session::Token;
use time::{Duration, OffsetDateTime};

/// How long a deletion can be undone.
pub const GRACE: Duration = Duration::days(14);
/// How long a browser may wait at the choice after a right sign-in.
pub const CHOICE_LIFETIME: Duration = Duration::minutes(15);

/// Returns when an account whose deletion was asked for is erased.
pub fn deletes_at(asked_at: OffsetDateTime) -> OffsetDateTime {
    asked_at + GRACE
}

/// Checks that a deletion can still be undone. From its instant on it cannot, also before the sweep has come by, so that the answer does
/// not depend on the sweep.
///
/// # Errors
/// [`Refusal::LinkLapsed`] otherwise.
pub fn may_undo(asked_at: OffsetDateTime, now: OffsetDateTime) -> Result<(), Refusal> {
    if now < deletes_at(asked_at) { Ok(()) } else { Err(Refusal::LinkLapsed) }
}

/// A right sign-in to an account whose deletion is pending.
#[derive(Debug, Clone)]
pub struct Pending {
    /// When it will be erased, in seconds since the epoch.
    pub deletes_at: i64,
    /// Lets this browser undo it and come in; valid for [`CHOICE_LIFETIME`], once. An API client gets none: it says `cancelDeletion`.
    pub grant: Option<Token>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_undone_until_the_last_moment_and_not_at_it() {
        let asked = OffsetDateTime::UNIX_EPOCH;
        assert_eq!(may_undo(asked, asked), Ok(()));
        assert_eq!(may_undo(asked, deletes_at(asked) - Duration::nanoseconds(1)), Ok(()));
        assert_eq!(may_undo(asked, deletes_at(asked)), Err(Refusal::LinkLapsed));
    }
}
