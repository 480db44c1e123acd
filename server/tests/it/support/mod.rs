//! What tests stand on.

mod actor;
mod answer;
mod app;
mod database;
mod inbox;
pub mod people;
pub mod pictures;

pub use actor::Actor;
pub use answer::Answer;
pub use app::TestApp;
pub use database::{SECRET, database, sealer, sealer_of};
pub use inbox::{code_in, link_in};
