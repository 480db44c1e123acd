//! Countdowns. The server sends seconds and the browser counts them down. Screen readers announce them only when it matters.

use crate::ui::Ui;
use leptos::leptos_dom::helpers::set_interval_with_handle;
use leptos::prelude::*;
use std::time::Duration;

/// Counts down from the seconds that the server sent last. Without WASM they stand still.
fn ticking(told: Signal<Option<u32>>) -> RwSignal<Option<u32>> {
    let left = RwSignal::new(told.get_untracked());
    Effect::new(move |_| left.set(told.get()));
    Effect::new(move |_| {
        let tick = move || {
            left.try_update(|left| {
                if let Some(seconds) = left {
                    *seconds = seconds.saturating_sub(1);
                }
            });
        };
        if let Ok(handle) = set_interval_with_handle(tick, Duration::from_secs(1)) {
            on_cleanup(move || handle.clear());
        }
    });
    left
}

/// Time until a request may be repeated. `held` is true while it runs.
#[component]
pub fn Countdown(#[prop(into)] seconds: Signal<Option<u32>>, held: ArcRwSignal<bool>) -> impl IntoView {
    let ui = Ui::get();
    let texts = &ui.texts.pages.code;
    let left = ticking(seconds);
    let running = Memo::new(move |_| left.get().is_some_and(|left| left > 0));
    // Set after hydration only: without WASM nothing would ever unset it.
    Effect::new(move |_| held.set(running.get()));
    view! {
        <p class="countdown">
            {move || {
                left.get()
                    .filter(|left| *left > 0)
                    .map(|left| texts.resend_in(ui.texts.duration.clock(left)))
            }}
        </p>
        <p class="visually-hidden" role="status">
            {move || (left.get().is_some() && !running.get() && ui.hydrated.get()).then_some(texts.resend_now)}
        </p>
    }
}

/// Time until a code expires. It is announced in the last minute and at the end.
#[component]
pub fn TimeLeft(#[prop(into)] seconds: Signal<Option<u32>>) -> impl IntoView {
    let ui = Ui::get();
    let texts = &ui.texts.pages.code;
    let left = ticking(seconds);
    let said = Memo::new(move |_| match left.get() {
        Some(0) => Some(texts.lapsed),
        Some(1..=60) => Some(texts.last_minute),
        _ => None,
    });
    view! {
        <p class="countdown">
            {move || {
                left.get()
                    .map(|left| match left {
                        0 => texts.lapsed.to_owned(),
                        _ => texts.lapses_in(ui.texts.duration.clock(left)),
                    })
            }}
        </p>
        <p class="visually-hidden" role="status">
            {move || ui.hydrated.get().then(|| said.get()).flatten()}
        </p>
    }
}
