//! Which pages of other sites may read an answer (SPEC §15): of what is public, anybody's; of the API and of what products ask for,
//! those at the origins of registered products' redirect addresses alone.
//!
//! A product's page brings no cookie and gets none: it acts by the tokens that it holds, as a client that is no browser, so that it can
//! do nothing in the name of whoever is signed in here. A browser sends cookies also where it may not show the answer, and keeps those
//! that come with it.

use crate::http::state::AppState;
use crate::http::{openid, routes};
use axum::extract::{MatchedPath, Request};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};

const FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");
/// What the answers say beyond what every page may read.
const EXPOSED: HeaderValue = HeaderValue::from_static("retry-after, www-authenticate, x-request-id");
/// How long a browser need not ask again, in seconds.
const KEPT: HeaderValue = HeaderValue::from_static("600");

/// Who may read the answers of a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Readers {
    /// Our own pages.
    Ourselves,
    /// Those of products, too.
    Products,
    /// Those of everybody.
    Anybody,
}

fn readers(path: &str) -> Readers {
    match path {
        openid::DISCOVERY | openid::JWKS => Readers::Anybody,
        openid::TOKEN | openid::USERINFO | openid::REVOKE => Readers::Products,
        _ if path.starts_with("/api/") || path.starts_with("/auth/") => Readers::Products,
        _ => Readers::Ourselves,
    }
}

/// What is known of the page that asks.
#[must_use]
pub struct Page {
    readers: Readers,
    /// The origin, if it is a product's.
    product: Option<HeaderValue>,
}

/// Knows the page that asks. Of a product's the cookies go, and with them what would have it refused: the same-origin check protects
/// whoever is signed in by a cookie.
pub fn know(state: &AppState, request: &mut Request) -> Page {
    let readers = readers(request.uri().path());
    let headers = request.headers();
    let product = (readers == Readers::Products).then(|| origin_of_product(state, headers)).flatten();
    if product.is_some() {
        let headers = request.headers_mut();
        for name in [header::COOKIE, header::ORIGIN, FETCH_SITE] {
            headers.remove(name);
        }
    }
    Page { readers, product }
}

/// Our own pages say where they come from, too, and a product may share our origin.
fn origin_of_product(state: &AppState, headers: &HeaderMap) -> Option<HeaderValue> {
    let mut all = headers.get_all(header::ORIGIN).iter();
    let (Some(origin), None) = (all.next(), all.next()) else { return None };
    let text = origin.to_str().ok()?;
    let ours = headers.get(FETCH_SITE).is_some_and(|site| site == "same-origin") || is_public_url(state, text);
    let known = !ours && state.openid.clients().is_some_and(|clients| clients.know_origin(text));
    known.then(|| origin.clone())
}

fn is_public_url(state: &AppState, origin: &str) -> bool {
    url::Url::parse(&state.public_url).is_ok_and(|own| own.origin().ascii_serialization() == origin)
}

impl Page {
    /// The answer to a browser that asks whether it may send a request. `None`: it does not ask that.
    pub fn preflight(&self, request: &Request) -> Option<Response> {
        let asked = request.method() == Method::OPTIONS
            && self.readers != Readers::Ourselves
            && request.headers().contains_key(header::ACCESS_CONTROL_REQUEST_METHOD);
        if !asked {
            return None;
        }
        let mut response = StatusCode::NO_CONTENT.into_response();
        if self.readers == Readers::Anybody || self.product.is_some() {
            let path = request.extensions().get::<MatchedPath>().map_or("", MatchedPath::as_str);
            let headers = response.headers_mut();
            headers.insert(header::ACCESS_CONTROL_ALLOW_METHODS, methods(path));
            headers.insert(header::ACCESS_CONTROL_ALLOW_HEADERS, HeaderValue::from_static("authorization, content-type, x-request-id"));
            headers.insert(header::ACCESS_CONTROL_MAX_AGE, KEPT);
        }
        Some(response)
    }

    /// Lets the page read the answer, if it may.
    pub fn allowed(self, mut response: Response) -> Response {
        let headers = response.headers_mut();
        let origin = match (self.readers, self.product) {
            (Readers::Ourselves, _) => return response,
            (Readers::Anybody, _) => HeaderValue::from_static("*"),
            // The handler lets anybody read it.
            (Readers::Products, _) if headers.contains_key(header::ACCESS_CONTROL_ALLOW_ORIGIN) => return response,
            (Readers::Products, product) => {
                headers.append(header::VARY, HeaderValue::from_static("origin"));
                let Some(origin) = product else { return response };
                headers.remove(header::SET_COOKIE);
                origin
            }
        };
        headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin);
        headers.insert(header::ACCESS_CONTROL_EXPOSE_HEADERS, EXPOSED);
        response
    }
}

/// The methods of a path.
fn methods(path: &str) -> HeaderValue {
    let mut names: Vec<_> = routes::routes().iter().filter(|route| route.path == path).map(|route| route.method.as_str()).collect();
    if names.is_empty() {
        names = match path {
            openid::DISCOVERY => vec!["GET"],
            openid::TOKEN | openid::REVOKE => vec!["POST"],
            openid::USERINFO => vec!["GET", "POST"],
            // Whoever asks for what is not there is told so.
            _ => vec!["GET", "POST", "PATCH", "DELETE"],
        };
    }
    HeaderValue::from_str(&names.join(", ")).unwrap_or(HeaderValue::from_static("GET"))
}
