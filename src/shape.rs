//! What a page judges and writes out of what is typed into a field, before the server does. By the values themselves
//! ([`crate::value`]), so that nobody is told otherwise than the server would.

use crate::error::FieldError;
use crate::field::Field;
use crate::value::{City, Cnpj, Cpf, Email, Name, Phone, Username, as_pasted};

/// What a field takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// A name, or a short text.
    Name,
    /// The name of a city.
    City,
    /// A user name.
    Username,
    /// An e-mail address.
    Email,
    /// A phone.
    Phone,
    /// A phone that takes codes.
    Mobile,
    /// A CPF.
    Cpf,
    /// A CNPJ.
    Cnpj,
    /// A CPF or a CNPJ.
    Document,
    /// An e-mail address, or a phone that takes codes.
    Contact,
    /// Whatever a person signs in with. Only whether an account has it decides.
    Identifier,
    /// A date of birth.
    BirthDate,
    /// Anything at all: one of some choices, or a password in force.
    Filled,
    /// A box that is to be ticked.
    Ticked,
}

/// What a page can say of a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// Nothing, while it is typed.
    Right,
    /// Nothing that can be seen stands there.
    Blank,
    /// Certainly wrong, as [`Shape::error_told`] says.
    Wrong,
    /// A date that is not in the past.
    NotPast,
    /// The server refuses it, and says why.
    Refused,
}

/// The first day that [`crate::value::BirthDate`] takes.
const EARLIEST: &str = "1900-01-01";

const CODES: [(&str, Shape); 14] = [
    ("name", Shape::Name),
    ("city", Shape::City),
    ("username", Shape::Username),
    ("email", Shape::Email),
    ("phone", Shape::Phone),
    ("mobile", Shape::Mobile),
    ("cpf", Shape::Cpf),
    ("cnpj", Shape::Cnpj),
    ("document", Shape::Document),
    ("contact", Shape::Contact),
    ("identifier", Shape::Identifier),
    ("birth-date", Shape::BirthDate),
    ("filled", Shape::Filled),
    ("ticked", Shape::Ticked),
];

impl Shape {
    /// Returns the shape of a field, where its form asks for nothing else; `None`: a page says nothing of it. A phone is one that takes
    /// codes.
    pub const fn of(field: Field) -> Option<Self> {
        Some(match field {
            Field::Name | Field::SocialName | Field::Institution | Field::FieldOfWork => Self::Name,
            Field::City => Self::City,
            Field::Username => Self::Username,
            Field::Email => Self::Email,
            Field::Phone => Self::Mobile,
            Field::Cpf => Self::Cpf,
            Field::Cnpj => Self::Cnpj,
            Field::Document => Self::Document,
            Field::Identifier => Self::Identifier,
            Field::BirthDate => Self::BirthDate,
            Field::Gender | Field::State | Field::Channel => Self::Filled,
            Field::Terms => Self::Ticked,
            _ => return None,
        })
    }

    /// Returns its name in a page.
    pub fn code(self) -> &'static str {
        CODES.iter().find(|(_, shape)| *shape == self).map_or("", |(code, _)| code)
    }

    /// Parses [`Shape::code`]; `None`: there is no such shape.
    pub fn by_code(code: &str) -> Option<Self> {
        CODES.iter().find(|(it, _)| *it == code).map(|(_, shape)| *shape)
    }

    /// Returns the error of a value that is [`Verdict::Wrong`]; `None`: no value of this shape is.
    pub const fn error_told(self) -> Option<FieldError> {
        match self {
            Self::Username => Some(FieldError::UsernameShape),
            Self::Email => Some(FieldError::EmailShape),
            Self::Phone | Self::Mobile => Some(FieldError::PhoneInvalid),
            Self::Cpf => Some(FieldError::CpfInvalid),
            Self::Cnpj => Some(FieldError::CnpjInvalid),
            Self::Document => Some(FieldError::DocumentInvalid),
            Self::BirthDate => Some(FieldError::DateShape),
            Self::Name | Self::City | Self::Contact | Self::Identifier | Self::Filled | Self::Ticked => None,
        }
    }

    /// Judges what was typed, where the person's date is `today` (`YYYY-MM-DD`). A box is judged by whether it is ticked, as `typed` that is
    /// empty or not.
    ///
    /// Documents, phones and user names are judged by their `parse`, a date as a browser gives it, which is a day that exists. Of the others
    /// only what a page can see at a glance, which keeps the browser's part small: what `parse` takes is right, unless it has a hundred
    /// spaces.
    pub fn judge(self, typed: &str, today: &str) -> Verdict {
        let seen = as_pasted(typed);
        if seen.is_empty() {
            return Verdict::Blank;
        }
        let is_right = match self {
            Self::Username => Username::parse(typed).is_ok(),
            Self::Email => Email::is_likely(typed),
            Self::Contact if typed.contains('@') => Email::is_likely(typed),
            Self::Phone => Phone::parse(typed).is_ok(),
            Self::Mobile | Self::Contact => match Phone::parse(typed) {
                Ok(phone) if !phone.is_mobile() => return Verdict::Refused,
                phone => phone.is_ok(),
            },
            Self::Cpf | Self::Cnpj | Self::Document => self.document(typed).is_some(),
            Self::BirthDate if typed >= today => return Verdict::NotPast,
            Self::BirthDate => typed >= EARLIEST,
            Self::City if typed.trim().chars().count() < usize::from(City::SHORTEST) => return Verdict::Refused,
            Self::Name | Self::City if seen.chars().count() > usize::from(Name::LONGEST) => return Verdict::Refused,
            _ => true,
        };
        match (is_right, self) {
            (true, _) => Verdict::Right,
            (false, Self::Contact) => Verdict::Refused,
            (false, _) => Verdict::Wrong,
        }
    }

    /// The document as it is written on paper, if it is one that this shape takes.
    fn document(self, typed: &str) -> Option<String> {
        let cpf = if self == Self::Cnpj { None } else { Cpf::parse(typed).ok() };
        match cpf {
            Some(cpf) => Some(cpf.formatted()),
            None if self == Self::Cpf => None,
            None => Some(Cnpj::parse(typed).ok()?.formatted()),
        }
    }

    /// Returns what was typed as it is written in Brazil; `None`: it stays as it is. An identifier is written out only if it can be nothing
    /// else: eleven digits may be a CPF, a phone and a user name of three people ([`crate::login::Identifier`]).
    pub fn written(self, typed: &str) -> Option<String> {
        let is_phone = matches!(self, Self::Phone | Self::Mobile | Self::Contact | Self::Identifier);
        let is_document = matches!(self, Self::Cpf | Self::Cnpj | Self::Document | Self::Identifier);
        if self == Self::Identifier && Username::parse(typed).is_ok() {
            return None;
        }
        let phone = if is_phone { Phone::parse(typed).ok() } else { None };
        let document = if is_document { self.document(typed) } else { None };
        match (phone, document) {
            (Some(phone), None) => Some(phone.formatted()),
            (None, document) => document,
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::login::Identifier;
    use crate::value::{Document, pasted_as_it_comes};
    use proptest::prelude::*;

    const TODAY: &str = "2026-11-28";

    #[test]
    fn a_shape_is_read_as_it_was_written() {
        for (code, shape) in CODES {
            assert_eq!((Shape::by_code(code), shape.code()), (Some(shape), code));
        }
        assert_eq!(Shape::by_code(""), None);
        assert!(Field::ALL.iter().filter_map(|field| Shape::of(*field)).all(|shape| !shape.code().is_empty()));
    }

    #[test]
    fn what_the_server_takes_is_right_and_what_it_refuses_is_not() {
        for (shape, right, other, verdict) in [
            (Shape::Name, "Ana", " ", Verdict::Blank),
            (Shape::City, "Xapuri", "A", Verdict::Refused),
            (Shape::Username, "Rian.Lucas", "joão", Verdict::Wrong),
            (Shape::Email, "ana@example.com", "ana@", Verdict::Wrong),
            (Shape::Phone, "1133334444", "119", Verdict::Wrong),
            (Shape::Mobile, "11987654321", "1133334444", Verdict::Refused),
            (Shape::Mobile, "(11) 98765-4321", "(10) 98765-4321", Verdict::Wrong),
            (Shape::Cpf, "52998224725", "52998224726", Verdict::Wrong),
            (Shape::Cnpj, "12abc34501de35", "12abc34501de36", Verdict::Wrong),
            (Shape::Document, "12abc34501de35", "529", Verdict::Wrong),
            (Shape::Contact, "ana@example.com", "ana@", Verdict::Refused),
            (Shape::Contact, "11987654321", "1133334444", Verdict::Refused),
            (Shape::Identifier, "anybody", "", Verdict::Blank),
            (Shape::BirthDate, "2000-01-15", "1899-12-31", Verdict::Wrong),
            (Shape::BirthDate, "2026-11-27", "2026-11-28", Verdict::NotPast),
            (Shape::Filled, "SP", "", Verdict::Blank),
            (Shape::Ticked, "true", "", Verdict::Blank),
        ] {
            assert_eq!(shape.judge(right, TODAY), Verdict::Right, "{shape:?} {right}");
            assert_eq!(shape.judge(other, TODAY), verdict, "{shape:?} {other}");
            assert!(verdict != Verdict::Wrong || shape.error_told().is_some(), "{shape:?}");
            assert!(verdict != Verdict::Wrong || shape.written(other).is_none(), "{shape:?} {other}");
        }
        let long = "ã".repeat(101);
        assert_eq!((Shape::Name.judge(&long, TODAY), Shape::Name.judge(&long[2..], TODAY)), (Verdict::Refused, Verdict::Right));
    }

    #[test]
    fn what_is_certain_is_written_as_it_stands_on_paper() {
        for (shape, typed, written) in [
            (Shape::Mobile, "11987654321", "(11) 98765-4321"),
            (Shape::Mobile, "+55 11 98765 4321", "(11) 98765-4321"),
            (Shape::Mobile, "(11) 8765-4321", "(11) 98765-4321"),
            (Shape::Phone, "1133334444", "(11) 3333-4444"),
            (Shape::Contact, "11 98765 4321", "(11) 98765-4321"),
            (Shape::Cpf, "529982247-25", "529.982.247-25"),
            (Shape::Cnpj, "12abc34501de35", "12.ABC.345/01DE-35"),
            (Shape::Document, "52998224725", "529.982.247-25"),
            (Shape::Document, "12abc34501de35", "12.ABC.345/01DE-35"),
            (Shape::Identifier, "(11) 987654321", "(11) 98765-4321"),
            (Shape::Identifier, "529982247-25", "529.982.247-25"),
            (Shape::Identifier, "12ABC345/01DE35", "12.ABC.345/01DE-35"),
        ] {
            assert_eq!(shape.written(typed).as_deref(), Some(written), "{shape:?} {typed}");
            assert_eq!(shape.written(written).as_deref(), Some(written), "again");
        }
    }

    #[test]
    fn what_is_not_stays_as_it_was_typed() {
        for (shape, typed) in [
            // A user name may be made of digits.
            (Shape::Identifier, "52998224725"),
            (Shape::Identifier, "11987654321"),
            (Shape::Identifier, "529.982.24725"),
            (Shape::Identifier, "ana@example.com"),
            (Shape::Identifier, ""),
            // A CPF, and a mobile of São Paulo.
            (Shape::Identifier, "119 291 417 18"),
            (Shape::Cpf, "12ABC34501DE35"),
            (Shape::Cnpj, "52998224725"),
            (Shape::Contact, "ana@example.com"),
            (Shape::Name, "11987654321"),
            (Shape::BirthDate, "2000-01-15"),
        ] {
            assert_eq!(shape.written(typed), None, "{shape:?} {typed}");
        }
    }

    /// Whether the server takes it, where one value decides that.
    fn is_taken(shape: Shape, typed: &str) -> bool {
        match shape {
            Shape::Name => Name::parse(typed).is_ok(),
            Shape::City => City::parse(typed).is_ok(),
            Shape::Username => Username::parse(typed).is_ok(),
            Shape::Phone => Phone::parse(typed).is_ok(),
            Shape::Cpf => Cpf::parse(typed).is_ok(),
            Shape::Cnpj => Cnpj::parse(typed).is_ok(),
            Shape::Document => Document::parse(typed).is_ok(),
            Shape::Email => Email::parse(typed).is_ok(),
            Shape::Contact if typed.contains('@') => Email::parse(typed).is_ok(),
            Shape::Mobile | Shape::Contact => Phone::parse_mobile(typed).is_ok(),
            Shape::Identifier => Identifier::parse(typed).is_ok(),
            // A browser gives a date in one way.
            Shape::BirthDate | Shape::Filled | Shape::Ticked => false,
        }
    }

    /// What people type and paste, right and nearly right.
    fn typed() -> impl Strategy<Value = String> {
        let right = prop::sample::select(vec![
            "Ana Souza",
            "Xapuri",
            "rian.lucas_9",
            " ana-maria@ex-emplo.com ",
            "ana@café.com.br",
            "(11) 98765-4321",
            "(11) 3333-4444",
            "529.982.247-25",
            "12.ABC.345/01DE-35",
            "",
            " - ",
        ]);
        prop_oneof![
            right.prop_flat_map(|text| pasted_as_it_comes(text.to_owned())),
            "[ -~\u{e3}\u{200b}\u{2003}]{0,8}@[a-z\u{e3}\u{ad} ]{1,6}[.。．][a-z \u{feff}]{1,4}",
            any::<String>(),
        ]
    }

    proptest! {
        #[test]
        fn whatever_the_server_takes_is_right(typed in typed()) {
            for (_, shape) in CODES {
                if is_taken(shape, &typed) {
                    prop_assert_eq!(shape.judge(&typed, TODAY), Verdict::Right, "{:?} {:?}", shape, typed);
                }
            }
        }
    }
}
