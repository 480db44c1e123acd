//! The user interface: pages, components, server functions. Built twice: `ssr` for the server, `hydrate` for the browser.
//!
//! ```text
//! page ─► PostForm ─► server function ─► Accounts          with WASM: the form dispatches, Submitted::Go navigates
//!                └──► POST to the page's own path ─┘       without:   the server calls the same function, then 303 or the page again
//! ```
//!
//! Both builds render the same page: the browser hydrates exactly what the server rendered. What needs WASM (countdowns, showing a
//! password, checklists) is added after hydration. This crate decides nothing: rules are in `portaria`, use cases behind
//! `portaria::accounts::Accounts`, sentences in `text`.

mod components;
#[cfg(feature = "ssr")]
pub mod cookies;
#[cfg(feature = "ssr")]
mod door;
mod first;
pub mod forms;
mod pages;
mod root;
mod server_fns;
#[cfg(feature = "ssr")]
mod shell;
#[cfg(feature = "ssr")]
pub mod step_up;
mod ui;

#[cfg(feature = "ssr")]
pub use door::{Assets, Door};
pub use first::{Answer, First};
pub use forms::{FORMS, FormRoute, Posted, PostedForm, Reply, Submitted};
pub use root::App;
pub use server_fns::Known;
#[cfg(feature = "ssr")]
pub use shell::{ShellOptions, shell};
