//! The one reader of cookies.
//!
//! Browsers also send the cookies of other products on the host: Latin-1, UTF-8, empty pieces, quotes. So the headers are read
//! as bytes, and each cookie is parsed by itself: an unreadable cookie does not hide ours.

use axum::http::{HeaderMap, header};
use portaria::session::{Cookie, Token};

pub use app::cookies::set;

/// The value of one of our cookies. Of several with the same name, the first plausible value counts: browsers send the one with
/// the longer path, or the older one, first. Over https the prefix `__Host-` allows only one.
pub fn read(headers: &HeaderMap, which: Cookie, secure: bool) -> Option<Token> {
    let name = which.name(secure);
    let mut pieces = headers.get_all(header::COOKIE).iter().flat_map(|value| value.as_bytes().split(|byte| *byte == b';'));
    pieces.find_map(|piece| value_of(&String::from_utf8_lossy(piece), &name, which))
}

/// The value, if the name matches and the value is plausible: a token or a language tag; for sign-ups, tokens joined by dots.
fn value_of(piece: &str, name: &str, which: Cookie) -> Option<Token> {
    let cookie = cookie::Cookie::parse(piece).ok().filter(|cookie| cookie.name() == name)?;
    let value = cookie.value_trimmed();
    let ours = !value.is_empty()
        && value
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_') || (byte == b'.' && which == Cookie::Signup));
    ours.then(|| Token::new(value))
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    fn session(headers: &[&[u8]]) -> Option<String> {
        let mut all = HeaderMap::new();
        for header in headers {
            all.append(header::COOKIE, HeaderValue::from_bytes(header).expect("a header"));
        }
        read(&all, Cookie::Session, false).map(|token| token.expose().to_owned())
    }

    #[test]
    fn a_foreign_cookie_that_cannot_be_read_does_not_hide_ours() {
        let between: [(&[u8], &[u8]); 3] = [(b"; ", b""), (b";", b";;"), (b" ; ", b"; y=\xff")];
        for foreign in [
            &b"nome=Jo\xc3\xa3o"[..],
            b"nome=Jo\xe3o",
            b"\xe3=1",
            b"",
            b" ",
            b"=",
            b"=x",
            b"x",
            b"x=",
            b"x=\"a, b\"",
            b"x=\"",
            b"x={\"a\":[1,2]}",
            b"x=%zz%e3",
            b"$Version=1",
            b"expires=never",
            b"Path=/x",
        ] {
            for (before, after) in between {
                let first = [foreign, before, b"portaria_session=tok", after].concat();
                assert_eq!(session(&[&first]).as_deref(), Some("tok"), "{}", String::from_utf8_lossy(&first));
                let last = [b"portaria_session=tok".as_slice(), before, foreign].concat();
                assert_eq!(session(&[&last]).as_deref(), Some("tok"), "{}", String::from_utf8_lossy(&last));
                assert_eq!(session(&[foreign, b"portaria_session=tok"]).as_deref(), Some("tok"));
            }
        }
    }

    #[test]
    fn the_first_usable_value_of_several_counts() {
        assert_eq!(session(&[b"portaria_session=; portaria_session=a; portaria_session=b"]).as_deref(), Some("a"));
        assert_eq!(session(&[b"portaria_session=Jo\xe3o", b"portaria_session=\"b\""]).as_deref(), Some("b"));
        assert_eq!(session(&[b"xportaria_session=a; portaria_session2=b; Portaria_Session=c"]), None);
        assert_eq!(session(&[]), None);
    }

    #[test]
    fn the_tokens_of_several_sign_ups_are_one_value_and_a_dot_is_in_no_other() {
        let mut headers = HeaderMap::new();
        headers.insert(header::COOKIE, HeaderValue::from_static("portaria_signup=new.old; portaria_session=a.b"));
        assert_eq!(read(&headers, Cookie::Signup, false), Some(Token::new("new.old")));
        assert_eq!(read(&headers, Cookie::Session, false), None);
    }

    #[test]
    fn an_empty_one_is_none_and_over_https_only_the_prefixed_one_is_ours() {
        let mut headers = HeaderMap::new();
        headers.insert(header::COOKIE, HeaderValue::from_static("portaria_session=tok; portaria_signup="));
        assert_eq!(read(&headers, Cookie::Signup, false), None);
        assert_eq!(read(&headers, Cookie::Session, true), None);
    }
}
