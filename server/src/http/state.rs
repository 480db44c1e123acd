//! State that all requests share.

use super::pages::{KeptPages, Sheet};
use super::uploads::UploadSlots;
use crate::clock::Clock;
use crate::config::Secret;
use crate::delivery::HookSecrets;
use crate::delivery::ladder::Ladder;
use crate::metrics::Metrics;
use crate::passwords::Passwords;
use crate::seal::Sealer;
use crate::tokens::Tokens;
use app::Site;
use ipnet::IpNet;
use portaria::accounts::Accounts;
use portaria::openid::Provider;
use sqlx::PgPool;
use std::ops::Deref;
use std::sync::Arc;

/// A handle to it. Every layer clones one for every request, and moves it from future to future, so it is one pointer.
#[derive(Clone)]
pub struct AppState(Arc<Shared>);

impl Deref for AppState {
    type Target = Shared;

    fn deref(&self) -> &Shared {
        &self.0
    }
}

impl From<Shared> for AppState {
    fn from(shared: Shared) -> Self {
        Self(Arc::new(shared))
    }
}

pub struct Shared {
    pub accounts: Arc<dyn Accounts>,
    /// What products ask for.
    pub openid: Arc<dyn Provider>,
    /// Whose product this is, and as what people may sign up.
    pub site: Site,
    /// For the JWKS.
    pub tokens: Tokens,
    /// For `/readyz`.
    pub pool: PgPool,
    /// Proxies whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Arc<[IpNet]>,
    /// `PUBLIC_URL`, without a slash at its end.
    pub public_url: Arc<str>,
    /// Whether `PUBLIC_URL` is https.
    pub secure_cookies: bool,
    pub uploads: UploadSlots,
    /// How its pages look.
    pub sheet: Sheet,
    pub kept: KeptPages,
    pub metrics: Arc<Metrics>,
    /// `METRICS_TOKEN`.
    pub metrics_token: Option<Arc<Secret<String>>>,
    pub clock: Clock,
    /// For the length of its queue, at `/metrics`.
    pub passwords: Passwords,
    /// What carriers sign their reports with.
    pub hooks: HookSecrets,
    /// Takes what carriers report.
    pub ladder: Arc<Ladder>,
    /// Seals the step that a page is at, for the browser to keep (`pages/steps.rs`).
    pub sealer: Sealer,
    /// Decrypts the messages of `/dev/outbox`; `None` in production, where that page does not exist.
    pub dev_outbox: Option<Sealer>,
}
