//! The browser's history: which entry this is, what it shows, where it was scrolled to, and what was typed there.

use super::journey::{self, Journey};
use super::typed;
use crate::dom::{later, on};
use leptos::prelude::window;
use std::cell::{Cell, RefCell};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{PopStateEvent, ScrollRestoration, Url};

/// What becomes of the history when a page arrives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Entry {
    /// A new one.
    Push,
    /// The page takes the place of the one before.
    Replace,
    /// The person went back or forward to it.
    Visit,
}

thread_local! {
    /// The number of this entry; it is its state.
    static ENTRY: Cell<usize> = const { Cell::new(0) };
    /// The entry whose page is shown. It is another one while the page of this entry is still to come.
    static SHOWN_ENTRY: Cell<usize> = const { Cell::new(0) };
    /// The address that is shown.
    static SHOWN: RefCell<String> = const { RefCell::new(String::new()) };
    /// How the entries of this document were left.
    static PLACES: RefCell<Vec<Place>> = const { RefCell::new(Vec::new()) };
}

/// How an entry was left.
#[derive(Default)]
struct Place {
    scrolled: f64,
    /// Lines ([`typed::to_come_back_to`]).
    typed: String,
}

pub fn here() -> String {
    window().location().href().unwrap_or_default()
}

/// Path and query.
fn page_of(url: &str) -> String {
    Url::new(url).map(|url| [url.pathname(), url.search()].concat()).unwrap_or_default()
}

pub fn path_of(url: &str) -> String {
    Url::new(url).map(|url| url.pathname()).unwrap_or_default()
}

/// Whether this is the page that is shown, whatever the hash.
pub fn is_same_page(url: &str) -> bool {
    SHOWN.with_borrow(|shown| *shown == page_of(url))
}

/// The path that is shown.
pub fn shown_path() -> String {
    SHOWN.with_borrow(|shown| shown.split('?').next().unwrap_or_default().to_owned())
}

fn number(state: &JsValue) -> Option<usize> {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a whole number that was written here")]
    state.as_f64().map(|number| number as usize)
}

fn state(number: usize) -> JsValue {
    u32::try_from(number).unwrap_or(0).into()
}

/// The page is being left for another one: keeps how.
pub fn leave() {
    let at = SHOWN_ENTRY.get();
    let place = Place { scrolled: window().scroll_y().unwrap_or(0.0), typed: typed::to_come_back_to() };
    PLACES.with_borrow_mut(|places| {
        if places.len() <= at {
            places.resize_with(at + 1, Place::default);
        }
        if let Some(kept) = places.get_mut(at) {
            *kept = place;
        }
    });
}

/// What was typed into the page of this entry when it was left.
pub fn typed_here() -> String {
    PLACES.with_borrow_mut(|places| places.get_mut(ENTRY.get()).map(|place| std::mem::take(&mut place.typed)).unwrap_or_default())
}

/// Forgets what was typed into any page.
pub fn forget_typed() {
    PLACES.with_borrow_mut(|places| places.iter_mut().for_each(|place| place.typed.clear()));
}

/// Who scrolls to where an entry was: the browser, or [`scroll`].
fn leave_scrolling_to(whom: ScrollRestoration) {
    if let Ok(history) = window().history() {
        let _ = history.set_scroll_restoration(whom);
    }
}

pub fn start() {
    let Ok(history) = window().history() else { return };
    SHOWN.set(page_of(&here()));
    match history.state().ok().as_ref().and_then(number) {
        Some(number) => {
            ENTRY.set(number);
            SHOWN_ENTRY.set(number);
        }
        None => {
            let _ = history.replace_state(&state(0), "");
        }
    }
    // The page comes later than the browser would scroll. When the document is left, it is the browser's again.
    leave_scrolling_to(ScrollRestoration::Manual);
    on(
        &window(),
        "pagehide",
        Box::new(|_| {
            typed::put_away();
            leave_scrolling_to(ScrollRestoration::Auto);
        }),
    );
    on(
        &window(),
        "pageshow",
        Box::new(|_| {
            typed::take_out();
            leave_scrolling_to(ScrollRestoration::Manual);
        }),
    );
    on(
        &window(),
        "popstate",
        Box::new(|event| {
            // It also fires for a hash of the same page.
            let same = is_same_page(&here());
            leave();
            let visited = event.dyn_ref::<PopStateEvent>().and_then(|event| number(&event.state()));
            ENTRY.set(visited.unwrap_or_else(|| ENTRY.get()));
            if same {
                // Or the person has come back before the page of another entry came.
                SHOWN_ENTRY.set(ENTRY.get());
                journey::stay();
            } else {
                Journey::back(&here()).begin();
            }
        }),
    );
}

/// The page at this address is shown now.
pub fn arrived(url: &str, entry: Entry) {
    let Ok(history) = window().history() else { return };
    match entry {
        Entry::Push => {
            let next = ENTRY.get() + 1;
            ENTRY.set(next);
            PLACES.with_borrow_mut(|places| places.truncate(next));
            let _ = history.push_state_with_url(&state(next), "", Some(url));
        }
        // It may have led on to another address.
        Entry::Replace | Entry::Visit => {
            let _ = history.replace_state_with_url(&state(ENTRY.get()), "", Some(url));
        }
    }
    SHOWN_ENTRY.set(ENTRY.get());
    SHOWN.set(page_of(url));
}

/// Scrolls to where the entry was; a new one to its top. Once more when pictures and fonts have settled.
pub fn scroll(entry: Entry) {
    let place = match entry {
        Entry::Visit => PLACES.with_borrow(|places| places.get(ENTRY.get()).map_or(0.0, |place| place.scrolled)),
        Entry::Push | Entry::Replace => 0.0,
    };
    window().scroll_to_with_x_and_y(0.0, place);
    if place > 0.0 {
        later(0, Box::new(move || window().scroll_to_with_x_and_y(0.0, place)));
    }
}
