//! The life cycle of a code or link, from its request to its end (SPEC §4, §11).
//!
//! ```text
//!            handed to the carrier          right entry
//!   Waiting ──────────────────────► Live ─────────────────► Spent
//!      │                             │ │
//!      │ not within 10 min (code)    │ └─ five wrong entries ─► Dead   (also from Waiting)
//!      ▼ or its lifetime (link)      ▼ lifetime
//!   Lapsed ◄─────────────────────────┘
//! ```
//!
//! The lifetime starts when the message is handed to its carrier. A code in `Waiting` may be entered too: the person can be
//! faster than our record of the hand-over.

use crate::error::Refusal;
use crate::message::CODE_HAND_OVER_LIMIT;
use crate::purpose::SecretFor;
use time::{Duration, OffsetDateTime};

/// The facts of one code or link.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verification {
    /// What it is for.
    pub purpose: SecretFor,
    /// Its lifetime, counted from the hand-over.
    pub lifetime: Duration,
    /// When it was requested.
    pub asked_at: OffsetDateTime,
    /// When it expires; `None`: not handed over yet.
    pub expires_at: Option<OffsetDateTime>,
    /// When it was used; `None`: never.
    pub spent_at: Option<OffsetDateTime>,
    /// When too many wrong entries, or a newer code or link, made it invalid; `None`: never.
    pub dead_at: Option<OffsetDateTime>,
}

/// The state of a verification.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// Requested, not yet handed to its carrier.
    Waiting,
    /// Handed over.
    Live,
    /// Used.
    Spent,
    /// Expired, or not handed over in time.
    Lapsed,
    /// Invalid after five wrong entries, or replaced by another one.
    Dead,
}

impl Verification {
    /// Returns the state at `now`.
    pub fn state(&self, now: OffsetDateTime) -> State {
        if self.spent_at.is_some() {
            State::Spent
        } else if self.dead_at.is_some() {
            State::Dead
        } else if self.good_until() <= now {
            State::Lapsed
        } else if self.expires_at.is_some() {
            State::Live
        } else {
            State::Waiting
        }
    }

    /// Returns when it expires: the deadline for the hand-over as long as that has not happened.
    pub fn good_until(&self) -> OffsetDateTime {
        self.expires_at.unwrap_or_else(|| self.hand_over_by())
    }

    /// Returns the deadline for the hand-over: ten minutes for a code, its lifetime for a link. After that it is dropped.
    pub fn hand_over_by(&self) -> OffsetDateTime {
        self.asked_at + if self.purpose.code().is_some() { CODE_HAND_OVER_LIMIT } else { self.lifetime }
    }

    /// Returns whether it can still be entered. If so, a resend delivers this one again instead of creating a new one.
    pub fn can_be_entered(&self, now: OffsetDateTime) -> bool {
        matches!(self.state(now), State::Waiting | State::Live)
    }

    /// Returns whether the sealed secret must be kept; otherwise it is wiped.
    pub fn secret_still_needed(&self, now: OffsetDateTime) -> bool {
        self.can_be_entered(now)
    }
}

/// Proof that a code or link was read at its destination. Only [`judge`] creates one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proof {
    destination: Vec<u8>,
}

/// A contact that was proved by a code or link sent to that same contact. Accounts accept proved contacts only in this type, so a
/// proof of one contact cannot pass for a proof of another (SPEC §16).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proved<C>(C);

impl Proof {
    /// Returns the contact as proved if its keyed index `index` is the destination; `None`: the secret was sent elsewhere.
    pub fn of<C>(&self, contact: C, index: &[u8]) -> Option<Proved<C>> {
        (self.destination == index).then_some(Proved(contact))
    }
}

impl<C> Proved<C> {
    /// Returns the proved contact.
    pub const fn contact(&self) -> &C {
        &self.0
    }
}

/// The result of entering a code or opening a link.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// Right, in time, and used for the first time.
    Accepted(Proof),
    /// Right, but already used.
    UsedBefore,
    /// Right, but expired.
    TooLate,
    /// Wrong or dead.
    Refused,
}

/// Decides on one entry. `destination`: the keyed index of where the code or link was sent. `matched`: whether the keyed hash
/// matched.
pub fn judge(verification: &Verification, destination: &[u8], matched: bool, now: OffsetDateTime) -> Verdict {
    match (matched, verification.state(now)) {
        (true, State::Waiting | State::Live) => Verdict::Accepted(Proof { destination: destination.to_vec() }),
        (true, State::Spent) => Verdict::UsedBefore,
        (true, State::Lapsed) => Verdict::TooLate,
        _ => Verdict::Refused,
    }
}

/// Checks that a link found by its token may be used at `now`: for the first time, or again within its lifetime.
pub fn open_link(link: &Verification, destination: &[u8], now: OffsetDateTime) -> Result<Verdict, Refusal> {
    match judge(link, destination, true, now) {
        Verdict::UsedBefore if link.good_until() <= now => Err(Refusal::LinkLapsed),
        verdict @ (Verdict::Accepted(_) | Verdict::UsedBefore) => Ok(verdict),
        Verdict::TooLate => Err(Refusal::LinkLapsed),
        Verdict::Refused => Err(Refusal::LinkUnknown),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::purpose::{CodeFor, LinkFor};

    const START: OffsetDateTime = OffsetDateTime::UNIX_EPOCH;

    fn code() -> Verification {
        Verification {
            purpose: CodeFor::SignupPhone.into(),
            lifetime: Duration::minutes(5),
            asked_at: START,
            expires_at: None,
            spent_at: None,
            dead_at: None,
        }
    }

    #[test]
    fn the_clock_starts_at_hand_over() {
        let asked = code();
        assert_eq!(asked.state(START + Duration::minutes(9)), State::Waiting);
        let handed = Verification { expires_at: Some(START + Duration::minutes(14)), ..asked };
        assert_eq!(handed.state(START + Duration::minutes(13)), State::Live);
        assert_eq!(handed.state(START + Duration::minutes(14)), State::Lapsed);
    }

    #[test]
    fn a_code_that_never_left_lapses_after_ten_minutes_and_a_link_waits_as_long_as_it_could_live() {
        assert_eq!(code().state(START + Duration::minutes(10)), State::Lapsed);
        let link = Verification { purpose: LinkFor::EmailProof.into(), lifetime: Duration::hours(24), ..code() };
        assert_eq!(link.state(START + Duration::hours(23)), State::Waiting);
        assert_eq!(link.state(START + Duration::hours(24)), State::Lapsed);
    }

    #[test]
    fn a_right_entry_counts_once_and_only_while_it_lives() {
        let live = Verification { expires_at: Some(START + Duration::minutes(5)), ..code() };
        assert!(matches!(judge(&live, b"here", true, START), Verdict::Accepted(_)));
        assert_eq!(judge(&live, b"here", false, START), Verdict::Refused);
        assert_eq!(judge(&live, b"here", true, START + Duration::minutes(5)), Verdict::TooLate);
        let spent = Verification { spent_at: Some(START), ..live.clone() };
        assert_eq!(judge(&spent, b"here", true, START), Verdict::UsedBefore);
        let dead = Verification { dead_at: Some(START), ..live };
        assert_eq!(judge(&dead, b"here", true, START), Verdict::Refused);
    }

    #[test]
    fn a_link_opens_again_in_its_lifetime_and_a_dead_one_never() {
        let link = Verification { purpose: LinkFor::EmailProof.into(), expires_at: Some(START + Duration::minutes(5)), ..code() };
        assert!(matches!(open_link(&link, b"here", START), Ok(Verdict::Accepted(_))));
        let used = Verification { spent_at: Some(START), ..link.clone() };
        assert_eq!(open_link(&used, b"here", START), Ok(Verdict::UsedBefore));
        for lapsed in [&link, &used] {
            assert_eq!(open_link(lapsed, b"here", START + Duration::minutes(5)), Err(Refusal::LinkLapsed));
        }
        assert_eq!(open_link(&Verification { dead_at: Some(START), ..link }, b"here", START), Err(Refusal::LinkUnknown));
    }

    #[test]
    fn what_came_back_proves_the_contact_that_it_was_sent_to_and_no_other() {
        let Verdict::Accepted(proof) = judge(&code(), b"here", true, START) else { panic!("accepted") };
        assert_eq!(proof.of("a contact", b"here").as_ref().map(Proved::contact), Some(&"a contact"));
        assert_eq!(proof.of("another", b"there"), None);
    }
}
