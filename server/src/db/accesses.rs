//! Who is in an account, and who was before: tables `sessions` and `audit`.

use super::sessions::{Listed, Named};
use crate::fault::Fault;
use portaria::audit::Event;
use portaria::check_up::MOST_FAILURES;
use sqlx::{FromRow, PgPool};
use time::OffsetDateTime;

/// A living session of the account. What stands beside it is the same in each row.
#[derive(Debug, FromRow)]
pub struct Access {
    #[sqlx(flatten)]
    pub session: Listed,
    pub account_created_at: OffsetDateTime,
    /// When the account was signed in to before the session by which it was found.
    pub before_at: Option<OffsetDateTime>,
    pub before_address: Option<String>,
    pub before_agent: Option<String>,
    /// How often signing in failed since then.
    pub failures: i64,
}

/// The living sessions of an account, found by one of them, which is first; then the most recently used. None: there is no such session.
pub async fn accesses(pool: &PgPool, now: OffsetDateTime, named: &Named) -> Result<Vec<Access>, Fault> {
    // Written out, not bound, is the event that the index has.
    macro_rules! of_session {
        ($by:literal) => {
            concat!(
                "select s.id, s.account_id, s.id = own.id as current, s.presentation, s.created_at, s.last_used_at, \
                 host(s.address) as address, s.user_agent, a.created_at as account_created_at, before.at as before_at, \
                 host(before.address) as before_address, before.user_agent as before_agent, failed.times as failures \
                 from (select id, account_id, created_at from sessions where ",
                $by,
                " and ended_at is null and expires_at > $2) as own \
                 join accounts a on a.id = own.account_id \
                 left join lateral ( \
                     select at, address, user_agent from audit where account_id = own.account_id \
                     and event = 'authn_login_success' and at < own.created_at order by at desc limit 1) as before on true \
                 cross join lateral (select count(*) as times from ( \
                     select from audit where account_id = own.account_id and at > before.at and event in ($3, $4) limit $5) as tries) as failed \
                 join sessions s on s.account_id = own.account_id \
                 where s.ended_at is null and s.expires_at > $2 order by current desc, s.last_used_at desc, s.created_at desc, s.id"
            )
        };
    }
    let found = match named {
        Named::Id(id) => sqlx::query_as(of_session!("id = $1")).bind(id),
        Named::Cookie(index) => sqlx::query_as(of_session!("token_hash = $1")).bind(index),
    };
    let found = found.bind(now).bind(Event::LoginFailed.as_str()).bind(Event::LoginLocked.as_str()).bind(i64::from(MOST_FAILURES));
    Ok(found.fetch_all(pool).await?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_index_has_the_event_by_its_name() {
        assert_eq!(Event::LoginSucceeded.as_str(), "authn_login_success");
    }
}
