//! Pages that do not exist.

use axum::extract::Request;
use axum::http::StatusCode;
use axum::middleware::Next;
use axum::response::Response;

/// The page of a kind that is not open has its own text, and status 404.
pub(super) async fn kind(request: Request, next: Next) -> Response {
    let unknown = request.uri().path().strip_prefix("/register/").is_some_and(|slug| app::forms::open_journey(slug).is_none());
    let mut response = next.run(request).await;
    if unknown && response.status() == StatusCode::OK {
        *response.status_mut() = StatusCode::NOT_FOUND;
    }
    response
}
