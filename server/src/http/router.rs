//! Assembles the router: pages, API, static files and layers.

use super::state::AppState;
use super::{assets, brand, hooks, layers, openapi, openid, page_failures, pages, routes, scrape};
use crate::db;
use crate::delivery::dev_brand::{self, DevBrand};
use crate::delivery::dev_outbox::{self, DevOutbox};

use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use tower_http::csrf::CsrfLayer;

/// Allows unsafe methods only from our own pages, or from clients that are no browsers (ASVS 3.5.1). It checks `Sec-Fetch-Site`,
/// else `Origin` against `Host`. Behind a proxy that changes `Host`, `PUBLIC_URL` is what counts.
fn same_origin(public_url: &str) -> CsrfLayer {
    let layer = CsrfLayer::new().add_trusted_origin(public_url).unwrap_or_else(|_| CsrfLayer::new());
    layer.with_insecure_bypass(|_, uri| openid::is_open_to_other_sites(uri.path()))
}

pub fn router(state: AppState) -> Router {
    let mut router = Router::new()
        .merge(pages::router(&state))
        .merge(routes::router().with_state(state.clone()))
        .merge(openapi::router(&state))
        .merge(openid::router(&state))
        .merge(page_failures::router())
        .route("/pkg/{version}/waking.js", get(assets::script))
        .route("/pkg/{version}/{*file}", get(assets::pkg))
        .merge(brand::router(&state))
        .route(app::paths::MANIFEST, get(brand::manifest).with_state(state.clone()))
        .route("/healthz", get(|| async { "ok" }))
        .route("/readyz", get(ready).with_state(state.clone()))
        .route("/metrics", get(scrape::metrics).with_state(state.clone()))
        .route(hooks::TWILIO, post(hooks::twilio).with_state(state.clone()))
        .route(hooks::WHATSAPP, get(hooks::whatsapp_subscription).post(hooks::whatsapp).with_state(state.clone()));
    for file in assets::root_files() {
        router = router.route(&format!("/{file}"), get(assets::root));
    }
    if let Some(sealer) = &state.dev_outbox {
        let ours = format!("/pkg/{}/portaria.css", *assets::VERSION);
        let stylesheets: Vec<_> = [ours].into_iter().chain(state.site.brand.style_sheet()).collect();
        let (brand, public_url) = (state.site.brand.clone(), state.public_url.clone());
        let pages = pages::of_preview(&state.site.kinds);
        router = router.merge(dev_brand::router(DevBrand { brand, public_url, stylesheets: stylesheets.clone(), pages }));
        router = router.merge(pages::components::router(state.clone()));
        router = router.merge(dev_outbox::router(DevOutbox { pool: state.pool.clone(), sealer: sealer.clone(), stylesheets }));
    }
    // From the inside out: the last layer sees a request first.
    let same_origin = same_origin(&state.public_url);
    router.layer(from_fn(layers::within)).layer(same_origin).layer(from_fn_with_state(state, layers::around))
}

/// `/readyz`: whether the database answers.
async fn ready(State(state): State<AppState>) -> Response {
    match db::answers(&state.pool).await {
        Ok(()) => "ready".into_response(),
        Err(_) => (StatusCode::SERVICE_UNAVAILABLE, "database").into_response(),
    }
}
