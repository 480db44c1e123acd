//! The page, from within the WASM: finding, listening, asking the server.

use leptos::__reexports::send_wrapper::SendWrapper;
use leptos::prelude::{document, on_cleanup, window};
use std::cell::Cell;
use std::rc::Rc;
use wasm_bindgen::prelude::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Element, Event, EventTarget, HtmlElement, HtmlInputElement, NodeList, XmlHttpRequest};

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

/// Asks a server function, and calls `work` with its answer; with `None` if there is none.
pub fn ask(function: &str, argument: &str, value: &str, work: Box<dyn FnOnce(Option<String>)>) {
    let Ok(request) = XmlHttpRequest::new() else { return };
    if request.open("POST", function).is_err() {
        return;
    }
    let _ = request.set_request_header("Content-Type", "application/x-www-form-urlencoded");
    let value = js_sys::encode_uri_component(value).as_string().unwrap_or_default();
    let body = JsValue::from_str(&[argument, "=", &value].concat());
    let asked = request.clone();
    let answered = move || work(asked.response_text().ok().flatten().filter(|_| matches!(asked.status(), Ok(200))));
    send(&request, Some(&body), Box::new(answered));
}

/// Shows an error at a field, in place of any other; `None` takes it away.
pub fn tell(field: &HtmlInputElement, error: Option<&str>) {
    let id = [&field.id(), "-error"].concat();
    if let Some(before) = by_id(&id) {
        before.remove();
    }
    let described = field.get_attribute("aria-describedby").unwrap_or_default();
    let mut ids: Vec<&str> = described.split(' ').filter(|it| !it.is_empty() && *it != id).collect();
    let around = field.closest(".field").ok().flatten();
    if let (Some(error), Some(around)) = (error, &around) {
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
    set(field, "aria-describedby", (!ids.is_empty()).then_some(&ids));
    set(field, "aria-invalid", wrong);
    if let Some(around) = around {
        set(&around, "data-wrong", wrong);
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
