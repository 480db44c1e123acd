//! The pages' door: Leptos behind axum, and forms that were posted without WASM.
//!
//! Hydrated, a form calls its server function. Without JavaScript, or before the WASM arrived, the browser posts it to the
//! page's own path; then the same server function is called here, and the answer is either a redirect (303) or the same
//! page again, with what was typed, what is wrong, and the refusal's status. One function for both: no rule is written twice.
//! Forms that bring a photo are posted there in either case: `upload.rs`.

mod forms;
mod guard;
mod links;
mod paths;
mod refused;
mod render;
mod upload;

pub use paths::is_page;
pub use refused::refuse;
pub use upload::reads_own_body;

use super::contract::refusal_for;
use super::state::Site;
use app::{First, ShellOptions, shell};
use axum::Router;
use axum::extract::{DefaultBodyLimit, Request, State};
use axum::http::{HeaderValue, Method, StatusCode, header};
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::{Redirect, Response};
use axum::routing::get;
use forms::submit;
use leptos::config::LeptosOptions;
use leptos_axum::LeptosRoutes;
use paths::{LINK_PATHS, routes};
use portaria::error::Refusal;
use render::{provide_contexts, render};

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
    // theirs stand in http/layers/read_body.rs and http/multipart.rs
    let pages = pages.layer(DefaultBodyLimit::disable());
    functions
        .merge(pages.merge(links::router()).fallback(not_found).with_state(site.clone()))
        .layer(from_fn_with_state(site.clone(), guard::guard))
        .layer(from_fn(blame_arguments))
}

/// A page that is opened.
async fn page(State(site): State<Site>, request: Request) -> Response {
    render(&site, request, None, StatusCode::OK).await
}

/// No such page.
async fn not_found(State(site): State<Site>, request: Request) -> Response {
    if request.method() != Method::GET && request.method() != Method::HEAD {
        return refuse(&request.into_parts().0, &Refusal::NotFound);
    }
    // `GET x HTTP/1.1`: Leptos would panic
    if request.uri().path_and_query().is_none() {
        return refusal_for("/", &Refusal::Malformed);
    }
    render(&site, request, None, StatusCode::NOT_FOUND).await
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
