//! The WASM entry point of the browser.

use std::panic::{PanicHookInfo, set_hook};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

#[wasm_bindgen]
pub fn start() {
    set_hook(Box::new(note));
    live::start();
}

/// Stores where and why the program panicked, for the page's script (`app/src/waking.js`) to report. A message that was formatted at
/// run time is left out: it may contain what a person typed.
fn note(info: &PanicHookInfo<'_>) {
    let words = info.payload().downcast_ref::<&'static str>().copied().unwrap_or_default();
    let place = info.location().map(|place| [place.file(), ":", &place.line().to_string(), " ", words].concat()).unwrap_or_default();
    let _ = js_sys::Reflect::set(&js_sys::global(), &JsValue::from_str("portariaPanic"), &JsValue::from_str(&place));
}
