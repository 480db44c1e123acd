//! Development only: what pages are made of, on `/dev/components` (`app/src/gallery/`).

use super::render::answer_with;
use crate::delivery::dev_outbox::only_here;
use crate::http::assets;
use crate::http::state::AppState;
use app::gallery::{COMPONENTS, COMPONENTS_BOTH, COMPONENTS_STYLE, draw_both, draw_components, name_of, scheme_style};
use axum::Router;
use axum::body::Body;
use axum::extract::{Query, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::from_fn;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use portaria::brand::Scheme;
use serde::Deserialize;

const STYLE: &str = include_str!("components.css");
/// The page that holds two of the other.
const OF_BOTH: &str = "default-src 'none'; style-src 'self'; img-src 'self'; frame-src 'self'; base-uri 'none'; frame-ancestors 'none'";

/// The routes, to be mounted in development alone.
pub fn router(state: AppState) -> Router {
    // Forms are shown, and nothing takes them.
    let routes = Router::new()
        .route(COMPONENTS, get(page).post(async || Redirect::to(COMPONENTS)))
        .route(COMPONENTS_BOTH, get(both))
        .route(COMPONENTS_STYLE, get(style))
        .with_state(state);
    routes.route_layer(from_fn(only_here))
}

#[derive(Deserialize)]
struct Asked {
    scheme: Option<String>,
}

async fn page(State(state): State<AppState>, Query(asked): Query<Asked>) -> Response {
    let scheme = [Scheme::Light, Scheme::Dark].into_iter().find(|scheme| asked.scheme.as_deref() == Some(name_of(*scheme)));
    let html = draw_components(&state.site, &assets::VERSION, scheme);
    let mut response = answer_with(&state, Body::from(html), StatusCode::OK);
    // Beside its other half it stands in a frame of ours.
    if let Some(policy) = response.headers().get(header::CONTENT_SECURITY_POLICY).and_then(|policy| policy.to_str().ok()) {
        let framed = policy.replace("frame-ancestors 'none'", "frame-ancestors 'self'");
        if let Ok(framed) = HeaderValue::from_str(&framed) {
            response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, framed);
        }
    }
    response
}

async fn both(State(state): State<AppState>) -> Response {
    let mut response = answer_with(&state, Body::from(draw_both(&state.site, &assets::VERSION)), StatusCode::OK);
    response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(OF_BOTH));
    response
}

async fn style(State(state): State<AppState>) -> Response {
    ([(header::CONTENT_TYPE, "text/css; charset=utf-8")], [STYLE, &scheme_style(&state.site.brand)].concat()).into_response()
}
