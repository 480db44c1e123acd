//! What people see: pages, components, server functions. Built twice: `ssr` on the server, `hydrate` in the browser.
//!
//! ```text
//! page ─► PostForm ─► server function ─► Accounts          with WASM: the form dispatches, Submitted::Go navigates
//!                └──► POST to the page's own path ─┘       without:   the server calls the same function, then 303 or the page again
//! ```
//!
//! A page is the same in both: the browser hydrates exactly what the server rendered. What only WASM can do (ticking
//! clocks, showing a password, checklists) appears after hydration, as an addition. Nothing is decided here: rules are in
//! `portaria`, use cases behind `portaria::accounts::Accounts`, sentences in `text`.

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
