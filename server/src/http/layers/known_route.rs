//! Which route a request is for.

use crate::http::routes;
use axum::extract::{MatchedPath, Request};
use axum::middleware::Next;
use axum::response::Response;

/// Notes the contract of its row, for whoever refuses the request on the way.
pub async fn note(mut request: Request, next: Next) -> Response {
    let contract = request.extensions().get::<MatchedPath>().and_then(|path| routes::contract_of(path.as_str()));
    if let Some(contract) = contract {
        request.extensions_mut().insert(contract);
    }
    next.run(request).await
}
