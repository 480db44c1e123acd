//! One address for each page: without trailing slashes.

use crate::http::pages;
use axum::extract::Request;
use axum::http::{HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};

/// Redirects an address with trailing slashes to its page, with the query. The status is 308, so that a posted form is posted
/// again. A path of the contracts is no page: an unknown one is a 404 in its contract's shape.
pub fn redirect(request: &Request) -> Option<Response> {
    let follows = matches!(*request.method(), Method::GET | Method::HEAD | Method::POST);
    let path = request.uri().path();
    let canonical = path.trim_end_matches('/');
    if !follows || canonical == path || !pages::is_page(canonical) {
        return None;
    }
    let query = request.uri().query().map(|query| format!("?{query}")).unwrap_or_default();
    // It begins with the first segment of a page, so it cannot lead to another site.
    let address = HeaderValue::from_str(&format!("{canonical}{query}")).ok()?;
    Some((StatusCode::PERMANENT_REDIRECT, [(header::LOCATION, address)]).into_response())
}
