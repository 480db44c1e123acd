//! A code that is typed is sent at its last digit, after a moment in which it can be changed; the page says so before (WCAG 3.2.2). `WebOTP`: if
//! the browser supports it, the code from an SMS that names this site is filled in, and not sent.

use crate::part::part;

part! {
    /// Fills in the code from an SMS, and sends what is typed.
    WebOtp = "web-otp" {
        /// The id of the field.
        field,
        /// How many digits the code has; empty: it is not sent by itself.
        digits,
        /// That it is.
        hint,
    }
}

#[cfg(feature = "browser")]
mod browser {
    use super::WebOtp;
    use crate::dom::{alive, at_end, input, later, on_here, then};
    use crate::wake::{Mounted, mount};
    use leptos::prelude::*;
    use wasm_bindgen::{JsCast, JsValue};
    use web_sys::{AbortController, Element};

    /// How long a whole code waits to be changed, in milliseconds.
    const PAUSE: i32 = 1_000;

    pub fn live(host: &Element, part: WebOtp) -> Mounted {
        mount(host, move || {
            let hint = part.hint.clone();
            sends_itself(&part);
            fills_itself(part);
            (!hint.is_empty()).then(|| view! { <p>{hint}</p> })
        })
    }

    fn sends_itself(part: &WebOtp) {
        let (Ok(digits), Some(field)) = (part.digits.parse::<usize>(), input(&part.field)) else { return };
        let (alive, typed) = (alive(), field.clone());
        let whole = move |_| {
            let value = typed.value();
            if value.bytes().filter(u8::is_ascii_digit).count() != digits {
                return;
            }
            let (alive, typed) = (alive.clone(), typed.clone());
            let send = move || {
                if alive.get()
                    && typed.value() == value
                    && let Some(form) = typed.form()
                    && !form.has_attribute("data-sent")
                {
                    let _ = form.request_submit();
                }
            };
            later(PAUSE, Box::new(send));
        };
        on_here(&field, "input", Box::new(whole));
    }

    /// Waits for the code as long as the part lives, and writes it into the field, unless something was typed meanwhile.
    fn fills_itself(part: WebOtp) {
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
