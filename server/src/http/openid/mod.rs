//! The OpenID provider over HTTP (SPEC §15). What its routes take and answer is said by the standards and by the discovery document, so
//! they are not in the table of the API.
//!
//! | path | what |
//! |---|---|
//! | `/.well-known/openid-configuration` | what the provider offers |
//! | `/oauth/authorize` | a product sends a person here |
//! | `/oauth/continue` | every way through our pages ends here, if a product waits |
//! | `/oauth/consent` | the person says whether a product may |
//! | `/oauth/token` | a product exchanges a code or a refresh token |
//! | `/oauth/revoke`, `/oauth/introspect` | a product gives a token back, or asks what it is worth |
//! | `/oauth/logout`, `/oauth/logout/answer` | a product has a person sign out; the person says whether |
//! | `/profile/products` | the person sees what they agreed to, and takes it back |
//! | `/oauth/userinfo` | a product asks who it is |

mod authorize;
mod discovery;
mod logout;
mod page;
mod products;
mod token;
mod userinfo;

use super::awaited::CONTINUE;
use super::media;
use super::state::AppState;
use axum::Router;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use portaria::openid::Error;
use serde_json::json;
use url::form_urlencoded::Serializer;

pub const DISCOVERY: &str = "/.well-known/openid-configuration";
pub const AUTHORIZE: &str = "/oauth/authorize";
pub const CONSENT: &str = "/oauth/consent";
pub const JWKS: &str = "/.well-known/jwks.json";
pub const TOKEN: &str = "/oauth/token";
pub const USERINFO: &str = "/oauth/userinfo";
pub const LOGOUT: &str = "/oauth/logout";
pub const SIGN_OUT: &str = "/oauth/logout/answer";
/// What the pages have beside the style sheet of all.
pub const STYLE_SHEET: &str = "/oauth/page.css";
pub const PRODUCTS: &str = app::paths::PROFILE_PRODUCTS;
pub const REVOKE: &str = "/oauth/revoke";
pub const INTROSPECT: &str = "/oauth/introspect";

pub fn router(state: &AppState) -> Router {
    Router::new()
        .route(DISCOVERY, get(discovery::document))
        .route(AUTHORIZE, get(authorize::by_get).post(authorize::by_post))
        .route(CONTINUE, get(authorize::go_on))
        .route(CONSENT, post(authorize::consent))
        .route(TOKEN, post(token::exchange))
        .route(USERINFO, get(userinfo::claims).post(userinfo::claims))
        .route(LOGOUT, get(logout::by_get).post(logout::by_post))
        .route(SIGN_OUT, post(logout::confirmed))
        .route(PRODUCTS, get(products::list).post(products::take_back))
        .route(STYLE_SHEET, get(page::style))
        .route(REVOKE, post(token::revoke))
        .route(INTROSPECT, post(token::introspect))
        .with_state(state.clone())
}

/// Whether a path may be posted to from anywhere: it acts by what stands in the request, never by a cookie. A request to authorize is
/// asked again by GET.
pub fn is_open_to_other_sites(path: &str) -> bool {
    matches!(path, AUTHORIZE | LOGOUT | TOKEN | USERINFO | REVOKE | INTROSPECT)
}

/// The parameters of a query or a form.
fn parameters(text: &[u8]) -> Vec<(String, String)> {
    url::form_urlencoded::parse(text).into_owned().collect()
}

/// An error of the protocol, as JSON.
fn error(error: Error) -> Response {
    let status = StatusCode::from_u16(error.code.status()).unwrap_or(StatusCode::BAD_REQUEST);
    let body = json!({ "error": error.code.as_str(), "error_description": error.description });
    (status, axum::Json(body)).into_response()
}

/// A refusal that anybody may meet, in the words of the protocol.
fn refused(refusal: &portaria::error::Refusal) -> Response {
    use portaria::openid::ErrorCode::{InvalidRequest, TemporarilyUnavailable};
    let code = if refusal.status() >= 500 || refusal.status() == 429 { TemporarilyUnavailable } else { InvalidRequest };
    let mut response = error(Error::new(code, "the request cannot be answered now"));
    super::outcome::mark(&mut response, refusal);
    if let Some(seconds) = refusal.retry_after() {
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
    response
}

/// The longest query that a form may become.
const LONGEST_QUERY: usize = 16 * 1024;

/// A request that came as a form is asked again by GET, with the cookies of this site. `None`: it is no form, or too long.
fn again_by_get(path: &str, headers: &HeaderMap, body: &[u8]) -> Option<Response> {
    let mut query = Serializer::new(String::new());
    query.extend_pairs(parameters(body));
    let query = query.finish();
    (media::is_form(headers) && query.len() <= LONGEST_QUERY).then(|| Redirect::to(&format!("{path}?{query}")).into_response())
}

/// A request that is none of a page in the foreground: what comes back goes to a script.
fn is_by_script(method: &Method, headers: &HeaderMap) -> bool {
    let mode = headers.get("sec-fetch-mode").and_then(|value| value.to_str().ok()).unwrap_or("navigate");
    method == Method::GET && mode != "navigate"
}
