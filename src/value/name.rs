//! Names of people and companies, and short free text.

use super::{leads_away, printable};
use crate::error::FieldError;

/// The longest name and short text, in Unicode scalar values (SPEC §1).
const MAX: u16 = 100;

/// A person's or company's name: 1–100 characters of any script. Canonical form: trimmed, inner white space collapsed.
///
/// Source: seeds 000, 001, 003, 004; SPEC §1. One word is enough, and no letter is prescribed: names are what people say.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Name(String);

redacted!(Name);
serde_as_text!(Name, as_str, parse);

impl Name {
    /// The longest, in Unicode scalar values.
    pub const LONGEST: u16 = MAX;

    /// Reads a name.
    ///
    /// # Errors
    /// [`FieldError::Required`] when blank, [`FieldError::Unprintable`] with control or bidi-override characters
    /// or nothing that can be seen, [`FieldError::TooLong`] above 100 characters.
    pub fn parse(typed: &str) -> Result<Self, FieldError> {
        printable::between(typed, 1, MAX).map(Self)
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns the first word, for the greeting of a message; empty if the name reads like an address or phone number (SPEC §16).
    pub fn first(&self) -> &str {
        first_word(&self.0)
    }
}

/// Returns the first word of a name, for the greeting of a message; empty if the name reads like an address or phone number.
pub fn first_word(name: &str) -> &str {
    if leads_away(name) { "" } else { name.split(' ').next().unwrap_or(name) }
}

/// Returns by what a name is greeted: a person's by its first word, a company's whole. Empty as [`first_word`] is.
pub fn greeted(name: &str, is_company: bool) -> &str {
    let first = first_word(name);
    if is_company && !first.is_empty() { name } else { first }
}

/// Up to 100 characters of free text: institution, field of work (003). By the same rules as a [`Name`].
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct ShortText(String);

redacted!(ShortText);
serde_as_text!(ShortText, as_str, parse);

impl ShortText {
    /// The longest, in Unicode scalar values.
    pub const LONGEST: u16 = MAX;

    /// Parses a required text.
    ///
    /// # Errors
    /// As [`Name::parse`].
    pub fn parse(typed: &str) -> Result<Self, FieldError> {
        printable::between(typed, 1, MAX).map(Self)
    }

    /// Parses an optional text: blank is `None`.
    ///
    /// # Errors
    /// [`FieldError::Unprintable`], [`FieldError::TooLong`] above 100 characters.
    pub fn parse_optional(typed: &str) -> Result<Option<Self>, FieldError> {
        match Self::parse(typed) {
            Ok(text) => Ok(Some(text)),
            Err(FieldError::Required) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn names_of_any_script_are_taken() {
        for name in ["Rian Lucas", "João d'Ávila", "Ó", "李小龍", "Владимир", "محمد علي", "Nguyễn Thị Ánh", "Empresa & Cia. 3M Ltda."]
        {
            assert_eq!(Name::parse(name).expect(name).as_str(), name);
        }
    }

    #[test]
    fn a_name_has_at_most_a_hundred_characters_not_bytes() {
        assert!(Name::parse(&"ã".repeat(100)).is_ok());
        assert!(Name::parse(&format!("  {}  ", "😀".repeat(100))).is_ok());
        assert_eq!(Name::parse(&"ã".repeat(101)), Err(FieldError::TooLong { max: 100 }));
        assert_eq!(ShortText::parse_optional(&"ã".repeat(101)), Err(FieldError::TooLong { max: 100 }));
    }

    #[test]
    fn names_that_cannot_be_printed_are_refused() {
        for typed in ["Ana\r\nBcc: x@y.com", "\u{202e}anA", "\u{200b}"] {
            assert_eq!(Name::parse(typed), Err(FieldError::Unprintable), "{typed:?}");
            assert_eq!(ShortText::parse_optional(typed), Err(FieldError::Unprintable), "{typed:?}");
        }
    }

    #[test]
    fn what_a_clipboard_puts_round_a_name_is_no_part_of_it() {
        for typed in ["\u{202a}Ana Souza\u{202c}", "\u{200e}Ana\u{2009}Souza\u{feff} ", "\u{2068}Ana Souza\u{2069}", "\u{200b} Ana Souza"] {
            assert_eq!(Name::parse(typed).unwrap().as_str(), "Ana Souza", "{typed:?}");
        }
        for script in ["علی\u{200c}زاده", "ක්\u{200d}රිස්ටි", "Ana ❤\u{fe0f}"] {
            assert_eq!(Name::parse(script).unwrap().as_str(), script);
        }
    }

    #[test]
    fn a_person_is_greeted_by_the_first_word_and_a_company_by_its_whole_name() {
        assert_eq!(greeted("Ana Souza", false), "Ana");
        assert_eq!(greeted("Padaria Pão Quente Ltda.", true), "Padaria Pão Quente Ltda.");
        assert_eq!(greeted("Promo evil dot com", true), "");
    }

    #[test]
    fn the_first_word_greets() {
        assert_eq!(Name::parse("  Rian \u{a0} Lucas Silva").unwrap().first(), "Rian");
        assert_eq!(Name::parse("Ana").unwrap().first(), "Ana");
        for away in ["Promo evil dot com", "Ana t.co/x", "Ligue 0800 123 4567"] {
            assert_eq!(Name::parse(away).unwrap().first(), "", "{away}");
        }
    }

    #[test]
    fn a_short_text_may_be_left_out() {
        assert_eq!(ShortText::parse_optional("  "), Ok(None));
        assert_eq!(ShortText::parse_optional(" UFMG ").unwrap().unwrap().as_str(), "UFMG");
    }

    proptest! {
        #[test]
        fn the_canonical_form_is_a_fixed_point(typed in any::<String>()) {
            if let Ok(name) = Name::parse(&typed) {
                prop_assert!(name.as_str().starts_with(name.first()));
                prop_assert_eq!(name.first().is_empty(), leads_away(name.as_str()));
                prop_assert_eq!(Name::parse(name.as_str()), Ok(name));
            }
        }

        #[test]
        fn letters_of_every_script_make_a_name(typed in "\\p{L}{1,20}( \\p{L}{1,20}){0,3}") {
            // The Hangul fillers are letters by category and yet drawn as nothing.
            prop_assume!(typed.chars().any(|c| !" \u{115f}\u{1160}\u{3164}\u{ffa0}".contains(c)));
            let name = Name::parse(&typed).unwrap();
            prop_assert_eq!(name.as_str(), typed);
        }
    }
}
