//! Pages of a session, and pages that do not exist.

use crate::http::requester::RequestContext;
use crate::http::state::AppState;
use axum::Extension;
use axum::extract::{Request, State};
use axum::http::{Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};
use portaria::error::Refusal;

/// Redirects to the login page instead of rendering a page that needs a session (docs/architecture.md#pages).
pub(super) async fn session(
    State(state): State<AppState>,
    Extension(context): Extension<RequestContext>,
    request: Request,
    next: Next,
) -> Response {
    let asked = *request.method() != Method::POST;
    if asked && matches!(state.accounts.me(&context.who).await, Err(Refusal::NotSignedIn)) {
        return Redirect::to("/login").into_response();
    }
    next.run(request).await
}

/// The page of a kind that is not open has its own text, and status 404.
pub(super) async fn kind(request: Request, next: Next) -> Response {
    let unknown = request.uri().path().strip_prefix("/register/").is_some_and(|slug| app::forms::open_journey(slug).is_none());
    let mut response = next.run(request).await;
    if unknown && response.status() == StatusCode::OK {
        *response.status_mut() = StatusCode::NOT_FOUND;
    }
    response
}
