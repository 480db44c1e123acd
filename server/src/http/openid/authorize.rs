//! A product sends a person here; the person goes through our pages; every way ends at `/oauth/continue`, and from there at the product.

use super::{AUTHORIZE, again_by_get, is_by_script, page, parameters};
use crate::http::awaited::CONTINUE;
use crate::http::cookies;
use crate::http::onward::add_cookie;
use crate::http::pages;
use crate::http::requester::RequestContext;
use crate::http::state::AppState;
use app::paths;
use axum::Extension;
use axum::body::Bytes;
use axum::extract::{RawQuery, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use portaria::accounts::Answer;
use portaria::error::Refusal;
use portaria::journey::Kind;
use portaria::openid::{Ask, Kept, Step};
use portaria::session::{Cookie, Requester, Token};
use portaria::signup::SIGNUP_DEVICE_LIFETIME;
use text::Language;

/// The requester as its cookie says. An access token is nobody's sign-in here.
pub(super) fn by_cookie(context: &RequestContext) -> Requester {
    Requester { bearer: None, ..context.who.clone() }
}

/// The language that a product wants a page in, for this answer.
pub(super) fn in_asked_language(context: RequestContext, parameters: &[(String, String)]) -> RequestContext {
    let asked = parameters.iter().find(|(name, _)| name == "ui_locales").and_then(|(_, list)| Language::preferred(list));
    RequestContext { language: asked.unwrap_or(context.language), ..context }
}

pub async fn by_get(
    State(state): State<AppState>,
    Extension(context): Extension<RequestContext>,
    RawQuery(query): RawQuery,
    parts: Parts,
) -> Response {
    let query = query.unwrap_or_default();
    if is_by_script(&parts.method, &parts.headers) {
        return page::go_on(&state, &context, format!("{AUTHORIZE}?{query}"));
    }
    // Whoever only looks must not use up anything.
    if parts.method == Method::HEAD {
        return StatusCode::OK.into_response();
    }
    let asked = parameters(query.as_bytes());
    let step = state.openid.authorize(&by_cookie(&context), &asked).await;
    answer(&state, &in_asked_language(context, &asked), &parts, step, None, redirected)
}

/// A form of another site brings no cookie, and the browser would look signed out.
pub async fn by_post(
    State(state): State<AppState>,
    Extension(context): Extension<RequestContext>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    again_by_get(AUTHORIZE, &headers, &body).unwrap_or_else(|| page::wrong(&state, &context))
}

pub async fn go_on(State(state): State<AppState>, Extension(context): Extension<RequestContext>, parts: Parts) -> Response {
    if is_by_script(&parts.method, &parts.headers) {
        return page::go_on(&state, &context, CONTINUE.to_owned());
    }
    if parts.method == Method::HEAD {
        return StatusCode::OK.into_response();
    }
    let who = by_cookie(&context);
    let step = match &who.awaited {
        Some(kept) => state.openid.resume(&who, kept).await,
        None => state.openid.resume_sign_up(&who).await,
    };
    answer(&state, &context, &parts, step, who.awaited.as_ref(), page::leave)
}

/// The form of the consent page. It says which request the person was shown: another one may have come since, in another window.
pub async fn consent(State(state): State<AppState>, Extension(context): Extension<RequestContext>, parts: Parts, body: Bytes) -> Response {
    let fields = parameters(&body);
    let value = |name: &str| fields.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value.as_str());
    let who = by_cookie(&context);
    let Some(kept) = who.awaited.clone() else { return Redirect::to(paths::DASHBOARD).into_response() };
    let is_of_request = value("request") == page::name_of(&kept);
    if is_of_request && value("answer") == "another" {
        return begin_again(&state, &parts, &who, &kept).await;
    }
    let account = value("account").parse::<i64>().ok().filter(|_| is_of_request);
    let agrees = match (value("answer"), account) {
        ("yes", Some(account)) => Some((account, true)),
        ("no", Some(account)) => Some((account, false)),
        _ => None,
    };
    match agrees {
        Some((account, agrees)) => {
            let step = state.openid.agree(&who, &kept, account, agrees).await;
            answer(&state, &context, &parts, step, Some(&kept), redirected)
        }
        // What waits now may be another product's request, to which the page with this form may not lead.
        None => answer(&state, &context, &parts, state.openid.resume(&who, &kept).await, Some(&kept), page::leave),
    }
}

/// Leads whoever has another account to the sign-in, where the same request waits for them. Nobody is signed out by it: the session goes
/// when another begins.
async fn begin_again(state: &AppState, parts: &Parts, who: &Requester, kept: &Token) -> Response {
    match state.openid.begin_again(who, kept).await {
        Err(refusal) => pages::refuse_person(parts, &refusal),
        Ok(None) => Redirect::to(CONTINUE).into_response(),
        Ok(Some(token)) => {
            let mut response = Redirect::to(paths::LOGIN).into_response();
            add_cookie(&mut response, &keeping(state, Cookie::OpenId, &token));
            response
        }
    }
}

/// A cookie that lasts as long as a request waits.
fn keeping(state: &AppState, cookie: Cookie, value: &Token) -> String {
    cookies::set(cookie, value, Some(SIGNUP_DEVICE_LIFETIME), state.secure_cookies)
}

/// Where a person goes first.
fn first_page(ask: Ask, kind: Option<Kind>) -> String {
    match ask {
        Ask::SignUp => kind.map_or_else(|| paths::REGISTER.to_owned(), paths::wizard),
        Ask::Complete => paths::COMPLETE_PROFILE.to_owned(),
        Ask::Terms => paths::accept_terms(paths::DASHBOARD),
        Ask::SignIn | Ask::Consent | Ask::OtherKind => paths::LOGIN.to_owned(),
    }
}

pub(super) fn see_other(address: &str) -> Response {
    match HeaderValue::from_str(address) {
        Ok(address) => {
            (StatusCode::SEE_OTHER, [(header::LOCATION, address), (header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"))])
                .into_response()
        }
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

/// How a browser goes back to the product.
type Back = fn(&AppState, &RequestContext, &str) -> Response;

fn redirected(_: &AppState, _: &RequestContext, address: &str) -> Response {
    see_other(address)
}

fn answer(state: &AppState, context: &RequestContext, parts: &Parts, step: Answer<Step>, carried: Option<&Token>, back: Back) -> Response {
    let step = match step {
        Ok(step) => step,
        Err(refusal) => return pages::refuse_person(parts, &refusal),
    };
    let keep = |response: &mut Response, kept: Option<Kept>, done: bool| {
        let clear = |cookie| app::cookies::clear(cookie, state.secure_cookies);
        let set = |cookie, value: &Token| keeping(state, cookie, value);
        let all = match kept {
            Some(Kept { token, ui_locales }) => {
                let language = ui_locales.and_then(|list| Language::preferred(&list)).map(|language| Token::new(language.tag()));
                let language = language.map_or_else(|| clear(Cookie::AskedLanguage), |tag| set(Cookie::AskedLanguage, &tag));
                [set(Cookie::OpenId, &token), language]
            }
            None if done && carried.is_some() => [clear(Cookie::OpenId), clear(Cookie::AskedLanguage)],
            None => return,
        };
        for cookie in all {
            add_cookie(response, &cookie);
        }
    };
    let (mut response, kept, done) = match step {
        Step::Back(address) => (back(state, context, &address), None, true),
        Step::Ask { ask, kind, kept } => (Redirect::to(&first_page(ask, kind)).into_response(), kept, false),
        Step::Consent { consent, kept } => {
            let Some(of_form) = kept.as_ref().map(|kept| &kept.token).or(carried) else {
                return pages::refuse_person(parts, &Refusal::Unavailable);
            };
            (page::consent(state, context, &consent, of_form), kept, false)
        }
        Step::OtherKind { product, back, again, another } => {
            (page::other_kind(state, context, &product, back, &again, &another), None, true)
        }
        Step::Wrong(wrong) => {
            // For the operator: the page tells a stranger nothing.
            tracing::info!(?wrong, "a request to authorize named a client or an address that is not registered");
            (page::wrong(state, context), None, false)
        }
        Step::Lapsed => (Redirect::to(paths::DASHBOARD).into_response(), None, true),
    };
    keep(&mut response, kept, done);
    response
}
