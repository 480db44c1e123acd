//! Portaria's domain: what the product decides, in one place for the browser and the server.
//!
//! Pure and WASM-safe: no I/O, no clock, no randomness of its own. Instants and random digits come in from outside.

#![warn(missing_docs)]

pub mod account;
pub mod account_event;
#[cfg(feature = "service")]
pub mod accounts;
pub mod audit;
pub mod brand;
pub mod brasilia;
pub mod carried;
pub mod check_up;
pub mod completion;
pub mod contact;
pub mod contest;
pub mod deletion;
pub mod entries;
pub mod error;
pub mod field;
pub mod fresh;
pub mod holding;
pub mod journey;
pub mod kinds;
pub mod limits;
pub mod login;
pub mod message;
pub mod moving;
#[cfg(feature = "service")]
pub mod municipalities;
pub mod openid;
#[cfg(feature = "service")]
pub mod own_data;
pub mod profile;
pub mod purpose;
pub mod reaching;
pub mod recovery;
pub mod reminder;
pub mod retention;
pub mod rotation;
pub mod session;
pub mod shape;
pub mod signup;
pub mod spending;
pub mod standing;
pub mod support;
pub mod terms;
pub mod value;
pub mod verification;
pub mod view;
