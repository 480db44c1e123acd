//! The clocks of a code, and its arrival by SMS. They live in the page (`live`).

use crate::ui::Ui;
use leptos::prelude::*;
use live::PLACE;
use live::parts::{Clock, WebOtp, clock};

/// The words of a clock's face.
fn face(ui: &Ui) -> Clock {
    let duration = &ui.texts.duration;
    Clock { minutes: duration.short_minutes(PLACE), seconds: duration.short_seconds(PLACE), ..Clock::default() }
}

/// Time until a request may be repeated. While it runs the buttons of its form wait. Without WASM they do not: nothing would ever end that.
#[component]
pub fn Countdown(
    seconds: Option<u32>,
    /// The name of the buttons that wait, if the form has others.
    #[prop(optional)]
    buttons: &'static str,
) -> impl IntoView {
    let ui = Ui::get();
    let texts = &ui.texts.pages.code;
    seconds.map(|left| {
        clock::draw(&Clock {
            left: left.to_string(),
            running: texts.resend_in(PLACE),
            over: texts.resend_now.to_owned(),
            holds: if buttons.is_empty() { "true" } else { buttons }.to_owned(),
            ..face(&ui)
        })
    })
}

/// Time until a code expires. It is announced in the last minute and at the end.
#[component]
pub fn TimeLeft(seconds: u32) -> impl IntoView {
    let ui = Ui::get();
    let texts = &ui.texts.pages.code;
    clock::draw(&Clock {
        left: seconds.to_string(),
        running: texts.lapses_in(PLACE),
        ended: texts.lapsed.to_owned(),
        nearly: texts.last_minute.to_owned(),
        over: texts.lapsed.to_owned(),
        ..face(&ui)
    })
}

/// Fills the field with this id from an SMS, if the browser can. `digits`: a code of so many is sent when they are typed.
pub fn fill_in_code(field: String, digits: Option<usize>) -> impl IntoView {
    let texts = &Ui::get().texts.pages.code;
    let hint = digits.map(|digits| texts.sends_itself(digits)).unwrap_or_default();
    live::draw(&WebOtp { field, digits: digits.map(|digits| digits.to_string()).unwrap_or_default(), hint }, ())
}
