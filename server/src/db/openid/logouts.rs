//! Table `openid_logouts`: sessions that ended, for the products that got tokens in them. Claimed by a worker under a lease, as messages
//! and events are ([`crate::db::outbox`], [`crate::db::webhooks`]).

use crate::config::LogoutReceiver;
use crate::db::outbox::LEASE;
use crate::db::sessions::Ended;
use portaria::account_event::RETRIED_FOR;
use sqlx::{FromRow, PgConnection};
use time::OffsetDateTime;
use uuid::Uuid;

/// Tells products of sessions that ended. `$sessions` selects their ids; the products' ids and the instant are bound.
macro_rules! tell {
    ($sessions:literal, $clients:literal, $now:literal) => {
        concat!(
            "insert into openid_logouts (client_id, session_id, account_id, happened_at, next_try_at) \
             select distinct client_id, session_id, account_id, ",
            $now,
            "::timestamptz, ",
            $now,
            "::timestamptz from openid_grants where session_id in (",
            $sessions,
            ") and spent_at is not null and client_id = any(",
            $clients,
            ") on conflict do nothing"
        )
    };
}
pub(in crate::db) use tell;

/// The ids of those who are told.
pub fn ids(receivers: &[LogoutReceiver]) -> Vec<&str> {
    receivers.iter().map(|receiver| receiver.client_id.as_str()).collect()
}

/// Tells products that got tokens in these sessions. Returns whether any did; if nobody wants to know, the database is not asked.
pub async fn enqueue(
    conn: &mut PgConnection,
    receivers: &[LogoutReceiver],
    now: OffsetDateTime,
    ended: &Ended,
) -> Result<bool, sqlx::Error> {
    if receivers.is_empty() || ended.ids().is_empty() {
        return Ok(false);
    }
    let told = sqlx::query(tell!("select unnest($1::uuid[])", "$2", "$3")).bind(ended.ids()).bind(ids(receivers)).bind(now);
    Ok(told.execute(conn).await?.rows_affected() > 0)
}

/// A session that ended, claimed for one product.
#[derive(Debug, FromRow)]
pub struct Due {
    pub client_id: String,
    pub session_id: Uuid,
    pub account_id: i64,
    /// Number of tries, including this one.
    pub attempts: i32,
    /// Deadline: a try that fails after this instant was the last.
    pub give_up_at: OffsetDateTime,
    leased_until: OffsetDateTime,
}

/// Claims up to `limit` for one product that were due by `due_by`. Other workers skip them until the lease ends.
pub async fn lease(
    conn: &mut PgConnection,
    now: OffsetDateTime,
    due_by: OffsetDateTime,
    client_id: &str,
    limit: usize,
) -> Result<Vec<Due>, sqlx::Error> {
    sqlx::query_as(
        "with due as ( \
             select client_id, session_id from openid_logouts \
             where client_id = $1 and next_try_at <= $2 and (leased_until is null or leased_until <= $3) \
             order by next_try_at limit $4 for update skip locked \
         ) update openid_logouts as it set leased_until = $5, attempts = attempts + 1, give_up_at = coalesce(give_up_at, $6) \
         from due where it.client_id = due.client_id and it.session_id = due.session_id \
         returning it.client_id, it.session_id, it.account_id, it.attempts, it.give_up_at, it.leased_until",
    )
    .bind(client_id)
    .bind(due_by)
    .bind(now)
    .bind(i64::try_from(limit).unwrap_or(i64::MAX))
    .bind(now + LEASE)
    .bind(now + RETRIED_FOR)
    .fetch_all(conn)
    .await
}

/// The product has it, whoever holds the lease now.
pub async fn done(conn: &mut PgConnection, due: &Due) -> Result<(), sqlx::Error> {
    let done = sqlx::query("delete from openid_logouts where client_id = $1 and session_id = $2");
    done.bind(&due.client_id).bind(due.session_id).execute(conn).await.map(drop)
}

/// Schedules another try at `next_try_at`.
pub async fn reschedule(conn: &mut PgConnection, due: &Due, next_try_at: OffsetDateTime, code: &str) -> Result<(), sqlx::Error> {
    sqlx::query(
        "update openid_logouts set next_try_at = $4, last_error = $5, leased_until = null \
         where client_id = $1 and session_id = $2 and leased_until = $3",
    )
    .bind(&due.client_id)
    .bind(due.session_id)
    .bind(due.leased_until)
    .bind(next_try_at)
    .bind(code)
    .execute(conn)
    .await
    .map(drop)
}
