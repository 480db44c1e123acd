//! The third step of a rider's journey (seed 004, "COMPLETAR PERFIL"): what was typed becomes a [`Completion`].
//!
//! What the account has already is neither asked again nor, where it is fixed, changed by it (SPEC §2, §11): a CPF that was
//! given before, a user name, a phone that was proved.

use crate::account::Account;
use crate::brasilia::in_brasilia;
use crate::error::{Field, FieldError, FieldErrors};
use crate::value::{BirthDate, City, Cpf, Gender, Phone, State, Username};
use serde::{Deserialize, Serialize};
use std::fmt;
use time::{Date, Duration, OffsetDateTime};

/// Conflicts with other accounts that one account may cause within [`CONFLICT_WINDOW`]: each tells that a CPF or phone is
/// known, and a person needs one or two (docs/threats.md T3).
pub const CONFLICTS_PER_ACCOUNT: usize = 10;
/// The window of [`CONFLICTS_PER_ACCOUNT`].
pub const CONFLICT_WINDOW: Duration = Duration::hours(1);

/// What was typed or sent, before anything was decided about it. The photo travels beside it, as bytes.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CompletionForm {
    /// User name: only asked of who registered by 001, without one.
    pub username: String,
    /// Phone, 10 or 11 digits: a fixed line is allowed here, no code goes to it.
    pub phone: String,
    /// Date of birth, `YYYY-MM-DD`.
    pub birth_date: String,
    /// `M`, `F` or `O`.
    pub gender: String,
    /// CPF.
    pub cpf: String,
    /// UF.
    pub state: String,
    /// City.
    pub city: String,
}

impl fmt::Debug for CompletionForm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("CompletionForm(***)")
    }
}

/// What is to be written; `None`: the account keeps what it has.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Completion {
    /// User name.
    pub username: Option<Username>,
    /// Phone, unproved: it does not sign in, recover or receive anything until a code proves it.
    pub phone: Option<Phone>,
    /// Date of birth.
    pub birth_date: Option<BirthDate>,
    /// Gender.
    pub gender: Option<Gender>,
    /// CPF.
    pub cpf: Option<Cpf>,
    /// State.
    pub state: Option<State>,
    /// City.
    pub city: Option<City>,
}

/// The day in Brasília: whoever was born "today" there is refused, wherever the server stands.
pub fn today(now: OffsetDateTime) -> Date {
    in_brasilia(now).date()
}

/// What an account has of a field.
pub(crate) enum Known<T> {
    Nothing,
    /// May be typed anew.
    Open,
    /// May be repeated, not changed.
    Fixed(T),
}

impl<T: Clone> Known<T> {
    pub(crate) fn fixed(value: Option<&T>) -> Self {
        value.cloned().map_or(Self::Nothing, Self::Fixed)
    }

    const fn open(known: bool) -> Self {
        if known { Self::Open } else { Self::Nothing }
    }
}

/// Reads one field: needed where nothing is known, else it may stay empty.
fn read<T: PartialEq>(
    errors: &mut FieldErrors,
    field: Field,
    known: Known<T>,
    typed: &str,
    parse: impl FnOnce(&str) -> Result<T, FieldError>,
) -> Option<T> {
    if typed.trim().is_empty() && !matches!(known, Known::Nothing) {
        return None;
    }
    given(errors, field, known, typed, parse)
}

/// Reads one field that was given; what is fixed may be repeated, which changes nothing.
pub(crate) fn given<T: PartialEq>(
    errors: &mut FieldErrors,
    field: Field,
    known: Known<T>,
    typed: &str,
    parse: impl FnOnce(&str) -> Result<T, FieldError>,
) -> Option<T> {
    let value = errors.take(field, parse(typed))?;
    match known {
        Known::Fixed(before) => {
            if before != value {
                errors.push(field, FieldError::Fixed);
            }
            None
        }
        Known::Nothing | Known::Open => Some(value),
    }
}

impl CompletionForm {
    /// Reads the form whole, every field's errors at once, in the document's order. `today`: see [`today`].
    ///
    /// # Errors
    /// Those of each value; [`FieldError::Fixed`] where another value than the account's own was typed.
    pub fn parse(&self, account: &Account, today: Date) -> Result<Completion, FieldErrors> {
        let mut errors = FieldErrors::new();
        let phone = match &account.phone {
            Some(phone) if account.phone_proved_at.is_some() => Known::Fixed(phone.clone()),
            phone => Known::open(phone.is_some()),
        };
        let username = Known::fixed(account.username.as_ref());
        let completion = Completion {
            username: read(&mut errors, Field::Username, username, &self.username, Username::parse),
            phone: read(&mut errors, Field::Phone, phone, &self.phone, Phone::parse),
            birth_date: read(&mut errors, Field::BirthDate, Known::open(account.birth_date.is_some()), &self.birth_date, |typed| {
                BirthDate::parse(typed, today)
            }),
            gender: read(&mut errors, Field::Gender, Known::open(account.gender.is_some()), &self.gender, Gender::parse),
            cpf: read(&mut errors, Field::Cpf, Known::fixed(account.cpf.as_ref()), &self.cpf, Cpf::parse),
            state: read(&mut errors, Field::State, Known::open(account.state.is_some()), &self.state, State::parse),
            city: read(&mut errors, Field::City, Known::open(account.city.is_some()), &self.city, City::parse),
        };
        if errors.is_empty() { Ok(completion) } else { Err(errors) }
    }
}

/// What is told to whoever completes a profile that is complete: nothing was changed, and every field says why.
pub fn given_before(account: &Account) -> FieldErrors {
    let mut errors = FieldErrors::new();
    for ask in account.kind.journey().completion.iter().filter(|ask| !ask.optional) {
        errors.push(ask.field, FieldError::Fixed);
    }
    errors
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::account::tests::account;
    use crate::journey::Kind;
    use crate::value::Email;
    use time::Month;

    fn rider() -> Account {
        Account {
            username: Some(Username::parse("rianlucas").unwrap()),
            email: Some(Email::parse("usuario@email.com").unwrap()),
            email_proved_at: Some(OffsetDateTime::UNIX_EPOCH),
            ..account(Kind::Caronista)
        }
    }

    fn form() -> CompletionForm {
        CompletionForm {
            username: String::new(),
            phone: "11987654321".into(),
            birth_date: "2000-01-15".into(),
            gender: "M".into(),
            cpf: "529.982.247-25".into(),
            state: "SP".into(),
            city: "São Paulo".into(),
        }
    }

    fn day() -> Date {
        Date::from_calendar_date(2026, Month::November, 21).unwrap()
    }

    #[test]
    fn the_form_of_the_document_is_read() {
        let completion = form().parse(&rider(), day()).unwrap();
        assert_eq!(completion.phone.as_ref().map(Phone::e164), Some("+5511987654321"));
        assert_eq!(completion.cpf.as_ref().map(Cpf::as_str), Some("52998224725"));
        assert_eq!(completion.username, None);
    }

    #[test]
    fn a_fixed_line_is_a_phone_too() {
        let form = CompletionForm { phone: "1133334444".into(), ..form() };
        assert_eq!(form.parse(&rider(), day()).unwrap().phone.unwrap().e164(), "+551133334444");
    }

    #[test]
    fn every_wrong_field_is_told_at_once_and_in_order() {
        let form = CompletionForm {
            phone: "119".into(),
            birth_date: "15/01/2000".into(),
            gender: "X".into(),
            cpf: "12345678901".into(),
            state: "XX".into(),
            city: "A".into(),
            ..CompletionForm::default()
        };
        let errors: Vec<_> = form.parse(&rider(), day()).unwrap_err().iter().collect();
        assert_eq!(
            errors,
            [
                (Field::Phone, FieldError::PhoneInvalid),
                (Field::BirthDate, FieldError::DateShape),
                (Field::Gender, FieldError::GenderUnknown),
                (Field::Cpf, FieldError::CpfInvalid),
                (Field::State, FieldError::StateUnknown),
                (Field::City, FieldError::TooShort { min: 2 }),
            ]
        );
        let nothing = CompletionForm::default().parse(&rider(), day()).unwrap_err();
        assert!(nothing.iter().all(|(_, error)| error == FieldError::Required));
        assert_eq!(nothing.iter().count(), 6);
    }

    #[test]
    fn whoever_registered_without_a_user_name_is_asked_for_one() {
        let bare = Account { username: None, ..rider() };
        let errors = form().parse(&bare, day()).unwrap_err();
        assert_eq!(errors, FieldErrors::one(Field::Username, FieldError::Required));
        let form = CompletionForm { username: "Rian".into(), ..form() };
        assert_eq!(form.parse(&bare, day()).unwrap().username, Some(Username::parse("rian").unwrap()));
    }

    #[test]
    fn what_is_fixed_may_be_repeated_or_left_out_but_not_changed() {
        let known = Account {
            cpf: Some(Cpf::parse("52998224725").unwrap()),
            phone: Some(Phone::parse("11987654321").unwrap()),
            phone_proved_at: Some(OffsetDateTime::UNIX_EPOCH),
            ..rider()
        };
        for (cpf, phone) in [("52998224725", "11987654321"), ("", "")] {
            let form = CompletionForm { cpf: cpf.into(), phone: phone.into(), ..form() };
            let completion = form.parse(&known, day()).unwrap();
            assert_eq!((completion.cpf, completion.phone), (None, None));
        }
        let other = CompletionForm { cpf: "11144477735".into(), phone: "21987654321".into(), username: "outro".into(), ..form() };
        let errors: Vec<_> = other.parse(&known, day()).unwrap_err().iter().collect();
        assert_eq!(errors, [Field::Username, Field::Phone, Field::Cpf].map(|field| (field, FieldError::Fixed)));
    }

    #[test]
    fn a_complete_profile_tells_at_every_field_that_it_is_given() {
        let errors = given_before(&rider());
        assert_eq!(errors.iter().count(), 6);
        assert!(errors.iter().all(|(field, error)| error == FieldError::Fixed && field != Field::Photo));
    }

    #[test]
    fn the_day_is_that_of_brasilia() {
        let midnight = OffsetDateTime::UNIX_EPOCH + Duration::days(365);
        assert_eq!(today(midnight), Date::from_calendar_date(1970, Month::December, 31).unwrap());
        assert_eq!(today(midnight + Duration::hours(3)), Date::from_calendar_date(1971, Month::January, 1).unwrap());
    }
}
