//! The terms of service by their versions (SPEC §13): which one is in force, who accepted which, and who has yet to.
//!
//! Every kind accepts the version in force at sign-up: by a box where its document has one (001, 003), otherwise by a line at the
//! button. A new version (`TERMS_VERSION`) is asked for after the next sign-in.

use crate::error::FieldError;
use serde::{Deserialize, Deserializer, Serialize};
use std::fmt;
use std::net::IpAddr;
use time::OffsetDateTime;

/// The version of the terms that Portaria comes with. A new text gets a new version.
pub const OWN_TERMS: &str = "2026-12";

/// The name of a version of the terms: 1 to 32 ASCII letters, digits, dots, underscores and hyphens.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
#[serde(transparent)]
pub struct TermsVersion(String);

impl TermsVersion {
    /// The longest, in characters.
    pub const LONGEST: u16 = 32;

    /// Parses a version. White space around it is ignored.
    ///
    /// # Errors
    /// [`FieldError::Required`] when blank, otherwise [`FieldError::TermsNotInForce`]: such a version can never be in force.
    pub fn parse(typed: &str) -> Result<Self, FieldError> {
        let typed = typed.trim();
        if typed.is_empty() {
            return Err(FieldError::Required);
        }
        let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-');
        if typed.len() > usize::from(Self::LONGEST) || !typed.chars().all(allowed) {
            return Err(FieldError::TermsNotInForce);
        }
        Ok(Self(typed.to_owned()))
    }

    /// That of our own text, [`OWN_TERMS`].
    pub fn own() -> Self {
        Self(OWN_TERMS.to_owned())
    }

    /// The version.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns the version in force if an account that accepted `latest` last has yet to accept it.
    pub fn pending(&self, latest: Option<&Self>) -> Option<&Self> {
        Some(self).filter(|in_force| latest != Some(in_force))
    }

    /// Parses the version that somebody accepts, which must be the one in force: nobody accepts what they have not been shown.
    ///
    /// # Errors
    /// As [`TermsVersion::parse`]; [`FieldError::TermsNotInForce`] for any other version.
    pub fn accept(&self, typed: &str) -> Result<(), FieldError> {
        if Self::parse(typed)? == *self { Ok(()) } else { Err(FieldError::TermsNotInForce) }
    }
}

impl fmt::Display for TermsVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for TermsVersion {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::parse(&String::deserialize(deserializer)?).map_err(|_| serde::de::Error::custom("no version of the terms"))
    }
}

/// An acceptance of the terms: what is kept of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Accepted {
    /// Which version.
    pub version: TermsVersion,
    /// When, in seconds since the epoch.
    pub at: i64,
    /// From which IP address.
    pub address: IpAddr,
}

impl Accepted {
    /// An acceptance by whoever asks from `address`, `now`.
    pub const fn new(version: TermsVersion, now: OffsetDateTime, address: IpAddr) -> Self {
        Self { version, at: now.unix_timestamp(), address }
    }
}

/// The text of a version, in one language.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TermsView {
    /// Which version.
    pub version: String,
    /// Whether it is the one in force.
    pub in_force: bool,
    /// Title and text of each section.
    pub sections: Vec<(String, String)>,
    /// What the requester accepted, the newest first; empty if nobody is signed in.
    pub accepted: Vec<Accepted>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn version(text: &str) -> TermsVersion {
        TermsVersion::parse(text).unwrap()
    }

    #[test]
    fn a_version_is_a_short_word() {
        assert_eq!(version(" 2026-12 ").as_str(), "2026-12");
        assert_eq!(version(OWN_TERMS).as_str(), OWN_TERMS);
        assert_eq!(TermsVersion::parse(" "), Err(FieldError::Required));
        for wrong in ["v 2", "versão", "a/b", &"x".repeat(33)] {
            assert_eq!(TermsVersion::parse(wrong), Err(FieldError::TermsNotInForce), "{wrong}");
        }
    }

    #[test]
    fn whoever_accepted_another_version_last_or_none_has_yet_to_accept_the_one_in_force() {
        let in_force = version("2");
        assert_eq!(in_force.pending(None), Some(&in_force));
        assert_eq!(in_force.pending(Some(&version("1"))), Some(&in_force));
        assert_eq!(in_force.pending(Some(&version("2"))), None);
    }

    #[test]
    fn only_the_version_in_force_is_accepted() {
        let in_force = version("2");
        assert_eq!(in_force.accept("2"), Ok(()));
        assert_eq!(in_force.accept("1"), Err(FieldError::TermsNotInForce));
        assert_eq!(in_force.accept(""), Err(FieldError::Required));
    }

    proptest! {
        #[test]
        fn what_is_taken_comes_back_as_it_is(typed in any::<String>()) {
            if let Ok(taken) = TermsVersion::parse(&typed) {
                prop_assert_eq!(TermsVersion::parse(taken.as_str()), Ok(taken));
            }
        }
    }
}
