//! The pages: Leptos behind axum, and their forms.
//!
//! A form is posted to its page's own path, by the browser or by the navigator (`live/`), which fetches what the browser would
//! load. Its server function is called here, and the answer is either a redirect (303) or the same page again, with what was
//! typed, what is wrong, and the refusal's status. Forms that bring a photo: `upload.rs`.

pub(super) mod components;
mod compressed;
mod forms;
mod functions;
mod kept;
pub(super) mod links;
mod paths;
mod refused;
mod render;
mod sheet;
mod steps;
mod upload;

pub use kept::KeptPages;
pub use paths::{Answered, Holds, PAGES, Page, holds_at, is_page, of_preview};
pub use refused::{refuse, refuse_person};
pub use sheet::Sheet;
pub use upload::reads_own_body;

use super::api::own_data;
use super::contract::Contract;
use super::state::AppState;
use axum::Router;
use axum::extract::{DefaultBodyLimit, Request, State};
use axum::http::{Method, StatusCode};
use axum::response::{Redirect, Response};
use axum::routing::get;
use forms::submit;
use portaria::error::Refusal;
use render::render;

/// Where password managers look for the page that changes a password (W3C, "A Well-Known URL for Changing Passwords").
const CHANGE_PASSWORD: &str = "/.well-known/change-password";

/// The pages, their forms and their server functions.
pub fn router(state: &AppState) -> Router {
    let mut pages = Router::new();
    for row in &PAGES {
        let answers = match row.answered {
            Answered::AsPage if row.guarded => get(guarded).post(submit),
            Answered::AsPage => get(page).post(submit),
            Answered::AsLink => get(links::by_get).post(links::by_post),
            Answered::ByTheApi => continue,
        };
        pages = pages.route(row.path, answers);
    }
    let pages = pages
        .route(CHANGE_PASSWORD, get(|| async { Redirect::to(app::paths::PROFILE_PASSWORD) }))
        .route(app::paths::PROFILE_DATA_FILE, get(own_data::download))
        // Their limits stand in `http/layers/read_body.rs` and `http/multipart.rs`.
        .layer(DefaultBodyLimit::disable())
        .fallback(not_found)
        .with_state(state.clone());
    functions::router(state).merge(pages.layer(compressed::layer()))
}

async fn page(State(state): State<AppState>, request: Request) -> Response {
    render(&state, request, None, StatusCode::OK).await
}

async fn guarded(State(state): State<AppState>, request: Request) -> Response {
    render::for_session(&state, request).await
}

async fn not_found(State(state): State<AppState>, request: Request) -> Response {
    if request.method() != Method::GET && request.method() != Method::HEAD {
        return refuse(&request.into_parts().0, &Refusal::NotFound);
    }
    // Leptos would panic on `GET x HTTP/1.1`.
    if request.uri().path_and_query().is_none() {
        return Contract::Problem.refuse(&Refusal::Malformed);
    }
    render(&state, request, None, StatusCode::NOT_FOUND).await
}
