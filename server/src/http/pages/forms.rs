//! Forms posted to a page's own path. Each calls its server function.

use super::refused::refuse;
use super::render::{PageAddress, answer, provide_to_function, render};
use super::upload::{self, reads_own_body};
use crate::http::media;
use crate::http::onward::add_cookie;
use crate::http::requester::RequestContext;
use crate::http::state::AppState;
use app::forms::{STEP_AGAIN, STEP_CODE, STEP_UP_AGAIN};
use app::{FORMS, FormRoute, PostedForm, Reply, Submitted};
use axum::Extension;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderName, HeaderValue, Method, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use http_body_util::BodyExt;
use portaria::error::Refusal;
use text::Language;

pub(super) async fn submit(State(state): State<AppState>, Extension(context): Extension<RequestContext>, request: Request) -> Response {
    if reads_own_body(request.uri().path(), request.headers()) {
        return upload::receive(&state, &context, request).await;
    }
    let (parts, body) = request.into_parts();
    if !media::is_form(&parts.headers) {
        return refuse(&parts, &Refusal::UnsupportedMediaType);
    }
    // Its size and time were already limited (`http/layers/read_body.rs`).
    let Ok(body) = body.collect().await.map(http_body_util::Collected::to_bytes) else {
        return refuse(&parts, &Refusal::Malformed);
    };
    let fields: Vec<(String, String)> = url::form_urlencoded::parse(&body).into_owned().collect();
    let name = fields.iter().find(|(key, _)| key == "_form").map(|(_, value)| value.as_str()).unwrap_or_default();
    let Some(form) = FORMS.iter().find(|form| form.name == name) else {
        return render(&state, Request::from_parts(parts, Body::empty()), None, StatusCode::BAD_REQUEST).await;
    };
    // The language is chosen by a button of the footer, which belongs to the page's form: what was typed comes along, and is kept.
    let language = fields.iter().find(|(key, _)| key == LANGUAGE).map(|(_, value)| value.clone());
    if let Some(tag) = language.filter(|_| form.name != CHOOSE_LANGUAGE) {
        return in_language(&state, parts, form, fields, &tag).await;
    }
    let (submitted, told) = call(&state, &context, &parts, endpoint(form, &fields), body).await;
    let values = without_secrets(fields, form);
    let mut response = answer(&state, Request::from_parts(parts, Body::empty()), form.name, values, submitted).await;
    for (name, value) in told {
        response.headers_mut().append(name, value);
    }
    response
}

/// The function that a form calls: its own, unless one of its buttons asks for another code to show who one is.
fn endpoint(form: &FormRoute, fields: &[(String, String)]) -> &'static str {
    let asks_again = form.secrets.contains(&STEP_CODE) && fields.iter().any(|(key, _)| key == STEP_AGAIN);
    if asks_again { STEP_UP_AGAIN.endpoint } else { form.endpoint }
}

/// The field and the form by which a language is chosen.
const LANGUAGE: &str = "language";
pub(super) const CHOOSE_LANGUAGE: &str = "choose_language";

fn without_secrets(fields: Vec<(String, String)>, form: &FormRoute) -> Vec<(String, String)> {
    fields.into_iter().filter(|(key, _)| key != "_form" && !form.secrets.contains(&key.as_str())).collect()
}

/// The page of a form in another language, with what was typed; the form is not sent.
async fn in_language(state: &AppState, mut parts: Parts, form: &FormRoute, fields: Vec<(String, String)>, tag: &str) -> Response {
    let language = Language::from_tag(tag);
    if let Some(context) = parts.extensions.get_mut::<RequestContext>() {
        context.language = language;
    }
    let posted = PostedForm { form: form.name.to_owned(), values: without_secrets(fields, form), reply: Reply::default() };
    let mut response = render(state, Request::from_parts(parts, Body::empty()), Some(posted), StatusCode::OK).await;
    add_cookie(&mut response, &app::cookies::of_language(language, state.secure_cookies));
    response
}

/// Headers of a server function's response that the browser gets too.
const TOLD: [HeaderName; 2] = [header::SET_COOKIE, HeaderName::from_static("clear-site-data")];

/// Calls a server function, and reads its answer.
async fn call(
    state: &AppState,
    context: &RequestContext,
    page: &Parts,
    endpoint: &'static str,
    body: axum::body::Bytes,
) -> (Submitted, Vec<(HeaderName, HeaderValue)>) {
    let mut request = Request::new(Body::from(body));
    *request.method_mut() = Method::POST;
    *request.uri_mut() = Uri::from_static(endpoint);
    *request.headers_mut() = page.headers.clone();
    // Without it the function would respond with a redirect.
    request.headers_mut().insert(header::ACCEPT, HeaderValue::from_static("application/json"));
    request.extensions_mut().insert(context.clone());
    request.extensions_mut().insert(PageAddress::of(page));
    let context = {
        let state = state.clone();
        move || provide_to_function(&state)
    };
    let response = leptos_axum::handle_server_fns_with_context(context, request).await.into_response();
    let told =
        response.headers().iter().filter(|(name, _)| TOLD.contains(name)).map(|(name, value)| (name.clone(), value.clone())).collect();
    let answered = response.status().is_success();
    let bytes = response.into_body().collect().await.map(http_body_util::Collected::to_bytes).unwrap_or_default();
    let submitted = match serde_json::from_slice::<Submitted>(&bytes) {
        Ok(submitted) if answered => submitted,
        _ => Submitted::stay(Reply { refusal: Some(Refusal::Malformed), ..Reply::default() }),
    };
    (submitted, told)
}
