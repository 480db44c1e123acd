//! Assembles the router: pages, API, static files and layers.

use super::layers::{canonical, cross_site, known_route, own_forms, panic, read_body, request_log};
use super::state::AppState;
use super::{assets, headers, openapi, page_failures, pages, requester, routes, scrape};
use crate::db;
use crate::delivery::dev_outbox::{self, DevOutbox};

use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use tower_http::csrf::CsrfLayer;

/// Allows unsafe methods only from our own pages, or from clients that are no browsers (ASVS 3.5.1). It checks `Sec-Fetch-Site`,
/// else `Origin` against `Host`. Behind a proxy that changes `Host`, `PUBLIC_URL` is what counts.
fn same_origin(public_url: &str) -> CsrfLayer {
    CsrfLayer::new().add_trusted_origin(public_url).unwrap_or_else(|_| CsrfLayer::new())
}

pub fn router(state: AppState) -> Router {
    let mut router = Router::new()
        .merge(pages::router(&state))
        .merge(routes::router().with_state(state.clone()))
        .merge(openapi::router(&state))
        .merge(page_failures::router())
        .route("/pkg/{version}/{*file}", get(assets::pkg))
        .route("/healthz", get(|| async { "ok" }))
        .route("/readyz", get(ready).with_state(state.clone()))
        .route("/metrics", get(scrape::metrics).with_state(state.clone()));
    for file in assets::root_files() {
        router = router.route(&format!("/{file}"), get(assets::root));
    }
    if let Some(sealer) = &state.dev_outbox {
        let stylesheet = Some(format!("/pkg/{}/portaria.css", *assets::VERSION));
        router = router.merge(dev_outbox::router(DevOutbox { pool: state.pool.clone(), sealer: sealer.clone(), stylesheet }));
    }
    let metrics = state.metrics.clone();
    // From the inside out: the last layer sees a request first.
    router
        .layer(from_fn(read_body::read))
        .layer(from_fn(canonical::redirect))
        .layer(same_origin(&state.public_url))
        .layer(from_fn(cross_site::shape))
        .layer(from_fn_with_state(state.clone(), own_forms::know))
        .layer(from_fn_with_state(state.clone(), requester::attach))
        .layer(from_fn(known_route::note))
        .layer(panic::caught())
        .layer(from_fn_with_state(state, headers::set))
        .layer(from_fn_with_state(metrics, request_log::write))
}

/// `/readyz`: whether the database answers.
async fn ready(State(state): State<AppState>) -> Response {
    match db::answers(&state.pool).await {
        Ok(()) => "ready".into_response(),
        Err(_) => (StatusCode::SERVICE_UNAVAILABLE, "database").into_response(),
    }
}
