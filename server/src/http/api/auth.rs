//! `/api/auth`: teachers (003), clients by phone code (000). Field names and limits are those of the documents' DTOs.

use super::bodies::{self, CodeToPhone, Message, Profile};
use super::json::JsonBody;
use crate::http::contract::{Contract, code_sentence};
use crate::http::requester::RequestContext;
use crate::http::state::AppState;
use crate::tokens::JWKS_CACHE;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use portaria::accounts::{PasswordLogin, SignedIn};
use portaria::error::{Field, FieldError, Refusal};
use portaria::journey::Kind;
use portaria::purpose::CodeFor;
use portaria::session::{AccessLifetime, ApiTokens};
use portaria::signup;
use portaria::view::{AccountView, CodeSent};
use text::Language;

const CONTRACT: Contract = Contract::Problem;

/// A message of the catalogue, in the contract's one language.
pub(super) fn said(pick: impl FnOnce(&text::api::Api) -> &'static str) -> Message {
    Message { message: pick(&Language::PtBr.texts().api) }
}

pub(super) fn profile_body(state: &AppState, account: &AccountView) -> Profile {
    Profile::of(&state.public_url, account)
}

/// `AuthResponseDto` (003): the answer to every sign-in.
fn signed_in(state: &AppState, status: StatusCode, signed_in: &SignedIn<ApiTokens>) -> Response {
    let ApiTokens { access, refresh, expires_in } = &signed_in.credential;
    let body = bodies::SignedIn {
        access_token: access.expose().to_owned(),
        refresh_token: refresh.expose().to_owned(),
        user: profile_body(state, &signed_in.account),
        expires_in: *expires_in,
    };
    (status, Json(body)).into_response()
}

pub(super) fn code_sent(sent: CodeSent, Message { message }: Message) -> Response {
    let CodeSent { destination: phone, channel, expires_in, resend_in } = sent;
    let body = CodeToPhone { message, phone, channel: channel.as_str(), expires_in, resend_in };
    (StatusCode::ACCEPTED, Json(body)).into_response()
}

/// A 409 points to sign-in and recovery (EX01), also at the field that has to change.
fn refuse_registration(refusal: &Refusal) -> Response {
    match refusal {
        Refusal::Taken(_) => CONTRACT.refuse_as(refusal, &taken_sentence(refusal)),
        _ => CONTRACT.refuse(refusal),
    }
}

pub(in crate::http) fn taken_sentence(refusal: &Refusal) -> String {
    let texts = Language::PtBr.texts();
    format!("{}. {}", texts.refusal(refusal).trim_end_matches('.'), texts.api.taken_offer)
}

/// Refuses a code with the sentence of its purpose (000, 7a).
pub(super) fn refuse_code(refusal: &Refusal, purpose: CodeFor) -> Response {
    match refusal {
        Refusal::CodeRefused | Refusal::CodeLapsed | Refusal::CodeBlocked { .. } => {
            CONTRACT.refuse_as(&Refusal::field(Field::Code, FieldError::CodeWrong), &code_sentence(purpose))
        }
        _ => CONTRACT.refuse(refusal),
    }
}

pub async fn register_teacher(
    State(state): State<AppState>,
    Extension(context): Extension<RequestContext>,
    mut body: JsonBody,
) -> Response {
    let journey = Kind::Professor.journey();
    let kinds = state.accounts.kinds();
    if let Err(refusal) = kinds.may_begin(journey.kind) {
        return CONTRACT.refuse(&refusal);
    }
    let asked = kinds.details(journey);
    // The document requires the confirmation: a missing one counts as empty.
    let typed = body.first_form(asked).with_at_least(Field::PasswordConfirmation);
    if let Err(refusal) = body.finish(|| signup::read_asked(&typed, journey, asked, false).err()) {
        return CONTRACT.refuse(&refusal);
    }
    match state.accounts.register(&context.who, journey, typed).await {
        Ok(_) => (StatusCode::CREATED, Json(said(|texts| texts.check_email))).into_response(),
        Err(refusal) => refuse_registration(&refusal),
    }
}

pub async fn register_client(State(state): State<AppState>, Extension(context): Extension<RequestContext>, mut body: JsonBody) -> Response {
    let journey = Kind::Cliente.journey();
    let kinds = state.accounts.kinds();
    if let Err(refusal) = kinds.may_begin(journey.kind) {
        return CONTRACT.refuse(&refusal);
    }
    let asked = kinds.details(journey);
    let typed = body.first_form(asked);
    if let Err(refusal) = body.finish(|| signup::read_asked(&typed, journey, asked, false).err()) {
        return CONTRACT.refuse(&refusal);
    }
    match state.accounts.register_client(&context.who, typed).await {
        Ok(sent) => code_sent(sent, said(|texts| texts.code_sent)),
        Err(refusal) => refuse_registration(&refusal),
    }
}

pub async fn verify_phone(State(state): State<AppState>, Extension(context): Extension<RequestContext>, mut body: JsonBody) -> Response {
    let (phone, code) = (body.text_or_empty(Field::Phone), body.text_or_empty(Field::Code));
    if let Err(refusal) = body.finish(|| None) {
        return CONTRACT.refuse(&refusal);
    }
    match state.accounts.prove_phone(&context.who, &phone, &code).await {
        Ok(who) => signed_in(&state, StatusCode::CREATED, &who),
        Err(refusal @ Refusal::Taken(_)) => refuse_registration(&refusal),
        Err(refusal) => refuse_code(&refusal, CodeFor::SignupPhone),
    }
}

pub async fn resend_phone(State(state): State<AppState>, Extension(context): Extension<RequestContext>, mut body: JsonBody) -> Response {
    let (phone, channel) = (body.text_or_empty(Field::Phone), body.text_or_empty(Field::Channel));
    if let Err(refusal) = body.finish(|| None) {
        return CONTRACT.refuse(&refusal);
    }
    match state.accounts.resend_phone(&context.who, &phone, &channel).await {
        Ok(sent) => code_sent(sent, said(|texts| texts.code_sent_if_waiting)),
        Err(refusal) => CONTRACT.refuse(&refusal),
    }
}

pub async fn login(State(state): State<AppState>, Extension(context): Extension<RequestContext>, mut body: JsonBody) -> Response {
    let (remember, cancel_deletion) = (body.flag(Field::Remember), body.flag(Field::CancelDeletion));
    let identifier = body.text_or_empty(Field::Identifier);
    let password = body.secret(Field::Password);
    if identifier.trim().is_empty() {
        body.error_unless_told(Field::Identifier, FieldError::Required);
    }
    if let Err(refusal) = body.finish(|| None) {
        return CONTRACT.refuse(&refusal);
    }
    let login = PasswordLogin { identifier, password, remember, cancel_deletion };
    match state.accounts.sign_in_for_tokens(&context.who, login, AccessLifetime::Standard).await {
        Ok(who) => signed_in(&state, StatusCode::OK, &who),
        Err(refusal) => CONTRACT.refuse(&refusal),
    }
}

pub async fn ask_login_code(State(state): State<AppState>, Extension(context): Extension<RequestContext>, mut body: JsonBody) -> Response {
    let (phone, channel) = (body.text_or_empty(Field::Phone), body.text_or_empty(Field::Channel));
    if let Err(refusal) = body.finish(|| None) {
        return CONTRACT.refuse(&refusal);
    }
    match state.accounts.ask_login_code(&context.who, &phone, &channel).await {
        Ok(sent) => code_sent(sent, said(|texts| texts.login_code_sent)),
        Err(refusal) => CONTRACT.refuse(&refusal),
    }
}

/// A wrong code here is a failed sign-in: 401 and the generic sentence (EX03).
pub async fn login_by_code(State(state): State<AppState>, Extension(context): Extension<RequestContext>, mut body: JsonBody) -> Response {
    let (remember, cancel) = (body.flag(Field::Remember), body.flag(Field::CancelDeletion));
    let (phone, code) = (body.text_or_empty(Field::Phone), body.text_or_empty(Field::Code));
    if let Err(refusal) = body.finish(|| None) {
        return CONTRACT.refuse(&refusal);
    }
    match state.accounts.sign_in_by_code_for_tokens(&context.who, &phone, &code, remember, cancel).await {
        Ok(who) => signed_in(&state, StatusCode::OK, &who),
        Err(Refusal::CodeRefused | Refusal::CodeLapsed | Refusal::CodeBlocked { .. }) => {
            CONTRACT.refuse_as(&Refusal::BadCredentials, &code_sentence(CodeFor::LoginPhone))
        }
        Err(refusal) => CONTRACT.refuse(&refusal),
    }
}

pub async fn logout(State(state): State<AppState>, Extension(context): Extension<RequestContext>) -> Response {
    match state.accounts.sign_out(&context.who).await {
        Ok(()) => ([("clear-site-data", "\"cache\", \"storage\"")], Json(said(|texts| texts.signed_out))).into_response(),
        Err(refusal) => CONTRACT.refuse(&refusal),
    }
}

pub async fn refresh(State(state): State<AppState>, Extension(context): Extension<RequestContext>, mut body: JsonBody) -> Response {
    let token = body.secret(Field::RefreshToken);
    if let Err(refusal) = body.finish(|| None) {
        return CONTRACT.refuse(&refusal);
    }
    match state.accounts.refresh(&context.who, &token).await {
        Ok(who) => signed_in(&state, StatusCode::OK, &who),
        Err(refusal) => CONTRACT.refuse(&refusal),
    }
}

/// The public keys of the access tokens. A new key stands here for one life of the cache before it signs.
pub async fn jwks(State(state): State<AppState>) -> Response {
    let of_products = state.openid.keys().await;
    let mut all = serde_json::json!(state.tokens.jwks());
    if let Some(keys) = all["keys"].as_array_mut() {
        keys.extend(of_products.iter().filter_map(|key| serde_json::from_str::<serde_json::Value>(key).ok()));
    }
    let cached = format!("public, max-age={JWKS_CACHE}");
    ([(header::CACHE_CONTROL, cached)], Json(all)).into_response()
}
