//! A form that is sent: by its pressed button, once, and not while something is wrong that only the browser can see.

use super::history::here;
use super::journey::{Journey, report};
use crate::dom::{each, set};
use leptos::prelude::document;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Element, Event, FormData, HtmlButtonElement, HtmlFormElement, HtmlInputElement, SubmitEvent, Url, UrlSearchParams};

/// A form on its way.
#[derive(Clone)]
pub struct Sent {
    pub form: HtmlFormElement,
    pub body: JsValue,
    pub is_upload: bool,
    button: Option<HtmlButtonElement>,
}

pub fn submit(event: &Event) {
    let Some(form) = event.target().and_then(|it| it.dyn_into::<HtmlFormElement>().ok()) else { return };
    if event.default_prevented() || !form.method().eq_ignore_ascii_case("post") {
        return;
    }
    let action = form.get_attribute("action").unwrap_or_default();
    let Ok(url) = Url::new_with_base(&action, &here()) else { return };
    let button = event.dyn_ref::<SubmitEvent>().and_then(SubmitEvent::submitter).and_then(|it| it.dyn_into::<HtmlButtonElement>().ok());
    // An old browser does not say which button was pressed; then it sends the form itself.
    if button.is_none() && matches!(form.query_selector("button[name]"), Ok(Some(_))) {
        return;
    }
    event.prevent_default();
    // Held, or on its way already.
    if button.as_ref().is_some_and(|button| button.has_attribute("aria-disabled")) || form.has_attribute("data-sent") {
        return;
    }
    let Some(sent) = Sent::by(form, button) else { return };
    crate::dom::hush();
    if !withheld(&sent) {
        Journey::by_form(url.href(), sent).begin();
    }
}

impl Sent {
    fn by(form: HtmlFormElement, button: Option<HtmlButtonElement>) -> Option<Self> {
        let data = FormData::new_with_form(&form).ok()?;
        if let Some(button) = button.as_ref().filter(|button| !button.name().is_empty()) {
            let _ = data.append_with_str(&button.name(), &button.value());
        }
        let is_upload = form.enctype() == "multipart/form-data";
        let body = if is_upload {
            data.into()
        } else {
            let fields = UrlSearchParams::new_with_str_sequence_sequence(&data).ok()?;
            JsValue::from(String::from(fields.to_string()))
        };
        Some(Self { form, body, is_upload, button })
    }

    fn buttons(&self) -> Vec<Element> {
        each(self.form.query_selector_all("button[type=submit]"))
    }

    /// The buttons rest; the pressed one says so, and keeps its size and the focus.
    pub fn begin(&self) {
        set(&self.form, "data-sent", Some(""));
        for button in self.buttons() {
            set(&button, "aria-disabled", Some("true"));
        }
        if let Some(button) = &self.button {
            set(button, "data-busy", Some("true"));
            if let Some(working) = button.get_attribute("data-working") {
                set(button, "data-words", button.text_content().as_deref());
                button.set_text_content(Some(&working));
            }
        }
    }

    /// As before.
    pub fn end(&self) {
        set(&self.form, "data-sent", None);
        for button in self.buttons() {
            set(&button, "aria-disabled", None);
        }
        if let Some(button) = &self.button {
            set(button, "data-busy", None);
            if let Some(words) = button.get_attribute("data-words") {
                button.set_text_content(Some(&words));
                set(button, "data-words", None);
            }
        }
    }

    pub fn focus_button(&self) {
        let button = self.button.clone().map(Element::from).or_else(|| self.buttons().into_iter().next());
        if let Some(button) = button {
            crate::dom::focus(&button);
        }
    }
}

/// Whether a part has found something wrong that the server would not see, or see too late (`set_custom_validity`). It is told as the
/// server would, with links to the fields.
fn withheld(sent: &Sent) -> bool {
    let Ok(list) = document().create_element("ul") else { return false };
    for field in each(sent.form.query_selector_all("input")) {
        let Some(field) = field.dyn_ref::<HtmlInputElement>().filter(|field| field.validity().custom_error()) else { continue };
        let Ok(message) = field.validation_message() else { continue };
        crate::dom::tell(field, Some(&message));
        let (Ok(item), Ok(link)) = (document().create_element("li"), document().create_element("a")) else { continue };
        let _ = link.set_attribute("href", &["#", &field.id()].concat());
        link.set_text_content(Some(&message));
        let _ = item.append_child(&link);
        let _ = list.append_child(&item);
    }
    let found = list.first_child().is_some();
    if found {
        report(Some(sent), list.as_ref());
    }
    found
}
