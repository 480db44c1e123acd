//! Table `proofs`: the right to complete an account's profile, for a requester who proved its address by a code (004).

use crate::entropy;
use crate::fault::Fault;
use crate::seal::Sealer;
use portaria::session::{COMPLETION_GRANT_LIFETIME, Token};
use sqlx::PgConnection;
use time::OffsetDateTime;

/// Where a proof is carried. One carrier's proof is not accepted from the other: a script can read the bearer token, but
/// not the cookie.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Carrier {
    /// `signupToken`.
    Bearer,
    Cookie,
}

impl Carrier {
    const fn scope(self) -> &'static str {
        match self {
            Self::Bearer => "proofs.bearer",
            Self::Cookie => "proofs.cookie",
        }
    }
}

#[derive(Debug, Clone, Copy)]
pub struct CompletionGrant {
    /// The account whose profile may be completed.
    pub account_id: i64,
    pub lapsed: bool,
}

/// Creates a proof for an account whose address was proved just now.
pub async fn add(conn: &mut PgConnection, sealer: &Sealer, now: OffsetDateTime, account_id: i64, carrier: Carrier) -> Result<Token, Fault> {
    let token = Token::new(entropy::token());
    sqlx::query("insert into proofs (token_hash, account_id, created_at, expires_at) values ($1, $2, $3, $4)")
        .bind(sealer.index(carrier.scope(), token.expose()))
        .bind(account_id)
        .bind(now)
        .bind(now + COMPLETION_GRANT_LIFETIME)
        .execute(conn)
        .await?;
    Ok(token)
}

pub async fn find(
    conn: &mut PgConnection,
    sealer: &Sealer,
    now: OffsetDateTime,
    token: &Token,
    carrier: Carrier,
) -> Result<Option<CompletionGrant>, Fault> {
    let row: Option<(i64, bool)> = sqlx::query_as("select account_id, expires_at <= $2 from proofs where token_hash = $1")
        .bind(sealer.index(carrier.scope(), token.expose()))
        .bind(now)
        .fetch_optional(conn)
        .await?;
    Ok(row.map(|(account_id, lapsed)| CompletionGrant { account_id, lapsed }))
}

/// Deletes every proof of an account. Its password has changed, and the holder of an old proof may be somebody else.
pub async fn forget(conn: &mut PgConnection, account_id: i64) -> Result<(), Fault> {
    sqlx::query("delete from proofs where account_id = $1").bind(account_id).execute(conn).await?;
    Ok(())
}
