//! Logs a panic while a request is answered, and responds 503 as to any other fault.

use crate::http::contract::Contract;
use axum::response::Response;
use futures::FutureExt;
use portaria::error::Refusal;
use std::panic::AssertUnwindSafe;

/// Nothing that outlives the request is left half-way by a panic: what it held goes with it.
pub async fn caught(answering: impl Future<Output = Response>) -> Response {
    AssertUnwindSafe(answering).catch_unwind().await.unwrap_or_else(|_| {
        tracing::error!("a request panicked");
        Contract::Problem.refuse(&Refusal::Unavailable)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::layers::request_log;
    use crate::http::request_id::X_REQUEST_ID;
    use crate::metrics::Metrics;
    use axum::Router;
    use axum::body::Body;
    use axum::http::Request;
    use axum::middleware::{Next, from_fn};
    use axum::routing::get;
    use std::sync::Arc;
    use tower::ServiceExt as _;

    #[tokio::test]
    async fn a_panic_is_a_503_with_the_id_of_its_request() {
        async fn panics() -> &'static str {
            panic!("on purpose")
        }
        let passed = |metrics: Arc<Metrics>| {
            from_fn(move |request: Request<Body>, next: Next| {
                request_log::write(metrics.clone(), request, |request| caught(next.run(request)))
            })
        };
        let router = Router::new().route("/", get(panics)).layer(passed(Arc::default()));
        let answer = router.oneshot(Request::new(Body::empty())).await.expect("an answer");
        assert_eq!(answer.status(), 503);
        assert_eq!(answer.headers()[X_REQUEST_ID].len(), 36);
    }
}
