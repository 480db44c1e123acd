//! Meu Perfil (seed 003, "Edição de Perfil"): which fields the owner may change, and which can be set only once.
//!
//! The e-mail is never changed here, a phone only by its proof. A field that is absent from the form or body stays unchanged.
//! Fields are read one by one, never assigned in bulk (ASVS 15.3.3).

use crate::account::Account;
use crate::error::{FieldError, FieldErrors, Refusal};
use crate::field::{Field, Typed};
use crate::journey::Kind;
use crate::value::{BirthDate, City, Cnpj, Cpf, Gender, Name, Phone, ShortText, State, Username};
use serde::{Deserialize, Deserializer, Serialize};
use std::collections::BTreeMap;
use time::Date;

/// Returns the document that the form asks this kind for: the CNPJ of a company, the CPF of a person. The API accepts either
/// (SPEC §11), because a teacher may be a company too.
pub const fn document(kind: Kind) -> Field {
    match kind {
        Kind::Empresa => Field::Cnpj,
        Kind::Cliente | Kind::Professor | Kind::Caronista => Field::Cpf,
    }
}

/// Returns whether this kind can set or change the field here. Other fields are ignored, as unknown ones are.
pub fn takes(kind: Kind, field: Field) -> bool {
    match field {
        Field::Name | Field::Cpf | Field::Cnpj | Field::Photo => true,
        Field::Username | Field::BirthDate | Field::Gender | Field::State | Field::City => {
            kind.journey().completion.iter().any(|ask| ask.field == field)
        }
        field => field.is_free_text(),
    }
}

/// Returns whether another value is refused once the field has one ([`FieldError::Fixed`]).
pub const fn is_set_once(field: Field) -> bool {
    matches!(field, Field::Username | Field::BirthDate | Field::Cpf | Field::Cnpj)
}

/// Returns what completing an account of this kind asks for and its owner may change later, in the order of the journey. The photo
/// is not among it: every kind has one.
pub fn changeable_of_completion(kind: Kind) -> impl Iterator<Item = Field> {
    let asked = kind.journey().completion.iter().map(|ask| ask.field);
    asked.filter(move |field| *field != Field::Photo && takes(kind, *field) && !is_set_once(*field))
}

/// The optional texts of a profile by field ([`Field::free_texts`]). Empty texts are absent.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct FreeTexts(BTreeMap<Field, ShortText>);

impl FreeTexts {
    /// Returns the text of a field; `None`: it is empty.
    pub fn get(&self, field: Field) -> Option<&str> {
        self.0.get(&field).map(ShortText::as_str)
    }

    /// Iterates over the texts that are present.
    pub fn iter(&self) -> impl Iterator<Item = (Field, &str)> + '_ {
        self.0.iter().map(|(field, text)| (*field, text.as_str()))
    }
}

/// Returns the name to show, say and mail: the social name (nome social) if there is one, else the registered name (SPEC §13).
pub fn shown_name<'a>(registered: &'a str, texts: &'a FreeTexts) -> &'a str {
    texts.get(Field::SocialName).unwrap_or(registered)
}

impl FromIterator<(Field, ShortText)> for FreeTexts {
    fn from_iter<T: IntoIterator<Item = (Field, ShortText)>>(texts: T) -> Self {
        Self(texts.into_iter().filter(|(field, _)| field.is_free_text()).collect())
    }
}

/// Reads the texts from a database row that contains other values too. Other names and nulls are ignored.
impl<'de> Deserialize<'de> for FreeTexts {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let kept = BTreeMap::<String, Option<ShortText>>::deserialize(deserializer)?;
        Ok(kept.into_iter().filter_map(|(name, text)| Some((Field::by_name(&name)?, text?))).collect())
    }
}

/// A profile form or API body. An absent field stays unchanged.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProfileForm {
    /// The raw values.
    pub typed: Typed,
    /// The profile version that the writer saw; `None`: the version current when the request arrived.
    pub version: Option<i64>,
}

/// The changes to a profile, from Meu Perfil or from a rider's third step. `None` leaves a value unchanged.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ProfileChange {
    /// Name; may change at any time.
    pub name: Option<Name>,
    /// Optional texts; a value of `None` deletes the text.
    pub texts: BTreeMap<Field, Option<ShortText>>,
    /// User name, set for the first time.
    pub username: Option<Username>,
    /// Unproved phone. It cannot sign in, recover the account or receive messages until a code proves it.
    pub phone: Option<Phone>,
    /// Date of birth, set for the first time.
    pub birth_date: Option<BirthDate>,
    /// Gender; may change at any time.
    pub gender: Option<Gender>,
    /// CPF, set for the first time.
    pub cpf: Option<Cpf>,
    /// CNPJ, set for the first time.
    pub cnpj: Option<Cnpj>,
    /// State; may change at any time.
    pub state: Option<State>,
    /// City; may change at any time.
    pub city: Option<City>,
}

impl ProfileChange {
    /// Returns whether it sets a value that must be unique among accounts.
    pub const fn claims(&self) -> bool {
        self.documents() || self.username.is_some() || self.phone.is_some()
    }

    /// Returns whether it sets a CPF or CNPJ. Either can later recover the account (SPEC §13).
    pub const fn documents(&self) -> bool {
        self.cpf.is_some() || self.cnpj.is_some()
    }

    /// Returns whether it changes nothing.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// Checks a field that can be set only once. Repeating the known value changes nothing; another value is an error.
fn once<T: PartialEq>(errors: &mut FieldErrors, field: Field, known: Option<&T>, given: Option<T>) -> Option<T> {
    let given = given?;
    match known {
        Some(known) if *known != given => errors.push(field, FieldError::Fixed),
        Some(_) => {}
        None => return Some(given),
    }
    None
}

/// Parses every field for which `given` returns a value, and collects all errors, in the order of the table of fields. `today`:
/// see [`today`](crate::completion::today).
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
    /// Parses the form and collects the errors of all fields.
    ///
    /// # Errors
    /// [`Refusal::Stale`] when the writer saw an older version, so that no unseen change is overwritten. [`Refusal::Invalid`] with the
    /// errors of each value; [`FieldError::Fixed`] for another value in a field that can be set only once.
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

    /// The fields of the third step, except photo, phone and CPF.
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
    fn of_the_third_step_everything_may_change_but_what_is_set_once() {
        let riders: Vec<_> = changeable_of_completion(Kind::Caronista).collect();
        assert_eq!(riders, [Field::Gender, Field::State, Field::City]);
        for kind in Kind::ALL.iter().copied().filter(|kind| *kind != Kind::Caronista) {
            assert_eq!(changeable_of_completion(kind).count(), 0, "{kind:?}");
        }
        let mut rider = account(Kind::Caronista);
        rider.username = Some(Username::parse("rian").unwrap());
        rider.birth_date = Some(BirthDate::parse("2000-01-15", day()).unwrap());
        rider.cpf = Some(Cpf::parse("52998224725").unwrap());
        rider.cnpj = Some(Cnpj::parse("12ABC34501DE35").unwrap());
        let others = [(Field::Username, "outro"), (Field::BirthDate, "2000-01-16"), (Field::Cpf, "15350946056")];
        for (field, other) in others.into_iter().chain([(Field::Cnpj, "11222333000181")]) {
            assert!(is_set_once(field));
            assert_eq!(form([(field, other)]).parse(&rider, day()), Err(Refusal::field(field, FieldError::Fixed)));
        }
    }

    #[test]
    fn what_a_kind_has_not_is_ignored_right_or_wrong() {
        for kind in Kind::ALL.iter().copied().filter(|kind| *kind != Kind::Caronista) {
            for form in [third_step("rian", "2000-01-15", "M", "SP", "São Paulo"), third_step("x", "x", "x", "x", "")] {
                assert!(form.parse(&account(kind), day()).unwrap().is_empty(), "{kind:?}");
            }
        }
    }

    #[test]
    fn what_a_kind_lacks_and_no_proof_gives_is_taken_here() {
        for kind in Kind::ALL.iter().copied() {
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
