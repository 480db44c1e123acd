//! What people and clients are shown of what is kept: masked where it must be, ready to travel to the browser.

use crate::error::Field;
use crate::field::Typed;
use crate::journey::{Kind, Step};
use crate::message::Channel;
use crate::profile::FreeTexts;
use serde::{Deserialize, Serialize};

/// An account, as its owner sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[expect(clippy::struct_excessive_bools, reason = "each says one thing of an account")]
pub struct AccountView {
    /// Its id: a JSON number.
    pub id: i64,
    /// Its kind.
    pub kind: Kind,
    /// Name.
    pub name: String,
    /// User name.
    pub username: Option<String>,
    /// E-mail, not masked: it is the owner who looks.
    pub email: Option<String>,
    /// Whether the e-mail is proved.
    pub email_proved: bool,
    /// It must be confirmed again before it signs in or recovers.
    #[serde(default)]
    pub email_suspended: bool,
    /// Phone, masked.
    pub phone: Option<String>,
    /// Whether a code proved it: a rider's is not asked to (004).
    #[serde(default)]
    pub phone_proved: bool,
    /// It must be confirmed again before it signs in or recovers.
    #[serde(default)]
    pub phone_suspended: bool,
    /// CPF, masked.
    pub cpf: Option<String>,
    /// CNPJ, masked.
    pub cnpj: Option<String>,
    /// Its optional texts.
    pub texts: FreeTexts,
    /// Whether nothing is missing that its kind needs.
    pub profile_complete: bool,
    /// Last sign-in before this one, seconds since the epoch.
    pub last_sign_in: Option<i64>,
    /// Date of birth, masked.
    #[serde(default)]
    pub birth_date: Option<String>,
    /// Gender: `M`, `F` or `O`.
    #[serde(default)]
    pub gender: Option<String>,
    /// State: the UF.
    #[serde(default)]
    pub state: Option<String>,
    /// City.
    #[serde(default)]
    pub city: Option<String>,
    /// The path of the photo.
    #[serde(default)]
    pub photo: Option<String>,
    /// What its kind still needs.
    #[serde(default)]
    pub missing: Vec<Field>,
    /// Whether it has a password: a client may come in by code alone.
    #[serde(default)]
    pub has_password: bool,
    /// The version that the owner looks at: sent back with a change, so that none is overwritten unseen.
    #[serde(default)]
    pub version: i64,
}

impl AccountView {
    /// Whether it has a field that its owner may have given.
    pub fn has(&self, field: Field) -> bool {
        match field {
            Field::Username => self.username.is_some(),
            Field::BirthDate => self.birth_date.is_some(),
            Field::Gender => self.gender.is_some(),
            Field::Cpf => self.cpf.is_some(),
            Field::Cnpj => self.cnpj.is_some(),
            Field::State => self.state.is_some(),
            Field::City => self.city.is_some(),
            Field::Photo => self.photo.is_some(),
            field if field.is_free_text() => self.texts.get(field).is_some(),
            _ => true,
        }
    }
}

/// A living session, as the account's owner sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionView {
    /// Its id.
    pub id: String,
    /// It is the one that asks.
    pub current: bool,
    /// The device, as far as its User-Agent tells.
    pub device: String,
    /// The address that it was last used from: as much of a place as an address tells.
    pub address: String,
    /// The address is one of a home or office network, not of the internet.
    pub local: bool,
    /// A program that came in through the API; otherwise a browser.
    pub api: bool,
    /// When it began, seconds since the epoch.
    pub created_at: i64,
    /// When it was last used, to the minute, seconds since the epoch.
    pub last_used_at: i64,
}

/// How far a code or link has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Delivery {
    /// Waiting for its carrier.
    OnItsWay,
    /// Handed to the carrier.
    Sent,
    /// The carrier refused it: another channel, or a corrected destination, is needed.
    Failed,
    /// Its time is over.
    Lapsed,
    /// Dead of wrong entries.
    Dead,
}

/// A sign-up, as the browser that carries it sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignupView {
    /// Its id: says which one is meant, and opens nothing.
    #[serde(default)]
    pub id: String,
    /// When it began, seconds since the epoch.
    #[serde(default)]
    pub begun_at: i64,
    /// Kind of the account to be.
    pub kind: Kind,
    /// The step it stands at.
    pub step: Step,
    /// What was typed, without passwords: for the way back.
    pub typed: Typed,
    /// A password was given.
    pub has_password: bool,
    /// Where the proof goes, masked.
    pub destination: String,
    /// Which way it went.
    pub channel: Channel,
    /// The ways that are set up here.
    pub channels: Vec<Channel>,
    /// How far it has come.
    pub delivery: Delivery,
    /// Seconds until the code or link lapses, once it was handed over.
    pub expires_in: Option<u32>,
    /// Seconds until it may be sent again.
    pub resend_in: u32,
    /// Seconds until entries are looked at again, after five wrong ones.
    pub blocked_for: Option<u32>,
    /// The proof was given elsewhere, and this browser gets a session from it (SPEC §16); otherwise its person signs in.
    #[serde(default)]
    pub enters: bool,
    /// What to sign in with once the address is proved, for the browser that holds the sign-up.
    #[serde(default)]
    pub sign_in_as: Option<String>,
}

impl SignupView {
    /// Whether its contact is to be proved yet.
    pub const fn waits(&self) -> bool {
        matches!(self.step, Step::Details | Step::Code | Step::CheckEmail)
    }
}

/// What a verification link is about, for whoever opens it where its sign-up is not held: names the account and tells
/// nothing that only its owner should know (SPEC §16).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LinkView {
    /// The address, masked.
    pub email: String,
    /// The kind of the account.
    pub kind: Kind,
    /// The phone of the account, masked: of a kind whose address is optional.
    pub phone: Option<String>,
    /// A password was set before the address was proved.
    pub has_password: bool,
    /// When the link was asked for, seconds since the epoch.
    pub asked_at: i64,
    /// It was used before: there is nothing left to decide.
    pub used: bool,
}

/// A code was sent, or would have been: unknown looks like known.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CodeSent {
    /// Where to, masked.
    pub destination: String,
    /// Seconds that it lives.
    pub expires_in: u32,
    /// Seconds until it may be sent again.
    pub resend_in: u32,
}
