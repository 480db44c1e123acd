//! What became of a request, in one word for the log.

use axum::http::StatusCode;
use axum::response::Response;
use portaria::error::Refusal;

/// The code of the refusal that an answer tells; an answer that tells none has no such mark.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Outcome(&'static str);

/// Marks an answer with the refusal that it tells.
pub fn mark(response: &mut Response, refusal: &Refusal) {
    response.extensions_mut().insert(Outcome(refusal.code()));
}

/// The word for an answer: the code of its refusal, else `ok`, or what its status alone says.
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
