//! Public user names (seed 004).

use super::pasted;
use crate::error::FieldError;
use std::ops::RangeInclusive;

/// A public user name, `[a-z0-9._]{3,30}`. Canonical form: lower-case.
///
/// Source: seed 004 (`username`), SPEC §1. Only ASCII, so that no two names look alike and differ.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Username(String);

redacted!(Username);
serde_as_text!(Username, as_str, parse);

impl Username {
    /// The shortest and the longest, in characters.
    pub const LENGTHS: RangeInclusive<usize> = 3..=30;

    /// Reads a user name, typed in any case.
    ///
    /// # Errors
    /// [`FieldError::Required`] when blank, else [`FieldError::UsernameShape`].
    pub fn parse(typed: &str) -> Result<Self, FieldError> {
        let typed = &*pasted::read(typed);
        if typed.is_empty() {
            return Err(FieldError::Required);
        }
        let right = Self::LENGTHS.contains(&typed.len()) && typed.bytes().all(|c| c.is_ascii_alphanumeric() || c == b'.' || c == b'_');
        // ASCII only: `to_lowercase` would make a `k` of the Kelvin sign.
        if right { Ok(Self(typed.to_ascii_lowercase())) } else { Err(FieldError::UsernameShape) }
    }

    /// The user name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn any_case_may_be_typed() {
        assert_eq!(Username::parse(" RianLucas ").unwrap().as_str(), "rianlucas");
        assert_eq!(Username::parse("\u{200e}ri\u{200b}an\u{feff}").unwrap().as_str(), "rian");
        assert_eq!(Username::parse("Rian.Lucas_99").unwrap().as_str(), "rian.lucas_99");
    }

    #[test]
    fn it_has_three_to_thirty_characters() {
        for (length, taken) in [(1, false), (2, false), (3, true), (30, true), (31, false)] {
            assert_eq!(Username::parse(&"a".repeat(length)).is_ok(), taken, "{length}");
        }
    }

    #[test]
    fn other_characters_are_refused() {
        for invalid in ["joão", "rian lucas", "rian-lucas", "rian@lucas", "rian\0lucas", "\u{212a}elvin", "ｒｉａｎ", "rian１"] {
            assert_eq!(Username::parse(invalid), Err(FieldError::UsernameShape), "{invalid:?}");
        }
    }

    proptest! {
        #[test]
        fn every_well_made_name_is_taken_and_its_canonical_form_is_a_fixed_point(typed in "[A-Za-z0-9._]{3,30}") {
            let username = Username::parse(&typed).unwrap();
            prop_assert_eq!(username.as_str(), typed.to_ascii_lowercase());
            prop_assert_eq!(Username::parse(username.as_str()), Ok(username));
        }
    }
}
