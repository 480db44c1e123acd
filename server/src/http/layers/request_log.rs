//! One log line for each request: method, route, status, outcome, account, duration.
//!
//! The line holds the template of the path, never the path or the query: addresses and tokens stand there. Every other log line
//! of the request carries its id through the span around it.

use crate::http::outcome;
use crate::http::request_id::{RequestId, X_REQUEST_ID};
use crate::seen;
use axum::extract::{MatchedPath, Request};
use axum::http::{HeaderValue, Method};
use axum::middleware::Next;
use axum::response::Response;
use std::time::Instant;
use tracing::Instrument;

/// Written when it is dropped, so that a request whose client left is logged too.
struct Line {
    method: &'static str,
    route: String,
    began: Instant,
    status: Option<u16>,
    outcome: &'static str,
    account: Option<i64>,
}

impl Drop for Line {
    fn drop(&mut self) {
        let Self { method, ref route, began, status, outcome, account } = *self;
        let ms = u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX);
        tracing::info!(method, route, status, outcome, account, ms, "request");
    }
}

/// The name of a standard method; `other` for any other text that a client sends.
fn name_of(method: &Method) -> &'static str {
    const KNOWN: [&str; 8] = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"];
    KNOWN.into_iter().find(|known| method == *known).unwrap_or("other")
}

/// Assigns the request its id, returns the id in the response, and writes the line.
pub async fn write(mut request: Request, next: Next) -> Response {
    let id = RequestId::of(request.headers());
    request.extensions_mut().insert(id);
    let method = name_of(request.method());
    let route = request.extensions().get::<MatchedPath>().map_or("none", MatchedPath::as_str).to_owned();
    let answering = async move {
        let mut line = Line { method, route, began: Instant::now(), status: None, outcome: "client-left", account: None };
        let (mut response, account) = seen::while_answering(next.run(request)).await;
        line.status = Some(response.status().as_u16());
        line.outcome = outcome::of(&response);
        line.account = account;
        if let Ok(id) = HeaderValue::from_str(&id.0.to_string()) {
            response.headers_mut().insert(X_REQUEST_ID, id);
        }
        response
    };
    answering.instrument(tracing::info_span!("request", request_id = %id.0)).await
}
