//! The logo and the colours of the brand, at addresses that change with them.

use super::state::AppState;
use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};

/// A logo may hold its own style. Nothing else of it runs or loads, also if it is opened by itself.
const OF_LOGO: &str = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; sandbox";

/// Serves `/brand/{version}/{file}`. At the address of an older version stands what is in force now, with `no-cache`.
pub async fn file(State(state): State<AppState>, Path((version, file)): Path<(String, String)>) -> Response {
    let brand = &state.site.brand;
    let cache = if version == brand.version { "public, max-age=31536000, immutable" } else { "no-cache" };
    let cache = (header::CACHE_CONTROL, cache);
    match (file.as_str(), &brand.logo, brand.style_sheet()) {
        ("colours.css", _, Some(_)) => ([cache, (header::CONTENT_TYPE, "text/css; charset=utf-8")], brand.palette.css()).into_response(),
        ("logo.svg", Some(logo), _) => {
            ([cache, (header::CONTENT_TYPE, "image/svg+xml"), (header::CONTENT_SECURITY_POLICY, OF_LOGO)], logo.clone()).into_response()
        }
        _ => StatusCode::NOT_FOUND.into_response(),
    }
}
