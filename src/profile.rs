//! Meu Perfil (seed 003, "Edição de Perfil"): what its owner may change, and what is added once and then stands.
//!
//! E-mail is never changed here, a phone only by its proof. What a form or a body does not offer stays as it is: fields are
//! taken one by one, never assigned as they come (ASVS 15.3.3).

use crate::account::Account;
use crate::completion::{Known, given};
use crate::error::{Field, FieldError, FieldErrors, Refusal};
use crate::journey::Kind;
use crate::value::{BirthDate, City, Cnpj, Cpf, Gender, Name, ShortText, State, Username};
use serde::{Deserialize, Serialize};
use std::fmt;
use time::Date;

/// The document that an account of this kind is asked for: a company its CNPJ, a person the CPF. The API takes either
/// (SPEC §11): a teacher may be a company too.
pub const fn document(kind: Kind) -> Field {
    match kind {
        Kind::Empresa => Field::Cnpj,
        Kind::Cliente | Kind::Professor | Kind::Caronista => Field::Cpf,
    }
}

/// Whether this kind has such a field to give or change here; one that it has not is ignored, like any that is unknown.
pub fn takes(kind: Kind, field: Field) -> bool {
    match field {
        Field::Name | Field::Institution | Field::FieldOfWork | Field::Cpf | Field::Cnpj | Field::Photo => true,
        Field::Username | Field::BirthDate | Field::Gender | Field::State | Field::City => {
            let journey = kind.journey();
            journey.details.iter().chain(journey.completion).any(|ask| ask.field == field)
        }
        _ => false,
    }
}

/// What was typed or sent; `None`: not offered, it stays.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProfileForm {
    /// Name; cannot be emptied.
    pub name: Option<String>,
    /// Institution; blank takes it away.
    pub institution: Option<String>,
    /// Field of work; blank takes it away.
    pub field_of_work: Option<String>,
    /// User name: once, by who registered without one (001).
    pub username: Option<String>,
    /// Date of birth, `YYYY-MM-DD`: once.
    pub birth_date: Option<String>,
    /// `M`, `F` or `O`.
    pub gender: Option<String>,
    /// CPF: once.
    pub cpf: Option<String>,
    /// CNPJ: once.
    pub cnpj: Option<String>,
    /// UF.
    pub state: Option<String>,
    /// City.
    pub city: Option<String>,
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
    /// User name, given for the first time.
    pub username: Option<Username>,
    /// Date of birth, given for the first time.
    pub birth_date: Option<BirthDate>,
    /// Gender.
    pub gender: Option<Gender>,
    /// CPF, given for the first time.
    pub cpf: Option<Cpf>,
    /// CNPJ, given for the first time.
    pub cnpj: Option<Cnpj>,
    /// State.
    pub state: Option<State>,
    /// City.
    pub city: Option<City>,
}

impl ProfileChange {
    /// Whether it claims something that another account may have.
    pub const fn claims(&self) -> bool {
        self.cpf.is_some() || self.cnpj.is_some() || self.username.is_some()
    }

    /// Whether it gives a CPF or CNPJ: one recovers the account later (SPEC §13).
    pub const fn documents(&self) -> bool {
        self.cpf.is_some() || self.cnpj.is_some()
    }

    /// Whether nothing is to be written.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// Reads a field if it was offered and the kind has it; by the rules of the third step ([`given`]), but what is offered is
/// not left empty.
fn offered<T: PartialEq>(
    kind: Kind,
    errors: &mut FieldErrors,
    field: Field,
    known: Known<T>,
    typed: Option<&str>,
    parse: impl FnOnce(&str) -> Result<T, FieldError>,
) -> Option<T> {
    given(errors, field, known, typed.filter(|_| takes(kind, field))?, parse)
}

impl ProfileForm {
    /// Reads the form whole, every field's errors at once, in the form's order. `today`: see
    /// [`today`](crate::completion::today).
    ///
    /// # Errors
    /// [`Refusal::Stale`] when the writer looked at an older version: nothing is overwritten unseen. [`Refusal::Invalid`]
    /// with those of each value; [`FieldError::Fixed`] where another value was given of what is given once.
    pub fn parse(&self, account: &Account, today: Date) -> Result<ProfileChange, Refusal> {
        if self.version.is_some_and(|seen| seen != account.version) {
            return Err(Refusal::Stale);
        }
        let mut errors = FieldErrors::new();
        let optional = |errors: &mut FieldErrors, field, typed: Option<&str>| errors.take(field, ShortText::parse_optional(typed?));
        let kind = account.kind;
        let change = ProfileChange {
            name: self.name.as_deref().and_then(|typed| errors.take(Field::Name, Name::parse(typed))),
            institution: optional(&mut errors, Field::Institution, self.institution.as_deref()),
            field_of_work: optional(&mut errors, Field::FieldOfWork, self.field_of_work.as_deref()),
            username: offered(
                kind,
                &mut errors,
                Field::Username,
                Known::fixed(account.username.as_ref()),
                self.username.as_deref(),
                Username::parse,
            ),
            birth_date: offered(
                kind,
                &mut errors,
                Field::BirthDate,
                Known::fixed(account.birth_date.as_ref()),
                self.birth_date.as_deref(),
                |typed| BirthDate::parse(typed, today),
            ),
            gender: offered(kind, &mut errors, Field::Gender, Known::Open, self.gender.as_deref(), Gender::parse),
            cpf: offered(kind, &mut errors, Field::Cpf, Known::fixed(account.cpf.as_ref()), self.cpf.as_deref(), Cpf::parse),
            cnpj: offered(kind, &mut errors, Field::Cnpj, Known::fixed(account.cnpj.as_ref()), self.cnpj.as_deref(), Cnpj::parse),
            state: offered(kind, &mut errors, Field::State, Known::Open, self.state.as_deref(), State::parse),
            city: offered(kind, &mut errors, Field::City, Known::Open, self.city.as_deref(), City::parse),
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

    fn day() -> Date {
        Date::from_calendar_date(2026, time::Month::November, 21).unwrap()
    }

    /// What the third step asks, but photo and phone.
    fn third_step(username: &str, birth_date: &str, gender: &str, state: &str, city: &str) -> ProfileForm {
        ProfileForm {
            username: Some(typed(username)),
            birth_date: Some(typed(birth_date)),
            gender: Some(typed(gender)),
            state: Some(typed(state)),
            city: Some(typed(city)),
            ..ProfileForm::default()
        }
    }

    #[test]
    fn what_is_not_offered_stays_and_a_blank_takes_away() {
        let teacher = account(Kind::Professor);
        assert_eq!(ProfileForm::default().parse(&teacher, day()), Ok(ProfileChange::default()));
        let form = ProfileForm { institution: Some(typed(" ")), field_of_work: Some(typed("Física")), ..ProfileForm::default() };
        let change = form.parse(&teacher, day()).unwrap();
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
        let Err(Refusal::Invalid(errors)) = form.parse(&account(Kind::Professor), day()) else { panic!("taken") };
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
        assert_eq!(form("529.982.247-25").parse(&owner, day()).unwrap().cpf.unwrap().as_str(), "52998224725");
        owner.cpf = Some(Cpf::parse("52998224725").unwrap());
        assert_eq!(form("529.982.247-25").parse(&owner, day()), Ok(ProfileChange::default()));
        assert_eq!(form("153.509.460-56").parse(&owner, day()), Err(Refusal::field(Field::Cpf, FieldError::Fixed)));
    }

    #[test]
    fn a_rider_gives_the_third_step_here_too_and_every_error_of_it_is_told() {
        let change = third_step("Rian.Lucas", "2000-01-15", "M", "SP", "São Paulo").parse(&account(Kind::Caronista), day()).unwrap();
        assert_eq!(change.username.as_ref().map(Username::as_str), Some("rian.lucas"));
        assert_eq!(change.birth_date.map(|born| born.to_iso()).as_deref(), Some("2000-01-15"));
        assert_eq!((change.gender.map(Gender::as_str), change.state.map(State::as_str)), (Some("M"), Some("SP")));
        assert_eq!(change.city.as_ref().map(City::as_str), Some("São Paulo"));
        assert!(change.claims());
        let wrong = third_step("x", "2026-11-21", "X", "XX", "").parse(&account(Kind::Caronista), day());
        let Err(Refusal::Invalid(errors)) = wrong else { panic!("taken") };
        assert_eq!(
            errors.iter().collect::<Vec<_>>(),
            [
                (Field::Username, FieldError::UsernameShape),
                (Field::BirthDate, FieldError::DateNotPast),
                (Field::Gender, FieldError::GenderUnknown),
                (Field::State, FieldError::StateUnknown),
                (Field::City, FieldError::Required),
            ]
        );
    }

    #[test]
    fn user_name_and_birth_date_are_given_once_the_rest_of_the_third_step_may_change() {
        let mut rider = account(Kind::Caronista);
        rider.username = Some(Username::parse("rian").unwrap());
        rider.birth_date = Some(BirthDate::parse("2000-01-15", day()).unwrap());
        rider.gender = Some(Gender::parse("M").unwrap());
        rider.state = Some(State::parse("SP").unwrap());
        rider.city = Some(City::parse("Campinas").unwrap());
        let change = third_step("RIAN", "2000-01-15", "O", "RJ", "Niterói").parse(&rider, day()).unwrap();
        assert_eq!((&change.username, &change.birth_date), (&None, &None));
        assert_eq!(change.gender.map(Gender::as_str), Some("O"));
        assert_eq!(change.city.as_ref().map(City::as_str), Some("Niterói"));
        let Err(Refusal::Invalid(errors)) = third_step("outro", "2000-01-16", "O", "RJ", "Niterói").parse(&rider, day()) else {
            panic!("taken")
        };
        let errors: Vec<_> = errors.iter().collect();
        assert_eq!(errors, [Field::Username, Field::BirthDate].map(|field| (field, FieldError::Fixed)));
    }

    #[test]
    fn what_a_kind_has_not_is_ignored_right_or_wrong() {
        for kind in Kind::ALL.into_iter().filter(|kind| *kind != Kind::Caronista) {
            for form in [third_step("rian", "2000-01-15", "M", "SP", "São Paulo"), third_step("x", "x", "x", "x", "")] {
                assert!(form.parse(&account(kind), day()).unwrap().is_empty(), "{kind:?}");
            }
        }
    }

    #[test]
    fn what_a_kind_lacks_and_no_proof_gives_is_taken_here() {
        for kind in Kind::ALL {
            for field in account(kind).missing().into_iter().filter(|field| *field != Field::Phone) {
                assert!(takes(kind, field), "{kind:?} {field:?}");
            }
            assert!(takes(kind, document(kind)));
            assert!(!takes(kind, Field::Phone) && !takes(kind, Field::Email));
        }
        assert_eq!(document(Kind::Empresa), Field::Cnpj);
        assert_eq!(document(Kind::Professor), Field::Cpf);
    }

    #[test]
    fn who_looked_at_an_older_version_is_told() {
        let owner = Account { version: 3, ..account(Kind::Professor) };
        let form = |version| ProfileForm { name: Some(typed("Ana")), version, ..ProfileForm::default() };
        assert_eq!(form(Some(2)).parse(&owner, day()), Err(Refusal::Stale));
        assert!(form(Some(3)).parse(&owner, day()).is_ok());
        assert!(form(None).parse(&owner, day()).is_ok());
    }
}
