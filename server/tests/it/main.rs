//! Integration tests: over HTTP, on a real Postgres, each with a database of its own.
#![allow(missing_docs, reason = "tests are named as sentences")]
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on should say where")]

mod admission;
mod brand;
mod carona;
mod client_journey;
mod connections;
mod contest;
mod delivery;
mod edge;
mod email_accounts;
mod entries;
mod field_reports;
mod fresh;
mod handed_on;
mod holding;
mod index_keys;
mod keys;
mod kinds;
mod limits;
mod metrics;
mod model;
mod moving;
mod not_me;
mod odd_requests;
mod openapi;
mod openid;
mod operator;
mod own_data;
mod papers;
mod password_recovery;
mod profile;
mod races;
mod recovery;
mod request_log;
mod retention;
mod round_trips;
mod secrets;
mod sessions;
mod support;
mod terms;
mod traces;
mod two_signups;
mod ways_back;
mod web;
mod webhooks;
