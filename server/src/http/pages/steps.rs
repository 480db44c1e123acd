//! The step that a page with several steps is at, for a page that is loaded again.
//!
//! Recovery, sign-in by code, a new phone, a new e-mail and a contest have all their steps at one path, and what they know of each other in
//! hidden fields: neither a document nor a phone stands in an address. So the answer that reached a later step exists once, and a phone
//! that drops the page while its owner reads the code would lose it. The browser keeps it, sealed: a cookie that tells nothing to whoever
//! finds it, and that nobody can make. It is gone when the page has led on, or when the person begins anew.

use super::paths::{Holds, holds_at};
use crate::http::onward::add_cookie;
use crate::http::requester::RequestContext;
use crate::http::state::AppState;
use app::{PostedForm, Reply};
use axum::extract::Request;
use axum::http::Method;
use axum::http::request::Parts;
use axum::response::Response;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use portaria::recovery::GRANT_LIFETIME;
use portaria::session::{Cookie, Token};
use serde::{Deserialize, Serialize};
use time::Duration;

/// As long as the last step may take: what was granted there opens nothing afterwards.
const LIFETIME: Duration = GRANT_LIFETIME;
/// What it is sealed for.
const COLUMN: &str = "cookies.step";

/// The answer that reached the step.
#[derive(Serialize, Deserialize)]
struct Step {
    at: i64,
    form: String,
    values: Vec<(String, String)>,
    reply: Reply,
}

/// The cookie for the step that an answer reached; `None` if it reached none.
pub(super) fn reached(state: &AppState, request: &Request, posted: &PostedForm) -> Option<String> {
    let path = request.uri().path();
    let PostedForm { form, values, reply } = posted.clone();
    let is_later = (reply.asked.is_some() || reply.grant.is_some()) && reply.pending.is_none() && reply.refusal.is_none();
    if !is_later || holds_at(path) != Holds::Nothing {
        return None;
    }
    let step = Step { at: state.clock.now().unix_timestamp(), form, values, reply };
    let sealed = URL_SAFE_NO_PAD.encode(state.sealer.seal_json_in(&step, COLUMN, path));
    Some(app::cookies::set(Cookie::Step, &Token::new(sealed), Some(LIFETIME), state.secure_cookies))
}

/// The answer of before, as it stands now, if this page is loaded again.
pub(super) fn kept(state: &AppState, parts: &Parts) -> Option<PostedForm> {
    let sealed = parts.extensions.get::<RequestContext>()?.step.as_ref().filter(|_| parts.method == Method::GET && !begins_anew(parts))?;
    let sealed = URL_SAFE_NO_PAD.decode(sealed.expose()).ok()?;
    let Step { at, form, values, mut reply } = state.sealer.open_json_in(&sealed, COLUMN, parts.uri.path()).ok()?;
    let passed =
        u32::try_from(state.clock.now().unix_timestamp() - at).ok().filter(|passed| Duration::seconds((*passed).into()) < LIFETIME)?;
    let left = |seconds: &mut u32| *seconds = seconds.saturating_sub(passed);
    if let Some(sent) = &mut reply.sent {
        left(&mut sent.expires_in);
        left(&mut sent.resend_in);
    }
    if let Some(sent) = &mut reply.recovery {
        left(&mut sent.expires_in);
        left(&mut sent.resend_in);
    }
    reply.wait.iter_mut().for_each(left);
    reply.kept = true;
    Some(PostedForm { form, values, reply })
}

/// Whether the person asks for the first step.
pub(super) fn begins_anew(parts: &Parts) -> bool {
    parts.uri.query().unwrap_or_default().split('&').any(|pair| pair == app::paths::ANEW)
}

/// Takes the step from a browser that has one.
pub(super) fn forget(state: &AppState, parts: &Parts, response: &mut Response) {
    if parts.extensions.get::<RequestContext>().is_some_and(|context| context.step.is_some()) {
        add_cookie(response, &app::cookies::clear(Cookie::Step, state.secure_cookies));
    }
}
