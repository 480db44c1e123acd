//! Deletions that were asked for: `accounts.deletion_asked_at` and table `undo_grants`.

use super::one;
use crate::entropy;
use crate::fault::Fault;
use crate::seal::Sealer;
use portaria::deletion::CHOICE_LIFETIME;
use portaria::session::Token;
use sqlx::{PgConnection, PgPool};
use time::OffsetDateTime;

const GRANT: &str = "undo_grants.token";

/// Sets when the deletion was asked for; `None`: it was undone.
pub async fn set(conn: &mut PgConnection, id: i64, asked_at: Option<OffsetDateTime>) -> Result<(), Fault> {
    let done = sqlx::query("update accounts set deletion_asked_at = $2 where id = $1").bind(id).bind(asked_at).execute(conn).await?;
    one(&done, "accounts")
}

/// The accounts whose deletion is due the longest, at most `limit`. Accounts that are locked are skipped: somebody may be undoing it, or
/// another node erasing it.
pub async fn due(pool: &PgPool, asked_before: OffsetDateTime, limit: usize) -> Result<Vec<i64>, Fault> {
    let due = sqlx::query_scalar(
        "select id from accounts where deletion_asked_at <= $1 order by deletion_asked_at limit $2 for no key update skip locked",
    );
    Ok(due.bind(asked_before).bind(i64::try_from(limit).unwrap_or(i64::MAX)).fetch_all(pool).await?)
}

/// Lets a browser whose sign-in was right undo the deletion.
pub async fn grant(conn: &mut PgConnection, sealer: &Sealer, now: OffsetDateTime, id: i64, remembered: bool) -> Result<Token, Fault> {
    let token = Token::new(entropy::token());
    sqlx::query("insert into undo_grants (token_hash, account_id, remembered, expires_at) values ($1, $2, $3, $4)")
        .bind(sealer.index(GRANT, token.expose()))
        .bind(id)
        .bind(remembered)
        .bind(now + CHOICE_LIFETIME)
        .execute(conn)
        .await?;
    Ok(token)
}

/// The account of a living grant, and whether its sign-in was to be remembered.
pub async fn granted(conn: &mut PgConnection, sealer: &Sealer, now: OffsetDateTime, token: &Token) -> Result<Option<(i64, bool)>, Fault> {
    let found = sqlx::query_as("select account_id, remembered from undo_grants where token_hash = $1 and expires_at > $2");
    Ok(found.bind(sealer.index(GRANT, token.expose())).bind(now).fetch_optional(conn).await?)
}

/// Spends the grants of an account.
pub async fn spend_grants(conn: &mut PgConnection, id: i64) -> Result<(), Fault> {
    sqlx::query("delete from undo_grants where account_id = $1").bind(id).execute(conn).await?;
    Ok(())
}
