//! The single catalogue of refusals: every error that a person or a client can get.
//!
//! Codes are stable. The sentences are in the crate `text`, the response formats in the adapters (`server/src/http/contract`,
//! `app`). A refusal never carries what was typed: without JavaScript it may pass through places that are logged.

use serde::{Deserialize, Serialize};
use std::fmt;
use strum::{EnumCount, EnumIter, IntoStaticStr, VariantNames};

pub use crate::field::Field;
use crate::message::Channel;

/// What is wrong with one field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, EnumIter)]
#[serde(rename_all = "snake_case", tag = "code")]
pub enum FieldError {
    /// A required value is missing or blank.
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
    /// Contains control characters, or no visible character.
    Unprintable,
    /// No such kind of account.
    KindUnknown,
    /// Not `[a-z0-9._]{3,30}`.
    UsernameShape,
    /// Not an e-mail address.
    EmailShape,
    /// Not a Brazilian phone number: wrong digits, DDD or first digit (000, 3a).
    PhoneInvalid,
    /// A fixed line where a mobile is needed to receive a code.
    PhoneNotMobile,
    /// A channel that does not exist or is not configured.
    ChannelUnavailable,
    /// Wrong check digits, or one character repeated.
    CpfInvalid,
    /// Wrong check digits, or one character repeated.
    CnpjInvalid,
    /// Neither a CPF nor a CNPJ (002, message 3).
    DocumentInvalid,
    /// Lacks an upper-case letter, a lower-case letter, a digit or a special character (003 RN01).
    PasswordClasses,
    /// Lacks an upper-case letter, a digit or a special character. 002 requires no lower-case letter.
    PasswordClassesRecovery,
    /// Too easy to guess (zxcvbn score below 2).
    PasswordGuessable,
    /// The two passwords differ.
    PasswordMismatch,
    /// Not the current password.
    PasswordWrong,
    /// The new password equals the current one.
    PasswordUnchanged,
    /// The terms were not accepted (003).
    TermsRequired,
    /// Not the version of the terms that is in force.
    TermsNotInForce,
    /// Neither an e-mail nor a mobile was given, and one of them is required.
    ContactRequired,
    /// Not a code of exactly `digits` digits.
    CodeShape {
        /// The required number of digits.
        digits: u8,
    },
    /// Wrong, used, for something else, or expired (where the contract does not distinguish that).
    CodeWrong,
    /// Right but expired (004 `VERIFICATION_002`).
    CodeExpired,
    /// Not `YYYY-MM-DD`, or no such day (004 `VALIDATION_001`).
    DateShape,
    /// A date of today or later.
    DateNotPast,
    /// Not M, F or O.
    GenderUnknown,
    /// Not one of the 27 UFs.
    StateUnknown,
    /// Belongs to another account (HTTP 409).
    Taken,
    /// Already set, and cannot be changed here.
    Fixed,
    /// Not a JPG or PNG, or broken.
    PhotoUnreadable,
    /// Larger than 5 MiB.
    PhotoTooLarge,
    /// Has more pixels than are accepted.
    PhotoTooManyPixels {
        /// The limit for its file type, in millions of pixels.
        megapixels: u16,
        /// The limit for the longer side, in pixels.
        side: u16,
    },
    /// The upload was incomplete or took too long.
    PhotoInterrupted,
    /// Not of the JSON type that the contract specifies.
    WrongType,
}

/// The errors of all fields at once (003/EX02), in the order of the fields.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldErrors(Vec<(Field, FieldError)>);

impl FieldErrors {
    /// Returns an empty list.
    pub const fn new() -> Self {
        Self(Vec::new())
    }

    /// Returns a list with one error.
    pub fn one(field: Field, error: FieldError) -> Self {
        Self(vec![(field, error)])
    }

    /// Appends an error. A field may have several.
    pub fn push(&mut self, field: Field, error: FieldError) {
        self.0.push((field, error));
    }

    /// Returns the value, or records the error and returns `None`. So a form is parsed completely before it is refused.
    pub fn take<T>(&mut self, field: Field, parsed: Result<T, FieldError>) -> Option<T> {
        parsed.map_err(|error| self.push(field, error)).ok()
    }

    /// Returns whether no error was recorded.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Iterates over all errors, in the order of the fields.
    pub fn iter(&self) -> impl Iterator<Item = (Field, FieldError)> + '_ {
        self.0.iter().copied()
    }

    /// Iterates over the errors of one field.
    pub fn of(&self, field: Field) -> impl Iterator<Item = FieldError> + '_ {
        self.iter().filter(move |(f, _)| *f == field).map(|(_, e)| e)
    }

    /// Turns the list into a result.
    ///
    /// # Errors
    /// [`Refusal::Invalid`] if the list is not empty.
    pub fn into_result(self) -> Result<(), Refusal> {
        if self.is_empty() { Ok(()) } else { Err(Refusal::Invalid(self)) }
    }
}

/// Why a use case refused. Waits are in seconds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, EnumCount, IntoStaticStr, VariantNames)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "kebab-case")]
pub enum Refusal {
    /// Fields are wrong. Lists all their errors at once.
    #[strum(serialize = "invalid-fields")]
    Invalid(FieldErrors),
    /// Another account has this value (EX01; `USER_001`…`USER_004`).
    Taken(Field),
    /// Identifier or password wrong, or no such account. They are not distinguished (EX03).
    BadCredentials,
    /// The password was right, but the contact is not proved yet (`AUTH_001`).
    NotVerified,
    /// Signing in with this identifier is locked after five failures (RN06).
    Locked {
        /// Seconds until the lock ends.
        retry_after: u32,
    },
    /// A resend was requested too early.
    TooSoon {
        /// Seconds until a resend is allowed.
        retry_after: u32,
    },
    /// Over a rate limit: too many guesses, hashes or sends from this client address or to this destination.
    TooMany {
        /// Seconds until the next request is accepted.
        retry_after: u32,
    },
    /// The code is wrong, used, for something else, or expired. They are not distinguished (SPEC §4).
    CodeRefused,
    /// The code is right but expired. Only 004 distinguishes this (`VERIFICATION_002`).
    CodeLapsed,
    /// Entering codes is blocked after five wrong entries. A page shows the wait; an API answers like [`Refusal::CodeRefused`].
    #[strum(serialize = "code-refused")]
    CodeBlocked {
        /// Seconds until entries are checked again.
        retry_after: u32,
    },
    /// The link's token is unknown or damaged.
    LinkUnknown,
    /// The link has expired (EX04); another one can be requested.
    LinkLapsed,
    /// No account with that CPF or CNPJ (002, message 3).
    DocumentUnknown,
    /// The requester has no valid session.
    NotSignedIn,
    /// The requester is signed in or has proved an address, but has no right to this.
    NotYours,
    /// The last sign-in is too long ago to change what can later recover the account (SPEC §13). The owner must authenticate again.
    ReauthenticationRequired,
    /// The owner blocked this account: only a recovery leads in (SPEC §13).
    AccountBlocked,
    /// The owner asked for the deletion of this account: signing in leads to undoing it, and nowhere else (SPEC §13).
    DeletionPending {
        /// When it is erased, in seconds since the epoch.
        deletes_at: i64,
    },
    /// The account already has a password, so a first one cannot be set.
    PasswordSet,
    /// The channel that was asked for rests (SPEC §12 "Spending"). Names those that go on.
    ChannelResting {
        /// The channels to this contact that go on.
        channels: Vec<Channel>,
    },
    /// This browser carries no sign-up, or it has expired. The person must start again.
    SignupGone,
    /// Somebody changed the data in between; the client must reload before saving.
    Stale,
    /// The password hashing queue is full, so nothing was tried.
    Busy {
        /// Seconds until a retry makes sense.
        retry_after: u32,
    },
    /// A dependency failed. The cause is in the log, never here.
    Unavailable,
    /// The body cannot be parsed as its media type.
    Malformed,
    /// The route requires another media type.
    UnsupportedMediaType,
    /// The body exceeds the route's limit.
    TooLarge,
    /// The path exists, but not with this method.
    MethodNotAllowed,
    /// No such path.
    NotFound,
    /// The form was posted from another site (ASVS 3.5.1).
    CrossSite,
    /// The operator takes no new sign-ups of this kind (SPEC §14).
    KindClosed,
}

impl Refusal {
    /// Returns a refusal with one error at one field.
    pub fn field(field: Field, error: FieldError) -> Self {
        Self::Invalid(FieldErrors::one(field, error))
    }

    /// Returns the default HTTP status; a contract may specify another.
    pub const fn status(&self) -> u16 {
        match self {
            Self::Invalid(_) | Self::CodeRefused | Self::CodeLapsed | Self::CodeBlocked { .. } | Self::LinkUnknown | Self::Malformed => 400,
            Self::BadCredentials | Self::NotSignedIn => 401,
            Self::NotVerified
            | Self::NotYours
            | Self::ReauthenticationRequired
            | Self::AccountBlocked
            | Self::DeletionPending { .. }
            | Self::CrossSite
            | Self::KindClosed => 403,
            Self::DocumentUnknown | Self::NotFound => 404,
            Self::MethodNotAllowed => 405,
            Self::Taken(_) | Self::PasswordSet | Self::ChannelResting { .. } | Self::Stale => 409,
            Self::LinkLapsed | Self::SignupGone => 410,
            Self::TooLarge => 413,
            Self::UnsupportedMediaType => 415,
            Self::Locked { .. } | Self::TooSoon { .. } | Self::TooMany { .. } => 429,
            Self::Busy { .. } | Self::Unavailable => 503,
        }
    }

    /// Returns a stable name, used as the `type` of a problem response and in the log.
    pub fn code(&self) -> &'static str {
        self.into()
    }

    /// Returns every code, one for each variant: [`Refusal::CodeBlocked`] has that of [`Refusal::CodeRefused`].
    pub const fn codes() -> &'static [&'static str] {
        Self::VARIANTS
    }

    /// Returns the seconds for `Retry-After`; `None`: waiting does not help, or must not be revealed ([`Refusal::CodeBlocked`]).
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
