//! A page that has come takes the place of the one that is shown.

use super::forms::Sent;
use super::history::{self, Entry, path_of, shown_path};
use super::typed;
use crate::dom::{each, find, focus, later};
use crate::wake;
use leptos::prelude::document;
use web_sys::{Document, Element};

/// What is taken over, one after the other.
const PLACES: [&str; 5] = [".skip", ".header", "main", ".footer", "#words"];

pub struct Takes {
    pub url: String,
    pub entry: Entry,
    pub sent: Option<Sent>,
    pub quiet: bool,
}

/// Whether it is a page of ours.
pub fn is_ours(page: &Document) -> bool {
    PLACES.iter().all(|place| matches!(page.query_selector(place), Ok(Some(_))))
}

/// Whether it was drawn for this WASM: its files have the same address.
pub fn is_this_build(page: &Document) -> bool {
    let build = |page: &Document| page.body().and_then(|it| it.get_attribute("data-build"));
    build(page) == build(&document())
}

/// The form that the page answers, if it does.
pub fn answers(page: &Document) -> Option<String> {
    page.query_selector("main").ok().flatten()?.get_attribute("data-answers")
}

pub fn take(page: &Document, takes: Takes) {
    let Takes { url, entry, sent, quiet } = takes;
    if quiet && take_parts(page) {
        return;
    }
    let answers = answers(page).is_some();
    let same_path = path_of(&url) == shown_path();
    let kept = if same_path { typed::of_page(sent.as_ref(), answers) } else { Vec::new() };
    if entry == Entry::Push {
        history::leave();
    }
    if sent.is_some() && !answers {
        history::forget_typed();
    }
    for place in PLACES {
        replace(page, place);
    }
    if let (Some(now), Some(then)) = (document().document_element(), page.document_element()) {
        let _ = now.set_attribute("lang", &then.get_attribute("lang").unwrap_or_default());
    }
    document().set_title(&page.title());
    if entry == Entry::Visit {
        typed::come_back(&history::typed_here());
    }
    typed::restore(&kept);
    // "Back" must not lead to a step that is over.
    let entry = if sent.is_some() && same_path { Entry::Replace } else { entry };
    history::arrived(&url, entry);
    wake::end_gone();
    wake::wake();
    history::scroll(entry);
    if let Some(place) = find("main [autofocus]").or_else(|| find("main h1")) {
        focus(&place);
    }
    announce();
}

fn replace(page: &Document, place: &str) -> Option<()> {
    let then = page.query_selector(place).ok()??;
    find(place)?.replace_with_with_node_1(&then).ok()
}

/// Takes over only what a waiting page marks as changing by itself (`data-part`), so that nobody is disturbed while typing. `false`: it is
/// another page now.
fn take_parts(page: &Document) -> bool {
    let parts = |of: &Document| each(of.query_selector_all("main [data-part]"));
    let heading = |of: &Document| of.query_selector("h1").ok().flatten().and_then(|it| it.text_content());
    let (now, then) = (parts(&document()), parts(page));
    let names = |parts: &[Element]| parts.iter().map(|part| part.get_attribute("data-part")).collect::<Vec<_>>();
    if heading(&document()) != heading(page) || names(&now) != names(&then) {
        return false;
    }
    for (now, then) in now.iter().zip(&then) {
        let focused = focusable(now).iter().position(|it| document().active_element().as_ref() == Some(it));
        let _ = now.replace_with_with_node_1(then);
        if let Some(place) = focused.and_then(|index| focusable(then).into_iter().nth(index)) {
            focus(&place);
        }
    }
    wake::end_gone();
    wake::wake();
    announce();
    true
}

fn focusable(part: &Element) -> Vec<Element> {
    each(part.query_selector_all("a, button"))
}

/// Says again what the page says of itself: what is put into a page together with its text is not read out.
fn announce() {
    let mut said = String::new();
    for region in each(document().query_selector_all("main [role=status]")) {
        let text = region.text_content().unwrap_or_default();
        if !text.trim().is_empty() {
            said.push_str(text.trim());
            said.push('\n');
        }
    }
    if let Some(announcer) = crate::dom::by_id("announcer") {
        announcer.set_text_content(None);
        later(100, Box::new(move || announcer.set_text_content(Some(&said))));
    }
}
