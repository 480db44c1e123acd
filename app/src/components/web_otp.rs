//! `WebOTP`: if the browser supports it, the code from an SMS that names this site is filled in. The form is not submitted: nothing
//! happens that the person did not ask for (WCAG 3.2.2).

use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortController, HtmlInputElement};

/// Waits for the code as long as the page is there, and writes it into the field with this id, unless something was typed meanwhile.
pub fn fill_in_code(field: impl Into<String>) {
    let field = field.into();
    Effect::new(move |_| {
        let Some((abort, code)) = ask() else { return };
        let field = field.clone();
        spawn_local(async move {
            // Refused, aborted or timed out: the person types the code.
            let Ok(credential) = JsFuture::from(code).await else { return };
            let Some(code) = get(&credential, "code").and_then(|code| code.as_string()) else { return };
            if let Some(input) = document().get_element_by_id(&field).and_then(|input| input.dyn_into::<HtmlInputElement>().ok())
                && input.value().is_empty()
            {
                input.set_value(&code);
            }
        });
        let abort = leptos::__reexports::send_wrapper::SendWrapper::new(abort);
        on_cleanup(move || abort.abort());
    });
}

fn get(object: &JsValue, key: &str) -> Option<JsValue> {
    js_sys::Reflect::get(object, &JsValue::from_str(key)).ok().filter(|value| !value.is_undefined())
}

/// Calls `navigator.credentials.get({otp: {transport: ["sms"]}, signal})`. `None` if the browser has no such function.
fn ask() -> Option<(AbortController, js_sys::Promise)> {
    get(&window(), "OTPCredential")?;
    let credentials = get(&window().navigator(), "credentials")?;
    let abort = AbortController::new().ok()?;
    let (options, otp) = (js_sys::Object::new(), js_sys::Object::new());
    let set = |object: &JsValue, key: &str, value: &JsValue| js_sys::Reflect::set(object, &JsValue::from_str(key), value).ok();
    set(&otp, "transport", &js_sys::Array::of1(&JsValue::from_str("sms")))?;
    set(&options, "otp", &otp)?;
    set(&options, "signal", &abort.signal())?;
    let ask: js_sys::Function = get(&credentials, "get")?.dyn_into().ok()?;
    let promise = ask.call1(&credentials, &options).ok()?.dyn_into().ok()?;
    Some((abort, promise))
}
