//! A verification link, at `/verify` and at `/api/auth/verify-email` (SPEC §3, §16; docs/threats.md T4).
//!
//! | who opens it | what happens |
//! |---|---|
//! | a client that does not ask for HTML, at the API path (no mail links there) | the address is proved; 200 `{message}` |
//! | the browser that holds the sign-up, or has a session of the account | the address is proved; 303 to the login page |
//! | anything else: another device, a mail scanner, a prefetch, `HEAD` | nothing is proved; a page names the account and asks |

use super::forms::submit;
use super::render::render;
use crate::http::api::bodies::Message;
use crate::http::contract::Contract;
use crate::http::media;
use crate::http::onward::go;
use crate::http::outcome;
use crate::http::requester::RequestContext;
use crate::http::state::AppState;
use app::forms::Onward;
use app::paths;
use axum::extract::{RawQuery, Request, State};
use axum::http::{HeaderMap, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use portaria::error::Refusal;
use portaria::holding::Prover;
use portaria::session::Token;
use text::Language;
use text::PageNotice;

/// Where a proved link leads.
fn after_proof() -> Onward {
    Onward::saying(paths::LOGIN, PageNotice::Verified)
}

/// The token of a link; empty unless there is exactly one.
fn token_of(query: Option<&str>) -> Token {
    let mut tokens = url::form_urlencoded::parse(query.unwrap_or_default().as_bytes()).filter(|(name, _)| name == "token");
    match (tokens.next(), tokens.next()) {
        (Some((_, token)), None) => Token::new(token.into_owned()),
        _ => Token::new(""),
    }
}

/// Returns whether a person opens the link. A browser says so if it prefetches the link, or loads it as a part of another page
/// (Fetch Metadata).
fn is_navigation(method: &Method, headers: &HeaderMap) -> bool {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
    method == Method::GET
        && text("sec-purpose").is_empty()
        && text("purpose").is_empty()
        && matches!(text("sec-fetch-mode"), "" | "navigate")
        && matches!(text("sec-fetch-dest"), "" | "document")
}

fn asks_for_html(headers: &HeaderMap) -> bool {
    headers.get(header::ACCEPT).and_then(|value| value.to_str().ok()).unwrap_or_default().contains("text/html")
}

fn proved() -> Response {
    Json(Message { message: Language::PtBr.texts().api.email_proved }).into_response()
}

fn status(refusal: &Refusal) -> StatusCode {
    StatusCode::from_u16(refusal.status()).unwrap_or(StatusCode::BAD_REQUEST)
}

/// Opens a link.
pub async fn by_get(
    State(state): State<AppState>,
    Extension(context): Extension<RequestContext>,
    RawQuery(query): RawQuery,
    request: Request,
) -> Response {
    let token = token_of(query.as_deref());
    let (method, headers) = (request.method(), request.headers());
    let is_api_path = request.uri().path() != paths::VERIFY;
    if is_api_path && method == Method::GET && !asks_for_html(headers) {
        return answer(&state, &context, &token).await;
    }
    // A "não fui eu" link always leads to the page that asks, in any browser.
    let comes_to_disown = query.as_deref().unwrap_or_default().split('&').any(|pair| pair == "not_me=1");
    let opened = if is_navigation(method, headers) && !comes_to_disown {
        state.accounts.open_link(&context.who, &token).await
    } else {
        state.accounts.look_at_link(&context.who, &token).await.map(|_| false)
    };
    match opened {
        Ok(true) => go(&state, &after_proof()),
        Ok(false) => render(&state, request, None, StatusCode::OK).await,
        Err(refusal) => {
            let mut response = render(&state, request, None, status(&refusal)).await;
            outcome::mark(&mut response, &refusal);
            response
        }
    }
}

/// Handles the button of the page, and API clients.
pub async fn by_post(
    State(state): State<AppState>,
    Extension(context): Extension<RequestContext>,
    RawQuery(query): RawQuery,
    request: Request,
) -> Response {
    if media::is_form(request.headers()) {
        return submit(State(state), Extension(context), request).await;
    }
    answer(&state, &context, &token_of(query.as_deref())).await
}

async fn answer(state: &AppState, context: &RequestContext, token: &Token) -> Response {
    match state.accounts.prove_link(&context.who, token, Prover::Api).await {
        Ok(_) => proved(),
        Err(refusal) => Contract::Problem.refuse(&refusal),
    }
}
