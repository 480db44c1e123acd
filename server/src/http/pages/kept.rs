//! Pages that are the same for everybody are drawn once, and kept.
//!
//! Such a page is at an address without a query, is shown to somebody without session, sign-up or proof, answers no form, and has no token
//! in it (that of a sign-up form is another one in each answer). What it does depend on is its path and its language, and what a node has
//! from its start: settings and assets.

use super::compressed;
use super::paths;
use super::render::answer_with;
use super::sheet;
use crate::http::packed::Packed;
use crate::http::requester::RequestContext;
use crate::http::state::AppState;
use axum::body::Body;
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::response::Response;
use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};
use text::Language;

/// Which page, in which language, and whether with style sheet and script within it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Key(&'static str, Language, bool);

impl Key {
    /// The page that a request asks for, if everybody may be sent the same.
    pub(super) fn of(parts: &Parts) -> Option<Self> {
        let language = parts.extensions.get::<RequestContext>()?.language;
        let is_bare = parts.uri.query().is_none() && compressed::is_for_anybody(parts);
        is_bare.then(|| paths::fixed(parts.uri.path())).flatten().map(|path| Self(path, language, sheet::goes_within(parts)))
    }
}

/// The pages that this node has drawn; `None` for one that is being packed.
#[derive(Default)]
pub struct KeptPages(RwLock<HashMap<Key, Option<Arc<Packed>>>>);

impl KeptPages {
    /// The answer with a kept page, packed as the browser accepts it.
    pub(super) fn find(&self, state: &AppState, key: Key, parts: &Parts) -> Option<Response> {
        let kept = self.0.read().unwrap_or_else(PoisonError::into_inner).get(&key)?.clone()?;
        let (packing, page) = kept.accepted(&parts.headers);
        let mut response = answer_with(state, Body::from(page), StatusCode::OK);
        response.headers_mut().extend(packing);
        Some(response)
    }

    fn set(&self, key: Key, kept: Option<Arc<Packed>>) {
        self.0.write().unwrap_or_else(PoisonError::into_inner).insert(key, kept);
    }

    fn knows(&self, key: Key) -> bool {
        self.0.read().unwrap_or_else(PoisonError::into_inner).contains_key(&key)
    }
}

/// Keeps a page, unless `token` stands in it. It is packed as small as can be, on a thread that may take its time.
pub(super) fn keep(state: &AppState, key: Key, html: &str, token: &str) {
    if html.contains(token) || state.kept.knows(key) {
        return;
    }
    state.kept.set(key, None);
    let (state, html) = (state.clone(), html.to_owned());
    tokio::task::spawn_blocking(move || match Packed::of(html) {
        Ok(kept) => state.kept.set(key, Some(Arc::new(kept))),
        Err(error) => tracing::warn!(%error, "a page could not be packed; it is drawn each time"),
    });
}
