//! Reads bodies whole, before any handler sees them.

use crate::http::body::{JSON_LIMIT, close, collect};
use crate::http::{hooks, pages, routes};
use axum::body::Body;
use axum::extract::{MatchedPath, Request};
use axum::response::Response;

/// Reads the body, or refuses it in the shape that the requester expects. A refusal in the middle of a body closes the connection.
///
/// A body that may hold a photo, or a batch of reports, is read by its handler, with limits of its own (`http/multipart.rs`,
/// `http/api/profile.rs`, `http/hooks.rs`).
pub async fn read(request: Request) -> Result<Request, Response> {
    if read_by_its_handler(&request) {
        return Ok(request);
    }
    let (parts, body) = request.into_parts();
    match collect(&parts, body, JSON_LIMIT).await {
        Ok(bytes) => Ok(Request::from_parts(parts, Body::from(bytes))),
        Err(refusal) => Err(close(pages::refuse(&parts, &refusal))),
    }
}

fn read_by_its_handler(request: &Request) -> bool {
    let matched = request.extensions().get::<MatchedPath>().map_or("", MatchedPath::as_str);
    if matched == hooks::WHATSAPP {
        return true;
    }
    let streams = routes::find(request.method(), matched).is_some_and(|route| route.reads.streams());
    streams || pages::reads_own_body(request.uri().path(), request.headers())
}
