//! The sign-in identifier: one field accepts an e-mail, user name, phone, CPF or CNPJ (SPEC §2).

use crate::error::FieldError;
use crate::value::{Cnpj, Cpf, Email, Phone, Username, as_pasted};
use std::fmt;

/// One interpretation of the typed identifier.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reading {
    /// As an e-mail address.
    Email(Email),
    /// As a CPF.
    Cpf(Cpf),
    /// As a CNPJ.
    Cnpj(Cnpj),
    /// As a phone.
    Phone(Phone),
    /// As a user name.
    Username(Username),
}

/// The typed identifier with all its interpretations. Eleven digits may be a CPF, a phone and a user name of three different
/// people. All are tried; the password decides which account is meant ([`meant`]).
#[derive(Clone, PartialEq, Eq)]
pub struct Identifier {
    canonical: String,
    readings: Vec<Reading>,
}

/// Longer than any identifier there is.
const LONGEST: usize = 254;

impl Identifier {
    /// Parses the identifier. One without any interpretation is no error: it must look like an unknown one.
    ///
    /// # Errors
    /// [`FieldError::Required`] when empty, [`FieldError::TooLong`] past 254 characters.
    pub fn parse(typed: &str) -> Result<Self, FieldError> {
        let typed = &*as_pasted(typed);
        if typed.is_empty() {
            return Err(FieldError::Required);
        }
        if typed.chars().count() > LONGEST {
            return Err(FieldError::TooLong { max: 254 });
        }
        let mut readings = Vec::new();
        if typed.contains('@') {
            readings.extend(Email::parse(typed).map(Reading::Email));
        } else {
            readings.extend(Cpf::parse(typed).map(Reading::Cpf));
            readings.extend(Cnpj::parse(typed).map(Reading::Cnpj));
            readings.extend(Phone::parse(typed).map(Reading::Phone));
            readings.extend(Username::parse(typed).map(Reading::Username));
        }
        let canonical = match readings.first() {
            Some(Reading::Email(email)) => email.as_str().to_owned(),
            Some(Reading::Cpf(cpf)) => cpf.as_str().to_owned(),
            Some(Reading::Cnpj(cnpj)) => cnpj.as_str().to_owned(),
            Some(Reading::Phone(phone)) => phone.e164().to_owned(),
            Some(Reading::Username(username)) => username.as_str().to_owned(),
            None => typed.to_lowercase(),
        };
        Ok(Self { canonical, readings })
    }

    /// Returns the interpretations, possibly none.
    pub fn readings(&self) -> &[Reading] {
        &self.readings
    }

    /// Returns one spelling for all equivalent ones. If no account is found, failures are counted under it.
    pub fn canonical(&self) -> &str {
        &self.canonical
    }
}

impl fmt::Debug for Identifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Identifier(***)")
    }
}

/// Selects the account to sign in among the candidates. `right`: whether the password matched, for each candidate.
///
/// Exactly one must match. If two did, a sign-in would let an attacker test passwords on another account: claim a CPF with the
/// same digits as the victim's phone, and set the guess as one's own password.
pub fn meant(right: impl IntoIterator<Item = bool>) -> Option<usize> {
    let mut right = right.into_iter().enumerate().filter(|(_, right)| *right);
    let (first, _) = right.next()?;
    right.next().is_none().then_some(first)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kinds(typed: &str) -> Vec<&'static str> {
        let identifier = Identifier::parse(typed).expect("not empty");
        let kind = |reading: &Reading| match reading {
            Reading::Email(_) => "email",
            Reading::Cpf(_) => "cpf",
            Reading::Cnpj(_) => "cnpj",
            Reading::Phone(_) => "phone",
            Reading::Username(_) => "username",
        };
        identifier.readings().iter().map(kind).collect()
    }

    #[test]
    fn an_identifier_is_read_in_every_way_it_can_be() {
        assert_eq!(kinds(" Ana@Example.com "), ["email"]);
        assert_eq!(kinds("529.982.247-25"), ["cpf"]);
        assert_eq!(kinds("12.abc.345/01de-35"), ["cnpj"]);
        assert_eq!(kinds("(11) 98765-4321"), ["phone"]);
        assert_eq!(kinds("rian.lucas"), ["username"]);
        assert!(kinds("11987654321").contains(&"phone"));
        assert!(kinds("não existe").is_empty());
    }

    #[test]
    fn digits_are_everything_that_they_can_be() {
        assert_eq!(kinds("11912345684"), ["cpf", "phone", "username"]);
        assert_eq!(kinds("11.222.333/0001-81"), ["cnpj"]);
        assert_eq!(kinds("11222333000181"), ["cnpj", "username"]);
        assert_eq!(kinds("52998224725"), ["cpf", "username"]);
        assert_eq!(kinds("+55 11 98765-4321"), ["phone"]);
    }

    #[test]
    fn the_account_that_is_meant_is_the_only_one_whose_password_it_is() {
        assert_eq!(meant([]), None);
        assert_eq!(meant([false, false]), None);
        assert_eq!(meant([false, true, false]), Some(1));
        assert_eq!(meant([true, false, true]), None);
    }

    #[test]
    fn spellings_of_one_identifier_are_counted_together() {
        let canonical = |typed| Identifier::parse(typed).expect("not empty").canonical().to_owned();
        assert_eq!(canonical("ANA@example.com"), canonical(" ana@EXAMPLE.com"));
        assert_eq!(canonical("529.982.247-25"), canonical("52998224725"));
        assert_eq!(canonical("+55 (11) 98765-4321"), canonical("(11)98765-4321"));
        assert_eq!(canonical("NÃO existe"), canonical("não EXISTE"));
        assert_eq!(canonical("\u{202d}(11)\u{a0}98765\u{2011}4321\u{202c}"), canonical("11987654321"));
        assert_eq!(canonical("529.982.247\u{2013}25\u{200b}"), canonical("52998224725"));
    }

    #[test]
    fn nothing_and_far_too_much_are_told() {
        assert_eq!(Identifier::parse("  ").err(), Some(FieldError::Required));
        assert_eq!(Identifier::parse(&"x".repeat(255)).err(), Some(FieldError::TooLong { max: 254 }));
    }
}
