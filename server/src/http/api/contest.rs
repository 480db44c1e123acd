//! `/api/auth/contest`: contesting a document that another account has (SPEC §16). No answer tells whether anybody has it.

use super::bodies::{CodeToContact, Message};
use super::json::JsonBody;
use crate::http::contract::{Contract, code_sentence};
use crate::http::requester::RequestContext;
use crate::http::state::AppState;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use portaria::contest::ContestForm;
use portaria::error::{Field, FieldError, Refusal};
use portaria::purpose::CodeFor;
use text::Language;
use text::contest::ContestTexts;

const CONTRACT: Contract = Contract::Problem;

/// The contracts answer in Portuguese.
fn texts() -> &'static ContestTexts {
    &Language::PtBr.texts().contest
}

fn form(body: &mut JsonBody) -> ContestForm {
    ContestForm {
        document: body.text_or_empty(Field::Document),
        email: body.text_or_empty(Field::Email),
        phone: body.text_or_empty(Field::Phone),
        channel: body.text_or_empty(Field::Channel),
    }
}

pub async fn ask(State(state): State<AppState>, Extension(context): Extension<RequestContext>, mut body: JsonBody) -> Response {
    let form = form(&mut body);
    if let Err(refusal) = body.finish(|| form.parse().err()) {
        return CONTRACT.refuse(&refusal);
    }
    match state.accounts.ask_contest(&context.who, form).await {
        Ok(sent) => {
            let body = CodeToContact {
                message: texts().sent,
                destination: sent.destination,
                channel: sent.channel.as_str(),
                expires_in: sent.expires_in,
                resend_in: sent.resend_in,
            };
            (StatusCode::ACCEPTED, Json(body)).into_response()
        }
        Err(refusal) => CONTRACT.refuse(&refusal),
    }
}

pub async fn verify(State(state): State<AppState>, Extension(context): Extension<RequestContext>, mut body: JsonBody) -> Response {
    let (form, code) = (form(&mut body), body.text_or_empty(Field::Code));
    if let Err(refusal) = body.finish(|| form.parse().err()) {
        return CONTRACT.refuse(&refusal);
    }
    match state.accounts.prove_contest(&context.who, form, &code).await {
        Ok(()) => Json(Message { message: texts().begun }).into_response(),
        Err(Refusal::CodeRefused | Refusal::CodeLapsed | Refusal::CodeBlocked { .. }) => {
            CONTRACT.refuse_as(&Refusal::field(Field::Code, FieldError::CodeWrong), &code_sentence(CodeFor::Contest))
        }
        Err(refusal) => CONTRACT.refuse(&refusal),
    }
}

pub async fn keep(State(state): State<AppState>, Extension(context): Extension<RequestContext>, mut body: JsonBody) -> Response {
    let token = body.secret(Field::Token);
    if let Err(refusal) = body.finish(|| None) {
        return CONTRACT.refuse(&refusal);
    }
    match state.accounts.keep_document(&context.who, &token).await {
        Ok(()) => Json(Message { message: texts().mine_done }).into_response(),
        Err(refusal) => CONTRACT.refuse(&refusal),
    }
}
