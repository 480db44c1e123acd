//! CNPJ: the number of a legal entity at the Receita Federal, numeric or alphanumeric (docs/standards.md#cpf-and-cnpj).

use super::{check_digits, pasted};
use crate::error::FieldError;

/// The highest weight of the sum; after 9 the weights restart at 2.
const HIGHEST_WEIGHT: usize = 9;

/// A CNPJ with right check digits. Canonical form: 12 characters of `0-9A-Z`, then 2 digits.
///
/// Old and new numbers follow one rule: IN RFB 2.229/2024, in force since July 2026; numeric ones stay as they are.
/// All letters `A`–`Z` are allowed. Some sources exclude I, O, U, Q and F, but the manual of the Receita accepts them (trap a in
/// docs/standards.md#cpf-and-cnpj). Source: seeds 001 and 002.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Cnpj(String);

redacted!(Cnpj);
serde_as_text!(Cnpj, as_str, parse);

impl Cnpj {
    /// Parses a CNPJ. Lower-case letters are accepted, and `.`, `/`, `-` and white space anywhere.
    ///
    /// # Errors
    /// [`FieldError::Required`] when blank, [`FieldError::CnpjInvalid`] when the shape or the check digits are off
    /// or one character is repeated.
    pub fn parse(typed: &str) -> Result<Self, FieldError> {
        let typed = &*pasted::read(typed);
        if typed.is_empty() {
            return Err(FieldError::Required);
        }
        // ASCII only: `to_uppercase` would turn `ı` (dotless) into `I` and `ß` into `SS`.
        let chars = check_digits::without(typed, &['.', '/', '-']).to_ascii_uppercase();
        let bytes = chars.as_bytes();
        let right = bytes.len() == 14
            && bytes.iter().enumerate().all(|(place, c)| c.is_ascii_digit() || (place < 12 && c.is_ascii_uppercase()))
            && !check_digits::is_one_repeated(bytes)
            && check_digits::are_right(bytes, HIGHEST_WEIGHT);
        if right { Ok(Self(chars)) } else { Err(FieldError::CnpjInvalid) }
    }

    /// The 14 characters. For sealing and for the keyed index, never for a log.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// `**.ABC.345/01DE-**`: hides the ends, as a CPF's mask does.
    pub fn masked(&self) -> String {
        format!("**.{}.{}/{}-**", &self.0[2..5], &self.0[5..8], &self.0[8..12])
    }

    /// `12.ABC.345/01DE-35`: the whole number as it stands on paper, for its owner.
    pub fn formatted(&self) -> String {
        check_digits::on_paper(&self.0, "##.###.###/####-##")
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Any CNPJ: twelve characters and the two digits that belong to them, found by the parser itself.
    pub(crate) fn any_cnpj() -> impl Strategy<Value = Cnpj> {
        prop_oneof!["[0-9A-Z]{12}", "[0-9]{12}"]
            .prop_filter_map("twelve zeros", |body| (0..100).find_map(|check| Cnpj::parse(&format!("{body}{check:02}")).ok()))
    }

    #[test]
    fn the_valid_vectors_of_the_facts_are_taken() {
        for valid in [
            "12.ABC.345/01DE-35", // the official example: RFB FAQ, question 14
            "1345C3A5000106",     // SERPRO
            "R55231B3000757",
            "90.021.382/0001-22",
            "90.024.778/0001-23",
            "90.025.108/0001-21",
            "90.025.255/0001-00", // 00 is a legal pair of check digits
            "90.024.420/0001-09",
            "90.024.778/000123",  // partly punctuated, as SERPRO accepts it
            "AL.R0K.4K9/0001-68", // the National Simulator
            "AL.R0K.4K9/VYY0-41",
            "32.AYM.RED/0001-08",
            "S8.T45.HLW/J0ZT-28",
            "DA.HWQ.8TY/P4PL-23",
            "11.222.333/0001-81", // as they always were
            "11.444.777/0001-61",
            "33.000.167/0001-01",
            "00.000.000/0001-91",
        ] {
            let bare = check_digits::without(valid, &['.', '/', '-']);
            assert_eq!(Cnpj::parse(valid).expect(valid).as_str(), bare);
        }
    }

    #[test]
    fn the_invalid_vectors_of_the_facts_are_refused() {
        for invalid in [
            "R55231B3000700",      // check digits
            "90.025.108/000101",   // check digits
            "90.025.255/0001",     // length
            "90.024.420/0001A2",   // a letter among the check digits
            "1345c3A5000107",      // small letters are read, wrong ones still refused
            "00000000000000",      // its sum is right
            "12.ABC.345/01DE-350", // one too many
            "12.ABÇ.345/01DE-35",
            "１1.222.333/0001-81",
            "12_ABC_345_01DE_35",
        ] {
            assert_eq!(Cnpj::parse(invalid), Err(FieldError::CnpjInvalid), "{invalid}");
        }
    }

    #[test]
    fn small_letters_are_understood_where_serpro_refuses_them() {
        assert_eq!(Cnpj::parse("1345c3A5000106").unwrap().as_str(), "1345C3A5000106");
    }

    #[test]
    fn repeated_characters_are_refused() {
        for c in ('0'..='9').chain('A'..='Z') {
            assert_eq!(Cnpj::parse(&c.to_string().repeat(14)), Err(FieldError::CnpjInvalid), "{c}");
        }
    }

    #[test]
    fn a_mask_hides_both_ends() {
        assert_eq!(Cnpj::parse("12ABC34501DE35").unwrap().masked(), "**.ABC.345/01DE-**");
    }

    #[test]
    fn typing_o_for_zero_or_i_for_one_is_caught() {
        for (right, wrong) in [("11222333000181", "1122233300O181"), ("11222333000181", "I1222333000181")] {
            assert!(Cnpj::parse(right).is_ok());
            assert_eq!(Cnpj::parse(wrong), Err(FieldError::CnpjInvalid));
        }
    }

    // Remainders 0 and 1 both give the check digit 0: a slip from one to the other cannot be seen.
    #[test]
    fn two_cnpjs_can_differ_in_one_digit_only() {
        assert!(Cnpj::parse("16.640.901/8993-00").is_ok());
        assert!(Cnpj::parse("16.640.901/6993-00").is_ok());
    }

    proptest! {
        #[test]
        fn the_canonical_form_is_a_fixed_point(cnpj in any_cnpj()) {
            prop_assert_eq!(Cnpj::parse(cnpj.as_str()), Ok(cnpj));
        }

        #[test]
        fn the_formatted_form_reads_back_in_either_case(cnpj in any_cnpj()) {
            prop_assert_eq!(Cnpj::parse(&cnpj.formatted()), Ok(cnpj.clone()));
            prop_assert_eq!(Cnpj::parse(&cnpj.formatted().to_lowercase()), Ok(cnpj));
        }

        #[test]
        fn punctuation_does_not_matter(cnpj in any_cnpj(), noise in prop::collection::vec("[./ -]{0,2}", 14)) {
            let typed: String = cnpj.as_str().chars().zip(&noise).flat_map(|(c, n)| std::iter::once(c).chain(n.chars())).collect();
            prop_assert_eq!(Cnpj::parse(&typed), Ok(cnpj));
        }

        // Digits only: modulo 11 some characters fall together (F and Q with 0; docs/standards.md#cpf-and-cnpj).
        #[test]
        fn a_single_wrong_digit_is_seen_but_for_the_holes_of_the_sum(body in "[0-9A-Z]{12}", at in 0_usize..12, digit in 0_u8..10, by in 1_u8..10) {
            let mut right = body.into_bytes();
            right[at] = b'0' + digit;
            let mut wrong = right.clone();
            wrong[at] = b'0' + (digit + by) % 10;
            let [right, wrong] = [right, wrong].map(|chars| String::from_utf8(chars).unwrap());
            for check in 0..100 {
                let hole = check == 0 && matches!((at, wrong.as_bytes()[at].abs_diff(right.as_bytes()[at])), (0 | 8, 2 | 9) | (4, 5 | 6));
                if !hole && Cnpj::parse(&format!("{right}{check:02}")).is_ok() {
                    prop_assert_eq!(Cnpj::parse(&format!("{wrong}{check:02}")), Err(FieldError::CnpjInvalid));
                }
            }
        }

        #[test]
        fn only_one_pair_of_check_digits_is_right(cnpj in any_cnpj()) {
            let body = &cnpj.as_str()[..12];
            prop_assert_eq!((0..100).filter(|check| Cnpj::parse(&format!("{body}{check:02}")).is_ok()).count(), 1);
        }
    }
}
