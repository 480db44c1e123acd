//! What tests stand on.

mod app;
mod database;
pub mod people;
pub mod pictures;

pub use app::{Answer, TestApp, Visitor, code_in, email_to, link_in};
pub use database::{SECRET, database, sealer, sealer_of};
