//! Refresh tokens and what they were replaced by: `refresh_tokens` of the API, `openid_refresh_tokens` of products. Two tables, so that none
//! of them is ever taken for one of the other.

use crate::entropy;
use crate::fault::Fault;
use crate::seal::Sealer;
use portaria::rotation::Used;
use portaria::session::{Requester, Token};
use sqlx::PgConnection;
use time::OffsetDateTime;
use uuid::Uuid;

/// A table of refresh tokens.
pub(super) struct Tokens {
    /// Scope of the keyed index.
    pub index: &'static str,
    /// Place of the sealed column.
    pub successor: &'static str,
    insert: &'static str,
    select: &'static str,
    spend: &'static str,
}

macro_rules! tokens {
    ($table:literal, $owner:literal) => {
        Tokens {
            index: concat!($table, ".token"),
            successor: concat!($table, ".successor"),
            insert: concat!("insert into ", $table, " (token_hash, ", $owner, ", issued_at) values ($1, $2, $3)"),
            select: concat!(
                "select used_at, successor_sealed, host(used_address), used_user_agent from ",
                $table,
                " where token_hash = $1"
            ),
            spend: concat!(
                "update ",
                $table,
                " set used_at = $2, successor_sealed = $3, used_address = $4::inet, used_user_agent = $5 where token_hash = $1"
            ),
        }
    };
}

/// Those of sessions of the API.
pub(super) const OF_SESSIONS: Tokens = tokens!("refresh_tokens", "session_id");
/// Those of what products got.
pub(super) const OF_GRANTS: Tokens = tokens!("openid_refresh_tokens", "grant_id");

type UsedRow = (Option<OffsetDateTime>, Option<Vec<u8>>, Option<String>, Option<String>);

impl Tokens {
    pub fn hash(&self, sealer: &Sealer, token: &Token) -> Vec<u8> {
        sealer.index(self.index, token.expose())
    }

    /// A new token of a session or grant.
    pub async fn add(&self, conn: &mut PgConnection, sealer: &Sealer, now: OffsetDateTime, owner: Uuid) -> Result<Token, Fault> {
        let token = Token::new(entropy::token());
        sqlx::query(self.insert).bind(self.hash(sealer, &token)).bind(owner).bind(now).execute(conn).await?;
        Ok(token)
    }

    /// The use of a token. Read once its owner is locked, so that a use that was waited for is seen.
    pub async fn used(&self, conn: &mut PgConnection, sealer: &Sealer, token: &Token) -> Result<Option<Used>, Fault> {
        let hash = self.hash(sealer, token);
        let (at, successor, address, user_agent): UsedRow = sqlx::query_as(self.select).bind(&hash).fetch_one(conn).await?;
        let successor = successor.map(|sealed| sealer.open_text_in(&sealed, self.successor, hash.as_slice())).transpose()?.map(Token::new);
        Ok(at.map(|at| Used { at, successor, address: address.unwrap_or_default(), user_agent: user_agent.unwrap_or_default() }))
    }

    /// Exchanges a token for its successor.
    pub async fn replace(
        &self,
        conn: &mut PgConnection,
        sealer: &Sealer,
        now: OffsetDateTime,
        who: &Requester,
        token: &Token,
        owner: Uuid,
    ) -> Result<Token, Fault> {
        let successor = self.add(&mut *conn, sealer, now, owner).await?;
        let hash = self.hash(sealer, token);
        sqlx::query(self.spend)
            .bind(&hash)
            .bind(now)
            .bind(sealer.seal_in(successor.expose().as_bytes(), self.successor, hash.as_slice()))
            .bind(who.client_ip.to_string())
            .bind(&who.user_agent)
            .execute(conn)
            .await?;
        Ok(successor)
    }
}
