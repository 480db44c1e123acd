//! One log line for each request: method, route, status, outcome, account, duration. The same is counted (`crate::metrics`).
//!
//! The line holds the template of the path, never the path or the query: addresses and tokens stand there. Every other log line
//! of the request carries its id through the span around it.

use crate::http::outcome;
use crate::http::request_id::{RequestId, X_REQUEST_ID};
use crate::metrics::Metrics;
use crate::seen;
use crate::traces;
use axum::extract::{MatchedPath, Request};
use axum::http::{HeaderValue, Method, StatusCode};
use axum::response::Response;
use std::sync::Arc;
use std::time::Instant;
use tracing::Instrument;
use uuid::Uuid;

/// Written and counted when it is dropped, so that a request whose client left is, too.
struct Line {
    metrics: Arc<Metrics>,
    method: &'static str,
    route: Option<MatchedPath>,
    began: Instant,
    status: Option<StatusCode>,
    outcome: &'static str,
    account: Option<i64>,
}

impl Drop for Line {
    fn drop(&mut self) {
        let Self { ref metrics, method, ref route, began, status, outcome, account } = *self;
        let route = name_of_route(route.as_ref());
        let took = began.elapsed();
        metrics.request(route, method, status.as_ref().map(StatusCode::as_str), took);
        let ms = u64::try_from(took.as_millis()).unwrap_or(u64::MAX);
        let status = status.map(|status| status.as_u16());
        tracing::info!(method, route, status, outcome, account, ms, "request");
    }
}

/// The name of a standard method; `other` for any other text that a client sends.
fn name_of(method: &Method) -> &'static str {
    const KNOWN: [&str; 8] = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"];
    KNOWN.into_iter().find(|known| method == *known).unwrap_or("other")
}

fn name_of_route(route: Option<&MatchedPath>) -> &str {
    route.map_or("none", MatchedPath::as_str)
}

/// Assigns the request its id, returns the id in the response, and writes the line.
pub async fn write<A: Future<Output = Response>>(
    metrics: Arc<Metrics>,
    mut request: Request,
    answer: impl FnOnce(Request) -> A,
) -> Response {
    let id = RequestId::of(request.headers());
    request.extensions_mut().insert(id);
    let method = name_of(request.method());
    let route = request.extensions().get::<MatchedPath>().cloned();
    let here = traces::request(method, name_of_route(route.as_ref()), id.0, request.headers());
    let answering = async move {
        let mut line = Line { metrics, method, route, began: Instant::now(), status: None, outcome: "client-left", account: None };
        let (mut response, account) = seen::while_answering(answer(request)).await;
        line.status = Some(response.status());
        line.outcome = outcome::of(&response);
        line.account = account;
        if let Ok(id) = HeaderValue::from_str(id.0.hyphenated().encode_lower(&mut Uuid::encode_buffer())) {
            response.headers_mut().insert(X_REQUEST_ID, id);
        }
        response
    };
    traces::answered(here, answering.instrument(tracing::info_span!("request", request_id = %id.0))).await
}
