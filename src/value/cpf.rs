//! CPF: the number of a natural person at the Receita Federal (docs/standards.md#cpf-and-cnpj).

use super::{check_digits, pasted};
use crate::error::FieldError;

/// The highest weight of the sum; ten characters never wrap around.
const HIGHEST_WEIGHT: usize = 11;

/// A CPF with right check digits. Canonical form: 11 ASCII digits.
///
/// Source: seed 004 (`cpf`), seed 002 (recovery), docs/standards.md#cpf-and-cnpj. Seed 004's own sample, `12345678901`, is invalid.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Cpf(String);

redacted!(Cpf);
serde_as_text!(Cpf, as_str, parse);

impl Cpf {
    /// Parses a CPF. `.`, `-` and white space are accepted anywhere.
    ///
    /// # Errors
    /// [`FieldError::Required`] when blank, [`FieldError::CpfInvalid`] when it is not 11 ASCII digits, repeats
    /// one digit, or its check digits are off.
    pub fn parse(typed: &str) -> Result<Self, FieldError> {
        let typed = &*pasted::read(typed);
        if typed.is_empty() {
            return Err(FieldError::Required);
        }
        let digits = check_digits::without(typed, &['.', '-']);
        let bytes = digits.as_bytes();
        let right = bytes.len() == 11
            && bytes.iter().all(u8::is_ascii_digit)
            && !check_digits::is_one_repeated(bytes)
            && check_digits::are_right(bytes, HIGHEST_WEIGHT);
        if right { Ok(Self(digits)) } else { Err(FieldError::CpfInvalid) }
    }

    /// The 11 digits. For sealing and for the keyed index, never for a log.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// `***.982.247-**`: the convention of public bodies (docs/standards.md#masks). Shown to its owner only.
    pub fn masked(&self) -> String {
        format!("***.{}.{}-**", &self.0[3..6], &self.0[6..9])
    }

    /// `529.982.247-25`: the whole number as it stands on paper, for its owner.
    pub fn formatted(&self) -> String {
        check_digits::on_paper(&self.0, "###.###.###-##")
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Any CPF: nine digits and the two that belong to them, found by the parser itself.
    pub(crate) fn any_cpf() -> impl Strategy<Value = Cpf> {
        "[0-9]{9}".prop_filter_map("repeated digits", |body| (0..100).find_map(|check| Cpf::parse(&format!("{body}{check:02}")).ok()))
    }

    #[test]
    fn the_valid_vectors_of_the_facts_are_taken() {
        for valid in [
            "529.982.247-25",
            "111.444.777-35",
            "255.248.930-33",
            "390.533.447-05",
            "123.456.789-09",
            "012.345.678-90",
            "000.000.001-91",
            "987.654.321-00",
        ] {
            assert_eq!(Cpf::parse(valid).expect(valid).formatted(), valid);
        }
    }

    #[test]
    fn the_invalid_vectors_of_the_facts_are_refused() {
        for invalid in [
            "123.456.789-00",
            "12345678901", // seed 004's own sample: the right check digits are 09
            "5299822472",
            "529982247250",
            "529.982.247-2A",
            "abcdefghijk",
            "５２９９８２２４７２５",
            "529/982/247-25",
            ".-.",
        ] {
            assert_eq!(Cpf::parse(invalid), Err(FieldError::CpfInvalid), "{invalid}");
        }
    }

    #[test]
    fn the_ten_repeated_digits_are_refused_though_their_sums_are_right() {
        for digit in '0'..='9' {
            assert_eq!(Cpf::parse(&digit.to_string().repeat(11)), Err(FieldError::CpfInvalid));
        }
    }

    #[test]
    fn a_mask_hides_the_first_three_and_the_last_two() {
        assert_eq!(Cpf::parse("52998224725").unwrap().masked(), "***.982.247-**");
    }

    // Remainders 0 and 1 both give the check digit 0, so a slip from one to the other cannot be seen. No fault of ours:
    // both numbers are CPFs, and the Receita may have given either to somebody.
    #[test]
    fn two_cpfs_can_differ_in_one_digit_only() {
        assert!(Cpf::parse("173.450.246-01").is_ok());
        assert!(Cpf::parse("073.450.246-01").is_ok());
    }

    proptest! {
        #[test]
        fn the_canonical_form_is_a_fixed_point(cpf in any_cpf()) {
            prop_assert_eq!(Cpf::parse(cpf.as_str()), Ok(cpf));
        }

        #[test]
        fn the_formatted_form_reads_back(cpf in any_cpf()) {
            prop_assert_eq!(Cpf::parse(&cpf.formatted()), Ok(cpf));
        }

        #[test]
        fn punctuation_does_not_matter(cpf in any_cpf(), noise in prop::collection::vec("[. -]{0,2}", 11)) {
            let typed: String = cpf.as_str().chars().zip(&noise).flat_map(|(c, n)| std::iter::once(c).chain(n.chars())).collect();
            prop_assert_eq!(Cpf::parse(&typed), Ok(cpf));
        }

        #[test]
        fn a_single_wrong_digit_is_seen_but_for_the_two_holes_of_the_sum(cpf in any_cpf(), at in 0_usize..11, by in 1_u8..10) {
            let right = cpf.as_str().as_bytes();
            let mut wrong = right.to_vec();
            wrong[at] = b'0' + (right[at] - b'0' + by) % 10;
            let hole = match (at, wrong[at].abs_diff(right[at])) {
                (0, 1) => right[9] == b'0',
                (5, 2 | 9) => &right[9..] == b"00",
                _ => false,
            };
            prop_assume!(!hole);
            prop_assert_eq!(Cpf::parse(std::str::from_utf8(&wrong).unwrap()), Err(FieldError::CpfInvalid));
        }
    }
}
