//! The WASM entry point of the browser.

use std::panic::{PanicHookInfo, set_hook};
use wasm_bindgen::prelude::wasm_bindgen;

#[wasm_bindgen]
pub fn hydrate() {
    set_hook(Box::new(|info| {
        note(info);
        console_error_panic_hook::hook(info);
    }));
    leptos::mount::hydrate_body(app::App);
}

/// Stores where and why the program panicked, for the page's script (`app/src/waking.js`) to report. A message that was formatted at
/// run time is left out: it may contain what a person typed.
fn note(info: &PanicHookInfo<'_>) {
    let place = info.location().map(|place| format!("{}:{}", place.file(), place.line())).unwrap_or_default();
    let words = info.payload().downcast_ref::<&'static str>().copied().unwrap_or_default();
    let _ = js_sys::Reflect::set(&js_sys::global(), &"portariaPanic".into(), &format!("{place} {words}").into());
}
