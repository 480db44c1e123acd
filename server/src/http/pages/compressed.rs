//! Which pages are compressed.
//!
//! Whoever sees the length of encrypted answers can guess a secret in them, if they are compressed and if the guess stands in them too
//! (BREACH, CVE-2013-3587). Our pages repeat their address, so anybody's guess can stand there. So one rule decides: **a page is
//! compressed only if it is what anybody would be sent.** Its address holds no token, the browser has no session, no sign-up and no
//! proof, no product asked for anything that it shows, and it answers no form, says nothing of one, and is at no later step. The token of a
//! sign-up form (`Accounts::form_token`) is another one in each answer, and is never guessed in two.

use super::paths::{Holds, holds_at};
use crate::http::requester::RequestContext;
use axum::http::request::Parts;
use axum::http::{Extensions, HeaderMap, StatusCode, Version};
use portaria::openid::Asked;
use tower_http::CompressionLevel;
use tower_http::compression::CompressionLayer;

/// Of brotli and gzip: from the next level on, a page takes much longer and is hardly smaller.
const QUALITY: i32 = 6;

/// Marks a page that anybody would be sent.
#[derive(Debug, Clone, Copy)]
pub(super) struct ForAnybody;

/// Returns whether a page without a posted form is what anybody would be sent.
pub(super) fn is_for_anybody(parts: &Parts) -> bool {
    let is_stranger = parts.extensions.get::<RequestContext>().is_some_and(|context| {
        let RequestContext { who, notice, step, .. } = context;
        let brings_nothing = who.session.is_none() && who.bearer.is_none() && who.completion_grant.is_none();
        brings_nothing && who.carried.cookie().is_none() && notice.is_none() && step.is_none()
    });
    is_stranger && holds_at(parts.uri.path()) == Holds::Nothing && parts.extensions.get::<Asked>().is_none()
}

fn is_marked(_: StatusCode, _: Version, _: &HeaderMap, extensions: &Extensions) -> bool {
    extensions.get::<ForAnybody>().is_some()
}

type Marked = fn(StatusCode, Version, &HeaderMap, &Extensions) -> bool;

/// Compresses what is marked, as the browser accepts it.
pub(super) fn layer() -> CompressionLayer<Marked> {
    CompressionLayer::new().quality(CompressionLevel::Precise(QUALITY)).compress_when(is_marked as Marked)
}
