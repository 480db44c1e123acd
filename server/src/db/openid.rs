//! Tables `openid_requests`, `openid_grants` and `openid_consents`. Refresh tokens: `refresh.rs`; who is told that a session ended:
//! `logouts.rs`.

use super::one;
use super::sessions::Named;
use crate::entropy;
use crate::fault::Fault;
use crate::seal::Sealer;
use portaria::openid::{AuthorizationRequest, CODE_LIFETIME, REQUEST_LIFETIME, Scopes};
use portaria::session::Token;
use sqlx::{FromRow, PgConnection, PgPool};
use time::OffsetDateTime;
use uuid::Uuid;

/// Scopes of the keyed indexes.
const REQUEST: &str = "openid_requests.token";
const CODE: &str = "openid_grants.code";
/// Place of the sealed column.
pub(super) const SEALED: &str = "openid_requests.request";

/// A request that waits for its person.
pub struct Waiting {
    pub id: Uuid,
    pub request: AuthorizationRequest,
    /// The session that was there when it began.
    pub session_before: Option<Uuid>,
    pub created_at: OffsetDateTime,
    /// When a person agreed to this very request.
    pub agreed_at: Option<OffsetDateTime>,
}

/// Keeps a request. Returns what the browser keeps of it.
pub async fn keep(
    conn: &mut PgConnection,
    sealer: &Sealer,
    now: OffsetDateTime,
    request: &AuthorizationRequest,
    session_before: Option<Uuid>,
) -> Result<Token, Fault> {
    let (id, token) = (entropy::uuid(), Token::new(entropy::token()));
    sqlx::query(
        "insert into openid_requests (id, token_hash, client_id, request_sealed, session_before, created_at, expires_at) \
         values ($1, $2, $3, $4, $5, $6, $7)",
    )
    .bind(id)
    .bind(sealer.index(REQUEST, token.expose()))
    .bind(&request.client_id)
    .bind(sealer.seal_json_in(request, SEALED, &id))
    .bind(session_before)
    .bind(now)
    .bind(now + REQUEST_LIFETIME)
    .execute(conn)
    .await?;
    Ok(token)
}

macro_rules! waiting {
    ($which:literal) => {
        concat!("select id, request_sealed, session_before, created_at, agreed_at from openid_requests where ", $which)
    };
}

type WaitingRow = (Uuid, Vec<u8>, Option<Uuid>, OffsetDateTime, Option<OffsetDateTime>);

/// The request that a browser carries, if it has not lapsed.
pub async fn waiting(conn: &mut PgConnection, sealer: &Sealer, now: OffsetDateTime, token: &Token) -> Result<Option<Waiting>, Fault> {
    let row: Option<WaitingRow> = sqlx::query_as(waiting!("token_hash = $1 and expires_at > $2"))
        .bind(sealer.index(REQUEST, token.expose()))
        .bind(now)
        .fetch_optional(conn)
        .await?;
    row.map(|row| opened(sealer, row)).transpose()
}

fn opened(sealer: &Sealer, (id, sealed, session_before, created_at, agreed_at): WaitingRow) -> Result<Waiting, Fault> {
    Ok(Waiting { id, request: sealer.open_json_in(&sealed, SEALED, &id)?, session_before, created_at, agreed_at })
}

/// A sign-up takes along the request that its browser carries, for as long as it lives itself.
pub async fn bring_along(conn: &mut PgConnection, sealer: &Sealer, now: OffsetDateTime, signup: Uuid, token: &Token) -> Result<(), Fault> {
    sqlx::query(
        "with request as ( \
             update openid_requests set expires_at = $3 where token_hash = $1 and expires_at > $2 returning id \
         ) update signups set openid_request = request.id from request where signups.id = $4",
    )
    .bind(sealer.index(REQUEST, token.expose()))
    .bind(now)
    .bind(now + REQUEST_LIFETIME)
    .bind(signup)
    .execute(conn)
    .await?;
    Ok(())
}

/// Whether the account of a session signed up for a product that still waits.
pub async fn is_signed_up_for(pool: &PgPool, now: OffsetDateTime, named: &Named) -> Result<bool, Fault> {
    macro_rules! of_session {
        ($by:literal) => {
            concat!(
                "select exists (select from sessions s join signups u on u.account_id = s.account_id \
                 join openid_requests r on r.id = u.openid_request where ",
                $by,
                " and s.ended_at is null and s.expires_at > $2 and r.expires_at > $2)"
            )
        };
    }
    let found = match named {
        Named::Id(id) => sqlx::query_scalar(of_session!("s.id = $1")).bind(id),
        Named::Cookie(index) => sqlx::query_scalar(of_session!("s.token_hash = $1")).bind(index),
    };
    Ok(found.bind(now).fetch_one(pool).await?)
}

/// The request that an account signed up for, once.
pub async fn take_of_sign_up(
    conn: &mut PgConnection,
    sealer: &Sealer,
    now: OffsetDateTime,
    account: i64,
) -> Result<Option<Waiting>, Fault> {
    // Locked first: of two browsers at once one takes it.
    let ids: Vec<Uuid> = sqlx::query_scalar(
        "with taken as (select id, openid_request from signups where account_id = $1 and openid_request is not null for update) \
         update signups set openid_request = null from taken where signups.id = taken.id returning taken.openid_request",
    )
    .bind(account)
    .fetch_all(&mut *conn)
    .await?;
    let row: Option<WaitingRow> = sqlx::query_as(waiting!("id = any($1) and expires_at > $2 order by created_at desc limit 1"))
        .bind(ids)
        .bind(now)
        .fetch_optional(conn)
        .await?;
    row.map(|row| opened(sealer, row)).transpose()
}

/// The person agreed to a request.
pub async fn agreed(conn: &mut PgConnection, now: OffsetDateTime, id: Uuid) -> Result<(), Fault> {
    one(&sqlx::query("update openid_requests set agreed_at = $2 where id = $1").bind(id).bind(now).execute(conn).await?, "openid_requests")
}

/// Forgets a request: it was answered.
pub async fn forget(conn: &mut PgConnection, id: Uuid) -> Result<(), Fault> {
    sqlx::query("delete from openid_requests where id = $1").bind(id).execute(conn).await?;
    Ok(())
}

/// Whether a session began with a code.
pub async fn session_by_code(conn: &mut PgConnection, session: Uuid) -> Result<bool, Fault> {
    Ok(sqlx::query_scalar("select by_code from sessions where id = $1").bind(session).fetch_one(conn).await?)
}

/// A session began with a code.
pub async fn note_session_by_code(conn: &mut PgConnection, session: Uuid) -> Result<(), Fault> {
    one(&sqlx::query("update sessions set by_code = true where id = $1").bind(session).execute(conn).await?, "sessions")
}

/// What an account agreed to give to a client.
pub async fn consented(conn: &mut PgConnection, account: i64, client: &str) -> Result<Scopes, Fault> {
    let scopes: Option<String> = sqlx::query_scalar("select scopes from openid_consents where account_id = $1 and client_id = $2")
        .bind(account)
        .bind(client)
        .fetch_optional(conn)
        .await?;
    Ok(scopes.map(|list| Scopes::known(&list)).unwrap_or_default())
}

/// Notes what an account agrees to give to a client, from now on.
pub async fn consent(conn: &mut PgConnection, now: OffsetDateTime, account: i64, client: &str, scopes: &Scopes) -> Result<(), Fault> {
    sqlx::query(
        "insert into openid_consents (account_id, client_id, scopes, given_at) values ($1, $2, $3, $4) \
         on conflict (account_id, client_id) do update set scopes = excluded.scopes, given_at = excluded.given_at",
    )
    .bind(account)
    .bind(client)
    .bind(scopes.to_string())
    .bind(now)
    .execute(conn)
    .await?;
    Ok(())
}

/// What an account agreed to: client, scopes, since when; the newest first.
pub async fn consents(conn: &mut PgConnection, account: i64) -> Result<Vec<(String, Scopes, OffsetDateTime)>, Fault> {
    let rows: Vec<(String, String, OffsetDateTime)> =
        sqlx::query_as("select client_id, scopes, given_at from openid_consents where account_id = $1 order by given_at desc, client_id")
            .bind(account)
            .fetch_all(conn)
            .await?;
    Ok(rows.into_iter().map(|(client, scopes, at)| (client, Scopes::known(&scopes), at)).collect())
}

/// Takes a consent back, and ends what the client got. `false`: there was none.
pub async fn take_back(conn: &mut PgConnection, now: OffsetDateTime, account: i64, client: &str) -> Result<bool, Fault> {
    let taken = sqlx::query("delete from openid_consents where account_id = $1 and client_id = $2")
        .bind(account)
        .bind(client)
        .execute(&mut *conn)
        .await?;
    sqlx::query("update openid_grants set ended_at = $3 where account_id = $1 and client_id = $2 and ended_at is null")
        .bind(account)
        .bind(client)
        .bind(now)
        .execute(conn)
        .await?;
    Ok(taken.rows_affected() > 0)
}

/// What a product got, or is about to get.
#[derive(Debug, FromRow)]
pub struct Grant {
    pub id: Uuid,
    pub client_id: String,
    pub account_id: i64,
    pub session_id: Uuid,
    scopes: String,
    pub nonce: Option<String>,
    pub acr: String,
    pub auth_time: OffsetDateTime,
    pub redirect_uri: String,
    pub challenge: String,
    pub code_expires_at: OffsetDateTime,
    pub spent_at: Option<OffsetDateTime>,
    pub created_at: OffsetDateTime,
    /// The session began with **Lembrar-me**.
    pub remembered: bool,
    /// Until when it lives by itself: as long as its session, or by its refresh tokens beyond that.
    pub lives_until: OffsetDateTime,
    /// Neither it nor its session has ended, and it lives.
    pub in_force: bool,
}

impl Grant {
    pub fn scopes(&self) -> Scopes {
        Scopes::known(&self.scopes)
    }
}

macro_rules! grant {
    ($which:literal) => {
        concat!(
            "select *, ended_at is null and session_ended_at is null and lives_until > $2 as in_force from ( \
             select g.*, s.remembered, s.ended_at as session_ended_at, \
             case when 'offline_access' = any(string_to_array(g.scopes, ' ')) then g.expires_at else s.expires_at end as lives_until \
             from openid_grants g join sessions s on s.id = g.session_id) as g where ",
            $which
        )
    };
}

pub mod logouts;
// After the macro, which it uses.
mod refresh;

pub use refresh::{add_refresh, by_refresh, of_refresh, rotate};

/// A grant that is made.
pub struct NewGrant<'a> {
    pub request: &'a AuthorizationRequest,
    pub account_id: i64,
    pub session_id: Uuid,
    pub acr: &'a str,
    pub auth_time: OffsetDateTime,
}

/// Makes a grant. Returns its code.
pub async fn grant(conn: &mut PgConnection, sealer: &Sealer, now: OffsetDateTime, new: &NewGrant<'_>) -> Result<Token, Fault> {
    let code = Token::new(entropy::token());
    let code_expires_at = now + CODE_LIFETIME;
    sqlx::query(
        "insert into openid_grants (id, client_id, account_id, session_id, scopes, nonce, acr, auth_time, redirect_uri, challenge, \
         code_hash, code_expires_at, created_at, expires_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)",
    )
    .bind(entropy::uuid())
    .bind(&new.request.client_id)
    .bind(new.account_id)
    .bind(new.session_id)
    .bind(new.request.scopes.to_string())
    .bind(&new.request.nonce)
    .bind(new.acr)
    .bind(new.auth_time)
    .bind(&new.request.redirect_uri)
    .bind(new.request.challenge.as_str())
    .bind(sealer.index(CODE, code.expose()))
    .bind(code_expires_at)
    .bind(now)
    // Of a code that nobody exchanges nothing is kept.
    .bind(code_expires_at)
    .execute(conn)
    .await?;
    Ok(code)
}

/// The grant of a code, locked until the transaction ends: of many exchanges at once, each sees what those before it did.
pub async fn of_code(conn: &mut PgConnection, sealer: &Sealer, now: OffsetDateTime, code: &Token) -> Result<Option<Grant>, Fault> {
    let hash = sealer.index(CODE, code.expose());
    // Its session may not end meanwhile: whoever ends it tells the products that got tokens, and this one is about to.
    let locked: Option<Uuid> = sqlx::query_scalar(
        "select g.id from sessions s join openid_grants g on g.session_id = s.id where g.code_hash = $1 for share of s for update of g",
    )
    .bind(hash)
    .fetch_optional(&mut *conn)
    .await?;
    let Some(id) = locked else { return Ok(None) };
    // Read after the lock, so that a use that we waited for is seen.
    Ok(sqlx::query_as(grant!("g.id = $1")).bind(id).bind(now).fetch_optional(conn).await?)
}

/// A grant by its id.
pub async fn find(pool: &PgPool, now: OffsetDateTime, id: Uuid) -> Result<Option<Grant>, Fault> {
    Ok(sqlx::query_as(grant!("g.id = $1")).bind(id).bind(now).fetch_optional(pool).await?)
}

/// Its code is exchanged: from now on it lives until `expires_at`.
pub async fn spend(conn: &mut PgConnection, now: OffsetDateTime, id: Uuid, expires_at: OffsetDateTime) -> Result<(), Fault> {
    let spent =
        sqlx::query("update openid_grants set spent_at = $2, expires_at = greatest(expires_at, $3) where id = $1 and spent_at is null");
    one(&spent.bind(id).bind(now).bind(expires_at).execute(conn).await?, "openid_grants")
}

/// Nothing of it is in force any more. `false`: it had ended before.
pub async fn end(conn: &mut PgConnection, now: OffsetDateTime, id: Uuid) -> Result<bool, Fault> {
    let ended = sqlx::query("update openid_grants set ended_at = $2 where id = $1 and ended_at is null");
    Ok(ended.bind(id).bind(now).execute(conn).await?.rows_affected() > 0)
}
