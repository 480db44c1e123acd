//! The JSON contracts. Each handler translates its document's body into a command and the answer into its shape; it
//! decides nothing.

mod auth;
mod carona;
mod contest;
mod json;
mod own_access;
mod photos;
mod profile;
mod recovery;
mod registration;

use super::contract::refusal_for;
use super::state::Site;
use axum::extract::State;
use axum::http::{Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{any, get};
use axum::{Json, Router};
use portaria::error::Refusal;

/// Whether the handler of this request reads the body itself, while it streams and after it knows who asks.
pub fn reads_own_body(method: &Method, path: &str) -> bool {
    carona::reads_own_body(path) || profile::reads_own_body(method, path)
}

/// Every route of the contracts.
pub fn router(site: Site) -> Router {
    Router::new()
        .merge(auth::router())
        .merge(recovery::router())
        .merge(contest::router())
        .merge(registration::router())
        .merge(carona::router())
        .merge(photos::router())
        .merge(profile::router())
        .merge(own_access::router())
        .route("/.well-known/jwks.json", get(jwks))
        .route("/api/", any(nothing_here))
        .route("/api/{*rest}", any(nothing_here))
        .route("/auth/", any(nothing_here))
        .route("/auth/{*rest}", any(nothing_here))
        .with_state(site)
}

async fn nothing_here(uri: axum::http::Uri) -> Response {
    refusal_for(uri.path(), &Refusal::NotFound)
}

/// The public keys of the access tokens. Kept for ten minutes at most: a new key signs from the moment it is made.
async fn jwks(State(site): State<Site>) -> Response {
    ([(header::CACHE_CONTROL, "public, max-age=600"), (header::ACCESS_CONTROL_ALLOW_ORIGIN, "*")], Json(site.tokens.jwks())).into_response()
}

/// Whether requests can be answered: the database can.
pub async fn ready(State(site): State<Site>) -> Response {
    match sqlx::query("select 1").execute(&site.pool).await {
        Ok(_) => "ready".into_response(),
        Err(_) => (StatusCode::SERVICE_UNAVAILABLE, "database").into_response(),
    }
}
