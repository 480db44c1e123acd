//! The usual sign-in by password, in one statement and so in one round trip and one transaction.

use super::openid::logouts::tell;
use super::rotation::OF_SESSIONS;
use super::sessions::{New, Opened};
use super::{audit, devices, sessions};
use crate::entropy;
use crate::fault::Fault;
use crate::seal::Sealer;
use portaria::audit::Event;
use portaria::session::{Requester, Token, device_name};
use sqlx::PgPool;
use time::OffsetDateTime;

/// A sign-in whose password was right when it was compared.
pub struct Usual<'a> {
    /// Scope and key of the failed tries of the login.
    pub tally: (&'a str, &'a [u8]),
    /// The hash that was compared.
    pub hash: &'a str,
    /// The hash that replaces it.
    pub rehashed: Option<&'a str>,
    /// The cookie of a browser.
    pub device: Option<&'a Token>,
    pub session: New,
    /// How many sessions of the account may live.
    pub most: u32,
    /// Products that are told of a session that ends for that.
    pub told: &'a [&'a str],
}

/// The statement of [`open`]. `$told`: what else it does with the sessions that it ends.
macro_rules! opening {
    ($told:expr) => {
        concat!(
            "with login as materialized ( \
                 select from tallies where scope = $1 and key = $2 for update \
             ), account as ( \
                 update accounts set last_sign_in_at = $4, signed_in_before = true, password_hash = coalesce($6, password_hash) \
                 from login where id = $3 and password_hash = $5 and deletion_asked_at is null and blocked_at is null and exists ( \
                     select from devices where account_id = $3 and token_hash = $7 and name = $8 and not before_cookies) \
                 returning id \
             ), cleared as ( \
                 update tallies set hits = '{}', blocked_until = null from account where scope = $1 and key = $2 \
             ), device as ( \
                 update devices set last_seen_at = $4 from account where account_id = $3 and token_hash = $7 and name = $8 \
             ), ended as ( \
                 update sessions set ended_at = $4, end_reason = 'too_many' where exists (select from account) and id in ( \
                     select id from sessions where account_id = $3 and ended_at is null and expires_at > $4 \
                     order by created_at desc offset $18) \
                 returning id \
             ), ",
            $told,
            "session as ( \
                 insert into sessions (id, account_id, presentation, token_hash, remembered, access_seconds, created_at, last_used_at, \
                                       expires_at, address, user_agent) \
                 select $9, $3, $10, $11, $12, $13, $4, $4, $14, $15::inet, $16 from account \
             ), refresh as ( \
                 insert into refresh_tokens (token_hash, session_id, issued_at) select $17, $9, $4 from account where $17 is not null \
             ), noted as ( \
                 insert into audit (id, at, event, outcome, account_id, address, user_agent, request_id) \
                 select $19, $4, $20, 'ok', $3, $15::inet, $16, $21 from account \
             ) select exists (select from account)"
        )
    };
}

/// Opens a session, if the account knows the device and the hash is still its own; otherwise does nothing.
///
/// As everywhere, the row of the login's tally is locked first. A change of the password that this waits for is seen: the
/// row of the account is read again once it is locked, and then has another hash.
pub async fn open(
    pool: &PgPool,
    sealer: &Sealer,
    now: OffsetDateTime,
    who: &Requester,
    usual: &Usual<'_>,
) -> Result<Option<Opened>, Fault> {
    let Usual { session, .. } = usual;
    let (id, secret) = (entropy::uuid(), Token::new(entropy::token()));
    let browser = session.access_seconds.is_none();
    let index = |scope| sealer.index(scope, secret.expose());
    let statement = if usual.told.is_empty() {
        opening!("")
    } else {
        opening!(concat!("told as (", tell!("select id from ended", "$22", "$4"), "), "))
    };
    let query = sqlx::query_scalar(statement)
        .bind(usual.tally.0)
        .bind(usual.tally.1)
        .bind(session.account_id)
        .bind(now)
        .bind(usual.hash)
        .bind(usual.rehashed)
        .bind(devices::index(sealer, session.account_id, usual.device))
        .bind(device_name(&who.user_agent))
        .bind(id)
        .bind(if browser { "browser" } else { "api" })
        .bind(browser.then(|| index(sessions::COOKIE)))
        .bind(session.remembered)
        .bind(session.access_seconds.unwrap_or(0))
        .bind(session.expires_at)
        .bind(who.client_ip.to_string())
        .bind(&who.user_agent)
        .bind((!browser).then(|| index(OF_SESSIONS.index)))
        .bind(i64::from(usual.most) - 1)
        .bind(entropy::uuid())
        .bind(Event::LoginSucceeded.as_str())
        .bind(who.request_id);
    let query = if usual.told.is_empty() { query } else { query.bind(usual.told) };
    let opened: bool = query.fetch_one(pool).await?;
    if opened {
        audit::log(&audit::Entry { account: Some(session.account_id), ..audit::Entry::of(Event::LoginSucceeded, "ok") });
    }
    Ok(opened.then_some(Opened { id, secret }))
}
