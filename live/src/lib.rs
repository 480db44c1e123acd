//! What lives in a page.
//!
//! The server draws every page whole, and every page works as it was drawn. In the browser the WASM adds three things:
//!
//! - **Parts** ([`Part`], `parts/`): small Leptos components, each in an element of its own, `<live-part data-live data-props>`. Where a
//!   part has something to show before it wakes (a countdown, a list of rules), the server draws it by the same component.
//! - **Fields** (`fields.rs`): each writes out and judges what is typed by the shape that the server names.
//! - **The navigator** (`navigator/`): links, forms, back and forward without loading a document. It fetches the page that the browser
//!   would load, and takes over its header, main part and footer.
//!
//! ```text
//! page arrives ─► wake: each <live-part> is emptied, and its component mounted there, with an owner of its own
//!      ▲                     │
//!      │                     ▼
//! navigator fetches ─► takes the page over ─► ends the parts that are gone (timers, listeners, requests) ─► wake
//! ```
//!
//! A part is mounted, not hydrated: nothing is assumed of the nodes inside, so that an extension or a translation that changed them
//! cannot break it. It reaches the fields of the page by their ids.
//!
//! The WASM is what a person waits for, so what is written here keeps it small: no `AnyView`, no serde, no `format!`, no `on:` in views,
//! one reactive type instead of closures ([`Said`](part::Said)), and every sentence given by the server for this page alone.

#[cfg(feature = "browser")]
mod dom;
#[cfg(feature = "browser")]
mod fields;
#[cfg(feature = "browser")]
mod navigator;
mod part;
pub mod parts;
#[cfg(feature = "browser")]
mod wake;

#[cfg(feature = "ssr")]
pub use part::draw;
pub use part::{PLACE, Part};

/// Wakes the page: its parts, its fields, and the navigator. Called once.
#[cfg(feature = "browser")]
pub fn start() {
    // Before the parts: they look at what stands in their fields.
    navigator::bring_back();
    wake::wake_in_turn(&[fields::start, navigator::start]);
}
