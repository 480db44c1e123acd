//! Tables `sessions` and `refresh_tokens`.

use super::one;
use crate::entropy;
use crate::fault::Fault;
use crate::seal::Sealer;
use portaria::session::{Requester, Token};
use sqlx::{FromRow, PgConnection, PgExecutor, PgPool};
use time::OffsetDateTime;
use uuid::Uuid;

pub(super) const COOKIE: &str = "sessions.cookie";
pub(super) const REFRESH: &str = "refresh_tokens.token";
pub(super) const SUCCESSOR: &str = "refresh_tokens.successor";

/// A session that has neither ended nor expired.
#[derive(Debug, Clone, FromRow)]
pub struct Session {
    /// The `sid` claim of its access tokens.
    pub id: Uuid,
    pub account_id: i64,
    /// Signed in with **Lembrar-me**.
    pub remembered: bool,
    /// Lifetime of its access tokens, in seconds.
    pub access_seconds: i32,
    pub created_at: OffsetDateTime,
    /// When its holder last authenticated.
    pub authenticated_at: OffsetDateTime,
    /// To the minute.
    pub last_used_at: OffsetDateTime,
    pub expires_at: OffsetDateTime,
}

pub struct New {
    pub account_id: i64,
    /// Signed in with **Lembrar-me**.
    pub remembered: bool,
    /// Lifetime of its access tokens, in seconds; `None` for a browser's session with a cookie.
    pub access_seconds: Option<i32>,
    pub expires_at: OffsetDateTime,
}

/// A session that was opened: its id, and its cookie or first refresh token.
pub struct Opened {
    pub id: Uuid,
    pub secret: Token,
}

/// Creates a session, with its cookie or its first refresh token.
pub async fn open(conn: &mut PgConnection, sealer: &Sealer, now: OffsetDateTime, who: &Requester, new: &New) -> Result<Opened, Fault> {
    let id = entropy::uuid();
    let cookie = new.access_seconds.is_none().then(|| Token::new(entropy::token()));
    sqlx::query(
        "insert into sessions (id, account_id, presentation, token_hash, remembered, access_seconds, created_at, last_used_at, \
         expires_at, address, user_agent) values ($1, $2, $3, $4, $5, $6, $7, $7, $8, $9::inet, $10)",
    )
    .bind(id)
    .bind(new.account_id)
    .bind(if cookie.is_some() { "browser" } else { "api" })
    .bind(cookie.as_ref().map(|cookie| sealer.index(COOKIE, cookie.expose())))
    .bind(new.remembered)
    .bind(new.access_seconds.unwrap_or(0))
    .bind(now)
    .bind(new.expires_at)
    .bind(who.client_ip.to_string())
    .bind(&who.user_agent)
    .execute(&mut *conn)
    .await?;
    sqlx::query("update accounts set signed_in_before = true where id = $1 and not signed_in_before")
        .bind(new.account_id)
        .execute(&mut *conn)
        .await?;
    let secret = match cookie {
        Some(cookie) => cookie,
        None => add_refresh(conn, sealer, now, id).await?,
    };
    Ok(Opened { id, secret })
}

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "select s.id, s.account_id, s.remembered, s.access_seconds, s.created_at, \
             coalesce(s.authenticated_at, s.created_at) as authenticated_at, s.last_used_at, s.expires_at from sessions s ",
            $rest
        )
    };
}

/// What names a session.
#[derive(Clone, PartialEq, Eq)]
pub enum Named {
    /// The id, from an access token.
    Id(Uuid),
    /// The keyed index of a cookie.
    Cookie(Vec<u8>),
}

impl Named {
    pub fn by_cookie(sealer: &Sealer, cookie: &Token) -> Self {
        Self::Cookie(sealer.index(COOKIE, cookie.expose()))
    }
}

/// The living session of that name.
pub async fn find(conn: &mut PgConnection, now: OffsetDateTime, named: &Named) -> Result<Option<Session>, Fault> {
    let found = match named {
        Named::Id(id) => sqlx::query_as(select!("where s.id = $1 and s.ended_at is null and s.expires_at > $2")).bind(id),
        Named::Cookie(index) => sqlx::query_as(select!("where s.token_hash = $1 and s.ended_at is null and s.expires_at > $2")).bind(index),
    };
    Ok(found.bind(now).fetch_optional(conn).await?)
}

/// Records that a session was used, and from where.
pub async fn touch(conn: impl PgExecutor<'_>, now: OffsetDateTime, who: &Requester, id: Uuid) -> Result<(), Fault> {
    let done = sqlx::query("update sessions set last_used_at = $2, address = $3::inet where id = $1")
        .bind(id)
        .bind(now)
        .bind(who.client_ip.to_string())
        .execute(conn)
        .await?;
    one(&done, "sessions")
}

/// Records that the session's holder authenticated again. `false`: the session ended in the meantime.
pub async fn authenticated(conn: &mut PgConnection, now: OffsetDateTime, id: Uuid) -> Result<bool, Fault> {
    let noted = sqlx::query("update sessions set authenticated_at = $2 where id = $1 and ended_at is null and expires_at > $2")
        .bind(id)
        .bind(now)
        .execute(conn)
        .await?;
    Ok(noted.rows_affected() == 1)
}

/// A living session as its account's owner sees it.
#[derive(Debug, Clone, FromRow)]
pub struct Listed {
    pub id: Uuid,
    pub account_id: i64,
    /// The one by which they were found.
    pub current: bool,
    /// `browser` or `api`.
    pub presentation: String,
    pub created_at: OffsetDateTime,
    /// To the minute.
    pub last_used_at: OffsetDateTime,
    /// The last client address.
    pub address: String,
    pub user_agent: String,
}

/// The living sessions of an account, found by one of them, which is first; then the most recently used. None: there is no
/// such session.
pub async fn living(pool: &PgPool, now: OffsetDateTime, named: &Named) -> Result<Vec<Listed>, Fault> {
    macro_rules! of_session {
        ($by:literal) => {
            concat!(
                "select s.id, s.account_id, s.id = own.id as current, s.presentation, s.created_at, s.last_used_at, \
                 host(s.address) as address, s.user_agent \
                 from (select id, account_id from sessions where ",
                $by,
                " and ended_at is null and expires_at > $2) as own join sessions s on s.account_id = own.account_id \
                 where s.ended_at is null and s.expires_at > $2 order by current desc, s.last_used_at desc, s.created_at desc, s.id"
            )
        };
    }
    let found = match named {
        Named::Id(id) => sqlx::query_as(of_session!("id = $1")).bind(id),
        Named::Cookie(index) => sqlx::query_as(of_session!("token_hash = $1")).bind(index),
    };
    Ok(found.bind(now).fetch_all(pool).await?)
}

/// Ends a living session of an account. `false`: it has no such session.
pub async fn end_of(conn: &mut PgConnection, now: OffsetDateTime, account_id: i64, id: Uuid, reason: &str) -> Result<bool, Fault> {
    let ended = sqlx::query(
        "update sessions set ended_at = $3, end_reason = $4 where id = $1 and account_id = $2 and ended_at is null and expires_at > $3",
    )
    .bind(id)
    .bind(account_id)
    .bind(now)
    .bind(reason)
    .execute(conn)
    .await?;
    Ok(ended.rows_affected() == 1)
}

/// Ends a session. Its access and refresh tokens are invalid from now on.
pub async fn end(conn: &mut PgConnection, now: OffsetDateTime, id: Uuid, reason: &str) -> Result<(), Fault> {
    sqlx::query("update sessions set ended_at = $2, end_reason = $3 where id = $1 and ended_at is null")
        .bind(id)
        .bind(now)
        .bind(reason)
        .execute(conn)
        .await?;
    Ok(())
}

/// Ends every session of an account except `keep`. Returns how many of them were alive.
pub async fn end_all(
    conn: &mut PgConnection,
    now: OffsetDateTime,
    account_id: i64,
    keep: Option<Uuid>,
    reason: &str,
) -> Result<u64, Fault> {
    let alive: Vec<bool> = sqlx::query_scalar(
        "update sessions set ended_at = $2, end_reason = $4 where account_id = $1 and ended_at is null and id is distinct from $3 \
         returning expires_at > $2",
    )
    .bind(account_id)
    .bind(now)
    .bind(keep)
    .bind(reason)
    .fetch_all(conn)
    .await?;
    Ok(alive.into_iter().map(u64::from).sum())
}

/// How many living sessions an account has.
pub async fn count(conn: &mut PgConnection, now: OffsetDateTime, account_id: i64) -> Result<u64, Fault> {
    let living: i64 = sqlx::query_scalar("select count(*) from sessions where account_id = $1 and ended_at is null and expires_at > $2")
        .bind(account_id)
        .bind(now)
        .fetch_one(conn)
        .await?;
    Ok(u64::try_from(living).unwrap_or_default())
}

/// Ends the oldest living sessions of an account so that at most `most` remain, including the one that just began.
pub async fn end_oldest(
    conn: &mut PgConnection,
    now: OffsetDateTime,
    account_id: i64,
    begun: Uuid,
    most: u32,
    reason: &str,
) -> Result<(), Fault> {
    sqlx::query(
        "update sessions set ended_at = $2, end_reason = $4 where id in ( \
             select id from sessions where account_id = $1 and ended_at is null and expires_at > $2 \
             order by id = $5 desc, created_at desc offset $3)",
    )
    .bind(account_id)
    .bind(now)
    .bind(i64::from(most))
    .bind(reason)
    .bind(begun)
    .execute(conn)
    .await?;
    Ok(())
}

/// Creates a refresh token of a session.
pub async fn add_refresh(conn: &mut PgConnection, sealer: &Sealer, now: OffsetDateTime, session: Uuid) -> Result<Token, Fault> {
    let token = Token::new(entropy::token());
    sqlx::query("insert into refresh_tokens (token_hash, session_id, issued_at) values ($1, $2, $3)")
        .bind(sealer.index(REFRESH, token.expose()))
        .bind(session)
        .bind(now)
        .execute(conn)
        .await?;
    Ok(token)
}

/// The use of a spent refresh token.
pub struct Used {
    pub at: OffsetDateTime,
    /// The token that replaced it; wiped some time after the grace period.
    pub successor: Option<Token>,
    pub address: String,
    pub user_agent: String,
}

type UsedRow = (Option<OffsetDateTime>, Option<Vec<u8>>, Option<String>, Option<String>);

/// The living session of a refresh token, and the token's use. The session is locked until the transaction ends, so that
/// revoking never races minting (docs/standards.md#tokens).
pub async fn by_refresh(
    conn: &mut PgConnection,
    sealer: &Sealer,
    now: OffsetDateTime,
    token: &Token,
) -> Result<Option<(Session, Option<Used>)>, Fault> {
    let hash = sealer.index(REFRESH, token.expose());
    let session: Option<Session> = sqlx::query_as(select!(
        "join refresh_tokens r on r.session_id = s.id where r.token_hash = $1 and s.ended_at is null and s.expires_at > $2 \
         for update of s"
    ))
    .bind(&hash)
    .bind(now)
    .fetch_optional(&mut *conn)
    .await?;
    let Some(session) = session else { return Ok(None) };
    // Read after the lock, so that a use that we waited for is seen.
    let (at, successor, address, user_agent): UsedRow =
        sqlx::query_as("select used_at, successor_sealed, host(used_address), used_user_agent from refresh_tokens where token_hash = $1")
            .bind(&hash)
            .fetch_one(conn)
            .await?;
    let successor = successor.map(|sealed| sealer.open_text_in(&sealed, SUCCESSOR, hash.as_slice())).transpose()?.map(Token::new);
    let used = at.map(|at| Used { at, successor, address: address.unwrap_or_default(), user_agent: user_agent.unwrap_or_default() });
    Ok(Some((session, used)))
}

/// Exchanges a refresh token for its successor and extends the session.
pub async fn rotate(
    conn: &mut PgConnection,
    sealer: &Sealer,
    now: OffsetDateTime,
    who: &Requester,
    token: &Token,
    session: &Session,
    expires_at: OffsetDateTime,
) -> Result<Token, Fault> {
    let successor = add_refresh(&mut *conn, sealer, now, session.id).await?;
    let hash = sealer.index(REFRESH, token.expose());
    sqlx::query(
        "update refresh_tokens set used_at = $2, successor_sealed = $3, used_address = $4::inet, used_user_agent = $5 where token_hash = $1",
    )
    .bind(&hash)
    .bind(now)
    .bind(sealer.seal_in(successor.expose().as_bytes(), SUCCESSOR, hash.as_slice()))
    .bind(who.client_ip.to_string())
    .bind(&who.user_agent)
    .execute(&mut *conn)
    .await?;
    sqlx::query("update sessions set expires_at = $2, last_used_at = $3 where id = $1")
        .bind(session.id)
        .bind(expires_at)
        .bind(now)
        .execute(conn)
        .await?;
    Ok(successor)
}
