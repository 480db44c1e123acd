//! What tests stand on.

mod app;
mod database;

pub use app::{Answer, TestApp, code_in, email_to, link_in};
pub use database::{database, sealer};
