//! Our cookies: `HttpOnly`, `SameSite`, for the whole host. Over https they are also `Secure` and have the `__Host-` prefix, so that no
//! sibling host can plant one (ASVS 3.3.1–3.3.4).

use cookie::SameSite;
use portaria::session::{Cookie, Token};
use text::Language;
use time::Duration;

const LANGUAGE_LIFETIME: Duration = Duration::days(365);

/// Returns the `Set-Cookie` value. Without `max_age` the cookie lasts until the browser is closed. `secure`: `PUBLIC_URL` is https.
pub fn set(cookie: Cookie, value: &Token, max_age: Option<Duration>, secure: bool) -> String {
    let same_site = if cookie.is_strict() { SameSite::Strict } else { SameSite::Lax };
    let mut made = cookie::Cookie::new(cookie.name(secure), value.expose());
    made.set_path("/");
    made.set_http_only(true);
    made.set_same_site(same_site);
    made.set_max_age(max_age);
    made.set_secure(secure.then_some(true));
    made.to_string()
}

/// Returns the `Set-Cookie` value of a chosen language.
pub fn of_language(language: Language, secure: bool) -> String {
    set(Cookie::Language, &Token::new(language.tag()), Some(LANGUAGE_LIFETIME), secure)
}

/// Returns the `Set-Cookie` value that removes the cookie.
pub fn clear(cookie: Cookie, secure: bool) -> String {
    set(cookie, &Token::new(""), Some(Duration::ZERO), secure)
}

#[cfg(test)]
mod tests {
    use super::*;
    use portaria::session::REMEMBERED;

    #[test]
    fn over_https_a_cookie_is_secure_and_bound_to_the_host() {
        let token = Token::new("abc");
        let header = set(Cookie::Session, &token, Some(REMEMBERED), true);
        assert_eq!(header, "__Host-portaria_session=abc; HttpOnly; SameSite=Lax; Secure; Path=/; Max-Age=2592000");
        assert_eq!(set(Cookie::Session, &token, None, false), "portaria_session=abc; HttpOnly; SameSite=Lax; Path=/");
        assert_eq!(set(Cookie::Form, &token, None, false), "portaria_form=abc; HttpOnly; SameSite=Strict; Path=/");
        assert_eq!(clear(Cookie::CompletionGrant, false), "portaria_proof=; HttpOnly; SameSite=Lax; Path=/; Max-Age=0");
    }
}
