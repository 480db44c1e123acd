//! What a product learns of an account.

use super::scope::{Scope, Scopes};
use super::share::Share;
use crate::account::Account;
use crate::value::Gender;
use serde::Serialize;

/// What is told of an account (OpenID Connect Core §5.1). What is not known, or was not asked for, is left out.
#[derive(Clone, Default, PartialEq, Eq, Serialize)]
#[expect(missing_docs, reason = "the names are those of the standard; `cpf` and `cnpj` are ours, without punctuation")]
pub struct Claims {
    pub sub: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub preferred_username: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub birthdate: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gender: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub picture: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email_verified: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phone_number: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phone_number_verified: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cpf: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cnpj: Option<String>,
}

impl std::fmt::Debug for Claims {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Claims(***)")
    }
}

/// What these scopes give of an account. Contacts only when proved. `public_url`: where its picture is, without a slash at its end.
pub fn claims_of(account: &Account, scopes: &Scopes, public_url: &str) -> Claims {
    let mut claims = Claims { sub: account.id.to_string(), ..Claims::default() };
    for share in scopes.iter().flat_map(Scope::shares) {
        match share {
            Share::Number | Share::Connection => {}
            Share::Name => claims.name = Some(account.shown_name().to_owned()),
            Share::Username => claims.preferred_username = account.username.as_ref().map(|username| username.as_str().to_owned()),
            Share::BirthDate => claims.birthdate = account.birth_date.map(|date| date.to_iso()),
            Share::Gender => {
                claims.gender = account.gender.map(|gender| match gender {
                    Gender::Female => "female",
                    Gender::Male => "male",
                    Gender::Other => "other",
                });
            }
            Share::Photo => claims.picture = account.photo.as_ref().map(|id| format!("{public_url}/photos/{id}")),
            Share::Email => {
                claims.email = account.email.as_ref().filter(|_| account.email_proved_at.is_some()).map(|email| email.as_str().to_owned());
                claims.email_verified = claims.email.as_ref().map(|_| true);
            }
            Share::Phone => {
                claims.phone_number =
                    account.phone.as_ref().filter(|_| account.phone_proved_at.is_some()).map(|phone| phone.e164().to_owned());
                claims.phone_number_verified = claims.phone_number.as_ref().map(|_| true);
            }
            Share::Cpf => claims.cpf = account.cpf.as_ref().map(|cpf| cpf.as_str().to_owned()),
            Share::Cnpj => claims.cnpj = account.cnpj.as_ref().map(|cnpj| cnpj.as_str().to_owned()),
        }
    }
    claims
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::account::tests::account;
    use crate::journey::Kind;
    use crate::value::{Cpf, Email};
    use time::OffsetDateTime;

    #[test]
    fn a_contact_is_told_when_it_is_proved_and_a_document_by_its_own_scope_alone() {
        let email = Some(Email::parse("ana@example.com").unwrap());
        let pending = Account { email, cpf: Some(Cpf::parse("529.982.247-25").unwrap()), ..account(Kind::Professor) };
        let told =
            |account: &Account, scopes| serde_json::to_value(claims_of(account, &Scopes::known(scopes), "https://p.example")).unwrap();
        assert_eq!(told(&pending, "openid email profile offline_access"), serde_json::json!({ "sub": "1", "name": "Rian Lucas" }));
        let proved = Account { email_proved_at: Some(OffsetDateTime::UNIX_EPOCH), ..pending };
        assert_eq!(told(&proved, "openid email"), serde_json::json!({ "sub": "1", "email": "ana@example.com", "email_verified": true }));
        assert_eq!(told(&proved, "openid cpf cnpj"), serde_json::json!({ "sub": "1", "cpf": "52998224725" }));
    }
}
