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
use app::forms::StepUp;
use app::{PostedForm, Reply};
use axum::extract::Request;
use axum::http::Method;
use axum::http::request::Parts;
use axum::response::Response;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use portaria::error::Refusal;
use portaria::recovery::GRANT_LIFETIME;
use portaria::session::{Cookie, Token};
use portaria::view::Delivery;
use serde::{Deserialize, Serialize};
use time::Duration;

/// As long as the last step may take: what was granted there opens nothing afterwards.
const LIFETIME: Duration = GRANT_LIFETIME;
/// Longer than any form is that a person fills in: a browser takes no cookie of more than 4096 bytes, and a proxy few headers as long.
const LONGEST: usize = 3_500;
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

/// What a step is sealed for, besides its column: its page, and the session that reached it. Another one does not open it.
fn row(state: &AppState, context: &RequestContext, path: &str) -> String {
    let session = context.who.session.as_ref().map(|session| state.sealer.index(COLUMN, session.expose()));
    [path, " ", &session.map(|index| URL_SAFE_NO_PAD.encode(index)).unwrap_or_default()].concat()
}

/// Whether an answer leads to a later step: to a code, also of one that shows who somebody is, or to what a code grants.
fn is_later(reply: &Reply) -> bool {
    match &reply.step_up {
        Some(step_up) => step_up.code().is_some(),
        None => (reply.asked.is_some() || reply.grant.is_some()) && reply.pending.is_none() && reply.refusal.is_none(),
    }
}

/// The cookie for the step that an answer reached; `None` if it reached none. What is too long for one leaves none, nor an older step.
pub(super) fn reached(state: &AppState, request: &Request, posted: &PostedForm) -> Option<String> {
    let path = request.uri().path();
    if !is_later(&posted.reply) || holds_at(path) != Holds::Nothing {
        return None;
    }
    let row = row(state, request.extensions().get()?, path);
    let PostedForm { form, values, mut reply } = posted.clone();
    // It is said once.
    reply.refusal = None;
    let step = Step { at: state.clock.now().unix_timestamp(), form, values, reply };
    let sealed = URL_SAFE_NO_PAD.encode(state.sealer.seal_json_in(&step, COLUMN, row.as_str()));
    if sealed.len() > LONGEST {
        return Some(app::cookies::clear(Cookie::Step, state.secure_cookies));
    }
    Some(app::cookies::set(Cookie::Step, &Token::new(sealed), Some(LIFETIME), state.secure_cookies))
}

/// The answer of before, as it stands now, if this page is loaded again. `fresh`: who somebody is need not be shown any more.
pub(super) fn kept(state: &AppState, parts: &Parts, fresh: bool) -> Option<PostedForm> {
    if parts.method != Method::GET || begins_anew(parts) {
        return None;
    }
    let mut posted = open(state, parts.extensions.get()?, parts.uri.path())?;
    posted.reply.kept = true;
    if fresh {
        posted.reply.step_up = None;
    }
    Some(posted)
}

/// Says in the answer to a refused entry what the page knows of its code, and keeps the step of whoever asks for another one too early.
pub(super) fn carry(state: &AppState, request: &Request, posted: &mut PostedForm) {
    let PostedForm { form, values, reply } = posted;
    let Some(refusal) = reply.refusal.as_ref().filter(|_| reply.step_up.is_none() && reply.sent.is_none()) else { return };
    let Some(context) = request.extensions().get::<RequestContext>() else { return };
    let Some(before) = open(state, context, request.uri().path()).map(|before| (before.form, before.reply)) else { return };
    let (asked_by, before) = before;
    // Of another phone, e-mail or document nothing is known.
    let is_same = |asked: &Option<String>| asked.as_ref().is_none_or(|asked| values.iter().any(|(_, value)| value == asked));
    if before.asked.is_none() || !is_same(&before.asked) || !is_same(&before.contact) {
        return;
    }
    if asked_by == *form && matches!(refusal, Refusal::TooSoon { .. }) {
        (reply.asked, reply.contact) = (before.asked, before.contact);
    }
    (reply.sent, reply.recovery) = (before.sent, before.recovery);
    reply.wait = reply.wait.or(before.wait);
}

/// The answer that reached the step of the page at this path, with its clocks as they stand now.
fn open(state: &AppState, context: &RequestContext, path: &str) -> Option<PostedForm> {
    let sealed = URL_SAFE_NO_PAD.decode(context.step.as_ref()?.expose()).ok()?;
    let Step { at, form, values, mut reply } = state.sealer.open_json_in(&sealed, COLUMN, row(state, context, path).as_str()).ok()?;
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
    if let Some(StepUp::Code(Some(code))) = &mut reply.step_up {
        left(&mut code.expires_in);
        left(&mut code.resend_in);
        if code.expires_in == 0 && code.can_be_entered() {
            code.delivery = Delivery::Lapsed;
        }
    }
    Some(PostedForm { form, values, reply })
}

/// Whether the person asks for the first step.
pub(super) fn begins_anew(parts: &Parts) -> bool {
    app::paths::begins_anew(parts.uri.query().unwrap_or_default())
}

/// Takes the step from a browser that has one.
pub(super) fn forget(state: &AppState, context: &RequestContext, response: &mut Response) {
    if context.step.is_some() {
        add_cookie(response, &app::cookies::clear(Cookie::Step, state.secure_cookies));
    }
}

/// The same of the browser of a request.
pub(super) fn forget_of(state: &AppState, parts: &Parts, response: &mut Response) {
    if let Some(context) = parts.extensions.get() {
        forget(state, context, response);
    }
}
