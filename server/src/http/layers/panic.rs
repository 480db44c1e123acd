//! Logs a panic while a request is answered, and responds 503 as to any other fault.

use crate::http::contract::Contract;
use axum::response::Response;
use portaria::error::Refusal;
use std::any::Any;
use tower_http::catch_panic::CatchPanicLayer;

fn told(_: Box<dyn Any + Send>) -> Response {
    tracing::error!("a request panicked");
    Contract::Problem.refuse(&Refusal::Unavailable)
}

pub fn caught() -> CatchPanicLayer<fn(Box<dyn Any + Send>) -> Response> {
    CatchPanicLayer::custom(told)
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
    use axum::middleware::from_fn_with_state;
    use axum::routing::get;
    use std::sync::Arc;
    use tower::ServiceExt as _;

    #[tokio::test]
    async fn a_panic_is_a_503_with_the_id_of_its_request() {
        async fn panics() -> &'static str {
            panic!("on purpose")
        }
        let router =
            Router::new().route("/", get(panics)).layer(caught()).layer(from_fn_with_state(Arc::<Metrics>::default(), request_log::write));
        let answer = router.oneshot(Request::new(Body::empty())).await.expect("an answer");
        assert_eq!(answer.status(), 503);
        assert_eq!(answer.headers()[X_REQUEST_ID].len(), 36);
    }
}
