//! Countdowns: until something may be asked for again, and until a code expires. The server says the seconds; the browser counts them
//! down by its own clock, so that a tab in the background is not late. Screen readers hear only what matters.

use crate::part::{Said, fill, part};
use leptos::prelude::*;

part! {
    /// A countdown.
    Clock = "clock" {
        /// The seconds that were left when the page was drawn.
        left,
        /// What it says while it runs, with [`PLACE`](crate::PLACE) for the time.
        running,
        /// What it says at its end.
        ended,
        /// A number of minutes, with [`PLACE`](crate::PLACE) for the number.
        minutes,
        /// A number of seconds, with [`PLACE`](crate::PLACE) for the number.
        seconds,
        /// What is announced in the last minute.
        nearly,
        /// What is announced at the end.
        over,
        /// `true`: the buttons of its form wait for it. Otherwise the name of those that do; empty: none.
        holds,
    }
}

impl Clock {
    fn left(&self) -> u32 {
        self.left.parse().unwrap_or(0)
    }

    fn said(&self, left: u32) -> String {
        if left == 0 { self.ended.clone() } else { fill(&self.running, &self.time(left)) }
    }

    /// `4 min 32 s`, `32 s`, with a non-breaking space between a number and its unit.
    fn time(&self, seconds: u32) -> String {
        let part = |words: &str, n: u32| fill(words, &n.to_string()).replace(' ', "\u{a0}");
        match (seconds / 60, seconds % 60) {
            (0, seconds) => part(&self.seconds, seconds),
            (minutes, 0) => part(&self.minutes, minutes),
            (minutes, seconds) => [&part(&self.minutes, minutes), " ", &part(&self.seconds, seconds)].concat(),
        }
    }

    #[cfg(feature = "browser")]
    fn announced(&self, left: u32) -> Option<&str> {
        let said = match left {
            0 => &self.over,
            1..=60 => &self.nearly,
            _ => return None,
        };
        Some(said).filter(|said| !said.is_empty()).map(String::as_str)
    }
}

/// The time that is left, and what is announced.
#[component]
pub fn Face(said: Said, announced: Said) -> impl IntoView {
    view! {
        <p class="countdown">{said}</p>
        <p class="visually-hidden" role="status">
            {announced}
        </p>
    }
}

/// The clock as the server draws it. Without WASM it stands still.
#[cfg(feature = "ssr")]
pub fn draw(part: &Clock) -> AnyView {
    let face = view! { <Face said=Said::new(Some(part.said(part.left()))) announced=Said::new(None) /> };
    crate::part::draw(part, face)
}

#[cfg(feature = "browser")]
mod browser {
    use super::{Clock, Face};
    use crate::dom::{each, every, now, set};
    use crate::part::{Said, say};
    use crate::wake::{Mounted, mount};
    use leptos::prelude::*;
    use web_sys::Element;

    pub fn live(host: &Element, part: Clock) -> Mounted {
        let form = host.closest("form").ok().flatten().filter(|_| !part.holds.is_empty());
        let buttons = match part.holds.as_str() {
            "true" => "button[type=submit]".to_owned(),
            name => ["button[name=", name, "]"].concat(),
        };
        mount(host, move || {
            let (said, announced) = (Said::new(None), Said::new(None));
            let end = now() + f64::from(part.left()) * 1000.0;
            let (face, told) = (said.clone(), announced.clone());
            let tick = move || {
                #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a float becomes the nearest whole number")]
                let left = ((end - now()) / 1000.0).round() as u32;
                say(&face, Some(&part.said(left)));
                // Each sentence once, not every second.
                say(&told, part.announced(left));
                if let Some(form) = &form {
                    hold(form, &buttons, left > 0);
                }
            };
            tick();
            every(1000, Box::new(tick));
            view! { <Face said announced /> }
        })
    }

    /// A button that is held stays where it is and can have the focus; the navigator does not send its form.
    fn hold(form: &Element, buttons: &str, held: bool) {
        // While the form is on its way its buttons rest anyway.
        if form.has_attribute("data-sent") {
            return;
        }
        for button in each(form.query_selector_all(buttons)) {
            set(&button, "aria-disabled", held.then_some("true"));
        }
    }
}

#[cfg(feature = "browser")]
pub(crate) use browser::live;

#[cfg(test)]
mod tests {
    use super::Clock;

    #[test]
    fn a_clock_tells_minutes_and_seconds() {
        let clock = Clock { minutes: "\u{fffc} min".to_owned(), seconds: "\u{fffc} s".to_owned(), ..Clock::default() };
        let told = [0, 32, 60, 61, 299, 300].map(|seconds| clock.time(seconds));
        assert_eq!(told, ["0\u{a0}s", "32\u{a0}s", "1\u{a0}min", "1\u{a0}min 1\u{a0}s", "4\u{a0}min 59\u{a0}s", "5\u{a0}min"]);
    }

    #[test]
    fn at_its_end_it_says_so() {
        let clock =
            Clock { running: "em \u{fffc}.".to_owned(), ended: "Acabou.".to_owned(), seconds: "\u{fffc} s".to_owned(), ..Clock::default() };
        assert_eq!([2, 0].map(|seconds| clock.said(seconds)), ["em 2\u{a0}s.", "Acabou."]);
    }
}
