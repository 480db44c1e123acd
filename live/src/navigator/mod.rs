//! Links, forms, back and forward without loading a document.
//!
//! ```text
//! a link, a form, back ─► Journey: one request at a time, a newer one ends the older
//!                            │
//!        answer ◄────────────┴──► no answer: said in the page, nothing typed is lost
//!          ├─ no page of ours, or of another build ─► the browser loads it
//!          └─ a page ─► takes over header, main part, footer, title and language; what was typed stays where the server says so,
//!                       and comes back with its page
//! ```
//!
//! A form's answer is the very page that a browser without WASM would show: 303 to another page, or this page again, which then says in
//! `<main data-answers>` which form it answers. One way for both, so no rule is written twice.

mod arrival;
mod forms;
mod history;
mod journey;
mod typed;

pub use journey::{cancel, refresh};
pub use typed::bring_back;

use crate::dom::on;
use history::{here, is_same_page};
use journey::Journey;
use leptos::prelude::{document, window};
use wasm_bindgen::JsCast;
use web_sys::{Element, Event, MouseEvent, Url};

/// Takes links, forms, back and forward over from the browser.
pub fn start() {
    history::start();
    on(&document(), "click", Box::new(|event| follow(&event)));
    on(&document(), "submit", Box::new(|event| forms::submit(&event)));
}

/// A click on a link to a page of ours, if it is a plain one.
fn follow(event: &Event) {
    let Some(mouse) = event.dyn_ref::<MouseEvent>() else { return };
    if event.default_prevented() || mouse.button() != 0 || mouse.meta_key() || mouse.ctrl_key() || mouse.shift_key() || mouse.alt_key() {
        return;
    }
    let target = event.target().and_then(|it| it.dyn_into::<Element>().ok());
    let Some(link) = target.and_then(|it| it.closest("a[href]").ok().flatten()) else { return };
    if link.has_attribute("target") || link.has_attribute("download") {
        return;
    }
    let href = link.get_attribute("href").unwrap_or_default();
    let Ok(url) = Url::new_with_base(&href, &here()) else { return };
    if Ok(url.origin()) != window().location().origin() {
        return;
    }
    let hash = url.hash();
    if hash.is_empty() {
        event.prevent_default();
        Journey::to_link(&url.href()).begin();
    } else if is_same_page(&url.href()) {
        // The browser would go there too, but also write the place into its history.
        if let Some(place) = crate::dom::by_id(hash.trim_start_matches('#')) {
            event.prevent_default();
            place.scroll_into_view();
            crate::dom::focus(&place);
        }
    }
}
