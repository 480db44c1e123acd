//! The tools that all integration tests use.

mod actor;
mod answer;
mod app;
#[path = "../../../src/delivery/stub/carrier.rs"]
pub mod carrier;
pub mod database;
pub mod described;
pub mod dump;
mod inbox;
mod owner;
mod passwords;
pub mod people;
pub mod pictures;
pub mod reports;
mod rows;
mod wire;

pub use actor::Actor;
pub use answer::Answer;
pub use app::TestApp;
pub use database::{SECRET, database, sealer, sealer_of};
pub use inbox::{code_in, link_in};
pub use passwords::{grant_in, username_in};
pub use rows::{hold, until_waiting};
pub use wire::Wire;
