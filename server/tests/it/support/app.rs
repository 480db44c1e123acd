//! A running server with a fresh database, a clock that tests move, and carriers whose messages tests read.

use super::Wire;
use super::inbox::Inbox;
use super::{Answer, database};
use portaria::accounts::Accounts;
use serde_json::Value;
use server::clock::Clock;
use server::config::{Config, Webhook};
use server::delivery::logouts::LogoutWorker;
use server::delivery::webhooks::WebhookWorker;
use server::delivery::worker::DeliveryWorker;
use server::http::router::router;
use server::listener::{self, Settings};
use server::passwords::Passwords;
use server::run::Node;
use server::services::Service;
use server::services::keys::KeyRing;
use server::tokens::Tokens;
use sqlx::PgPool;
use sqlx::postgres::PgPoolOptions;
use std::sync::Arc;
use time::{Duration, OffsetDateTime};

pub struct TestApp {
    pub clock: Clock,
    pub pool: PgPool,
    pub worker: Arc<DeliveryWorker>,
    pub webhooks: Option<Arc<WebhookWorker>>,
    pub logouts: Option<Arc<LogoutWorker>>,
    /// The webhooks of the settings file.
    pub told: Vec<Webhook>,
    /// The use cases, for tests that call them without HTTP.
    pub accounts: Arc<dyn Accounts>,
    /// The same, and those of support.
    pub service: Arc<Service>,
    /// The keys of the node; a test loads them anew itself.
    pub keys: KeyRing,
    /// What signs its access tokens, likewise.
    pub tokens: Tokens,
    pub url: String,
    settings: Vec<(String, String)>,
    /// The settings file.
    file: String,
    /// The messages that the test has read, whichever node delivered them.
    pub(super) inbox: Arc<Inbox>,
}

impl TestApp {
    pub async fn start() -> Self {
        Self::start_with(&[]).await
    }

    /// Starts with these settings, named as in SPEC §10.
    pub async fn start_with(settings: &[(&str, &str)]) -> Self {
        let settings: Vec<_> = settings.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        let now = Clock::system().now();
        Self::over(database::database().await, Clock::manual(now), settings).await
    }

    /// Starts with this settings file.
    pub async fn start_with_file(file: &str) -> Self {
        let start = Start { file: file.to_owned(), ..Start::default() };
        Self::listening(database::database().await, Clock::manual(Clock::system().now()), start, cheap(), |_| {}).await
    }

    /// The same over a pool with a single connection, for which nobody waits long.
    pub async fn start_with_one_connection(file: &str) -> Self {
        let options = database::database().await.connect_options().as_ref().clone();
        let pool = PgPoolOptions::new().max_connections(1).acquire_timeout(Duration::seconds(2).unsigned_abs());
        let start = Start { file: file.to_owned(), ..Start::default() };
        let pool = pool.connect_with(options).await.expect("the database");
        Self::listening(pool, Clock::manual(Clock::system().now()), start, cheap(), |_| {}).await
    }

    /// Starts over a database whose statements are read along.
    pub async fn start_by_wire() -> (Self, Wire) {
        let (wire, pool) = Wire::laid().await;
        (Self::over(pool, Clock::manual(Clock::system().now()), Vec::new()).await, wire)
    }

    /// Like [`Self::start_with`], but with the product's real password hashing.
    pub async fn start_with_real_passwords(settings: &[(&str, &str)]) -> Self {
        let settings: Vec<_> = settings.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        let now = Clock::system().now();
        let passwords = Passwords::new().expect("a pool");
        Self::listening(database::database().await, Clock::manual(now), settings.into(), passwords, |_| {}).await
    }

    /// Like [`Self::start_with`], but the settings of the listener can be changed.
    pub async fn start_listening(settings: &[(&str, &str)], listening: impl FnOnce(&mut Settings)) -> Self {
        let settings: Vec<_> = settings.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        let now = Clock::system().now();
        Self::listening(database::database().await, Clock::manual(now), settings.into(), cheap(), listening).await
    }

    /// Starts another node with the same database and clock.
    pub async fn second_node(&self) -> Self {
        self.beside(self.settings_of_a_node()).await
    }

    /// Its settings, for another node: all nodes of a product have one public address.
    fn settings_of_a_node(&self) -> Vec<(String, String)> {
        let mut settings = self.settings.clone();
        if !settings.iter().any(|(name, _)| name == "PUBLIC_URL") {
            settings.push(("PUBLIC_URL".to_owned(), self.url.clone()));
        }
        settings
    }

    /// Starts another node, and reads along what it asks the database.
    pub async fn node_by_wire(&self) -> (Self, Wire) {
        let (wire, pool) = Wire::laid_to(&self.pool).await;
        let start = Start { settings: self.settings.clone(), file: self.file.clone() };
        let mut node = Self::listening(pool, self.clock.clone(), start, cheap(), |_| {}).await;
        node.inbox = self.inbox.clone();
        (node, wire)
    }

    /// Starts a node with other settings but the same database and clock.
    pub async fn node_with(&self, settings: &[(&str, &str)]) -> Self {
        let settings = settings.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        self.beside(settings).await
    }

    /// Starts a node with another settings file but the same database and clock.
    pub async fn node_with_file(&self, file: &str) -> Self {
        let start = Start { settings: self.settings_of_a_node(), file: file.to_owned() };
        let mut node = Self::listening(self.pool.clone(), self.clock.clone(), start, cheap(), |_| {}).await;
        node.inbox = self.inbox.clone();
        node
    }

    /// Starts a node over another database, with the same clock and public address.
    pub async fn over_too(&self, pool: PgPool) -> Self {
        Self::over(pool, self.clock.clone(), vec![("PUBLIC_URL".to_owned(), self.url.clone())]).await
    }

    /// Starts a node that shares database, clock and inbox with this one.
    async fn beside(&self, settings: Vec<(String, String)>) -> Self {
        let start = Start { settings, file: self.file.clone() };
        let mut node = Self::listening(self.pool.clone(), self.clock.clone(), start, cheap(), |_| {}).await;
        node.inbox = self.inbox.clone();
        node
    }

    async fn over(pool: PgPool, clock: Clock, settings: Vec<(String, String)>) -> Self {
        Self::listening(pool, clock, settings.into(), cheap(), |_| {}).await
    }

    async fn listening(pool: PgPool, clock: Clock, start: Start, passwords: Passwords, change: impl FnOnce(&mut Settings)) -> Self {
        let Start { settings, file } = start;
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let url = format!("http://{}", listener.local_addr().expect("an address"));
        let mut all: Vec<(String, String)> = vec![
            ("PUBLIC_URL".to_owned(), url.clone()),
            ("PORTARIA_SECRET".to_owned(), base64::Engine::encode(&base64::engine::general_purpose::STANDARD, database::SECRET)),
        ];
        for (name, value) in &settings {
            all.retain(|(known, _)| known != name);
            all.push((name.clone(), value.clone()));
        }
        // In development PUBLIC_URL must have a loopback host. Tests of https run in development too, because only there messages
        // are captured. So an https URL is set after the configuration was checked.
        let elsewhere = all.iter().find(|(name, value)| name == "PUBLIC_URL" && value.starts_with("https://")).cloned();
        let production = all.iter().any(|(name, value)| name == "PORTARIA_ENV" && value == "production");
        if elsewhere.is_some() && !production {
            all.retain(|(name, _)| name != "PUBLIC_URL");
        }
        let mut config = Config::from_parts(&file, all).expect("settings");
        if let Some((_, address)) = elsewhere {
            config.public_url = address.parse().expect("a URL");
        }
        let told = config.webhooks.clone();
        let Node { site, service, worker, webhooks, logouts, keys, .. } =
            Node::build(&config, pool.clone(), clock.clone(), passwords).await.expect("a node");
        let (accounts, tokens) = (site.accounts.clone(), site.tokens.clone());
        let mut listening = Settings::new(listener::room(), site.trusted_proxies.clone());
        change(&mut listening);
        tokio::spawn(listener::serve(listener, router(site), listening, std::future::pending()));
        Self { clock, pool, worker, webhooks, logouts, told, accounts, service, keys, tokens, url, settings, file, inbox: Arc::default() }
    }

    pub fn advance(&self, by: Duration) {
        self.clock.advance(by);
    }

    pub fn now(&self) -> OffsetDateTime {
        self.clock.now()
    }

    pub async fn post(&self, path: &str, body: Value) -> Answer {
        self.anonymous().post(path, body).await
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.anonymous().get(path).await
    }

    pub fn other_than(code: &str) -> String {
        let first = if code.starts_with('0') { '1' } else { '0' };
        format!("{first}{}", &code[1..])
    }

    pub async fn count(&self, query: &'static str) -> i64 {
        sqlx::query_scalar(query).fetch_one(&self.pool).await.expect("a count")
    }
}

fn cheap() -> Passwords {
    Passwords::cheap().expect("a pool")
}

/// What a node is started with.
#[derive(Default)]
struct Start {
    settings: Vec<(String, String)>,
    /// The settings file.
    file: String,
}

impl From<Vec<(String, String)>> for Start {
    fn from(settings: Vec<(String, String)>) -> Self {
        Self { settings, file: String::new() }
    }
}
