//! Pages of a session, and pages that do not exist.

use super::paths::GUARDED;
use crate::http::requester::Visitor;
use crate::http::state::Site;
use axum::extract::{Request, State};
use axum::http::{Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};
use portaria::error::Refusal;

/// Pages of a session are not even rendered without one (docs/architecture.md#pages).
pub(super) async fn guard(State(site): State<Site>, request: Request, next: Next) -> Response {
    if GUARDED.contains(&request.uri().path()) && *request.method() != Method::POST {
        let visitor = request.extensions().get::<Visitor>().cloned();
        let signed_in = match visitor {
            Some(visitor) => site.accounts.me(&visitor.who).await,
            None => Err(Refusal::NotSignedIn),
        };
        if matches!(signed_in, Err(Refusal::NotSignedIn)) {
            return Redirect::to("/login").into_response();
        }
    }
    let unknown = request.uri().path().strip_prefix("/register/").is_some_and(|slug| app::forms::open_journey(slug).is_none());
    let mut response = next.run(request).await;
    if unknown && response.status() == StatusCode::OK {
        *response.status_mut() = StatusCode::NOT_FOUND;
    }
    response
}
