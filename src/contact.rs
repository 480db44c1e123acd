//! Contacts: the e-mail addresses and phones at which people are reached, and which of them an account has.

use crate::account::Account;
use crate::error::Field;
use crate::message::Channel;
use crate::value::{Email, Phone};
use time::OffsetDateTime;

/// An e-mail address or a phone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Contact {
    /// An e-mail address.
    Email(Email),
    /// A phone.
    Phone(Phone),
}

/// Which contact of an account it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ContactKind {
    /// The e-mail address.
    Email,
    /// The phone.
    Phone,
}

impl ContactKind {
    /// Returns its field.
    pub const fn field(self) -> Field {
        match self {
            Self::Email => Field::Email,
            Self::Phone => Field::Phone,
        }
    }
}

impl Contact {
    /// Parses [`Contact::address`]; `None`: it is neither an address nor a phone.
    pub fn parse(address: &str) -> Option<Self> {
        if address.contains('@') { Email::parse(address).ok().map(Self::Email) } else { Phone::parse(address).ok().map(Self::Phone) }
    }

    /// Returns which contact of an account it would be.
    pub const fn kind(&self) -> ContactKind {
        match self {
            Self::Email(_) => ContactKind::Email,
            Self::Phone(_) => ContactKind::Phone,
        }
    }

    /// Returns the address in the form that carriers expect.
    pub fn address(&self) -> &str {
        match self {
            Self::Email(email) => email.as_str(),
            Self::Phone(phone) => phone.e164(),
        }
    }

    /// Returns the address by which sends are counted. Tagged addresses count as one mailbox, `a+b@c` as `a@c` (SPEC §16).
    pub fn counted_as(&self) -> String {
        match self {
            Self::Email(email) => email.untagged(),
            Self::Phone(phone) => phone.e164().to_owned(),
        }
    }

    /// Returns it as its owner writes it, to sign in.
    pub fn written(&self) -> String {
        match self {
            Self::Email(email) => email.as_str().to_owned(),
            Self::Phone(phone) => phone.formatted(),
        }
    }

    /// Returns the masked form for pages.
    pub fn masked(&self) -> String {
        match self {
            Self::Email(email) => email.masked(),
            Self::Phone(phone) => phone.masked(),
        }
    }

    /// Returns it whole, as people write it: for whoever has just typed it.
    pub fn whole(&self) -> String {
        match self {
            Self::Email(email) => email.as_str().to_owned(),
            Self::Phone(phone) => phone.formatted(),
        }
    }

    /// Returns the channels that bring a code to it. Which of several is taken first is a setting ([`crate::reaching`]).
    pub const fn code_channels(&self) -> &'static [Channel] {
        match self {
            Self::Email(_) => &[Channel::Email],
            Self::Phone(_) => &[Channel::WhatsApp, Channel::Sms],
        }
    }

    /// Returns the channel that brings notices and links to it. WhatsApp only brings codes.
    pub const fn text_channel(&self) -> Channel {
        match self {
            Self::Email(_) => Channel::Email,
            Self::Phone(_) => Channel::Sms,
        }
    }

    /// Returns whether messages reach it at all: a fixed line gets none.
    pub fn takes_messages(&self) -> bool {
        match self {
            Self::Email(_) => true,
            Self::Phone(phone) => phone.is_mobile(),
        }
    }
}

impl Account {
    /// Returns the contacts that were proved and when, in force or not, the e-mail first.
    pub fn proved_contacts(&self) -> impl Iterator<Item = (Contact, OffsetDateTime)> {
        let email = self.email.clone().map(Contact::Email).zip(self.email_proved_at);
        let phone = self.phone.clone().map(Contact::Phone).zip(self.phone_proved_at);
        email.into_iter().chain(phone)
    }

    /// Returns when this contact was proved; `None`: it is missing or not proved.
    pub const fn proved_at(&self, kind: ContactKind) -> Option<OffsetDateTime> {
        match kind {
            ContactKind::Email => self.email_proved_at,
            ContactKind::Phone => self.phone_proved_at,
        }
    }

    /// Returns the contacts in force ([`Account::usable_email`]; SPEC §11, §16), the e-mail first.
    pub fn usable_contacts(&self) -> impl Iterator<Item = Contact> {
        let email = self.usable_email().cloned().map(Contact::Email);
        let phone = self.usable_phone().cloned().map(Contact::Phone);
        email.into_iter().chain(phone)
    }

    /// Returns the contacts in force that messages reach, the e-mail first.
    pub fn reachable_contacts(&self) -> impl Iterator<Item = Contact> {
        self.usable_contacts().filter(Contact::takes_messages)
    }

    /// Returns [`Account::reachable_contacts`], first the one that the account's kind proves at sign-up.
    pub fn reachable_contacts_own_first(&self) -> Vec<Contact> {
        let mut contacts: Vec<_> = self.reachable_contacts().collect();
        if !self.kind.journey().contact_is_email() {
            contacts.reverse();
        }
        contacts
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::journey::Kind;

    const START: OffsetDateTime = OffsetDateTime::UNIX_EPOCH;

    fn account(email_proved: bool, phone_proved: bool, phone: &str) -> Account {
        Account {
            email: Email::parse("ana@example.com").ok(),
            email_proved_at: email_proved.then_some(START),
            phone: Phone::parse(phone).ok(),
            phone_proved_at: phone_proved.then_some(START),
            ..crate::account::tests::account(Kind::Cliente)
        }
    }

    #[test]
    fn a_contact_that_is_out_of_force_is_sent_nothing() {
        let mut owner = account(true, true, "+5511987654321");
        assert_eq!(owner.reachable_contacts().count(), 2);
        owner.phone_suspended_at = Some(START);
        assert!(matches!(owner.reachable_contacts().collect::<Vec<_>>()[..], [Contact::Email(_)]));
        owner.email_suspended_at = Some(START);
        assert_eq!(owner.reachable_contacts().count(), 0);
        assert_eq!(owner.proved_contacts().count(), 2, "both stay proved");
        assert!(owner.contact_proved(), "a password still signs in");
    }

    #[test]
    fn only_proved_contacts_that_take_messages_are_sent_to() {
        let reached = |account: &Account| account.reachable_contacts().map(|it| it.kind()).collect::<Vec<_>>();
        let (mobile, fixed) = ("11987654321", "1133334444");
        assert_eq!(reached(&account(true, true, mobile)), [ContactKind::Email, ContactKind::Phone]);
        assert_eq!(reached(&account(true, false, mobile)), [ContactKind::Email]);
        assert_eq!(reached(&account(false, true, mobile)), [ContactKind::Phone]);
        assert_eq!(reached(&account(false, true, fixed)), []);
        assert_eq!(reached(&account(false, false, mobile)), []);
        assert_eq!(account(false, true, fixed).usable_contacts().count(), 1, "a fixed line is in force all the same");
    }

    #[test]
    fn the_contact_that_the_kind_proves_comes_first() {
        let client = account(true, true, "11987654321");
        let kinds = |account: &Account| account.reachable_contacts_own_first().iter().map(Contact::kind).collect::<Vec<_>>();
        assert_eq!(kinds(&client), [ContactKind::Phone, ContactKind::Email]);
        assert_eq!(kinds(&Account { kind: Kind::Professor, ..client }), [ContactKind::Email, ContactKind::Phone]);
    }

    #[test]
    fn a_contact_is_read_back_from_its_address() {
        for address in ["ana+x@example.com", "+5511987654321", "+551133334444"] {
            assert_eq!(Contact::parse(address).as_ref().map(Contact::address), Some(address));
        }
        assert_eq!(Contact::parse("ana"), None);
        assert_eq!(Contact::parse("ana+x@example.com").map(|it| it.counted_as()).as_deref(), Some("ana@example.com"));
    }
}
