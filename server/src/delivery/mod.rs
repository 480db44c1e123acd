//! Delivery of messages (SPEC §7): one carrier per channel, and the worker that retries.
//!
//! A carrier's answer is stored as a code of ours, never as its text, which may quote the recipient. What an operator has to fix is
//! logged as an error. A wrong password or token is also tried again until the message's deadline; a missing template is not.

pub mod dev_brand;
pub mod dev_outbox;
pub mod ladder;
pub mod lanes;
pub mod logouts;
pub mod public;
pub mod templates;
mod trial;
pub mod webhooks;
pub mod worker;

mod resolver;
mod sms;
mod smtp;
pub mod web;
mod whatsapp;

#[cfg(test)]
mod stub;

use crate::config::{Secret, Smtp, Twilio, WhatsApp};
use portaria::message::Channel;
use std::fmt;
use std::time::Duration;
use templates::Rendered;
use time::OffsetDateTime;
use url::Url;
use uuid::Uuid;

/// How long a carrier may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CarrierTimeouts {
    /// For connecting.
    pub connect: Duration,
    /// For the whole hand-over.
    pub overall: Duration,
}

impl CarrierTimeouts {
    /// The timeouts of every carrier outside tests.
    pub const USUAL: Self = Self { connect: Duration::from_secs(5), overall: Duration::from_secs(10) };
}

impl Default for CarrierTimeouts {
    fn default() -> Self {
        Self::USUAL
    }
}

/// Settings of the carriers; `None` where a channel has none.
#[derive(Debug, Clone, Default)]
pub struct CarrierSettings {
    pub smtp: Option<Smtp>,
    /// For SMS.
    pub twilio: Option<Twilio>,
    pub whatsapp: Option<WhatsApp>,
    /// Where Twilio is to report what becomes of messages; none: it is not asked to.
    pub twilio_reports: Option<Url>,
    /// Whether messages of a channel without a carrier are captured for `/dev/outbox`. Only development does so.
    pub capture: bool,
    pub timeouts: CarrierTimeouts,
}

/// What carriers sign with; `None`: not set up.
#[derive(Debug, Clone, Default)]
pub struct HookSecrets {
    /// `TWILIO_AUTH_TOKEN`.
    pub twilio: Option<Secret<String>>,
    /// `WHATSAPP_VERIFY_TOKEN`.
    pub whatsapp_verify: Option<Secret<String>>,
    /// `WHATSAPP_APP_SECRET`.
    pub whatsapp_app: Option<Secret<String>>,
}

/// Why a carrier cannot be set up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CarrierError {
    /// `SMTP_URL`. What is wrong with it is not repeated: it holds a password.
    #[error("SMTP_URL is not understood")]
    SmtpUrl,
    /// The HTTPS client, mostly for want of the system's root certificates.
    #[error("no HTTPS client can be made: are the system's root certificates installed?")]
    Https,
}

/// A message for a carrier.
pub struct Outgoing<'a> {
    /// The same at every try, so that a mail program recognises duplicates.
    pub id: Uuid,
    /// An e-mail address, or a phone in E.164.
    pub recipient: &'a str,
    pub rendered: &'a Rendered,
    /// The remaining lifetime of its code or link, else of the message.
    pub valid_for: time::Duration,
    pub now: OffsetDateTime,
}

impl fmt::Debug for Outgoing<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Outgoing").field("id", &self.id).finish_non_exhaustive()
    }
}

/// The carrier accepted the message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Accepted {
    /// The carrier's id of the message.
    pub provider_id: Option<String>,
    /// Whom the carrier says that it goes to; it may say nothing (WhatsApp).
    pub wa_id: Option<String>,
}

/// The carrier did not accept the message.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Failure {
    /// Worth another try, until the message's deadline.
    #[error("to be tried again: {code}")]
    Retry {
        /// Why, as a code of ours.
        code: String,
    },
    /// Trying again would not help.
    #[error("refused: {code}")]
    Refused {
        /// Why, as a code of ours.
        code: String,
    },
}

impl Failure {
    fn retry(code: impl Into<String>) -> Self {
        Self::Retry { code: code.into() }
    }

    fn refused(code: impl Into<String>) -> Self {
        Self::Refused { code: code.into() }
    }

    /// Why, as a code of ours.
    pub fn code(&self) -> &str {
        match self {
            Self::Retry { code } | Self::Refused { code } => code,
        }
    }

    /// Logs an error: an operator has to fix something.
    fn loud(self) -> Self {
        tracing::error!(code = self.code(), "a carrier does not take our messages: check its settings");
        self
    }
}

/// The carrier of one channel.
#[derive(Debug)]
pub(crate) enum Carrier {
    Smtp(smtp::Smtp),
    Twilio(sms::Sms),
    Meta(whatsapp::WhatsApp),
    /// No carrier: development captures the message for `/dev/outbox`.
    Capture,
}

/// The carrier of each channel.
#[derive(Debug)]
pub struct Carriers {
    email: Option<Carrier>,
    sms: Option<Carrier>,
    whatsapp: Option<Carrier>,
}

impl Carriers {
    /// Sets the carriers up, without connecting to any.
    ///
    /// # Errors
    /// When settings cannot be used.
    pub fn new(settings: CarrierSettings) -> Result<Self, CarrierError> {
        let CarrierSettings { smtp, twilio, whatsapp, twilio_reports, capture, timeouts } = settings;
        let otherwise = || capture.then_some(Carrier::Capture);
        let email = smtp.map(|settings| smtp::Smtp::new(settings, timeouts).map(Carrier::Smtp)).transpose()?;
        let sms = twilio.map(|settings| sms::Sms::new(settings, twilio_reports, timeouts).map(Carrier::Twilio)).transpose()?;
        let whatsapp = whatsapp.map(|settings| whatsapp::WhatsApp::new(settings, timeouts).map(Carrier::Meta)).transpose()?;
        Ok(Self { email: email.or_else(otherwise), sms: sms.or_else(otherwise), whatsapp: whatsapp.or_else(otherwise) })
    }

    /// Returns whether a channel has a carrier.
    pub fn offers(&self, channel: Channel) -> bool {
        self.carrier(channel).is_some()
    }

    /// The channels that have a carrier.
    pub fn channels(&self) -> Vec<Channel> {
        [Channel::Email, Channel::Sms, Channel::WhatsApp].into_iter().filter(|channel| self.offers(*channel)).collect()
    }

    pub(crate) const fn carrier(&self, channel: Channel) -> Option<&Carrier> {
        match channel {
            Channel::Email => self.email.as_ref(),
            Channel::Sms => self.sms.as_ref(),
            Channel::WhatsApp => self.whatsapp.as_ref(),
        }
    }
}

/// The code of a database error, for the log. Its text may quote a row.
pub(crate) fn fault(error: &sqlx::Error) -> String {
    match error {
        sqlx::Error::Database(database) => database.code().map_or_else(|| "database".to_owned(), std::borrow::Cow::into_owned),
        sqlx::Error::PoolTimedOut => "pool-timed-out".to_owned(),
        sqlx::Error::PoolClosed => "pool-closed".to_owned(),
        sqlx::Error::Io(_) => "io".to_owned(),
        _ => "database".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn development_captures_what_has_no_carrier_and_production_does_not_offer_it() {
        let development = Carriers::new(CarrierSettings { capture: true, ..CarrierSettings::default() }).expect("nothing to go wrong");
        let production = Carriers::new(CarrierSettings::default()).expect("nothing to go wrong");
        for channel in [Channel::Email, Channel::Sms, Channel::WhatsApp] {
            assert!(development.offers(channel));
            assert!(!production.offers(channel));
        }
    }
}
