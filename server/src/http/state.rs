//! What requests share.

use super::uploads::Uploads;
use crate::seal::Sealer;
use crate::tokens::Tokens;
use ipnet::IpNet;
use portaria::accounts::Accounts;
use sqlx::PgPool;
use std::sync::Arc;

/// What requests share.
#[derive(Clone)]
pub struct Site {
    /// The use cases.
    pub accounts: Arc<dyn Accounts>,
    /// For the JWKS.
    pub tokens: Tokens,
    /// For `/readyz`.
    pub pool: PgPool,
    /// Whose `X-Forwarded-For` is read.
    pub trusted_proxies: Arc<[IpNet]>,
    /// `PUBLIC_URL`, without a slash at its end.
    pub public_url: Arc<str>,
    /// `PUBLIC_URL` is https.
    pub secure_cookies: bool,
    /// Uploads that are being read.
    pub uploads: Uploads,
    /// Opens `/dev/outbox`; `None` in production, where it does not exist.
    pub dev_outbox: Option<Sealer>,
}
