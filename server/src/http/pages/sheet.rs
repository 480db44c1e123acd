//! How the pages look, and what may run in them.
//!
//! A browser that comes for the first time is sent the style sheet and the script within the page, so that it paints after one round trip
//! instead of two, and the WASM is on its way by then. That is decided as the compression is (`compressed.rs`), because a page that cannot
//! be compressed would grow by the whole of both. Any other page names their addresses, and so does what the navigator (`live`) asks for,
//! which has them already.

use super::compressed;
use crate::http::assets;
use crate::http::headers;
use app::Files;
use axum::http::HeaderValue;
use axum::http::request::Parts;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use portaria::brand::Brand;
use sha2::{Digest, Sha256};

pub struct Sheet {
    /// Empty: there is none, as in a build without pages.
    css: String,
    /// The content security policy of pages: only our own files, and the script and the sheet that may stand within a page (docs/standards.md#headers;
    /// ASVS 3.4.3).
    pub(super) policy: HeaderValue,
}

impl Sheet {
    /// That of a brand, whose colours come last.
    pub fn of(brand: &Brand) -> Self {
        let colours = brand.style_sheet().map(|_| brand.palette.css()).unwrap_or_default();
        let css = assets::style_sheet().map(|ours| [ours, colours].concat()).unwrap_or_default();
        let [script, style] = [&app::script(&assets::VERSION), &css].map(|text| STANDARD.encode(Sha256::digest(text)));
        let policy = format!(
            "default-src 'none'; script-src 'self' 'sha256-{script}' 'wasm-unsafe-eval'; style-src 'self' 'sha256-{style}'; \
             img-src 'self' blob:; font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; \
             object-src 'none'; manifest-src 'self'"
        );
        Self { css, policy: HeaderValue::from_str(&policy).unwrap_or(headers::NOTHING) }
    }

    /// Where a page that answers no form has its sheet and its script.
    pub(super) fn files(&self, parts: &Parts) -> Files<'_> {
        if goes_within(parts) && !self.css.is_empty() { Files::Within { style_sheet: &self.css } } else { Files::Linked }
    }
}

/// Whether sheet and script go within a page that answers no form.
pub(super) fn goes_within(parts: &Parts) -> bool {
    let goes_to = parts.headers.get("sec-fetch-dest").and_then(|value| value.to_str().ok()).unwrap_or("document");
    goes_to == "document" && compressed::is_for_anybody(parts)
}
