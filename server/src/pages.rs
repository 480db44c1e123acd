//! The pages' door: Leptos behind axum, and forms that were posted without WASM.
//!
//! Hydrated, a form calls its server function. Without JavaScript, or before the WASM arrived, the browser posts it to the
//! page's own path; then the same server function is called here, and the answer is either a redirect (303) or the same
//! page again, with what was typed, what is wrong, and the refusal's status. One function for both: no rule is written twice.
//! Forms that bring a photo are posted there in either case: `pages/upload.rs`.

mod refused;
mod upload;

use crate::assets;
use crate::middleware::requester::Visitor;
use crate::site::Site;
use app::{App, Assets, Door, FORMS, First, Posted, PostedForm, Reply, ShellOptions, Submitted, shell};
use axum::body::Body;
use axum::extract::{DefaultBodyLimit, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Uri, header};
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use axum::{Extension, Router};
use http_body_util::BodyExt;
use leptos::config::LeptosOptions;
use leptos::nonce::use_nonce;
use leptos::prelude::{expect_context, provide_context, use_context};
use leptos_axum::{AxumRouteListing, LeptosRoutes, ResponseOptions, generate_route_list};
use portaria::error::Refusal;
use std::sync::OnceLock;

pub use refused::refuse;
pub use upload::reads_own_body;

/// Opened by mail links too: answered in `api/email_link.rs`.
const LINK_PATHS: [&str; 2] = ["/verify", "/api/auth/verify-email"];
/// Pages of a session.
const GUARDED: [&str; 7] =
    ["/dashboard", "/complete-profile", "/profile", "/profile/password", "/profile/phone", "/profile/email", "/profile/document"];
/// Pages whose address holds a token: it must not travel in `Referer`.
const SECRET_PATHS: [&str; 6] = ["/verify", "/api/auth/verify-email", "/continue", "/reset-password", "/not-me", "/document-mine"];
/// Where password managers look for the page that changes a password (W3C, "A Well-Known URL for Changing Passwords").
const CHANGE_PASSWORD: &str = "/.well-known/change-password";

/// The pages, their forms and their server functions.
pub fn router(site: &Site) -> Router {
    let options = LeptosOptions::builder().output_name("portaria").build();
    let mut paths = routes().to_vec();
    paths.retain(|listing| !LINK_PATHS.contains(&listing.path()));
    let context = {
        let site = site.clone();
        move || provide_contexts(&site, None, First::default())
    };
    // without pages: those are drawn here, after their data has been asked for
    let functions: Router = Router::<LeptosOptions>::new()
        .leptos_routes_with_context(&options, Vec::new(), context, || shell(ShellOptions::default()))
        .with_state(options);
    let mut pages = Router::new();
    for listing in paths {
        pages = pages.route(listing.path(), get(page).post(submit));
    }
    pages = pages.route(CHANGE_PASSWORD, get(|| async { Redirect::to("/profile/password") }));
    // theirs stand in middleware/body.rs and multipart.rs
    let pages = pages.layer(DefaultBodyLimit::disable());
    let links = Router::new().route("/verify", get(crate::api::verify_by_get).post(crate::api::verify_by_post));
    functions
        .merge(pages.merge(links).fallback(not_found).with_state(site.clone()))
        .layer(from_fn_with_state(site.clone(), guard))
        .layer(from_fn(blame_arguments))
}

/// Leptos 0.8 answers 500 to arguments that it cannot read. Our functions refuse with `Ok`, so that what is left is the
/// client's fault.
async fn blame_arguments(request: Request, next: Next) -> Response {
    let is_function = request.uri().path().starts_with("/sf/");
    let mut request = request;
    if is_function {
        // else a plain form would be sent back to whatever page it says it came from, with the answer in the address
        request.headers_mut().insert(header::ACCEPT, HeaderValue::from_static("application/json"));
        request.headers_mut().remove(header::REFERER);
    }
    let mut response = next.run(request).await;
    if is_function && response.status() == StatusCode::INTERNAL_SERVER_ERROR {
        *response.status_mut() = StatusCode::BAD_REQUEST;
    }
    response
}

/// The application's routes. Made once.
fn routes() -> &'static [AxumRouteListing] {
    static ROUTES: OnceLock<Vec<AxumRouteListing>> = OnceLock::new();
    ROUTES.get_or_init(|| generate_route_list(App))
}

/// Whether a page has this path; the segments of a route that are names in braces may be any. A path of the contracts is none,
/// also where a link opened there is shown as one.
pub fn is_page(path: &str) -> bool {
    !path.starts_with("/api/")
        && routes().iter().any(|listing| {
            let (mut route, mut asked) = (listing.path().split('/'), path.split('/'));
            loop {
                match (route.next(), asked.next()) {
                    (None, None) => return true,
                    (Some(name), Some(segment)) if name == segment || (name.starts_with('{') && !segment.is_empty()) => {}
                    _ => return false,
                }
            }
        })
}

/// The way from this request to the use cases.
fn door(site: &Site, parts: &Parts) -> Option<Door> {
    let Visitor { who, language } = parts.extensions.get::<Visitor>().cloned()?;
    Some(Door {
        accounts: site.accounts.clone(),
        who,
        secure_cookies: site.secure_cookies,
        public_url: site.public_url.to_string(),
        language,
        path: parts.uri.path_and_query().map_or("/", |path| path.as_str()).to_owned(),
    })
}

/// What a page and a server function find in context.
fn provide_contexts(site: &Site, posted: Option<PostedForm>, first: First) {
    if let Some(parts) = use_context::<Parts>()
        && let Some(door) = door(site, &parts)
    {
        provide_context(door);
        page_headers(&parts.uri);
    }
    provide_context(Assets { version: assets::VERSION.clone() });
    provide_context(Posted(posted));
    provide_context(first);
}

/// Headers of a page: a policy that lets nothing run but our own files and the scripts with this answer's nonce
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
    // what that would do to the forms: app/src/shell.rs and middleware/own_forms.rs
    if SECRET_PATHS.contains(&uri.path()) {
        response.insert_header(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    }
}

/// A page that is opened.
async fn page(State(site): State<Site>, request: Request) -> Response {
    render(&site, request, None, StatusCode::OK).await
}

/// Renders the page of a request's path, after a form perhaps, with a status.
pub async fn render(site: &Site, request: Request, posted: Option<PostedForm>, status: StatusCode) -> Response {
    let (mut parts, _) = request.into_parts();
    parts.method = Method::GET;
    let first = First::ask(door(site, &parts).as_ref(), &parts.uri).await;
    // of a form that was posted the status is its own
    let refused = first.refusal().filter(|_| posted.is_none() && status == StatusCode::OK);
    let status = refused.and_then(|refusal| StatusCode::from_u16(refusal.status()).ok()).unwrap_or(status);
    let context = {
        let site = site.clone();
        move || provide_contexts(&site, posted.clone(), first.clone())
    };
    let render = leptos_axum::render_app_async_with_context(context, || shell(ShellOptions::default()));
    let mut response = render(Request::from_parts(parts, Body::empty())).await.into_response();
    if response.status() == StatusCode::OK {
        *response.status_mut() = status;
    }
    response
}

/// No such page.
async fn not_found(State(site): State<Site>, request: Request) -> Response {
    if request.method() != Method::GET && request.method() != Method::HEAD {
        return refuse(&request.into_parts().0, &Refusal::NotFound);
    }
    // `GET x HTTP/1.1`: Leptos would panic
    if request.uri().path_and_query().is_none() {
        return crate::api::refusal_for("/", &Refusal::Malformed);
    }
    render(&site, request, None, StatusCode::NOT_FOUND).await
}

/// Pages of a session are not even rendered without one (docs/architecture.md#pages).
async fn guard(State(site): State<Site>, request: Request, next: Next) -> Response {
    if GUARDED.contains(&request.uri().path()) && *request.method() != Method::POST {
        let visitor = request.extensions().get::<Visitor>().cloned();
        let signed_in = match visitor {
            Some(visitor) => site.accounts.me(&visitor.who).await,
            None => Err(Refusal::NotSignedIn),
        };
        if matches!(signed_in, Err(Refusal::NotSignedIn)) {
            return Redirect::to("/login").into_response();
        }
    }
    let unknown = request.uri().path().strip_prefix("/register/").is_some_and(|slug| app::forms::open_journey(slug).is_none());
    let mut response = next.run(request).await;
    if unknown && response.status() == StatusCode::OK {
        *response.status_mut() = StatusCode::NOT_FOUND;
    }
    response
}

/// Whether a request carries a form.
pub fn is_form(headers: &HeaderMap) -> bool {
    let media = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    media.split(';').next().is_some_and(|media| media.trim().eq_ignore_ascii_case("application/x-www-form-urlencoded"))
}

/// A form posted to a page's own path.
pub async fn submit(State(site): State<Site>, Extension(visitor): Extension<Visitor>, request: Request) -> Response {
    if reads_own_body(request.uri().path(), request.headers()) {
        return upload::receive(&site, &visitor, request).await;
    }
    let (parts, body) = request.into_parts();
    if !is_form(&parts.headers) {
        return refuse(&parts, &Refusal::UnsupportedMediaType);
    }
    // its size and time were limited before (middleware/body.rs)
    let Ok(body) = body.collect().await.map(http_body_util::Collected::to_bytes) else {
        return refuse(&parts, &Refusal::Malformed);
    };
    let fields: Vec<(String, String)> = url::form_urlencoded::parse(&body).into_owned().collect();
    let name = fields.iter().find(|(key, _)| key == "_form").map(|(_, value)| value.as_str()).unwrap_or_default();
    let Some(form) = FORMS.iter().find(|form| form.name == name) else {
        return render(&site, Request::from_parts(parts, Body::empty()), None, StatusCode::BAD_REQUEST).await;
    };
    let (submitted, told) = call(&site, &visitor, &parts.headers, form.endpoint, body).await;
    let values = fields.into_iter().filter(|(key, _)| key != "_form" && !form.secrets.contains(&key.as_str())).collect();
    let mut response = answer(&site, Request::from_parts(parts, Body::empty()), form.name, values, submitted).await;
    for (name, value) in told {
        response.headers_mut().append(name, value);
    }
    response
}

/// What a browser without WASM is answered: on to another page, or this one again with what was typed into it.
async fn answer(site: &Site, request: Request, form: &str, values: Vec<(String, String)>, submitted: Submitted) -> Response {
    match submitted {
        Submitted::Go(path) if app::forms::is_own_path(&path) => Redirect::to(&path).into_response(),
        Submitted::Go(_) => Redirect::to("/").into_response(),
        Submitted::Stay(reply) => {
            let status = reply.refusal.as_ref().and_then(|refusal| StatusCode::from_u16(refusal.status()).ok()).unwrap_or(StatusCode::OK);
            let retry_after = reply.refusal.as_ref().and_then(Refusal::retry_after);
            let posted = PostedForm { form: form.to_owned(), values, reply };
            let mut response = render(site, request, Some(posted), status).await;
            if let Some(seconds) = retry_after {
                response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
            }
            response
        }
    }
}

/// What of a server function's answer is for the browser, whoever called it.
const TOLD: [HeaderName; 2] = [header::SET_COOKIE, HeaderName::from_static("clear-site-data")];

/// Calls a server function as the browser's WASM would, and reads its answer.
async fn call(
    site: &Site,
    visitor: &Visitor,
    headers: &HeaderMap,
    endpoint: &'static str,
    body: axum::body::Bytes,
) -> (Submitted, Vec<(HeaderName, HeaderValue)>) {
    let mut request = Request::new(Body::from(body));
    *request.method_mut() = Method::POST;
    *request.uri_mut() = Uri::from_static(endpoint);
    *request.headers_mut() = headers.clone();
    // without it the function would answer with a redirect of its own
    request.headers_mut().insert(header::ACCEPT, HeaderValue::from_static("application/json"));
    request.extensions_mut().insert(visitor.clone());
    let context = {
        let site = site.clone();
        move || provide_contexts(&site, None, First::default())
    };
    let response = leptos_axum::handle_server_fns_with_context(context, request).await.into_response();
    let told =
        response.headers().iter().filter(|(name, _)| TOLD.contains(name)).map(|(name, value)| (name.clone(), value.clone())).collect();
    let answered = response.status().is_success();
    let bytes = response.into_body().collect().await.map(http_body_util::Collected::to_bytes).unwrap_or_default();
    let submitted = match serde_json::from_slice::<Submitted>(&bytes) {
        Ok(submitted) if answered => submitted,
        _ => Submitted::Stay(Reply { refusal: Some(Refusal::Malformed), ..Reply::default() }),
    };
    (submitted, told)
}
