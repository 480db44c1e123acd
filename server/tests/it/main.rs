//! Integration tests: through the public door, on a real Postgres, a database per test.
#![allow(missing_docs, reason = "tests are named as sentences")]
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on should say where")]

mod carona;
mod client_journey;
mod contest;
mod delivery;
mod email_accounts;
mod limits;
mod not_me;
mod password_recovery;
mod profile;
mod races;
mod recovery;
mod secrets;
mod sessions;
mod support;
mod web;
