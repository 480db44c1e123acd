//! The open "não fui eu" links of an account, in table `verifications`.

use super::one;
use crate::fault::Fault;
use crate::seal::Index;
use portaria::purpose::NoticeLinkFor;
use sqlx::PgConnection;
use time::OffsetDateTime;
use uuid::Uuid;

/// Records the contact that a link disputes. That contact's own links do not undo the change.
pub async fn disputes(conn: &mut PgConnection, link: Uuid, contact: &[u8]) -> Result<(), Fault> {
    let done = sqlx::query("update verifications set disputes_index = $2 where id = $1").bind(link).bind(contact).execute(conn).await?;
    one(&done, "verifications")
}

/// Returns whether an open link disputes this contact.
pub async fn is_disputed(conn: &mut PgConnection, now: OffsetDateTime, account: i64, contact: &Index) -> Result<bool, Fault> {
    let disputed = sqlx::query_scalar(
        "select exists (select 1 from verifications where purpose = $1 and account_id = $2 and spent_at is null and dead_at is null \
         and coalesce(expires_at, asked_at + lifetime) > $3 and disputes_index = any($4))",
    )
    .bind(NoticeLinkFor::NotMe.facts().name)
    .bind(account)
    .bind(now)
    .bind(contact.any())
    .fetch_one(conn)
    .await?;
    Ok(disputed)
}

/// When the earliest open notice was sent that this contact may undo. Notices sent before the contact was proved are
/// excluded, and so are those that dispute it.
pub async fn earliest(
    conn: &mut PgConnection,
    now: OffsetDateTime,
    account: i64,
    contact: &Index,
    since: OffsetDateTime,
) -> Result<Option<OffsetDateTime>, Fault> {
    let earliest = sqlx::query_scalar(
        "select min(asked_at) from verifications where purpose = $1 and account_id = $2 and spent_at is null and dead_at is null \
         and coalesce(expires_at, asked_at + lifetime) > $3 and asked_at >= $4 and not coalesce(disputes_index = any($5), false)",
    )
    .bind(NoticeLinkFor::NotMe.facts().name)
    .bind(account)
    .bind(now)
    .bind(since)
    .bind(contact.any())
    .fetch_one(conn)
    .await?;
    Ok(earliest)
}

/// Kills the open links that went to a contact or, with `others`, all open links that went elsewhere.
pub async fn kill(conn: &mut PgConnection, now: OffsetDateTime, account: i64, contact: &Index, others: bool) -> Result<(), Fault> {
    sqlx::query(
        "update verifications set dead_at = $3, secret_sealed = null \
         where purpose = $1 and account_id = $2 and spent_at is null and dead_at is null and (destination_index <> all($4)) = $5",
    )
    .bind(NoticeLinkFor::NotMe.facts().name)
    .bind(account)
    .bind(now)
    .bind(contact.any())
    .bind(others)
    .execute(conn)
    .await?;
    Ok(())
}
