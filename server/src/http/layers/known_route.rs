//! Which route a request is for.

use crate::http::routes;
use axum::extract::{MatchedPath, Request};
use axum::middleware::Next;
use axum::response::Response;

/// Adds the contract of the route to the request's extensions, for the layers that may refuse it.
pub async fn note(mut request: Request, next: Next) -> Response {
    let contract = request.extensions().get::<MatchedPath>().and_then(|path| routes::contract_of(path.as_str()));
    if let Some(contract) = contract {
        request.extensions_mut().insert(contract);
    }
    next.run(request).await
}
