//! A verification link, at `/verify` and at `/api/auth/verify-email` alike (SPEC §3, §11; `security.md` T4).
//!
//! | who opens it | what happens |
//! |---|---|
//! | an API client | it is proved; 200 `{message}` |
//! | a person's own navigation | it is proved; 303 to the login page |
//! | a mail scanner, a prefetch, `HEAD` | nothing; a page with one button that POSTs |

use super::contract::Contract;
use crate::middleware::requester::Visitor;
use crate::pages;
use crate::site::Site;
use axum::extract::{RawQuery, Request, State};
use axum::http::{HeaderMap, Method, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use axum::{Extension, Json};
use portaria::error::Refusal;
use portaria::session::Token;
use portaria::text::Language;
use serde_json::json;

/// Where a proved link leads.
const PROVED: &str = "/login?notice=verified";

/// The token of a link. None and two are as good as a mangled one.
fn token_of(query: Option<&str>) -> Token {
    let mut tokens = url::form_urlencoded::parse(query.unwrap_or_default().as_bytes()).filter(|(name, _)| name == "token");
    match (tokens.next(), tokens.next()) {
        (Some((_, token)), None) => Token::new(token.into_owned()),
        _ => Token::new(""),
    }
}

enum Audience {
    Api,
    Person,
    Scanner,
}

/// Who opens the link. A browser says of itself that a person clicked (Fetch Metadata); what accepts HTML without saying so
/// may be anything.
fn audience(method: &Method, headers: &HeaderMap) -> Audience {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if method == Method::HEAD || !text("sec-purpose").is_empty() || !text("purpose").is_empty() {
        Audience::Scanner
    } else if !text(header::ACCEPT.as_str()).contains("text/html") {
        Audience::Api
    } else if text("sec-fetch-mode") == "navigate" && text("sec-fetch-user") == "?1" {
        Audience::Person
    } else {
        Audience::Scanner
    }
}

fn proved() -> Response {
    Json(json!({ "message": Language::PtBr.texts().api.email_proved })).into_response()
}

fn status(refusal: &Refusal) -> StatusCode {
    StatusCode::from_u16(refusal.status()).unwrap_or(StatusCode::BAD_REQUEST)
}

/// Opens a link.
pub async fn by_get(
    State(site): State<Site>,
    Extension(visitor): Extension<Visitor>,
    RawQuery(query): RawQuery,
    request: Request,
) -> Response {
    let token = token_of(query.as_deref());
    match audience(request.method(), request.headers()) {
        Audience::Api => answer(&site, &visitor, &token).await,
        Audience::Person => match site.accounts.prove_link(&visitor.who, &token).await {
            Ok(()) => Redirect::to(PROVED).into_response(),
            Err(refusal) => pages::render(&site, request, None, status(&refusal)).await,
        },
        Audience::Scanner => {
            let status = match site.accounts.look_at_link(&visitor.who, &token).await {
                Ok(()) => StatusCode::OK,
                Err(refusal) => status(&refusal),
            };
            pages::render(&site, request, None, status).await
        }
    }
}

/// The button of the page, or an API client.
pub async fn by_post(
    State(site): State<Site>,
    Extension(visitor): Extension<Visitor>,
    RawQuery(query): RawQuery,
    request: Request,
) -> Response {
    if pages::is_form(request.headers()) {
        return pages::submit(State(site), Extension(visitor), request).await;
    }
    answer(&site, &visitor, &token_of(query.as_deref())).await
}

async fn answer(site: &Site, visitor: &Visitor, token: &Token) -> Response {
    match site.accounts.prove_link(&visitor.who, token).await {
        Ok(()) => proved(),
        Err(refusal) => Contract::Problem.refuse(&refusal),
    }
}
