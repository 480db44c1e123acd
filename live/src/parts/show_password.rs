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
    use crate::dom::{input, on_here};
    use crate::part::{Said, say};
    use crate::wake::{Mounted, mount};
    use leptos::prelude::*;
    use web_sys::Element;

    pub fn live(host: &Element, part: ShowPassword) -> Mounted {
        let here = host.clone();
        mount(host, move || {
            let ShowPassword { field, show, hide } = part;
            let (controls, words) = (field.clone(), Said::new(Some(show.clone())));
            let said = words.clone();
            let toggle = move |_| {
                let Some(input) = input(&field) else { return };
                let shown = input.type_() == "text";
                input.set_type(if shown { "password" } else { "text" });
                say(&said, Some(if shown { &show } else { &hide }));
            };
            on_here(&here, "click", Box::new(toggle));
            view! { <Toggle controls words /> }
        })
    }

    #[component]
    fn Toggle(controls: String, words: Said) -> impl IntoView {
        view! {
            <button type="button" class="toggle" aria-controls=controls>
                {words}
            </button>
        }
    }
}

#[cfg(feature = "browser")]
pub(crate) use browser::live;
