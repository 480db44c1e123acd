//! What a password field has besides: a button that shows what is typed, and a word when Caps Lock is on.

use crate::part::part;

part! {
    /// A button that shows what is typed into a password field. The eye on it is drawn by the server.
    ShowPassword = "show-password" {
        /// The id of the field.
        field,
        /// "Show password"
        show,
        /// "Hide password"
        hide,
        /// "Caps Lock is on."
        caps,
    }
}

#[cfg(feature = "browser")]
mod browser {
    use super::ShowPassword;
    use crate::dom::{input, is_on_button, on_here};
    use crate::part::{Said, say};
    use crate::wake::{Mounted, mount};
    use leptos::prelude::*;
    use wasm_bindgen::JsCast;
    use web_sys::{Element, Event, KeyboardEvent};

    pub fn live(host: &Element, part: ShowPassword) -> Mounted {
        let here = host.clone();
        mount(host, move || {
            let ShowPassword { field, show, hide, caps } = part;
            let (controls, words, warns) = (field.clone(), Said::new(Some(show.clone())), Said::new(None));
            if let Some(input) = input(&field) {
                let warned = warns.clone();
                let pressed = move |event: Event| {
                    // What fills a field in by itself sends events without a key.
                    let Some(key) = event.dyn_ref::<KeyboardEvent>() else { return };
                    say(&warned, key.get_modifier_state("CapsLock").then_some(&caps));
                };
                on_here(&input, "keyup", Box::new(pressed));
            }
            let said = words.clone();
            let toggle = move |event: Event| {
                let Some(input) = input(&field).filter(|_| is_on_button(&event)) else { return };
                let shown = input.type_() == "text";
                input.set_type(if shown { "password" } else { "text" });
                say(&said, Some(if shown { &show } else { &hide }));
            };
            on_here(&here, "click", Box::new(toggle));
            view! { <Toggle controls words warns /> }
        })
    }

    #[component]
    fn Toggle(controls: String, words: Said, warns: Said) -> impl IntoView {
        view! {
            <button type="button" class="toggle" aria-controls=controls aria-label=words></button>
            <p class="hint" role="status">
                {warns}
            </p>
        }
    }
}

#[cfg(feature = "browser")]
pub(crate) use browser::live;
