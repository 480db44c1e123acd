//! Which route a request is for.

use crate::http::routes;
use axum::extract::{MatchedPath, Request};

/// Adds the contract of the route to the request's extensions, for the steps that may refuse it.
pub fn note(request: &mut Request) {
    let contract = request.extensions().get::<MatchedPath>().and_then(|path| routes::contract_of(path.as_str()));
    if let Some(contract) = contract {
        request.extensions_mut().insert(contract);
    }
}
