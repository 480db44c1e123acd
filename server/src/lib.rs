//! What really happens: services, SQL, delivery, the JSON contracts, the pages' door.
//!
//! A request travels `listener` → `http` (its layers, then `api` or `pages`) → `services` (`impl Accounts`) → `db`, and the rules
//! it meets on the way are in the crate `portaria`.

pub mod admission;
pub mod client;
pub mod clock;
pub mod config;
pub mod db;
pub mod delivery;
pub mod entropy;
pub mod fault;
pub mod fuzzing;
pub mod http;
pub mod janitor;
pub mod listener;
pub mod passwords;
pub mod photos;
pub mod refusals;
pub mod run;
pub mod seal;
pub mod seen;
pub mod services;
pub mod tokens;
