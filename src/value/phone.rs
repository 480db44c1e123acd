//! Brazilian phone numbers (docs/standards.md#phones).
//!
//! By hand and not by the `phonenumber` crate: that weighs 2 MB of WASM and takes too much here (extensions, carrier and
//! collect prefixes, 0800, `+1`).

use super::check_digits::on_paper;
use super::pasted;
use crate::error::FieldError;

/// A Brazilian phone number. Canonical form: E.164, `+55` and 10 (fixed) or 11 (mobile) digits.
///
/// Source: seed 000 and seed 004 (`phone`), the numbering plan as libphonenumber 9.0.33 has it (docs/standards.md#phones). That a
/// number is well made does not say that it is in use, or whose it is: that is what the code proves.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Phone(String);

redacted!(Phone);
serde_as_text!(Phone, as_str, parse);

impl Phone {
    /// Reads a fixed or mobile number. A mobile of eight digits, as they were until 2016, is completed by its ninth digit: both ways to
    /// write it are one number. `()`, `-`, `.`, white space, a `+` before the first digit, the country code 55 and
    /// one trunk 0 before the DDD are tolerated.
    ///
    /// # Errors
    /// [`FieldError::Required`] when blank, else [`FieldError::PhoneInvalid`]: letters, an extension, another
    /// country, 0800, a carrier's code (`0 15 11 …`), an unknown DDD, or a subscriber number that is neither fixed nor
    /// mobile.
    pub fn parse(typed: &str) -> Result<Self, FieldError> {
        let typed = &*pasted::read(typed);
        if typed.is_empty() {
            return Err(FieldError::Required);
        }
        let (digits, plus) = digits(typed).ok_or(FieldError::PhoneInvalid)?;
        let national = national(&digits, plus).ok_or(FieldError::PhoneInvalid)?;
        Ok(if is_old_mobile(national) {
            if is_cut_short(typed) {
                return Err(FieldError::PhoneInvalid);
            }
            Self(on_paper(national, "+55##9########"))
        } else {
            Self(["+55", national].concat())
        })
    }

    /// Parses a mobile number, which can receive a code by SMS or WhatsApp.
    ///
    /// # Errors
    /// Those of [`Phone::parse`], and [`FieldError::PhoneNotMobile`] for a fixed line (Twilio's 21614, told early).
    pub fn parse_mobile(typed: &str) -> Result<Self, FieldError> {
        let phone = Self::parse(typed)?;
        if phone.is_mobile() { Ok(phone) } else { Err(FieldError::PhoneNotMobile) }
    }

    /// Returns whether [`Phone::parse`] completed what was typed by the ninth digit, so that the person should see it.
    pub fn completes(typed: &str) -> bool {
        let typed = pasted::read(typed);
        !is_cut_short(&typed) && digits(&typed).is_some_and(|(digits, plus)| national(&digits, plus).is_some_and(is_old_mobile))
    }

    /// E.164: `+5511987654321`. Unique across accounts in this form.
    pub fn e164(&self) -> &str {
        &self.0
    }

    /// Same as [`Phone::e164`], under the name that all values share.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// DDD and number, 10 or 11 digits: `11987654321`.
    pub fn national(&self) -> &str {
        &self.0[3..]
    }

    /// Returns the area code, two digits: `11`. It only suggests the state, because people move and keep their number.
    pub fn ddd(&self) -> &str {
        &self.0[3..5]
    }

    /// Returns whether it is a mobile number: 11 digits, the third a 9.
    pub fn is_mobile(&self) -> bool {
        self.0.len() == 14
    }

    /// `(11) *****-4321`, or `(11) ****-4321` for a fixed line: what a page may show of it.
    pub fn masked(&self) -> String {
        let (head, tail) = self.subscriber();
        format!("({}) {}-{tail}", self.ddd(), "*".repeat(head.len()))
    }

    /// `(11) 98765-4321`: as it is written in Brazil, for its owner.
    pub fn formatted(&self) -> String {
        on_paper(self.0.strip_prefix("+55").unwrap_or_default(), if self.is_mobile() { "(##) #####-####" } else { "(##) ####-####" })
    }

    /// The number without its DDD, split before its last four digits.
    fn subscriber(&self) -> (&str, &str) {
        self.0[5..].split_at(self.0.len() - 9)
    }
}

/// Returns the digits and whether a `+` precedes them; `None`: there is a character that no phone number has.
fn digits(typed: &str) -> Option<(String, bool)> {
    let mut digits = String::new();
    let mut plus = false;
    for c in typed.chars() {
        match c {
            '0'..='9' => digits.push(c),
            // In any other place a `+` would join two numbers into one.
            '+' if digits.is_empty() && !plus => plus = true,
            '(' | ')' | '-' | '.' => {}
            _ if c.is_whitespace() => {}
            _ => return None,
        }
    }
    Some((digits, plus))
}

/// DDD and number, if the digits are those of a Brazilian phone.
fn national(digits: &str, plus: bool) -> Option<&str> {
    let national = match digits.strip_prefix("55") {
        Some(rest) if plus => rest,
        // A `+` promises a country code: without this, `+1 198 765 4321` would be read as a number of São Paulo.
        None if plus => return None,
        // Up to 11 digits the 55 is the DDD of Santa Maria; with 14 there is a trunk 0 between.
        Some(rest) if (12..=14).contains(&digits.len()) => rest,
        _ => digits,
    };
    // One zero only: `0 15 11 …` keeps too many digits, and `0800` leaves 80, which is no DDD.
    let (national, trunk) = national.strip_prefix('0').map_or((national, false), |rest| (rest, true));
    let [a, b, first, rest @ ..] = national.as_bytes() else { return None };
    // 01 98765-4321 has a DDD that does not exist, and is no old mobile of 19 after a zero.
    let is_short_of_one = trunk && *b == b'9' && is_old_mobile(national);
    let is_subscriber = match first {
        // The mobiles of today, and those of eight digits.
        b'9' => rest.len() == 8 || rest.len() == 7,
        // 7 was trunk radio (Nextel), switched off, and never had a ninth digit.
        b'2'..=b'6' | b'8' => rest.len() == 7,
        _ => false,
    };
    (is_ddd(*a, *b) && is_subscriber && !is_short_of_one).then_some(national)
}

/// Returns whether it is a mobile as they were before the ninth digit (2012 to 2016): DDD and eight digits, the first of them 6, 8 or 9.
fn is_old_mobile(national: &str) -> bool {
    matches!(national.as_bytes(), [_, _, b'6' | b'8' | b'9', rest @ ..] if rest.len() == 7)
}

/// Returns whether the groups are those of a number of nine digits that lacks its end, `98765-432`: it is no number of eight.
fn is_cut_short(typed: &str) -> bool {
    let tail = typed.bytes().rev().take_while(|c| *c != b'-');
    tail.filter(u8::is_ascii_digit).count() < 4 && typed.bytes().any(|c| c == b'-')
}

/// The 67 DDDs (Anatel; docs/standards.md#phones): for each first digit the second ones, from 9 down to 0, as bits.
const DDDS: [u16; 10] = [
    0,
    0b11_1111_1110,
    0b01_1001_0110,
    0b01_1011_1110,
    0b11_1111_1110,
    0b00_0011_1010,
    0b11_1111_1110,
    0b10_1011_1010,
    0b11_1111_1110,
    0b11_1111_1110,
];

/// Returns whether the two ASCII digits are a DDD.
fn is_ddd(first: u8, second: u8) -> bool {
    DDDS.get(usize::from(first.wrapping_sub(b'0'))).is_some_and(|seconds| (seconds >> second.wrapping_sub(b'0')) & 1 == 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The list of the facts, written out: the rule is written as ranges.
    const DDDS: [u8; 67] = [
        11, 12, 13, 14, 15, 16, 17, 18, 19, 21, 22, 24, 27, 28, 31, 32, 33, 34, 35, 37, 38, 41, 42, 43, 44, 45, 46, 47, 48, 49, 51, 53, 54,
        55, 61, 62, 63, 64, 65, 66, 67, 68, 69, 71, 73, 74, 75, 77, 79, 81, 82, 83, 84, 85, 86, 87, 88, 89, 91, 92, 93, 94, 95, 96, 97, 98,
        99,
    ];

    fn any_phone() -> impl Strategy<Value = Phone> {
        (prop::sample::select(&DDDS[..]), prop_oneof!["9[0-9]{8}", "[2-5][0-9]{7}"])
            .prop_map(|(ddd, number)| Phone::parse(&format!("{ddd}{number}")).unwrap())
    }

    #[test]
    fn a_mobile_number_is_read_however_it_is_written() {
        for typed in [
            "11987654321",
            "(11) 98765-4321",
            "11 98765.4321",
            "+55 11 98765-4321",
            "+5511987654321",
            "5511987654321",
            "(+55) (11) 9 8765 4321",
            "011987654321",
            "(011) 98765-4321",
            "+55 (0) 11 98765-4321",
            "55 011 98765-4321",
            "\u{a0}11\u{a0}98765-4321\n",
        ] {
            let phone = Phone::parse(typed).expect(typed);
            assert_eq!((phone.e164(), phone.national(), phone.ddd(), phone.is_mobile()), ("+5511987654321", "11987654321", "11", true));
            assert_eq!(Phone::parse_mobile(typed), Ok(phone));
        }
    }

    #[test]
    fn a_fixed_line_is_a_phone_but_cannot_receive_a_code() {
        for typed in ["1134567890", "(11) 3456-7890", "+55 11 3456-7890", "551134567890", "01134567890", "5501134567890"] {
            let phone = Phone::parse(typed).expect(typed);
            assert_eq!((phone.e164(), phone.is_mobile()), ("+551134567890", false));
            assert_eq!(Phone::parse_mobile(typed), Err(FieldError::PhoneNotMobile));
        }
    }

    #[test]
    fn a_mobile_of_eight_digits_is_completed_and_both_forms_are_one() {
        for typed in ["1187654321", "(11) 8765-4321", "+55 11 8765-4321", "551187654321", "01187654321"] {
            let phone = Phone::parse_mobile(typed).expect(typed);
            assert_eq!(phone, Phone::parse("11987654321").unwrap(), "{typed}");
            assert!(Phone::completes(typed), "{typed}");
        }
        for (typed, whole) in [("1161234567", "+5511961234567"), ("2199998888", "+5521999998888"), ("5588887777", "+5555988887777")] {
            assert_eq!(Phone::parse(typed).unwrap().e164(), whole);
        }
        for cut in ["11 98765-432", "(11) 9876-543", "98765-432"] {
            assert_eq!((Phone::parse(cut), Phone::completes(cut)), (Err(FieldError::PhoneInvalid), false), "{cut}");
        }
        for whole in ["11987654321", "1134567890", "1171234567", "87654321", ""] {
            assert!(!Phone::completes(whole), "{whole}");
        }
    }

    #[test]
    fn the_ddd_55_is_not_taken_for_the_country() {
        assert_eq!(Phone::parse("55987654321").unwrap().e164(), "+5555987654321");
        assert_eq!(Phone::parse("5532123456").unwrap().e164(), "+555532123456");
        assert_eq!(Phone::parse("5555987654321").unwrap().e164(), "+5555987654321");
        assert_eq!(Phone::parse("+55 98765-4321"), Err(FieldError::PhoneInvalid));
    }

    #[test]
    fn what_is_no_brazilian_phone_is_refused() {
        for invalid in [
            "000", // 000, alternative flow 3a
            "00000000000",
            "20987654321", // no such DDD
            "52987654321",
            "11887654321",    // third digit is not 9
            "1171234567",     // trunk radio
            "987654321",      // no DDD
            "119876543210",   // one too many
            "01511987654321", // by carrier 15
            "0151134567890",
            "0 21 11 98765-4321",
            "9011987654321",   // collect
            "0011987654321",   // two zeros
            "005511987654321", // 00 is not + in Brazil
            "0800 123 4567",   // toll-free
            "08001234567",
            "8001234567",
            "0300 123 4567",
            "4004-1234",
            "190",
            "+1 500 555 0006", // another country
            "+1 198 765 4321", // and eleven digits that would be ours
            "+351 912 345 678",
            "+11987654321",
            "11 98765-4321 ext 3", // an extension
            "11 98765-4321 ramal 3",
            "11987654321;ext=3",
            "11987654321x3",
            "11987654321#",
            "11*87654321",
            "1198765432a",
            "１１９８７６５４３２１", // full width
            "11+987654321",           // two numbers
            "11987654321+",
            "++5511987654321",
            "tel:11987654321",
            "+",
            "()",
            "ana@exemplo.com.br",
            "11987654321 11987654321",
        ] {
            assert_eq!(Phone::parse(invalid), Err(FieldError::PhoneInvalid), "{invalid}");
            assert_eq!(Phone::parse_mobile(invalid), Err(FieldError::PhoneInvalid), "{invalid}");
        }
    }

    #[test]
    fn exactly_67_ddds_exist() {
        for ddd in 0_u8..100 {
            let digits = format!("{ddd:02}");
            let known = DDDS.contains(&ddd);
            assert_eq!(Phone::parse(&format!("{digits}987654321")).is_ok(), known, "mobile {digits}");
            assert_eq!(Phone::parse(&format!("{digits}34567890")).is_ok(), known, "fixed {digits}");
        }
    }

    #[test]
    fn repeated_digits_can_be_a_number() {
        assert!(Phone::parse("11999999999").is_ok());
        assert!(Phone::parse("11900000000").is_ok());
    }

    #[test]
    fn a_mask_leaves_the_ddd_and_the_last_four() {
        assert_eq!(Phone::parse("11987654321").unwrap().masked(), "(11) *****-4321");
        assert_eq!(Phone::parse("1134564321").unwrap().masked(), "(11) ****-4321");
        assert_eq!(Phone::parse("11987654321").unwrap().formatted(), "(11) 98765-4321");
        assert_eq!(Phone::parse("1134564321").unwrap().formatted(), "(11) 3456-4321");
    }

    proptest! {
        #[test]
        fn the_canonical_form_is_a_fixed_point(phone in any_phone()) {
            prop_assert_eq!(Phone::parse(phone.e164()), Ok(phone));
        }

        #[test]
        fn every_way_to_write_it_means_the_same(phone in any_phone()) {
            let national = phone.national();
            for typed in [phone.formatted(), national.into(), format!("0{national}"), format!("55{national}"), format!("+55 0{national}")] {
                prop_assert_eq!(Phone::parse(&typed), Ok(phone.clone()), "{}", typed);
            }
        }

        #[test]
        fn punctuation_does_not_matter(phone in any_phone(), noise in prop::collection::vec("[(). -]{0,2}", 11)) {
            let typed: String = phone.national().chars().zip(&noise).flat_map(|(c, n)| n.chars().chain(std::iter::once(c))).collect();
            prop_assert_eq!(Phone::parse(&typed), Ok(phone));
        }

        #[test]
        fn whatever_is_taken_is_well_made(typed in "[+]?[0-9]{8,15}") {
            if let Ok(phone) = Phone::parse(&typed) {
                prop_assert!(phone.e164().starts_with("+55"));
                let typed_so = if Phone::completes(&typed) { &phone.national()[3..] } else { phone.national() };
                prop_assert!(typed.ends_with(typed_so));
                prop_assert!(DDDS.contains(&phone.ddd().parse().unwrap()));
                let third = phone.national().as_bytes()[2];
                let fits = if phone.is_mobile() { third == b'9' } else { (b'2'..=b'5').contains(&third) };
                prop_assert!(fits);
            }
        }

        #[test]
        fn no_other_country_is_read_as_ours(number in "[0-9]{7,15}") {
            prop_assume!(!number.starts_with("55"));
            prop_assert_eq!(Phone::parse(&format!("+{number}")), Err(FieldError::PhoneInvalid));
        }
    }
}
