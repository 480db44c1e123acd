//! THE catalogue of refusals: everything a person or a client can be told instead of "yes".
//!
//! Codes are stable; sentences live in the crate `text`, shapes in the adapters (`server/src/http/contract`, `app`).
//! A refusal never carries what was typed: without JavaScript it may travel through places that are logged.

use serde::{Deserialize, Serialize};
use std::fmt;

pub use crate::field::Field;

/// What is wrong with one field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "code")]
pub enum FieldError {
    /// Nothing was given where something is needed.
    Required,
    /// Longer than `max` characters.
    TooLong {
        /// The longest allowed, in Unicode scalar values.
        max: u16,
    },
    /// Shorter than `min` characters.
    TooShort {
        /// The shortest allowed, in Unicode scalar values.
        min: u16,
    },
    /// Holds control characters or nothing that can be seen.
    Unprintable,
    /// Kind of account that does not exist.
    KindUnknown,
    /// Not `[a-z0-9._]{3,30}`.
    UsernameShape,
    /// Not an e-mail address.
    EmailShape,
    /// Not a Brazilian phone number: digits, DDD or first digit are off (000, 3a).
    PhoneInvalid,
    /// A fixed line where a mobile is needed to receive a code.
    PhoneNotMobile,
    /// A channel that does not exist or is not set up here.
    ChannelUnavailable,
    /// Check digits are off, or repeated digits.
    CpfInvalid,
    /// Check digits are off, or repeated digits.
    CnpjInvalid,
    /// Neither a CPF nor a CNPJ (002, message 3).
    DocumentInvalid,
    /// Misses upper case, lower case, digit or special character (003 RN01).
    PasswordClasses,
    /// Misses upper case, digit or special character: 002 asks for no lower case.
    PasswordClassesRecovery,
    /// Among the most guessable (zxcvbn below 2).
    PasswordGuessable,
    /// The two passwords differ.
    PasswordMismatch,
    /// The current password is not that.
    PasswordWrong,
    /// The new password is the one in force.
    PasswordUnchanged,
    /// The terms were not accepted (003).
    TermsRequired,
    /// Neither an e-mail nor a mobile was given where one of them is needed.
    ContactRequired,
    /// A code has `digits` digits and nothing else.
    CodeShape {
        /// How many digits.
        digits: u8,
    },
    /// Wrong, spent, foreign or (where the contract does not tell) lapsed.
    CodeWrong,
    /// Lapsed (004 `VERIFICATION_002`).
    CodeExpired,
    /// Not `YYYY-MM-DD` or no such day (004 `VALIDATION_001`).
    DateShape,
    /// Not in the past.
    DateNotPast,
    /// Not M, F or O.
    GenderUnknown,
    /// Not one of the 27.
    StateUnknown,
    /// Belongs to another account (409).
    Taken,
    /// Was given before and cannot be changed here.
    Fixed,
    /// Not a JPG or PNG, or broken.
    PhotoUnreadable,
    /// Larger than 5 MiB.
    PhotoTooLarge,
    /// More pixels than are taken.
    PhotoTooManyPixels {
        /// The most of its type, in millions.
        megapixels: u16,
        /// The most on its longer side.
        side: u16,
    },
    /// Its form did not arrive whole, or took too long.
    PhotoInterrupted,
    /// Not of the type that the contract gives it (JSON).
    WrongType,
}

/// Every field's errors at once (003/EX02), in the order in which the fields stand.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldErrors(Vec<(Field, FieldError)>);

impl FieldErrors {
    /// No error yet.
    pub const fn new() -> Self {
        Self(Vec::new())
    }

    /// One error at one field.
    pub fn one(field: Field, error: FieldError) -> Self {
        Self(vec![(field, error)])
    }

    /// Adds an error.
    pub fn push(&mut self, field: Field, error: FieldError) {
        self.0.push((field, error));
    }

    /// Keeps the value, or notes the error and gives nothing: a form is parsed whole before it is refused.
    pub fn take<T>(&mut self, field: Field, parsed: Result<T, FieldError>) -> Option<T> {
        parsed.map_err(|error| self.push(field, error)).ok()
    }

    /// Whether nothing was wrong.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// All of them, in order.
    pub fn iter(&self) -> impl Iterator<Item = (Field, FieldError)> + '_ {
        self.0.iter().copied()
    }

    /// The errors of one field.
    pub fn of(&self, field: Field) -> impl Iterator<Item = FieldError> + '_ {
        self.iter().filter(move |(f, _)| *f == field).map(|(_, e)| e)
    }

    /// `Err` as soon as there is one.
    pub fn into_result(self) -> Result<(), Refusal> {
        if self.is_empty() { Ok(()) } else { Err(Refusal::Invalid(self)) }
    }
}

/// Why a use case said no. Seconds where a wait is told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Refusal {
    /// Fields are wrong: all of them, at once.
    Invalid(FieldErrors),
    /// Another account has it (EX01; `USER_001`…`USER_004`).
    Taken(Field),
    /// Identifier or password wrong, or no such account: one sentence for all (EX03).
    BadCredentials,
    /// The password was right, but the contact is not proved yet (`AUTH_001`).
    NotVerified,
    /// Five failures: signing in with this identifier rests (RN06).
    Locked {
        /// Seconds until the next try counts.
        retry_after: u32,
    },
    /// Asked to send again too early.
    TooSoon {
        /// Seconds until it may be sent again.
        retry_after: u32,
    },
    /// Too many guesses, hashes or sends from this address or to this destination.
    TooMany {
        /// Seconds until the next is taken.
        retry_after: u32,
    },
    /// Wrong, spent, foreign or lapsed code: they look alike (SPEC §4).
    CodeRefused,
    /// Lapsed code, where a document separates it (004 `VERIFICATION_002`).
    CodeLapsed,
    /// Five wrong entries. A page says when to come back; an API answers as to [`Refusal::CodeRefused`].
    CodeBlocked {
        /// Seconds until entries are looked at again.
        retry_after: u32,
    },
    /// No such link, or mangled.
    LinkUnknown,
    /// The link lapsed (EX04): another can be asked for.
    LinkLapsed,
    /// No account with that CPF or CNPJ (002, message 3).
    DocumentUnknown,
    /// No valid session.
    NotSignedIn,
    /// Signed in or proved, but not for this.
    NotYours,
    /// Signed in, but too long ago for what later recovers (SPEC §13): the owner is asked to show again who they are.
    ReauthenticationRequired,
    /// The account has a password already: it is changed, not set.
    PasswordSet,
    /// This browser carries no sign-up, or it lapsed: begin anew.
    SignupGone,
    /// Somebody wrote in between: look again before saving.
    Stale,
    /// The password queue is full: nothing was tried.
    Busy {
        /// Seconds until it is worth trying again.
        retry_after: u32,
    },
    /// A part we depend on failed. What went wrong is in the log, never here.
    Unavailable,
    /// The body cannot be read as what it claims to be.
    Malformed,
    /// Another media type is needed.
    UnsupportedMediaType,
    /// The body is larger than the route takes.
    TooLarge,
    /// The path exists, the method does not.
    MethodNotAllowed,
    /// No such path.
    NotFound,
    /// A form of another site (ASVS 3.5.1).
    CrossSite,
}

impl Refusal {
    /// One error at one field.
    pub fn field(field: Field, error: FieldError) -> Self {
        Self::Invalid(FieldErrors::one(field, error))
    }

    /// The HTTP status of this refusal, where a contract has no other.
    pub const fn status(&self) -> u16 {
        match self {
            Self::Invalid(_) | Self::CodeRefused | Self::CodeLapsed | Self::CodeBlocked { .. } | Self::LinkUnknown | Self::Malformed => 400,
            Self::BadCredentials | Self::NotSignedIn => 401,
            Self::NotVerified | Self::NotYours | Self::ReauthenticationRequired | Self::CrossSite => 403,
            Self::DocumentUnknown | Self::NotFound => 404,
            Self::MethodNotAllowed => 405,
            Self::Taken(_) | Self::PasswordSet | Self::Stale => 409,
            Self::LinkLapsed | Self::SignupGone => 410,
            Self::TooLarge => 413,
            Self::UnsupportedMediaType => 415,
            Self::Locked { .. } | Self::TooSoon { .. } | Self::TooMany { .. } => 429,
            Self::Busy { .. } | Self::Unavailable => 503,
        }
    }

    /// A stable name: the `type` of a problem, the word in the log.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Invalid(_) => "invalid-fields",
            Self::Taken(_) => "taken",
            Self::BadCredentials => "bad-credentials",
            Self::NotVerified => "not-verified",
            Self::Locked { .. } => "locked",
            Self::TooSoon { .. } => "too-soon",
            Self::TooMany { .. } => "too-many",
            Self::CodeRefused | Self::CodeBlocked { .. } => "code-refused",
            Self::CodeLapsed => "code-lapsed",
            Self::LinkUnknown => "link-unknown",
            Self::LinkLapsed => "link-lapsed",
            Self::DocumentUnknown => "document-unknown",
            Self::NotSignedIn => "not-signed-in",
            Self::NotYours => "not-yours",
            Self::ReauthenticationRequired => "reauthentication-required",
            Self::PasswordSet => "password-set",
            Self::SignupGone => "signup-gone",
            Self::Stale => "stale",
            Self::Busy { .. } => "busy",
            Self::Unavailable => "unavailable",
            Self::Malformed => "malformed",
            Self::UnsupportedMediaType => "unsupported-media-type",
            Self::TooLarge => "too-large",
            Self::MethodNotAllowed => "method-not-allowed",
            Self::NotFound => "not-found",
            Self::CrossSite => "cross-site",
        }
    }

    /// Seconds for `Retry-After`, where there is something to wait for.
    pub const fn retry_after(&self) -> Option<u32> {
        match self {
            Self::Locked { retry_after } | Self::TooSoon { retry_after } | Self::TooMany { retry_after } | Self::Busy { retry_after } => {
                Some(*retry_after)
            }
            _ => None,
        }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl std::error::Error for Refusal {}
