//! What products are told of an account (SPEC §14 "Webhooks", §17): the events, which of them follow from a change, and how long
//! an event that cannot be delivered is tried again. The names are sent and stored, so they never change.

use crate::account::Account;
use strum::{EnumString, IntoStaticStr, VariantArray};
use time::Duration;

/// What happened to an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, EnumString, IntoStaticStr, VariantArray)]
pub enum AccountEvent {
    /// It was registered. Nothing has to be proved yet.
    #[strum(serialize = "account.created")]
    Created,
    /// Its first contact was proved: its owner can sign in.
    #[strum(serialize = "account.proved")]
    Proved,
    /// It is proved, and nothing that its kind needs is missing any more. A contested document that left it can make it happen again.
    #[strum(serialize = "account.completed")]
    Completed,
    /// The profile, a contact or a document of a proved account changed.
    #[strum(serialize = "account.changed")]
    Changed,
    /// The password of a proved account was set, changed or removed.
    #[strum(serialize = "password.changed")]
    PasswordChanged,
    /// It is gone, with all that was known of it.
    #[strum(serialize = "account.deleted")]
    Deleted,
}

impl AccountEvent {
    /// Every event.
    pub const ALL: &[Self] = Self::VARIANTS;

    /// The name under which it is sent and stored.
    pub fn as_str(self) -> &'static str {
        self.into()
    }

    /// Reads a name. `None`: there is no such event.
    pub fn parse(name: &str) -> Option<Self> {
        name.parse().ok()
    }

    /// The events of an account that exists since just now.
    pub fn of_new(account: &Account) -> Vec<Self> {
        let proved = account.contact_proved().then_some(Self::Proved);
        [Some(Self::Created), proved, is_complete(account).then_some(Self::Completed)].into_iter().flatten().collect()
    }

    /// The events of a change, in the order in which they are told. A contact that is only put out of force, until its owner confirms
    /// it again, is no change.
    pub fn of_change(before: &Account, after: &Account) -> Vec<Self> {
        let was_proved = before.contact_proved();
        let contacts = |of: &Account| (of.email_proved_at, of.phone_proved_at);
        let changed = before.version != after.version || before.email != after.email || contacts(before) != contacts(after);
        let events = [
            (Self::Proved, !was_proved && after.contact_proved()),
            (Self::Changed, was_proved && changed),
            (Self::PasswordChanged, was_proved && before.password_hash != after.password_hash),
            (Self::Completed, !is_complete(before) && is_complete(after)),
        ];
        events.into_iter().filter(|(_, happened)| *happened).map(|(event, _)| event).collect()
    }
}

/// Returns whether an account is proved and has all that its kind needs.
pub fn is_complete(account: &Account) -> bool {
    account.contact_proved() && account.missing().is_empty()
}

/// How long an event is tried again, from the first try on. Then it has failed.
pub const RETRIED_FOR: Duration = Duration::days(1);
/// The wait after the first try, before the jitter. It doubles each time.
const FIRST_WAIT: Duration = Duration::seconds(15);
/// The longest wait, before the jitter.
const LONGEST_WAIT: Duration = Duration::hours(1);

/// How long to wait after `attempts` tries: between three and five quarters of a wait that doubles each time, as the random `jitter`
/// has it. Otherwise all that failed together would be tried again together.
pub fn retry_after(attempts: u32, jitter: u8) -> Duration {
    let doubled = FIRST_WAIT * (1_i32 << attempts.saturating_sub(1).min(16));
    doubled.min(LONGEST_WAIT) * (384 + i32::from(jitter)) / 512
}

#[cfg(test)]
mod tests {
    use super::AccountEvent::{Changed, Completed, Created, PasswordChanged, Proved};
    use super::*;
    use crate::account::tests::account;
    use crate::journey::Kind;
    use crate::value::{Cnpj, Phone};
    use time::OffsetDateTime;

    fn teacher() -> Account {
        Account { password_hash: Some("a".into()), email: crate::value::Email::parse("a@example.com").ok(), ..account(Kind::Professor) }
    }

    fn proved(of: Account) -> Account {
        Account { email_proved_at: Some(OffsetDateTime::UNIX_EPOCH), ..of }
    }

    #[test]
    fn names_are_those_of_the_specification() {
        let names = ["account.created", "account.proved", "account.completed", "account.changed", "password.changed", "account.deleted"];
        assert_eq!(AccountEvent::ALL.iter().map(|event| event.as_str()).collect::<Vec<_>>(), names);
        assert!(names.iter().all(|name| AccountEvent::parse(name).is_some_and(|event| event.as_str() == *name)));
        assert_eq!(AccountEvent::parse("account.renamed"), None);
    }

    #[test]
    fn whoever_is_proved_at_once_is_created_proved_and_complete() {
        assert_eq!(AccountEvent::of_new(&teacher()), [Created]);
        assert_eq!(AccountEvent::of_new(&proved(teacher())), [Created, Proved, Completed]);
        let company = proved(Account { cnpj: None, ..account(Kind::Empresa) });
        assert!(!company.missing().is_empty() && AccountEvent::of_new(&company) == [Created, Proved]);
    }

    #[test]
    fn a_first_proof_is_told_as_such_and_a_second_as_a_change() {
        assert_eq!(AccountEvent::of_change(&teacher(), &proved(teacher())), [Proved, Completed]);
        let phone = Phone::parse("11987654321").ok();
        let both = Account { phone, phone_proved_at: Some(OffsetDateTime::UNIX_EPOCH), ..proved(teacher()) };
        assert_eq!(AccountEvent::of_change(&proved(teacher()), &both), [Changed]);
    }

    #[test]
    fn what_completes_a_profile_changed_it_too() {
        let before = proved(Account { cnpj: None, ..account(Kind::Empresa) });
        let after = Account { cnpj: Cnpj::parse("11222333000181").ok(), version: 2, ..before.clone() };
        let phone =
            |of: Account| Account { phone: Phone::parse("11987654321").ok(), phone_proved_at: Some(OffsetDateTime::UNIX_EPOCH), ..of };
        assert_eq!(AccountEvent::of_change(&phone(before), &phone(after)), [Changed, Completed]);
    }

    #[test]
    fn a_password_is_told_of_once_the_account_is_proved_and_nothing_is_nothing() {
        let other = |of: Account| Account { password_hash: None, ..of };
        assert_eq!(AccountEvent::of_change(&teacher(), &other(teacher())), []);
        assert_eq!(AccountEvent::of_change(&proved(teacher()), &other(proved(teacher()))), [PasswordChanged]);
        assert_eq!(AccountEvent::of_change(&proved(teacher()), &proved(teacher())), []);
    }

    #[test]
    fn the_first_retry_comes_after_five_to_thirty_seconds_and_none_waits_much_longer_than_an_hour() {
        for jitter in [0, 255] {
            let waits: Vec<_> = (1..60).map(|attempts| retry_after(attempts, jitter)).collect();
            assert!(waits[0] >= Duration::seconds(5) && waits[0] <= Duration::seconds(30), "{}", waits[0]);
            assert!(waits.is_sorted() && waits.iter().all(|wait| *wait <= Duration::minutes(75)));
        }
    }
}
