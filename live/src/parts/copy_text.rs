//! A button that puts a text into the clipboard, and says that it did. Without WASM the text is marked and copied by hand.

use crate::part::part;
#[cfg(feature = "ssr")]
use leptos::prelude::*;

part! {
    /// Copies a text.
    CopyText = "copy-text" {
        /// The text.
        text,
        /// "Link copied."
        copied,
    }
}

/// The button as the server draws it, hidden until it does something. The page wakes it as it is: a view of its own would be more code in the
/// WASM than all that it does.
#[cfg(feature = "ssr")]
pub fn draw(part: &CopyText, words: &'static str) -> AnyView {
    let button = view! {
        <button type="button" class="button button-secondary" hidden>
            {words}
        </button>
        <p class="hint" role="status"></p>
    };
    crate::part::draw(part, button)
}

#[cfg(feature = "browser")]
mod browser {
    use super::CopyText;
    use crate::dom::{is_on_button, on, set, then};
    use crate::wake::Mounted;
    use leptos::prelude::window;
    use web_sys::Element;

    pub fn live(host: &Element, part: CopyText) -> Mounted {
        let CopyText { text, copied } = part;
        let clipboard = window().navigator().clipboard();
        // There is one only where a page came by https, or from this machine.
        if let (Some(button), Some(status), false) = (host.first_element_child(), host.last_element_child(), clipboard.is_undefined()) {
            set(&button, "hidden", None);
            let press = move |event| {
                if is_on_button(&event) {
                    let (status, copied) = (status.clone(), copied.clone());
                    then(&clipboard.write_text(&text), Box::new(move |_| status.set_text_content(Some(&copied))));
                }
            };
            on(host, "click", Box::new(press));
        }
        Box::new(())
    }
}

#[cfg(feature = "browser")]
pub(crate) use browser::live;
