//! An account: what is known of a person or company, and what follows from it.

use crate::error::Field;
use crate::holding::CLAIM_LIFETIME;
use crate::journey::Kind;
use crate::profile::FreeTexts;
use crate::value::{BirthDate, City, Cnpj, Cpf, Email, Gender, Name, Phone, State, Username};
use crate::view::AccountView;
use time::OffsetDateTime;

/// The facts of an account. Whether it is active is derived from them, never stored.
#[derive(Debug, Clone)]
pub struct Account {
    /// Random, below 2^53.
    pub id: i64,
    /// Kind.
    pub kind: Kind,
    /// Name.
    pub name: Name,
    /// User name.
    pub username: Option<Username>,
    /// E-mail, proved or not.
    pub email: Option<Email>,
    /// When the e-mail was proved.
    pub email_proved_at: Option<OffsetDateTime>,
    /// Since when the e-mail is out of force though it is proved: after a reset by another contact (SPEC §16).
    pub email_suspended_at: Option<OffsetDateTime>,
    /// Phone.
    pub phone: Option<Phone>,
    /// When the phone was proved.
    pub phone_proved_at: Option<OffsetDateTime>,
    /// As [`Account::email_suspended_at`].
    pub phone_suspended_at: Option<OffsetDateTime>,
    /// CPF.
    pub cpf: Option<Cpf>,
    /// CNPJ.
    pub cnpj: Option<Cnpj>,
    /// Date of birth (004).
    pub birth_date: Option<BirthDate>,
    /// Gender (004).
    pub gender: Option<Gender>,
    /// State (004).
    pub state: Option<State>,
    /// City (004).
    pub city: Option<City>,
    /// The id of its photo.
    pub photo: Option<String>,
    /// Its optional texts.
    pub texts: FreeTexts,
    /// PHC string, or the hash of another scheme that was imported.
    pub password_hash: Option<String>,
    /// When it was made.
    pub created_at: OffsetDateTime,
    /// Last sign-in.
    pub last_sign_in_at: Option<OffsetDateTime>,
    /// Grows with each change of the profile.
    pub version: i64,
}

/// What "não fui eu" of whoever reads the mailbox takes from an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Disowned {
    /// The account itself: nothing of it was proved.
    Account,
    /// The address: another contact proved the account.
    Email,
    /// Nothing: this very address proved it.
    Nothing,
}

impl Account {
    /// Whether signing in is allowed: a contact is proved (SPEC §11).
    pub const fn contact_proved(&self) -> bool {
        self.email_proved_at.is_some() || self.phone_proved_at.is_some()
    }

    /// Whether its values keep others out: it is proved, or its proof can still come and its claim is not too old (SPEC §16).
    pub fn keeps_others_out(&self, proof_can_come: bool, now: OffsetDateTime) -> bool {
        self.contact_proved() || (proof_can_come && now < self.created_at + CLAIM_LIFETIME)
    }

    /// Whether a value was only typed: then it keeps nobody out, for its proof takes it.
    pub fn only_typed(&self, field: Field) -> bool {
        field == Field::Phone && self.phone_proved_at.is_none()
    }

    /// What the owner of its address takes from it by saying that it was not them.
    pub const fn disowned(&self) -> Disowned {
        if !self.contact_proved() {
            Disowned::Account
        } else if self.kind.journey().contact_is_email() {
            Disowned::Nothing
        } else {
            Disowned::Email
        }
    }

    /// The e-mail, while it is in force: it signs in, recovers and is told what happens. With
    /// [`Account::phone_in_force`] the one place that says so.
    pub fn email_in_force(&self) -> Option<&Email> {
        self.email.as_ref().filter(|_| self.email_proved_at.is_some() && self.email_suspended_at.is_none())
    }

    /// The phone, while it is in force.
    pub fn phone_in_force(&self) -> Option<&Phone> {
        self.phone.as_ref().filter(|_| self.phone_proved_at.is_some() && self.phone_suspended_at.is_none())
    }

    /// Whether it has a field that its kind may need. Of a kind that is proved by phone, the phone counts once it is proved.
    pub fn has(&self, field: Field) -> bool {
        match field {
            Field::Username => self.username.is_some(),
            Field::Email => self.email.is_some(),
            Field::Phone => self.phone.is_some() && (self.kind.journey().contact_is_email() || self.phone_proved_at.is_some()),
            Field::BirthDate => self.birth_date.is_some(),
            Field::Gender => self.gender.is_some(),
            Field::Cpf => self.cpf.is_some(),
            Field::Cnpj => self.cnpj.is_some(),
            Field::State => self.state.is_some(),
            Field::City => self.city.is_some(),
            Field::Photo => self.photo.is_some(),
            Field::Password => self.password_hash.is_some(),
            field if field.is_free_text() => self.texts.get(field).is_some(),
            _ => true,
        }
    }

    /// What its kind still needs (SPEC §11): asked on `/complete-profile`. A client made by e-mail (001) needs a phone,
    /// a company its CNPJ, a rider the third step.
    pub fn missing(&self) -> Vec<Field> {
        let needed = self.kind.journey().completion.iter().filter(|ask| !ask.optional);
        needed.map(|ask| ask.field).filter(|field| !self.has(*field)).collect()
    }

    /// What its owner is shown.
    pub fn view(&self) -> AccountView {
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
        assert!(account(Kind::Caronista).only_typed(Field::Phone) && !account(Kind::Caronista).only_typed(Field::Email));
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
            password_hash: None,
            created_at: OffsetDateTime::UNIX_EPOCH,
            last_sign_in_at: None,
            version: 1,
        }
    }
}
