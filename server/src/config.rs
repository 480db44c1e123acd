//! Settings: `portaria.toml` below, the environment above, and nothing else.
//!
//! This is the only place that reads the environment. Everything wrong is told at once, each line with the name, what is wrong
//! and what is allowed, so that an operator repairs a deployment in one round; the value of a secret is never repeated.
//!
//! [`Config::load`] reads the outside world, [`Config::from_parts`] is the same without it. A start in development without
//! `PORTARIA_SECRET` makes one and keeps it in the data folder; production never invents one, because two nodes would each
//! invent their own.

mod brand;
mod clients;
mod danger;
mod parse;
mod rules;
mod secret;
mod table;
#[cfg(test)]
mod tests;
mod webhooks;

use crate::entropy;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use ipnet::IpNet;
use lettre::message::Mailbox;
use portaria::brand::{Brand, Name};
use portaria::openid::Clients;
use settings::{Given, Problems};
use url::Url;

pub use clients::LogoutReceiver;
pub use rules::Rules;
pub use secret::Secret;
pub use webhooks::Webhook;

use table::{
    DATABASE_URL, LEPTOS_SITE_ADDR, MAIL_FROM, METRICS_TOKEN, OTEL_EXPORTER_OTLP_ENDPOINT, OTEL_EXPORTER_OTLP_HEADERS,
    OTEL_EXPORTER_OTLP_TRACES_ENDPOINT, OTEL_SERVICE_NAME, PORTARIA_DATA_DIR, PORTARIA_ENV, PORTARIA_LOG, PORTARIA_SECRET,
    PORTARIA_SECRET_OLD, PUBLIC_URL, SMTP_URL, TABLE, TRUSTED_PROXIES, TWILIO_ACCOUNT_SID, TWILIO_AUTH_TOKEN, TWILIO_BASE_URL, TWILIO_FROM,
    WEBHOOK_PRIVATE_NETWORKS, WHATSAPP_APP_SECRET, WHATSAPP_BASE_URL, WHATSAPP_PHONE_NUMBER_ID, WHATSAPP_TEMPLATE, WHATSAPP_TOKEN,
    WHATSAPP_VERIFY_TOKEN,
};

/// The settings file of the current folder, read when no other is named.
pub const FILE: &str = "portaria.toml";

/// A shorter token of `/metrics` could be guessed.
const SHORTEST_TOKEN: usize = 16;

/// Everything that can be set, checked.
#[derive(Debug, Clone)]
pub struct Config {
    /// `PORTARIA_ENV`.
    pub environment: Environment,
    /// `LEPTOS_SITE_ADDR`: where the server listens.
    pub site_addr: SocketAddr,
    /// `PUBLIC_URL`: the origin that people type; no path.
    pub public_url: Url,
    /// `DATABASE_URL`; none: a private Postgres of our own.
    pub database_url: Option<Secret<String>>,
    /// `PORTARIA_DATA_DIR`, absolute once loaded.
    pub data_dir: PathBuf,
    /// `PORTARIA_SECRET`: the root of every key.
    pub secret: Secret<[u8; 32]>,
    /// `PORTARIA_SECRET_OLD`: what the keys may still be wrapped with.
    pub secret_old: Option<Secret<[u8; 32]>>,
    /// `TRUSTED_PROXIES`: the peers whose forwarding headers are believed.
    pub trusted_proxies: Vec<IpNet>,
    /// `METRICS_TOKEN`: with it, `/metrics` answers anybody.
    pub metrics_token: Option<Secret<String>>,
    /// `OTEL_EXPORTER_OTLP_ENDPOINT` and its family: where traces go.
    pub traces: Option<Otlp>,
    /// `PORTARIA_LOG`: a tracing filter.
    pub log: String,
    /// `SMTP_URL` and `MAIL_FROM`.
    pub smtp: Option<Smtp>,
    pub twilio: Option<Twilio>,
    pub whatsapp: Option<WhatsApp>,
    /// `WHATSAPP_VERIFY_TOKEN`.
    pub whatsapp_verify_token: Option<Secret<String>>,
    /// `WHATSAPP_APP_SECRET`.
    pub whatsapp_app_secret: Option<Secret<String>>,
    /// `[[webhooks]]`: who is told what happens to accounts.
    pub webhooks: Vec<Webhook>,
    /// `[[clients]]`: products that sign people in by us.
    pub clients: Clients,
    /// Those of them that are told that a session ended.
    pub logout_receivers: Vec<LogoutReceiver>,
    /// `WEBHOOK_PRIVATE_NETWORKS`: where webhooks and ends of sessions may lead besides the public internet.
    pub webhook_networks: Vec<IpNet>,
    /// How long things live, how often they may be tried, to whom is sent, and who may sign up.
    pub rules: Rules,
    /// `[brand]`: whose product this is.
    pub brand: Arc<Brand>,
    /// What starts, but should be looked at; whoever starts the server says it aloud.
    pub warnings: Vec<String>,
}

/// What kind of place this is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Environment {
    /// A developer's machine: migrates by itself, shows messages on `/dev/outbox`, makes its own secret.
    #[default]
    Development,
    /// People sign up here.
    Production,
}

impl Environment {
    /// Whether people sign up here.
    pub const fn is_production(self) -> bool {
        matches!(self, Self::Production)
    }
}

/// The mail carrier.
#[derive(Debug, Clone)]
pub struct Smtp {
    /// `smtp://` or `smtps://`, with its user and password.
    pub url: Secret<String>,
    /// The sender.
    pub from: Mailbox,
}

/// The SMS carrier.
#[derive(Debug, Clone)]
pub struct Twilio {
    /// The account, as in the path of its API.
    pub account_sid: String,
    /// Its password.
    pub auth_token: Secret<String>,
    /// The sending number or name.
    pub from: String,
    /// Where its API answers.
    pub base_url: Url,
}

/// The `WhatsApp` carrier.
#[derive(Debug, Clone)]
pub struct WhatsApp {
    /// The bearer token.
    pub token: Secret<String>,
    /// The sending number's identifier, as in the path of its API.
    pub phone_number_id: String,
    /// The name of the approved authentication template.
    pub template: String,
    /// Where its API answers, version included.
    pub base_url: Url,
}

/// The collector of traces.
#[derive(Debug, Clone)]
pub struct Otlp {
    /// Where they are posted.
    pub endpoint: Url,
    /// Sent with each batch; among them may be a token.
    pub headers: Secret<Vec<(String, String)>>,
    /// What the collector calls the nodes.
    pub service: String,
}

impl Config {
    /// Reads `file`, or `portaria.toml` of the current folder when there is one, and the environment above it.
    /// In development without `PORTARIA_SECRET`, makes one and keeps it in the data folder.
    ///
    /// # Errors
    /// Everything that is wrong, together.
    pub fn load(file: Option<&Path>) -> Result<Self, Problems> {
        Self::interpret(read(file)?, folder_of(file), secret::kept).map(|(config, _)| config)
    }

    /// The same without the outside world. Without a secret in development there is a new one each time.
    ///
    /// # Errors
    /// Everything that is wrong, together.
    pub fn from_parts<K, V>(toml: &str, environment: impl IntoIterator<Item = (K, V)>) -> Result<Self, Problems>
    where
        K: Into<String>,
        V: Into<String>,
    {
        let environment = environment.into_iter().map(|(name, value)| (name.into(), value.into()));
        Self::interpret(TABLE.collect(toml, environment), Path::new(""), |_| Ok(entropy::bytes())).map(|(config, _)| config)
    }

    /// `folder` holds the settings file: the files that it names are looked for there. `keep` gives the development secret for a data folder.
    fn interpret(mut given: Given, folder: &Path, keep: impl FnOnce(&Path) -> Result<[u8; 32], String>) -> Result<(Self, bool), Problems> {
        let environment = given.get(&PORTARIA_ENV);
        if let Some(environment) = environment {
            danger::refuse(&mut given, environment);
        }
        let is_production = environment.is_some_and(Environment::is_production);
        let data_dir = given.get(&PORTARIA_DATA_DIR).map(|dir| std::path::absolute(&dir).unwrap_or(dir));
        let public_url = public_url(&mut given, is_production);
        let brand = brand::read(&mut given, folder);
        let smtp = smtp(&mut given, public_url.as_ref(), brand.as_ref().map(|read| &read.brand.name));
        let kinds = brand::kinds(&mut given);
        given.together(&[TWILIO_ACCOUNT_SID.line, TWILIO_AUTH_TOKEN.line, TWILIO_FROM.line]);
        given.together(&[WHATSAPP_TOKEN.line, WHATSAPP_PHONE_NUMBER_ID.line, WHATSAPP_TEMPLATE.line]);
        let webhooks = webhooks::read(&mut given);
        let clients = clients::read(&mut given, folder);
        if is_production && !given.has(&PORTARIA_SECRET) {
            given.problem(&PORTARIA_SECRET, "is required in production".into());
        }
        let set = given.get(&PORTARIA_SECRET);
        // Only a start that is otherwise good may leave a file behind.
        let secret = match (set, &data_dir) {
            (Some(secret), _) => Some(secret),
            (None, Some(dir)) if given.is_clean() => keep(dir).map_err(|wrong| given.problem(&PORTARIA_SECRET, wrong)).ok(),
            (None, _) => None,
        };
        let config = || {
            let brand::Read { brand, warning } = brand?;
            let warnings = warning.into_iter().chain(clients.iter().filter_map(|entry| entry.warning.clone())).collect();
            let rules = Rules::read(&given, kinds, &brand)?;
            let (clients, logout_receivers) = clients::under(&rules, &secret?, clients);
            Some(Self {
                environment: environment?,
                site_addr: given.get(&LEPTOS_SITE_ADDR)?,
                public_url: public_url?,
                database_url: given.get(&DATABASE_URL).map(Secret::new),
                data_dir: data_dir?,
                secret: Secret::new(secret?),
                secret_old: given.get(&PORTARIA_SECRET_OLD).map(Secret::new),
                trusted_proxies: given.get(&TRUSTED_PROXIES).unwrap_or_default(),
                metrics_token: given.get(&METRICS_TOKEN).map(Secret::new),
                traces: otlp(&given),
                log: given.get(&PORTARIA_LOG)?,
                smtp,
                twilio: twilio(&given),
                whatsapp: whatsapp(&given),
                whatsapp_verify_token: given.get(&WHATSAPP_VERIFY_TOKEN).map(Secret::new),
                whatsapp_app_secret: given.get(&WHATSAPP_APP_SECRET).map(Secret::new),
                webhooks,
                webhook_networks: given.get(&WEBHOOK_PRIVATE_NETWORKS).unwrap_or_default(),
                clients,
                logout_receivers,
                rules,
                brand: Arc::new(brand),
                warnings,
            })
        };
        let (Some(mut config), true) = (config(), given.is_clean()) else {
            return Err(given.into_problems());
        };
        config.warnings.extend(config.doubts());
        Ok((config, set.is_some()))
    }

    /// Whether `DATABASE_URL` leads over a network in the clear.
    pub fn database_in_clear(&self) -> bool {
        self.database_url.as_ref().is_some_and(|url| danger::database_in_clear(url.expose()))
    }

    /// Whether only this machine reaches `PUBLIC_URL`.
    pub fn is_public_url_loopback(&self) -> bool {
        danger::is_loopback(&self.public_url)
    }

    fn doubts(&self) -> Vec<String> {
        let mut doubts = Vec::new();
        if !self.environment.is_production() {
            return doubts;
        }
        let carriers = [
            (self.smtp.is_none(), "SMTP_URL", "e-mail"),
            (self.twilio.is_none(), "TWILIO_ACCOUNT_SID, TWILIO_AUTH_TOKEN, TWILIO_FROM", "SMS"),
            (self.whatsapp.is_none(), "WHATSAPP_TOKEN, WHATSAPP_PHONE_NUMBER_ID, WHATSAPP_TEMPLATE", "WhatsApp messages"),
        ];
        for (missing, names, what) in carriers {
            if missing {
                doubts.push(format!("no carrier for {what}: nobody receives any; not set: {names}"));
            }
        }
        match &self.database_url {
            None => doubts.push("DATABASE_URL is not set: the data lives in a private Postgres of this machine alone".to_owned()),
            Some(_) if self.database_in_clear() => {
                doubts.push("DATABASE_URL leads over a network without sslmode: add ?sslmode=verify-full (or require)".to_owned());
            }
            Some(_) => {}
        }
        if self.metrics_token.as_ref().is_some_and(|token| token.expose().len() < SHORTEST_TOKEN) {
            doubts.push(format!("METRICS_TOKEN is easily guessed: take {SHORTEST_TOKEN} characters or more"));
        }
        if self.traces.as_ref().is_some_and(|traces| traces.endpoint.scheme() != "https" && !danger::is_loopback(&traces.endpoint)) {
            doubts.push("traces go to their collector in clear: take https://, or a network that is yours alone".to_owned());
        }
        if self.rules.allowed_prefixes.is_empty() {
            doubts.push("PORTARIA_ALLOWED_PREFIXES is empty: no phone is sent to".to_owned());
        }
        doubts
    }
}

/// What `portaria config` prints: every setting, its value in force, where it comes from, what it is for and what is allowed. Makes and
/// keeps nothing.
///
/// # Errors
/// Everything that is wrong, together.
pub fn show(file: Option<&Path>) -> Result<String, Problems> {
    let given = read(file)?;
    let (config, secret_given) = Config::interpret(given.clone(), folder_of(file), |_| Ok(entropy::bytes()))?;
    let derived = [
        (&PUBLIC_URL.line, config.public_url.as_str().trim_end_matches('/').to_owned()),
        (&PORTARIA_DATA_DIR.line, config.data_dir.display().to_string()),
        (&MAIL_FROM.line, config.smtp.as_ref().map(|smtp| smtp.from.to_string()).unwrap_or_default()),
    ];
    let mut lines = vec![given.shown(&derived)];
    if !secret_given {
        lines.push(format!("PORTARIA_SECRET: the start makes one and keeps it in {}\n", secret::file(&config.data_dir).display()));
    }
    lines.extend(config.warnings.iter().map(|warning| format!("Warning: {warning}\n")));
    Ok(lines.join("\n"))
}

/// What `portaria config --table` prints: the settings as README has them.
pub fn table() -> String {
    TABLE.markdown()
}

/// The folder of the settings file.
fn folder_of(file: Option<&Path>) -> &Path {
    file.and_then(Path::parent).unwrap_or(Path::new(""))
}

/// The outside world: the file and the environment, as text.
fn read(file: Option<&Path>) -> Result<Given, Problems> {
    let path = file.unwrap_or(Path::new(FILE));
    let text = match std::fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound && file.is_none() => String::new(),
        Err(error) => return Err(Problems::unreadable(path, &error)),
    };
    // Lossy, because a foreign variable that is not UTF-8 is no business of ours; in one of ours it is found as a bad value.
    let environment = std::env::vars_os().map(|(name, value)| (name.to_string_lossy().into_owned(), value.to_string_lossy().into_owned()));
    Ok(TABLE.collect(&text, environment))
}

fn public_url(given: &mut Given, is_production: bool) -> Option<Url> {
    if given.has(&PUBLIC_URL) {
        return given.get(&PUBLIC_URL);
    }
    if is_production {
        given.problem(&PUBLIC_URL, "is required in production".into());
    }
    parse::public_url_of(given.get(&LEPTOS_SITE_ADDR)?)
}

fn smtp(given: &mut Given, public_url: Option<&Url>, name: Option<&Name>) -> Option<Smtp> {
    let url = given.get(&SMTP_URL).map(Secret::new);
    let from = if given.has(&MAIL_FROM) { given.get(&MAIL_FROM) } else { public_url.and_then(|url| parse::mailbox_of(url, name?)) };
    if url.is_some() && from.is_none() && !given.has(&MAIL_FROM) && public_url.is_some() && name.is_some() {
        given.problem(&MAIL_FROM, "is missing: SMTP_URL is set and the host of PUBLIC_URL makes no sender".into());
    }
    Some(Smtp { url: url?, from: from? })
}

fn otlp(given: &Given) -> Option<Otlp> {
    let by_base = || {
        let mut url = given.get(&OTEL_EXPORTER_OTLP_ENDPOINT)?;
        url.path_segments_mut().ok()?.pop_if_empty().extend(["v1", "traces"]);
        Some(url)
    };
    Some(Otlp {
        endpoint: given.get(&OTEL_EXPORTER_OTLP_TRACES_ENDPOINT).or_else(by_base)?,
        headers: Secret::new(given.get(&OTEL_EXPORTER_OTLP_HEADERS).unwrap_or_default()),
        service: given.get(&OTEL_SERVICE_NAME)?,
    })
}

fn twilio(given: &Given) -> Option<Twilio> {
    Some(Twilio {
        account_sid: given.get(&TWILIO_ACCOUNT_SID)?,
        auth_token: given.get(&TWILIO_AUTH_TOKEN).map(Secret::new)?,
        from: given.get(&TWILIO_FROM)?,
        base_url: given.get(&TWILIO_BASE_URL)?,
    })
}

fn whatsapp(given: &Given) -> Option<WhatsApp> {
    Some(WhatsApp {
        token: given.get(&WHATSAPP_TOKEN).map(Secret::new)?,
        phone_number_id: given.get(&WHATSAPP_PHONE_NUMBER_ID)?,
        template: given.get(&WHATSAPP_TEMPLATE)?,
        base_url: given.get(&WHATSAPP_BASE_URL)?,
    })
}
