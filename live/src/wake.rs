//! Mounts the parts of a page, and ends those whose element is gone.

use crate::dom::{each, find, later};
use crate::fields;
use crate::part::Part;
use crate::parts::{Cities, Clock, CopyText, Photo, Rules, ShowPassword, Upload, Waiting, WebOtp};
use crate::parts::{cities, clock, copy_text, photo, rules, show_password, upload, waiting, web_otp};
use leptos::mount::mount_to_renderer;
use leptos::prelude::{IntoView, View, document};
use std::any::Any;
use std::cell::RefCell;
use web_sys::Element;

thread_local! {
    static AWAKE: RefCell<Vec<(Element, Box<dyn Any>)>> = const { RefCell::new(Vec::new()) };
}

/// What ends a part when it is dropped: its owner with its timers and listeners, and its view.
pub type Mounted = Box<dyn Any>;

/// Mounts a view in an element, in place of what stands there.
pub fn mount<V: IntoView + 'static>(host: &Element, view: impl FnOnce() -> V + 'static) -> Mounted
where
    <View<V> as leptos::tachys::view::Render>::State: 'static,
{
    host.replace_children_with_node_0();
    Box::new(mount_to_renderer(host, move || view().into_view()))
}

const SLEEPS: &str = "live-part:not([data-awake])";

/// Mounts the parts that do not live yet.
pub fn wake() {
    each(document().query_selector_all(SLEEPS)).into_iter().for_each(wake_part);
    set_awake();
}

/// The same for the first page of a document, each part in a task of its own, so that a slow processor can answer in between. So is each
/// of `then`, which are done before it says that the page is awake.
pub fn wake_in_turn(then: &'static [fn()]) {
    later(
        0,
        Box::new(move || {
            if let Some(host) = find(SLEEPS) {
                wake_part(host);
                wake_in_turn(then);
            } else if let [next, rest @ ..] = then {
                next();
                wake_in_turn(rest);
            } else {
                set_awake();
            }
        }),
    );
}

/// Mounts a part. One that cannot be read stays as the server drew it.
fn wake_part(host: Element) {
    let _ = host.set_attribute("data-awake", "");
    let name = host.get_attribute("data-live").unwrap_or_default();
    let props = host.get_attribute("data-props").unwrap_or_default();
    if let Some(mounted) = part(&host, &name, &props) {
        AWAKE.with_borrow_mut(|awake| awake.push((host, mounted)));
    }
}

fn set_awake() {
    fields::wake();
    if let Some(body) = document().body() {
        let _ = body.set_attribute("data-awake", "");
    }
}

/// Ends the parts whose elements have left the page.
pub fn end_gone() {
    let gone: Vec<_> = AWAKE.with_borrow_mut(|awake| awake.extract_if(.., |(host, _)| !host.is_connected()).collect());
    // What they do at their end may look at the list again, so it is not borrowed any more.
    drop(gone);
}

fn part(host: &Element, name: &str, props: &str) -> Option<Mounted> {
    Some(match name {
        Cities::NAME => cities::live(host, Part::read(props)?),
        Clock::NAME => clock::live(host, Part::read(props)?),
        CopyText::NAME => copy_text::live(host, Part::read(props)?),
        Photo::NAME => photo::live(host, Part::read(props)?),
        Rules::NAME => rules::live(host, Part::read(props)?),
        ShowPassword::NAME => show_password::live(host, Part::read(props)?),
        Upload::NAME => upload::live(host, Part::read(props)?),
        Waiting::NAME => waiting::live(host, Part::read(props)?),
        WebOtp::NAME => web_otp::live(host, Part::read(props)?),
        _ => return None,
    })
}
