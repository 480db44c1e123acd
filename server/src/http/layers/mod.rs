//! Middleware that every request passes before its handler.

pub mod canonical;
pub mod cross_site;
pub mod known_route;
pub mod own_forms;
pub mod panic;
pub mod read_body;
pub mod request_log;
