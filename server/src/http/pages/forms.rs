//! Forms posted to a page's own path. Each calls its server function.

use super::refused::refuse;
use super::render::{answer, provide_to_function, render};
use super::upload::{self, reads_own_body};
use crate::http::media;
use crate::http::requester::RequestContext;
use crate::http::state::AppState;
use app::{FORMS, Reply, Submitted};
use axum::Extension;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use http_body_util::BodyExt;
use portaria::error::Refusal;

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
    let (submitted, told) = call(&state, &context, &parts.headers, form.endpoint, body).await;
    let values = fields.into_iter().filter(|(key, _)| key != "_form" && !form.secrets.contains(&key.as_str())).collect();
    let mut response = answer(&state, Request::from_parts(parts, Body::empty()), form.name, values, submitted).await;
    for (name, value) in told {
        response.headers_mut().append(name, value);
    }
    response
}

/// Headers of a server function's response that the browser gets too.
const TOLD: [HeaderName; 2] = [header::SET_COOKIE, HeaderName::from_static("clear-site-data")];

/// Calls a server function, and reads its answer.
async fn call(
    state: &AppState,
    context: &RequestContext,
    headers: &HeaderMap,
    endpoint: &'static str,
    body: axum::body::Bytes,
) -> (Submitted, Vec<(HeaderName, HeaderValue)>) {
    let mut request = Request::new(Body::from(body));
    *request.method_mut() = Method::POST;
    *request.uri_mut() = Uri::from_static(endpoint);
    *request.headers_mut() = headers.clone();
    // Without it the function would respond with a redirect.
    request.headers_mut().insert(header::ACCEPT, HeaderValue::from_static("application/json"));
    request.extensions_mut().insert(context.clone());
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
