//! `/profile/products`: the products that the account agreed to, each with a button that takes it back.

use super::authorize::by_cookie;
use super::{PRODUCTS, page, parameters};
use crate::http::pages;
use crate::http::requester::RequestContext;
use crate::http::state::AppState;
use app::paths;
use axum::Extension;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::request::Parts;
use axum::response::{IntoResponse, Redirect, Response};
use portaria::error::Refusal;

pub async fn list(State(state): State<AppState>, Extension(context): Extension<RequestContext>, parts: Parts) -> Response {
    match state.openid.agreed(&by_cookie(&context)).await {
        Ok((account, agreed)) => page::products(&state, &context, &account, &agreed),
        Err(refusal) => refused(&parts, &refusal),
    }
}

pub async fn take_back(
    State(state): State<AppState>,
    Extension(context): Extension<RequestContext>,
    parts: Parts,
    body: Bytes,
) -> Response {
    let client = parameters(&body).into_iter().find(|(name, _)| name == "client").map(|(_, value)| value).unwrap_or_default();
    match state.openid.take_back(&by_cookie(&context), &client).await {
        Ok(()) => Redirect::to(PRODUCTS).into_response(),
        Err(refusal) => refused(&parts, &refusal),
    }
}

fn refused(parts: &Parts, refusal: &Refusal) -> Response {
    match refusal {
        Refusal::NotSignedIn => Redirect::to(&paths::sign_in_for(PRODUCTS)).into_response(),
        refusal => pages::refuse_person(parts, refusal),
    }
}
