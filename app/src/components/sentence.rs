//! Sentences as they stand in a page.

use crate::ui::Ui;

/// A refusal as a whole sentence. The contracts word some without a full stop, and the API answers all of them so; a page ends its sentences.
pub fn closed(sentence: String) -> String {
    let fixed = Ui::get().texts.is_worded(&sentence);
    if fixed || sentence.ends_with(['.', '!', '?']) { sentence } else { sentence + "." }
}
