//! Where a browser goes on, and what the page there says of what was just done: a cookie names it, which no address can.

use super::state::AppState;
use app::forms::Onward;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Redirect, Response};
use portaria::session::{Cookie, Token};
use time::Duration;

/// How long a notice waits for the page that says it: as long as the way there may take.
const NOTICE_WAITS: Duration = Duration::minutes(1);

/// A redirect to a page of ours, which says the notice.
pub fn go(state: &AppState, onward: &Onward) -> Response {
    let mut response = Redirect::to(&onward.path).into_response();
    if let Some(notice) = onward.notice {
        let cookie = app::cookies::set(Cookie::Notice, &Token::new(notice.name()), Some(NOTICE_WAITS), state.secure_cookies);
        add_cookie(&mut response, &cookie);
    }
    response
}

pub fn add_cookie(response: &mut Response, cookie: &str) {
    if let Ok(cookie) = HeaderValue::from_str(cookie) {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
}
