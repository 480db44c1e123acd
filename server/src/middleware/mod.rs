//! What every request passes before it is routed.

pub mod body;
pub mod headers;
pub mod requester;
