//! Settings: `portaria.toml` below, the environment above, and nothing else.
//!
//! This is the only place that reads the environment. Everything wrong is told at once, each line with the name, what is wrong
//! and what is allowed, so that an operator repairs a deployment in one round; the value of a secret is never repeated.
//!
//! [`Config::load`] reads the outside world, [`Config::from_parts`] is the same without it. A start in development without
//! `PORTARIA_SECRET` makes one and keeps it in the data folder; production never invents one, because two nodes would each
//! invent their own.

mod danger;
mod parse;
mod secret;
mod settings;
#[cfg(test)]
mod tests;

use crate::entropy;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use ipnet::IpNet;
use lettre::message::Mailbox;
use time::Duration;
use url::Url;

pub use secret::Secret;
pub use settings::{ConfigError, Origin, Problem};

use settings::{Reader, Values};

/// The settings file of the current folder, read when no other is named.
pub const FILE: &str = "portaria.toml";

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
    /// `TRUSTED_PROXIES`: the peers whose forwarding headers are believed.
    pub trusted_proxies: Vec<IpNet>,
    /// `PORTARIA_ALLOWED_PREFIXES`: the phones that are sent to, each `+` and digits; none: no phone at all.
    pub allowed_prefixes: Vec<String>,
    /// `PORTARIA_LOG`: a tracing filter.
    pub log: String,
    /// `SMTP_URL` and `MAIL_FROM`.
    pub smtp: Option<Smtp>,
    pub twilio: Option<Twilio>,
    pub whatsapp: Option<WhatsApp>,
    /// How long things live.
    pub lifetimes: Lifetimes,
    /// How often things may be tried.
    pub limits: Limits,
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

/// How long codes, links and tokens live.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lifetimes {
    /// `CODE_LIFETIME_PHONE`.
    pub code_phone: Duration,
    /// `CODE_LIFETIME_CARONA`.
    pub code_carona: Duration,
    /// `CODE_LIFETIME_RECOVERY`.
    pub code_recovery: Duration,
    /// `LINK_LIFETIME_EMAIL`.
    pub link_email: Duration,
    /// `LINK_LIFETIME_RESET`.
    pub link_reset: Duration,
    /// `ACCESS_TOKEN_LIFETIME`.
    pub access_token: Duration,
    /// `ACCESS_TOKEN_LIFETIME_CARONA`.
    pub access_token_carona: Duration,
    /// `FRESH_AUTHENTICATION`: how long signing in counts for what later recovers.
    pub fresh_authentication: Duration,
}

/// How often things may be tried.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// `RESEND_WAIT`: the first wait; the next ones double it.
    pub resend_wait: Duration,
    /// `LOCKOUT_FAILURES`: failures that lock a login.
    pub lockout_failures: u32,
    /// `LOCKOUT_WINDOW`: the time within which they count.
    pub lockout_window: Duration,
    /// `LOCKOUT_DURATION`: how long a locked login stays so.
    pub lockout_duration: Duration,
    /// `CODE_ATTEMPTS`: wrong entries that kill a code.
    pub code_attempts: u32,
}

impl Config {
    /// Reads `file`, or `portaria.toml` of the current folder when there is one, and the environment above it.
    /// In development without `PORTARIA_SECRET`, makes one and keeps it in the data folder.
    ///
    /// # Errors
    /// Everything that is wrong, together.
    pub fn load(file: Option<&Path>) -> Result<Self, ConfigError> {
        Self::interpret(&read(file)?, secret::kept).map(|(config, _)| config)
    }

    /// The same without the outside world. Without a secret in development there is a new one each time.
    ///
    /// # Errors
    /// Everything that is wrong, together.
    pub fn from_parts<K, V>(toml: &str, environment: impl IntoIterator<Item = (K, V)>) -> Result<Self, ConfigError>
    where
        K: Into<String>,
        V: Into<String>,
    {
        let environment = environment.into_iter().map(|(name, value)| (name.into(), value.into()));
        Self::interpret(&Values::collect(toml, environment), |_| Ok(entropy::bytes())).map(|(config, _)| config)
    }

    /// `keep` gives the development secret for a data folder.
    fn interpret(values: &Values, keep: impl FnOnce(&Path) -> Result<[u8; 32], String>) -> Result<(Self, bool), ConfigError> {
        let mut read = Reader::new(values);

        let environment = read.value("PORTARIA_ENV", parse::environment);
        if let Some(environment) = environment {
            danger::refuse(&mut read, environment);
        }
        let environment = environment.unwrap_or_default();
        let site_addr = read.value("LEPTOS_SITE_ADDR", parse::address);
        let data_dir = read.value("PORTARIA_DATA_DIR", |text| Ok(PathBuf::from(text))).unwrap_or_default();
        let data_dir = std::path::absolute(&data_dir).unwrap_or(data_dir);
        let database_url = read.value("DATABASE_URL", parse::database_url).map(Secret::new);
        let public_url = public_url(&mut read, environment, site_addr);
        let smtp = smtp(&mut read, public_url.as_ref());
        let twilio = twilio(&mut read);
        let whatsapp = whatsapp(&mut read);
        let trusted_proxies = read.value("TRUSTED_PROXIES", parse::networks).unwrap_or_default();
        let allowed_prefixes = read.value("PORTARIA_ALLOWED_PREFIXES", parse::prefixes).unwrap_or_default();
        let log = read.value("PORTARIA_LOG", parse::log_filter).unwrap_or_default();
        let lifetimes = lifetimes(&mut read);
        let limits = limits(&mut read);

        let given = read.value("PORTARIA_SECRET", parse::secret_key);
        if environment.is_production() && !values.has("PORTARIA_SECRET") {
            read.problem("PORTARIA_SECRET", "is required in production".into());
        }
        // Only a start that is otherwise good may leave a file behind.
        let secret = match given {
            Some(secret) => Some(secret),
            None if read.is_clean() => keep(&data_dir).map_err(|wrong| read.problem("PORTARIA_SECRET", wrong)).ok(),
            None => None,
        };

        let (Some(secret), Some(public_url), Some(site_addr), true) = (secret, public_url, site_addr, read.is_clean()) else {
            return Err(read.into_error());
        };
        let mut config = Self {
            environment,
            site_addr,
            public_url,
            database_url,
            data_dir,
            secret: Secret::new(secret),
            trusted_proxies,
            allowed_prefixes,
            log,
            smtp,
            twilio,
            whatsapp,
            lifetimes,
            limits,
            warnings: Vec::new(),
        };
        config.warnings = config.doubts();
        Ok((config, given.is_some()))
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
            Some(url) if danger::database_in_clear(url.expose()) => {
                doubts.push("DATABASE_URL leads over a network without sslmode: add ?sslmode=verify-full (or require)".to_owned());
            }
            Some(_) => {}
        }
        if self.allowed_prefixes.is_empty() {
            doubts.push("PORTARIA_ALLOWED_PREFIXES is empty: no phone is sent to".to_owned());
        }
        doubts
    }
}

/// What `portaria config` prints: every setting, its value in force and where it comes from. Makes and keeps nothing.
///
/// # Errors
/// Everything that is wrong, together.
pub fn show(file: Option<&Path>) -> Result<String, ConfigError> {
    let values = read(file)?;
    let (config, secret_given) = Config::interpret(&values, |_| Ok(entropy::bytes()))?;
    let derived = [
        ("PUBLIC_URL", config.public_url.as_str().trim_end_matches('/').to_owned()),
        ("PORTARIA_DATA_DIR", config.data_dir.display().to_string()),
        ("MAIL_FROM", config.smtp.as_ref().map(|smtp| smtp.from.to_string()).unwrap_or_default()),
    ];
    let mut lines = vec![values.table(&derived)];
    if !secret_given {
        lines.push(format!("PORTARIA_SECRET: the start makes one and keeps it in {}\n", secret::file(&config.data_dir).display()));
    }
    lines.extend(config.warnings.iter().map(|warning| format!("Warning: {warning}\n")));
    Ok(lines.join("\n"))
}

/// The outside world: the file and the environment, as text.
fn read(file: Option<&Path>) -> Result<Values, ConfigError> {
    let path = file.unwrap_or(Path::new(FILE));
    let text = match std::fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound && file.is_none() => String::new(),
        Err(error) => return Err(ConfigError::unreadable(path, &error)),
    };
    // Lossy, because a foreign variable that is not UTF-8 is no business of ours; in one of ours it is found as a bad value.
    let environment = std::env::vars_os().map(|(name, value)| (name.to_string_lossy().into_owned(), value.to_string_lossy().into_owned()));
    Ok(Values::collect(&text, environment))
}

fn public_url(read: &mut Reader<'_>, environment: Environment, site_addr: Option<SocketAddr>) -> Option<Url> {
    let Some(url) = read.value("PUBLIC_URL", parse::public_url) else {
        if environment.is_production() && !read.has("PUBLIC_URL") {
            read.problem("PUBLIC_URL", "is required in production".into());
        }
        return parse::public_url_of(site_addr?);
    };
    Some(url)
}

fn smtp(read: &mut Reader<'_>, public_url: Option<&Url>) -> Option<Smtp> {
    let url = read.value("SMTP_URL", parse::smtp_url).map(Secret::new);
    let from = if read.has("MAIL_FROM") { read.value("MAIL_FROM", parse::mailbox) } else { public_url.and_then(parse::mailbox_of) };
    if url.is_some() && from.is_none() && !read.has("MAIL_FROM") && public_url.is_some() {
        read.problem("MAIL_FROM", "is missing: SMTP_URL is set and the host of PUBLIC_URL makes no sender".into());
    }
    Some(Smtp { url: url?, from: from? })
}

fn twilio(read: &mut Reader<'_>) -> Option<Twilio> {
    read.together(&["TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN", "TWILIO_FROM"]);
    let account_sid = read.value("TWILIO_ACCOUNT_SID", parse::path_segment);
    let auth_token = read.value("TWILIO_AUTH_TOKEN", parse::word).map(Secret::new);
    let from = read.value("TWILIO_FROM", parse::line);
    let base_url = read.value("TWILIO_BASE_URL", parse::base_url);
    Some(Twilio { account_sid: account_sid?, auth_token: auth_token?, from: from?, base_url: base_url? })
}

fn whatsapp(read: &mut Reader<'_>) -> Option<WhatsApp> {
    read.together(&["WHATSAPP_TOKEN", "WHATSAPP_PHONE_NUMBER_ID", "WHATSAPP_TEMPLATE"]);
    let token = read.value("WHATSAPP_TOKEN", parse::word).map(Secret::new);
    let phone_number_id = read.value("WHATSAPP_PHONE_NUMBER_ID", parse::path_segment);
    let template = read.value("WHATSAPP_TEMPLATE", parse::word);
    let base_url = read.value("WHATSAPP_BASE_URL", parse::base_url);
    Some(WhatsApp { token: token?, phone_number_id: phone_number_id?, template: template?, base_url: base_url? })
}

fn lifetimes(read: &mut Reader<'_>) -> Lifetimes {
    let mut lifetime = |name| read.value(name, parse::duration).unwrap_or_default();
    Lifetimes {
        code_phone: lifetime("CODE_LIFETIME_PHONE"),
        code_carona: lifetime("CODE_LIFETIME_CARONA"),
        code_recovery: lifetime("CODE_LIFETIME_RECOVERY"),
        link_email: lifetime("LINK_LIFETIME_EMAIL"),
        link_reset: lifetime("LINK_LIFETIME_RESET"),
        access_token: lifetime("ACCESS_TOKEN_LIFETIME"),
        access_token_carona: lifetime("ACCESS_TOKEN_LIFETIME_CARONA"),
        fresh_authentication: lifetime("FRESH_AUTHENTICATION"),
    }
}

fn limits(read: &mut Reader<'_>) -> Limits {
    Limits {
        resend_wait: read.value("RESEND_WAIT", parse::duration).unwrap_or_default(),
        lockout_failures: read.value("LOCKOUT_FAILURES", parse::count).unwrap_or_default(),
        lockout_window: read.value("LOCKOUT_WINDOW", parse::duration).unwrap_or_default(),
        lockout_duration: read.value("LOCKOUT_DURATION", parse::duration).unwrap_or_default(),
        code_attempts: read.value("CODE_ATTEMPTS", parse::count).unwrap_or_default(),
    }
}
