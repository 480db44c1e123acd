//! Dates of birth (seed 004).

use super::pasted;
use crate::error::FieldError;
use time::{Date, Month};

/// The earliest year. Nobody alive was born before it, so an earlier one is a typing error (`0200-01-15`).
const EARLIEST_YEAR: i32 = 1900;

/// A date of birth: a day of the Gregorian calendar from 1900 on. Canonical form: ISO 8601, `YYYY-MM-DD`.
///
/// Source: seed 004 (`birthDate`, `VALIDATION_001`); SPEC §1. The documents require no minimum age, so there is none.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct BirthDate(Date);

redacted!(BirthDate);
serde_as_text!(BirthDate, to_iso, stored);

impl BirthDate {
    /// Parses a date. `today` is the date where the person is; the domain has no clock of its own.
    ///
    /// # Errors
    /// [`FieldError::Required`] when blank, [`FieldError::DateShape`] when it is not `YYYY-MM-DD`, no such day, or
    /// before 1900, [`FieldError::DateNotPast`] when it is `today` or later.
    pub fn parse(typed: &str, today: Date) -> Result<Self, FieldError> {
        let born = Self::stored(typed)?;
        if born.0 < today { Ok(born) } else { Err(FieldError::DateNotPast) }
    }

    /// Returns the date.
    pub const fn date(self) -> Date {
        self.0
    }

    /// `2000-01-15`.
    pub fn to_iso(&self) -> String {
        // Years beyond 9999 need a feature of `time` that is off, so four digits are enough.
        format!("{:04}-{:02}-{:02}", self.0.year(), u8::from(self.0.month()), self.0.day())
    }

    /// Returns `**/**/2000`, the only form that an answer may show (SPEC §9).
    pub fn masked(self) -> String {
        format!("**/**/{:04}", self.0.year())
    }

    /// Parses a stored date without comparing it with today: it was already validated.
    fn stored(text: &str) -> Result<Self, FieldError> {
        let text = &*pasted::read(text);
        if text.is_empty() {
            return Err(FieldError::Required);
        }
        calendar_day(text).filter(|day| day.year() >= EARLIEST_YEAR).map(Self).ok_or(FieldError::DateShape)
    }
}

/// Exactly `YYYY-MM-DD`, in ASCII digits, and a day that exists.
fn calendar_day(text: &str) -> Option<Date> {
    // Parsed by hand: the `parsing` feature of `time` would bring its whole format engine into the browser.
    let [y0, y1, y2, y3, b'-', m0, m1, b'-', d0, d1] = text.as_bytes() else { return None };
    let year = number(&[*y0, *y1, *y2, *y3])?;
    let month = u8::try_from(number(&[*m0, *m1])?).ok()?;
    let day = u8::try_from(number(&[*d0, *d1])?).ok()?;
    Date::from_calendar_date(i32::from(year), Month::try_from(month).ok()?, day).ok()
}

/// Up to four ASCII digits as a number. Not `str::parse`, which takes a sign.
fn number(digits: &[u8]) -> Option<u16> {
    digits.iter().try_fold(0, |n, c| c.is_ascii_digit().then(|| n * 10 + u16::from(c - b'0')))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn day(year: i32, month: u8, day: u8) -> Date {
        Date::from_calendar_date(year, Month::try_from(month).unwrap(), day).unwrap()
    }

    fn today() -> Date {
        day(2026, 8, 20)
    }

    #[test]
    fn the_sample_of_004_is_taken() {
        let born = BirthDate::parse("2000-01-15", today()).unwrap();
        assert_eq!((born.date(), born.to_iso().as_str()), (day(2000, 1, 15), "2000-01-15"));
        assert_eq!(born.masked(), "**/**/2000");
        assert_eq!(BirthDate::parse(" 2000-01-15\n", today()), Ok(born));
    }

    #[test]
    fn leap_days_exist_in_leap_years_only() {
        for (typed, exists) in
            [("2000-02-29", true), ("2024-02-29", true), ("1900-02-29", false), ("2001-02-29", false), ("2023-02-29", false)]
        {
            assert_eq!(BirthDate::parse(typed, today()).is_ok(), exists, "{typed}");
        }
    }

    #[test]
    fn what_is_no_such_day_is_refused() {
        for invalid in [
            "15/01/2000",
            "01-15-2000",
            "2000/01/15",
            "20000115",
            "2000-1-15",
            "2000-01-5",
            "00-01-15",
            "2000-01-15T00:00:00Z",
            "2000-01-15 x",
            "2000-00-15",
            "2000-13-15",
            "2000-01-00",
            "2000-01-32",
            "2000-04-31",
            "+200-01-15",
            "-200-01-15",
            "2000-+1-15",
            "2000-01--5",
            "２０００-01-15",
            "1899-12-31",
            "0200-01-15",
            "0000-01-01",
            "abcd-ef-gh",
        ] {
            assert_eq!(BirthDate::parse(invalid, today()), Err(FieldError::DateShape), "{invalid}");
        }
        assert!(BirthDate::parse("1900-01-01", today()).is_ok());
    }

    #[test]
    fn today_and_later_are_not_past() {
        assert!(BirthDate::parse("2026-08-19", today()).is_ok());
        for typed in ["2026-08-20", "2026-08-21", "9999-12-31"] {
            assert_eq!(BirthDate::parse(typed, today()), Err(FieldError::DateNotPast), "{typed}");
        }
    }

    #[test]
    fn reading_back_needs_no_clock() {
        assert_eq!(BirthDate::try_from("2000-01-15".to_owned()), BirthDate::parse("2000-01-15", today()));
        assert_eq!(BirthDate::try_from("2001-02-29".to_owned()), Err(FieldError::DateShape));
    }

    proptest! {
        #[test]
        fn the_canonical_form_is_a_fixed_point(ordinal in 1_u16..=365, year in 1900_i32..2026) {
            let date = Date::from_ordinal_date(year, ordinal).unwrap();
            let born = BirthDate::parse(&BirthDate(date).to_iso(), today()).unwrap();
            prop_assert_eq!(born.date(), date);
        }

        #[test]
        fn whatever_is_taken_was_typed_in_canonical_form(typed in "[0-9]{4}-[0-9]{2}-[0-9]{2}") {
            if let Ok(born) = BirthDate::parse(&typed, today()) {
                prop_assert_eq!(born.to_iso(), typed);
                prop_assert!(born.date() < today());
            }
        }
    }
}
