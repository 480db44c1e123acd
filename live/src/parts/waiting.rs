//! Asks how a sign-up stands while its page waits for the proof, so that a proof on another device, or a message that was delivered,
//! shows by itself.

use crate::part::part;

part! {
    /// Asks every three seconds in the first minute, in which the code climbs, and then less often.
    Waiting = "waiting" {
        /// The id of the sign-up.
        signup,
        /// How it stood when the page was drawn, as `/sf/signup_state` answers.
        state,
        /// "This page moves on by itself"; may be empty.
        hint,
    }
}

/// Whether a page asks at this tick, of three seconds: at each one of its first minute, at every second one until the fifth, then at every
/// fourth. What makes it draw itself anew makes it begin anew.
#[cfg(any(test, feature = "browser"))]
const fn asks_at(tick: u32) -> bool {
    let every = match tick {
        0..=20 => 1,
        21..=100 => 2,
        _ => 4,
    };
    tick.is_multiple_of(every)
}

#[cfg(test)]
mod tests {
    use super::asks_at;

    #[test]
    fn a_page_asks_less_often_the_longer_nothing_happens_and_never_stops() {
        let asked = |ticks: std::ops::RangeInclusive<u32>| ticks.filter(|tick| asks_at(*tick)).count();
        assert_eq!((asked(1..=20), asked(21..=100), asked(101..=400)), (20, 40, 75));
        assert!(asks_at(4_294_967_292));
    }
}

#[cfg(feature = "browser")]
mod browser {
    use super::{Waiting, asks_at};
    use crate::dom::{alive, argument, ask, every};
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
            let mut tick = 0;
            every(
                EVERY,
                Box::new(move || {
                    // A hidden tab does not ask. It goes on when it is visible again.
                    if asking.get() || document().hidden() {
                        return;
                    }
                    tick += 1;
                    if !asks_at(tick) {
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
                    ask("/sf/signup_state", &argument("signup", &part.signup), Box::new(answered));
                }),
            );
            (!hint.is_empty()).then(|| view! { <p class="hint">{hint}</p> })
        })
    }
}

#[cfg(feature = "browser")]
pub(crate) use browser::live;
