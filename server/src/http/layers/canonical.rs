//! One address for each page: a slash at its end is one too many.

use crate::http::pages;
use axum::extract::Request;
use axum::http::{HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

/// Sends whoever asks for a page by an address with slashes at its end to the one that it has, with the query; 308, so that a
/// form that was posted there is posted again. A path of the contracts is not a page: what does not exist there is a 404 in
/// its contract's shape.
pub async fn redirect(request: Request, next: Next) -> Response {
    let follows = matches!(*request.method(), Method::GET | Method::HEAD | Method::POST);
    let path = request.uri().path();
    let canonical = path.trim_end_matches('/');
    if !follows || canonical == path || !pages::is_page(canonical) {
        return next.run(request).await;
    }
    let query = request.uri().query().map(|query| format!("?{query}")).unwrap_or_default();
    // it begins with the first segment of a page: it leads nowhere else
    match HeaderValue::from_str(&format!("{canonical}{query}")) {
        Ok(address) => (StatusCode::PERMANENT_REDIRECT, [(header::LOCATION, address)]).into_response(),
        Err(_) => next.run(request).await,
    }
}
