//! The JSON contracts. Each handler translates its document's body into a command and the answer into its shape; it
//! decides nothing.
//!
//! Which handler answers where stands in `http/routes.rs`.

pub(super) mod auth;
pub(super) mod bodies;
pub(super) mod carona;
pub(super) mod contest;
mod json;
pub(super) mod own_access;
pub(super) mod own_data;
pub(super) mod photos;
pub(super) mod profile;
pub(super) mod recovery;
pub(super) mod registration;
