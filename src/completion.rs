//! The third step of a rider's journey (seed 004, "COMPLETAR PERFIL"): what was typed becomes a [`ProfileChange`].
//!
//! What the account already has is not asked again. Fixed values cannot be changed here (SPEC §2, §11): a CPF, a user name, a
//! proved phone.

use crate::account::Account;
use crate::brasilia::in_brasilia;
use crate::error::{FieldError, FieldErrors};
use crate::field::Typed;
use crate::profile::{self, ProfileChange};
use crate::value::is_blank;
use time::{Date, Duration, OffsetDateTime};

/// Conflicts with other accounts that one account may cause within [`CONFLICT_WINDOW`]. Each conflict reveals that a CPF or
/// phone is registered; an honest person causes one or two (docs/threats.md T3).
pub const CONFLICTS_PER_ACCOUNT: usize = 10;
/// The window of [`CONFLICTS_PER_ACCOUNT`].
pub const CONFLICT_WINDOW: Duration = Duration::hours(1);

/// Returns the date in Brasília. Birth dates are compared with it, wherever the server runs.
pub fn today(now: OffsetDateTime) -> Date {
    in_brasilia(now).date()
}

/// Parses the third step and collects the errors of all fields. Values that the account already has may be left out.
///
/// # Errors
/// Those of each value; [`FieldError::Required`] for a missing value; [`FieldError::Fixed`] for a fixed value that differs from
/// the account's own.
pub fn read(typed: &Typed, account: &Account, today: Date) -> Result<ProfileChange, FieldErrors> {
    let asked = |field| account.kind.journey().completion.iter().any(|ask| ask.field == field);
    let (change, errors) = profile::read(account, today, |field| {
        let text = typed.text(field);
        asked(field).then_some(text).filter(|text| !is_blank(text) || !account.has(field))
    });
    if errors.is_empty() { Ok(change) } else { Err(errors) }
}

/// Returns the errors for completing a profile that is already complete: [`FieldError::Fixed`] at every field of the step.
pub fn given_before(account: &Account) -> FieldErrors {
    let mut errors = FieldErrors::new();
    let journey = account.kind.journey();
    for ask in journey.completion.iter().filter(|ask| !ask.optional && journey.ask(ask.field).is_none()) {
        errors.push(ask.field, FieldError::Fixed);
    }
    errors
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::account::tests::account;
    use crate::field::Field;
    use crate::journey::Kind;
    use crate::value::{Cpf, Email, Phone, Username};
    use time::Month;

    fn rider() -> Account {
        Account {
            username: Some(Username::parse("rianlucas").unwrap()),
            email: Some(Email::parse("usuario@email.com").unwrap()),
            email_proved_at: Some(OffsetDateTime::UNIX_EPOCH),
            ..account(Kind::Caronista)
        }
    }

    fn form() -> Typed {
        Typed::from([
            (Field::Username, ""),
            (Field::Phone, "11987654321"),
            (Field::BirthDate, "2000-01-15"),
            (Field::Gender, "M"),
            (Field::Cpf, "529.982.247-25"),
            (Field::State, "SP"),
            (Field::City, "São Paulo"),
        ])
    }

    fn day() -> Date {
        Date::from_calendar_date(2026, Month::November, 21).unwrap()
    }

    #[test]
    fn the_form_of_the_document_is_read() {
        let completion = read(&form(), &rider(), day()).unwrap();
        assert_eq!(completion.phone.as_ref().map(Phone::e164), Some("+5511987654321"));
        assert_eq!(completion.cpf.as_ref().map(Cpf::as_str), Some("52998224725"));
        assert_eq!(completion.username, None);
    }

    #[test]
    fn a_fixed_line_is_a_phone_too() {
        let form = form().with(Field::Phone, "1133334444");
        assert_eq!(read(&form, &rider(), day()).unwrap().phone.unwrap().e164(), "+551133334444");
    }

    #[test]
    fn every_wrong_field_is_told_at_once_and_in_order() {
        let form = Typed::from([
            (Field::Phone, "119"),
            (Field::BirthDate, "15/01/2000"),
            (Field::Gender, "X"),
            (Field::Cpf, "12345678901"),
            (Field::State, "XX"),
            (Field::City, "A"),
        ]);
        let errors: Vec<_> = read(&form, &rider(), day()).unwrap_err().iter().collect();
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
        let nothing = read(&Typed::default(), &rider(), day()).unwrap_err();
        assert!(nothing.iter().all(|(_, error)| error == FieldError::Required));
        assert_eq!(nothing.iter().count(), 6);
    }

    #[test]
    fn whoever_registered_without_a_user_name_is_asked_for_one() {
        let bare = Account { username: None, ..rider() };
        let errors = read(&form(), &bare, day()).unwrap_err();
        assert_eq!(errors, FieldErrors::one(Field::Username, FieldError::Required));
        let form = form().with(Field::Username, "Rian");
        assert_eq!(read(&form, &bare, day()).unwrap().username, Some(Username::parse("rian").unwrap()));
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
            let form = form().with(Field::Cpf, cpf).with(Field::Phone, phone);
            let completion = read(&form, &known, day()).unwrap();
            assert_eq!((completion.cpf, completion.phone), (None, None));
        }
        let other = form().with(Field::Cpf, "11144477735").with(Field::Phone, "21987654321").with(Field::Username, "outro");
        let errors: Vec<_> = read(&other, &known, day()).unwrap_err().iter().collect();
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
