//! Table `openid_refresh_tokens` ([`crate::db::rotation`]).

use super::{Grant, one};
use crate::db::rotation::OF_GRANTS;
use crate::fault::Fault;
use crate::seal::Sealer;
use portaria::rotation::Used;
use portaria::session::{Requester, Token};
use sqlx::{PgConnection, PgPool};
use time::OffsetDateTime;
use uuid::Uuid;

/// A new refresh token of a grant.
pub async fn add_refresh(conn: &mut PgConnection, sealer: &Sealer, now: OffsetDateTime, grant: Uuid) -> Result<Token, Fault> {
    OF_GRANTS.add(conn, sealer, now, grant).await
}

/// The grant of a refresh token, locked until the transaction ends, and the token's use.
pub async fn of_refresh(
    conn: &mut PgConnection,
    sealer: &Sealer,
    now: OffsetDateTime,
    token: &Token,
) -> Result<Option<(Grant, Option<Used>)>, Fault> {
    let locked: Option<Uuid> = sqlx::query_scalar(
        "select g.id from openid_grants g join openid_refresh_tokens r on r.grant_id = g.id where r.token_hash = $1 for update of g",
    )
    .bind(OF_GRANTS.hash(sealer, token))
    .fetch_optional(&mut *conn)
    .await?;
    let Some(id) = locked else { return Ok(None) };
    let grant: Option<Grant> = sqlx::query_as(grant!("g.id = $1")).bind(id).bind(now).fetch_optional(&mut *conn).await?;
    let Some(grant) = grant else { return Ok(None) };
    Ok(Some((grant, OF_GRANTS.used(conn, sealer, token).await?)))
}

/// The grant of a refresh token that was not used yet.
pub async fn by_refresh(pool: &PgPool, sealer: &Sealer, now: OffsetDateTime, token: &Token) -> Result<Option<Grant>, Fault> {
    let found = sqlx::query_as(grant!("g.id = (select grant_id from openid_refresh_tokens where token_hash = $1 and used_at is null)"));
    Ok(found.bind(OF_GRANTS.hash(sealer, token)).bind(now).fetch_optional(pool).await?)
}

/// Exchanges a refresh token for its successor, and prolongs the grant.
pub async fn rotate(
    conn: &mut PgConnection,
    sealer: &Sealer,
    now: OffsetDateTime,
    who: &Requester,
    token: &Token,
    grant: Uuid,
    expires_at: OffsetDateTime,
) -> Result<Token, Fault> {
    let successor = OF_GRANTS.replace(&mut *conn, sealer, now, who, token, grant).await?;
    let prolong = sqlx::query("update openid_grants set expires_at = $2 where id = $1");
    one(&prolong.bind(grant).bind(expires_at).execute(conn).await?, "openid_grants")?;
    Ok(successor)
}
