//! 001: registration of any kind with a link by e-mail.

use super::bodies::{Mensagem, Registered};
use super::json::JsonBody;
use crate::http::contract::Contract;
use crate::http::requester::RequestContext;
use crate::http::state::AppState;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use portaria::error::Field;
use portaria::journey::Kind;
use portaria::signup;
use text::Language;

const CONTRACT: Contract = Contract::Registration;

pub async fn register(State(state): State<AppState>, Extension(context): Extension<RequestContext>, mut body: JsonBody) -> Response {
    let kind = body.text_or_empty(Field::Kind);
    let kind = match Kind::parse(&kind) {
        Ok(kind) => Some(kind),
        Err(error) => {
            body.error_unless_told(Field::Kind, error);
            None
        }
    };
    if let Some(Err(refusal)) = kind.map(|kind| state.accounts.kinds().may_begin(kind)) {
        return CONTRACT.refuse(&refusal);
    }
    // Every kind has the same fields here, so a wrong kind does not hide the other errors.
    let journey = kind.unwrap_or(Kind::Cliente).bare_journey();
    let asked = state.accounts.kinds().details(journey);
    let typed = body.first_form(asked);
    if let Err(refusal) = body.finish(|| signup::read_asked(&typed, journey, asked, false).err()) {
        return CONTRACT.refuse(&refusal);
    }
    match state.accounts.register(&context.who, journey, typed).await {
        Ok(id) => {
            let message = Language::PtBr.texts().api.check_email;
            (StatusCode::CREATED, Json(Registered { mensagem: message, user_id: id })).into_response()
        }
        Err(refusal) => CONTRACT.refuse(&refusal),
    }
}

pub async fn resend(State(state): State<AppState>, Extension(context): Extension<RequestContext>, mut body: JsonBody) -> Response {
    let email = body.text_or_empty(Field::Email);
    if let Err(refusal) = body.finish(|| None) {
        return CONTRACT.refuse(&refusal);
    }
    match state.accounts.resend_link(&context.who, &email).await {
        Ok(()) => {
            let message = Language::PtBr.texts().api.link_sent_if_waiting;
            (StatusCode::ACCEPTED, Json(Mensagem { mensagem: message })).into_response()
        }
        Err(refusal) => CONTRACT.refuse(&refusal),
    }
}
