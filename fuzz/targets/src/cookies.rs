//! The `Cookie` header.

use crate::text;
use portaria::session::{Cookie, Token};

/// A header per line; the first line is also a value to be set.
pub(crate) fn cookie(bytes: &[u8]) {
    let text = text(bytes);
    let headers: Vec<&str> = text.split('\n').collect();
    for cookie in [Cookie::Session, Cookie::Signup, Cookie::Proof, Cookie::Language] {
        for secure in [false, true] {
            let name = cookie.name(secure);
            if let Some(value) = cookie.read(headers.iter().copied(), secure) {
                let value = value.expose();
                assert!(!value.is_empty() && !value.contains(';'));
                assert!(headers.iter().any(|header| header.contains(&format!("{name}={value}"))), "a value stands beside its name");
            }
            round_trip(cookie, secure, headers[0]);
        }
    }
}

/// What we set, a browser sends back, and we read: alone, and among what others set.
fn round_trip(cookie: Cookie, secure: bool, value: &str) {
    // what our tokens are made of (base64url)
    let value: String = value.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '-' || *c == '_').collect();
    let set = cookie.set(&Token::new(value.clone()), None, secure);
    assert!(set.contains("; HttpOnly") && set.contains("; SameSite=") && set.contains("; Path=/"), "{set}");
    assert_eq!((set.starts_with("__Host-"), set.ends_with("; Secure")), (secure, secure), "{set}");
    let pair = set.split(';').next().unwrap();
    let sent = format!("other=1; {pair}; x{pair}");
    let read = cookie.read(std::iter::once(sent.as_str()), secure);
    assert_eq!(read.map(|token| token.expose().to_owned()), Some(value).filter(|value| !value.is_empty()));
    let planted = cookie.read(std::iter::once(sent.as_str()), !secure);
    assert!(planted.is_none(), "a sibling host's cookie is not ours");
}
