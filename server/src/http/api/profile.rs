//! `/api/auth/profile` and `/api/auth/sessions`: Meu Perfil (003) for a signed-in client.

use super::auth::{code_sent, profile_body, refuse_code, said};
use super::bodies::{Session, Sessions};
use super::json::JsonBody;
use crate::http::body::{self, JSON_LIMIT};
use crate::http::contract::Contract;
use crate::http::requester::RequestContext;
use crate::http::state::AppState;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, Request, State};
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use base64::engine::DecodePaddingMode;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig};
use base64::{Engine, alphabet};
use portaria::accounts::PhotoChange;
use portaria::field::{Field, Typed};
use portaria::limits::PHOTO_BYTES;
use portaria::profile::{ProfileForm, takes};
use portaria::purpose::CodeFor;

const CONTRACT: Contract = Contract::Problem;
/// The body limit of a profile: a photo in base64, and as much beside it as any other body may have.
const PROFILE_LIMIT: usize = PHOTO_BYTES.div_ceil(3) * 4 + JSON_LIMIT;
/// Padding is optional, because clients differ.
const BASE64: GeneralPurpose =
    GeneralPurpose::new(&alphabet::STANDARD, GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent));

pub async fn profile(State(state): State<AppState>, Extension(context): Extension<RequestContext>) -> Response {
    match state.accounts.me(&context.who).await {
        Ok(account) => Json(profile_body(&state, &account)).into_response(),
        Err(refusal) => CONTRACT.refuse(&refusal),
    }
}

/// `UpdateProfileDto` (003), what the kind still needs (SPEC §11), and the `version` that the client read. A stranger's body is
/// not read.
pub async fn update(State(state): State<AppState>, Extension(context): Extension<RequestContext>, request: Request) -> Response {
    let (account, _admitted) = match state.uploads.account_of(&*state.accounts, &context.who, request.headers()).await {
        Ok(admitted) => admitted,
        Err(refusal) => return body::close(CONTRACT.refuse(&refusal)),
    };
    let kind = account.kind;
    let mut body = match JsonBody::read(request, PROFILE_LIMIT).await {
        Ok(body) => body,
        Err(refused) => return refused,
    };
    // A field that the kind does not have is ignored, whatever its type, like an unknown one (SPEC §3).
    let mut typed = Typed::default();
    for field in Field::ALL.iter().copied().filter(|field| *field != Field::Photo && takes(kind, *field)) {
        // Null removes a value. Where there is none, the profile itself says null, so a client that sends it back changes nothing.
        if !body.is_null(field) || account.has(field) {
            typed = typed.with_some(field, body.offered(field));
        }
    }
    let form = ProfileForm { typed, version: body.whole_number(Field::Version) };
    let photo = if body.is_null(Field::Photo) && account.photo.is_none() { PhotoChange::Keep } else { photo(&mut body).await };
    // Values are checked only once every type is right, because the checks depend on the account.
    if let Err(refusal) = body.finish(|| None) {
        return CONTRACT.refuse(&refusal);
    }
    match state.accounts.update_profile(&context.who, form, photo).await {
        Ok(account) => Json(profile_body(&state, &account)).into_response(),
        Err(refusal) => CONTRACT.refuse(&refusal),
    }
}

/// `profilePicture`: base64, perhaps as a `data:` URL; an empty text or null takes the photo away.
async fn photo(body: &mut JsonBody) -> PhotoChange {
    let Some(text) = body.offered(Field::Photo) else { return PhotoChange::Keep };
    if text.is_empty() {
        return PhotoChange::Remove;
    }
    let decoded = tokio::task::spawn_blocking(move || {
        let encoded = match text.strip_prefix("data:") {
            Some(url) => url.split_once(";base64,").map_or("", |(_, data)| data),
            None => &text,
        };
        let encoded: Vec<u8> = encoded.bytes().filter(|byte| !byte.is_ascii_whitespace()).collect();
        BASE64.decode(encoded).unwrap_or_default()
    });
    // Invalid base64 becomes an empty file, which is refused as no photo, together with the other errors.
    PhotoChange::Replace(decoded.await.unwrap_or_default().into())
}

/// The sessions of the account; instants in seconds since the epoch.
pub async fn sessions(State(state): State<AppState>, Extension(context): Extension<RequestContext>) -> Response {
    match state.accounts.openings(&context.who).await {
        Ok(open) => Json(Sessions { sessions: open.sessions.iter().map(Session::from).collect() }).into_response(),
        Err(refusal) => CONTRACT.refuse(&refusal),
    }
}

/// A malformed id counts as unknown, so that a stranger is not told the difference.
pub async fn end(
    State(state): State<AppState>,
    Extension(context): Extension<RequestContext>,
    path: Result<Path<String>, PathRejection>,
) -> Response {
    let id = path.map(|Path(id)| id).unwrap_or_default();
    match state.accounts.end_session(&context.who, &id).await {
        Ok(_) => Json(said(|texts| texts.session_ended)).into_response(),
        Err(refusal) => CONTRACT.refuse(&refusal),
    }
}

pub async fn end_others(State(state): State<AppState>, Extension(context): Extension<RequestContext>) -> Response {
    match state.accounts.end_other_sessions(&context.who).await {
        Ok(()) => Json(said(|texts| texts.other_sessions_ended)).into_response(),
        Err(refusal) => CONTRACT.refuse(&refusal),
    }
}

/// Sends a code to a phone that the account is to have.
pub async fn ask_phone(State(state): State<AppState>, Extension(context): Extension<RequestContext>, mut body: JsonBody) -> Response {
    let (phone, channel) = (body.text_or_empty(Field::Phone), body.text_or_empty(Field::Channel));
    if let Err(refusal) = body.finish(|| None) {
        return CONTRACT.refuse(&refusal);
    }
    match state.accounts.ask_phone(&context.who, &phone, &channel).await {
        Ok(sent) => code_sent(sent, said(|texts| texts.code_sent)),
        Err(refusal) => CONTRACT.refuse(&refusal),
    }
}

pub async fn verify_own_phone(
    State(state): State<AppState>,
    Extension(context): Extension<RequestContext>,
    mut body: JsonBody,
) -> Response {
    let (phone, code) = (body.text_or_empty(Field::Phone), body.text_or_empty(Field::Code));
    if let Err(refusal) = body.finish(|| None) {
        return CONTRACT.refuse(&refusal);
    }
    match state.accounts.prove_own_phone(&context.who, &phone, &code).await {
        Ok(account) => Json(profile_body(&state, &account)).into_response(),
        Err(refusal) => refuse_code(&refusal, CodeFor::PhoneChange),
    }
}
