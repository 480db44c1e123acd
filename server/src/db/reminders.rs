//! Reminders of sign-ups that were left: `reminder_settled_at` of tables `signups` and `accounts`.

use crate::fault::Fault;
use portaria::holding::CLAIM_LIFETIME;
use sqlx::{FromRow, PgConnection, PgPool};
use time::OffsetDateTime;
use uuid::Uuid;

/// What was left.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LeftAt {
    /// An account that waits for the proof of its address.
    Account(i64),
    /// A sign-up that waits for a code on a phone.
    Signup(Uuid),
}

/// What nobody has gone on with since `since`, the longest first. Sign-ups that no browser ever held have no page to go on with.
pub async fn due(pool: &PgPool, now: OffsetDateTime, since: OffsetDateTime, limit: i64) -> Result<Vec<LeftAt>, sqlx::Error> {
    let accounts: Vec<i64> = sqlx::query_scalar(
        "select a.id from accounts a left join signups s on s.account_id = a.id \
         where a.reminder_settled_at is null and a.email_claimed and a.email_proved_at is null and a.phone_proved_at is null \
         and a.external_id is null and a.created_at > $1 and a.created_at <= $2 and a.updated_at <= $2 \
         and (s.id is null or s.updated_at <= $2) order by a.created_at limit $3",
    )
    .bind(now - CLAIM_LIFETIME)
    .bind(since)
    .bind(limit)
    .fetch_all(pool)
    .await?;
    let signups: Vec<Uuid> = sqlx::query_scalar(
        "select id from signups where reminder_settled_at is null and account_id is null and begun_by is not null \
         and updated_at <= $2 and expires_at > $1 order by updated_at limit $3",
    )
    .bind(now)
    .bind(since)
    .bind(limit)
    .fetch_all(pool)
    .await?;
    Ok(accounts.into_iter().map(LeftAt::Account).chain(signups.into_iter().map(LeftAt::Signup)).collect())
}

/// How it stands with a sign-up.
#[derive(Debug, Clone, Copy, FromRow)]
pub struct Standing {
    pub id: Uuid,
    /// Whether its reminder was settled.
    pub settled: bool,
    /// Whether some browser still holds it.
    pub held: bool,
}

macro_rules! standing {
    ($which:literal) => {
        concat!(
            "select id, reminder_settled_at is not null as settled, exists ( \
                 select from signup_devices d where d.signup_id = signups.id and not d.single_use and d.expires_at > $2) as held \
             from signups where ",
            $which
        )
    };
}

/// That of an account; `None`: it came by the API.
pub async fn of_account(conn: &mut PgConnection, now: OffsetDateTime, account: i64) -> Result<Option<Standing>, sqlx::Error> {
    sqlx::query_as(standing!("account_id = $1 limit 1")).bind(account).bind(now).fetch_optional(conn).await
}

pub async fn of_signup(conn: &mut PgConnection, now: OffsetDateTime, signup: Uuid) -> Result<Option<Standing>, sqlx::Error> {
    sqlx::query_as(standing!("id = $1")).bind(signup).bind(now).fetch_optional(conn).await
}

/// Settles the reminder of an account and its sign-up. `false`: it was settled before, or the account is proved or gone.
pub async fn settle_account(conn: &mut PgConnection, now: OffsetDateTime, account: i64) -> Result<bool, Fault> {
    let settled = sqlx::query(
        "update accounts set reminder_settled_at = $2 \
         where id = $1 and reminder_settled_at is null and email_proved_at is null and phone_proved_at is null",
    )
    .bind(account)
    .bind(now)
    .execute(&mut *conn)
    .await?;
    sqlx::query("update signups set reminder_settled_at = $2 where account_id = $1 and reminder_settled_at is null")
        .bind(account)
        .bind(now)
        .execute(conn)
        .await?;
    Ok(settled.rows_affected() == 1)
}

/// Settles the reminder of a sign-up. `false`: it was settled before, or is gone.
pub async fn settle_signup(conn: &mut PgConnection, now: OffsetDateTime, signup: Uuid) -> Result<bool, Fault> {
    let settled = sqlx::query("update signups set reminder_settled_at = $2 where id = $1 and reminder_settled_at is null")
        .bind(signup)
        .bind(now)
        .execute(conn)
        .await?;
    Ok(settled.rows_affected() == 1)
}

/// The message is about this sign-up.
pub async fn is_about(conn: &mut PgConnection, message: Uuid, signup: Uuid) -> Result<(), Fault> {
    sqlx::query("update outbox set signup_id = $2 where id = $1").bind(message).bind(signup).execute(conn).await?;
    Ok(())
}

/// Whether a sign-up still waits for its code.
pub async fn waits(pool: &PgPool, signup: &str, now: OffsetDateTime) -> Result<bool, sqlx::Error> {
    sqlx::query_scalar("select exists (select from signups where id::text = $1 and account_id is null and expires_at > $2)")
        .bind(signup)
        .bind(now)
        .fetch_one(pool)
        .await
}
