//! The server: services, SQL, delivery, the JSON contracts, and the HTTP side of the pages.
//!
//! A request passes `listener` → `http` (its layers, then `api` or `pages`) → `services` (`impl Accounts`) → `db`. The
//! rules that it meets are in the crate `portaria`.

pub mod admission;
pub mod client;
pub mod clock;
pub mod config;
pub mod db;
pub mod delivery;
pub mod entropy;
pub mod fault;
pub mod fuzzing;
mod gather;
mod html;
pub mod http;
pub mod janitor;
pub mod listener;
pub mod metrics;
pub mod moving;
pub mod openid_tokens;
pub mod passwords;
pub mod photos;
mod public_address;
pub mod refusals;
pub mod run;
pub mod seal;
pub mod seen;
pub mod services;
mod this_machine;
pub mod tokens;
pub mod traces;
