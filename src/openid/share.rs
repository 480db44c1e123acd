//! What a product is given of an account: by which scope, and of whom.

use super::scope::{Scope, Scopes};
use crate::field::Field;
use crate::journey::Kind;
use crate::profile::{document, takes};
use crate::view::AccountView;

/// A thing that a product is given by a scope.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Share {
    /// A number that stands for the account.
    Number,
    /// The name to show.
    Name,
    /// The user name.
    Username,
    /// The date of birth.
    BirthDate,
    /// The gender.
    Gender,
    /// The photo.
    Photo,
    /// The e-mail, once it is proved.
    Email,
    /// The phone, once it is proved.
    Phone,
    /// The CPF.
    Cpf,
    /// The CNPJ.
    Cnpj,
    /// That it stays connected without asking again. It tells nothing of anybody.
    Connection,
}

impl Scope {
    /// Returns what it gives, in the order in which it is told.
    pub const fn shares(self) -> &'static [Share] {
        match self {
            Self::Openid => &[Share::Number],
            Self::Profile => &[Share::Name, Share::Username, Share::BirthDate, Share::Gender, Share::Photo],
            Self::Email => &[Share::Email],
            Self::Phone => &[Share::Phone],
            Self::Cpf => &[Share::Cpf],
            Self::Cnpj => &[Share::Cnpj],
            Self::OfflineAccess => &[Share::Connection],
        }
    }
}

impl Share {
    /// Returns the field of the account that is given; `None`: what is given is none.
    pub const fn field(self) -> Option<Field> {
        match self {
            Self::Number | Self::Connection => None,
            Self::Name => Some(Field::Name),
            Self::Username => Some(Field::Username),
            Self::BirthDate => Some(Field::BirthDate),
            Self::Gender => Some(Field::Gender),
            Self::Photo => Some(Field::Photo),
            Self::Email => Some(Field::Email),
            Self::Phone => Some(Field::Phone),
            Self::Cpf => Some(Field::Cpf),
            Self::Cnpj => Some(Field::Cnpj),
        }
    }

    /// Returns whether an account can give it: it has it, or its kind is asked for it. A person has no CNPJ until they bring one (SPEC §11).
    fn is_of(self, kind: Kind, has: impl Fn(Field) -> bool) -> bool {
        let Some(field) = self.field() else { return true };
        has(field)
            || match field {
                Field::Cpf | Field::Cnpj => field == document(kind),
                Field::Username | Field::BirthDate | Field::Gender => takes(kind, field),
                _ => true,
            }
    }

    /// Returns what a product gets of this account, masked as on every page of ours; `None`: it is no value, or there is none to give yet. A
    /// gender is its letter, a photo its path.
    pub fn value_of(self, account: &AccountView) -> Option<String> {
        match self {
            Self::Number | Self::Connection => None,
            Self::Name => Some(account.shown_name().to_owned()),
            Self::Username => account.username.clone(),
            Self::BirthDate => account.birth_date.clone(),
            Self::Gender => account.gender.clone(),
            Self::Photo => account.photo.clone(),
            Self::Email => account.email.clone().filter(|_| account.email_proved),
            Self::Phone => account.phone.clone().filter(|_| account.phone_proved),
            Self::Cpf => account.cpf.clone(),
            Self::Cnpj => account.cnpj.clone(),
        }
    }

    /// Returns whether [`Share::value_of`] shows only a part of what is given.
    pub const fn is_shown_in_part(self) -> bool {
        matches!(self, Self::BirthDate | Self::Phone | Self::Cpf | Self::Cnpj)
    }
}

impl Scopes {
    /// Returns what they give of an account of this kind. `has`: whether it has a field.
    pub fn shares(&self, kind: Kind, has: impl Fn(Field) -> bool) -> Vec<Share> {
        self.iter().flat_map(Scope::shares).copied().filter(|share| share.is_of(kind, &has)).collect()
    }

    /// Returns those of them that can give something of such an account. Nobody agrees to what was not shown, so what is left out here is
    /// asked for when there is something to give.
    #[must_use]
    pub fn that_give(&self, kind: Kind, has: impl Fn(Field) -> bool) -> Self {
        Self::of(self.iter().filter(|scope| scope.shares().iter().any(|share| share.is_of(kind, &has))))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: &str = "openid profile email phone cpf cnpj offline_access";

    fn shares(kind: Kind, scopes: &str, has: &[Field]) -> Vec<Share> {
        Scopes::known(scopes).shares(kind, |field| has.contains(&field))
    }

    #[test]
    fn a_company_gives_its_cnpj_and_a_person_their_cpf() {
        let documents = |kind, has: &[Field]| shares(kind, "openid cpf cnpj", has);
        assert_eq!(documents(Kind::Empresa, &[]), [Share::Number, Share::Cnpj]);
        for kind in [Kind::Cliente, Kind::Professor, Kind::Caronista] {
            assert_eq!(documents(kind, &[]), [Share::Number, Share::Cpf], "{kind:?}");
            assert_eq!(documents(kind, &[Field::Cnpj]), [Share::Number, Share::Cpf, Share::Cnpj], "{kind:?}, who is a company too");
        }
    }

    #[test]
    fn only_what_the_kind_is_asked_for_is_told_of() {
        use Share::{BirthDate, Gender, Name, Number, Photo, Username};
        assert_eq!(shares(Kind::Empresa, "openid profile", &[]), [Number, Name, Photo]);
        assert_eq!(shares(Kind::Caronista, "openid profile", &[]), [Number, Name, Username, BirthDate, Gender, Photo]);
        assert_eq!(shares(Kind::Professor, "profile", &[Field::Gender]), [Name, Gender, Photo]);
    }

    #[test]
    fn what_cannot_give_anything_is_not_agreed_to() {
        let that_give = |kind, has: &[Field]| Scopes::known(ALL).that_give(kind, |field| has.contains(&field)).to_string();
        assert_eq!(that_give(Kind::Empresa, &[]), "openid profile email phone cnpj offline_access");
        assert_eq!(that_give(Kind::Cliente, &[]), "openid profile email phone cpf offline_access");
        assert_eq!(that_give(Kind::Cliente, &[Field::Cnpj]), ALL);
    }

    #[test]
    fn a_contact_is_shown_once_it_is_proved_and_a_document_masked() {
        let mut account = AccountView::made_up(Kind::Cliente, "Ana Souza");
        account.email = Some("ana@example.com".to_owned());
        account.cpf = Some("***.982.247-**".to_owned());
        let value = |account: &AccountView, share: Share| share.value_of(account);
        assert_eq!(value(&account, Share::Email), None);
        account.email_proved = true;
        assert_eq!(value(&account, Share::Email).as_deref(), Some("ana@example.com"));
        assert_eq!(value(&account, Share::Cpf).as_deref(), Some("***.982.247-**"));
        assert_eq!((value(&account, Share::Number), value(&account, Share::Cnpj)), (None, None));
    }
}
