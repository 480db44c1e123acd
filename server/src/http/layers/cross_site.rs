//! What the same-origin check refused is told in the shape of the one who asks.

use crate::http::pages;
use axum::extract::Request;
use axum::middleware::Next;
use axum::response::Response;
use portaria::error::Refusal;
use tower_http::csrf::ProtectionError;

/// Gives what the same-origin check refused the shape of the path's contract; at the path of a page it is a page.
pub async fn shape(request: Request, next: Next) -> Response {
    if request.method().is_safe() {
        return next.run(request).await;
    }
    let (parts, body) = request.into_parts();
    let response = next.run(Request::from_parts(parts.clone(), body)).await;
    if response.extensions().get::<ProtectionError>().is_none() {
        return response;
    }
    tracing::warn!(event = "malicious_csrf", "a form of another site was refused");
    pages::refuse(&parts, &Refusal::CrossSite)
}
