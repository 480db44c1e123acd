//! The page, from within the WASM: finding, listening, asking the server.

use leptos::__reexports::send_wrapper::SendWrapper;
use leptos::prelude::{document, on_cleanup, window};
use std::cell::Cell;
use std::rc::Rc;
use wasm_bindgen::prelude::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Element, Event, EventTarget, HtmlButtonElement, HtmlElement, HtmlInputElement, NodeList, XmlHttpRequest};

pub fn by_id(id: &str) -> Option<Element> {
    document().get_element_by_id(id)
}

pub fn input(id: &str) -> Option<HtmlInputElement> {
    by_id(id)?.dyn_into().ok()
}

pub fn find(selector: &str) -> Option<Element> {
    document().query_selector(selector).ok().flatten()
}

/// Every element in the list.
pub fn each(list: Result<NodeList, JsValue>) -> Vec<Element> {
    let Ok(list) = list else { return Vec::new() };
    (0..list.length()).filter_map(|index| list.get(index)?.dyn_into().ok()).collect()
}

pub fn focus(element: &Element) {
    if let Some(element) = element.dyn_ref::<HtmlElement>() {
        let _ = element.focus();
    }
}

/// The attribute of `<template id="words">`: a sentence that the server gives to every page.
pub fn word(name: &str) -> String {
    by_id("words").and_then(|words| words.get_attribute(name)).unwrap_or_default()
}

pub fn set(element: &Element, name: &str, value: Option<&str>) {
    let _ = match value {
        Some(value) => element.set_attribute(name, value),
        None => element.remove_attribute(name),
    };
}

/// Calls `work` when the part ends. The browser has one thread, so what is wrapped is never looked at by another.
pub fn at_end(work: Box<dyn FnOnce()>) {
    let work = SendWrapper::new(work);
    on_cleanup(move || work.take()());
}

/// Listens for as long as the page lives.
pub fn on(target: &EventTarget, event: &str, work: Box<dyn FnMut(Event)>) {
    let work = Closure::wrap(work);
    let _ = target.add_event_listener_with_callback(event, work.as_ref().unchecked_ref());
    work.forget();
}

/// Listens until the part ends.
pub fn on_here(target: &EventTarget, event: &'static str, work: Box<dyn FnMut(Event)>) {
    let work = Closure::wrap(work);
    let _ = target.add_event_listener_with_callback(event, work.as_ref().unchecked_ref());
    let target = target.clone();
    at_end(Box::new(move || {
        let _ = target.remove_event_listener_with_callback(event, work.as_ref().unchecked_ref());
    }));
}

/// Whether a button was pressed, and not what stands beside it.
pub fn is_on_button(event: &Event) -> bool {
    event.target().is_some_and(|target| target.has_type::<HtmlButtonElement>())
}

/// Calls `work` every so many milliseconds until the part ends.
pub fn every(milliseconds: i32, work: Box<dyn FnMut()>) {
    let work = Closure::wrap(work);
    let id = window().set_interval_with_callback_and_timeout_and_arguments_0(work.as_ref().unchecked_ref(), milliseconds);
    at_end(Box::new(move || {
        if let Ok(id) = id {
            window().clear_interval_with_handle(id);
        }
        drop(work);
    }));
}

/// Calls `work` once, in a later task.
pub fn later(milliseconds: i32, work: Box<dyn FnOnce()>) {
    let work = Closure::once_into_js(work);
    let _ = window().set_timeout_with_callback_and_timeout_and_arguments_0(work.unchecked_ref(), milliseconds);
}

thread_local! {
    /// Whether something is being pressed, by a finger or a button of the mouse.
    static PRESSED: Cell<bool> = const { Cell::new(false) };
}

/// Listens for what is pressed, as long as the page lives.
pub fn watch_presses() {
    for (event, pressed) in [("pointerdown", true), ("pointerup", false), ("pointercancel", false)] {
        on(&document(), event, Box::new(move |_| PRESSED.set(pressed)));
    }
}

pub fn is_pressed() -> bool {
    PRESSED.get()
}

/// Calls `work` now, or once nothing is pressed any more: what appears unasked would push what is pressed away from under the pointer, and the
/// click would be lost.
pub fn when_released(work: Box<dyn FnOnce()>) {
    if is_pressed() { later(300, Box::new(move || when_released(work))) } else { work() }
}

/// Calls `work` with what the promise gives; never if it is refused.
pub fn then(promise: &js_sys::Promise, work: Box<dyn FnOnce(JsValue)>) {
    let work = Closure::once(work);
    let refused = Closure::once(|_: JsValue| {});
    let _ = promise.then2(&work, &refused);
    work.forget();
    refused.forget();
}

/// Sends the request, and calls `work` when it has ended, whatever came of it.
pub fn send(request: &XmlHttpRequest, body: Option<&JsValue>, work: Box<dyn FnOnce()>) {
    request.set_onloadend(Some(Closure::once_into_js(work).unchecked_ref()));
    let _ = match body {
        Some(body) => match body.dyn_ref::<web_sys::FormData>() {
            Some(data) => request.send_with_opt_form_data(Some(data)),
            None => request.send_with_opt_str(body.as_string().as_deref()),
        },
        None => request.send(),
    };
}

/// Whether the part still lives; an answer that comes later is dropped.
pub fn alive() -> Rc<Cell<bool>> {
    let alive = Rc::new(Cell::new(true));
    let end = alive.clone();
    at_end(Box::new(move || end.set(false)));
    alive
}

/// Asks a server function, and calls `work` with its answer; with `None` if there is none. `arguments`: those of [`argument`], one after
/// the other.
pub fn ask(function: &str, arguments: &str, work: Box<dyn FnOnce(Option<String>)>) {
    let Ok(request) = XmlHttpRequest::new() else { return };
    if request.open("POST", function).is_err() {
        return;
    }
    let _ = request.set_request_header("Content-Type", "application/x-www-form-urlencoded");
    let asked = request.clone();
    let answered = move || work(asked.response_text().ok().flatten().filter(|_| matches!(asked.status(), Ok(200))));
    send(&request, Some(&JsValue::from_str(arguments)), Box::new(answered));
}

/// An argument of a server function.
pub fn argument(name: &str, value: &str) -> String {
    let value = js_sys::encode_uri_component(value).as_string().unwrap_or_default();
    [name, "=", &value, "&"].concat()
}

/// Shows an error at a field, in place of any other, also in the summary if it stands there; `None` takes it away from both. A field that
/// an answer has put another in place of tells nothing: the summary is no longer its own.
pub fn tell(field: &Element, error: Option<&str>) {
    if !field.is_connected() {
        return;
    }
    let Ok(Some(around)) = field.closest(".field") else { return };
    let before = around.query_selector(".error").ok().flatten();
    let id = before.as_ref().map_or_else(|| [&field.id(), "-error"].concat(), Element::id);
    if let Some(before) = before {
        before.remove();
    }
    // Radio buttons are described as a group.
    let described = if around.has_attribute("aria-describedby") { &around } else { field };
    let ids = described.get_attribute("aria-describedby").unwrap_or_default();
    let mut ids: Vec<&str> = ids.split(' ').filter(|it| !it.is_empty() && *it != id).collect();
    if let Some(error) = error {
        ids.push(&id);
        let told = around.query_selector(".told").ok().flatten();
        if let (Some(told), Ok(line), Ok(prefix)) = (told, document().create_element("p"), document().create_element("span")) {
            line.set_class_name("error");
            line.set_id(&id);
            prefix.set_class_name("visually-hidden");
            prefix.set_text_content(Some(&word("data-error")));
            let _ = line.append_with_node_2(&prefix, &document().create_text_node(error));
            let _ = told.append_child(&line);
        }
    }
    let wrong = error.map(|_| "true");
    let ids = ids.join(" ");
    set(described, "aria-describedby", (!ids.is_empty()).then_some(&ids));
    set(field, "aria-invalid", wrong);
    set(&around, "data-wrong", wrong);
    summarise(id.strip_suffix("-error").unwrap_or_default(), error);
}

/// The same in the summary above the form, whose links lead to the fields. With its last error it goes itself.
fn summarise(field: &str, error: Option<&str>) {
    let Some(link) = find(&[".summary a[href='#", field, "']"].concat()) else { return };
    if error.is_some() {
        link.set_text_content(error);
        return;
    }
    let (item, summary) = (link.parent_element(), link.closest(".summary").ok().flatten());
    if let Some(item) = item {
        item.remove();
    }
    if let Some(summary) = summary.filter(|summary| matches!(summary.query_selector("li"), Ok(None))) {
        summary.remove();
        let title = document().title();
        document().set_title(title.strip_prefix(&word("data-error")).unwrap_or(&title));
    }
}

/// What was just done is told no longer: something else begins.
pub fn hush() {
    if let Some(said) = find(".notice > .alert-success") {
        said.remove();
    }
}

/// Whether an error stands at the field.
pub fn is_told(field: &HtmlInputElement) -> bool {
    field.has_attribute("aria-invalid")
}

/// Now, in milliseconds since the epoch.
pub fn now() -> f64 {
    js_sys::Date::now()
}
