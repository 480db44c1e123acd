//! The bodies of successful answers, a type for each shape. The OpenAPI document describes them from here
//! (`http/operations.rs`), so that it cannot name a member that is not sent.

mod export;

pub use export::*;

use crate::http::contract::Contract;
use portaria::field::Field;
use portaria::view::{AccountView, SessionView};
use serde::Serialize;
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// One sentence (000, 002, 003).
#[derive(Serialize, ToSchema)]
pub struct Message {
    pub message: &'static str,
}

/// The profile, as 003 names its members; what is absent is null.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[expect(clippy::struct_excessive_bools, reason = "each says one thing of an account")]
#[expect(clippy::struct_field_names, reason = "003 names them so")]
pub struct Profile {
    id: i64,
    kind: &'static str,
    full_name: String,
    username: Option<String>,
    email: Option<String>,
    email_verified: bool,
    email_suspended: bool,
    phone: Option<String>,
    phone_suspended: bool,
    has_password: bool,
    cpf: Option<String>,
    cnpj: Option<String>,
    profile_picture: Option<String>,
    profile_complete: bool,
    birth_date: Option<String>,
    gender: Option<String>,
    state: Option<String>,
    city: Option<String>,
    terms_pending: Option<String>,
    version: i64,
    // The optional texts of the table of fields.
    #[serde(flatten)]
    #[schema(ignore)]
    texts: BTreeMap<&'static str, Option<String>>,
}

impl Profile {
    pub fn of(public_url: &str, account: &AccountView) -> Self {
        let text = |field| (Contract::Problem.field_name(field), account.texts.get(field).map(str::to_owned));
        Self {
            id: account.id,
            kind: account.kind.as_str(),
            full_name: account.name.clone(),
            username: account.username.clone(),
            email: account.email.clone(),
            email_verified: account.email_proved,
            email_suspended: account.email_suspended,
            phone: account.phone.clone(),
            phone_suspended: account.phone_suspended,
            has_password: account.has_password,
            cpf: account.cpf.clone(),
            cnpj: account.cnpj.clone(),
            profile_picture: account.photo.as_ref().map(|path| format!("{public_url}{path}")),
            profile_complete: account.profile_complete,
            birth_date: account.birth_date.clone(),
            gender: account.gender.clone(),
            state: account.state.clone(),
            city: account.city.clone(),
            terms_pending: account.terms_pending.clone(),
            version: account.version,
            texts: Field::free_texts().map(text).collect(),
        }
    }
}

/// `AuthResponseDto` (003): what every sign-in answers.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct SignedIn {
    pub access_token: String,
    pub refresh_token: String,
    pub user: Profile,
    pub expires_in: u32,
}

/// A code to a phone.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct CodeToPhone {
    pub message: &'static str,
    pub phone: String,
    pub channel: &'static str,
    pub expires_in: u32,
    pub resend_in: u32,
}

/// A code to an e-mail address.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct CodeToEmail {
    pub message: &'static str,
    pub email: String,
    pub channel: &'static str,
    pub expires_in: u32,
    pub resend_in: u32,
}

/// A code to a contact of either sort.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct CodeToContact {
    pub message: &'static str,
    pub destination: String,
    pub channel: &'static str,
    pub expires_in: u32,
    pub resend_in: u32,
}

/// Codes of a recovery (002).
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct RecoveryCodes {
    pub message: &'static str,
    pub destinations: Vec<String>,
    pub channel: &'static str,
    pub expires_in: u32,
}

/// The right to set a new password (002).
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ResetToken {
    pub reset_token: String,
    pub expires_in: u32,
}

/// The session is fresh.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Reauthenticated {
    pub message: &'static str,
    pub fresh_until: i64,
}

/// The account will be erased.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct DeletionAsked {
    pub message: &'static str,
    pub deletes_at: i64,
}

/// Where the account is signed in.
#[derive(Serialize, ToSchema)]
pub struct Sessions {
    pub sessions: Vec<Session>,
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Session {
    id: String,
    current: bool,
    device: String,
    address: String,
    client: Client,
    created_at: i64,
    last_used_at: i64,
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
#[schema(as = SessionClient)]
pub enum Client {
    Api,
    Browser,
}

impl From<&SessionView> for Session {
    fn from(session: &SessionView) -> Self {
        Self {
            id: session.id.clone(),
            current: session.current,
            device: session.device.clone(),
            address: session.address.clone(),
            client: if session.api { Client::Api } else { Client::Browser },
            created_at: session.created_at,
            last_used_at: session.last_used_at,
        }
    }
}

/// 001: registered.
#[derive(Serialize, ToSchema)]
#[schema(as = Registro)]
pub struct Registered {
    pub mensagem: &'static str,
    pub user_id: i64,
}

/// 001: one sentence.
#[derive(Serialize, ToSchema)]
pub struct Mensagem {
    pub mensagem: &'static str,
}

/// 004: the envelope of every success.
#[derive(Serialize, ToSchema)]
pub struct Envelope<T: ToSchema> {
    pub success: bool,
    pub message: &'static str,
    pub data: T,
}

/// 004, step 1.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct CaronaRegistered {
    pub message: &'static str,
    pub email: String,
    pub email_verification_required: bool,
}

/// 004, step 2. The document does not know the token, so it is no required member.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct CaronaEmailVerified {
    pub success: bool,
    pub message: &'static str,
    pub email: String,
    #[schema(required = false)]
    pub signup_token: String,
}

/// 004, step 2: the code again.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct CaronaCodeSent {
    pub email: String,
    pub expires_in: u32,
    pub resend_in: u32,
}

/// 004: a sign-in. The document knows the token alone.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct CaronaSignedIn {
    pub token: String,
    #[schema(required = false)]
    pub profile_complete: bool,
}
