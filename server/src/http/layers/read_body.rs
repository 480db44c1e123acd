//! Bodies are read whole before anything looks at them.

use crate::http::body::{JSON_LIMIT, close, collect};
use crate::http::{api, pages};
use axum::body::Body;
use axum::extract::Request;
use axum::middleware::Next;
use axum::response::Response;

/// Reads the body, or answers in the shape of the contract that the path belongs to. A body that is refused while it is
/// read leaves the connection in the middle of it: it is closed.
///
/// A route that takes photos reads its body itself, with limits of its own (`http/multipart.rs`, `http/api/profile.rs`).
pub async fn read(request: Request, next: Next) -> Response {
    let path = request.uri().path();
    if api::reads_own_body(request.method(), path) || pages::reads_own_body(path, request.headers()) {
        return next.run(request).await;
    }
    let (parts, body) = request.into_parts();
    match collect(&parts, body, JSON_LIMIT).await {
        Ok(bytes) => next.run(Request::from_parts(parts, Body::from(bytes))).await,
        Err(refusal) => close(pages::refuse(&parts, &refusal)),
    }
}
