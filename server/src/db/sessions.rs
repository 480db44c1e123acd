//! Tables `sessions` and `refresh_tokens`.

use super::one;
use super::rotation::OF_SESSIONS;
use crate::entropy;
use crate::fault::Fault;
use crate::seal::Sealer;
use portaria::rotation::Used;
use portaria::session::{Requester, Token};
use sqlx::{FromRow, PgConnection, PgExecutor, PgPool};
use time::OffsetDateTime;
use uuid::Uuid;

pub(super) const COOKIE: &str = "sessions.cookie";

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
        None => OF_SESSIONS.add(conn, sealer, now, id).await?,
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

/// A living session, and what stands beside it, which is the same in each row.
#[derive(Debug, FromRow)]
pub struct Living {
    #[sqlx(flatten)]
    pub session: Listed,
    /// How many products the account agreed to give something.
    pub products: i64,
}

/// The living sessions of an account, found by one of them, which is first; then the most recently used. None: there is no
/// such session.
pub async fn living(pool: &PgPool, now: OffsetDateTime, named: &Named) -> Result<Vec<Living>, Fault> {
    macro_rules! of_session {
        ($by:literal) => {
            concat!(
                "select s.id, s.account_id, s.id = own.id as current, s.presentation, s.created_at, s.last_used_at, \
                 host(s.address) as address, s.user_agent, agreed.products \
                 from (select id, account_id from sessions where ",
                $by,
                " and ended_at is null and expires_at > $2) as own \
                 cross join lateral (select count(*) as products from openid_consents where account_id = own.account_id) as agreed \
                 join sessions s on s.account_id = own.account_id \
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

/// Sessions that have just ended. Products that got tokens in them are told ([`super::openid::logouts`]).
#[must_use = "products are told"]
#[derive(Debug, Default)]
pub struct Ended {
    ids: Vec<Uuid>,
    /// How many of them were alive: the others had lapsed.
    pub alive: u64,
}

impl Ended {
    pub fn ids(&self) -> &[Uuid] {
        &self.ids
    }

    fn of(rows: Vec<(Uuid, bool)>) -> Self {
        let alive = rows.iter().map(|(_, alive)| u64::from(*alive)).sum();
        Self { ids: rows.into_iter().map(|(id, _)| id).collect(), alive }
    }
}

/// Ends a living session of an account. None ended: it has no such session.
pub async fn end_of(conn: &mut PgConnection, now: OffsetDateTime, account_id: i64, id: Uuid, reason: &str) -> Result<Ended, Fault> {
    let ended = sqlx::query_as(
        "update sessions set ended_at = $3, end_reason = $4 where id = $1 and account_id = $2 and ended_at is null and expires_at > $3 \
         returning id, true",
    )
    .bind(id)
    .bind(account_id)
    .bind(now)
    .bind(reason)
    .fetch_all(conn)
    .await?;
    Ok(Ended::of(ended))
}

/// Ends a session. Its access and refresh tokens are invalid from now on.
pub async fn end(conn: &mut PgConnection, now: OffsetDateTime, id: Uuid, reason: &str) -> Result<Ended, Fault> {
    let ended = sqlx::query_as(
        "update sessions set ended_at = $2, end_reason = $3 where id = $1 and ended_at is null returning id, expires_at > $2",
    )
    .bind(id)
    .bind(now)
    .bind(reason)
    .fetch_all(conn)
    .await?;
    Ok(Ended::of(ended))
}

/// Ends every session of an account except `keep`.
pub async fn end_all(
    conn: &mut PgConnection,
    now: OffsetDateTime,
    account_id: i64,
    keep: Option<Uuid>,
    reason: &str,
) -> Result<Ended, Fault> {
    let ended = sqlx::query_as(
        "update sessions set ended_at = $2, end_reason = $4 where account_id = $1 and ended_at is null and id is distinct from $3 \
         returning id, expires_at > $2",
    )
    .bind(account_id)
    .bind(now)
    .bind(keep)
    .bind(reason)
    .fetch_all(conn)
    .await?;
    Ok(Ended::of(ended))
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
) -> Result<Ended, Fault> {
    let ended = sqlx::query_as(
        "update sessions set ended_at = $2, end_reason = $4 where id in ( \
             select id from sessions where account_id = $1 and ended_at is null and expires_at > $2 \
             order by id = $5 desc, created_at desc offset $3) \
         returning id, true",
    )
    .bind(account_id)
    .bind(now)
    .bind(i64::from(most))
    .bind(reason)
    .bind(begun)
    .fetch_all(conn)
    .await?;
    Ok(Ended::of(ended))
}

/// The living session of a refresh token, and the token's use. The session is locked until the transaction ends, so that
/// revoking never races minting (docs/standards.md#tokens).
pub async fn by_refresh(
    conn: &mut PgConnection,
    sealer: &Sealer,
    now: OffsetDateTime,
    token: &Token,
) -> Result<Option<(Session, Option<Used>)>, Fault> {
    let session: Option<Session> = sqlx::query_as(select!(
        "join refresh_tokens r on r.session_id = s.id where r.token_hash = $1 and s.ended_at is null and s.expires_at > $2 \
         for update of s"
    ))
    .bind(OF_SESSIONS.hash(sealer, token))
    .bind(now)
    .fetch_optional(&mut *conn)
    .await?;
    let Some(session) = session else { return Ok(None) };
    Ok(Some((session, OF_SESSIONS.used(conn, sealer, token).await?)))
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
    let successor = OF_SESSIONS.replace(&mut *conn, sealer, now, who, token, session.id).await?;
    sqlx::query("update sessions set expires_at = $2, last_used_at = $3 where id = $1")
        .bind(session.id)
        .bind(expires_at)
        .bind(now)
        .execute(conn)
        .await?;
    Ok(successor)
}
