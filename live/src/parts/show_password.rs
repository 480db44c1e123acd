//! A button that shows a password.

use crate::part::part;

part! {
    /// A button that shows what is typed into a password field.
    ShowPassword = "show-password" {
        /// The id of the field.
        field,
        /// "Show password"
        show,
        /// "Hide password"
        hide,
    }
}

#[cfg(feature = "browser")]
mod browser {
    use super::ShowPassword;
    use crate::dom::input;
    use crate::part::{Said, say};
    use crate::wake::{Mounted, mount};
    use leptos::prelude::*;
    use web_sys::{Element, MouseEvent};

    pub fn live(host: &Element, part: ShowPassword) -> Mounted {
        mount(host, || view! { <Toggle part /> })
    }

    #[component]
    fn Toggle(part: ShowPassword) -> impl IntoView {
        let ShowPassword { field, show, hide } = part;
        let controls = field.clone();
        let words = Said::new(Some(show.clone()));
        let toggle: Box<dyn FnMut(MouseEvent)> = Box::new(move |_| {
            let Some(input) = input(&field) else { return };
            let shown = input.type_() == "text";
            input.set_type(if shown { "password" } else { "text" });
            say(words, Some(if shown { &show } else { &hide }));
        });
        view! {
            <button type="button" class="toggle" aria-controls=controls on:click=toggle>
                {words}
            </button>
        }
    }
}

#[cfg(feature = "browser")]
pub(crate) use browser::live;
