//! Table `audit`: every attempt to register, prove, sign in, recover or change (SPEC §9; names after the OWASP logging
//! vocabulary, `security.md` §8). Never an e-mail, a phone, a document, a code or a token.

use crate::entropy;
use portaria::session::Requester;
use sqlx::PgConnection;
use time::OffsetDateTime;
use uuid::Uuid;

/// One attempt.
#[derive(Debug, Default, Clone, Copy)]
pub struct Entry<'a> {
    /// What was tried.
    pub event: &'static str,
    /// `ok`, or the refusal's code.
    pub outcome: &'static str,
    /// The account, if one is known.
    pub account: Option<i64>,
    /// The sign-up, if there is one.
    pub signup: Option<Uuid>,
    /// Keyed index of what was typed.
    pub subject: Option<&'a [u8]>,
}

/// Writes one attempt, in the transaction that it belongs to.
pub async fn record(conn: &mut PgConnection, now: OffsetDateTime, who: &Requester, entry: Entry<'_>) -> Result<(), sqlx::Error> {
    tracing::info!(event = entry.event, outcome = entry.outcome, account = entry.account, "audit");
    sqlx::query(
        "insert into audit (id, at, event, outcome, account_id, signup_id, subject, address, user_agent) \
         values ($1, $2, $3, $4, $5, $6, $7, $8::inet, $9)",
    )
    .bind(entropy::uuid())
    .bind(now)
    .bind(entry.event)
    .bind(entry.outcome)
    .bind(entry.account)
    .bind(entry.signup)
    .bind(entry.subject)
    .bind(who.address.to_string())
    .bind(&who.user_agent)
    .execute(conn)
    .await?;
    Ok(())
}

/// Whether this happened to an account after `since`.
pub async fn happened_since(conn: &mut PgConnection, account: i64, event: &str, since: OffsetDateTime) -> Result<bool, sqlx::Error> {
    sqlx::query_scalar("select exists (select 1 from audit where account_id = $1 and event = $2 and at > $3)")
        .bind(account)
        .bind(event)
        .bind(since)
        .fetch_one(conn)
        .await
}
