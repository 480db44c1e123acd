//! Meu Perfil (seed 003, "Edição de Perfil"): what its owner may change, and what is added once and then stands.
//!
//! E-mail is never changed here, a phone only by its proof. What a form or a body does not offer stays as it is: fields are
//! taken one by one, never assigned as they come (ASVS 15.3.3).

use crate::account::Account;
use crate::error::{Field, FieldError, FieldErrors, Refusal};
use crate::value::{Cnpj, Cpf, Name, ShortText};
use serde::{Deserialize, Serialize};
use std::fmt;

/// What was typed or sent; `None`: not offered, it stays.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProfileForm {
    /// Name; cannot be emptied.
    pub name: Option<String>,
    /// Institution; blank takes it away.
    pub institution: Option<String>,
    /// Field of work; blank takes it away.
    pub field_of_work: Option<String>,
    /// CPF: once.
    pub cpf: Option<String>,
    /// CNPJ: once.
    pub cnpj: Option<String>,
    /// The version that the writer looked at; `None`: the one in force when the request came.
    pub version: Option<i64>,
}

impl fmt::Debug for ProfileForm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ProfileForm(***)")
    }
}

/// What is to be written; `None`: it stays.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ProfileChange {
    /// Name.
    pub name: Option<Name>,
    /// Institution, or none any more.
    pub institution: Option<Option<ShortText>>,
    /// Field of work, or none any more.
    pub field_of_work: Option<Option<ShortText>>,
    /// CPF, given for the first time.
    pub cpf: Option<Cpf>,
    /// CNPJ, given for the first time.
    pub cnpj: Option<Cnpj>,
}

impl ProfileChange {
    /// Whether it claims something that another account may have.
    pub const fn claims(&self) -> bool {
        self.cpf.is_some() || self.cnpj.is_some()
    }
}

/// Reads a document that is given once: the same again changes nothing, another is refused.
fn once<T: PartialEq>(
    errors: &mut FieldErrors,
    field: Field,
    typed: Option<&str>,
    known: Option<&T>,
    parse: impl FnOnce(&str) -> Result<T, FieldError>,
) -> Option<T> {
    let value = errors.take(field, parse(typed?))?;
    match known {
        None => return Some(value),
        Some(known) if *known != value => errors.push(field, FieldError::Fixed),
        Some(_) => {}
    }
    None
}

impl ProfileForm {
    /// Reads the form whole, every field's errors at once, in the form's order.
    ///
    /// # Errors
    /// [`Refusal::Stale`] when the writer looked at an older version: nothing is overwritten unseen. [`Refusal::Invalid`]
    /// with those of each value; [`FieldError::Fixed`] where another CPF or CNPJ than the account's own was given.
    pub fn parse(&self, account: &Account) -> Result<ProfileChange, Refusal> {
        if self.version.is_some_and(|seen| seen != account.version) {
            return Err(Refusal::Stale);
        }
        let mut errors = FieldErrors::new();
        let optional = |errors: &mut FieldErrors, field, typed: Option<&str>| errors.take(field, ShortText::parse_optional(typed?));
        let change = ProfileChange {
            name: self.name.as_deref().and_then(|typed| errors.take(Field::Name, Name::parse(typed))),
            institution: optional(&mut errors, Field::Institution, self.institution.as_deref()),
            field_of_work: optional(&mut errors, Field::FieldOfWork, self.field_of_work.as_deref()),
            cpf: once(&mut errors, Field::Cpf, self.cpf.as_deref(), account.cpf.as_ref(), Cpf::parse),
            cnpj: once(&mut errors, Field::Cnpj, self.cnpj.as_deref(), account.cnpj.as_ref(), Cnpj::parse),
        };
        errors.into_result().map(|()| change)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::account::tests::account;
    use crate::journey::Kind;

    fn typed(text: &str) -> String {
        text.to_owned()
    }

    #[test]
    fn what_is_not_offered_stays_and_a_blank_takes_away() {
        let teacher = account(Kind::Professor);
        assert_eq!(ProfileForm::default().parse(&teacher), Ok(ProfileChange::default()));
        let form = ProfileForm { institution: Some(typed(" ")), field_of_work: Some(typed("Física")), ..ProfileForm::default() };
        let change = form.parse(&teacher).unwrap();
        assert_eq!(change.institution, Some(None));
        assert_eq!(change.field_of_work.flatten().unwrap().as_str(), "Física");
        assert_eq!(change.name, None);
    }

    #[test]
    fn every_wrong_field_is_told_at_once() {
        let form = ProfileForm {
            name: Some(typed("")),
            institution: Some(typed(&"x".repeat(101))),
            cpf: Some(typed("111.111.111-11")),
            ..ProfileForm::default()
        };
        let Err(Refusal::Invalid(errors)) = form.parse(&account(Kind::Professor)) else { panic!("taken") };
        let errors: Vec<_> = errors.iter().collect();
        assert_eq!(
            errors,
            [
                (Field::Name, FieldError::Required),
                (Field::Institution, FieldError::TooLong { max: 100 }),
                (Field::Cpf, FieldError::CpfInvalid)
            ]
        );
    }

    #[test]
    fn a_document_is_given_once() {
        let form = |cpf: &str| ProfileForm { cpf: Some(typed(cpf)), ..ProfileForm::default() };
        let mut owner = account(Kind::Cliente);
        assert_eq!(form("529.982.247-25").parse(&owner).unwrap().cpf.unwrap().as_str(), "52998224725");
        owner.cpf = Some(Cpf::parse("52998224725").unwrap());
        assert_eq!(form("529.982.247-25").parse(&owner), Ok(ProfileChange::default()));
        assert_eq!(form("153.509.460-56").parse(&owner), Err(Refusal::field(Field::Cpf, FieldError::Fixed)));
    }

    #[test]
    fn who_looked_at_an_older_version_is_told() {
        let owner = Account { version: 3, ..account(Kind::Professor) };
        let form = |version| ProfileForm { name: Some(typed("Ana")), version, ..ProfileForm::default() };
        assert_eq!(form(Some(2)).parse(&owner), Err(Refusal::Stale));
        assert!(form(Some(3)).parse(&owner).is_ok());
        assert!(form(None).parse(&owner).is_ok());
    }
}
