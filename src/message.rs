//! What is told to people outside the pages: by e-mail, SMS or WhatsApp (SPEC §7).

use crate::error::FieldError;
use crate::value::leads_away;
use serde::{Deserialize, Serialize};
use time::{Duration, OffsetDateTime};

/// Which way a message goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Channel {
    /// E-mail, by SMTP.
    Email,
    /// SMS, by the Twilio Messages API.
    Sms,
    /// WhatsApp, by the Meta Cloud API.
    WhatsApp,
}

impl Channel {
    /// The name in contracts and rows.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Email => "email",
            Self::Sms => "sms",
            Self::WhatsApp => "whatsapp",
        }
    }

    /// Reads the contracts' name.
    pub fn parse(typed: &str) -> Result<Self, FieldError> {
        match typed.trim() {
            "email" => Ok(Self::Email),
            "sms" => Ok(Self::Sms),
            "whatsapp" => Ok(Self::WhatsApp),
            _ => Err(FieldError::ChannelUnavailable),
        }
    }
}

/// What a code or a link is for. One never serves another purpose (ASVS 6.6.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Purpose {
    /// The phone of a sign-up, by code (000).
    SignupPhone,
    /// The e-mail of a sign-up, by code (004).
    SignupEmail,
    /// An e-mail address, by link (001, 003; a client's optional address).
    EmailLink,
    /// Signing in with a proved phone, by code.
    LoginPhone,
    /// Recovery by CPF or CNPJ, by code (002).
    Recovery,
    /// A new password, by link (003).
    ResetLink,
    /// A changed phone of an account, by code.
    PhoneChange,
    /// "Não fui eu", by the link in the notice of something that only the owner may do.
    NotMe,
    /// A changed e-mail of an account, by code.
    EmailChange,
    /// The owner shows again who they are, by code to a contact in force.
    Reauthentication,
    /// The contact of who contests a document, by code.
    Contest,
    /// "Este documento é meu", by the link to the proved contacts of who holds a contested document.
    DocumentMine,
}

impl Purpose {
    /// Every purpose.
    pub const ALL: [Self; 12] = [
        Self::SignupPhone,
        Self::SignupEmail,
        Self::EmailLink,
        Self::LoginPhone,
        Self::Recovery,
        Self::ResetLink,
        Self::PhoneChange,
        Self::NotMe,
        Self::EmailChange,
        Self::Reauthentication,
        Self::Contest,
        Self::DocumentMine,
    ];

    /// The name in rows.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::SignupPhone => "signup_phone",
            Self::SignupEmail => "signup_email",
            Self::EmailLink => "email_link",
            Self::LoginPhone => "login_phone",
            Self::Recovery => "recovery",
            Self::ResetLink => "reset_link",
            Self::PhoneChange => "phone_change",
            Self::NotMe => "not_me",
            Self::EmailChange => "email_change",
            Self::Reauthentication => "reauthentication",
            Self::Contest => "contest",
            Self::DocumentMine => "document_mine",
        }
    }

    /// Reads the name in rows.
    pub fn parse(stored: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|purpose| purpose.as_str() == stored)
    }

    /// Whether a right but lapsed code is told from a wrong one: only 004 does (`VERIFICATION_002`; SPEC §4).
    pub const fn tells_lapsed(self) -> bool {
        matches!(self, Self::SignupEmail)
    }

    /// Whether it proves the contact of a sign-up, which a browser may hold.
    pub const fn is_of_signup(self) -> bool {
        matches!(self, Self::SignupPhone | Self::SignupEmail | Self::EmailLink)
    }

    /// How many digits its code has; `None`: it is a link.
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

    /// Whether it goes to contacts that were proved before; what goes to others says nobody's name, because anybody may have
    /// typed both (SPEC §16).
    pub const fn goes_to_proved(self) -> bool {
        match self {
            Self::LoginPhone | Self::Recovery | Self::ResetLink | Self::NotMe | Self::DocumentMine | Self::Reauthentication => true,
            Self::SignupPhone | Self::SignupEmail | Self::EmailLink | Self::PhoneChange | Self::EmailChange | Self::Contest => false,
        }
    }
}

/// When and from what a code or link was asked for: whoever did not ask sees whether somebody else did (SPEC §16).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Asked {
    /// When.
    pub at: OffsetDateTime,
    /// The device, in our own words; `None`: it is none that we have words for.
    pub device: Option<String>,
}

/// What a message says. The code or link itself is not in it: it lives, sealed, in its verification alone, and is put
/// in at hand-over, so that there is one copy to wipe.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "template")]
pub enum Content {
    /// A code or a link.
    Proof {
        /// What it is for.
        purpose: Purpose,
        /// Whom to greet.
        name: Option<String>,
        /// Who asked for it, as far as that can be told; `None`: it goes by itself.
        #[serde(default)]
        asked: Option<Asked>,
    },
    /// Somebody tried to register with an address or phone that has an account (EX01).
    AlreadyRegistered {
        /// Whom to greet; never the name that the other person typed.
        name: String,
    },
    /// Signed in from a device not seen before.
    NewDevice {
        /// Whom to greet.
        name: String,
        /// The device, as far as its User-Agent tells.
        device: String,
        /// The address it came from.
        address: String,
        /// When.
        at: OffsetDateTime,
    },
    /// Signing in is locked after too many failures (RN06).
    Locked {
        /// Whom to greet.
        name: String,
        /// How long it stays so.
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
    /// The password was changed or reset; its link ([`Purpose::NotMe`]) is for whom it was not.
    PasswordChanged {
        /// Whom to greet.
        name: String,
        /// When.
        at: OffsetDateTime,
    },
    /// A contested document is in no account any more; to the contact of who contested it.
    DocumentFree,
}

impl Content {
    /// The name to greet with, where one may be said at all: to a contact that was proved, and none that leads away (SPEC §16).
    pub fn greeted(&self) -> Option<&str> {
        let name = match self {
            Self::Proof { purpose, .. } if !purpose.goes_to_proved() => None,
            Self::Proof { name, .. } => name.as_deref(),
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

    /// Whether it tells of what only the owner may do: then it holds a "não fui eu" ([`Purpose::NotMe`]).
    pub const fn is_disputable(&self) -> bool {
        match self {
            Self::PhoneChanged { .. } | Self::EmailChanged { .. } | Self::DocumentAdded { .. } | Self::PasswordChanged { .. } => true,
            Self::Proof { .. } | Self::AlreadyRegistered { .. } | Self::NewDevice { .. } | Self::Locked { .. } | Self::DocumentFree => {
                false
            }
        }
    }
}

/// A code that could not be handed over this long after it was asked for is dropped (SPEC §11).
pub const CODE_HAND_OVER_LIMIT: Duration = Duration::minutes(10);
