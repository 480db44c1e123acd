//! HTTP, in layers. No module imports one that is listed above it.
//!
//! ```text
//! router ─ assembles everything
//! layers ─ request log, panics, which route, own forms, other sites, canonical addresses, bodies
//! openapi ─ the document of the API, made from the table, and the page to read it
//! routes ─ the table of the API
//! operations ─ what the document says of each route
//! openid ─ what products ask, and the pages between them and a person
//! pages  ─ forms, uploads, links          api ─ the JSON contracts, one file per subject          scrape ─ `/metrics`
//! contract ─ a refusal in the error shape of each document
//! requester, headers ─ the requester; security headers of every response
//! brand ─ logo and colours
//! state, uploads, cookies, awaited
//! request_id, outcome, media, packed, body, multipart, assets ─ reading requests, writing responses
//! ```

pub mod api;
pub mod assets;
pub mod awaited;
pub mod body;
pub mod brand;
pub mod contract;
pub mod cookies;
pub mod headers;
pub mod hooks;
pub mod layers;
pub mod media;
pub mod multipart;
pub mod onward;
pub mod openapi;
pub mod openid;
pub mod operations;
pub mod outcome;
pub mod packed;
pub mod page_failures;
pub mod pages;
pub mod request_id;
pub mod requester;
pub mod router;
pub mod routes;
pub mod scrape;
pub mod state;
pub mod uploads;

pub use pages::PAGES;
pub use routes::routes;
