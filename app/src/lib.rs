//! The user interface: pages, components, server functions. All of it runs on the server.
//!
//! ```text
//! page ─► PostForm ─► POST to the page's own path ─► server function ─► Accounts
//!                                                          │
//!          303 to another page, or this page again ◄───────┘
//! ```
//!
//! A page is drawn whole, and works as it was drawn. What lives in it in the browser (countdowns, the strength of a password, moving from
//! page to page without loading a document) is in the crate `live`. This crate decides nothing: rules are in `portaria`, use cases behind
//! `portaria::accounts::Accounts`, sentences in `text`.

mod components;
pub mod cookies;
mod door;
mod first;
pub mod forms;
pub mod gallery;
mod pages;
pub mod paths;
mod root;
mod server_fns;
mod shell;
pub mod step_up;
mod tidy;
mod ui;

pub use components::Sign;
pub use door::{Assets, Door, Site};
pub use first::{Answer, First};
pub use forms::{FORMS, FormRoute, Posted, PostedForm, Reply, Submitted};
pub use root::App;
pub use server_fns::Known;
pub use shell::{Drawn, Files, draw, script};
pub use tidy::tidy;
