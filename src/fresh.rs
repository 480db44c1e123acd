//! Fresh authentication (SPEC §13, §16; ASVS 7.5.1). Changing what can later recover the account requires a recent proof that
//! the requester is the owner. A session is fresh for a while after sign-in or re-authentication. Exchanging a refresh token
//! does not extend that.

use crate::error::Refusal;
use time::{Duration, OffsetDateTime};

/// Proof that a session is fresh. Only [`FreshSession::of`] creates it. Functions that write a contact, a document or a first
/// password take it as an argument, and write only to its account.
#[derive(Debug)]
pub struct FreshSession {
    account_id: i64,
    until: OffsetDateTime,
}

impl FreshSession {
    /// Checks that the session was authenticated less than `period` ago.
    ///
    /// # Errors
    /// [`Refusal::ReauthenticationRequired`] otherwise.
    pub fn of(account_id: i64, authenticated_at: OffsetDateTime, now: OffsetDateTime, period: Duration) -> Result<Self, Refusal> {
        let until = authenticated_at + period;
        if until > now { Ok(Self { account_id, until }) } else { Err(Refusal::ReauthenticationRequired) }
    }

    /// Returns the account that may be written to.
    pub const fn account_id(&self) -> i64 {
        self.account_id
    }

    /// Returns when the session stops being fresh.
    pub const fn until(&self) -> OffsetDateTime {
        self.until
    }
}

/// The requester of a profile completion (004, step 3), which writes a document and a phone.
#[derive(Debug)]
pub enum Completer {
    /// The requester has just proved the address of this account; the sign-up continues.
    SignUp(i64),
    /// The requester is signed in, with a fresh session.
    Owner(FreshSession),
}

impl Completer {
    /// Returns the account whose profile is completed.
    pub const fn account_id(&self) -> i64 {
        match self {
            Self::SignUp(id) => *id,
            Self::Owner(fresh) => fresh.account_id(),
        }
    }
}

/// What the owner gives to authenticate again.
#[derive(Debug, Clone)]
pub enum Evidence {
    /// The current password.
    Password(crate::session::Token),
    /// The code that was sent to a contact in force.
    Code(String),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_session_is_fresh_for_the_period_and_not_at_its_end() {
        let (start, period) = (OffsetDateTime::UNIX_EPOCH, Duration::minutes(10));
        let fresh = |after| FreshSession::of(7, start, start + after, period);
        assert_eq!(fresh(Duration::ZERO).unwrap().until(), start + period);
        assert_eq!(fresh(period - Duration::nanoseconds(1)).unwrap().account_id(), 7);
        assert_eq!(fresh(period).unwrap_err(), Refusal::ReauthenticationRequired);
    }
}
