//! `WebOTP`: if the browser supports it, the code from an SMS that names this site is filled in. The form is not submitted: nothing
//! happens that the person did not ask for (WCAG 3.2.2).

use crate::part::part;

part! {
    /// Fills in the code from an SMS.
    WebOtp = "web-otp" {
        /// The id of the field.
        field,
    }
}

#[cfg(feature = "browser")]
mod browser {
    use super::WebOtp;
    use crate::dom::{at_end, input, then};
    use crate::wake::{Mounted, mount};
    use leptos::prelude::window;
    use wasm_bindgen::{JsCast, JsValue};
    use web_sys::{AbortController, Element};

    /// Waits for the code as long as the part lives, and writes it into the field, unless something was typed meanwhile.
    pub fn live(host: &Element, part: WebOtp) -> Mounted {
        mount(host, move || {
            let Some((abort, code)) = ask() else { return };
            // Refused, aborted or timed out: the person types the code.
            then(
                &code,
                Box::new(move |credential| {
                    let code = get(&credential, "code").and_then(|code| code.as_string());
                    if let (Some(code), Some(input)) = (code, input(&part.field))
                        && input.value().is_empty()
                    {
                        input.set_value(&code);
                    }
                }),
            );
            at_end(Box::new(move || abort.abort()));
        })
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
}

#[cfg(feature = "browser")]
pub(crate) use browser::live;
