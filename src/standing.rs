//! How a page that waits for a proof stands, as one number: it is another one as soon as the page would look different, but for its
//! clocks, and for whether SMS rests, which other people's messages decide. Nothing of the sign-up or account can be learned from it.

use crate::message::Channel;
use crate::view::Delivery;
use std::hash::{DefaultHasher, Hash, Hasher};
use time::{Duration, OffsetDateTime};

/// What a browser that holds a sign-up may see change by itself.
#[derive(Debug, Clone, Hash)]
pub struct Standing {
    /// When the sign-up was last corrected, or its proof sent again.
    pub changed_at: OffsetDateTime,
    /// The version of its account, once there is one.
    pub account: Option<i64>,
    /// Whether its contact is proved.
    pub proved: bool,
    /// How far its code or link has come, and by which channel; `None`: there is none to wait for.
    pub message: Option<(Delivery, Channel)>,
    /// Seconds until entries are checked again; `None`: not blocked. The page tells minutes.
    pub blocked_for: Option<u32>,
    /// The wrong entries that are left after the first; `None`: there was none.
    pub entries_left: Option<u32>,
    /// Whether this browser gets a session from a proof given elsewhere.
    pub enters: bool,
}

/// Returns the number of a sign-up. `None`: this browser holds none of that name.
pub fn of_signup(standing: Option<Standing>) -> u32 {
    number(standing.map(|it| Standing {
        // As the database keeps it.
        changed_at: it.changed_at - Duration::nanoseconds(i64::from(it.changed_at.nanosecond() % 1_000)),
        blocked_for: it.blocked_for.map(|seconds| seconds.div_ceil(60)),
        ..it
    }))
}

/// Returns the number of a code of one's own account. `None`: none lives.
pub fn of_code(message: Option<(Delivery, Channel)>) -> u32 {
    number(message)
}

fn number(what: impl Hash) -> u32 {
    let mut number = DefaultHasher::new();
    what.hash(&mut number);
    #[expect(clippy::cast_possible_truncation, reason = "half of a hash tells as much here")]
    let number = number.finish() as u32;
    number
}

#[cfg(test)]
mod tests {
    use super::*;

    fn waiting() -> Standing {
        Standing {
            changed_at: OffsetDateTime::UNIX_EPOCH,
            account: None,
            proved: false,
            message: Some((Delivery::OnItsWay, Channel::WhatsApp)),
            blocked_for: None,
            entries_left: None,
            enters: false,
        }
    }

    #[test]
    fn whatever_the_page_would_show_is_another_number() {
        let all = [
            None,
            Some(waiting()),
            Some(Standing { changed_at: OffsetDateTime::UNIX_EPOCH + Duration::milliseconds(1), ..waiting() }),
            Some(Standing { account: Some(1), ..waiting() }),
            Some(Standing { account: Some(2), ..waiting() }),
            Some(Standing { proved: true, ..waiting() }),
            Some(Standing { message: None, ..waiting() }),
            Some(Standing { message: Some((Delivery::Sent, Channel::WhatsApp)), ..waiting() }),
            Some(Standing { message: Some((Delivery::OnItsWay, Channel::Sms)), ..waiting() }),
            Some(Standing { blocked_for: Some(61), ..waiting() }),
            Some(Standing { blocked_for: Some(60), ..waiting() }),
            Some(Standing { entries_left: Some(4), ..waiting() }),
            Some(Standing { entries_left: Some(3), ..waiting() }),
            Some(Standing { enters: true, ..waiting() }),
        ];
        let mut numbers: Vec<_> = all.iter().cloned().map(of_signup).collect();
        numbers.sort_unstable();
        numbers.dedup();
        assert_eq!(numbers.len(), all.len(), "{numbers:?}");
        assert_ne!(of_code(None), of_code(Some((Delivery::Sent, Channel::Sms))));
    }

    #[test]
    fn seconds_of_a_block_are_the_page_s_own_clock() {
        let blocked = |seconds| of_signup(Some(Standing { blocked_for: Some(seconds), ..waiting() }));
        assert_eq!(blocked(119), blocked(61));
        let changed = |nanoseconds| Standing { changed_at: OffsetDateTime::UNIX_EPOCH + Duration::nanoseconds(nanoseconds), ..waiting() };
        assert_eq!(of_signup(Some(changed(1_999))), of_signup(Some(changed(1_000))), "as the database keeps it");
    }
}
