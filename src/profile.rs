//! Meu Perfil (seed 003, "Edição de Perfil"): what its owner may change, and what is added once and then stands.
//!
//! E-mail is never changed here, a phone only by its proof. What a form or a body does not offer stays as it is: fields are
//! taken one by one, never assigned as they come (ASVS 15.3.3).

use crate::account::Account;
use crate::error::{FieldError, FieldErrors, Refusal};
use crate::field::{Field, Typed};
use crate::journey::Kind;
use crate::value::{BirthDate, City, Cnpj, Cpf, Gender, Name, Phone, ShortText, State, Username};
use serde::{Deserialize, Deserializer, Serialize};
use std::collections::BTreeMap;
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
        Field::Name | Field::Cpf | Field::Cnpj | Field::Photo => true,
        Field::Username | Field::BirthDate | Field::Gender | Field::State | Field::City => {
            kind.journey().completion.iter().any(|ask| ask.field == field)
        }
        field => field.is_free_text(),
    }
}

/// The optional texts of a profile, by their fields ([`Field::free_texts`]); what is empty is not there.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct FreeTexts(BTreeMap<Field, ShortText>);

impl FreeTexts {
    /// The text of a field.
    pub fn get(&self, field: Field) -> Option<&str> {
        self.0.get(&field).map(ShortText::as_str)
    }

    /// Every text there is.
    pub fn iter(&self) -> impl Iterator<Item = (Field, &str)> + '_ {
        self.0.iter().map(|(field, text)| (*field, text.as_str()))
    }
}

impl FromIterator<(Field, ShortText)> for FreeTexts {
    fn from_iter<T: IntoIterator<Item = (Field, ShortText)>>(texts: T) -> Self {
        Self(texts.into_iter().filter(|(field, _)| field.is_free_text()).collect())
    }
}

/// Reads them among other things, as they stand in rows: names of no such field, and nulls, are passed over.
impl<'de> Deserialize<'de> for FreeTexts {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let kept = BTreeMap::<String, Option<ShortText>>::deserialize(deserializer)?;
        Ok(kept.into_iter().filter_map(|(name, text)| Some((Field::by_name(&name)?, text?))).collect())
    }
}

/// What was typed or sent; a field that was not offered stays as it is.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProfileForm {
    /// The fields.
    pub typed: Typed,
    /// The version that the writer looked at; `None`: the one in force when the request came.
    pub version: Option<i64>,
}

/// What is to be written of a profile, by Meu Perfil or by a rider's third step; `None`: it stays.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ProfileChange {
    /// Name.
    pub name: Option<Name>,
    /// Optional texts, each with what it shall be, or none any more.
    pub texts: BTreeMap<Field, Option<ShortText>>,
    /// User name, given for the first time.
    pub username: Option<Username>,
    /// Phone, unproved: it does not sign in, recover or receive anything until a code proves it.
    pub phone: Option<Phone>,
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
        self.documents() || self.username.is_some() || self.phone.is_some()
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

/// What an account has of a field that is given once: it may be repeated, which changes nothing, but not be another.
fn once<T: PartialEq>(errors: &mut FieldErrors, field: Field, known: Option<&T>, given: Option<T>) -> Option<T> {
    let given = given?;
    match known {
        Some(known) if *known != given => errors.push(field, FieldError::Fixed),
        Some(_) => {}
        None => return Some(given),
    }
    None
}

/// Reads the fields that `given` gives, whole: every one's error at once, in the order of the table of fields. `today`: see
/// [`today`](crate::completion::today).
pub(crate) fn read<'a>(account: &Account, today: Date, given: impl Fn(Field) -> Option<&'a str>) -> (ProfileChange, FieldErrors) {
    let mut errors = FieldErrors::new();
    let mut change = ProfileChange::default();
    for field in Field::ALL.iter().copied() {
        let Some(typed) = given(field) else { continue };
        let errors = &mut errors;
        match field {
            Field::Name => change.name = errors.take(field, Name::parse(typed)),
            Field::Username => {
                let username = errors.take(field, Username::parse(typed));
                change.username = once(errors, field, account.username.as_ref(), username);
            }
            Field::Phone => {
                let phone = errors.take(field, Phone::parse(typed));
                let proved = account.phone.as_ref().filter(|_| account.phone_proved_at.is_some());
                change.phone = once(errors, field, proved, phone);
            }
            Field::BirthDate => {
                let born = errors.take(field, BirthDate::parse(typed, today));
                change.birth_date = once(errors, field, account.birth_date.as_ref(), born);
            }
            Field::Gender => change.gender = errors.take(field, Gender::parse(typed)),
            Field::Cpf => {
                let cpf = errors.take(field, Cpf::parse(typed));
                change.cpf = once(errors, field, account.cpf.as_ref(), cpf);
            }
            Field::Cnpj => {
                let cnpj = errors.take(field, Cnpj::parse(typed));
                change.cnpj = once(errors, field, account.cnpj.as_ref(), cnpj);
            }
            Field::State => change.state = errors.take(field, State::parse(typed)),
            Field::City => change.city = errors.take(field, City::parse(typed)),
            field if field.is_free_text() => {
                if let Some(text) = errors.take(field, ShortText::parse_optional(typed)) {
                    change.texts.insert(field, text);
                }
            }
            _ => {}
        }
    }
    (change, errors)
}

impl ProfileForm {
    /// Reads the form whole, every field's errors at once.
    ///
    /// # Errors
    /// [`Refusal::Stale`] when the writer looked at an older version: nothing is overwritten unseen. [`Refusal::Invalid`]
    /// with those of each value; [`FieldError::Fixed`] where another value was given of what is given once.
    pub fn parse(&self, account: &Account, today: Date) -> Result<ProfileChange, Refusal> {
        if self.version.is_some_and(|seen| seen != account.version) {
            return Err(Refusal::Stale);
        }
        let (change, errors) = read(account, today, |field| self.typed.get(field).filter(|_| takes(account.kind, field)));
        errors.into_result().map(|()| change)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::account::tests::account;
    use crate::journey::Kind;

    fn form<const N: usize>(typed: [(Field, &str); N]) -> ProfileForm {
        ProfileForm { typed: typed.into(), version: None }
    }

    fn day() -> Date {
        Date::from_calendar_date(2026, time::Month::November, 21).unwrap()
    }

    /// What the third step asks, but photo and phone.
    fn third_step(username: &str, birth_date: &str, gender: &str, state: &str, city: &str) -> ProfileForm {
        form([
            (Field::Username, username),
            (Field::BirthDate, birth_date),
            (Field::Gender, gender),
            (Field::State, state),
            (Field::City, city),
        ])
    }

    #[test]
    fn what_is_not_offered_stays_and_a_blank_takes_away() {
        let teacher = account(Kind::Professor);
        assert_eq!(ProfileForm::default().parse(&teacher, day()), Ok(ProfileChange::default()));
        let change = form([(Field::Institution, " "), (Field::FieldOfWork, "Física")]).parse(&teacher, day()).unwrap();
        let texts: Vec<_> = change.texts.iter().map(|(field, text)| (*field, text.as_ref().map(ShortText::as_str))).collect();
        assert_eq!(texts, [(Field::Institution, None), (Field::FieldOfWork, Some("Física"))]);
        assert_eq!(change.name, None);
    }

    #[test]
    fn every_wrong_field_is_told_at_once() {
        let form = form([(Field::Name, ""), (Field::Institution, &"x".repeat(101)), (Field::Cpf, "111.111.111-11")]);
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
        let form = |cpf: &str| form([(Field::Cpf, cpf)]);
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
    fn optional_texts_are_read_among_other_things_and_without_the_empty_ones() {
        let kept = r#"{"institution": "UFMG", "field_of_work": null, "name": "Ana", "shoe_size": "38"}"#;
        let texts: FreeTexts = serde_json::from_str(kept).unwrap();
        assert_eq!(texts.iter().collect::<Vec<_>>(), [(Field::Institution, "UFMG")]);
        assert_eq!(texts.get(Field::FieldOfWork), None);
        assert_eq!(serde_json::to_string(&texts).unwrap(), r#"{"institution":"UFMG"}"#);
    }

    #[test]
    fn who_looked_at_an_older_version_is_told() {
        let owner = Account { version: 3, ..account(Kind::Professor) };
        let form = |version| ProfileForm { version, ..form([(Field::Name, "Ana")]) };
        assert_eq!(form(Some(2)).parse(&owner, day()), Err(Refusal::Stale));
        assert!(form(Some(3)).parse(&owner, day()).is_ok());
        assert!(form(None).parse(&owner, day()).is_ok());
    }
}
