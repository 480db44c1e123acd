//! One-time codes (SPEC §4).

use super::{check_digits, pasted};
use crate::error::FieldError;

/// The most digits of a code: as many as always fit in a `u64`.
const MAX_DIGITS: u8 = 19;

/// A one-time code: a fixed number of ASCII digits, including leading zeros. Canonical form: the digits.
///
/// It is text, because as a number one code in ten would lose its first digit. Codes are checked by their keyed hash, because
/// `==` is not constant-time. Source: seed 000 (6 digits), seed 004 (8 digits), ASVS 6.5.4.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Code(String);

redacted!(Code);
serde_as_text!(Code, as_str, stored);

impl Code {
    /// Reads a code of exactly `digits` digits. White space, newlines and hyphens are tolerated: a code is often pasted
    /// (SPEC §11).
    ///
    /// # Errors
    /// [`FieldError::Required`] when blank, else [`FieldError::CodeShape`].
    pub fn parse(typed: &str, digits: u8) -> Result<Self, FieldError> {
        let typed = &*pasted::read(typed);
        if typed.is_empty() {
            return Err(FieldError::Required);
        }
        let code = check_digits::without(typed, &['-']);
        let right = !code.is_empty() && code.len() == usize::from(digits) && code.bytes().all(|c| c.is_ascii_digit());
        if right { Ok(Self(code)) } else { Err(FieldError::CodeShape { digits }) }
    }

    /// Creates a code from a random number, padded with zeros on the left to `digits` digits (clamped to 1–19).
    ///
    /// `n` must be uniformly random below 10^`digits`. Of a larger one the last digits are taken.
    pub fn from_number(n: u64, digits: u8) -> Self {
        let digits = digits.clamp(1, MAX_DIGITS);
        let n = n % 10_u64.pow(u32::from(digits));
        Self(format!("{n:0width$}", width = usize::from(digits)))
    }

    /// The digits. To send and to hash, never for a log.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Parses a code that we stored in the sealed row of a message: digits only, of any length.
    fn stored(text: &str) -> Result<Self, FieldError> {
        // Text longer than 255 becomes 0 digits, which `parse` refuses.
        Self::parse(text, u8::try_from(text.len()).unwrap_or(0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn leading_zeros_are_kept() {
        assert_eq!(Code::parse("000042", 6).unwrap().as_str(), "000042");
        assert_eq!(Code::from_number(42, 6).as_str(), "000042");
        assert_eq!(Code::from_number(0, 8).as_str(), "00000000");
    }

    #[test]
    fn pasted_codes_are_understood() {
        for typed in [" 123456 ", "123 456", "123-456", "1 2 3 4 5 6", "123456\r\n", "123\n456", "\u{a0}123\u{a0}456"] {
            assert_eq!(Code::parse(typed, 6).expect(typed).as_str(), "123456");
        }
    }

    #[test]
    fn anything_else_is_no_code() {
        for typed in ["12345", "1234567", "12345a", "１２３４５６", "+12345", "123.456", "12345٦", "-", "seu codigo e 123456"] {
            assert_eq!(Code::parse(typed, 6), Err(FieldError::CodeShape { digits: 6 }), "{typed:?}");
        }
        assert_eq!(Code::parse("-", 0), Err(FieldError::CodeShape { digits: 0 }));
    }

    #[test]
    fn a_number_too_large_gives_its_last_digits_and_never_a_longer_code() {
        assert_eq!(Code::from_number(123_456_789, 6).as_str(), "456789");
        assert_eq!(Code::from_number(7, 0).as_str(), "7");
        assert_eq!(Code::from_number(u64::MAX, 255).as_str().len(), 19);
    }

    proptest! {
        #[test]
        fn a_code_made_is_a_code_read(n in any::<u64>(), digits in 1_u8..=19) {
            let code = Code::from_number(n, digits);
            prop_assert_eq!(code.as_str().len(), usize::from(digits));
            prop_assert_eq!(Code::parse(code.as_str(), digits), Ok(code.clone()));
            prop_assert_eq!(Code::try_from(code.as_str().to_owned()), Ok(code));
        }

        #[test]
        fn punctuation_does_not_matter(code in "[0-9]{8}", noise in prop::collection::vec("[ \n-]{0,2}", 8)) {
            let typed: String = code.chars().zip(&noise).flat_map(|(c, n)| n.chars().chain(std::iter::once(c))).collect();
            prop_assert_eq!(Code::parse(&typed, 8), Code::parse(&code, 8));
        }
    }
}
