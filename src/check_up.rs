//! What the overview of an account tells its owner: how safely it stands, what its profile lacks, and who signed in before.

use crate::contact::ContactKind;
use crate::error::Field;
use crate::profile::document;
use crate::view::{AccountView, SessionView};

/// Failed sign-ins are counted up to this many: beyond it the figure says nothing more.
pub const MOST_FAILURES: u32 = 100;

/// What of an account is looked at, in the order in which its owner is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Point {
    /// Whether there is a password.
    Password,
    /// The e-mail, as a way in and back.
    Email,
    /// The phone, as a way in and back.
    Phone,
}

/// How a [`Point`] stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Condition {
    /// Nothing is to be done.
    Good,
    /// It is not there.
    Missing,
    /// It is there, and was never proved.
    Unproved,
    /// It must be confirmed again before it can sign in or recover the account.
    Suspended,
}

impl Condition {
    const fn of_contact(is_there: bool, proved: bool, suspended: bool) -> Self {
        match (is_there, proved, suspended) {
            (false, ..) => Self::Missing,
            (_, _, true) => Self::Suspended,
            (_, true, _) => Self::Good,
            (_, false, _) => Self::Unproved,
        }
    }
}

impl AccountView {
    /// Returns how each point stands.
    pub const fn check_up(&self) -> [(Point, Condition); 3] {
        let password = if self.has_password { Condition::Good } else { Condition::Missing };
        [
            (Point::Password, password),
            (Point::Email, self.condition_of(ContactKind::Email)),
            (Point::Phone, self.condition_of(ContactKind::Phone)),
        ]
    }

    /// Returns how a contact stands. A fixed line counts as none, because no code can prove it.
    pub const fn condition_of(&self, contact: ContactKind) -> Condition {
        match contact {
            ContactKind::Email => Condition::of_contact(self.email.is_some(), self.email_proved, self.email_suspended),
            ContactKind::Phone => {
                Condition::of_contact(self.phone.is_some() && !self.phone_is_fixed, self.phone_proved, self.phone_suspended)
            }
        }
    }

    /// Returns whether a contact is confirmed and in force; `None`: there is none that could be.
    pub const fn is_confirmed(&self, contact: ContactKind) -> Option<bool> {
        match self.condition_of(contact) {
            Condition::Missing => None,
            Condition::Good => Some(true),
            Condition::Unproved | Condition::Suspended => Some(false),
        }
    }

    /// Returns the contact as its owner writes it, if it has yet to be confirmed; a phone only where this view says it whole.
    pub fn to_confirm(&self, contact: ContactKind) -> Option<&str> {
        let value = match contact {
            ContactKind::Email => self.email.as_deref(),
            ContactKind::Phone => self.whole_phone.as_deref(),
        };
        value.filter(|_| self.is_confirmed(contact) == Some(false))
    }

    /// Returns what the profile could have besides, and has not: nothing of it is required. `texts`: the optional texts that its kind is
    /// asked for. A name that somebody goes by is nobody's lack.
    pub fn worth_adding(&self, texts: &[Field]) -> Vec<Field> {
        let asked = texts.iter().copied().filter(|field| *field != Field::SocialName);
        let all = [Field::Photo, document(self.kind)].into_iter().chain(asked);
        all.filter(|field| !self.has(*field) && !self.missing.contains(field)).collect()
    }
}

/// A sign-in that came before, as shown to the account's owner.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PastAccess {
    /// When, in seconds since the epoch.
    pub at: i64,
    /// The device name, derived from the User-Agent.
    pub device: String,
    /// The IP address.
    pub address: String,
    /// Whether the address belongs to a private network, not to the internet.
    pub local: bool,
    /// How often signing in failed since then, up to [`MOST_FAILURES`].
    pub failures_since: u32,
}

/// To whom an account is open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Openings {
    /// The active sessions: the current one first, then the most recently used.
    pub sessions: Vec<SessionView>,
    /// How many products its owner agreed to give something of it.
    pub products: usize,
}

/// Who is and was in an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Accesses {
    /// The active sessions: the current one first, then the most recently used.
    pub sessions: Vec<SessionView>,
    /// The last sign-in before the current session.
    pub previous: Option<PastAccess>,
    /// Whether the account is younger than what is kept of sign-ins, so that none before means that there was none.
    pub is_young: bool,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::account::tests::account;
    use crate::journey::Kind;
    use crate::terms::TermsVersion;
    use crate::value::{Email, Phone};
    use time::OffsetDateTime;

    const START: OffsetDateTime = OffsetDateTime::UNIX_EPOCH;

    fn view(change: impl FnOnce(&mut crate::account::Account)) -> AccountView {
        let mut account = account(Kind::Cliente);
        change(&mut account);
        account.view(&TermsVersion::own())
    }

    #[test]
    fn a_contact_is_good_only_while_it_is_proved_and_in_force() {
        let conditions = |view: AccountView| view.check_up().map(|(_, condition)| condition);
        let [_, email, phone] = conditions(view(|_| ()));
        assert_eq!((email, phone), (Condition::Missing, Condition::Missing));
        let [_, email, phone] = conditions(view(|account| {
            account.email = Email::parse("ana@example.com").ok();
            account.phone = Phone::parse("11987654321").ok();
            account.phone_proved_at = Some(START);
        }));
        assert_eq!((email, phone), (Condition::Unproved, Condition::Good));
        let [.., phone] = conditions(view(|account| {
            account.phone = Phone::parse("11987654321").ok();
            (account.phone_proved_at, account.phone_suspended_at) = (Some(START), Some(START));
        }));
        assert_eq!(phone, Condition::Suspended);
    }

    #[test]
    fn a_fixed_line_is_nothing_to_confirm() {
        let rider = view(|account| {
            account.kind = Kind::Caronista;
            account.email = Email::parse("ana@example.com").ok();
            account.email_proved_at = Some(START);
            account.phone = Phone::parse("1133334444").ok();
        });
        assert_eq!(rider.condition_of(ContactKind::Phone), Condition::Missing);
        assert_eq!(rider.is_confirmed(ContactKind::Phone), None);
        assert_eq!(rider.to_confirm(ContactKind::Phone), None);
    }

    #[test]
    fn what_is_to_be_confirmed_is_said_whole_or_not_at_all() {
        let mut ana = view(|account| {
            account.email = Email::parse("ana@example.com").ok();
            account.phone = Phone::parse("11987654321").ok();
        });
        assert_eq!(ana.to_confirm(ContactKind::Email), Some("ana@example.com"));
        assert_eq!(ana.to_confirm(ContactKind::Phone), None, "it is masked");
        ana.whole_phone = Some("(11) 98765-4321".to_owned());
        assert_eq!(ana.to_confirm(ContactKind::Phone), Some("(11) 98765-4321"));
        (ana.email_proved, ana.phone_proved) = (true, true);
        assert_eq!([ContactKind::Email, ContactKind::Phone].map(|it| ana.to_confirm(it)), [None, None]);
        ana.email_suspended = true;
        assert_eq!(ana.to_confirm(ContactKind::Email), Some("ana@example.com"));
    }

    #[test]
    fn what_is_worth_adding_is_neither_there_nor_required() {
        let mut ana = view(|_| ());
        assert_eq!(ana.worth_adding(&[Field::SocialName, Field::Institution]), [Field::Photo, Field::Cpf, Field::Institution]);
        ana.photo = Some("/photos/x".to_owned());
        ana.missing = vec![Field::Cpf];
        assert_eq!(ana.worth_adding(&[]), []);
        let company = AccountView { kind: Kind::Empresa, missing: Vec::new(), ..ana };
        assert_eq!(company.worth_adding(&[]), [Field::Cnpj]);
    }
}
