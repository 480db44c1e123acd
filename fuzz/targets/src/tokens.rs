//! Access tokens (RFC 8725).

use crate::door::{Open, open};
use crate::text;
use portaria::journey::Kind;
use portaria::session::Token;
use std::sync::OnceLock;
use time::Duration;
use uuid::Uuid;

/// Returns a token that we issued, after checking that it is valid until it expires.
fn ours(open: &Open) -> &'static Token {
    static OURS: OnceLock<Token> = OnceLock::new();
    OURS.get_or_init(|| {
        let (session, hours) = (Uuid::from_u128(7), Duration::hours(2));
        let token = open.tokens.issue(42, Kind::Cliente, session, open.now, hours).expect("a token");
        let verified = |at| open.tokens.verify(&token, at).expect("no fault");
        assert_eq!(verified(open.now), Some(session), "ours is taken");
        assert_eq!(verified(open.now + hours), None, "until it lapses");
        token
    })
}

/// Uses the input twice: as a token, and as changes to a token of ours (two bytes for the position, one for the new value).
pub(crate) fn token(bytes: &[u8]) {
    let open = open();
    let ours = ours(open);
    let checked = |token: String| open.tokens.verify(&Token::new(token), open.now).expect("no fault");
    assert_eq!(checked(text(bytes).into_owned()), None, "no stranger can sign");
    let mut changed = ours.expose().as_bytes().to_vec();
    for change in bytes.chunks_exact(3) {
        let at = usize::from(u16::from_le_bytes([change[0], change[1]])) % changed.len();
        changed[at] = change[2];
    }
    let changed = text(&changed).into_owned();
    if changed != ours.expose() {
        assert_eq!(checked(changed), None, "and nobody can change what we signed");
    }
}
