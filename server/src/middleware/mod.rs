//! What every request passes before it is routed.

pub mod body;
pub mod canonical;
pub mod cookies;
pub mod headers;
pub mod own_forms;
pub mod requester;
