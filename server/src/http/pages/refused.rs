//! Refusals before any page runs (another site's form, a body too large): a page for a person, its contract's shape for a client.

use super::paths::is_page;
use crate::html;
use crate::http::assets;
use crate::http::brand::Foot;
use crate::http::contract::Contract;
use crate::http::outcome;
use crate::http::requester::RequestContext;
use app::Site;
use askama::Template;
use axum::http::request::Parts;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use portaria::error::Refusal;
use text::pages::frame::RefusedTexts;
use text::{Language, Texts};

/// The page loads our style sheet, and nothing else.
const POLICY: &str = "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'";

/// The response to a refused request. It says nothing about the requester and costs no query.
pub fn refuse(parts: &Parts, refusal: &Refusal) -> Response {
    if for_a_person(parts) { refuse_person(parts, refusal) } else { Contract::of(&parts.extensions, parts.uri.path()).refuse(refusal) }
}

/// The same where only a person can read it.
pub fn refuse_person(parts: &Parts, refusal: &Refusal) -> Response {
    let language = parts.extensions.get::<RequestContext>().map_or_else(Language::default, |context| context.language);
    let site = parts.extensions.get::<Site>().cloned().unwrap_or_default();
    let again = is_page(parts.uri.path()).then(|| parts.uri.path_and_query().map_or("/", |path| path.as_str()));
    let status = StatusCode::from_u16(refusal.status()).unwrap_or(StatusCode::BAD_REQUEST);
    let mut response =
        (status, [(header::CONTENT_SECURITY_POLICY, POLICY)], Html(html(language.texts(), &site, refusal, again))).into_response();
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

fn html(texts: &Texts, site: &Site, refusal: &Refusal, again: Option<&str>) -> String {
    let (lang, words) = (texts.language.tag(), &texts.pages.refused);
    let (icon, colours) = (site.brand.icon(), site.brand.style_sheet());
    let foot = Foot::of(&site.brand, texts);
    html::page(&Page { lang, icon, colours, version: &assets::VERSION, words, sentence: texts.refusal(refusal), again, foot })
}

#[derive(Template)]
#[template(path = "refused.html")]
struct Page<'a> {
    lang: &'a str,
    /// The version of the assets.
    version: &'a str,
    icon: String,
    /// The style sheet of the brand.
    colours: Option<String>,
    words: &'a RefusedTexts,
    sentence: String,
    /// Where the form stands.
    again: Option<&'a str>,
    foot: Foot<'a>,
}
