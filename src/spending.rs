//! What codes to phones may cost in a day (SPEC §12 "Spending"): a budget for phones that are not proved, by DDD, and a ceiling for all
//! SMS. Past it SMS rests; WhatsApp and e-mail go on.

use crate::brasilia::in_brasilia;
use time::{Date, OffsetDateTime};

/// The budget of a DDD of which little is known.
pub const LEAST_BUDGET: u32 = 200;

/// What an operator set; `None`: the default.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Budgets {
    /// `UNPROVED_BUDGET`: messages with a code to unproved phones, per DDD and day.
    pub unproved: Option<u32>,
    /// `SMS_DAILY_CEILING`: SMS with a code, per day.
    pub sms: Option<u32>,
}

/// What was sent today.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Spent {
    /// Messages with a code to unproved phones of the DDD.
    pub unproved: u32,
    /// Phones of the DDD that were proved yesterday.
    pub proved_before: u32,
    /// SMS with a code, of all DDDs.
    pub sms: u32,
}

/// Why SMS rests: the setting whose limit is met.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rest {
    /// `UNPROVED_BUDGET`.
    UnprovedBudget,
    /// `SMS_DAILY_CEILING`.
    SmsDailyCeiling,
}

impl Rest {
    /// Every one.
    pub const ALL: [Self; 2] = [Self::UnprovedBudget, Self::SmsDailyCeiling];

    /// Returns the name of the setting.
    pub const fn setting(self) -> &'static str {
        match self {
            Self::UnprovedBudget => "UNPROVED_BUDGET",
            Self::SmsDailyCeiling => "SMS_DAILY_CEILING",
        }
    }
}

/// Returns the day to which a message counts: that of São Paulo.
pub fn day(at: OffsetDateTime) -> Date {
    in_brasilia(at).date()
}

impl Budgets {
    /// Returns the budget of a DDD in which so many phones were proved the day before.
    pub fn of_ddd(self, proved_before: u32) -> u32 {
        self.unproved.unwrap_or_else(|| proved_before.saturating_mul(2).max(LEAST_BUDGET))
    }

    /// Returns why SMS rests now; `None`: it goes. `proved`: the code goes to a proved phone, for which there is no budget.
    pub fn rests(self, spent: Spent, proved: bool) -> Option<Rest> {
        if self.sms.is_some_and(|ceiling| spent.sms >= ceiling) {
            Some(Rest::SmsDailyCeiling)
        } else if !proved && spent.unproved >= self.of_ddd(spent.proved_before) {
            Some(Rest::UnprovedBudget)
        } else {
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::{Duration, Month};

    #[test]
    fn a_day_is_that_of_sao_paulo() {
        let date = |day| Date::from_calendar_date(2026, Month::November, day).expect("a day");
        let midnight = date(30).midnight().assume_utc() + Duration::hours(3);
        assert_eq!((day(midnight - Duration::seconds(1)), day(midnight)), (date(29), date(30)));
    }

    #[test]
    fn the_budget_grows_with_the_proved_ones_of_the_day_before() {
        let default = Budgets::default();
        assert_eq!([0, 100, 101, u32::MAX].map(|proved| default.of_ddd(proved)), [200, 200, 202, u32::MAX]);
        assert_eq!(Budgets { unproved: Some(0), sms: None }.of_ddd(1000), 0);
    }

    #[test]
    fn past_the_budget_sms_rests_for_unproved_phones_and_past_the_ceiling_for_all() {
        let budgets = Budgets { unproved: Some(3), sms: Some(9) };
        let spent = |unproved, sms| Spent { unproved, sms, proved_before: 0 };
        assert_eq!(budgets.rests(spent(2, 8), false), None);
        assert_eq!(budgets.rests(spent(3, 8), false), Some(Rest::UnprovedBudget));
        assert_eq!(budgets.rests(spent(3, 8), true), None);
        assert_eq!(budgets.rests(spent(0, 9), true), Some(Rest::SmsDailyCeiling));
        assert_eq!(Budgets::default().rests(spent(199, u32::MAX), false), None);
    }
}
