//! HTTP: what a request meets, as a stair. Nothing imports what stands above it.
//!
//! ```text
//! router ─ everything, put together
//! layers ─ the line in the log, which route, own forms, other sites, canonical addresses, bodies
//! routes ─ the table of the API
//! pages  ─ forms, uploads, links          api ─ the JSON contracts, a file a subject
//! contract ─ a refusal becomes what each document says
//! requester, headers ─ who asks; the headers of every answer
//! state, uploads, cookies
//! request_id, outcome, media, body, multipart, assets ─ what comes in and goes out
//! ```

pub mod api;
pub mod assets;
pub mod body;
pub mod contract;
pub mod cookies;
pub mod headers;
pub mod layers;
pub mod media;
pub mod multipart;
pub mod outcome;
pub mod page_failures;
pub mod pages;
pub mod request_id;
pub mod requester;
pub mod router;
pub mod routes;
pub mod state;
pub mod uploads;

pub use pages::PAGES;
pub use routes::routes;
