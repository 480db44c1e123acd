//! Bodies: read whole, up to a limit and within a time, before anything looks at them.

use crate::{api, pages};
use axum::body::{Body, Bytes};
use axum::extract::Request;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::middleware::Next;
use axum::response::Response;
use http_body_util::{BodyExt, LengthLimitError, Limited};
use portaria::error::Refusal;
use std::time::Duration;

/// The largest JSON or form body, in bytes (SPEC §11).
pub const JSON_LIMIT: usize = 64 * 1024;
/// A head or body that is not finished by then ends the connection (SPEC §11).
pub const PATIENCE: Duration = Duration::from_secs(30);

/// Reads the body, or answers in the shape of the contract that the path belongs to. A body that is refused while it is
/// read leaves the connection in the middle of it: it is closed.
///
/// A route that takes photos reads its body itself, with limits of its own (`multipart.rs`, `api/profile.rs`).
pub async fn read(request: Request, next: Next) -> Response {
    let path = request.uri().path();
    if api::reads_own_body(request.method(), path) || pages::reads_own_body(path, request.headers()) {
        return next.run(request).await;
    }
    let (parts, body) = request.into_parts();
    match collect(&parts.headers, body, JSON_LIMIT).await {
        Ok(bytes) => next.run(Request::from_parts(parts, Body::from(bytes))).await,
        Err(refusal) => close(api::refusal_for(parts.uri.path(), &refusal)),
    }
}

/// A body, whole, up to a limit and within a time.
///
/// # Errors
/// [`Refusal::TooLarge`], as soon as it is known; [`Refusal::Malformed`] when it breaks off or takes too long.
pub async fn collect(headers: &HeaderMap, body: Body, limit: usize) -> Result<Bytes, Refusal> {
    let declared = headers.get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse::<usize>().ok());
    if declared.is_some_and(|length| length > limit) {
        return Err(Refusal::TooLarge);
    }
    match tokio::time::timeout(PATIENCE, Limited::new(body, limit).collect()).await {
        Ok(Ok(collected)) => Ok(collected.to_bytes()),
        Ok(Err(error)) if error.is::<LengthLimitError>() => Err(Refusal::TooLarge),
        Ok(Err(_)) | Err(_) => Err(Refusal::Malformed),
    }
}

/// An answer to a body that was not read to its end: the connection cannot be used again.
pub fn close(mut response: Response) -> Response {
    response.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
    response
}
