//! What support looks for and is shown at the command line (SPEC §14, `portaria accounts`): masked like everywhere else
//! (docs/standards.md#masks).

use crate::account::Account;
use crate::contact::Contact;
use crate::deletion::deletes_at;
use crate::error::Field;
use crate::journey::Kind;
use crate::login::Identifier;
use crate::message::Channel;
use crate::purpose::{LinkFor, Purpose};
use crate::value::{Cnpj, Cpf, Email, Phone, as_pasted};
use crate::view::Delivery;
use serde::Serialize;
use std::fmt;
use time::OffsetDateTime;

/// Before the number of an account, where the same digits could be a phone or a document too.
const ID: &str = "id:";
/// Numbers of accounts are below this, so that a JSON number holds them.
const ID_END: i64 = 1 << 53;

/// Whom support looks for: the number of an account, or any identifier that signing in takes.
#[derive(Clone, PartialEq, Eq)]
pub struct Sought {
    id: Option<i64>,
    identifier: Option<Identifier>,
}

impl Sought {
    /// Parses what was typed; `None`: nobody can be found by it. Digits alone may be a number of an account as well as a phone, a
    /// document and a user name; after `id:` they are a number of an account only.
    pub fn parse(typed: &str) -> Option<Self> {
        let typed = &*as_pasted(typed);
        if let Some(digits) = typed.strip_prefix(ID) {
            return account_id(digits).map(Self::id);
        }
        let identifier = Identifier::parse(typed).ok().filter(|identifier| !identifier.readings().is_empty());
        let sought = Self { id: account_id(typed), identifier };
        (sought.id.is_some() || sought.identifier.is_some()).then_some(sought)
    }

    /// Returns what finds the account with this number, and no other.
    pub const fn id(id: i64) -> Self {
        Self { id: Some(id), identifier: None }
    }

    /// Returns the number of an account that it may be.
    pub const fn account_id(&self) -> Option<i64> {
        self.id
    }

    /// Returns the identifier that it may be.
    pub const fn identifier(&self) -> Option<&Identifier> {
        self.identifier.as_ref()
    }

    /// Returns one spelling for all equivalent ones, for the keyed index in the audit.
    pub fn canonical(&self) -> String {
        match (&self.identifier, self.id) {
            (Some(identifier), _) => identifier.canonical().to_owned(),
            (None, id) => format!("{ID}{}", id.unwrap_or_default()),
        }
    }
}

impl fmt::Debug for Sought {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Sought(***)")
    }
}

fn account_id(digits: &str) -> Option<i64> {
    let id = digits.bytes().all(|byte| byte.is_ascii_digit()).then(|| digits.parse().ok())??;
    (1..ID_END).contains(&id).then_some(id)
}

impl Account {
    /// Returns the address and the purposes by which a proof of it may be waited for, the usual one first. `None`: no proof is missing.
    pub fn awaited_proof(&self) -> Option<(&Email, Vec<Purpose>)> {
        let email = self.email.as_ref().filter(|_| self.email_proved_at.is_none())?;
        let link = Purpose::Link(LinkFor::EmailProof);
        let journey = self.kind.journey();
        let mut purposes = vec![link];
        if !self.contact_proved() && journey.contact_is_email() {
            purposes.extend(Some(journey.proof_purpose).filter(|purpose| *purpose != link));
            purposes.reverse();
        }
        Some((email, purposes))
    }
}

/// Whether a contact is in use.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum ContactState {
    /// Proved, and in force.
    Proved,
    /// Not proved.
    Unproved,
    /// Proved, but out of force until its owner confirms it again (SPEC §16).
    Suspended,
}

impl ContactState {
    const fn of(proved: Option<OffsetDateTime>, suspended: Option<OffsetDateTime>) -> Self {
        match (proved, suspended) {
            (None, _) => Self::Unproved,
            (Some(_), Some(_)) => Self::Suspended,
            (Some(_), None) => Self::Proved,
        }
    }
}

/// A contact, masked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FoundContact {
    /// As `j***@e***.com` or `(11) *****-4321`.
    pub masked: String,
    /// Whether it is in use.
    pub state: ContactState,
}

/// A code or link that somebody waits for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct FoundProof {
    /// The name of its purpose ([`Purpose`]).
    pub purpose: &'static str,
    /// Where it goes, masked.
    pub destination: String,
    /// By which channel.
    pub channel: Channel,
    /// How far it has come.
    pub delivery: Delivery,
    /// When it was asked for, in seconds since the epoch.
    pub asked_at: i64,
    /// Until when it is good, in seconds since the epoch; `None`: its clock has not started.
    pub expires_at: Option<i64>,
}

/// An account as support sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct FoundAccount {
    /// Its number.
    pub id: i64,
    /// Its kind.
    pub kind: Kind,
    /// The name of the person or the company.
    pub name: String,
    /// The name by which they are to be addressed, if it is another.
    pub social_name: Option<String>,
    /// User name.
    pub username: Option<String>,
    /// E-mail.
    pub email: Option<FoundContact>,
    /// Phone.
    pub phone: Option<FoundContact>,
    /// CPF, masked.
    pub cpf: Option<String>,
    /// CNPJ, masked.
    pub cnpj: Option<String>,
    /// Whether it has a password.
    pub has_password: bool,
    /// The required fields that are missing, by their names.
    pub missing: Vec<Field>,
    /// When it was created, in seconds since the epoch.
    pub created_at: i64,
    /// When its owner last signed in, in seconds since the epoch.
    pub last_sign_in_at: Option<i64>,
    /// How many living sessions it has.
    pub sessions: u64,
    /// Seconds until signing in is unlocked by itself; `None`: it is not locked.
    pub locked_for: Option<u32>,
    /// Failed sign-ins that count.
    pub failed_sign_ins: usize,
    /// Since when its owner has blocked it, in seconds since the epoch; `None`: it is not.
    pub blocked_at: Option<i64>,
    /// When it is erased because its owner asked for it, in seconds since the epoch; `None`: nobody did.
    pub deletes_at: Option<i64>,
    /// The proof that it waits for.
    pub proof: Option<FoundProof>,
}

/// What the database knows of an account beside its row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Beside {
    /// How many living sessions it has.
    pub sessions: u64,
    /// Seconds until signing in is unlocked by itself.
    pub locked_for: Option<u32>,
    /// Failed sign-ins that count.
    pub failed_sign_ins: usize,
    /// The proof that it waits for.
    pub proof: Option<FoundProof>,
}

impl FoundAccount {
    /// Masks an account.
    pub fn new(account: &Account, beside: Beside) -> Self {
        let Beside { sessions, locked_for, failed_sign_ins, proof } = beside;
        let contact = |masked: Option<String>, state| masked.map(|masked| FoundContact { masked, state });
        let email = ContactState::of(account.email_proved_at, account.email_suspended_at);
        let phone = ContactState::of(account.phone_proved_at, account.phone_suspended_at);
        Self {
            id: account.id,
            kind: account.kind,
            name: account.name.as_str().to_owned(),
            social_name: account.texts.get(Field::SocialName).map(str::to_owned),
            username: account.username.as_ref().map(|username| username.as_str().to_owned()),
            email: contact(account.email.as_ref().map(Email::masked), email),
            phone: contact(account.phone.as_ref().map(Phone::masked), phone),
            cpf: account.cpf.as_ref().map(Cpf::masked),
            cnpj: account.cnpj.as_ref().map(Cnpj::masked),
            has_password: account.password_hash.is_some(),
            missing: account.missing(),
            created_at: account.created_at.unix_timestamp(),
            last_sign_in_at: account.last_sign_in_at.map(OffsetDateTime::unix_timestamp),
            sessions,
            locked_for,
            failed_sign_ins,
            blocked_at: account.blocked_at.map(OffsetDateTime::unix_timestamp),
            deletes_at: account.deletion_asked_at.map(|at| deletes_at(at).unix_timestamp()),
            proof,
        }
    }
}

/// A row of the audit of an account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct AuditRow {
    /// When, in seconds since the epoch.
    pub at: i64,
    /// What was tried, by its stored name.
    pub event: String,
    /// `ok`, the code of the refusal, or a word of the use case.
    pub outcome: String,
    /// From which IP address.
    pub address: String,
    /// With what: a browser's name, or the command of an operator.
    pub device: String,
    /// The id of the request, as the log has it; `None`: no request did it.
    pub request_id: Option<String>,
    /// How often.
    pub times: i32,
}

/// A sign-up that waits for the code to its phone: there is no account yet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct FoundSignup {
    /// The kind of the future account.
    pub kind: Kind,
    /// Its phone, masked.
    pub phone: String,
    /// When it began, in seconds since the epoch.
    pub begun_at: i64,
    /// The code that it waits for.
    pub proof: Option<FoundProof>,
}

/// Everybody who may be meant.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Found {
    /// The accounts.
    pub accounts: Vec<FoundAccount>,
    /// The sign-ups that wait.
    pub signups: Vec<FoundSignup>,
}

impl Found {
    /// Returns whether it is nobody.
    pub const fn is_empty(&self) -> bool {
        self.accounts.is_empty() && self.signups.is_empty()
    }
}

/// Where a proof was sent again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Resent {
    /// Masked.
    pub destination: String,
    /// By which channel.
    pub channel: Channel,
}

impl Resent {
    /// To this contact, by this channel.
    pub fn to(contact: &Contact, channel: Channel) -> Self {
        Self { destination: contact.masked(), channel }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::account::tests::account;
    use crate::login::Reading;
    use crate::purpose::CodeFor;

    #[test]
    fn whatever_signs_in_finds_an_account_and_so_does_its_number() {
        for typed in
            ["ana@example.com", "(11) 98765-4321", "529.982.247-25", "12.ABC.345/01DE-35", "rian.lucas", "id:7", "4503599627370497"]
        {
            assert!(Sought::parse(typed).is_some(), "{typed}");
        }
        for typed in ["", "id:", "id:x", "id:0", "id:9007199254740992", "id:-1", "não existe", "a@"] {
            assert_eq!(Sought::parse(typed), None, "{typed}");
        }
    }

    #[test]
    fn digits_may_be_a_number_too_and_after_id_nothing_else() {
        let both = Sought::parse("11912345684").expect("somebody");
        assert_eq!(both.account_id(), Some(11_912_345_684));
        assert!(both.identifier().is_some_and(|it| it.readings().iter().any(|reading| matches!(reading, Reading::Phone(_)))));
        let number = Sought::parse(" id:11912345684 ").expect("somebody");
        assert_eq!((number.account_id(), number.identifier()), (Some(11_912_345_684), None));
        assert_eq!(number, Sought::id(11_912_345_684));
        assert_eq!(format!("{both:?}"), "Sought(***)");
    }

    #[test]
    fn the_proof_that_is_waited_for_follows_from_the_kind_and_from_what_is_proved() {
        let email = Email::parse("ana@example.com").ok();
        let of = |kind| Account { email: email.clone(), ..account(kind) };
        let purposes = |account: &Account| account.awaited_proof().map(|(_, purposes)| purposes);
        let (link, code) = (Purpose::Link(LinkFor::EmailProof), Purpose::Code(CodeFor::SignupEmail));
        assert_eq!(purposes(&of(Kind::Professor)), Some(vec![link]));
        assert_eq!(purposes(&of(Kind::Caronista)), Some(vec![code, link]));
        // By 001 a client proves an address, too; later it is an optional one.
        assert_eq!(purposes(&of(Kind::Cliente)), Some(vec![link]));
        let proved = Some(OffsetDateTime::UNIX_EPOCH);
        assert_eq!(purposes(&Account { phone_proved_at: proved, ..of(Kind::Cliente) }), Some(vec![link]));
        assert_eq!(purposes(&Account { email_proved_at: proved, ..of(Kind::Caronista) }), None);
        assert_eq!(purposes(&account(Kind::Cliente)), None);
    }

    #[test]
    fn what_support_is_shown_is_masked() {
        let ana = Account {
            email: Email::parse("ana@example.com").ok(),
            email_proved_at: Some(OffsetDateTime::UNIX_EPOCH),
            email_suspended_at: Some(OffsetDateTime::UNIX_EPOCH),
            phone: Phone::parse("11987654321").ok(),
            cpf: Cpf::parse("52998224725").ok(),
            ..account(Kind::Cliente)
        };
        let beside = Beside { sessions: 2, locked_for: None, failed_sign_ins: 0, proof: None };
        let shown = FoundAccount::new(&ana, beside);
        assert_eq!(shown.email.as_ref().map(|it| (it.masked.as_str(), it.state)), Some(("a***@e***.com", ContactState::Suspended)));
        assert_eq!(shown.phone.as_ref().map(|it| (it.masked.as_str(), it.state)), Some(("(11) *****-4321", ContactState::Unproved)));
        let json = serde_json::to_string(&shown).expect("JSON");
        for whole in ["ana@", "98765", "529982", "52998224725"] {
            assert!(!json.contains(whole), "{json}");
        }
    }
}
