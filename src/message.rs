//! Messages to people by e-mail, SMS or WhatsApp (SPEC §7, §12).
//!
//! ```text
//!             its carrier took it                    read counts as it
//!   queued ──────────────────────► handed ──report──► delivered
//!     │                              │
//!     │ refused, or too late         └─────report──► failed
//!     └─────────────────────────────────────────────► failed
//! ```
//!
//! `delivered` and `failed` are final: the first of them stands, and no report moves a message backwards. What a carrier says of the way
//! between (queued, sent) is passed over. A report that comes before our own record of the hand-over waits for it.

use crate::error::FieldError;
use crate::journey::Kind;
use crate::purpose::{NoticeLinkFor, Purpose};
use crate::value::leads_away;
use serde::{Deserialize, Serialize};
use strum::{EnumCount, EnumString, IntoStaticStr, VariantArray};
use time::{Duration, OffsetDateTime};

/// How a message is delivered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, EnumString, IntoStaticStr, VariantArray)]
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
    /// Every channel.
    pub const ALL: &[Self] = Self::VARIANTS;

    /// Returns the name in contracts and database rows.
    pub fn as_str(self) -> &'static str {
        self.into()
    }

    /// Parses the name in contracts.
    pub fn parse(typed: &str) -> Result<Self, FieldError> {
        typed.trim().parse().map_err(|_| FieldError::ChannelUnavailable)
    }
}

/// What a carrier reports of a message that it took, once and for all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, EnumString, IntoStaticStr)]
#[strum(serialize_all = "lowercase")]
pub enum Report {
    /// It arrived, or was read.
    Delivered,
    /// It will not arrive.
    Failed,
}

impl Report {
    /// Returns the name in database rows.
    pub fn as_str(self) -> &'static str {
        self.into()
    }

    /// Parses the name in database rows; `None`: no such report.
    pub fn parse(stored: &str) -> Option<Self> {
        stored.parse().ok()
    }

    /// Parses Twilio's `MessageStatus`; `None`: the message is still on its way.
    pub fn of_twilio(status: &str) -> Option<Self> {
        match status {
            "delivered" | "read" => Some(Self::Delivered),
            "undelivered" | "failed" | "canceled" => Some(Self::Failed),
            _ => None,
        }
    }

    /// Parses the `status` of Meta's Cloud API; `None`: the message is still on its way.
    pub fn of_meta(status: &str) -> Option<Self> {
        match status {
            "delivered" | "read" => Some(Self::Delivered),
            "failed" => Some(Self::Failed),
            _ => None,
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
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, EnumCount)]
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
        /// Whether the account that it is for can be signed in to already, so that it activates nothing.
        #[serde(default)]
        in_use: bool,
    },
    /// Somebody tried to register with an address or phone of an existing account (EX01).
    AlreadyRegistered {
        /// Whom to greet; never the name that the other person typed.
        name: String,
    },
    /// The account was signed in to from an unknown device. The link
    /// ([`NoticeLinkFor::NotMyAccess`]) ends every session if it was not the owner.
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
    /// The password was changed or reset. The link ([`NoticeLinkFor::NotMe`]) undoes it if the owner did not do it.
    PasswordChanged {
        /// Whom to greet.
        name: String,
        /// When.
        at: OffsetDateTime,
    },
    /// The owner blocked the account. The link ([`NoticeLinkFor::NotMe`]) unblocks it, by a new password.
    AccountBlocked {
        /// Whom to greet.
        name: String,
        /// When.
        at: OffsetDateTime,
    },
    /// The owner asked for the deletion of the account. The link
    /// ([`NoticeLinkFor::UndoDeletion`]) undoes it.
    DeletionAsked {
        /// Whom to greet.
        name: String,
        /// When the account is erased.
        at: OffsetDateTime,
    },
    /// A contested document is free: no account holds it any more. Goes to the contester's contact.
    DocumentFree,
    /// A sign-up was left ([`crate::reminder`]). Its address is not proved.
    SignupLeft {
        /// When it was begun.
        at: OffsetDateTime,
        /// The kind of the future account.
        kind: Kind,
        /// The sign-up whose page goes on, where no link proves the address.
        page_of: Option<String>,
    },
}

impl Content {
    /// Returns the name for the greeting. `None`: the contact is not proved, or the name reads like an address, link or phone number
    /// (SPEC §16).
    pub fn greeted(&self) -> Option<&str> {
        let name = match self {
            Self::Secret { purpose, .. } if !purpose.facts().to_proved => None,
            Self::Secret { name, .. } => name.as_deref(),
            Self::AlreadyRegistered { name }
            | Self::NewDevice { name, .. }
            | Self::Locked { name, .. }
            | Self::PhoneChanged { name, .. }
            | Self::EmailChanged { name, .. }
            | Self::DocumentAdded { name, .. }
            | Self::AccountBlocked { name, .. }
            | Self::DeletionAsked { name, .. }
            | Self::PasswordChanged { name, .. } => Some(name.as_str()),
            Self::DocumentFree | Self::SignupLeft { .. } => None,
        };
        name.map(str::trim).filter(|name| !name.is_empty() && !leads_away(name))
    }

    /// Returns what it is about, by a name that its recipient may be told later: of a code or link that of its purpose.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Secret { purpose, .. } => purpose.facts().name,
            Self::AlreadyRegistered { .. } => "already_registered",
            Self::NewDevice { .. } => "new_device",
            Self::Locked { .. } => "locked",
            Self::PhoneChanged { .. } => "phone_changed",
            Self::EmailChanged { .. } => "email_changed",
            Self::DocumentAdded { .. } => "document_added",
            Self::PasswordChanged { .. } => "password_changed",
            Self::AccountBlocked { .. } => "account_blocked",
            Self::DeletionAsked { .. } => "deletion_asked",
            Self::DocumentFree => "document_free",
            Self::SignupLeft { .. } => "signup_left",
        }
    }

    /// Returns what limits it as a notice to an account. `None`: it is none.
    pub const fn notice(&self) -> Option<Notice> {
        let (tally, cause) = match self {
            // That of a deletion always leaves (`server/src/services/deletion.rs`).
            Self::Secret { .. } | Self::DeletionAsked { .. } | Self::DocumentFree | Self::SignupLeft { .. } => return None,
            Self::AlreadyRegistered { .. } => ("notice/already_registered", Cause::Anybody),
            Self::NewDevice { .. } => ("notice/new_device", Cause::SignIn),
            Self::Locked { .. } => ("notice/locked", Cause::Anybody),
            Self::PhoneChanged { .. } => ("notice/phone_changed", Cause::Owner),
            Self::EmailChanged { .. } => ("notice/email_changed", Cause::Owner),
            Self::DocumentAdded { .. } => ("notice/document_added", Cause::Owner),
            Self::PasswordChanged { .. } => ("notice/password_changed", Cause::Owner),
            Self::AccountBlocked { .. } => ("notice/account_blocked", Cause::Owner),
        };
        Some(Notice { tally, cause })
    }
}

/// What limits a notice to an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Notice {
    /// The name under which the sent ones are counted.
    pub tally: &'static str,
    /// Who can cause it.
    pub cause: Cause,
}

/// Who can cause a notice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cause {
    /// Any stranger, such as one who tries passwords (`Locked`) or registers with the address (`AlreadyRegistered`).
    Anybody,
    /// Whoever signs in, and so may be the owner (`NewDevice`).
    SignIn,
    /// Only whoever is in the account already, by a change of it (`PhoneChanged`, `PasswordChanged`). It reports what a thief would do.
    Owner,
}

impl Cause {
    /// Returns the "não fui eu" link that the notice contains, if it does. Either one ends every session and takes the password away; that
    /// of a change gives back the contact that was there before, too.
    pub const fn link(self) -> Option<NoticeLinkFor> {
        match self {
            Self::Anybody => None,
            Self::SignIn => Some(NoticeLinkFor::NotMyAccess),
            Self::Owner => Some(NoticeLinkFor::NotMe),
        }
    }
}

/// A code that was not handed to its carrier within this time of its request is dropped (SPEC §11).
pub const CODE_HAND_OVER_LIMIT: Duration = Duration::minutes(10);
