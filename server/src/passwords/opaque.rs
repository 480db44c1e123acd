//! A password in its normalised spelling: RFC 8265's `OpaqueString` (§4.2.2), so that `é` is the same from every keyboard.
//!
//! Only its mappings: characters that it also forbids (unassigned ones, controls) have been accepted from the first day. On
//! the server alone: normalisation tables would double the download for the browser.

use std::borrow::Cow;
use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfc_quick};

/// Maps every space to U+0020, then applies NFC. Case, width and everything else stay as typed.
pub(super) fn opaque(typed: &str) -> Cow<'_, str> {
    let quick = is_nfc_quick(typed.chars()) == IsNormalized::Yes;
    if quick && !typed.contains(is_other_space) {
        return Cow::Borrowed(typed);
    }
    Cow::Owned(typed.chars().map(|c| if is_other_space(c) { ' ' } else { c }).nfc().collect())
}

/// The spellings to compare; the first one is the one that is hashed. The second is as typed: passwords set before
/// normalisation were hashed that way.
pub(super) fn spellings(typed: &str) -> Vec<Cow<'_, str>> {
    let opaque = opaque(typed);
    if opaque == typed { vec![opaque] } else { vec![opaque, Cow::Borrowed(typed)] }
}

/// Unicode's general category Zs without U+0020.
const fn is_other_space(c: char) -> bool {
    matches!(c, '\u{A0}' | '\u{1680}' | '\u{2000}'..='\u{200A}' | '\u{202F}' | '\u{205F}' | '\u{3000}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_password_has_one_spelling() {
        for (typed, expected) in [
            ("Umbrella#92x", "Umbrella#92x"),
            ("cafe\u{301} Forte#1", "café Forte#1"),
            ("café\u{a0}Forte#1", "café Forte#1"),
            ("a\u{3000}b\u{2003}c\u{202f}d", "a b c d"),
            ("\u{1112}\u{1161}\u{11ab}", "\u{d55c}"),
            ("\u{212b}", "\u{c5}"),
        ] {
            assert_eq!(opaque(typed), expected, "{typed:?}");
            assert_eq!(opaque(expected), expected);
        }
    }

    #[test]
    fn case_width_and_ligatures_stay_as_they_are() {
        for typed in ["Ａｂｃ", "ﬁ", "ABC", "tab\there", " at both ends "] {
            assert_eq!(spellings(typed), [typed]);
        }
    }
}
