//! The outcome of a request, as one word for the log.

use axum::http::StatusCode;
use axum::response::Response;
use portaria::error::Refusal;

/// The code of the refusal in a response. A response without a refusal has no such extension.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Outcome(&'static str);

/// Marks a response with the refusal that it contains.
pub fn mark(response: &mut Response, refusal: &Refusal) {
    response.extensions_mut().insert(Outcome(refusal.code()));
}

/// The word for a response: the code of its refusal, else a code by its status, else `ok`.
pub fn of(response: &Response) -> &'static str {
    match (response.extensions().get::<Outcome>(), response.status()) {
        (Some(Outcome(code)), _) => code,
        (None, StatusCode::NOT_FOUND) => Refusal::NotFound.code(),
        (None, StatusCode::METHOD_NOT_ALLOWED) => Refusal::MethodNotAllowed.code(),
        (None, status) if status.is_server_error() => Refusal::Unavailable.code(),
        (None, status) if status.is_client_error() => Refusal::Malformed.code(),
        (None, _) => "ok",
    }
}
