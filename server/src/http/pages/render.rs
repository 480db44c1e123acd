//! Renders a page, once its data was loaded.

use super::compressed::{self, ForAnybody};
use super::paths::{Holds, holds_at};
use crate::http::assets;
use crate::http::outcome;
use crate::http::requester::RequestContext;
use crate::http::state::AppState;
use app::paths;
use app::{Assets, Door, First, Posted, PostedForm, Submitted, shell};
use axum::body::Body;
use axum::extract::Request;
use axum::http::request::Parts;
use axum::http::{HeaderValue, Method, StatusCode, Uri, header};
use axum::response::{IntoResponse, Redirect, Response};
use leptos::nonce::use_nonce;
use leptos::prelude::{expect_context, provide_context, use_context};
use leptos_axum::ResponseOptions;
use portaria::error::Refusal;

/// Access to the use cases for this request.
fn door(state: &AppState, parts: &Parts) -> Option<Door> {
    let RequestContext { who, language } = parts.extensions.get::<RequestContext>().cloned()?;
    Some(Door {
        accounts: state.accounts.clone(),
        who,
        secure_cookies: state.secure_cookies,
        public_url: state.public_url.to_string(),
        language,
        path: parts.uri.path_and_query().map_or("/", |path| path.as_str()).to_owned(),
    })
}

/// Provides the contexts of a page or a server function.
pub(super) fn provide_contexts(state: &AppState, posted: Option<PostedForm>, first: First) {
    if let Some(parts) = use_context::<Parts>()
        && let Some(door) = door(state, &parts)
    {
        provide_context(door);
        page_headers(&parts.uri);
    }
    provide_context(Assets { version: assets::VERSION.clone() });
    provide_context(Posted(posted));
    provide_context(first);
}

/// Sets a page's content security policy: only our own files and the scripts with this response's nonce may run
/// (docs/standards.md#headers; ASVS 3.4.3).
fn page_headers(uri: &Uri) {
    let response = expect_context::<ResponseOptions>();
    let nonce = use_nonce().map(|nonce| format!(" 'nonce-{nonce}'")).unwrap_or_default();
    let policy = format!(
        "default-src 'none'; script-src 'self'{nonce} 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' blob:; font-src 'self'; \
         connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; object-src 'none'; manifest-src 'self'"
    );
    if let Ok(policy) = HeaderValue::from_str(&policy) {
        response.insert_header(header::CONTENT_SECURITY_POLICY, policy);
    }
    // How this affects the forms: `app/src/shell.rs` and `http/layers/own_forms.rs`.
    if holds_at(uri.path()) != Holds::Nothing {
        response.insert_header(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    }
}

/// Renders the page at a request's path; `posted` is the form that was posted to it, if any.
pub(super) async fn render(state: &AppState, request: Request, posted: Option<PostedForm>, status: StatusCode) -> Response {
    let (parts, first) = ask(state, request).await;
    draw(state, parts, first, posted, status).await
}

/// The same for a page of a session, or a redirect to the login page without one (docs/architecture.md#pages).
pub(super) async fn for_session(state: &AppState, request: Request) -> Response {
    let (parts, first) = ask(state, request).await;
    if first.known.as_ref().is_some_and(|known| known.me.is_none()) {
        // A browser that still has the cookie of a session is told that it has ended.
        let ended = parts.extensions.get::<RequestContext>().is_some_and(|context| context.who.session.is_some());
        let to = if ended { paths::session_ended() } else { paths::LOGIN.to_owned() };
        return Redirect::to(&to).into_response();
    }
    draw(state, parts, first, None, StatusCode::OK).await
}

async fn ask(state: &AppState, request: Request) -> (Parts, First) {
    let (mut parts, _) = request.into_parts();
    parts.method = Method::GET;
    let first = First::ask(door(state, &parts).as_ref(), &parts.uri).await;
    (parts, first)
}

async fn draw(state: &AppState, parts: Parts, first: First, posted: Option<PostedForm>, status: StatusCode) -> Response {
    let for_anybody = posted.is_none() && compressed::is_for_anybody(&parts);
    // A posted form sets the status itself.
    let refused = first.refusal().filter(|_| posted.is_none() && status == StatusCode::OK).cloned();
    let status = refused.as_ref().and_then(|refusal| StatusCode::from_u16(refusal.status()).ok()).unwrap_or(status);
    let context = {
        let state = state.clone();
        move || provide_contexts(&state, posted.clone(), first.clone())
    };
    let render = leptos_axum::render_app_async_with_context(context, shell);
    let mut response = render(Request::from_parts(parts, Body::empty())).await.into_response();
    if response.status() == StatusCode::OK {
        *response.status_mut() = status;
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
        Submitted::Go(path) if app::forms::is_own_path(&path) => Redirect::to(&path).into_response(),
        Submitted::Go(_) => Redirect::to("/").into_response(),
        Submitted::Stay(reply) => {
            let status = reply.refusal.as_ref().and_then(|refusal| StatusCode::from_u16(refusal.status()).ok()).unwrap_or(StatusCode::OK);
            let refusal = reply.refusal.clone();
            let posted = PostedForm { form: form.to_owned(), values, reply: *reply };
            let mut response = render(state, request, Some(posted), status).await;
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
