//! `/api/auth`: recovery by CPF or CNPJ (002), reset by link and change of the password (003).

use super::bodies::{Message, RecoveryCodes, ResetToken};
use super::json::JsonBody;
use crate::http::contract::{Contract, code_sentence};
use crate::http::requester::RequestContext;
use crate::http::state::AppState;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use portaria::accounts::Answer;
use portaria::error::{Field, FieldError, Refusal};
use portaria::purpose::CodeFor;
use portaria::recovery::{NewPassword, RecoverySent};
use portaria::session::Token;
use portaria::value::PasswordPolicy;
use text::api::Api;
use text::{Language, Texts};

const CONTRACT: Contract = Contract::Problem;

/// The contracts answer in Portuguese.
fn texts() -> &'static Texts {
    Language::PtBr.texts()
}

fn said(status: StatusCode, answer: Answer<()>, sentence: impl FnOnce(&Api) -> &'static str) -> Response {
    match answer {
        Ok(()) => (status, Json(Message { message: sentence(&texts().api) })).into_response(),
        Err(refusal) => CONTRACT.refuse(&refusal),
    }
}

impl JsonBody {
    fn new_password(&mut self, field: Field) -> NewPassword {
        NewPassword {
            password: Token::new(self.text_or_empty(field)),
            confirmation: Token::new(self.text_or_empty(Field::PasswordConfirmation)),
        }
    }
}

pub async fn ask(State(state): State<AppState>, Extension(context): Extension<RequestContext>, mut body: JsonBody) -> Response {
    let (document, channel) = (body.text_or_empty(Field::Document), body.text_or_empty(Field::Channel));
    if let Err(refusal) = body.finish(|| None) {
        return CONTRACT.refuse(&refusal);
    }
    match state.accounts.ask_recovery(&context.who, &document, &channel).await {
        Ok(sent) => {
            let message = texts().api.recovery_sent;
            let RecoverySent { destinations, channel, expires_in, .. } = sent;
            Json(RecoveryCodes { message, destinations, channel: channel.as_str(), expires_in }).into_response()
        }
        Err(refusal) => CONTRACT.refuse(&refusal),
    }
}

/// Every error of a code is answered with message 2; an error of its shape also stands at its field.
pub async fn verify(State(state): State<AppState>, Extension(context): Extension<RequestContext>, mut body: JsonBody) -> Response {
    let (document, code) = (body.text_or_empty(Field::Document), body.text_or_empty(Field::Code));
    if let Err(refusal) = body.finish(|| None) {
        return CONTRACT.refuse(&refusal);
    }
    let message = code_sentence(CodeFor::Recovery);
    match state.accounts.prove_recovery(&context.who, &document, &code).await {
        Ok(grant) => Json(ResetToken { reset_token: grant.token.expose().to_owned(), expires_in: grant.expires_in }).into_response(),
        Err(Refusal::CodeRefused | Refusal::CodeLapsed | Refusal::CodeBlocked { .. }) => {
            CONTRACT.refuse_as(&Refusal::field(Field::Code, FieldError::CodeWrong), &message)
        }
        Err(refusal @ Refusal::Invalid(_)) => CONTRACT.refuse_as(&refusal, &message),
        Err(refusal) => CONTRACT.refuse(&refusal),
    }
}

/// Message 4 for a refused password, message 2 for a token that is used or expired.
pub async fn reset(State(state): State<AppState>, Extension(context): Extension<RequestContext>, mut body: JsonBody) -> Response {
    let refuse = |refusal: &Refusal| CONTRACT.refuse_as(refusal, &texts().reset_refused(refusal));
    let (token, new) = (body.secret(Field::ResetToken), body.new_password(Field::NewPassword));
    if let Err(refusal) = body.finish(|| new.parse(PasswordPolicy::Recovery, Field::NewPassword).err()) {
        return refuse(&refusal);
    }
    match state.accounts.reset_by_grant(&context.who, &token, new).await {
        Err(Refusal::CodeRefused) => {
            CONTRACT.refuse_as(&Refusal::field(Field::ResetToken, FieldError::CodeExpired), &code_sentence(CodeFor::Recovery))
        }
        Err(refusal) => refuse(&refusal),
        Ok(()) => said(StatusCode::OK, Ok(()), |texts| texts.password_changed),
    }
}

pub async fn forgot_password(State(state): State<AppState>, Extension(context): Extension<RequestContext>, mut body: JsonBody) -> Response {
    let email = body.text_or_empty(Field::Email);
    if let Err(refusal) = body.finish(|| None) {
        return CONTRACT.refuse(&refusal);
    }
    said(StatusCode::ACCEPTED, state.accounts.forgot_password(&context.who, &email).await, |texts| texts.reset_link_sent)
}

pub async fn reset_password(State(state): State<AppState>, Extension(context): Extension<RequestContext>, mut body: JsonBody) -> Response {
    let (token, new) = (body.secret(Field::Token), body.new_password(Field::Password));
    // The password policy depends on the account of the link. Here only presence and confirmation are checked.
    if let Err(refusal) = body.finish(|| new.parse(PasswordPolicy::LengthOnly, Field::Password).err()) {
        return CONTRACT.refuse(&refusal);
    }
    said(StatusCode::OK, state.accounts.reset_by_link(&context.who, &token, new).await, |texts| texts.password_changed)
}

pub async fn change_password(State(state): State<AppState>, Extension(context): Extension<RequestContext>, mut body: JsonBody) -> Response {
    let current = Token::new(body.text_or_empty(Field::CurrentPassword));
    let new = body.new_password(Field::NewPassword);
    if let Err(refusal) = body.finish(|| None) {
        return CONTRACT.refuse(&refusal);
    }
    said(StatusCode::OK, state.accounts.change_password(&context.who, &current, new).await, |texts| texts.password_changed)
}
