//! Server functions, as pages call them while they live.

use super::render::{provide_to_function, refusal_of};
use crate::http::outcome;
use crate::http::state::AppState;
use app::Submitted;
use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::{Next, from_fn};
use axum::response::Response;
use http_body_util::{BodyExt, Collected};
use leptos::config::LeptosOptions;
use leptos_axum::LeptosRoutes;

/// The routes of the server functions. Pages are rendered elsewhere, after their data was loaded.
pub(super) fn router(state: &AppState) -> Router {
    let options = LeptosOptions::builder().output_name("portaria").build();
    let context = {
        let state = state.clone();
        move || provide_to_function(&state)
    };
    Router::<LeptosOptions>::new()
        .leptos_routes_with_context(&options, Vec::new(), context, || ())
        .with_state(options)
        .route_layer(from_fn(mark_refusal))
        .route_layer(from_fn(blame_arguments))
        .route_layer(from_fn(ask_for_json))
}

/// Otherwise Leptos would redirect a plain form to the page in its `Referer`, with the answer in the address.
async fn ask_for_json(mut request: Request, next: Next) -> Response {
    request.headers_mut().insert(header::ACCEPT, HeaderValue::from_static("application/json"));
    request.headers_mut().remove(header::REFERER);
    next.run(request).await
}

/// Leptos 0.8 answers 500 to arguments that it cannot read. Our functions refuse with `Ok`, so any such error is the client's
/// fault.
async fn blame_arguments(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    if response.status() == StatusCode::INTERNAL_SERVER_ERROR {
        *response.status_mut() = StatusCode::BAD_REQUEST;
    }
    response
}

/// A form's refusal travels inside a 200, so it is marked here for the log.
async fn mark_refusal(request: Request, next: Next) -> Response {
    let (parts, body) = next.run(request).await.into_parts();
    // The body was made in this process, and is small.
    let bytes = body.collect().await.map(Collected::to_bytes).unwrap_or_default();
    let submitted = serde_json::from_slice::<Submitted>(&bytes).ok();
    let mut response = Response::from_parts(parts, Body::from(bytes));
    if let Some(refusal) = submitted.as_ref().and_then(refusal_of) {
        outcome::mark(&mut response, refusal);
    }
    response
}
