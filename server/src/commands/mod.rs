//! The commands that are more than a line of `main.rs`: what they take and what they print, a file each. What they do is in the library.

pub mod accounts;
pub mod client;
pub mod doctor;
pub mod export;
pub mod import;
pub mod keys;
pub mod webhooks;
