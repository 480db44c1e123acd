//! What a page judges and writes out of what is typed into a field, before the server does. By the values themselves
//! ([`crate::value`]), so that nobody is told otherwise than the server would.

use crate::error::FieldError;
use crate::field::Field;
use crate::value::{BirthDate, City, Cnpj, Cpf, Document, Email, Name, Phone, Username};
use time::Date;

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

    /// Returns the one error that a page tells when the field is left; `None`: what is wrong, only the server tells. A date that is not in
    /// the past is told too.
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

    /// Returns what is wrong with what was typed, where the person's date is `today`. A box is judged by whether it is ticked, as `typed`
    /// that is empty or not.
    ///
    /// # Errors
    /// Those of the value's `parse`.
    pub fn check(self, typed: &str, today: Date) -> Result<(), FieldError> {
        match self {
            Self::Name => Name::parse(typed).map(drop),
            Self::City => City::parse(typed).map(drop),
            Self::Username => Username::parse(typed).map(drop),
            Self::Phone => Phone::parse(typed).map(drop),
            Self::Contact if typed.contains('@') => Email::parse(typed).map(drop),
            Self::Email => Email::parse(typed).map(drop),
            Self::Mobile | Self::Contact => Phone::parse_mobile(typed).map(drop),
            Self::Cpf => Cpf::parse(typed).map(drop),
            Self::Cnpj => Cnpj::parse(typed).map(drop),
            Self::Document => Document::parse(typed).map(drop),
            Self::BirthDate => BirthDate::parse(typed, today).map(drop),
            Self::Identifier | Self::Filled | Self::Ticked if typed.is_empty() => Err(FieldError::Required),
            Self::Identifier | Self::Filled | Self::Ticked => Ok(()),
        }
    }

    /// Returns what was typed as it is written in Brazil; `None`: it stays as it is. An identifier is written out only if it can be nothing
    /// else: eleven digits may be a CPF, a phone and a user name of three people ([`crate::login::Identifier`]).
    pub fn written(self, typed: &str) -> Option<String> {
        let phone = || Some(Phone::parse(typed).ok()?.formatted());
        let document = || Some(Document::parse(typed).ok()?.formatted());
        match self {
            Self::Phone | Self::Mobile | Self::Contact => phone(),
            Self::Cpf | Self::Cnpj | Self::Document => document().filter(|_| self.check(typed, Date::MIN).is_ok()),
            Self::Identifier if Username::parse(typed).is_ok() => None,
            Self::Identifier => match (phone(), document()) {
                (None, one) | (one, None) => one,
                _ => None,
            },
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::Month;

    const TODAY: Date = match Date::from_calendar_date(2026, Month::November, 28) {
        Ok(date) => date,
        Err(_) => panic!("no such day"),
    };

    #[test]
    fn a_shape_is_read_as_it_was_written() {
        for (code, shape) in CODES {
            assert_eq!((Shape::by_code(code), shape.code()), (Some(shape), code));
        }
        assert_eq!(Shape::by_code(""), None);
        assert!(Field::ALL.iter().filter_map(|field| Shape::of(*field)).all(|shape| !shape.code().is_empty()));
    }

    #[test]
    fn what_the_server_takes_is_right_and_what_it_refuses_is_wrong_in_its_words() {
        for (shape, right, wrong, error) in [
            (Shape::Name, "Ana", " ", FieldError::Required),
            (Shape::City, "Xapuri", "A", FieldError::TooShort { min: 2 }),
            (Shape::Username, "Rian.Lucas", "joão", FieldError::UsernameShape),
            (Shape::Email, "ana@example.com", "ana@", FieldError::EmailShape),
            (Shape::Phone, "1133334444", "119", FieldError::PhoneInvalid),
            (Shape::Mobile, "11987654321", "1133334444", FieldError::PhoneNotMobile),
            (Shape::Cpf, "52998224725", "52998224726", FieldError::CpfInvalid),
            (Shape::Cnpj, "12abc34501de35", "12abc34501de36", FieldError::CnpjInvalid),
            (Shape::Document, "12abc34501de35", "529", FieldError::DocumentInvalid),
            (Shape::Contact, "ana@example.com", "ana@", FieldError::EmailShape),
            (Shape::Contact, "11987654321", "1133334444", FieldError::PhoneNotMobile),
            (Shape::Identifier, "anybody", "", FieldError::Required),
            (Shape::BirthDate, "2000-01-15", "2001-02-29", FieldError::DateShape),
            (Shape::BirthDate, "2026-11-27", "2026-11-28", FieldError::DateNotPast),
            (Shape::Filled, "SP", "", FieldError::Required),
            (Shape::Ticked, "true", "", FieldError::Required),
        ] {
            assert_eq!(shape.check(right, TODAY), Ok(()), "{shape:?} {right}");
            assert_eq!(shape.check(wrong, TODAY), Err(error), "{shape:?} {wrong}");
            assert_eq!(shape.written(wrong).filter(|_| error != FieldError::PhoneNotMobile), None, "{shape:?} {wrong}");
        }
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
}
