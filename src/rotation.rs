//! Refresh tokens are replaced at each use (SPEC §6), those of the API and those of products alike.

use crate::session::{Requester, Token};
use time::{Duration, OffsetDateTime};

/// How long the same client gets the same successor again if it repeats a refresh token.
pub const REFRESH_GRACE: Duration = Duration::seconds(30);

/// The use of a refresh token.
#[derive(Debug, Clone)]
pub struct Used {
    /// When.
    pub at: OffsetDateTime,
    /// The token that replaced it; wiped some time after the grace period.
    pub successor: Option<Token>,
    /// From which address.
    pub address: String,
    /// By which User-Agent.
    pub user_agent: String,
}

/// A refresh token that is shown.
#[derive(Debug, PartialEq, Eq)]
pub enum Shown {
    /// For the first time: it is replaced.
    First,
    /// Again by the same client, as after a lost answer: it gets the same successor.
    Again(Token),
    /// By whoever else has it, or too late: nothing that came of it is in force any more.
    Reused,
}

impl Shown {
    /// What a token is, by what is known of its use.
    pub fn of(used: Option<Used>, who: &Requester, now: OffsetDateTime) -> Self {
        let Some(Used { at, successor, address, user_agent }) = used else { return Self::First };
        let same = address == who.client_ip.to_string() && user_agent == who.user_agent;
        match successor {
            Some(successor) if same && at + REFRESH_GRACE > now => Self::Again(successor),
            _ => Self::Reused,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_same_client_may_repeat_a_token_and_only_at_once() {
        let who = Requester { user_agent: "a".to_owned(), ..Requester::stranger(std::net::Ipv4Addr::LOCALHOST.into()) };
        let now = OffsetDateTime::UNIX_EPOCH;
        let used = |seconds| Used {
            at: now - Duration::seconds(seconds),
            successor: Some(Token::new("next")),
            address: who.client_ip.to_string(),
            user_agent: "a".to_owned(),
        };
        assert_eq!(Shown::of(None, &who, now), Shown::First);
        assert_eq!(Shown::of(Some(used(29)), &who, now), Shown::Again(Token::new("next")));
        for reused in [
            used(30),
            Used { successor: None, ..used(1) },
            Used { address: "192.0.2.1".to_owned(), ..used(1) },
            Used { user_agent: "b".to_owned(), ..used(1) },
        ] {
            assert_eq!(Shown::of(Some(reused), &who, now), Shown::Reused);
        }
    }
}
