//! Messages to people by e-mail, SMS or WhatsApp (SPEC §7).

use crate::error::FieldError;
use crate::value::leads_away;
use serde::{Deserialize, Serialize};
use strum::{EnumString, IntoStaticStr, VariantArray};
use time::{Duration, OffsetDateTime};

/// How a message is delivered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, EnumString, IntoStaticStr)]
#[serde(rename_all = "lowercase")]
#[strum(serialize_all = "lowercase")]
pub enum Channel {
    /// E-mail, by SMTP.
    Email,
    /// SMS, by the Twilio Messages API.
    Sms,
    /// WhatsApp, by the Meta Cloud API.
    WhatsApp,
}

impl Channel {
    /// Returns the name in contracts and database rows.
    pub fn as_str(self) -> &'static str {
        self.into()
    }

    /// Parses the name in contracts.
    pub fn parse(typed: &str) -> Result<Self, FieldError> {
        typed.trim().parse().map_err(|_| FieldError::ChannelUnavailable)
    }
}

/// What a code or link is for. It is never accepted for another purpose (ASVS 6.6.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, EnumString, IntoStaticStr, VariantArray)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Purpose {
    /// Proves the phone of a sign-up, by code (000).
    SignupPhone,
    /// Proves the e-mail of a sign-up, by code (004).
    SignupEmail,
    /// Proves an e-mail address, by link (001, 003; a client's optional address).
    EmailLink,
    /// Signing in with a proved phone, by code.
    LoginPhone,
    /// Recovery by CPF or CNPJ, by code (002).
    Recovery,
    /// A new password, by link (003).
    ResetLink,
    /// Proves the new phone of an account, by code.
    PhoneChange,
    /// "Não fui eu", by the link in the notice of an owner-only change.
    NotMe,
    /// Proves the new e-mail of an account, by code.
    EmailChange,
    /// Re-authentication of the owner, by code to a contact in force.
    Reauthentication,
    /// Proves the contact of a person who contests a document, by code.
    Contest,
    /// "Este documento é meu", by a link to the proved contacts of the holder of a contested document.
    DocumentMine,
}

impl Purpose {
    /// Every purpose.
    pub const ALL: &[Self] = Self::VARIANTS;

    /// Returns the name in database rows.
    pub fn as_str(self) -> &'static str {
        self.into()
    }

    /// Parses the name in database rows; `None`: no such purpose.
    pub fn parse(stored: &str) -> Option<Self> {
        stored.parse().ok()
    }

    /// Returns whether an expired code is distinguished from a wrong one. Only 004 does this (`VERIFICATION_002`; SPEC §4).
    pub const fn reports_expiry(self) -> bool {
        matches!(self, Self::SignupEmail)
    }

    /// Returns whether it proves the contact of a sign-up. Browsers can hold a sign-up.
    pub const fn is_of_signup(self) -> bool {
        matches!(self, Self::SignupPhone | Self::SignupEmail | Self::EmailLink)
    }

    /// Returns the number of digits of the code; `None`: it is a link.
    pub const fn digits(self) -> Option<u8> {
        match self {
            Self::SignupPhone
            | Self::LoginPhone
            | Self::Recovery
            | Self::PhoneChange
            | Self::EmailChange
            | Self::Reauthentication
            | Self::Contest => Some(6),
            Self::SignupEmail => Some(8),
            Self::EmailLink | Self::ResetLink | Self::NotMe | Self::DocumentMine => None,
        }
    }

    /// Returns whether it goes only to contacts that are already proved. A message to an unproved contact contains no name, because
    /// a stranger may have typed both (SPEC §16).
    pub const fn goes_to_proved(self) -> bool {
        match self {
            Self::LoginPhone | Self::Recovery | Self::ResetLink | Self::NotMe | Self::DocumentMine | Self::Reauthentication => true,
            Self::SignupPhone | Self::SignupEmail | Self::EmailLink | Self::PhoneChange | Self::EmailChange | Self::Contest => false,
        }
    }
}

/// When and from which device a code or link was requested. It helps the recipient to recognise a stranger's request (SPEC §16).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Asked {
    /// When the request came.
    pub at: OffsetDateTime,
    /// The device name from our own fixed list; `None`: not in the list.
    pub device: Option<String>,
}

/// The content of a message without its code or link. The only copy of that is sealed in its verification and inserted when the
/// message is handed to its carrier, so that there is one copy to wipe.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "template")]
pub enum Content {
    /// A code or a link.
    #[serde(rename = "proof")]
    Secret {
        /// What it is for.
        purpose: Purpose,
        /// Whom to greet.
        name: Option<String>,
        /// The request for it, as far as known; `None`: the system sent it unrequested.
        #[serde(default)]
        asked: Option<Asked>,
    },
    /// Somebody tried to register with an address or phone of an existing account (EX01).
    AlreadyRegistered {
        /// Whom to greet; never the name that the other person typed.
        name: String,
    },
    /// The account was signed in to from an unknown device.
    NewDevice {
        /// Whom to greet.
        name: String,
        /// The device name, derived from the User-Agent.
        device: String,
        /// The IP address of the sign-in.
        address: String,
        /// When.
        at: OffsetDateTime,
    },
    /// Signing in is locked after too many failures (RN06).
    Locked {
        /// Whom to greet.
        name: String,
        /// How long the lock lasts.
        minutes: u32,
    },
    /// The phone was changed.
    PhoneChanged {
        /// Whom to greet.
        name: String,
        /// When.
        at: OffsetDateTime,
    },
    /// The e-mail was changed, or the first one was confirmed.
    EmailChanged {
        /// Whom to greet.
        name: String,
        /// When.
        at: OffsetDateTime,
    },
    /// A CPF or CNPJ was added.
    DocumentAdded {
        /// Whom to greet.
        name: String,
        /// When.
        at: OffsetDateTime,
    },
    /// The password was changed or reset. The link ([`Purpose::NotMe`]) undoes it if the owner did not do it.
    PasswordChanged {
        /// Whom to greet.
        name: String,
        /// When.
        at: OffsetDateTime,
    },
    /// A contested document is free: no account holds it any more. Goes to the contester's contact.
    DocumentFree,
}

impl Content {
    /// Returns the name for the greeting. `None`: the contact is not proved, or the name reads like an address, link or phone number
    /// (SPEC §16).
    pub fn greeted(&self) -> Option<&str> {
        let name = match self {
            Self::Secret { purpose, .. } if !purpose.goes_to_proved() => None,
            Self::Secret { name, .. } => name.as_deref(),
            Self::AlreadyRegistered { name }
            | Self::NewDevice { name, .. }
            | Self::Locked { name, .. }
            | Self::PhoneChanged { name, .. }
            | Self::EmailChanged { name, .. }
            | Self::DocumentAdded { name, .. }
            | Self::PasswordChanged { name, .. } => Some(name.as_str()),
            Self::DocumentFree => None,
        };
        name.map(str::trim).filter(|name| !name.is_empty() && !leads_away(name))
    }

    /// Returns whether it reports an owner-only change. Such a notice contains a "não fui eu" link ([`Purpose::NotMe`]).
    pub const fn is_disputable(&self) -> bool {
        match self {
            Self::PhoneChanged { .. } | Self::EmailChanged { .. } | Self::DocumentAdded { .. } | Self::PasswordChanged { .. } => true,
            Self::Secret { .. } | Self::AlreadyRegistered { .. } | Self::NewDevice { .. } | Self::Locked { .. } | Self::DocumentFree => {
                false
            }
        }
    }
}

/// A code that was not handed to its carrier within this time of its request is dropped (SPEC §11).
pub const CODE_HAND_OVER_LIMIT: Duration = Duration::minutes(10);
