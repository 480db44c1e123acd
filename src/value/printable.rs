//! Free text that people will see: names, cities, institutions.
//!
//! Any script (ASVS 2.2.1 asks for an allow-list, but people's names have none): what is refused is what cannot be seen
//! or what changes how its surroundings read.

use super::pasted::is_bidi_control;
use crate::error::FieldError;

/// What was typed, trimmed (also of what a clipboard puts round it and nobody sees) and with each inner run of white space as
/// one space; may be empty.
///
/// # Errors
/// [`FieldError::Unprintable`] when there is a control character inside (so that no newline reaches a mail
/// header or a log), a bidirectional embedding, override or isolate (left open, it turns round what a page or a mail writes
/// behind it: "Trojan Source"; the marks LRM, RLM and ALM are harmless and stay), or nothing that can be seen.
pub(super) fn tidy(typed: &str) -> Result<String, FieldError> {
    let whole = typed.trim();
    let typed = whole.trim_matches(|c: char| c.is_whitespace() || is_wrapping(c));
    if typed.is_empty() && !whole.is_empty() {
        return Err(FieldError::Unprintable);
    }
    if typed.chars().any(|c| c.is_control() || is_bidi_control(c)) {
        return Err(FieldError::Unprintable);
    }
    let mut text = String::with_capacity(typed.len());
    for word in typed.split_whitespace() {
        if !text.is_empty() {
            text.push(' ');
        }
        text.push_str(word);
    }
    if !text.is_empty() && text.chars().all(|c| c == ' ' || is_invisible(c)) {
        return Err(FieldError::Unprintable);
    }
    Ok(text)
}

/// [`tidy`], then between `min` and `max` Unicode scalar values (not bytes, and not graphemes: those need tables).
///
/// # Errors
/// Those of [`tidy`], [`FieldError::Required`], [`FieldError::TooShort`], [`FieldError::TooLong`].
pub(super) fn between(typed: &str, min: u16, max: u16) -> Result<String, FieldError> {
    let text = tidy(typed)?;
    match text.chars().count() {
        0 => Err(FieldError::Required),
        n if n < usize::from(min) => Err(FieldError::TooShort { min }),
        n if n > usize::from(max) => Err(FieldError::TooLong { max }),
        _ => Ok(text),
    }
}

/// What a clipboard puts round a text without changing how that reads: embeddings and isolates that were opened and closed,
/// marks, spaces of no width. Not what turns letters round (U+202E), and not what belongs to the letter before it.
const fn is_wrapping(c: char) -> bool {
    matches!(
        c,
        '\u{00AD}' | '\u{061C}' | '\u{200B}' | '\u{200E}'..='\u{200F}' | '\u{202A}'..='\u{202D}' | '\u{2060}'..='\u{2064}' | '\u{2066}'..='\u{2069}' | '\u{FEFF}'
    )
}

/// Drawn as nothing: `Default_Ignorable_Code_Point` of Unicode, interlinear annotation marks, and the blank of Braille.
/// Some scripts need the joiners inside words, so they are only refused where there is nothing else.
pub(super) const fn is_invisible(c: char) -> bool {
    matches!(
        c,
        '\u{00AD}'
            | '\u{034F}'
            | '\u{061C}'
            | '\u{115F}'..='\u{1160}'
            | '\u{17B4}'..='\u{17B5}'
            | '\u{180B}'..='\u{180F}'
            | '\u{200B}'..='\u{200F}'
            | '\u{2060}'..='\u{206F}'
            | '\u{2800}'
            | '\u{3164}'
            | '\u{FE00}'..='\u{FE0F}'
            | '\u{FEFF}'
            | '\u{FFA0}'
            | '\u{FFF0}'..='\u{FFFB}'
            | '\u{1BCA0}'..='\u{1BCA3}'
            | '\u{1D173}'..='\u{1D17A}'
            | '\u{E0000}'..='\u{E0FFF}'
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn white_space_is_trimmed_and_collapsed() {
        assert_eq!(tidy("  Ana \u{a0}\u{3000} Maria\n").as_deref(), Ok("Ana Maria"));
        assert_eq!(tidy("Ana\u{2028}Maria").as_deref(), Ok("Ana Maria"));
        assert_eq!(tidy(" \t ").as_deref(), Ok(""));
    }

    #[test]
    fn control_characters_inside_are_refused() {
        for typed in ["Ana\0Maria", "Ana\r\nBcc: x", "Ana\nMaria", "Ana\tMaria", "Ana\u{1b}[31m", "Ana\u{7f}Maria", "Ana\u{85}Maria"] {
            assert_eq!(tidy(typed), Err(FieldError::Unprintable), "{typed:?}");
        }
    }

    #[test]
    fn every_bidi_control_is_refused() {
        for c in ('\u{202A}'..='\u{202E}').chain('\u{2066}'..='\u{2069}') {
            assert_eq!(tidy(&format!("Ana{c}Maria")), Err(FieldError::Unprintable), "{c:?}");
        }
    }

    #[test]
    fn nothing_that_can_be_seen_is_refused() {
        for typed in ["\u{200b}", "\u{200b} \u{200d}", "\u{feff}", "\u{3164}", "\u{2800}", "\u{ad}\u{ad}", "\u{e0041}", "\u{fe0f}"] {
            assert_eq!(tidy(typed), Err(FieldError::Unprintable), "{typed:?}");
        }
    }

    #[test]
    fn joiners_inside_words_are_kept() {
        for typed in ["نیلوفر علی\u{200c}زاده", "ක්\u{200d}රිස්ටි", "👩\u{200d}🚀"] {
            assert_eq!(tidy(typed).as_deref(), Ok(typed));
        }
    }

    proptest! {
        #[test]
        fn tidying_twice_changes_nothing(typed in any::<String>()) {
            if let Ok(text) = tidy(&typed) {
                prop_assert_eq!(tidy(&text), Ok(text.clone()));
                prop_assert!(!text.chars().any(char::is_control));
                prop_assert!(!text.contains("  "));
            }
        }

        #[test]
        fn white_space_does_not_matter(words in prop::collection::vec("\\p{L}{1,8}", 1..5), gap in "[ \u{a0}\u{2003}]{1,3}") {
            prop_assert_eq!(tidy(&format!("{gap}{}{gap}", words.join(&gap))), Ok(words.join(" ")));
        }
    }
}
