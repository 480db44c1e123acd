//! Sentences as they stand in a page.

use crate::ui::Ui;

/// A refusal as a whole sentence. The contracts word some without a full stop, and the API answers all of them so; a page ends its sentences.
pub fn closed(sentence: String) -> String {
    let fixed = Ui::get().texts.is_worded(&sentence);
    if fixed || sentence.ends_with(['.', '!', '?']) { sentence } else { sentence + "." }
}

/// The same sentence behind a colon.
pub fn continued(sentence: &str) -> String {
    let mut letters = sentence.chars();
    letters.next().into_iter().flat_map(char::to_lowercase).chain(letters.as_str().chars()).collect()
}
