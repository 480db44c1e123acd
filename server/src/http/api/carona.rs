//! `/auth` and `/api/email-verification`: Via Carona (004), in its envelope `{success, message, data}`.

use super::bodies::{CaronaCodeSent, CaronaEmailVerified, CaronaRegistered, CaronaSignedIn, Envelope};
use super::json::JsonBody;
use crate::http::body::close;
use crate::http::contract::Contract;
use crate::http::contract::carona::{sending_failed, texts};
use crate::http::multipart::{self, Unreadable};
use crate::http::requester::RequestContext;
use crate::http::state::AppState;
use app::cookies;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use portaria::accounts::{PasswordLogin, SignedIn, Upload};
use portaria::error::{Field, FieldError, Refusal};
use portaria::holding::Prover;
use portaria::journey::Kind;
use portaria::session::{AccessLifetime, ApiTokens, COMPLETION_GRANT_LIFETIME, Cookie};
use portaria::signup;
use serde::Serialize;
use text::Language;
use utoipa::ToSchema;

const CONTRACT: Contract = Contract::Carona;
/// The fields of the document's form, and the user name, which accounts registered by 001 lack.
fn parts() -> impl Iterator<Item = Field> {
    Kind::Caronista.journey().completion.iter().map(|ask| ask.field)
}

fn refuse(refusal: &Refusal) -> Response {
    CONTRACT.refuse(refusal)
}

/// A refusal on a route whose work is to send a code.
fn refuse_sending(refusal: &Refusal) -> Response {
    match refusal {
        Refusal::Unavailable => CONTRACT.answer(refusal, &sending_failed()),
        _ => refuse(refusal),
    }
}

fn envelope<T: Serialize + ToSchema>(status: StatusCode, message: &'static str, data: T) -> Response {
    (status, Json(Envelope { success: true, message, data })).into_response()
}

fn signed_in(message: &'static str, signed_in: &SignedIn<ApiTokens>) -> Response {
    let data =
        CaronaSignedIn { token: signed_in.credential.access.expose().to_owned(), profile_complete: signed_in.account.profile_complete };
    envelope(StatusCode::OK, message, data)
}

/// 1 · Registro inicial.
pub async fn register(State(state): State<AppState>, Extension(context): Extension<RequestContext>, mut body: JsonBody) -> Response {
    let journey = Kind::Caronista.journey();
    let kinds = state.accounts.kinds();
    if let Err(refusal) = kinds.may_begin(journey.kind) {
        return refuse(&refusal);
    }
    let asked = kinds.details(journey);
    let typed = body.first_form(asked);
    if let Err(refusal) = body.finish(|| signup::read_asked(&typed, journey, asked, false).err()) {
        return refuse(&refusal);
    }
    let email = portaria::value::Email::parse(typed.text(Field::Email)).map(|email| email.as_str().to_owned()).unwrap_or_default();
    match state.accounts.register(&context.who, journey, typed).await {
        Ok(_) => {
            let data = CaronaRegistered { message: texts().registered_detail, email, email_verification_required: true };
            envelope(StatusCode::CREATED, texts().registered, data)
        }
        Err(refusal) => refuse_sending(&refusal),
    }
}

/// 2 · Verificação de email. `data.signupToken` and the cookie let the caller, and nobody else, complete the profile.
pub async fn verify(State(state): State<AppState>, Extension(context): Extension<RequestContext>, mut body: JsonBody) -> Response {
    let (email, code) = (body.text_or_empty(Field::Email), body.text_or_empty(Field::Code));
    if let Err(refusal) = body.finish(|| None) {
        return refuse(&refusal);
    }
    match state.accounts.prove_email_code(&context.who, &email, &code, Prover::Api).await {
        Ok(proved) => {
            let data = CaronaEmailVerified {
                success: true,
                message: texts().email_verified_detail,
                email: proved.email,
                signup_token: proved.token.expose().to_owned(),
            };
            let mut response = envelope(StatusCode::OK, texts().email_verified, data);
            set_cookie(
                &mut response,
                &cookies::set(Cookie::CompletionGrant, &proved.cookie, Some(COMPLETION_GRANT_LIFETIME), state.secure_cookies),
            );
            response
        }
        Err(refusal) => refuse(&refusal),
    }
}

/// 2 · Reenviar código.
pub async fn resend(State(state): State<AppState>, Extension(context): Extension<RequestContext>, mut body: JsonBody) -> Response {
    let email = body.text_or_empty(Field::Email);
    if let Err(refusal) = body.finish(|| None) {
        return refuse(&refusal);
    }
    match state.accounts.resend_email_code(&context.who, &email).await {
        Ok(sent) => {
            let data = CaronaCodeSent { email: sent.destination, expires_in: sent.expires_in, resend_in: sent.resend_in };
            envelope(StatusCode::OK, texts().code_sent_if_waiting, data)
        }
        Err(refusal) => refuse_sending(&refusal),
    }
}

/// 3 · Completar perfil. The requester is checked before the body is read, so a stranger's body is not read at all. The router
/// percent-decoded the address in the path once (ASVS 1.1.1); it is only compared.
pub async fn complete(
    State(state): State<AppState>,
    Extension(context): Extension<RequestContext>,
    path: Result<Path<String>, PathRejection>,
    request: Request,
) -> Response {
    let email = path.map(|Path(email)| email).unwrap_or_default();
    if let Err(refusal) = state.accounts.may_complete(&context.who, &email).await {
        return close(refuse(&refusal));
    }
    let _admitted = match state.uploads.admit(context.who.client_ip, request.headers()) {
        Ok(admitted) => admitted,
        Err(refusal) => return close(refuse(&refusal)),
    };
    let names: Vec<_> = parts().map(|field| CONTRACT.field_name(field)).collect();
    let mut form = match multipart::read(request, &names).await {
        Ok(form) => form,
        Err(error) => return close(refuse_form(&error)),
    };
    let photo = form.photo.take().map(Upload::from);
    let typed = form.typed(parts(), |field| CONTRACT.field_name(field));
    match state.accounts.register_complete(&context.who, &email, typed, photo).await {
        Ok(who) => {
            let mut response = signed_in(texts().completed, &who);
            if context.who.completion_grant.is_some() {
                set_cookie(&mut response, &cookies::clear(Cookie::CompletionGrant, state.secure_cookies));
            }
            response
        }
        Err(refusal) => refuse(&refusal),
    }
}

/// Refuses a form that could not be read, in the contract's shape.
fn refuse_form(error: &Unreadable) -> Response {
    let all = Language::PtBr.texts();
    let texts = &all.carona.form;
    let malformed = |sentence: &str| CONTRACT.refuse_as(&Refusal::Malformed, sentence);
    match error {
        Unreadable::MediaType => CONTRACT.refuse_as(&Refusal::UnsupportedMediaType, texts.media_type),
        Unreadable::PhotoTooLarge => CONTRACT.refuse_as(&Refusal::TooLarge, &all.field_error(Field::Photo, FieldError::PhotoTooLarge)),
        Unreadable::TooLarge => CONTRACT.refuse(&Refusal::TooLarge),
        Unreadable::NoBoundary => malformed(texts.no_boundary),
        Unreadable::Unnamed => malformed(texts.unnamed),
        Unreadable::Incomplete => malformed(texts.incomplete),
        Unreadable::TooSlow => malformed(texts.too_slow),
        Unreadable::Twice(name) => malformed(&texts.twice(name)),
    }
}

/// 4 · Login. It takes any identifier that the page takes (SPEC §11).
pub async fn login(State(state): State<AppState>, Extension(context): Extension<RequestContext>, mut body: JsonBody) -> Response {
    let cancel_deletion = body.flag(Field::CancelDeletion);
    let identifier = body.text_or_empty(Field::Identifier);
    let password = body.secret(Field::Password);
    if identifier.trim().is_empty() {
        body.error_unless_told(Field::Identifier, FieldError::Required);
    }
    if let Err(refusal) = body.finish(|| None) {
        return refuse(&refusal);
    }
    match state
        .accounts
        .sign_in_for_tokens(&context.who, PasswordLogin { identifier, password, remember: false, cancel_deletion }, AccessLifetime::Carona)
        .await
    {
        Ok(who) => signed_in(texts().signed_in, &who),
        Err(refusal) => refuse(&refusal),
    }
}

fn set_cookie(response: &mut Response, cookie: &str) {
    if let Ok(cookie) = HeaderValue::from_str(cookie) {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
}
