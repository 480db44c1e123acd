//! `/oauth/logout`: a product has a person sign out (OpenID Connect RP-Initiated Logout 1.0).

use super::authorize::{by_cookie, in_asked_language, see_other};
use super::{LOGOUT, again_by_get, is_by_script, page, parameters};
use crate::http::onward::{add_cookie, go};
use crate::http::pages;
use crate::http::requester::RequestContext;
use crate::http::state::AppState;
use app::forms::Onward;
use app::paths;
use axum::Extension;
use axum::body::Bytes;
use axum::extract::{RawQuery, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use portaria::openid::SignOut;
use portaria::session::Cookie;
use text::PageNotice;

pub async fn by_get(
    State(state): State<AppState>,
    Extension(context): Extension<RequestContext>,
    RawQuery(query): RawQuery,
    parts: Parts,
) -> Response {
    let query = query.unwrap_or_default();
    if is_by_script(&parts.method, &parts.headers) {
        return page::go_on(&state, &context, format!("{LOGOUT}?{query}"));
    }
    if parts.method == Method::HEAD {
        return StatusCode::OK.into_response();
    }
    let asked = parameters(query.as_bytes());
    answer(&state, &in_asked_language(context, &asked), &parts, &asked, false).await
}

/// A form of another site brings no cookie, and nobody would be signed out.
pub async fn by_post(
    State(state): State<AppState>,
    Extension(context): Extension<RequestContext>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    again_by_get(LOGOUT, &headers, &body).unwrap_or_else(|| page::wrong(&state, &context))
}

/// The form of the page that asks. Only our own page may send it.
pub async fn confirmed(
    State(state): State<AppState>,
    Extension(context): Extension<RequestContext>,
    parts: Parts,
    body: Bytes,
) -> Response {
    let (said, request): (Vec<_>, Vec<_>) = parameters(&body).into_iter().partition(|(name, _)| name == "answer");
    if said.iter().any(|(_, value)| value == "yes") {
        answer(&state, &context, &parts, &request, true).await
    } else {
        Redirect::to(paths::DASHBOARD).into_response()
    }
}

async fn answer(state: &AppState, context: &RequestContext, parts: &Parts, request: &[(String, String)], confirmed: bool) -> Response {
    match state.openid.sign_out(&by_cookie(context), request, confirmed).await {
        Err(refusal) => pages::refuse_person(parts, &refusal),
        Ok(SignOut::Wrong(wrong)) => {
            tracing::info!(?wrong, "a request to sign out named a client or an address that is not registered");
            page::wrong(state, context)
        }
        Ok(SignOut::Ask { product, source }) => page::sign_out(state, context, product.as_ref(), source, request),
        Ok(SignOut::Gone { address, ended }) => {
            let home = || go(state, &Onward::saying(paths::HOME, PageNotice::SignedOut));
            let mut response = address.map_or_else(home, |address| see_other(&address));
            if ended {
                for cookie in [Cookie::Session, Cookie::Step] {
                    add_cookie(&mut response, &app::cookies::clear(cookie, state.secure_cookies));
                }
                response.headers_mut().insert("clear-site-data", HeaderValue::from_static("\"cache\", \"storage\""));
            }
            response
        }
    }
}
