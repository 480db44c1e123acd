//! Our own forms for which the browser sends `Origin: null`.
//!
//! A page whose address holds a token is sent with `Referrer-Policy: no-referrer`. Under that policy a browser sends `Origin: null`
//! with its forms (Fetch, "append a request Origin header"), as it does for anybody's sandboxed page. Fetch Metadata tell the two
//! apart. A browser without them, or one that is told to hide where it comes from, is recognised by a cookie:
//!
//! ```text
//! GET /reset-password?token=T ─► the page, and a cookie with the hash of T, SameSite=Strict
//! POST the same, Origin: null ─► with that cookie: accepted; without: refused, like any null
//! ```
//!
//! Another site can send a browser to our page with a token of its own, and so plant the cookie. But that site's form is then
//! sent without it. A sibling host could have its form sent with it, but gains nothing: these forms act by their token alone and
//! sign nobody in. `/continue` does set a cookie that grants something, so it is not among them (`http/pages/paths.rs`).

use crate::http::cookies;
use crate::http::media;
use crate::http::pages::{Holds, holds_at};
use crate::http::state::AppState;
use axum::extract::Request;
use axum::http::{HeaderValue, Method, header};
use axum::response::Response;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use portaria::session::{Cookie, Token};
use sha2::{Digest, Sha256};

/// What such a form's page plants in the browser, if it is asked for.
#[must_use]
pub struct FormPage(Option<Token>);

/// Removes the `Origin: null` of such a form if the cookie matches. The same-origin check then treats it like a request of a
/// client that is no browser.
pub fn know(state: &AppState, request: &mut Request) -> FormPage {
    // Fetch Metadata suffice, where the browser sends them.
    let Some(mark) = mark(request).filter(|_| !request.headers().contains_key("sec-fetch-site")) else { return FormPage(None) };
    if request.method() == Method::GET {
        return FormPage(Some(mark));
    }
    let headers = request.headers();
    let null = headers.get(header::ORIGIN).is_some_and(|origin| origin == "null");
    if null && cookies::read(headers, Cookie::Form, state.secure_cookies).as_ref() == Some(&mark) {
        request.headers_mut().remove(header::ORIGIN);
    }
    FormPage(None)
}

impl FormPage {
    /// Plants the cookie with the page.
    pub fn remember(self, state: &AppState, response: &mut Response) {
        if let Some(mark) = self.0
            && media::is_html(response.headers())
            && let Ok(cookie) = HeaderValue::from_str(&app::cookies::set(Cookie::Form, &mark, None, state.secure_cookies))
        {
            response.headers_mut().append(header::SET_COOKIE, cookie);
        }
    }
}

/// The value of this page's cookie: a hash of the token, which does not reveal it.
fn mark(request: &Request) -> Option<Token> {
    let query = request.uri().query()?;
    if holds_at(request.uri().path()) != Holds::TokenOfItsForm {
        return None;
    }
    let mut query = url::form_urlencoded::parse(query.as_bytes());
    let (_, token) = query.find(|(name, _)| name == "token")?;
    Some(Token::new(URL_SAFE_NO_PAD.encode(Sha256::digest(token.as_bytes()))))
}
