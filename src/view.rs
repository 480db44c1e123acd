//! Views of stored data for people and API clients: masked where required, and serialisable for the browser.

use crate::account::has_optional;
use crate::contact::ContactKind;
use crate::error::Field;
use crate::field::Typed;
use crate::journey::{Kind, Step};
use crate::message::Channel;
use crate::profile::{FreeTexts, shown_name};
use crate::value::greeted;
use serde::{Deserialize, Serialize};

/// An account as shown to its owner.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[expect(clippy::struct_excessive_bools, reason = "each says one thing of an account")]
pub struct AccountView {
    /// Below 2^53, so that a JSON number holds it.
    pub id: i64,
    /// Its kind.
    pub kind: Kind,
    /// Name.
    pub name: String,
    /// User name.
    pub username: Option<String>,
    /// E-mail, not masked: only the owner sees it.
    pub email: Option<String>,
    /// Whether the e-mail is proved.
    pub email_proved: bool,
    /// Whether it must be confirmed again before it can sign in or recover the account.
    #[serde(default)]
    pub email_suspended: bool,
    /// Phone, masked.
    pub phone: Option<String>,
    /// The same, whole, as its owner writes it; only for a fresh session ([`Account::fresh_view`](crate::account::Account::fresh_view)).
    #[serde(skip)]
    pub whole_phone: Option<String>,
    /// Whether the session that it is shown to may change what later recovers ([`FreshSession`](crate::fresh::FreshSession)).
    #[serde(skip)]
    pub fresh: bool,
    /// Whether it is a fixed line (004), to which no code goes.
    #[serde(default)]
    pub phone_is_fixed: bool,
    /// Whether a code proved it. Riders need not prove theirs (004).
    #[serde(default)]
    pub phone_proved: bool,
    /// Whether it must be confirmed again before it can sign in or recover the account.
    #[serde(default)]
    pub phone_suspended: bool,
    /// CPF, masked.
    pub cpf: Option<String>,
    /// CNPJ, masked.
    pub cnpj: Option<String>,
    /// Its optional texts.
    pub texts: FreeTexts,
    /// Whether no required field of the kind is missing.
    pub profile_complete: bool,
    /// The newest sign-in, in seconds since the epoch. The one before it: [`crate::check_up::Accesses`].
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
    /// The photo's path, `/photos/{id}`.
    #[serde(default)]
    pub photo: Option<String>,
    /// The required fields that are missing.
    #[serde(default)]
    pub missing: Vec<Field>,
    /// The version of the terms that it has yet to accept.
    #[serde(default)]
    pub terms_pending: Option<String>,
    /// Whether it has a password. A client may sign in by code alone.
    #[serde(default)]
    pub has_password: bool,
    /// The version of this view. A change sends it back, so that no unseen change is overwritten.
    #[serde(default)]
    pub version: i64,
}

impl AccountView {
    /// Returns a made-up account that has its name and nothing else, for examples and tests. Whoever shows more of it puts that in.
    #[cfg(feature = "service")]
    pub fn made_up(kind: Kind, name: &str) -> Self {
        Self {
            id: 1,
            kind,
            name: name.to_owned(),
            username: None,
            email: None,
            email_proved: false,
            email_suspended: false,
            phone: None,
            whole_phone: None,
            fresh: false,
            phone_is_fixed: false,
            phone_proved: false,
            phone_suspended: false,
            cpf: None,
            cnpj: None,
            texts: FreeTexts::default(),
            profile_complete: true,
            last_sign_in: None,
            birth_date: None,
            gender: None,
            state: None,
            city: None,
            photo: None,
            missing: Vec::new(),
            terms_pending: None,
            has_password: false,
            version: 1,
        }
    }

    /// Returns the name to show ([`shown_name`]).
    pub fn shown_name(&self) -> &str {
        shown_name(&self.name, &self.texts)
    }

    /// Returns what greets the owner; the name itself if that reads like an address: here nobody is led away by it.
    pub fn greeted_as(&self) -> &str {
        match greeted(self.shown_name(), self.kind == Kind::Empresa) {
            "" => self.shown_name(),
            name => name,
        }
    }

    /// Returns what the owner signs in with: a password manager keeps the password beside it. `None`: this view does not say it whole.
    pub fn signs_in_as(&self) -> Option<&str> {
        let in_force = self.email.as_deref().filter(|_| self.email_proved && !self.email_suspended);
        in_force.or(self.username.as_deref()).or(self.whole_phone.as_deref()).or(self.email.as_deref())
    }

    /// Returns the one contact in force that the account hangs on; `None`: it has two, or none. Whoever loses it has no way back.
    pub const fn only_contact(&self) -> Option<ContactKind> {
        match (self.email_proved && !self.email_suspended, self.phone_proved && !self.phone_suspended) {
            (true, false) => Some(ContactKind::Email),
            (false, true) => Some(ContactKind::Phone),
            _ => None,
        }
    }

    /// Returns whether an optional value of the profile is present, as [`Account::has`](crate::account::Account::has) does. Contacts and
    /// password count as present.
    pub fn has(&self, field: Field) -> bool {
        has_optional!(self, field)
    }
}

/// An active session as shown to the account's owner.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionView {
    /// Selects the session to end.
    pub id: String,
    /// Whether this is the requester's own session.
    pub current: bool,
    /// The device name, derived from the User-Agent.
    pub device: String,
    /// The IP address that it was last used from.
    pub address: String,
    /// Whether the address belongs to a private network, not to the internet.
    pub local: bool,
    /// Whether an API client signed in; otherwise a browser did.
    pub api: bool,
    /// When it started, in seconds since the epoch.
    pub created_at: i64,
    /// When it was last used, in seconds since the epoch, to the minute.
    pub last_used_at: i64,
}

/// The delivery state of a code or link.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Delivery {
    /// Not yet handed to the carrier.
    OnItsWay,
    /// Handed to the carrier.
    Sent,
    /// The carrier reported that it arrived.
    Delivered,
    /// Handed to the carrier, which has not told of its delivery in time.
    Late,
    /// Refused by the carrier, or reported as failed. Another channel or a corrected destination is needed.
    Failed,
    /// Expired.
    Lapsed,
    /// Invalid after too many wrong entries.
    Dead,
}

/// A sign-up as shown to a browser that carries it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignupView {
    /// Selects this sign-up in requests; it is no credential.
    #[serde(default)]
    pub id: String,
    /// When it started, in seconds since the epoch.
    #[serde(default)]
    pub begun_at: i64,
    /// The kind of the future account.
    pub kind: Kind,
    /// The current step.
    pub step: Step,
    /// The values to show when the person goes back, without passwords.
    pub typed: Typed,
    /// Whether a password was chosen.
    pub has_password: bool,
    /// The masked destination of the proof.
    pub destination: String,
    /// The whole phone, for its holder, if it was typed without its ninth digit.
    #[serde(default)]
    pub phone_completed: Option<String>,
    /// The domain that was probably meant, if that of the address looks like a slip of the finger, be it the one to prove now or later.
    #[serde(default)]
    pub domain_meant: Option<String>,
    /// The channel of the last send.
    pub channel: Channel,
    /// The same, if the person chose it.
    #[serde(default)]
    pub chosen: Option<Channel>,
    /// The configured channels that go on.
    pub channels: Vec<Channel>,
    /// Whether SMS rests for this phone (SPEC §12 "Spending").
    #[serde(default)]
    pub sms_rests: bool,
    /// The delivery state of the proof.
    pub delivery: Delivery,
    /// Seconds until the code or link expires; `None`: not handed over.
    pub expires_in: Option<u32>,
    /// Seconds until a resend is allowed.
    pub resend_in: u32,
    /// Seconds until entries are checked again after five wrong ones; `None`: not blocked.
    pub blocked_for: Option<u32>,
    /// The wrong entries that are left after the first; `None`: there was none.
    #[serde(default)]
    pub entries_left: Option<u32>,
    /// Whether this browser gets a session from a proof given elsewhere (SPEC §16); otherwise the person must sign in.
    #[serde(default)]
    pub enters: bool,
    /// The identifier to sign in with once the address is proved; only for a browser that holds the sign-up.
    #[serde(default)]
    pub sign_in_as: Option<String>,
    /// How it stands, as one number ([`crate::standing`]).
    #[serde(default)]
    pub state: u32,
}

impl SignupView {
    /// Returns the destination of the proof, whole while its holder may still correct it: only so a slip of the finger is seen.
    pub fn whole_destination(&self) -> &str {
        let field = if self.kind.journey().contact_is_email() { Field::Email } else { Field::Phone };
        match self.typed.text(field) {
            "" => &self.destination,
            typed => typed,
        }
    }

    /// Returns whether its contact is still unproved.
    pub const fn waits(&self) -> bool {
        matches!(self.step, Step::Details | Step::Code | Step::CheckEmail)
    }
}

/// What a verification link is about, shown in a browser that does not hold its sign-up. It identifies the account without
/// revealing what only the owner should know (SPEC §16).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LinkView {
    /// The masked address.
    pub email: String,
    /// The kind of the account.
    pub kind: Kind,
    /// The masked phone, if the e-mail is optional for the kind.
    pub phone: Option<String>,
    /// Whether a password was set before the address was proved.
    pub has_password: bool,
    /// When the link was requested, in seconds since the epoch.
    pub asked_at: i64,
    /// Whether it was already used, so that nothing is left to confirm.
    pub used: bool,
}

/// How a code of one's own account stands, for its owner.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct CodeState {
    /// How far its message has come.
    pub delivery: Delivery,
    /// The channel of the last send, or the one that delivered it.
    pub channel: Channel,
    /// Seconds until a resend is allowed.
    pub resend_in: u32,
}

/// A code by which the owner of an account may show again who they are, as it stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OwnerCode {
    /// The masked contact that it went to.
    pub destination: String,
    /// How far its message has come.
    pub delivery: Delivery,
    /// The channel of the last send, or the one that delivered it.
    pub channel: Channel,
    /// The channels that lead to the same contact.
    pub channels: Vec<Channel>,
    /// Seconds until it expires: its whole lifetime until it is handed over, and 0 once it can be entered no more.
    pub expires_in: u32,
    /// Seconds until a resend is allowed.
    pub resend_in: u32,
    /// The wrong entries that are left after the first; `None`: there was none, or entries rest.
    pub entries_left: Option<u32>,
}

impl OwnerCode {
    /// Returns whether it can be entered.
    pub const fn can_be_entered(&self) -> bool {
        !matches!(self.delivery, Delivery::Lapsed | Delivery::Dead)
    }
}

/// A code was sent, or the requester must not learn that it was not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CodeSent {
    /// The masked destination.
    pub destination: String,
    /// The channel that was asked for, else the system's choice.
    pub channel: Channel,
    /// Lifetime of the code in seconds.
    pub expires_in: u32,
    /// Seconds until a resend is allowed.
    pub resend_in: u32,
}
