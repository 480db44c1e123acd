//! What somebody who guesses may know of an account's owner: a password made of it is refused (ASVS 6.1.2).

use portaria::account::Account;
use portaria::field::{Field, Typed};
use portaria::signup::Draft;
use portaria::value::{Cnpj, Cpf, Email, Name, Phone, Username};

/// Of an account, or of a sign-up that may become one.
#[derive(Default)]
struct Known<'a> {
    name: Option<&'a Name>,
    social_name: Option<&'a str>,
    username: Option<&'a Username>,
    email: Option<&'a Email>,
    phone: Option<&'a Phone>,
    cpf: Option<&'a Cpf>,
    cnpj: Option<&'a Cnpj>,
}

impl Known<'_> {
    fn texts(&self) -> Vec<String> {
        let known = [
            self.name.map(Name::as_str),
            self.social_name,
            self.username.map(Username::as_str),
            self.email.map(Email::local),
            self.phone.map(Phone::as_str),
            self.cpf.map(Cpf::as_str),
            self.cnpj.map(Cnpj::as_str),
        ];
        known.into_iter().flatten().map(str::to_owned).collect()
    }
}

pub(super) fn of_account(account: &Account) -> Vec<String> {
    let known = Known {
        name: Some(&account.name),
        social_name: account.texts.get(Field::SocialName),
        username: account.username.as_ref(),
        email: account.email.as_ref(),
        phone: account.phone.as_ref(),
        cpf: account.cpf.as_ref(),
        cnpj: account.cnpj.as_ref(),
    };
    known.texts()
}

pub(super) fn of_draft(draft: &Draft) -> Vec<String> {
    let known = Known {
        name: Some(&draft.name),
        social_name: draft.texts.get(Field::SocialName),
        username: draft.username.as_ref(),
        email: draft.email.as_ref(),
        phone: draft.phone.as_ref(),
        cpf: None,
        cnpj: draft.cnpj.as_ref(),
    };
    known.texts()
}

/// Of a first form that is still being filled in. What is not yet right is not counted.
pub(super) fn of_typed(typed: &Typed) -> Vec<String> {
    let (name, username) = (Name::parse(typed.text(Field::Name)).ok(), Username::parse(typed.text(Field::Username)).ok());
    let (email, phone) = (Email::parse(typed.text(Field::Email)).ok(), Phone::parse(typed.text(Field::Phone)).ok());
    let cnpj = Cnpj::parse(typed.text(Field::Cnpj)).ok();
    let known = Known {
        name: name.as_ref(),
        social_name: typed.get(Field::SocialName),
        username: username.as_ref(),
        email: email.as_ref(),
        phone: phone.as_ref(),
        cpf: None,
        cnpj: cnpj.as_ref(),
    };
    known.texts()
}
