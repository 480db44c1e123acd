//! Starting and stopping: what the commands of `portaria` do.

use crate::clock::Clock;
use crate::config::{Config, Environment, LogoutReceiver, Webhook};
use crate::db::keys::{self, KeysError};
use crate::db::webhooks::Listed;
use crate::db::{self, private};
use crate::delivery::ladder::Ladder;
use crate::delivery::lanes::Bells;
use crate::delivery::logouts::LogoutWorker;
use crate::delivery::web::Teller;
use crate::delivery::webhooks::WebhookWorker;
use crate::delivery::worker::DeliveryWorker;
use crate::delivery::{CarrierSettings, CarrierTimeouts, Carriers, HookSecrets};
use crate::http::hooks;
use crate::http::pages::{KeptPages, Sheet};
use crate::http::router::router;
use crate::http::state::{AppState, Shared};
use crate::http::uploads::UploadSlots;
use crate::janitor::Janitor;
use crate::listener::{self, Settings};
use crate::metrics::Metrics;
use crate::moving::batch::Common;
use crate::moving::import::{Counts, Stopped};
use crate::moving::progress::Progress;
use crate::moving::{self, Format};
use crate::openid_tokens::OpenIdTokens;
use crate::passwords::Passwords;
use crate::seal::Sealer;
use crate::services::Service;
use crate::services::contest::{self, Decider};
use crate::services::keys::KeyRing;
use crate::services::terms;
use crate::services::webhooks::{self, Filter};
use crate::tokens::Tokens;
use app::Site;
use background::{spawn_keys, spawn_worker, stop_signal};
use portaria::contest::Outcome;
use portaria::journey::Kind;
use portaria::message::Channel;
use portaria::openid::Algorithm;
use portaria::reaching::Reach;
use portaria::value::Document;
use private_postgres::PrivatePostgres;
use sqlx::PgPool;
use std::error::Error;
use std::fmt::Display;
use std::io::{Read, Write};
use std::sync::Arc;
use std::time::Duration;
use time::OffsetDateTime;
use tokio::sync::Notify;
use uuid::Uuid;

mod background;
pub mod doctor;
pub mod rotation;
pub mod support;

type Failure = Box<dyn Error + Send + Sync>;

/// After the stop signal, background tasks have this long.
const GRACE: Duration = Duration::from_secs(20);

/// The configured database, or a private one that is stopped with the server.
struct Database {
    pool: PgPool,
    own: Option<PrivatePostgres>,
}

impl Database {
    async fn open(config: &Config) -> Result<Self, Failure> {
        let (url, own) = match &config.database_url {
            Some(url) => (url.expose().clone(), None),
            None => {
                let own = private::start(&config.data_dir, config.environment).await?;
                (own.url().to_owned(), Some(own))
            }
        };
        let pool = db::connect(&url).await.map_err(|error| format!("the database cannot be reached: {error}"))?;
        Ok(Self { pool, own })
    }

    async fn close(self) -> Result<(), Failure> {
        self.pool.close().await;
        match self.own {
            Some(own) => Ok(own.stop().await?),
            None => Ok(()),
        }
    }
}

/// `portaria migrate`: brings the schema up to date.
pub async fn migrate(config: Config) -> Result<(), Failure> {
    let database = Database::open(&config).await?;
    let pending = db::pending_migrations(&database.pool).await?;
    let migrated = db::MIGRATOR.run(&database.pool).await;
    tracing::info!(migrations = pending.len(), "the schema is up to date");
    database.close().await?;
    Ok(migrated?)
}

/// Brings the schema up to date in development; in production that is `portaria migrate`'s.
async fn expect_schema(config: &Config, pool: &PgPool) -> Result<(), Failure> {
    let pending = db::pending_migrations(pool).await?;
    if !pending.is_empty() {
        if config.environment == Environment::Production {
            return Err(old_schema(&pending));
        }
        db::MIGRATOR.run(pool).await?;
        tracing::info!(migrations = pending.len(), "the schema is up to date");
    }
    Ok(())
}

/// What the tokens of the registered products are signed with.
fn algorithms_of(config: &Config) -> Vec<Algorithm> {
    Algorithm::ALL.into_iter().filter(|alg| config.clients.iter().any(|client| client.algorithm == *alg)).collect()
}

/// Loads the keys. What `PORTARIA_SECRET_OLD` wrapped is wrapped with `PORTARIA_SECRET` first.
async fn load_keys(config: &Config, pool: &PgPool, now: OffsetDateTime) -> Result<Sealer, KeysError> {
    let secret = config.secret.expose();
    if let Some(old) = &config.secret_old {
        match keys::rewrap(pool, secret, old.expose()).await? {
            0 => tracing::info!("PORTARIA_SECRET_OLD opens nothing any more: it can be taken out of the settings"),
            keys => tracing::info!(keys, "the keys are wrapped with the new PORTARIA_SECRET"),
        }
    }
    keys::load(pool, secret, now).await
}

/// What `portaria import` is asked for.
pub struct Import<F, R> {
    pub format: Format,
    /// The kind of lines that name none.
    pub kind: Option<Kind>,
    pub dry_run: bool,
    /// Whether webhooks are told of the accounts.
    pub tell_webhooks: bool,
    pub file: F,
    pub report: R,
    pub progress: Progress,
}

/// `portaria import`: brings accounts in.
pub async fn import<F: Read + Send + 'static, R: Write + Send>(config: Config, asked: Import<F, R>) -> Result<Counts, Stopped> {
    let nothing_began = |error: &dyn Display| Stopped::NothingBegan(error.to_string());
    let database = Database::open(&config).await.map_err(|error| nothing_began(&error))?;
    let Import { format, kind, dry_run, tell_webhooks, file, mut report, mut progress } = asked;
    let imported = async {
        expect_schema(&config, &database.pool).await.map_err(|error| nothing_began(&error))?;
        let clock = Clock::system();
        let now = clock.now();
        let sealer = load_keys(&config, &database.pool, now).await.map_err(|error| nothing_began(&error))?;
        let keys = KeyRing::new(database.pool.clone(), sealer.clone(), clock, config.secret.expose());
        keys.begin();
        let webhooks = if tell_webhooks { config.webhooks.clone() } else { Vec::new() };
        let common = Common { sealer, keys: Some(keys), now, kind, dry_run, webhooks };
        moving::import::run(&database.pool, common, format, file, &mut report, &mut progress).await
    }
    .await;
    if let Err(error) = database.close().await {
        tracing::warn!(error, "the database was not closed well");
    }
    imported
}

/// `portaria export`: writes every account. Returns how many.
pub async fn export(config: Config, output: &mut (impl Write + Send), mut progress: Progress) -> Result<u64, Failure> {
    let database = Database::open(&config).await?;
    let exported = async {
        expect_schema(&config, &database.pool).await?;
        let sealer = load_keys(&config, &database.pool, Clock::system().now()).await?;
        Ok(moving::export::run(&database.pool, &sealer, output, &mut progress).await?)
    }
    .await;
    database.close().await?;
    exported
}

/// `portaria accounts contest`: decides the open contests of a document. Returns the message for the operator.
pub async fn decide_contest(config: Config, document: &str, outcome: Outcome) -> Result<String, Failure> {
    let document = Document::parse(document).map_err(|_| "that is no CPF or CNPJ: its check digits do not fit")?;
    let database = Database::open(&config).await?;
    let decided = async {
        let now = Clock::system().now();
        let sealer = load_keys(&config, &database.pool, now).await?;
        Ok::<_, Failure>(
            contest::decide_by_operator(&database.pool, Decider { sealer: &sealer, webhooks: &config.webhooks, now }, &document, outcome)
                .await?,
        )
    }
    .await;
    database.close().await?;
    match (decided?, outcome) {
        (0, _) => Err("nobody contests that document now".into()),
        (_, Outcome::Freed) => Ok("freed: it is in no contested account any more, and who contested it is told".to_owned()),
        (_, Outcome::Kept) => Ok("kept: it stays where it is".to_owned()),
    }
}

/// `portaria webhooks list`: the newest events, the newest first.
pub async fn list_webhooks(config: Config, filter: Filter) -> Result<Vec<Listed>, Failure> {
    let database = Database::open(&config).await?;
    let listed = webhooks::list(&database.pool, filter).await;
    database.close().await?;
    Ok(listed?)
}

/// `portaria webhooks replay`: sends an event again. Returns the message for the operator.
pub async fn replay_webhook(config: Config, id: Uuid) -> Result<String, Failure> {
    let database = Database::open(&config).await?;
    let replayed = webhooks::replay(&database.pool, Clock::system().now(), &config.webhooks, id).await;
    database.close().await?;
    Ok(format!("goes to {} again, with the same id", replayed?))
}

/// The parts of a running node, put together once for the server and for the tests.
pub struct Node {
    /// Answers requests.
    pub site: AppState,
    /// The use cases, those of support among them.
    pub service: Arc<Service>,
    /// Delivers messages.
    pub worker: Arc<DeliveryWorker>,
    /// Tells webhooks what happened to accounts; none, if there are no webhooks.
    pub webhooks: Option<Arc<WebhookWorker>>,
    /// Tells products that a session ended; none, if no product wants to know.
    pub logouts: Option<Arc<LogoutWorker>>,
    pub bells: Arc<Bells>,
    /// Deletes what is past its retention.
    pub janitor: Janitor,
    /// The keys, to be loaded anew while it serves.
    pub keys: KeyRing,
    /// Signs what products are given.
    pub openid: OpenIdTokens,
}

impl Node {
    /// Builds a node over a migrated database. `passwords` decides the cost of a hash.
    pub async fn build(config: &Config, pool: PgPool, clock: Clock, passwords: Passwords) -> Result<Self, Failure> {
        let development = config.environment == Environment::Development;
        let sealer = load_keys(config, &pool, clock.now()).await?;
        if let Err(error) = terms::keep_texts(&pool, clock.now(), &config.rules.terms, &config.brand).await {
            tracing::warn!(%error, "the text of the terms could not be kept");
        }
        let tokens = Tokens::load(pool.clone(), sealer.clone(), config.public_url.as_str(), clock.now()).await?;
        let keys = KeyRing::new(pool.clone(), sealer.clone(), clock.clone(), config.secret.expose());
        let openid = OpenIdTokens::load(pool.clone(), sealer.clone(), algorithms_of(config), clock.now()).await?;
        // If no prefix is allowed, nothing is sent to a phone, not even messages that already wait in the outbox.
        let phones = !config.rules.allowed_prefixes.is_empty();
        let carriers = Carriers::new(CarrierSettings {
            smtp: config.smtp.clone(),
            twilio: config.twilio.clone().filter(|_| phones),
            whatsapp: config.whatsapp.clone().filter(|_| phones),
            twilio_reports: (config.public_url.scheme() == "https").then(|| config.public_url.join(hooks::TWILIO)).transpose()?,
            capture: development,
            ..CarrierSettings::default()
        })?;
        let channels = carriers.channels();
        let bells = Arc::new(Bells::default());
        let metrics = Arc::<Metrics>::default();
        // A carrier that is only captured reports nothing.
        let sms_reports = config.twilio.is_some() && phones && config.public_url.scheme() == "https";
        let whatsapp_reports = config.whatsapp.is_some() && phones && config.whatsapp_app_secret.is_some();
        let reporting = [(Channel::Sms, sms_reports), (Channel::WhatsApp, whatsapp_reports)];
        let reach = Reach::new(&config.rules.phone_channels, &channels);
        let ladder = Ladder::new(pool.clone(), sealer.clone(), clock.clone(), &carriers)
            .ordered(reach, config.rules.delivery_patience)
            .within(config.rules.budgets)
            .hearing(reporting.into_iter().filter(|(_, reports)| *reports).map(|(channel, _)| channel).collect())
            .telling(bells.clone(), metrics.clone());
        let ladder = Arc::new(ladder);
        let worker = DeliveryWorker::new(pool.clone(), sealer.clone(), clock.clone(), Arc::new(carriers), config.public_url.clone())
            .climbing(ladder.clone())
            .sparing(config.rules.test_phones.iter().map(|(phone, _)| phone.e164().to_owned()).collect())
            .branded(config.brand.clone())
            .counting(metrics.clone());
        let rules = config.rules.clone();
        let webhooks: Arc<[Webhook]> = config.webhooks.clone().into();
        let receivers: Arc<[LogoutReceiver]> = config.logout_receivers.clone().into();
        let service = Service::new(pool.clone(), sealer.clone(), clock.clone(), passwords.clone(), tokens.clone(), rules, bells.clone())
            .offering(channels)
            .renewing(keys.clone())
            .telling(webhooks.clone())
            .telling_products(receivers.clone())
            .counting(metrics.clone())
            .providing(config.clients.clone(), openid.clone(), config.public_url.as_str());
        // Without anybody to tell nothing needs this HTTPS client, which takes a while to make.
        let teller = (!webhooks.is_empty() || !receivers.is_empty())
            .then(|| Teller::new(config.webhook_networks.clone(), CarrierTimeouts::USUAL))
            .transpose()?;
        let of_webhooks = teller.clone().filter(|_| !webhooks.is_empty());
        let of_webhooks = of_webhooks.map(|teller| WebhookWorker::new(pool.clone(), clock.clone(), webhooks.clone(), teller));
        let logouts = teller.filter(|_| !receivers.is_empty()).map(|teller| {
            let issuer = config.public_url.as_str().trim_end_matches('/').into();
            LogoutWorker::new(pool.clone(), clock.clone(), receivers, openid.clone(), issuer, teller)
        });
        let service = Arc::new(service);
        let janitor = Janitor::new(pool.clone(), clock.clone(), keys.clone(), sealer.clone(), webhooks, metrics.clone(), service.clone());
        let site = AppState::from(Shared {
            site: Site {
                brand: config.brand.clone(),
                kinds: config.rules.kinds.clone(),
                email_link: config.rules.link_email,
                reset_link: config.rules.link_reset,
            },
            accounts: service.clone(),
            openid: service.clone(),
            tokens,
            pool,
            trusted_proxies: config.trusted_proxies.clone().into(),
            public_url: config.public_url.as_str().trim_end_matches('/').into(),
            secure_cookies: config.public_url.scheme() == "https",
            uploads: UploadSlots::default(),
            sheet: Sheet::of(&config.brand),
            kept: KeptPages::default(),
            metrics,
            hooks: HookSecrets {
                twilio: config.twilio.as_ref().map(|twilio| twilio.auth_token.clone()),
                whatsapp_verify: config.whatsapp_verify_token.clone(),
                whatsapp_app: config.whatsapp_app_secret.clone(),
            },
            ladder,
            metrics_token: config.metrics_token.clone().map(Arc::new),
            passwords,
            clock,
            dev_outbox: development.then(|| sealer.clone()),
            sealer,
        });
        let (webhooks, logouts) = (of_webhooks.map(Arc::new), logouts.map(Arc::new));
        Ok(Self { site, service, worker: Arc::new(worker), webhooks, logouts, bells, janitor, keys, openid })
    }
}

/// `portaria serve`: runs until a stop signal.
pub async fn serve(config: Config) -> Result<(), Failure> {
    // Bound first: a port in use is reported before anything starts.
    let listener =
        std::net::TcpListener::bind(config.site_addr).map_err(|error| format!("cannot listen on {}: {error}", config.site_addr))?;
    listener.set_nonblocking(true)?;
    let database = Database::open(&config).await?;
    let served = serve_over(&config, &database.pool, listener).await;
    let closed = database.close().await;
    served.and(closed)
}

async fn serve_over(config: &Config, pool: &PgPool, listener: std::net::TcpListener) -> Result<(), Failure> {
    expect_schema(config, pool).await?;
    let clock = Clock::system();
    let Node { site, worker, webhooks, logouts, bells, janitor, keys, openid, .. } =
        Node::build(config, pool.clone(), clock.clone(), Passwords::new()?).await?;
    let stop = Arc::new(Notify::new());
    let of_webhooks = webhooks.iter().flat_map(WebhookWorker::lanes);
    let of_logouts = logouts.iter().flat_map(LogoutWorker::lanes);
    let lanes = worker.lanes().into_iter().chain(of_webhooks).chain(of_logouts).collect();
    let work = [
        spawn_worker(lanes, clock.clone(), bells, janitor, stop.clone()),
        spawn_keys(keys, site.tokens.clone(), openid, clock, stop.clone()),
    ];
    let settings = Settings::new(listener::room(), site.trusted_proxies.clone());
    let listener = tokio::net::TcpListener::from_std(listener)?;
    tracing::info!(connections = settings.connections, "{} is open at {}", config.brand.name, config.public_url);
    let stopping = async {
        stop_signal().await;
        tracing::info!("stopping: no new requests, those being answered are finished");
    };
    listener::serve(listener, router(site), settings, stopping).await;
    stop.notify_waiters();
    for task in work {
        let _ = tokio::time::timeout(GRACE, task).await;
    }
    Ok(())
}

/// The refusal of a database whose schema is old.
fn old_schema(pending: &[String]) -> Failure {
    format!("the schema of the database is old: run `portaria migrate` first (missing: {})", pending.join(", ")).into()
}
