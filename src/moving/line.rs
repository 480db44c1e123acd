//! A line as an export writes it.

use crate::account::Account;
use crate::field::Field;
use crate::value::{BirthDate, City, Cnpj, Cpf, Email, Gender, Phone, State, Username};
use serde::Serialize;

/// A line of an export: what [`super::judge`] reads. Values that are not set are left out.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Line<'a> {
    kind: &'static str,
    name: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    email: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    email_verified: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    username: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    phone: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    phone_verified: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    cpf: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    cnpj: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    birth_date: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    gender: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    state: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    city: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    institution: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    field_of_work: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    password_hash: Option<&'a str>,
    created_at: &'a str,
    external_id: &'a str,
}

impl<'a> Line<'a> {
    /// The line of an account. `created_at`: its instant by RFC 3339. A contact that is out of force is not verified where it goes.
    pub fn of(account: &'a Account, created_at: &'a str, external_id: &'a str) -> Self {
        Self {
            kind: account.kind.as_str(),
            name: account.name.as_str(),
            email: account.email.as_ref().map(Email::as_str),
            email_verified: account.email.as_ref().map(|_| account.usable_email().is_some()),
            username: account.username.as_ref().map(Username::as_str),
            phone: account.phone.as_ref().map(Phone::e164),
            phone_verified: account.phone.as_ref().map(|_| account.usable_phone().is_some()),
            cpf: account.cpf.as_ref().map(Cpf::as_str),
            cnpj: account.cnpj.as_ref().map(Cnpj::as_str),
            birth_date: account.birth_date.as_ref().map(BirthDate::to_iso),
            gender: account.gender.map(Gender::as_str),
            state: account.state.map(State::as_str),
            city: account.city.as_ref().map(City::as_str),
            institution: account.texts.get(Field::Institution),
            field_of_work: account.texts.get(Field::FieldOfWork),
            password_hash: account.password_hash.as_deref(),
            created_at,
            external_id,
        }
    }
}
