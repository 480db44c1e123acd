//! What a line can give, and what can be wrong with it.

use crate::error::FieldError;
use crate::field::Field;
use crate::value::is_blank;
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;
use strum::{EnumString, IntoStaticStr, VariantArray};

/// A key of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, EnumString, IntoStaticStr, VariantArray)]
#[strum(serialize_all = "camelCase")]
pub enum Key {
    /// Which of the four kinds.
    Kind,
    /// Name of the person or company.
    Name,
    /// E-mail address.
    Email,
    /// Whether its owner proved the e-mail address.
    EmailVerified,
    /// User name.
    Username,
    /// Phone.
    Phone,
    /// Whether its owner proved the phone.
    PhoneVerified,
    /// CPF.
    Cpf,
    /// CNPJ.
    Cnpj,
    /// Date of birth.
    BirthDate,
    /// Gender.
    Gender,
    /// State (UF).
    State,
    /// City.
    City,
    /// Institution.
    Institution,
    /// Field of work.
    FieldOfWork,
    /// The hash of the password, as the other system made it.
    PasswordHash,
    /// When the account was made there, by RFC 3339.
    CreatedAt,
    /// Its id there. It tells a line that is already in from a new one.
    ExternalId,
}

impl Key {
    /// Every key, in the order of a line.
    pub const ALL: &[Self] = Self::VARIANTS;

    /// The name in a line.
    pub fn name(self) -> &'static str {
        self.into()
    }

    /// Reads a name. `None`: there is no such key.
    pub fn parse(name: &str) -> Option<Self> {
        name.parse().ok()
    }

    /// The field that it fills; `None`: a person never types it.
    pub const fn field(self) -> Option<Field> {
        Some(match self {
            Self::Kind => Field::Kind,
            Self::Name => Field::Name,
            Self::Email => Field::Email,
            Self::Username => Field::Username,
            Self::Phone => Field::Phone,
            Self::Cpf => Field::Cpf,
            Self::Cnpj => Field::Cnpj,
            Self::BirthDate => Field::BirthDate,
            Self::Gender => Field::Gender,
            Self::State => Field::State,
            Self::City => Field::City,
            Self::Institution => Field::Institution,
            Self::FieldOfWork => Field::FieldOfWork,
            Self::EmailVerified | Self::PhoneVerified | Self::PasswordHash | Self::CreatedAt | Self::ExternalId => return None,
        })
    }

    /// The key that fills a field.
    pub fn of(field: Field) -> Option<Self> {
        Self::ALL.iter().copied().find(|key| key.field() == Some(field))
    }
}

/// Why a line, or a value of it, cannot be taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    /// What the value's own type says.
    Value(FieldError),
    /// No key of a line has this name.
    UnknownKey,
    /// Neither true nor false.
    NotTrueOrFalse,
    /// No hash that can be verified here.
    HashUnknown,
    /// A hash that would take too long, or too much memory, to verify.
    HashTooCostly,
    /// Not an instant by RFC 3339.
    InstantShape,
    /// An instant that is yet to come.
    InstantToCome,
    /// Nobody could ever prove this account: it has no e-mail address, and its phone is not verified.
    NeverProved,
    /// The file has this id twice.
    Twice,
    /// Not a JSON object.
    NotAnObject,
    /// The line is longer than is read.
    LineTooLong,
    /// The file cannot be read any further.
    Unreadable,
}

/// What is wrong, and with which key. Names of unknown keys are the file's own.
pub type Wrong = (Cow<'static, str>, Reason);

/// What a line gives for a key.
#[derive(Clone, PartialEq, Eq)]
pub enum Value {
    /// A text.
    Text(String),
    /// True or false.
    Flag(bool),
    /// Something else, such as a number.
    Other,
}

/// What a line gives. `Debug` hides it.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Given {
    pub(super) values: BTreeMap<Key, Value>,
    pub(super) unknown: Vec<String>,
}

impl fmt::Debug for Given {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Given(***)")
    }
}

impl Given {
    /// Gives a value. A blank text is as none.
    pub fn give(&mut self, key: Key, value: Value) {
        if !matches!(&value, Value::Text(text) if is_blank(text)) {
            self.values.insert(key, value);
        }
    }

    /// Gives a text, if there is one.
    #[must_use]
    pub fn with(mut self, key: Key, text: Option<impl Into<String>>) -> Self {
        if let Some(text) = text {
            self.give(key, Value::Text(text.into()));
        }
        self
    }

    /// Gives true or false.
    #[must_use]
    pub fn with_flag(mut self, key: Key, flag: bool) -> Self {
        self.give(key, Value::Flag(flag));
        self
    }

    /// Notes a key that does not exist. Its name is cut after 60 characters.
    pub fn give_unknown(&mut self, name: &str) {
        self.unknown.push(name.chars().take(60).map(|c| if c.is_control() { '\u{fffd}' } else { c }).collect());
    }

    /// Returns whether there is a value.
    pub fn has(&self, key: Key) -> bool {
        self.values.contains_key(&key)
    }

    /// Returns the text of a key.
    pub fn text(&self, key: Key) -> Option<&str> {
        match self.values.get(&key) {
            Some(Value::Text(text)) => Some(text),
            _ => None,
        }
    }
}
