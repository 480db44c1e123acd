//! What a person typed, from one drawing of a page to the next, and back to a page that was left.
//!
//! The server writes back what was typed, except passwords, codes and files. What stays is decided field by field, by its id: on the page
//! that answers a form, whatever was changed and whatever file was chosen; on another drawing of the same page, that of the forms that
//! were not sent. A field with `data-forget` begins anew: the server says so where what was typed is known to be wrong.
//!
//! ```text
//! a page is left    by a link, back or forward ──► its entry of the history keeps what was typed, in memory, for the way back
//!                   by a form that led on      ──► nobody's entry keeps anything any more: signing in and out, a step that is over
//!                   with its document          ──► put away in the tab's storage, and taken out as soon as a page of ours lives there:
//!                                                  a reload gets it back, anything else that was opened does not
//! ```
//!
//! Browsers do the latter themselves, but not at a reload, or not for pages that say `no-store`, as ours do. Passwords and codes are never
//! kept for a way back.

use super::forms::Sent;
use crate::dom::{by_id, each, find};
use leptos::prelude::{document, window};
use std::cell::Cell;
use wasm_bindgen::JsCast;
use web_sys::{Element, FileList, HtmlInputElement, HtmlSelectElement, Storage};

/// `PerformanceNavigation.TYPE_RELOAD`
const RELOAD: u16 = 1;
const KEY: &str = "typed";
const TICKED: &str = "true";

thread_local! {
    /// The document is left because a form led on: there is nothing to put away.
    static LED_ON: Cell<bool> = const { Cell::new(false) };
}

pub struct Typed {
    id: String,
    /// Of a box, [`TICKED`] or nothing.
    value: String,
    files: Option<FileList>,
}

/// What was changed in the fields that are not passed over. `whole`: and what else stands in them.
fn changed(whole: bool, passes: &dyn Fn(&Element) -> bool) -> Vec<Typed> {
    let tick = |is: bool| if is { TICKED.to_owned() } else { String::new() };
    let mut typed = Vec::new();
    for field in each(document().query_selector_all("main :is(input,select)[id]")) {
        let mut files = None;
        let (value, drawn) = match (field.dyn_ref::<HtmlInputElement>(), field.dyn_ref::<HtmlSelectElement>()) {
            (Some(input), _) => match input.type_().as_str() {
                "checkbox" | "radio" => (tick(input.checked()), tick(input.default_checked())),
                "file" => {
                    files = input.files().filter(|files| files.length() > 0);
                    (String::new(), String::new())
                }
                "range" => continue,
                _ => (input.value(), input.default_value()),
            },
            (_, Some(select)) => {
                let drawn = select.query_selector("option[selected]").ok().flatten();
                (select.value(), drawn.and_then(|it| it.get_attribute("value")).unwrap_or_default())
            }
            _ => continue,
        };
        if !passes(&field) && (files.is_some() || value != drawn || (whole && !value.is_empty())) {
            typed.push(Typed { id: field.id(), value, files });
        }
    }
    typed
}

/// What was typed into the fields that stay. `answers`: the page answers the form that was sent.
pub fn of_page(sent: Option<&Sent>, answers: bool) -> Vec<Typed> {
    changed(false, &|field| !answers && sent.is_some_and(|sent| sent.form.contains(Some(field.as_ref()))))
}

/// What was typed into the page, for the way back to it, as lines: an id and its value. Of a page that answers a form also what the server
/// wrote back.
pub fn to_come_back_to() -> String {
    let typed = changed(find("main[data-answers]").is_some(), &|field| {
        let autocomplete = field.get_attribute("autocomplete").unwrap_or_default();
        matches!(autocomplete.as_str(), "current-password" | "new-password" | "one-time-code")
    });
    let mut lines = String::new();
    for Typed { id, value, .. } in typed {
        for text in [&id, "\n", &value, "\n"] {
            lines.push_str(text);
        }
    }
    lines
}

/// The way back to it.
pub fn come_back(lines: &str) {
    let mut lines = lines.split('\n');
    while let (Some(id), Some(value)) = (lines.next(), lines.next()) {
        put(id, value, None);
    }
}

/// Puts it into the page that has come.
pub fn restore(typed: &[Typed]) {
    for Typed { id, value, files } in typed {
        put(id, value, files.as_ref());
    }
}

fn put(id: &str, value: &str, files: Option<&FileList>) {
    let Some(field) = by_id(id).filter(|field| !field.has_attribute("data-forget")) else { return };
    if let Some(select) = field.dyn_ref::<HtmlSelectElement>() {
        select.set_value(value);
    }
    let Some(input) = field.dyn_ref::<HtmlInputElement>() else { return };
    match input.type_().as_str() {
        "file" if files.is_some() => input.set_files(files),
        "file" => {}
        "checkbox" | "radio" => input.set_checked(value == TICKED),
        _ => input.set_value(value),
    }
}

/// A form has led on, and the browser itself goes there.
pub fn leads_on() {
    LED_ON.set(true);
}

fn storage() -> Option<Storage> {
    window().session_storage().ok().flatten()
}

/// The document is being left.
pub fn put_away() {
    if let (Some(storage), false) = (storage(), LED_ON.get()) {
        let _ = storage.set_item(KEY, &to_come_back_to());
    }
}

/// Takes out what was put away: a page of ours lives in this tab again.
pub fn take_out() -> Option<String> {
    LED_ON.set(false);
    let storage = storage()?;
    let lines = storage.get_item(KEY).ok().flatten();
    let _ = storage.remove_item(KEY);
    lines
}

/// After a reload, what was typed before it stands in the page again.
pub fn bring_back() {
    let is_reload = window().performance().is_some_and(|it| it.navigation().type_() == RELOAD);
    if let Some(lines) = take_out().filter(|_| is_reload) {
        come_back(&lines);
    }
}
