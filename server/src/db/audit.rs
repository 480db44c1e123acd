//! Table `audit`: every attempt to register, prove, sign in, recover or change (SPEC §9; names after the OWASP logging
//! vocabulary, docs/standards.md#audit-events). Never an e-mail, a phone, a document, a code or a token.

use crate::client::Client;
use crate::entropy;
use crate::seen;
use portaria::audit::Event;
use portaria::session::{Requester, device_name};
use portaria::support::AuditRow;
use sqlx::{PgConnection, PgPool};
use time::OffsetDateTime;
use uuid::Uuid;

#[derive(Debug, Clone, Copy)]
pub struct Entry<'a> {
    pub event: Event,
    /// `ok`, the code of the refusal, or a word of the use case (`too-soon`, `nobody-waits`).
    pub outcome: &'static str,
    pub account: Option<i64>,
    pub signup: Option<Uuid>,
    /// Keyed index of what was typed.
    pub subject: Option<&'a [u8]>,
}

impl Entry<'_> {
    /// An attempt with no account, sign-up or subject.
    pub const fn of(event: Event, outcome: &'static str) -> Self {
        Self { event, outcome, account: None, signup: None, subject: None }
    }
}

/// The attempt's line in the log.
pub(super) fn log(entry: &Entry<'_>) {
    tracing::info!(event = entry.event.as_str(), outcome = entry.outcome, account = entry.account, "audit");
}

/// Writes one attempt in the caller's transaction.
pub async fn record(conn: &mut PgConnection, now: OffsetDateTime, who: &Requester, entry: Entry<'_>) -> Result<(), sqlx::Error> {
    log(&entry);
    seen::noted();
    sqlx::query(
        "insert into audit (id, at, event, outcome, account_id, signup_id, subject, address, user_agent, request_id) \
         values ($1, $2, $3, $4, $5, $6, $7, $8::inet, $9, $10)",
    )
    .bind(entropy::uuid_at(now))
    .bind(now)
    .bind(entry.event.as_str())
    .bind(entry.outcome)
    .bind(entry.account)
    .bind(entry.signup)
    .bind(entry.subject)
    .bind(who.client_ip.to_string())
    .bind(&who.user_agent)
    .bind(who.request_id)
    .execute(conn)
    .await?;
    Ok(())
}

/// Writes the same event of many accounts by one statement. The log says it once.
pub async fn record_each(
    conn: &mut PgConnection,
    now: OffsetDateTime,
    who: &Requester,
    event: Event,
    accounts: &[i64],
) -> Result<(), sqlx::Error> {
    tracing::debug!(event = event.as_str(), accounts = accounts.len(), "audit");
    let ids: Vec<_> = accounts.iter().map(|_| entropy::uuid()).collect();
    sqlx::query(
        "insert into audit (id, at, event, outcome, account_id, address, user_agent) \
         select id, $3, $4, 'ok', account, $5::inet, $6 from unnest($1::uuid[], $2::bigint[]) as t (id, account)",
    )
    .bind(ids)
    .bind(accounts)
    .bind(now)
    .bind(event.as_str())
    .bind(who.client_ip.to_string())
    .bind(&who.user_agent)
    .execute(conn)
    .await?;
    Ok(())
}

/// The refusals of one kind to one client within one minute.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Refused {
    /// The start of the minute.
    pub minute: OffsetDateTime,
    pub client: Client,
    /// The event, or the scope of the limit.
    pub what: &'static str,
    /// Refusals since the last write.
    pub times: i32,
}

/// Adds these counts to the rows of their minutes, which all nodes share.
pub async fn add_refused(pool: &PgPool, refused: &[Refused]) -> Result<(), sqlx::Error> {
    let ids: Vec<_> = refused.iter().map(|_| entropy::uuid()).collect();
    let minutes: Vec<_> = refused.iter().map(|it| it.minute).collect();
    let what: Vec<_> = refused.iter().map(|it| it.what).collect();
    let addresses: Vec<_> = refused.iter().map(|it| it.client.to_string()).collect();
    let times: Vec<_> = refused.iter().map(|it| it.times).collect();
    sqlx::query(
        "insert into audit (id, at, event, outcome, address, user_agent, times) \
         select id, at, $6, outcome, address::inet, '', times from unnest($1::uuid[], $2::timestamptz[], $3::text[], $4::text[], $5::integer[]) as t (id, at, outcome, address, times) \
         on conflict (at, address, outcome) where event = 'excess_rate_limit_exceeded' \
         do update set times = least(audit.times::bigint + excluded.times, 2147483647)::integer",
    )
    .bind(ids)
    .bind(minutes)
    .bind(what)
    .bind(addresses)
    .bind(times)
    .bind(Event::OverLimit.as_str())
    .execute(pool)
    .await?;
    Ok(())
}

/// Returns whether the event happened to an account after `since`.
pub async fn happened_since(conn: &mut PgConnection, account: i64, event: Event, since: OffsetDateTime) -> Result<bool, sqlx::Error> {
    sqlx::query_scalar("select exists (select 1 from audit where account_id = $1 and event = $2 and at > $3)")
        .bind(account)
        .bind(event.as_str())
        .bind(since)
        .fetch_one(conn)
        .await
}

/// What was recorded of an account, the newest first: `at`, event, outcome, address, User-Agent, request and how often.
pub async fn of_account(conn: &mut PgConnection, account: i64, limit: i64) -> Result<Vec<AuditRow>, sqlx::Error> {
    type Row = (OffsetDateTime, String, String, String, String, Option<Uuid>, i32);
    let rows: Vec<Row> = sqlx::query_as(
        "select at, event, outcome, host(address), user_agent, request_id, times from audit where account_id = $1 \
         order by at desc, id desc limit $2",
    )
    .bind(account)
    .bind(limit)
    .fetch_all(conn)
    .await?;
    Ok(rows
        .into_iter()
        .map(|(at, event, outcome, address, user_agent, request, times)| AuditRow {
            at: at.unix_timestamp(),
            event,
            outcome,
            address,
            // An operator's command stands in its place, whole.
            device: if user_agent.starts_with("portaria ") { user_agent } else { device_name(&user_agent) },
            request_id: request.map(|id| id.to_string()),
            times,
        })
        .collect())
}
