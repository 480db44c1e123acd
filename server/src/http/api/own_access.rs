//! `/api/auth`: re-authentication, an e-mail proved by a code, a first password (SPEC §13).

use super::auth::{profile_body, refuse_code, said};
use super::bodies::{CodeToContact, CodeToEmail, Message, Reauthenticated};
use super::json::JsonBody;
use crate::http::contract::Contract;
use crate::http::requester::RequestContext;
use crate::http::state::AppState;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use portaria::error::{Field, FieldError, Refusal};
use portaria::fresh::Evidence;
use portaria::purpose::CodeFor;
use portaria::recovery::NewPassword;
use portaria::session::Token;
use portaria::view::CodeSent;
use text::Language;

const CONTRACT: Contract = Contract::Problem;

/// With `password` or `code`, re-authenticates the session. With neither, sends a code.
pub async fn reauthenticate(State(state): State<AppState>, Extension(context): Extension<RequestContext>, mut body: JsonBody) -> Response {
    let (password, code) = (body.text(Field::Password), body.text(Field::Code));
    for (field, typed) in [(Field::Password, &password), (Field::Code, &code)] {
        if typed.as_ref().is_some_and(String::is_empty) {
            body.error_unless_told(field, FieldError::Required);
        }
    }
    if let Err(refusal) = body.finish(|| None) {
        return CONTRACT.refuse(&refusal);
    }
    let evidence = match (password, code) {
        (Some(password), _) => Evidence::Password(Token::new(password)),
        (None, Some(code)) => Evidence::Code(code),
        (None, None) => {
            return match state.accounts.ask_reauthentication(&context.who, "").await {
                Ok(CodeSent { destination, channel, expires_in, resend_in }) => {
                    let channel = channel.as_str();
                    let Message { message } = said(|texts| texts.reauthentication_sent);
                    (StatusCode::ACCEPTED, Json(CodeToContact { message, destination, channel, expires_in, resend_in })).into_response()
                }
                Err(refusal) => CONTRACT.refuse(&refusal),
            };
        }
    };
    match state.accounts.reauthenticate(&context.who, evidence).await {
        Ok(until) => {
            let Message { message } = said(|texts| texts.reauthenticated);
            Json(Reauthenticated { message, fresh_until: until }).into_response()
        }
        Err(refusal) => CONTRACT.refuse(&refusal),
    }
}

pub async fn ask_email(State(state): State<AppState>, Extension(context): Extension<RequestContext>, mut body: JsonBody) -> Response {
    let email = body.text_or_empty(Field::Email);
    if let Err(refusal) = body.finish(|| None) {
        return CONTRACT.refuse(&refusal);
    }
    match state.accounts.ask_email(&context.who, &email).await {
        Ok(CodeSent { destination: email, channel, expires_in, resend_in }) => {
            let channel = channel.as_str();
            let Message { message } = said(|texts| texts.email_code_sent);
            (StatusCode::ACCEPTED, Json(CodeToEmail { message, email, channel, expires_in, resend_in })).into_response()
        }
        // 003: the e-mail of a kind that is proved by it
        Err(Refusal::NotYours) => {
            CONTRACT.refuse_as(&Refusal::NotYours, &Language::PtBr.texts().field_error(Field::Email, FieldError::Fixed))
        }
        Err(refusal) => CONTRACT.refuse(&refusal),
    }
}

pub async fn verify_email(State(state): State<AppState>, Extension(context): Extension<RequestContext>, mut body: JsonBody) -> Response {
    let code = body.text_or_empty(Field::Code);
    if let Err(refusal) = body.finish(|| None) {
        return CONTRACT.refuse(&refusal);
    }
    match state.accounts.prove_own_email(&context.who, &code).await {
        Ok(account) => Json(profile_body(&state, &account)).into_response(),
        Err(refusal) => refuse_code(&refusal, CodeFor::EmailChange),
    }
}

pub async fn first_password(State(state): State<AppState>, Extension(context): Extension<RequestContext>, mut body: JsonBody) -> Response {
    let new = NewPassword {
        password: Token::new(body.text_or_empty(Field::NewPassword)),
        confirmation: Token::new(body.text_or_empty(Field::PasswordConfirmation)),
    };
    if let Err(refusal) = body.finish(|| None) {
        return CONTRACT.refuse(&refusal);
    }
    match state.accounts.set_first_password(&context.who, new).await {
        Ok(()) => Json(said(|texts| texts.password_set)).into_response(),
        Err(refusal) => CONTRACT.refuse(&refusal),
    }
}

/// Accepts the terms in force.
pub async fn accept_terms(State(state): State<AppState>, Extension(context): Extension<RequestContext>, mut body: JsonBody) -> Response {
    let version = body.text_or_empty(Field::TermsVersion);
    if let Err(refusal) = body.finish(|| None) {
        return CONTRACT.refuse(&refusal);
    }
    match state.accounts.accept_terms(&context.who, &version).await {
        Ok(_) => Json(said(|texts| texts.terms_accepted)).into_response(),
        Err(refusal) => CONTRACT.refuse(&refusal),
    }
}
