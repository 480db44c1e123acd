//! Wakes the page.

use std::panic::{PanicHookInfo, set_hook};
use wasm_bindgen::prelude::wasm_bindgen;

/// Takes over the page that the server rendered.
#[wasm_bindgen]
pub fn hydrate() {
    set_hook(Box::new(|info| {
        note(info);
        console_error_panic_hook::hook(info);
    }));
    leptos::mount::hydrate_body(app::App);
}

/// Leaves for the page's script (`app/src/waking.js`) what it reports: the place, and the words where they are the program's own.
/// What was put together at run time may hold what a person typed.
fn note(info: &PanicHookInfo<'_>) {
    let place = info.location().map(|place| format!("{}:{}", place.file(), place.line())).unwrap_or_default();
    let words = info.payload().downcast_ref::<&'static str>().copied().unwrap_or_default();
    let _ = js_sys::Reflect::set(&js_sys::global(), &"portariaPanic".into(), &format!("{place} {words}").into());
}
