//! Table `recovery_grants`: the grants that right recovery codes are exchanged for (002), by keyed hash.

use crate::entropy;
use crate::fault::Fault;
use crate::seal::Sealer;
use portaria::recovery::GRANT_LIFETIME;
use portaria::session::Token;
use sqlx::PgConnection;
use time::OffsetDateTime;

const GRANT: &str = "recovery_grants.token";

/// Creates a grant of 256 bits; only its hash is stored. `via`: keyed index of the contact that earned it.
pub async fn insert(
    conn: &mut PgConnection,
    sealer: &Sealer,
    now: OffsetDateTime,
    account_id: i64,
    via: Option<&[u8]>,
) -> Result<Token, Fault> {
    let token = Token::new(entropy::token());
    sqlx::query("insert into recovery_grants (token_hash, account_id, created_at, expires_at, via_index) values ($1, $2, $3, $4, $5)")
        .bind(sealer.index(GRANT, token.expose()))
        .bind(account_id)
        .bind(now)
        .bind(now + GRANT_LIFETIME)
        .bind(via)
        .execute(conn)
        .await?;
    Ok(token)
}

/// The account of a grant that is neither used nor lapsed, and the contact that earned it.
pub async fn account_of(
    conn: &mut PgConnection,
    sealer: &Sealer,
    now: OffsetDateTime,
    token: &Token,
) -> Result<Option<(i64, Option<Vec<u8>>)>, Fault> {
    let found =
        sqlx::query_as("select account_id, via_index from recovery_grants where token_hash = $1 and spent_at is null and expires_at > $2")
            .bind(sealer.index(GRANT, token.expose()))
            .bind(now)
            .fetch_optional(conn)
            .await?;
    Ok(found)
}

/// Spends every grant of an account: one was used, or the password changed in some other way.
pub async fn spend_all(conn: &mut PgConnection, now: OffsetDateTime, account_id: i64) -> Result<(), Fault> {
    sqlx::query("update recovery_grants set spent_at = $2 where account_id = $1 and spent_at is null")
        .bind(account_id)
        .bind(now)
        .execute(conn)
        .await?;
    Ok(())
}
