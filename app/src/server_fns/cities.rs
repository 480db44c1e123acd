//! Suggestions for the city field.
#![expect(clippy::unused_async, reason = "a server function is async")]

use crate::forms::AppError;
use leptos::prelude::*;

/// Returns the municipalities of a state; none if there is no such state.
#[server(prefix = "/sf", endpoint = "cities")]
pub async fn cities(#[server(default)] state: String) -> Result<Vec<String>, AppError> {
    Ok(listed(&state))
}

pub(crate) fn listed(state: &str) -> Vec<String> {
    let state = portaria::value::State::parse(state).ok();
    state.into_iter().flat_map(portaria::municipalities::of).map(str::to_owned).collect()
}
