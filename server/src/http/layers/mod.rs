//! What every request passes before its handler, as steps of two middlewares with the same-origin check between them (`http/router.rs`).
//!
//! ```text
//!   around    its line in the log, panics, headers ─► route ─► CORS ─► requester ─► own forms ─► shape of a cross-site refusal
//!   (the same-origin check)
//!   within    one address a page ─► the body, read whole ─► the handler
//! ```
//!
//! Rejected: a middleware for each step. axum copies all that lies within a middleware for each request, so that ten of them cost more
//! than what they did.

mod attempts;
mod canonical;
mod cors;
mod cross_site;
mod known_route;
mod own_forms;
mod panic;
mod read_body;
mod request_log;

use crate::http::state::AppState;
use crate::http::{headers, requester};
use axum::extract::{ConnectInfo, Request, State};
use axum::http::StatusCode;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use std::net::SocketAddr;

/// The steps outside the same-origin check.
pub async fn around(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let metrics = state.metrics.clone();
    request_log::write(metrics, request, |mut request| async move {
        let secure = state.secure_cookies;
        // In a box: what surrounds it is moved a few times before it runs.
        let answering = Box::pin(async move {
            // Required: without the peer's address all clients would count as one, so no request is answered.
            let Some(ConnectInfo(peer)) = request.extensions().get::<ConnectInfo<SocketAddr>>().copied() else {
                tracing::error!("the listener does not say who is connected");
                return StatusCode::INTERNAL_SERVER_ERROR.into_response();
            };
            known_route::note(&mut request);
            let page = cors::know(&state, &mut request);
            if let Some(response) = page.preflight(&request) {
                return page.allowed(response);
            }
            requester::attach(&state, peer, &mut request);
            let form = own_forms::know(&state, &mut request);
            let attempt = attempts::of(&request);
            let mut response = page.allowed(cross_site::shape(request, next).await);
            form.remember(&state, &mut response);
            let unread = attempt.as_ref().and_then(|attempt| Some((attempt, attempts::unread(&response)?)));
            if let Some((attempt, outcome)) = unread {
                attempt.audit(&state, outcome).await;
            }
            response
        });
        let mut response = panic::caught(answering).await;
        headers::set(response.headers_mut(), secure);
        response
    })
    .await
}

/// The steps between the same-origin check and the handler.
pub async fn within(request: Request, next: Next) -> Response {
    if let Some(redirect) = canonical::redirect(&request) {
        return redirect;
    }
    match read_body::read(request).await {
        Ok(request) => next.run(request).await,
        Err(refused) => refused,
    }
}
