//! Pages of a session, and pages that do not exist.

use crate::http::requester::Visitor;
use crate::http::state::Site;
use axum::Extension;
use axum::extract::{Request, State};
use axum::http::{Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};
use portaria::error::Refusal;

/// Redirects to the login page instead of rendering a page that needs a session (docs/architecture.md#pages). A browser that still has
/// the cookie of a session is told that it has ended.
pub(super) async fn session(State(site): State<Site>, Extension(visitor): Extension<Visitor>, request: Request, next: Next) -> Response {
    let asked = *request.method() != Method::POST;
    if asked && matches!(site.accounts.me(&visitor.who).await, Err(Refusal::NotSignedIn)) {
        let ended = visitor.who.session.is_some();
        return Redirect::to(if ended { "/login?notice=ended" } else { "/login" }).into_response();
    }
    next.run(request).await
}

/// The page of a kind that is not open has a text of its own, and status 404.
pub(super) async fn kind(request: Request, next: Next) -> Response {
    let unknown = request.uri().path().strip_prefix("/register/").is_some_and(|slug| app::forms::open_journey(slug).is_none());
    let mut response = next.run(request).await;
    if unknown && response.status() == StatusCode::OK {
        *response.status_mut() = StatusCode::NOT_FOUND;
    }
    response
}
