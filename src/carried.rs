//! The sign-ups that one browser carries at once, and how a request selects one of them (SPEC §16).
//!
//! One cookie holds a token for each, the newest first. Each token is a credential. A page and its forms name a sign-up by its
//! id. The id is no credential: it only selects among the sign-ups whose tokens the browser has.

use crate::session::Token;

/// The most sign-ups that a browser carries. One more evicts the oldest finished one, or else the oldest of all.
pub const MOST_CARRIED: usize = 5;
/// Separates the tokens in the cookie; no token contains it.
const BETWEEN: char = '.';

/// The tokens of the sign-ups that a browser carries, the newest first.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Carried(Vec<Token>);

impl Carried {
    /// Returns an empty list.
    pub const fn nothing() -> Self {
        Self(Vec::new())
    }

    /// Reads the cookie. A cookie from before this list existed holds a single token. Tokens past [`MOST_CARRIED`] are ignored.
    pub fn read(cookie: &Token) -> Self {
        cookie.expose().split(BETWEEN).filter(|token| !token.is_empty()).map(Token::new).take(MOST_CARRIED).collect()
    }

    /// Returns the value of the cookie; `None`: the list is empty.
    pub fn cookie(&self) -> Option<Token> {
        let tokens: Vec<_> = self.0.iter().map(Token::expose).collect();
        (!tokens.is_empty()).then(|| Token::new(tokens.join(&BETWEEN.to_string())))
    }

    /// Returns the tokens, the newest first.
    pub fn tokens(&self) -> &[Token] {
        &self.0
    }

    /// Returns whether the browser carries no sign-up.
    pub const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl FromIterator<Token> for Carried {
    fn from_iter<T: IntoIterator<Item = Token>>(tokens: T) -> Self {
        Self(tokens.into_iter().collect())
    }
}

/// Returns the default selection, used when a request names no sign-up: the newest that waits for its proof, else the newest.
pub fn newest<T>(newest_first: &[T], waits: impl Fn(&T) -> bool) -> Option<&T> {
    newest_first.iter().find(|it| waits(it)).or(newest_first.first())
}

/// Makes room for one more. Returns those that stay, the newest first.
pub fn with_room<T>(newest_first: Vec<T>, waits: impl Fn(&T) -> bool) -> Vec<T> {
    let mut stay = newest_first;
    while stay.len() >= MOST_CARRIED {
        let falls_out = stay.iter().rposition(|it| !waits(it)).unwrap_or(stay.len() - 1);
        stay.remove(falls_out);
    }
    stay
}

#[cfg(test)]
mod tests {
    use super::*;

    fn carried(cookie: &str) -> Vec<String> {
        Carried::read(&Token::new(cookie)).tokens().iter().map(|token| token.expose().to_owned()).collect()
    }

    #[test]
    fn a_cookie_holds_several_and_one_of_before_holds_one() {
        assert_eq!(carried("one"), ["one"]);
        assert_eq!(carried("new.old"), ["new", "old"]);
        assert_eq!(carried("..a..b."), ["a", "b"]);
        assert_eq!(carried("1.2.3.4.5.6.7"), ["1", "2", "3", "4", "5"]);
        let cookie = Carried::read(&Token::new("new.old")).cookie();
        assert_eq!(cookie.as_ref().map(Token::expose), Some("new.old"));
        assert_eq!(Carried::nothing().cookie(), None);
        assert!(Carried::read(&Token::new("")).is_empty());
    }

    #[test]
    fn without_a_name_the_newest_that_waits_is_meant() {
        let waits = |it: &(u8, bool)| it.1;
        assert_eq!(newest(&[(3, false), (2, true), (1, true)], waits), Some(&(2, true)));
        assert_eq!(newest(&[(3, false), (2, false)], waits), Some(&(3, false)));
        assert_eq!(newest(&[], waits), None);
    }

    #[test]
    fn the_oldest_falls_out_and_a_finished_one_before_one_that_waits() {
        let waits = |it: &(u8, bool)| it.1;
        let all = |finished: u8| (1..=5).rev().map(|n| (n, n != finished)).collect::<Vec<_>>();
        let left = |stay: Vec<(u8, bool)>| stay.into_iter().map(|(n, _)| n).collect::<Vec<_>>();
        assert_eq!(left(with_room(all(0), waits)), [5, 4, 3, 2]);
        assert_eq!(left(with_room(all(4), waits)), [5, 3, 2, 1]);
        assert_eq!(left(with_room(vec![(2, true), (1, true)], waits)), [2, 1]);
    }
}
