//! Tells products that a session ended in which they got tokens (OpenID Connect Back-Channel Logout 1.0), so that they end what they began
//! by it.
//!
//! Each product has its own lane. It is tried for a day, each time with a new token, and how it is posted: [`Teller`].

use super::Failure;
use super::lanes::{self, Bell, Delivery, Lane, Lanes};
use super::web::Teller;
use crate::clock::Clock;
use crate::config::LogoutReceiver;
use crate::db::openid::logouts::{self, Due};
use crate::entropy;
use crate::fault::Fault;
use crate::openid_tokens::{LOGOUT, OpenIdTokens};
use async_trait::async_trait;
use portaria::account_event::retry_after;
use portaria::session::Token;
use serde::Serialize;
use serde_json::{Map, Value, json};
use sqlx::PgPool;
use std::sync::Arc;
use time::{Duration, OffsetDateTime};

/// How long a token may be on its way (Back-Channel Logout §4: at most two minutes).
const LIFETIME: Duration = Duration::minutes(2);
/// What a token says that happened.
const EVENT: &str = "http://schemas.openid.net/event/backchannel-logout";

/// The claims of a logout token (Back-Channel Logout §2.4). There is no `nonce`, so that it never passes for an ID token.
#[derive(Serialize)]
struct LogoutClaims<'a> {
    iss: &'a str,
    sub: String,
    aud: &'a str,
    iat: i64,
    exp: i64,
    jti: String,
    events: Map<String, Value>,
    sid: String,
}

pub struct LogoutWorker {
    pool: PgPool,
    clock: Clock,
    receivers: Arc<[LogoutReceiver]>,
    tokens: OpenIdTokens,
    issuer: Arc<str>,
    teller: Teller,
}

impl LogoutWorker {
    pub fn new(
        pool: PgPool,
        clock: Clock,
        receivers: Arc<[LogoutReceiver]>,
        tokens: OpenIdTokens,
        issuer: Arc<str>,
        teller: Teller,
    ) -> Self {
        Self { pool, clock, receivers, tokens, issuer, teller }
    }

    /// One lane for each product.
    pub fn lanes(self: &Arc<Self>) -> Lanes {
        let lane = |nth| Arc::new(LogoutLane { worker: Arc::clone(self), nth }) as Arc<dyn Lane>;
        (0..self.receivers.len()).map(lane).collect()
    }

    /// Delivers everything that is due now. Returns how much the products accepted.
    pub async fn deliver_due(self: &Arc<Self>) -> Result<usize, sqlx::Error> {
        lanes::drain(&self.lanes(), &self.clock).await
    }

    /// Returns whether the product accepted it.
    async fn deliver(&self, receiver: &LogoutReceiver, due: &Due) -> Result<bool, sqlx::Error> {
        let posted = match self.token(receiver, due).await {
            Ok(token) => {
                let request = self.teller.post(&receiver.url).form(&[("logout_token", token.expose())]);
                Teller::send(request).await
            }
            Err(fault) => {
                tracing::error!(%fault, "the end of a session could not be signed");
                Err(Failure::retry("not-signed"))
            }
        };
        let (now, client, attempts) = (self.clock.now(), due.client_id.as_str(), due.attempts);
        let mut conn = self.pool.acquire().await?;
        match posted {
            Ok(()) => {
                logouts::done(&mut conn, due).await?;
                tracing::info!(client, attempts, "a product was told that a session ended");
                return Ok(true);
            }
            Err(Failure::Retry { code }) if now < due.give_up_at => {
                tracing::warn!(client, attempts, code, "a product was not told that a session ended: to be tried again");
                let [jitter] = entropy::bytes();
                let next_try_at = (now + retry_after(u32::try_from(attempts).unwrap_or_default(), jitter)).min(due.give_up_at);
                logouts::reschedule(&mut conn, due, next_try_at, &code).await?;
            }
            Err(failure) => {
                tracing::error!(client, attempts, code = failure.code(), "a product will not be told that a session ended");
                logouts::done(&mut conn, due).await?;
            }
        }
        Ok(false)
    }

    /// A new one for each try: a product may keep those that it has seen.
    async fn token(&self, receiver: &LogoutReceiver, due: &Due) -> Result<Token, Fault> {
        let now = self.clock.now();
        self.tokens.keep_fresh(now).await?;
        let claims = LogoutClaims {
            iss: &self.issuer,
            sub: due.account_id.to_string(),
            aud: receiver.client_id.as_str(),
            iat: now.unix_timestamp(),
            exp: (now + LIFETIME).unix_timestamp(),
            jti: entropy::uuid().to_string(),
            events: Map::from_iter([(EVENT.to_owned(), json!({}))]),
            sid: due.session_id.to_string(),
        };
        self.tokens.sign(receiver.algorithm, LOGOUT, &claims, now)
    }
}

/// What one product is told.
struct LogoutLane {
    worker: Arc<LogoutWorker>,
    nth: usize,
}

#[async_trait]
impl Lane for LogoutLane {
    fn bell(&self) -> Bell {
        Bell::Logouts
    }

    fn is_ordered(&self) -> bool {
        false
    }

    async fn claim(&self, due_by: OffsetDateTime, limit: usize) -> Result<Vec<Delivery>, sqlx::Error> {
        let Self { worker, nth } = self;
        let mut conn = worker.pool.acquire().await?;
        let client_id = worker.receivers[*nth].client_id.as_str();
        let claimed = logouts::lease(&mut conn, worker.clock.now(), due_by, client_id, limit).await?;
        let deliver = |due: Due| {
            let (worker, nth) = (Arc::clone(worker), *nth);
            Box::pin(async move { worker.deliver(&worker.receivers[nth], &due).await }) as Delivery
        };
        Ok(claimed.into_iter().map(deliver).collect())
    }
}
