//! What a person typed, from one drawing of a page to the next.
//!
//! The server writes back what was typed, except passwords, codes and files. What stays is decided field by field, by its id: on the page
//! that answers a form, whatever was changed and whatever file was chosen; on another drawing of the same page, that of the forms that
//! were not sent. A field with `data-forget` begins anew: the server says so where what was typed is known to be wrong.

use super::forms::Sent;
use crate::dom::{each, input};
use leptos::prelude::document;
use wasm_bindgen::JsCast;
use web_sys::{FileList, HtmlInputElement};

pub struct Typed {
    id: String,
    value: String,
    files: Option<FileList>,
    checked: Option<bool>,
}

/// What was typed into the fields that stay. `answers`: the page answers the form that was sent.
pub fn of_page(sent: Option<&Sent>, answers: bool) -> Vec<Typed> {
    let mut typed = Vec::new();
    for field in each(document().query_selector_all("main input[id]")) {
        let Some(field) = field.dyn_ref::<HtmlInputElement>() else { continue };
        let was_sent = sent.is_some_and(|sent| field.form().as_ref() == Some(&sent.form));
        if !answers && was_sent {
            continue;
        }
        let kind = field.type_();
        let checked = matches!(kind.as_str(), "checkbox" | "radio").then(|| field.checked());
        let files = field.files().filter(|files| files.length() > 0);
        let changed = match checked {
            Some(checked) => checked != field.default_checked(),
            None => files.is_some() || (kind != "file" && kind != "range" && field.value() != field.default_value()),
        };
        if changed {
            typed.push(Typed { id: field.id(), value: field.value(), files, checked });
        }
    }
    typed
}

/// Puts it into the page that has come.
pub fn restore(typed: &[Typed]) {
    for Typed { id, value, files, checked } in typed {
        let Some(field) = input(id).filter(|field| !field.has_attribute("data-forget")) else { continue };
        match (files, checked) {
            (Some(files), _) => field.set_files(Some(files)),
            (_, Some(checked)) => field.set_checked(*checked),
            _ => field.set_value(value),
        }
    }
}
