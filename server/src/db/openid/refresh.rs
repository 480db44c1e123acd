//! Table `openid_refresh_tokens`.

use super::{Grant, one};
use crate::entropy;
use crate::fault::Fault;
use crate::seal::Sealer;
use portaria::session::{Requester, Token};
use sqlx::{PgConnection, PgPool};
use time::OffsetDateTime;
use uuid::Uuid;

/// Scope of the keyed index.
const REFRESH: &str = "openid_refresh_tokens.token";
/// Place of the sealed column.
pub(in crate::db) const SUCCESSOR: &str = "openid_refresh_tokens.successor";

/// A new refresh token of a grant.
pub async fn add_refresh(conn: &mut PgConnection, sealer: &Sealer, now: OffsetDateTime, grant: Uuid) -> Result<Token, Fault> {
    let token = Token::new(entropy::token());
    sqlx::query("insert into openid_refresh_tokens (token_hash, grant_id, issued_at) values ($1, $2, $3)")
        .bind(sealer.index(REFRESH, token.expose()))
        .bind(grant)
        .bind(now)
        .execute(conn)
        .await?;
    Ok(token)
}

/// A use of a refresh token: when, and what it was replaced by; the latter is wiped some time after the grace period.
pub struct Used {
    pub at: OffsetDateTime,
    pub successor: Option<Token>,
    /// Address and User-Agent of whoever used it.
    pub by: (String, String),
}

type UsedRow = (Option<OffsetDateTime>, Option<Vec<u8>>, Option<String>, Option<String>);

/// The grant of a refresh token, locked until the transaction ends, and the token's use.
pub async fn of_refresh(
    conn: &mut PgConnection,
    sealer: &Sealer,
    now: OffsetDateTime,
    token: &Token,
) -> Result<Option<(Grant, Option<Used>)>, Fault> {
    let hash = sealer.index(REFRESH, token.expose());
    let locked: Option<Uuid> = sqlx::query_scalar(
        "select g.id from openid_grants g join openid_refresh_tokens r on r.grant_id = g.id where r.token_hash = $1 for update of g",
    )
    .bind(&hash)
    .fetch_optional(&mut *conn)
    .await?;
    let Some(id) = locked else { return Ok(None) };
    let grant: Option<Grant> = sqlx::query_as(grant!("g.id = $1")).bind(id).bind(now).fetch_optional(&mut *conn).await?;
    let Some(grant) = grant else { return Ok(None) };
    // Read after the lock, so that a use that we waited for is seen.
    let (at, successor, address, user_agent): UsedRow = sqlx::query_as(
        "select used_at, successor_sealed, host(used_address), used_user_agent from openid_refresh_tokens where token_hash = $1",
    )
    .bind(&hash)
    .fetch_one(conn)
    .await?;
    let successor = successor.map(|sealed| sealer.open_text_in(&sealed, SUCCESSOR, hash.as_slice())).transpose()?.map(Token::new);
    let by = (address.unwrap_or_default(), user_agent.unwrap_or_default());
    Ok(Some((grant, at.map(|at| Used { at, successor, by }))))
}

/// The grant of a refresh token that was not used yet.
pub async fn by_refresh(pool: &PgPool, sealer: &Sealer, now: OffsetDateTime, token: &Token) -> Result<Option<Grant>, Fault> {
    let found = sqlx::query_as(grant!("g.id = (select grant_id from openid_refresh_tokens where token_hash = $1 and used_at is null)"));
    Ok(found.bind(sealer.index(REFRESH, token.expose())).bind(now).fetch_optional(pool).await?)
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
    let successor = add_refresh(&mut *conn, sealer, now, grant).await?;
    let hash = sealer.index(REFRESH, token.expose());
    sqlx::query(
        "update openid_refresh_tokens set used_at = $2, successor_sealed = $3, used_address = $4::inet, used_user_agent = $5 \
         where token_hash = $1",
    )
    .bind(&hash)
    .bind(now)
    .bind(sealer.seal_in(successor.expose().as_bytes(), SUCCESSOR, hash.as_slice()))
    .bind(who.client_ip.to_string())
    .bind(&who.user_agent)
    .execute(&mut *conn)
    .await?;
    let prolong = sqlx::query("update openid_grants set expires_at = $2 where id = $1");
    one(&prolong.bind(grant).bind(expires_at).execute(conn).await?, "openid_grants")?;
    Ok(successor)
}
