//! Cities (seed 004).

use super::printable;
use crate::error::FieldError;

/// The name of a city: 2–100 characters, by the same rules as a [`super::Name`]. Canonical form: trimmed, inner white
/// space collapsed.
///
/// Source: seed 004 (`city`). Not checked against the list of IBGE: 5 570 names in the browser, and districts are not in it.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct City(String);

redacted!(City);
serde_as_text!(City, as_str, parse);

impl City {
    /// The shortest, in Unicode scalar values.
    pub const SHORTEST: u16 = 2;
    /// The longest, in Unicode scalar values.
    pub const LONGEST: u16 = 100;

    /// Reads the name of a city.
    ///
    /// # Errors
    /// [`FieldError::Required`] when blank, [`FieldError::Unprintable`], [`FieldError::TooShort`] below 2
    /// characters, [`FieldError::TooLong`] above 100.
    pub fn parse(typed: &str) -> Result<Self, FieldError> {
        printable::between(typed, Self::SHORTEST, Self::LONGEST).map(Self)
    }

    /// The name of the city.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn cities_as_they_are_called_are_taken() {
        for city in ["São Paulo", "Ipê", "Itu", "Óbidos", "Santa Bárbara d'Oeste", "Vila Bela da Santíssima Trindade"] {
            assert_eq!(City::parse(&format!("  {city} ")).expect(city).as_str(), city);
        }
    }

    #[test]
    fn a_city_has_two_to_a_hundred_characters() {
        assert_eq!(City::parse(" Á "), Err(FieldError::TooShort { min: 2 }));
        assert!(City::parse("Ué").is_ok());
        assert!(City::parse(&"ã".repeat(100)).is_ok());
        assert_eq!(City::parse(&"ã".repeat(101)), Err(FieldError::TooLong { max: 100 }));
    }

    #[test]
    fn a_city_that_cannot_be_printed_is_refused() {
        for typed in ["São\nPaulo", "\u{202e}Itu", "\u{200b}\u{200b}"] {
            assert_eq!(City::parse(typed), Err(FieldError::Unprintable), "{typed:?}");
        }
    }

    proptest! {
        #[test]
        fn the_canonical_form_is_a_fixed_point(typed in any::<String>()) {
            if let Ok(city) = City::parse(&typed) {
                prop_assert_eq!(City::parse(city.as_str()), Ok(city));
            }
        }
    }
}
