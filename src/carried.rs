//! The sign-ups that one browser carries at once, and which of them is meant (SPEC §16).
//!
//! One cookie holds a token of each, the newest first. Each token is a credential of its own. The id by which a page and its forms say
//! which one they are about is none: it chooses among those whose tokens the browser has, and opens nothing.

use crate::session::Token;

/// A browser carries this many; when one more begins, the oldest falls out, a finished one before one that waits.
pub const MOST_CARRIED: usize = 5;
/// Between the tokens of a cookie: no token of ours has it.
const BETWEEN: char = '.';

/// The tokens of the sign-ups that a browser carries, the newest first.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Carried(Vec<Token>);

impl Carried {
    /// A browser that carries none.
    pub const fn nothing() -> Self {
        Self(Vec::new())
    }

    /// What a cookie says; one of before this list holds a single token. Of one that says more than we write, the first ones count.
    pub fn read(cookie: &Token) -> Self {
        cookie.expose().split(BETWEEN).filter(|token| !token.is_empty()).map(Token::new).take(MOST_CARRIED).collect()
    }

    /// The value of the cookie; `None`: nothing is left to carry.
    pub fn cookie(&self) -> Option<Token> {
        let tokens: Vec<_> = self.0.iter().map(Token::expose).collect();
        (!tokens.is_empty()).then(|| Token::new(tokens.join(&BETWEEN.to_string())))
    }

    /// The tokens, the newest first.
    pub fn tokens(&self) -> &[Token] {
        &self.0
    }

    /// Whether there is none.
    pub const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl FromIterator<Token> for Carried {
    fn from_iter<T: IntoIterator<Item = Token>>(tokens: T) -> Self {
        Self(tokens.into_iter().collect())
    }
}

/// Which sign-up is meant where nothing names one: the newest that waits for its proof, else the newest.
pub fn newest<T>(newest_first: &[T], waits: impl Fn(&T) -> bool) -> Option<&T> {
    newest_first.iter().find(|it| waits(it)).or(newest_first.first())
}

/// Makes room for one more: of those carried, the newest first, which stay.
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
