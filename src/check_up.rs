//! What the overview of an account tells its owner: how safely it stands, what its profile lacks, and who signed in before.

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
            (Point::Email, Condition::of_contact(self.email.is_some(), self.email_proved, self.email_suspended)),
            (Point::Phone, Condition::of_contact(self.phone.is_some(), self.phone_proved, self.phone_suspended)),
        ]
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
