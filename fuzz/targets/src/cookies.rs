//! The `Cookie` header.

use axum::http::{HeaderMap, HeaderValue, header};
use portaria::session::{Cookie, Token};
use server::http::cookies::{read, set};

/// Returns the headers that a browser could send. Lines that HTTP does not allow in a header are left out.
fn headers(lines: &[&[u8]]) -> HeaderMap {
    let mut headers = HeaderMap::new();
    for value in lines.iter().filter_map(|line| HeaderValue::from_bytes(line).ok()) {
        headers.append(header::COOKIE, value);
    }
    headers
}

/// Input: one header per line. The first line is also used as a value to set.
pub(crate) fn cookie(bytes: &[u8]) {
    let lines: Vec<&[u8]> = bytes.split(|byte| *byte == b'\n').collect();
    let sent = headers(&lines);
    for cookie in [Cookie::Session, Cookie::Signup, Cookie::CompletionGrant, Cookie::Language] {
        for secure in [false, true] {
            let name = cookie.name(secure);
            if let Some(value) = read(&sent, cookie, secure) {
                let value = value.expose();
                assert!(!value.is_empty() && !value.contains(';'));
                assert!(lines.iter().any(|line| String::from_utf8_lossy(line).contains(&name)), "a value has a name");
            }
            round_trip(cookie, secure, &String::from_utf8_lossy(lines[0]));
        }
    }
}

/// Sets a cookie, sends it back among other cookies, and reads it.
fn round_trip(cookie: Cookie, secure: bool, value: &str) {
    // The alphabet of our tokens (base64url).
    let value: String = value.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '-' || *c == '_').collect();
    let header = set(cookie, &Token::new(value.clone()), None, secure);
    assert!(header.contains("; HttpOnly") && header.contains("; SameSite=") && header.contains("; Path=/"), "{header}");
    assert_eq!((header.starts_with("__Host-"), header.contains("; Secure")), (secure, secure), "{header}");
    let pair = header.split(';').next().unwrap();
    let sent = format!("other=1; {pair}; x{pair}");
    let sent = headers(&[sent.as_bytes()]);
    let found = read(&sent, cookie, secure);
    assert_eq!(found.map(|token| token.expose().to_owned()), Some(value).filter(|value| !value.is_empty()));
    let planted = read(&sent, cookie, !secure);
    assert!(planted.is_none(), "a sibling host's cookie is not ours");
}
