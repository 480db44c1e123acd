//! Asks how a sign-up stands while its page waits for the proof, so that a proof on another device, or a message that was delivered,
//! shows by itself.

use crate::part::part;

part! {
    /// Asks every three seconds.
    Waiting = "waiting" {
        /// The id of the sign-up.
        signup,
        /// How it stood when the page was drawn, as `/sf/signup_state` answers.
        state,
        /// "This page moves on by itself"; may be empty.
        hint,
    }
}

#[cfg(feature = "browser")]
mod browser {
    use super::Waiting;
    use crate::dom::{alive, ask, every};
    use crate::navigator;
    use crate::wake::{Mounted, mount};
    use leptos::prelude::*;
    use std::cell::Cell;
    use std::rc::Rc;
    use web_sys::Element;

    const EVERY: i32 = 3_000;

    pub fn live(host: &Element, part: Waiting) -> Mounted {
        mount(host, move || {
            let hint = part.hint.clone();
            let alive = alive();
            let asking = Rc::new(Cell::new(false));
            every(
                EVERY,
                Box::new(move || {
                    // A hidden tab does not ask. It goes on when it is visible again.
                    if asking.get() || document().hidden() {
                        return;
                    }
                    asking.set(true);
                    let (alive, asking, state) = (alive.clone(), asking.clone(), part.state.clone());
                    let answered = move |answer: Option<String>| {
                        asking.set(false);
                        if alive.get() && answer.is_some_and(|now| now != state) {
                            navigator::refresh();
                        }
                    };
                    ask("/sf/signup_state", "signup", &part.signup, Box::new(answered));
                }),
            );
            (!hint.is_empty()).then(|| view! { <p class="hint">{hint}</p> })
        })
    }
}

#[cfg(feature = "browser")]
pub(crate) use browser::live;
