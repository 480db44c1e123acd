//! One way to another page: the request, its end, and what to do when nothing comes.

use super::arrival::{self, Takes};
use super::forms::Sent;
use super::history::{Entry, here, is_same_page};
use super::typed;
use crate::dom::{find, focus, is_pressed, later, send, set, word};
use crate::parts::upload::{self, Stage};
use leptos::prelude::{document, window};
use std::cell::{Cell, RefCell};
use wasm_bindgen::prelude::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{HtmlTemplateElement, ProgressEvent, XmlHttpRequest, XmlHttpRequestResponseType};

thread_local! {
    /// The request that is under way, and its number: an older one that ends is not listened to any more.
    static UNDER_WAY: RefCell<Option<(XmlHttpRequest, Option<Sent>)>> = const { RefCell::new(None) };
    static NUMBER: Cell<u32> = const { Cell::new(0) };
}

/// What the person asked for.
pub struct Journey {
    url: String,
    entry: Entry,
    sent: Option<Sent>,
    /// Nobody asked: what is under way goes first, and nothing is said if it fails.
    quiet: bool,
}

impl Journey {
    pub fn to_link(url: &str) -> Self {
        let entry = if is_same_page(url) { Entry::Replace } else { Entry::Push };
        Self { url: url.to_owned(), entry, sent: None, quiet: false }
    }

    pub fn back(url: &str) -> Self {
        Self { url: url.to_owned(), entry: Entry::Visit, sent: None, quiet: false }
    }

    pub fn by_form(url: String, sent: Sent) -> Self {
        Self { url, entry: Entry::Push, sent: Some(sent), quiet: false }
    }

    /// Sends the request. Another one that is under way ends.
    pub fn begin(self) {
        if self.quiet && UNDER_WAY.with_borrow(Option::is_some) {
            return;
        }
        end();
        let Ok(request) = XmlHttpRequest::new() else { return };
        let method = if self.sent.is_some() { "POST" } else { "GET" };
        if request.open(method, &self.url).is_err() {
            return;
        }
        // The browser reads the page, and gives none if it is not HTML.
        request.set_response_type(XmlHttpRequestResponseType::Document);
        let _ = request.set_request_header("Accept", "text/html");
        let body = self.sent.as_ref().map(|sent| sent.body.clone());
        if let Some(sent) = &self.sent {
            sent.begin();
            if sent.is_upload {
                follow(&request);
            } else {
                let _ = request.set_request_header("Content-Type", "application/x-www-form-urlencoded");
            }
        }
        let number = NUMBER.get().wrapping_add(1);
        NUMBER.set(number);
        if !self.quiet {
            busy(true);
        }
        UNDER_WAY.set(Some((request.clone(), self.sent.clone())));
        let asked = request.clone();
        let ended = move || {
            if NUMBER.get() == number {
                UNDER_WAY.set(None);
                busy(false);
                self.end(&asked);
            }
        };
        send(&request, body.as_ref(), Box::new(ended));
    }

    fn end(self, request: &XmlHttpRequest) {
        let Self { url, entry, sent, quiet } = self;
        // What changes by itself would take away what is pressed. It is asked for again.
        if quiet && is_pressed() {
            return;
        }
        if let Some(sent) = &sent {
            sent.end();
            upload::tell(Stage::Idle);
        }
        let answered = request.status().unwrap_or(0) > 0;
        let page = request.response_xml().ok().flatten();
        let at = request.response_url();
        let leave_for = |at: &str| {
            if sent.is_some() {
                typed::leads_on();
            }
            let _ = window().location().assign(at);
        };
        match page.filter(arrival::is_ours) {
            Some(page) if arrival::is_this_build(&page) || arrival::answers(&page).is_some() => {
                arrival::take(&page, Takes { url: at, entry, sent, quiet });
            }
            Some(_) => leave_for(&at),
            // Where a product waits: the browser itself goes there.
            None if answered && leads_to_a_product(&at) => leave_for(&at),
            None if quiet => {}
            None if answered && sent.is_none() => leave_for(&url),
            None => {
                // The address is that of a page that did not come.
                fail(sent.as_ref(), if answered { "data-failed" } else { "data-offline" });
            }
        }
    }
}

/// Whether an address of ours is one of the OpenID provider. By its beginning: to search in a text would weigh 4 kB more.
fn leads_to_a_product(at: &str) -> bool {
    let origin = window().location().origin().unwrap_or_default();
    at.strip_prefix(origin.as_str()).is_some_and(|path| path.starts_with("/oauth/"))
}

/// Fetches this page again, and takes over what has changed.
pub fn refresh() {
    Journey { url: here(), entry: Entry::Replace, sent: None, quiet: true }.begin();
}

/// Ends what is under way.
fn end() -> Option<Sent> {
    let (request, sent) = UNDER_WAY.take()?;
    NUMBER.set(NUMBER.get().wrapping_add(1));
    let _ = request.abort();
    busy(false);
    if let Some(sent) = &sent {
        sent.end();
    }
    sent
}

/// The page that is shown stays: no other one is to come. A form that is under way goes on.
pub fn stay() {
    if UNDER_WAY.with_borrow(|it| matches!(it, Some((_, None)))) {
        end();
    }
}

/// Calls an upload back. What was filled in stays.
pub fn cancel() {
    if let Some(sent) = end() {
        upload::tell(Stage::Cancelled);
        sent.focus_button();
    }
}

/// Says how far an upload is.
fn follow(request: &XmlHttpRequest) {
    upload::tell(Stage::Sending(0));
    let progress = Closure::<dyn Fn(ProgressEvent)>::new(|event: ProgressEvent| {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "from 0 to 100")]
        let percent = (event.loaded() * 100.0 / event.total().max(1.0)) as u8;
        upload::tell(if event.loaded() < event.total() { Stage::Sending(percent) } else { Stage::Working });
    });
    if let Ok(target) = request.upload() {
        target.set_onprogress(Some(progress.as_ref().unchecked_ref()));
    }
    progress.forget();
}

/// A sign that something is fetched (`style/buttons.css` shows it when it takes a while).
fn busy(is: bool) {
    if let Some(page) = document().document_element() {
        set(&page, "data-busy", is.then_some("true"));
    }
}

/// Says above the form, or above the page, that nothing came.
fn fail(sent: Option<&Sent>, why: &str) {
    let sentence = document().create_text_node(&word(why));
    report(sent, sentence.as_ref());
}

/// Puts a summary with this in it above the form, or above the page, and the focus on it.
pub fn report(sent: Option<&Sent>, what: &JsValue) {
    let Some(place) = sent.map(|sent| sent.form.clone().into()).or_else(|| find("main")) else { return };
    let template = crate::dom::by_id("words").and_then(|words| words.dyn_into::<HtmlTemplateElement>().ok());
    let Some(summary) = template.and_then(|template| template.content().first_element_child()) else { return };
    let Ok(summary) = summary.clone_node_with_deep(true).map(wasm_bindgen::JsCast::unchecked_into::<web_sys::Element>) else { return };
    if let Ok(Some(before)) = place.query_selector(":scope > .summary") {
        before.remove();
    }
    let line = summary.last_element_child();
    if let (Some(line), Some(what)) = (line, what.dyn_ref::<web_sys::Node>()) {
        let _ = line.append_child(what);
    }
    let _ = place.insert_before(&summary, place.first_child().as_ref());
    let (title, prefix) = (document().title(), word("data-error"));
    if sent.is_some() && !title.starts_with(&prefix) {
        document().set_title(&(prefix + &title));
    }
    later(0, Box::new(move || focus(&summary)));
}
