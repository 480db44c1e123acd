//! Renders a page, once its data was loaded.

use super::compressed::{self, ForAnybody};
use super::forms::CHOOSE_LANGUAGE;
use super::kept::{self, Key};
use super::paths::{Holds, holds_at};
use super::steps;
use crate::http::assets;
use crate::http::awaited::{CONTINUE, is_awaited};
use crate::http::onward::{add_cookie, go};
use crate::http::outcome;
use crate::http::requester::RequestContext;
use crate::http::state::AppState;
use app::forms::{Onward, Told, is_own_path};
use app::paths;
use app::{Assets, Door, Drawn, Files, First, Posted, PostedForm, Reply, Site, Submitted};
use axum::body::Body;
use axum::extract::Request;
use axum::http::request::Parts;
use axum::http::{HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use leptos::prelude::{provide_context, use_context};
use portaria::error::Refusal;
use portaria::openid::Asked;
use portaria::session::Cookie;

/// The address of the page whose form a server function is called for.
#[derive(Debug, Clone)]
pub(super) struct PageAddress(String);

impl PageAddress {
    pub(super) fn of(parts: &Parts) -> Self {
        Self(parts.uri.path_and_query().map_or("/", |path| path.as_str()).to_owned())
    }
}

/// Access to the use cases for this request.
fn door(state: &AppState, parts: &Parts) -> Option<Door> {
    let RequestContext { who, language, .. } = parts.extensions.get::<RequestContext>().cloned()?;
    let PageAddress(page) = parts.extensions.get::<PageAddress>().cloned().unwrap_or_else(|| PageAddress::of(parts));
    Some(Door {
        accounts: state.accounts.clone(),
        who,
        secure_cookies: state.secure_cookies,
        public_url: state.public_url.to_string(),
        language,
        page,
    })
}

/// Provides the contexts of a page or a server function.
pub(super) fn provide_contexts(site: Site, door: Option<Door>, posted: Option<PostedForm>, told: Told, first: First) {
    if let Some(door) = door {
        provide_context(door);
    }
    provide_context(Assets { version: assets::VERSION.clone() });
    provide_context(site);
    provide_context(Posted(posted));
    provide_context(told);
    provide_context(first);
}

/// The same for a server function, which Leptos calls with the request as a context.
pub(super) fn provide_to_function(state: &AppState) {
    let door = use_context::<Parts>().and_then(|parts| door(state, &parts));
    provide_contexts(state.site.clone(), door, None, Told(None), First::default());
}

/// The response with a page.
pub(super) fn answer_with(state: &AppState, page: Body, status: StatusCode) -> Response {
    let html = HeaderValue::from_static("text/html; charset=utf-8");
    (status, [(header::CONTENT_TYPE, html), (header::CONTENT_SECURITY_POLICY, state.sheet.policy.clone())], page).into_response()
}

/// Renders the page at a request's path; `posted` is the form that was posted to it, if any.
pub(super) async fn render(state: &AppState, request: Request, posted: Option<PostedForm>, status: StatusCode) -> Response {
    let (mut parts, _) = request.into_parts();
    note_asked(state, &mut parts).await;
    if posted.is_none()
        && status == StatusCode::OK
        && let Some(key) = Key::of(&parts)
    {
        return for_everybody(state, key, parts).await;
    }
    let first = ask(state, &parts).await;
    draw(state, &parts, first, posted, status)
}

/// The same for a page that everybody is sent alike: it is kept.
async fn for_everybody(state: &AppState, key: Key, parts: Parts) -> Response {
    if let Some(response) = state.kept.find(state, key, &parts) {
        return response;
    }
    let first = ask(state, &parts).await;
    if first.refusal().is_some() {
        return draw(state, &parts, first, None, StatusCode::OK);
    }
    let token = first.known.as_ref().map(|known| known.form.0.clone());
    let Drawn { html, .. } = drawn(state, &parts, first, None, Told(None));
    if let Some(token) = token {
        kept::keep(state, key, &html, &token);
    }
    let mut response = answer_with(state, Body::from(html), StatusCode::OK);
    response.extensions_mut().insert(ForAnybody);
    response
}

/// The same for a page of a session, or a redirect to the login page without one (docs/architecture.md#pages).
pub(super) async fn for_session(state: &AppState, request: Request) -> Response {
    let (parts, _) = request.into_parts();
    let first = ask(state, &parts).await;
    if first.known.as_ref().is_some_and(|known| known.me.is_none()) {
        // A browser that still has the cookie of a session is told that it has ended.
        let ended = parts.extensions.get::<RequestContext>().is_some_and(|context| context.who.session.is_some());
        let PageAddress(page) = PageAddress::of(&parts);
        let to = if ended { paths::session_ended(&page) } else { paths::sign_in_for(&page).into() };
        return go(state, &to);
    }
    let pending = first.known.as_ref().and_then(|known| known.me.as_ref()).is_some_and(|account| account.terms_pending.is_some());
    if pending && parts.uri.path() == paths::DASHBOARD {
        // Other pages stay open: whoever does not accept can still see and take their data.
        return Redirect::to(&paths::accept_terms(paths::DASHBOARD)).into_response();
    }
    if parts.uri.path() == paths::DASHBOARD
        && let Some(context) = parts.extensions.get::<RequestContext>()
        && is_awaited(state, &context.who).await
    {
        // Every way ends here: whoever a product has sent goes on to it.
        return Redirect::to(CONTINUE).into_response();
    }
    draw(state, &parts, first, None, StatusCode::OK)
}

async fn ask(state: &AppState, parts: &Parts) -> First {
    let first = First::ask(door(state, parts).as_ref(), &parts.uri).await;
    First { asked: parts.extensions.get::<Asked>().cloned(), ..first }
}

/// Notes what a product asked for that waits, if the page is drawn differently for it.
async fn note_asked(state: &AppState, parts: &mut Parts) {
    let context = parts.extensions.get::<RequestContext>();
    let Some(kept) = context.and_then(|context| context.who.awaited.as_ref()) else { return };
    if !matches!(parts.uri.path(), paths::LOGIN | paths::REGISTER) {
        return;
    }
    // Whoever cannot be told still gets the page.
    let Ok(Some(asked)) = state.openid.asked(kept).await else { return };
    if asked.login_hint.is_some() || !state.site.kinds.open().eq(asked.kinds.iter().copied()) {
        parts.extensions.insert(asked);
    }
}

/// `told`: whether it says what was just done. An answer to a form says how that form ended, and nothing else.
fn drawn(state: &AppState, parts: &Parts, first: First, posted: Option<PostedForm>, told: Told) -> Drawn {
    let address = parts.uri.path_and_query().map_or("/", |path| path.as_str());
    let files = if posted.is_none() { state.sheet.files(parts) } else { Files::Linked };
    app::draw(address, files, || provide_contexts(state.site.clone(), door(state, parts), posted, told, first))
}

fn draw(state: &AppState, parts: &Parts, first: First, posted: Option<PostedForm>, status: StatusCode) -> Response {
    let context = parts.extensions.get::<RequestContext>();
    let told = context.and_then(|context| context.notice).filter(|_| posted.is_none() && parts.method == Method::GET);
    let is_answer = posted.is_some();
    let for_anybody = posted.is_none() && compressed::is_for_anybody(parts);
    // A posted form sets the status itself.
    let refused = first.refusal().filter(|_| posted.is_none() && status == StatusCode::OK).cloned();
    let status = refused.as_ref().and_then(|refusal| StatusCode::from_u16(refusal.status()).ok()).unwrap_or(status);
    let fresh = first.known.as_ref().and_then(|known| known.me.as_ref()).is_some_and(|account| account.fresh);
    let posted = posted.or_else(|| steps::kept(state, parts, fresh));
    let Drawn { html, exists } = drawn(state, parts, first, posted, Told(told));
    let status = if exists { status } else { StatusCode::NOT_FOUND };
    let mut response = answer_with(state, Body::from(html), status);
    // It is said once.
    if told.is_some() {
        add_cookie(&mut response, &app::cookies::clear(Cookie::Notice, state.secure_cookies));
    }
    if !is_answer && steps::begins_anew(parts) {
        steps::forget_of(state, parts, &mut response);
    }
    // How this affects the forms: `app/src/shell.rs` and `http/layers/own_forms.rs`.
    if holds_at(parts.uri.path()) != Holds::Nothing {
        response.headers_mut().insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    }
    if for_anybody {
        response.extensions_mut().insert(ForAnybody);
    }
    if let Some(refusal) = &refused {
        outcome::mark(&mut response, refusal);
    }
    response
}

/// The refusal in the answer to a form.
pub(super) fn refusal_of(submitted: &Submitted) -> Option<&Refusal> {
    match submitted {
        Submitted::Stay(reply) => reply.refusal.as_ref(),
        Submitted::Go(_) => None,
    }
}

/// The response to a posted form: a redirect to another page, or this page again with what was typed.
pub(super) async fn answer(
    state: &AppState,
    request: Request,
    form: &str,
    values: Vec<(String, String)>,
    submitted: Submitted,
) -> Response {
    match submitted {
        Submitted::Go(onward) => {
            let onward = if is_own_path(&onward.path) { onward } else { Onward { path: "/".to_owned(), ..onward } };
            let mut response = go(state, &onward);
            if form != CHOOSE_LANGUAGE {
                steps::forget_of(state, &request.into_parts().0, &mut response);
            }
            response
        }
        Submitted::Stay(reply) => {
            let status = reply.refusal.as_ref().and_then(|refusal| StatusCode::from_u16(refusal.status()).ok()).unwrap_or(StatusCode::OK);
            let refusal = reply.refusal.clone();
            let mut posted = PostedForm { form: form.to_owned(), values, reply: *reply };
            steps::carry(state, &request, &mut posted);
            let step = steps::reached(state, &request, &posted);
            // What was asked for is done, and the page goes on without it.
            let is_over = posted.reply == Reply::default();
            let context = request.extensions().get::<RequestContext>().filter(|_| is_over).cloned();
            let mut response = render(state, request, Some(posted), status).await;
            if let Some(step) = step {
                add_cookie(&mut response, &step);
            } else if let Some(context) = context {
                steps::forget(state, &context, &mut response);
            }
            if let Some(refusal) = &refusal {
                outcome::mark(&mut response, refusal);
            }
            if let Some(seconds) = refusal.as_ref().and_then(Refusal::retry_after) {
                response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
            }
            response
        }
    }
}
