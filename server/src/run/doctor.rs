//! `portaria doctor`: looks at all that a node stands on, writes nothing, sends nothing, and says what to do (SPEC §14, §17).
//!
//! ```text
//!   database ─► schema, clock, keys      not seen when the database does not answer
//!   carriers: e-mail, SMS, WhatsApp      one harmless question each, with our credentials
//!   address ─► /readyz, and by its keys whether it is this installation
//!   told ─► what `[brand]` tells people
//! ```

mod address;
mod carriers;
mod database;
mod told;

use crate::config::{Config, Environment};
use crate::db::private;
use crate::delivery::CarrierTimeouts;
use private_postgres::PrivatePostgres;
use serde::Serialize;
use text::Texts;
use text::doctor::DoctorTexts;

/// How something is. What is worse is greater.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Health {
    /// Nothing to do.
    Well,
    /// It works, but should be looked at.
    Warning,
    /// Not seen, because something that it stands on is broken.
    Unchecked,
    /// It does not work.
    Broken,
}

impl Health {
    /// The exit code of the program (SPEC §17).
    pub const fn exit_code(self) -> u8 {
        match self {
            Self::Well => 0,
            Self::Warning => 1,
            Self::Unchecked | Self::Broken => 2,
        }
    }
}

/// What is looked at, in the order in which it is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Part {
    /// `DATABASE_URL`.
    Database,
    /// The migrations.
    Schema,
    /// Ours beside the database's.
    Clock,
    /// `PORTARIA_SECRET`.
    Keys,
    /// The mail carrier.
    Email,
    /// The SMS carrier.
    Sms,
    /// The `WhatsApp` carrier.
    WhatsApp,
    /// `PUBLIC_URL`.
    Address,
    /// Who answers for the data of people, and where they find help.
    Told,
}

impl Part {
    /// Its name for people.
    pub const fn name(self, texts: &DoctorTexts) -> &'static str {
        match self {
            Self::Database => texts.database,
            Self::Schema => texts.schema,
            Self::Clock => texts.clock,
            Self::Keys => texts.keys,
            Self::Email => texts.email,
            Self::Sms => texts.sms,
            Self::WhatsApp => texts.whatsapp,
            Self::Address => texts.address,
            Self::Told => texts.told,
        }
    }
}

/// What was found of one part.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Check {
    /// What was looked at.
    pub part: Part,
    /// How it is.
    pub health: Health,
    /// What was found; empty if it was not seen.
    pub found: String,
    /// What to do; `None`: nothing.
    pub advice: Option<String>,
}

impl Check {
    fn well(part: Part, found: impl Into<String>) -> Self {
        Self { part, health: Health::Well, found: found.into(), advice: None }
    }

    fn warning(part: Part, found: impl Into<String>, advice: impl Into<String>) -> Self {
        Self { part, health: Health::Warning, found: found.into(), advice: Some(advice.into()) }
    }

    fn broken(part: Part, found: impl Into<String>, advice: impl Into<String>) -> Self {
        Self { part, health: Health::Broken, found: found.into(), advice: Some(advice.into()) }
    }

    const fn unchecked(part: Part) -> Self {
        Self { part, health: Health::Unchecked, found: String::new(), advice: None }
    }
}

/// Everything that was found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Report {
    /// That of the worst part.
    pub health: Health,
    /// In the order of [`Part`].
    pub checks: Vec<Check>,
}

/// `portaria doctor`.
pub async fn examine(config: &Config, timeouts: CarrierTimeouts, texts: &Texts) -> Report {
    let says = &texts.doctor;
    // Held until all was looked at.
    let (url, own) = match reach(config).await {
        Ok((url, own)) => (Ok(url), own),
        Err(error) => (Err(error), None),
    };
    let (of_database, of_carriers) = tokio::join!(database::examine(config, url, says), carriers::examine(config, timeouts, says));
    let database::Examined { mut checks, key_ids } = of_database;
    checks.extend(of_carriers);
    checks.push(address::examine(config, &key_ids, timeouts, says).await);
    checks.push(told::examine(config, says));
    if let Some(own) = own
        && let Err(error) = own.stop().await
    {
        tracing::warn!("{error}");
    }
    let health = checks.iter().map(|check| check.health).max().unwrap_or(Health::Well);
    Report { health, checks }
}

/// The database of the settings, or the private one, started if it does not run.
async fn reach(config: &Config) -> Result<(String, Option<PrivatePostgres>), String> {
    match &config.database_url {
        Some(url) => Ok((url.expose().clone(), None)),
        None => {
            let own = private::start(&config.data_dir, config.environment).await.map_err(|error| error.to_string())?;
            Ok((own.url().to_owned(), Some(own)))
        }
    }
}

/// Broken where people sign up, else a warning.
fn in_production(config: &Config, part: Part, found: impl Into<String>, advice: impl Into<String>) -> Check {
    match config.environment {
        Environment::Production => Check::broken(part, found, advice),
        Environment::Development => Check::warning(part, found, advice),
    }
}
