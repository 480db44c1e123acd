//! Table `webhook_deliveries`: what happened to accounts, once for each webhook that wants to know (SPEC §14). Written in the
//! transaction in which it happened, claimed by a worker under a lease, as messages are ([`super::outbox`]).
//!
//! ```text
//!            claim: leased for 30 s           2xx
//!   queued ────────────────────────► (leased) ────► delivered
//!     ▲  ▲                            │ │  │
//!     │  └── lease expired, or reschedule  └ 410, or tried for a day ─► failed
//!     └─ replay ── delivered, failed
//! ```
//!
//! What happened to one account is told in order: an event waits while an earlier one of its account and webhook is queued.

use super::outbox::LEASE;
use crate::config::Webhook;
use crate::entropy;
use portaria::account_event::{AccountEvent, RETRIED_FOR};
use portaria::journey::Kind;
use sqlx::postgres::PgRow;
use sqlx::{FromRow, PgConnection, PgPool, Row};
use time::OffsetDateTime;
use uuid::Uuid;

/// An event of an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Happened {
    pub event: AccountEvent,
    pub account: i64,
    pub kind: Kind,
}

/// Enqueues events, each once for each webhook that wants it, by one statement. Returns whether any did; if none does, the database is
/// not asked.
pub async fn enqueue(
    conn: &mut PgConnection,
    webhooks: &[Webhook],
    now: OffsetDateTime,
    happened: &[Happened],
) -> Result<bool, sqlx::Error> {
    let wanted = happened.iter().flat_map(|it| webhooks.iter().filter(|webhook| webhook.wants(it.event)).map(move |webhook| (it, webhook)));
    let wanted: Vec<(&Happened, &Webhook)> = wanted.collect();
    if wanted.is_empty() {
        return Ok(false);
    }
    let ids: Vec<_> = wanted.iter().map(|_| entropy::uuid()).collect();
    let endpoints: Vec<_> = wanted.iter().map(|(_, webhook)| webhook.key()).collect();
    let hosts: Vec<_> = wanted.iter().map(|(_, webhook)| webhook.host()).collect();
    let events: Vec<_> = wanted.iter().map(|(it, _)| it.event.as_str()).collect();
    let accounts: Vec<_> = wanted.iter().map(|(it, _)| it.account).collect();
    let kinds: Vec<_> = wanted.iter().map(|(it, _)| it.kind.as_str()).collect();
    sqlx::query(
        "insert into webhook_deliveries (id, endpoint, host, event, account_id, kind, happened_at, next_try_at) \
         select id, endpoint, host, event, account_id, kind, $7, $7 \
         from unnest($1::uuid[], $2::bytea[], $3::text[], $4::text[], $5::bigint[], $6::text[]) with ordinality \
              as it (id, endpoint, host, event, account_id, kind, nth) \
         order by nth",
    )
    .bind(ids)
    .bind(endpoints)
    .bind(hosts)
    .bind(events)
    .bind(accounts)
    .bind(kinds)
    .bind(now)
    .execute(conn)
    .await?;
    Ok(true)
}

/// A claimed event.
#[derive(Debug)]
pub struct Due {
    pub id: Uuid,
    pub happened: Happened,
    pub happened_at: OffsetDateTime,
    /// Number of tries, including this one.
    pub attempts: u32,
    /// Deadline: a try that fails after this instant was the last.
    pub give_up_at: OffsetDateTime,
    leased_until: OffsetDateTime,
}

impl Due {
    #[cfg(test)]
    pub(crate) const fn of(event: AccountEvent, account: i64, kind: Kind, happened_at: OffsetDateTime) -> Self {
        let happened = Happened { event, account, kind };
        Self { id: Uuid::nil(), happened, happened_at, attempts: 1, give_up_at: happened_at, leased_until: happened_at }
    }

    fn from_row(row: &PgRow) -> Result<Self, sqlx::Error> {
        let unknown = || sqlx::Error::Decode("an unknown event or kind".into());
        Ok(Self {
            id: row.try_get("id")?,
            happened: Happened {
                event: AccountEvent::parse(row.try_get("event")?).ok_or_else(unknown)?,
                account: row.try_get("account_id")?,
                kind: Kind::parse(row.try_get("kind")?).map_err(|_| unknown())?,
            },
            happened_at: row.try_get("happened_at")?,
            attempts: u32::try_from(row.try_get::<i32, _>("attempts")?).unwrap_or_default(),
            give_up_at: row.try_get("give_up_at")?,
            leased_until: row.try_get("leased_until")?,
        })
    }
}

/// Claims up to `limit` events for one webhook that were due by `due_by`. Of each account only the earliest is claimed. Other workers
/// skip them until the lease ends. A row that this version cannot read is left to a newer node.
pub async fn lease(
    conn: &mut PgConnection,
    now: OffsetDateTime,
    due_by: OffsetDateTime,
    webhook: &Webhook,
    limit: usize,
) -> Result<Vec<Due>, sqlx::Error> {
    let rows = sqlx::query(
        "with due as ( \
             select id from webhook_deliveries as it \
             where status = 'queued' and endpoint = $1 and next_try_at <= $2 and (leased_until is null or leased_until <= $3) \
             and not exists ( \
                 select from webhook_deliveries as earlier where earlier.status = 'queued' and earlier.endpoint = it.endpoint \
                 and earlier.account_id = it.account_id and earlier.seq < it.seq \
             ) \
             order by next_try_at, seq limit $4 for update skip locked \
         ), leased as ( \
             update webhook_deliveries as it set leased_until = $5, attempts = attempts + 1, give_up_at = coalesce(give_up_at, $6) \
             from due where it.id = due.id returning it.* \
         ) \
         select * from leased order by next_try_at, seq",
    )
    .bind(webhook.key())
    .bind(due_by)
    .bind(now)
    .bind(i64::try_from(limit).unwrap_or(i64::MAX))
    .bind(now + LEASE)
    .bind(now + RETRIED_FOR)
    .fetch_all(conn)
    .await?;
    let understood = rows.iter().filter_map(|row| {
        Due::from_row(row).inspect_err(|_| tracing::error!("an event for a webhook is not understood: left to a newer node")).ok()
    });
    Ok(understood.collect())
}

/// Records that the receiver has the event, whoever holds the lease now.
pub async fn record_delivered(conn: &mut PgConnection, now: OffsetDateTime, due: &Due) -> Result<(), sqlx::Error> {
    sqlx::query(
        "update webhook_deliveries set status = 'delivered', ended_at = $2, last_error = null, leased_until = null \
         where id = $1 and status = 'queued'",
    )
    .bind(due.id)
    .bind(now)
    .execute(conn)
    .await?;
    Ok(())
}

/// Schedules another try at `next_try_at`.
pub async fn reschedule(conn: &mut PgConnection, due: &Due, next_try_at: OffsetDateTime, code: &str) -> Result<(), sqlx::Error> {
    sqlx::query(
        "update webhook_deliveries set next_try_at = $3, last_error = $4, leased_until = null \
         where id = $1 and status = 'queued' and leased_until = $2",
    )
    .bind(due.id)
    .bind(due.leased_until)
    .bind(next_try_at)
    .bind(code)
    .execute(conn)
    .await?;
    Ok(())
}

/// Gives an event up.
pub async fn record_failed(conn: &mut PgConnection, now: OffsetDateTime, due: &Due, code: &str) -> Result<(), sqlx::Error> {
    sqlx::query(
        "update webhook_deliveries set status = 'failed', ended_at = $3, last_error = $4, leased_until = null \
         where id = $1 and status = 'queued' and leased_until = $2",
    )
    .bind(due.id)
    .bind(due.leased_until)
    .bind(now)
    .bind(code)
    .execute(conn)
    .await?;
    Ok(())
}

/// Gives up what waits for webhooks that no longer stand in the settings and was not tried for a day. Returns how much that was.
pub async fn abandon(pool: &PgPool, webhooks: &[Webhook], now: OffsetDateTime) -> Result<u64, sqlx::Error> {
    let known: Vec<_> = webhooks.iter().map(Webhook::key).collect();
    let abandoned = sqlx::query(
        "update webhook_deliveries set status = 'failed', ended_at = $1, last_error = 'not-configured', leased_until = null \
         where status = 'queued' and next_try_at <= $2 and endpoint <> all($3)",
    )
    .bind(now)
    .bind(now - RETRIED_FOR)
    .bind(known)
    .execute(pool)
    .await?;
    Ok(abandoned.rows_affected())
}

/// An event as `portaria webhooks list` shows it.
#[derive(Debug, FromRow)]
pub struct Listed {
    pub id: Uuid,
    pub event: String,
    pub host: String,
    pub status: String,
    pub attempts: i32,
    pub happened_at: OffsetDateTime,
    pub last_error: Option<String>,
}

/// The newest events, the newest first. `status` and `event`: only those.
pub async fn list(pool: &PgPool, status: Option<&str>, event: Option<AccountEvent>, limit: u32) -> Result<Vec<Listed>, sqlx::Error> {
    sqlx::query_as(
        "select id, event, host, status, attempts, happened_at, last_error from webhook_deliveries \
         where ($1::text is null or status = $1) and ($2::text is null or event = $2) order by seq desc limit $3",
    )
    .bind(status)
    .bind(event.map(AccountEvent::as_str))
    .bind(i64::from(limit))
    .fetch_all(pool)
    .await
}

/// An event that is sent again.
#[derive(Debug, FromRow)]
pub struct Replayed {
    pub account_id: i64,
    pub host: String,
    pub endpoint: Vec<u8>,
}

/// Sends an event again, with the same id and a day of tries of its own. `None`: there is none with this id. One that is being sent
/// just now stays with its worker.
pub async fn replay(conn: &mut PgConnection, now: OffsetDateTime, id: Uuid) -> Result<Option<Replayed>, sqlx::Error> {
    sqlx::query_as(
        "update webhook_deliveries set status = 'queued', ended_at = null, attempts = 0, next_try_at = $2, give_up_at = null \
         where id = $1 returning account_id, host, endpoint",
    )
    .bind(id)
    .bind(now)
    .fetch_optional(conn)
    .await
}
