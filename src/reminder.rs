//! One reminder by e-mail for a sign-up that was left (`SIGNUP_REMINDER`, off by default).
//!
//! ```text
//!   left for SIGNUP_REMINDER ──► may it be reminded?
//!        │ yes    ──► one mail, ever. Proved by e-mail: its own live link, with "não fui eu".
//!        │                            Proved by phone: the way to the page, which goes on where the browser knows the sign-up.
//!        │ not yet ─► something went to the address in the last hour: looked at again
//!        └ no     ──► settled: proved, given up, abandoned by its browser, the address has an account, rests, or said "não fui eu"
//! ```
//!
//! The address is not proved: whoever typed it may be somebody else. So the mail holds nobody's text and opens nothing that the mail of
//! the proof would not open, and an address hears from us once in [`REST`], whoever types it (SPEC §16).

use time::Duration;

/// The shortest time after which a sign-up counts as left.
pub const EARLIEST: Duration = AFTER_A_MESSAGE;
/// The longest: a sign-up and its claim last 24 hours.
pub const LATEST: Duration = Duration::hours(23);
/// How long an address gets no other reminder after one.
pub const REST: Duration = Duration::days(30);
/// How long an address gets none after "não fui eu".
pub const REST_AFTER_NOT_ME: Duration = Duration::days(180);
/// After anything else that was sent for it, the person is not reminded for this long.
pub const AFTER_A_MESSAGE: Duration = Duration::hours(1);

/// What is known of a sign-up that nobody has gone on with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each says one thing of a sign-up")]
pub struct Left {
    /// Its contact is still to be proved.
    pub waits: bool,
    /// Some browser still holds it, or it came by the API and is proved by e-mail.
    pub can_go_on: bool,
    /// It was settled before.
    pub settled: bool,
    /// Its address or phone belongs to an account by now.
    pub has_account: bool,
    /// Its address had a reminder, or said "não fui eu", and rests.
    pub rests: bool,
    /// Something went to its address within [`AFTER_A_MESSAGE`].
    pub written_lately: bool,
}

/// What becomes of a reminder.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// It is sent, and no other ever.
    Send,
    /// It is looked at again.
    Later,
    /// None is sent, ever.
    Never,
}

impl Left {
    /// Decides on the one reminder.
    pub const fn verdict(self) -> Verdict {
        let Self { waits, can_go_on, settled, has_account, rests, written_lately } = self;
        if !waits || !can_go_on || settled || has_account || rests {
            Verdict::Never
        } else if written_lately {
            Verdict::Later
        } else {
            Verdict::Send
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LEFT: Left = Left { waits: true, can_go_on: true, settled: false, has_account: false, rests: false, written_lately: false };

    #[test]
    fn only_a_sign_up_that_can_go_on_is_reminded_and_never_twice() {
        assert_eq!(LEFT.verdict(), Verdict::Send);
        assert_eq!(Left { written_lately: true, ..LEFT }.verdict(), Verdict::Later);
        let never = [
            Left { waits: false, ..LEFT },
            Left { can_go_on: false, ..LEFT },
            Left { settled: true, ..LEFT },
            Left { has_account: true, ..LEFT },
            Left { rests: true, written_lately: true, ..LEFT },
        ];
        for left in never {
            assert_eq!(left.verdict(), Verdict::Never, "{left:?}");
        }
    }
}
