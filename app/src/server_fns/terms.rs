//! Accepting the terms of service.

use super::profile::{done, onward};
use crate::door::Door;
use crate::forms::{AppError, Onward, Submitted};
use leptos::prelude::*;
use text::PageNotice;

/// Accepts the terms that the page showed, and goes on to `next`.
#[server(prefix = "/sf", endpoint = "accept_terms")]
pub async fn accept_terms(#[server(default)] version: String, #[server(default)] next: String) -> Result<Submitted, AppError> {
    let (door, _) = Door::open()?;
    Ok(done(&door, door.accounts.accept_terms(&door.who, &version).await, Onward::saying(onward(&next), PageNotice::TermsAccepted)))
}
