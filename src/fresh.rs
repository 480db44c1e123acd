//! Fresh authentication (SPEC §13, §16; ASVS 7.5.1): who wants to change what later recovers shows again that they are the
//! owner. A session is fresh for a while after it signed in, or after it was authenticated again; exchanging a refresh token
//! adds nothing to it.

use crate::error::Refusal;
use time::{Duration, OffsetDateTime};

/// A session that is fresh at this moment. [`FreshSession::of`] makes it and nothing else does, so that whatever writes a
/// contact, a document or a first password can demand it, and names the one account that it may write to.
#[derive(Debug)]
pub struct FreshSession {
    account_id: i64,
    until: OffsetDateTime,
}

impl FreshSession {
    /// # Errors
    /// [`Refusal::ReauthenticationRequired`] when the owner was seen `period` ago or longer.
    pub fn of(account_id: i64, authenticated_at: OffsetDateTime, now: OffsetDateTime, period: Duration) -> Result<Self, Refusal> {
        let until = authenticated_at + period;
        if until > now { Ok(Self { account_id, until }) } else { Err(Refusal::ReauthenticationRequired) }
    }

    /// Whose.
    pub const fn account_id(&self) -> i64 {
        self.account_id
    }

    /// Until when.
    pub const fn until(&self) -> OffsetDateTime {
        self.until
    }
}

/// Who completes a profile (004, step 3): it writes a document and a phone.
#[derive(Debug)]
pub enum Completer {
    /// Who proved the address of this account just now: the sign-up itself goes on.
    SignUp(i64),
    /// Who is signed in.
    Owner(FreshSession),
}

impl Completer {
    /// Whose profile.
    pub const fn account_id(&self) -> i64 {
        match self {
            Self::SignUp(id) => *id,
            Self::Owner(fresh) => fresh.account_id(),
        }
    }
}

/// What somebody shows to be known again.
#[derive(Debug, Clone)]
pub enum Evidence {
    /// The password.
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
