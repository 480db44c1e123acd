//! Bodies: read whole, up to a limit and within a time, before anything looks at them.

use crate::{api, pages};
use axum::body::{Body, Bytes};
use axum::extract::Request;
use axum::http::{HeaderValue, header};
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
/// A route that takes photos reads its body itself, with limits of its own (`multipart.rs`).
pub async fn read(request: Request, next: Next) -> Response {
    let path = request.uri().path();
    if api::reads_own_body(path) || pages::reads_own_body(path, request.headers()) {
        return next.run(request).await;
    }
    let (parts, body) = request.into_parts();
    let path = parts.uri.path().to_owned();
    let refuse = |refusal| {
        let mut response = api::refusal_for(&path, &refusal);
        response.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
        response
    };
    let declared = parts.headers.get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse::<usize>().ok());
    if declared.is_some_and(|length| length > JSON_LIMIT) {
        return refuse(Refusal::TooLarge);
    }
    let collected = tokio::time::timeout(PATIENCE, Limited::new(body, JSON_LIMIT).collect()).await;
    let bytes: Bytes = match collected {
        Ok(Ok(collected)) => collected.to_bytes(),
        Ok(Err(error)) if error.is::<LengthLimitError>() => return refuse(Refusal::TooLarge),
        Ok(Err(_)) | Err(_) => return refuse(Refusal::Malformed),
    };
    next.run(Request::from_parts(parts, Body::from(bytes))).await
}
