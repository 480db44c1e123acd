//! The values of the domain, validated once when they are parsed.
//!
//! Every type guarantees its rule: a [`Cpf`] always has right check digits, in the browser as on the server (ASVS 2.2.1 and
//! 2.2.2: one documented rule per field, and the server decides with the same code). `parse` takes what a person types and returns
//! the **canonical** form, so that equal values are equal strings and a database constraint can compare them. Parsing a canonical
//! form again changes nothing.
//!
//! Personal data cannot be printed by accident: `Debug` is redacted and there is no `Display` (ASVS 16.2.5). What a page
//! may show of a value comes from `masked()`, what only its owner may see from `formatted()` or `as_str()`.
//!
//! `parse` accepts pasted text ([`pasted`]): it drops invisible characters and accepts every kind of dash and space.
//!
//! Rejected: regular expressions (a megabyte of WASM for a dozen rules) and `char::is_numeric` for numbers: only ASCII
//! digits count, or a full-width `１` would be a second spelling of the same CPF (trap g in docs/standards.md#cpf-and-cnpj).

/// `Serialize` as the canonical string, `Deserialize` and `TryFrom<String>` through `parse`: a draft or a row that was
/// tampered with, or was written under older rules, cannot bring a wrong value in.
macro_rules! serde_as_text {
    ($type:ident, $text:ident, $parse:ident) => {
        impl TryFrom<String> for $type {
            type Error = $crate::error::FieldError;

            fn try_from(text: String) -> Result<Self, Self::Error> {
                Self::$parse(&text)
            }
        }

        impl serde::Serialize for $type {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.$text().as_ref())
            }
        }

        impl<'de> serde::Deserialize<'de> for $type {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = <String as serde::Deserialize>::deserialize(deserializer)?;
                // `FieldError` never carries what was typed, so its `Debug` may stand in an error that is logged.
                Self::$parse(&text).map_err(|error| serde::de::Error::custom(format_args!("{error:?}")))
            }
        }
    };
}

/// `Debug` that names the type and hides the value.
macro_rules! redacted {
    ($type:ident) => {
        impl std::fmt::Debug for $type {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(concat!(stringify!($type), "(***)"))
            }
        }
    };
}

mod birth_date;
mod check_digits;
mod city;
mod cnpj;
mod code;
mod cpf;
mod crop;
mod document;
mod email;
mod gender;
mod lure;
mod misspelt;
mod name;
mod password;
mod pasted;
mod phone;
mod printable;
mod state;
mod username;

pub use birth_date::BirthDate;
pub use city::City;
pub use cnpj::Cnpj;
pub use code::Code;
pub use cpf::Cpf;
pub use crop::{Crop, Square};
pub use document::Document;
pub use email::Email;
pub use gender::Gender;
pub use lure::leads_away;
pub use name::{Name, ShortText, first_word, greeted};
pub use password::{Password, PasswordPolicy, Requirement, Strength};
pub use pasted::is_blank;
pub(crate) use pasted::read as as_pasted;
#[cfg(test)]
pub(crate) use pasted::tests::pasted as pasted_as_it_comes;
pub use phone::Phone;
pub use state::State;
pub use username::Username;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::FieldError;
    use proptest::prelude::*;
    use serde::{Deserialize, Serialize};

    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct Draft {
        name: Name,
        institution: Option<ShortText>,
        username: Username,
        email: Email,
        phone: Phone,
        cpf: Cpf,
        cnpj: Cnpj,
        document: Document,
        born: BirthDate,
        gender: Gender,
        state: State,
        city: City,
        code: Code,
    }

    fn draft() -> Draft {
        let today = time::Date::from_calendar_date(2026, time::Month::August, 20).unwrap();
        Draft {
            name: Name::parse("Rian Lucas").unwrap(),
            institution: ShortText::parse_optional("Escola Livre").unwrap(),
            username: Username::parse("RianLucas").unwrap(),
            email: Email::parse("Usuario@Email.com").unwrap(),
            phone: Phone::parse("(11) 98765-4321").unwrap(),
            cpf: Cpf::parse("529.982.247-25").unwrap(),
            cnpj: Cnpj::parse("12.abc.345/01de-35").unwrap(),
            document: Document::parse("111.444.777-35").unwrap(),
            born: BirthDate::parse("2000-01-15", today).unwrap(),
            gender: Gender::parse("F").unwrap(),
            state: State::parse("SP").unwrap(),
            city: City::parse("São Paulo").unwrap(),
            code: Code::parse("012345", 6).unwrap(),
        }
    }

    #[test]
    fn a_draft_travels_through_json_as_canonical_strings() {
        let json = serde_json::to_value(draft()).unwrap();
        assert_eq!(
            json,
            serde_json::json!({
                "name": "Rian Lucas", "institution": "Escola Livre", "username": "rianlucas", "email": "usuario@email.com",
                "phone": "+5511987654321", "cpf": "52998224725", "cnpj": "12ABC34501DE35", "document": "11144477735",
                "born": "2000-01-15", "gender": "F", "state": "SP", "city": "São Paulo", "code": "012345",
            })
        );
        assert_eq!(serde_json::from_value::<Draft>(json).unwrap(), draft());
    }

    #[test]
    fn a_draft_with_one_wrong_value_is_not_read_and_the_error_does_not_repeat_it() {
        for (field, wrong) in
            [("cpf", "52998224724"), ("phone", "+15005550006"), ("born", "2001-02-29"), ("code", "12a456"), ("state", "sp")]
        {
            let mut json = serde_json::to_value(draft()).unwrap();
            json[field] = wrong.into();
            let error = serde_json::from_value::<Draft>(json).unwrap_err().to_string();
            assert!(!error.contains(wrong), "{error}");
        }
    }

    #[test]
    fn debug_shows_nothing_of_a_person() {
        let shown = format!("{:?} {:?}", draft(), Password::for_login("senha12345").unwrap());
        for secret in ["Rian", "rian", "Escola", "usuario", "8765", "9822", "ABC", "4447", "2000", "Paulo", "12345", "senha"] {
            assert!(!shown.contains(secret), "{secret} in {shown}");
        }
    }

    /// What a person can come up with: anything, and things that are nearly right.
    fn typed() -> impl Strategy<Value = String> {
        prop_oneof![any::<String>(), "[ -~]{0,40}", "[0-9A-Za-z./() +@-]{0,20}", "[0-9\u{ff10}-\u{ff19}. -]{9,16}", "\\s{0,4}"]
    }

    /// One spelling of each value, out of a clipboard.
    fn pasted_values() -> impl Strategy<Value = [String; 9]> {
        let spellings = [
            " (11) 98765-4321 ",
            "529.982.247-25",
            "12.ABC.345/01DE-35",
            " 012-345 ",
            " ana-maria@ex-emplo.com ",
            " rian.lucas_9 ",
            " 2000-01-15 ",
            " SP ",
            " F ",
        ];
        spellings.map(|spelling| pasted::tests::pasted(spelling.to_owned()))
    }

    proptest! {
        #[test]
        fn no_string_makes_any_parser_panic(typed in typed(), digits in any::<u8>(), number in any::<u64>()) {
            let today = time::Date::MAX;
            let _ = (Cpf::parse(&typed), Cnpj::parse(&typed), Document::parse(&typed), Phone::parse(&typed), Phone::parse_mobile(&typed));
            let _ = (Email::parse(&typed), Name::parse(&typed), ShortText::parse_optional(&typed), Username::parse(&typed), City::parse(&typed));
            let _ = (State::parse(&typed), Gender::parse(&typed), BirthDate::parse(&typed, today), Code::parse(&typed, digits));
            let _ = (Password::for_login(&typed), Code::from_number(number, digits));
        }

        #[test]
        fn what_is_pasted_is_read_as_it_is_seen(pasted in pasted_values()) {
            let [phone, cpf, cnpj, code, email, username, born, state, gender] = pasted;
            let today = time::Date::MAX;
            prop_assert_eq!(Phone::parse(&phone), Phone::parse("11987654321"), "{:?}", phone);
            prop_assert_eq!(Phone::parse_mobile(&phone), Phone::parse("11987654321"), "{:?}", phone);
            prop_assert_eq!(Cpf::parse(&cpf), Cpf::parse("52998224725"), "{:?}", cpf);
            prop_assert_eq!(Document::parse(&cpf), Document::parse("52998224725"), "{:?}", cpf);
            prop_assert_eq!(Cnpj::parse(&cnpj), Cnpj::parse("12ABC34501DE35"), "{:?}", cnpj);
            prop_assert_eq!(Document::parse(&cnpj), Document::parse("12ABC34501DE35"), "{:?}", cnpj);
            prop_assert_eq!(Code::parse(&code, 6), Code::parse("012345", 6), "{:?}", code);
            prop_assert_eq!(Email::parse(&email), Email::parse("ana-maria@ex-emplo.com"), "{:?}", email);
            prop_assert_eq!(Username::parse(&username), Username::parse("rian.lucas_9"), "{:?}", username);
            prop_assert_eq!(BirthDate::parse(&born, today), BirthDate::parse("2000-01-15", today), "{:?}", born);
            prop_assert_eq!(State::parse(&state), Ok(State::Sp), "{:?}", state);
            prop_assert_eq!(Gender::parse(&gender), Ok(Gender::Female), "{:?}", gender);
        }

        #[test]
        fn nothing_visible_is_required_everywhere(blank in "[ \t\r\n\u{a0}\u{3000}]{0,5}") {
            let today = time::Date::MAX;
            prop_assert_eq!(Cpf::parse(&blank), Err(FieldError::Required));
            prop_assert_eq!(Cnpj::parse(&blank), Err(FieldError::Required));
            prop_assert_eq!(Document::parse(&blank), Err(FieldError::Required));
            prop_assert_eq!(Phone::parse(&blank), Err(FieldError::Required));
            prop_assert_eq!(Phone::parse_mobile(&blank), Err(FieldError::Required));
            prop_assert_eq!(Email::parse(&blank), Err(FieldError::Required));
            prop_assert_eq!(Name::parse(&blank), Err(FieldError::Required));
            prop_assert_eq!(ShortText::parse_optional(&blank), Ok(None));
            prop_assert_eq!(Username::parse(&blank), Err(FieldError::Required));
            prop_assert_eq!(City::parse(&blank), Err(FieldError::Required));
            prop_assert_eq!(State::parse(&blank), Err(FieldError::Required));
            prop_assert_eq!(Gender::parse(&blank), Err(FieldError::Required));
            prop_assert_eq!(BirthDate::parse(&blank, today), Err(FieldError::Required));
            prop_assert_eq!(Code::parse(&blank, 6), Err(FieldError::Required));
        }
    }
}
