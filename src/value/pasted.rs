//! Cleans up pasted text, for all values that are not free text.
//!
//! A phone copied from the contacts of a Mac is enclosed in U+202D and U+202C. A CPF from a PDF has a non-breaking hyphen, a code
//! from a message an en dash, an address from a web page a zero-width space. People cannot see these, so they could not correct an
//! "invalid" value. Full-width digits and letters are visible and stay: they are another spelling (trap g in
//! docs/standards.md#cpf-and-cnpj).

use super::printable::is_invisible;
use std::borrow::Cow;

/// Removes invisible characters, maps every dash to `-`, every space and slash to the ASCII one, and trims.
///
/// Control characters stay, except white space: nobody pastes them, and no value accepts them.
pub(crate) fn read(typed: &str) -> Cow<'_, str> {
    if typed.is_ascii() && !typed.bytes().any(|c| c.is_ascii_whitespace() || c == 0x0B) {
        return Cow::Borrowed(typed);
    }
    let plain: String = typed.chars().filter_map(plain).collect();
    Cow::Owned(plain.trim().to_owned())
}

/// Returns whether nothing stands there that can be seen.
pub fn is_blank(typed: &str) -> bool {
    read(typed).is_empty()
}

/// Returns the plain form of a character; `None`: it is invisible.
const fn plain(c: char) -> Option<char> {
    match c {
        // The Braille blank counts as invisible elsewhere, but it is as wide as a letter.
        '\u{2800}' => Some(' '),
        c if is_invisible(c) || is_bidi_control(c) => None,
        c if is_dash(c) => Some('-'),
        '\u{2044}' | '\u{2215}' => Some('/'),
        c if c.is_whitespace() => Some(' '),
        c => Some(c),
    }
}

/// Embeddings, overrides and isolates (UAX #9).
pub(super) const fn is_bidi_control(c: char) -> bool {
    matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

/// Unicode's general category Pd, and what is drawn like one: minus signs, the hyphen bullet.
const fn is_dash(c: char) -> bool {
    matches!(
        c,
        '-' | '\u{058A}'
            | '\u{05BE}'
            | '\u{1400}'
            | '\u{1806}'
            | '\u{2010}'..='\u{2015}'
            | '\u{2E17}'
            | '\u{2E1A}'
            | '\u{2E3A}'..='\u{2E3B}'
            | '\u{2E40}'
            | '\u{2E5D}'
            | '\u{301C}'
            | '\u{3030}'
            | '\u{30A0}'
            | '\u{FE31}'..='\u{FE32}'
            | '\u{FE58}'
            | '\u{FE63}'
            | '\u{FF0D}'
            | '\u{10D6E}'
            | '\u{10EAD}'
            | '\u{02D7}'
            | '\u{2043}'
            | '\u{207B}'
            | '\u{208B}'
            | '\u{2212}'
            | '\u{2796}'
    )
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use proptest::prelude::*;

    /// What cannot be seen, a few of each kind.
    pub(crate) const UNSEEN: &str = "\u{ad}\u{34f}\u{61c}\u{180e}\u{200b}\u{200c}\u{200d}\u{200e}\u{200f}\u{202a}\u{202b}\u{202c}\u{202d}\u{202e}\
                                     \u{2060}\u{2061}\u{2064}\u{2066}\u{2067}\u{2068}\u{2069}\u{206f}\u{3164}\u{fe0e}\u{fe0f}\u{feff}\u{fffb}\u{e0041}\u{e0100}";
    /// Spaces of every width.
    pub(crate) const SPACES: &str = " \t\r\n\u{a0}\u{1680}\u{2000}\u{2003}\u{2007}\u{2009}\u{200a}\u{2028}\u{202f}\u{205f}\u{2800}\u{3000}";
    /// Dashes of every length.
    pub(crate) const DASHES: &str = "-\u{58a}\u{5be}\u{2010}\u{2011}\u{2012}\u{2013}\u{2014}\u{2015}\u{2043}\u{207b}\u{208b}\u{2212}\u{2796}\u{2e3a}\u{301c}\u{30a0}\u{fe58}\u{fe63}\u{ff0d}";

    /// The same text as it may come out of a clipboard: every dash and space another one, and the unseen anywhere.
    pub(crate) fn pasted(text: String) -> impl Strategy<Value = String> {
        fn any_of(chars: &'static str) -> impl Strategy<Value = char> {
            prop::sample::select(chars.chars().collect::<Vec<_>>())
        }
        let count = text.chars().count() + 1;
        let unseen = prop::collection::vec(prop::collection::vec(any_of(UNSEEN), 0..2), count);
        let dashes = prop::collection::vec(any_of(DASHES), count);
        let spaces = prop::collection::vec(any_of(SPACES), count);
        (unseen, dashes, spaces).prop_map(move |(unseen, dashes, spaces)| {
            let mut pasted = String::new();
            for (at, c) in text.chars().enumerate() {
                pasted.extend(&unseen[at]);
                pasted.push(match c {
                    '-' => dashes[at],
                    ' ' => spaces[at],
                    c => c,
                });
            }
            pasted.extend(&unseen[count - 1]);
            pasted
        })
    }

    #[test]
    fn what_cannot_be_seen_is_gone_and_every_dash_and_space_is_the_plain_one() {
        assert_eq!(read(UNSEEN), "");
        assert_eq!(read(SPACES), "");
        assert!(read(DASHES).chars().all(|c| c == '-'), "{}", read(DASHES));
        for space in SPACES.chars() {
            assert_eq!(read(&format!("{space}a{space}b{space}")), "a b", "{space:?}");
        }
        assert_eq!(read("12.ABC.345\u{2044}01DE\u{2011}35"), "12.ABC.345/01DE-35");
    }

    #[test]
    fn what_can_be_seen_stays_what_it_is() {
        for text in ["ana@example.com", "５２９", "joão", "a\u{0}b", "\u{7f}", "東京", "a.b_c"] {
            assert_eq!(read(text), text);
        }
    }

    proptest! {
        #[test]
        fn reading_twice_changes_nothing(typed in any::<String>()) {
            let once = read(&typed).into_owned();
            prop_assert_eq!(read(&once), once.clone());
        }
    }
}
