//! Refusals of the same-origin check, in the shape that the requester expects.

use crate::http::pages;
use axum::extract::Request;
use axum::middleware::Next;
use axum::response::Response;
use portaria::error::Refusal;
use tower_http::csrf::ProtectionError;

/// Replaces a response of the same-origin check: by a page at the path of a page, else by the path's contract's refusal.
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
