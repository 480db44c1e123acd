//! The logo and the colours of the brand and the logos of products, at addresses that change with them, and what a phone shows of the page
//! on its screen.

mod picture;

use super::state::AppState;
use axum::Router;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use portaria::brand::{Brand, Role, Scheme};
use serde_json::json;
use std::sync::Arc;
use text::{Language, Texts};
use tokio::sync::OnceCell;

/// A logo may hold its own style. Nothing else of it runs or loads, also if it is opened by itself.
const OF_LOGO: &str = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; sandbox";
/// What stands at an address that changes with it.
pub const FOR_EVER: &str = "public, max-age=31536000, immutable";
/// Mail programs and home screens of other origins show it.
const FROM_ANYWHERE: (header::HeaderName, &str) = (header::HeaderName::from_static("cross-origin-resource-policy"), "cross-origin");

/// The logo as a PNG, drawn once.
type Picture = Arc<OnceCell<Option<Bytes>>>;

/// The routes of the brand's files.
pub fn router(state: &AppState) -> Router {
    Router::new()
        .route("/brand/{version}/{file}", get(file))
        .route("/logos/{file}", get(of_product))
        .with_state((state.clone(), Picture::default()))
}

/// Serves `/brand/{version}/{file}`. At the address of an older version stands what is in force now, with `no-cache`.
async fn file(State((state, picture)): State<(AppState, Picture)>, Path((version, file)): Path<(String, String)>) -> Response {
    let brand = &state.site.brand;
    let cache = if version == brand.version { FOR_EVER } else { "no-cache" };
    let cache = (header::CACHE_CONTROL, cache);
    match (file.as_str(), &brand.logo, brand.style_sheet()) {
        ("colours.css", _, Some(_)) => ([cache, (header::CONTENT_TYPE, "text/css; charset=utf-8")], brand.palette.css()).into_response(),
        ("logo.svg", Some(logo), _) => drawing(logo, cache),
        ("logo.png", ..) => match picture.get_or_init(|| picture::drawn(brand)).await {
            Some(png) => ([cache, (header::CONTENT_TYPE, "image/png"), FROM_ANYWHERE], png.clone()).into_response(),
            None => StatusCode::NOT_FOUND.into_response(),
        },
        _ => StatusCode::NOT_FOUND.into_response(),
    }
}

/// The answer with a logo.
fn drawing(logo: &str, cache: (header::HeaderName, &'static str)) -> Response {
    ([cache, (header::CONTENT_TYPE, "image/svg+xml"), (header::CONTENT_SECURITY_POLICY, OF_LOGO)], logo.to_owned()).into_response()
}

/// Serves the logos of products. At the address of an older one stands nothing: it is not said whose it was.
async fn of_product(State((state, _)): State<(AppState, Picture)>, uri: Uri) -> Response {
    match state.openid.clients().and_then(|clients| clients.logo_at(uri.path())) {
        Some(logo) => drawing(&logo.svg, (header::CACHE_CONTROL, FOR_EVER)),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

/// Serves the manifest of the pages.
pub async fn manifest(State(state): State<AppState>) -> Response {
    let brand = &state.site.brand;
    let colour = |role| brand.palette.of(Scheme::Light, role).to_string();
    let manifest = json!({
        "name": brand.name.as_str(),
        "short_name": brand.name.as_str(),
        "lang": "pt-BR",
        "start_url": "/",
        "display": "browser",
        "theme_color": colour(Role::Sheet),
        "background_color": colour(Role::Paper),
        "icons": [
            { "src": brand.icon(), "type": "image/svg+xml", "sizes": "any" },
            { "src": brand.picture(), "type": "image/png", "sizes": "192x192" },
        ],
    });
    let headers = [(header::CONTENT_TYPE, "application/manifest+json"), (header::CACHE_CONTROL, "public, max-age=86400")];
    (headers, manifest.to_string()).into_response()
}
/// The foot of pages that `app` does not draw: the same words and ways as there.
pub struct Foot<'a> {
    pub privacy: &'a str,
    /// Where each leads, and what it says.
    pub links: Vec<(String, &'a str)>,
    /// `None`: nothing to choose.
    pub languages: Option<Languages<'a>>,
}

/// The choice of the language.
pub struct Languages<'a> {
    /// What it is called.
    pub label: &'a str,
    /// Where it leads: the same page.
    pub next: String,
    /// Those that there are, and whether it is that of the page.
    pub all: Vec<(Language, bool)>,
}

impl<'a> Foot<'a> {
    pub fn of(brand: &Brand, texts: &'a Texts) -> Self {
        let frame = &texts.pages.frame;
        let help = brand.help.as_ref().map(|help| (help.link(), frame.help));
        let own = [(app::paths::TERMS.to_owned(), frame.terms), (app::paths::ACCESSIBILITY.to_owned(), frame.accessibility)];
        Self { privacy: frame.privacy, links: help.into_iter().chain(own).collect(), languages: None }
    }

    /// The same with a choice of the language, that leads to `next`.
    pub fn choosing(brand: &Brand, texts: &'a Texts, next: String) -> Self {
        let all = Language::ALL.iter().map(|language| (*language, *language == texts.language)).collect();
        Self { languages: Some(Languages { label: texts.pages.frame.language, next, all }), ..Self::of(brand, texts) }
    }
}
