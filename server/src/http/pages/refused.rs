//! Refusals before any page runs (another site's form, a body too large): a page for a person, its contract's shape for a client.

use super::paths::is_page;
use crate::delivery::templates::escape;
use crate::http::assets;
use crate::http::contract::Contract;
use crate::http::outcome;
use crate::http::requester::RequestContext;
use axum::http::request::Parts;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use portaria::error::Refusal;
use text::{Language, Texts};

/// The page loads our style sheet, and nothing else.
const POLICY: &str = "default-src 'none'; style-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'";

/// The response to a refused request. It says nothing about the requester and costs no query.
pub fn refuse(parts: &Parts, refusal: &Refusal) -> Response {
    if !for_a_person(parts) {
        return Contract::of(&parts.extensions, parts.uri.path()).refuse(refusal);
    }
    let language = parts.extensions.get::<RequestContext>().map_or_else(Language::default, |context| context.language);
    let again = is_page(parts.uri.path()).then(|| parts.uri.path_and_query().map_or("/", |path| path.as_str()));
    let status = StatusCode::from_u16(refusal.status()).unwrap_or(StatusCode::BAD_REQUEST);
    let mut response = (status, [(header::CONTENT_SECURITY_POLICY, POLICY)], Html(html(language.texts(), refusal, again))).into_response();
    outcome::mark(&mut response, refusal);
    if let Some(seconds) = refusal.retry_after() {
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
    response
}

/// Returns whether a person reads the response. At the path of a page that is assumed, unless the client asks for JSON. Elsewhere
/// the client must ask for HTML, and a path of the contracts must also be a page.
fn for_a_person(parts: &Parts) -> bool {
    let path = parts.uri.path();
    let accept = parts.headers.get(header::ACCEPT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let contract = ["/api/", "/auth/", "/sf/", "/photos/"].iter().any(|prefix| path.starts_with(prefix));
    match (is_page(path), contract) {
        (true, false) => !accept.starts_with("application/json"),
        (false, true) => false,
        _ => accept.contains("text/html"),
    }
}

/// `again`: the path of the form.
fn html(texts: &Texts, refusal: &Refusal, again: Option<&str>) -> String {
    let words = &texts.pages.refused;
    let link = again.map(|path| format!("<p><a class=\"button\" href=\"{}\">{}</a></p>\n", escape(path), escape(words.again)));
    let (lang, title, heading, home) = (texts.language.tag(), escape(words.title), escape(words.heading), escape(words.home));
    format!(
        "<!doctype html>\n<html lang=\"{lang}\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<meta name=\"color-scheme\" content=\"light dark\">\n\
         <title>{title}</title>\n<link rel=\"icon\" href=\"/icon.svg\" type=\"image/svg+xml\">\n\
         <link rel=\"stylesheet\" href=\"/pkg/{version}/portaria.css\">\n</head>\n<body>\n<main class=\"main\">\n<div class=\"page\">\n\
         <h1>{heading}</h1>\n<p class=\"lead\" role=\"alert\">{sentence}</p>\n{link}<p><a href=\"/\">{home}</a></p>\n\
         </div>\n</main>\n</body>\n</html>\n",
        version = *assets::VERSION,
        sentence = escape(&texts.refusal(refusal)),
        link = link.unwrap_or_default(),
    )
}
