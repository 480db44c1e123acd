//! An account: what is known of a person or company, and what follows from it.

use crate::deletion::deletes_at;
use crate::error::{Field, Refusal};
use crate::fresh::FreshSession;
use crate::holding::CLAIM_LIFETIME;
use crate::journey::Kind;
use crate::profile::{FreeTexts, shown_name};
use crate::terms::TermsVersion;
use crate::value::{BirthDate, City, Cnpj, Cpf, Email, Gender, Name, Phone, State, Username, greeted};
use crate::view::AccountView;
use time::OffsetDateTime;

/// Whether an optional value of the profile is present; fields that are not listed here count as present. A macro, because an account
/// and its view hold the same values in different types.
macro_rules! has_optional {
    ($of:expr, $field:expr) => {
        match $field {
            Field::Username => $of.username.is_some(),
            Field::BirthDate => $of.birth_date.is_some(),
            Field::Gender => $of.gender.is_some(),
            Field::Cpf => $of.cpf.is_some(),
            Field::Cnpj => $of.cnpj.is_some(),
            Field::State => $of.state.is_some(),
            Field::City => $of.city.is_some(),
            Field::Photo => $of.photo.is_some(),
            field if field.is_free_text() => $of.texts.get(field).is_some(),
            _ => true,
        }
    };
}
pub(crate) use has_optional;

/// The stored facts of an account. Whether it is active is derived from them, never stored.
#[derive(Debug, Clone)]
pub struct Account {
    /// Random, below 2^53.
    pub id: i64,
    /// Decides which fields are needed ([`Account::missing`]).
    pub kind: Kind,
    /// The name of the person or the company.
    pub name: Name,
    /// Set once; only riders (004) have one.
    pub username: Option<Username>,
    /// E-mail, proved or not.
    pub email: Option<Email>,
    /// When the e-mail was proved; `None`: not yet.
    pub email_proved_at: Option<OffsetDateTime>,
    /// Since when the proved e-mail is suspended. A password reset by another contact suspends it (SPEC §16).
    pub email_suspended_at: Option<OffsetDateTime>,
    /// Phone, proved or not.
    pub phone: Option<Phone>,
    /// When the phone was proved; `None`: not yet.
    pub phone_proved_at: Option<OffsetDateTime>,
    /// See [`Account::email_suspended_at`].
    pub phone_suspended_at: Option<OffsetDateTime>,
    /// Set once by its owner; may leave the account after a contest.
    pub cpf: Option<Cpf>,
    /// Set once by its owner; may leave the account after a contest.
    pub cnpj: Option<Cnpj>,
    /// Date of birth (004).
    pub birth_date: Option<BirthDate>,
    /// Gender (004).
    pub gender: Option<Gender>,
    /// State (004).
    pub state: Option<State>,
    /// City (004).
    pub city: Option<City>,
    /// The id of the photo, the last part of `/photos/{id}`.
    pub photo: Option<String>,
    /// The optional texts of the profile.
    pub texts: FreeTexts,
    /// The version of the terms that was accepted last; `None`: none, as of an imported account.
    pub terms: Option<TermsVersion>,
    /// PHC string, or the hash of another scheme that was imported.
    pub password_hash: Option<String>,
    /// When it was created; [`CLAIM_LIFETIME`] counts from here.
    pub created_at: OffsetDateTime,
    /// `None`: nobody has signed in yet.
    pub last_sign_in_at: Option<OffsetDateTime>,
    /// Since when its owner has blocked it; `None`: it is not.
    pub blocked_at: Option<OffsetDateTime>,
    /// When its owner asked for its deletion; `None`: nobody did, or it was undone.
    pub deletion_asked_at: Option<OffsetDateTime>,
    /// Grows with each change of the profile, to detect concurrent edits.
    pub version: i64,
}

/// What an account loses when the owner of its e-mail address says "não fui eu".
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Disowned {
    /// The whole account: none of its contacts is proved.
    Account,
    /// The address only: another contact proved the account.
    Email,
    /// Nothing: this address proved the account.
    Nothing,
}

impl Account {
    /// Asked wherever a session is opened or renewed; what else may forbid it belongs here.
    ///
    /// # Errors
    /// [`Refusal::NotVerified`]: no contact is proved (SPEC §11). [`Refusal::AccountBlocked`] and [`Refusal::DeletionPending`]: its owner blocked it, or
    /// asked for its deletion (§13).
    pub fn may_sign_in(&self) -> Result<(), Refusal> {
        match self.deletion_asked_at {
            _ if !self.contact_proved() => Err(Refusal::NotVerified),
            _ if self.blocked_at.is_some() => Err(Refusal::AccountBlocked),
            Some(asked_at) => Err(Refusal::DeletionPending { deletes_at: deletes_at(asked_at).unix_timestamp() }),
            None => Ok(()),
        }
    }

    /// Returns whether a contact is proved.
    pub const fn contact_proved(&self) -> bool {
        self.email_proved_at.is_some() || self.phone_proved_at.is_some()
    }

    /// Returns whether the values of this account are reserved, so that nobody else can register with them (SPEC §16): a contact
    /// is proved, or the proof can still arrive and the claim is younger than [`CLAIM_LIFETIME`].
    pub fn reserves_values(&self, proof_can_come: bool, now: OffsetDateTime) -> bool {
        self.contact_proved() || (proof_can_come && now < self.created_at + CLAIM_LIFETIME)
    }

    /// Returns whether `field` is an unproved phone. It reserves nothing: whoever proves the phone gets it.
    pub fn is_unproved_phone(&self, field: Field) -> bool {
        field == Field::Phone && self.phone_proved_at.is_none()
    }

    /// Returns what the account loses when the owner of its address says "não fui eu".
    pub const fn disowned(&self) -> Disowned {
        if !self.contact_proved() {
            Disowned::Account
        } else if self.kind.journey().contact_is_email() {
            Disowned::Nothing
        } else {
            Disowned::Email
        }
    }

    /// Returns the e-mail if it is proved and not suspended. Only such a contact can sign in, recover the account and receive
    /// notices. This rule is written here and in [`Account::usable_phone`] only.
    pub fn usable_email(&self) -> Option<&Email> {
        self.email.as_ref().filter(|_| self.email_proved_at.is_some() && self.email_suspended_at.is_none())
    }

    /// Returns the phone if it is proved and not suspended.
    pub fn usable_phone(&self) -> Option<&Phone> {
        self.phone.as_ref().filter(|_| self.phone_proved_at.is_some() && self.phone_suspended_at.is_none())
    }

    /// Returns the name to show ([`shown_name`]).
    pub fn shown_name(&self) -> &str {
        shown_name(self.name.as_str(), &self.texts)
    }

    /// Returns what greets the owner in a message ([`greeted`]).
    pub fn greeted_as(&self) -> &str {
        greeted(self.shown_name(), self.kind == Kind::Empresa)
    }

    /// Returns whether the field is present. For a kind that is proved by phone, the phone counts only once it is proved.
    pub fn has(&self, field: Field) -> bool {
        match field {
            Field::Email => self.email.is_some(),
            Field::Phone => self.phone.is_some() && (self.kind.journey().contact_is_email() || self.phone_proved_at.is_some()),
            Field::Password => self.password_hash.is_some(),
            _ => has_optional!(self, field),
        }
    }

    /// Returns the required fields that are missing (SPEC §11). `/complete-profile` asks for them: a phone from a client who
    /// registered by e-mail (001), the CNPJ from a company, the third step from a rider.
    pub fn missing(&self) -> Vec<Field> {
        let needed = self.kind.journey().completion.iter().filter(|ask| !ask.optional);
        needed.map(|ask| ask.field).filter(|field| !self.has(*field)).collect()
    }

    /// Returns [`Account::view`] with every value whole, for the file that its owner takes along: phone in E.164, documents bare,
    /// `YYYY-MM-DD`.
    pub fn whole(&self, terms: &TermsVersion) -> AccountView {
        AccountView {
            phone: self.phone.as_ref().map(|v| v.e164().to_owned()),
            cpf: self.cpf.as_ref().map(|v| v.as_str().to_owned()),
            cnpj: self.cnpj.as_ref().map(|v| v.as_str().to_owned()),
            birth_date: self.birth_date.map(|v| v.to_iso()),
            ..self.view(terms)
        }
    }

    /// Returns [`Account::view`] with what only a fresh session may read whole: whoever finds one that was left open learns no number.
    pub fn fresh_view(&self, terms: &TermsVersion, _: &FreshSession) -> AccountView {
        AccountView { fresh: true, whole_phone: self.phone.as_ref().map(Phone::formatted), ..self.view(terms) }
    }

    /// Returns what the owner may see: documents, phone and date of birth are masked. `terms` is the version in force.
    pub fn view(&self, terms: &TermsVersion) -> AccountView {
        let missing = self.missing();
        AccountView {
            id: self.id,
            kind: self.kind,
            name: self.name.as_str().to_owned(),
            username: self.username.as_ref().map(|v| v.as_str().to_owned()),
            email: self.email.as_ref().map(|v| v.as_str().to_owned()),
            email_proved: self.email_proved_at.is_some(),
            email_suspended: self.email_suspended_at.is_some(),
            phone: self.phone.as_ref().map(Phone::masked),
            whole_phone: None,
            fresh: false,
            phone_is_fixed: self.phone.as_ref().is_some_and(|phone| !phone.is_mobile()),
            phone_proved: self.phone_proved_at.is_some(),
            phone_suspended: self.phone_suspended_at.is_some(),
            cpf: self.cpf.as_ref().map(Cpf::masked),
            cnpj: self.cnpj.as_ref().map(Cnpj::masked),
            texts: self.texts.clone(),
            profile_complete: missing.is_empty(),
            last_sign_in: self.last_sign_in_at.map(OffsetDateTime::unix_timestamp),
            birth_date: self.birth_date.map(BirthDate::masked),
            gender: self.gender.map(|v| v.as_str().to_owned()),
            state: self.state.map(|v| v.as_str().to_owned()),
            city: self.city.as_ref().map(|v| v.as_str().to_owned()),
            photo: self.photo.as_ref().map(|id| format!("/photos/{id}")),
            missing,
            terms_pending: terms.pending(self.terms.as_ref()).map(|version| version.as_str().to_owned()),
            has_password: self.password_hash.is_some(),
            version: self.version,
        }
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    #[test]
    fn not_me_takes_a_claim_whole_an_optional_address_alone_and_never_what_was_proved_by_it() {
        let then = Some(OffsetDateTime::UNIX_EPOCH);
        assert_eq!(account(Kind::Professor).disowned(), Disowned::Account);
        assert_eq!(Account { phone_proved_at: then, ..account(Kind::Cliente) }.disowned(), Disowned::Email);
        assert_eq!(Account { email_proved_at: then, ..account(Kind::Professor) }.disowned(), Disowned::Nothing);
        assert!(account(Kind::Caronista).is_unproved_phone(Field::Phone) && !account(Kind::Caronista).is_unproved_phone(Field::Email));
    }

    /// An account with a name and an id, and nothing else.
    pub(crate) fn account(kind: Kind) -> Account {
        Account {
            id: 1,
            kind,
            name: Name::parse("Rian Lucas").unwrap(),
            username: None,
            email: None,
            email_proved_at: None,
            email_suspended_at: None,
            phone: None,
            phone_proved_at: None,
            phone_suspended_at: None,
            cpf: None,
            cnpj: None,
            birth_date: None,
            gender: None,
            state: None,
            city: None,
            photo: None,
            texts: FreeTexts::default(),
            terms: None,
            password_hash: None,
            created_at: OffsetDateTime::UNIX_EPOCH,
            last_sign_in_at: None,
            blocked_at: None,
            deletion_asked_at: None,
            version: 1,
        }
    }
}
