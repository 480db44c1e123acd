//! `/metrics`: what a node has counted, for Prometheus (SPEC §14, §17).
//!
//! It is open to this machine, by an address of this machine, or with `METRICS_TOKEN` from anywhere. Everybody else hears 401, or 404
//! where there is no token that could be asked for.

use super::outcome;
use super::requester::{RequestContext, is_from_here};
use super::state::AppState;
use crate::db::{outbox, retention};
use crate::this_machine::names_this_machine;
use axum::Extension;
use axum::extract::{ConnectInfo, State};
use axum::http::{HeaderMap, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use chacha20poly1305::aead::KeyInit;
use hmac::{Hmac, Mac};
use portaria::error::Refusal;
use portaria::session::Token;
use sha2::Sha256;
use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

/// A database that takes longer than this to say how old its oldest messages are is not waited for: the rest is told without.
const PATIENCE: Duration = Duration::from_secs(2);

pub async fn metrics(
    State(state): State<AppState>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    Extension(context): Extension<RequestContext>,
    uri: Uri,
    headers: HeaderMap,
) -> Response {
    if !is_of_this_machine(&state, peer.ip(), &uri, &headers) {
        let Some(token) = &state.metrics_token else { return StatusCode::NOT_FOUND.into_response() };
        let shown = context.who.bearer.as_ref().map(Token::expose).unwrap_or_default();
        if !is_same(shown, token.expose()) {
            let mut response = (StatusCode::UNAUTHORIZED, [(header::WWW_AUTHENTICATE, "Bearer")]).into_response();
            outcome::mark(&mut response, &Refusal::NotSignedIn);
            return response;
        }
    }
    // The database keeps the time of what waits, and the node is asked rarely.
    let now = state.clock.now();
    let asked = async { tokio::join!(outbox::oldest(&state.pool, now), retention::lag(&state.pool, now)) };
    let (oldest, late) = tokio::time::timeout(PATIENCE, asked).await.map_or((None, None), |(oldest, late)| (oldest.ok(), late.ok()));
    state.metrics.look(state.passwords.waiting(), oldest.as_deref());
    state.metrics.look_at_retention(late.as_deref());
    let metrics = state.metrics.clone();
    // Thousands of lines take some milliseconds.
    match tokio::task::spawn_blocking(move || metrics.text()).await {
        Ok(Ok(text)) => ([(header::CONTENT_TYPE, prometheus::TEXT_FORMAT), (header::CACHE_CONTROL, "no-store")], text).into_response(),
        _ => {
            tracing::error!("the metrics cannot be written");
            StatusCode::SERVICE_UNAVAILABLE.into_response()
        }
    }
}

/// Returns whether the request comes from this machine, to an address of this machine. Otherwise another site could point its name here
/// (DNS rebinding), and its pages could read along in a browser that runs here.
fn is_of_this_machine(state: &AppState, peer: IpAddr, uri: &Uri, headers: &HeaderMap) -> bool {
    is_from_here(peer, headers, &state.trusted_proxies) && names_this_machine(uri, headers)
}

/// Compares in a time that tells nothing of how much is right, nor how long it is.
pub(super) fn is_same(shown: &str, token: &str) -> bool {
    let under = |key: &str| <Hmac<Sha256> as KeyInit>::new_from_slice(key.as_bytes()).map(|mac| mac.chain_update(b"/metrics"));
    match (under(shown), under(token)) {
        (Ok(shown), Ok(token)) => shown.verify_slice(&token.finalize().into_bytes()).is_ok(),
        _ => false,
    }
}
