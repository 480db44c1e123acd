//! One behaviour for all fields, by the shape that the server names around each (`data-shape`; [`Shape`]).
//!
//! - While it is typed, an error goes, also from the summary, as soon as the value is right.
//! - When it is left, the value is written out, as a phone or a document stands on paper, and what is certainly wrong is told, in the
//!   sentences that the server gives (`data-invalid`, `data-future`). The server checks again, by the same values. So is a domain that
//!   looks like a slip (`data-meant`), which hinders nobody.

use crate::dom::{find, hush, later, now, on, set, tell, watch_presses, when_released};
use crate::part::fill;
use leptos::prelude::document;
use portaria::brasilia::BEHIND;
use portaria::shape::{Shape, Verdict};
use portaria::value::Email;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Element, Event, HtmlInputElement, HtmlSelectElement};

/// How long after a field was left it is told what is wrong, in milliseconds: longer than it takes to send its form.
const PAUSE: i32 = 300;

/// Listens for as long as the page lives, whatever page that is.
pub fn start() {
    for event in ["input", "focusout"] {
        on(&document(), event, Box::new(|event| hear(&event)));
    }
    watch_presses();
}

fn hear(event: &Event) {
    if event.type_() == "input" {
        hush();
    }
    let Some(field) = Field::of(event) else { return };
    if event.type_() == "input" {
        field.typed();
    } else {
        field.left();
    }
}

/// Limits the days that can be chosen. Only while nothing is typed, because setting `max` makes the browser forget a day that does not
/// exist.
pub fn wake() {
    let date = find("[data-shape=birth-date] input").and_then(|it| it.dyn_into::<HtmlInputElement>().ok());
    if let Some(date) = date.filter(|date| date.value().is_empty() && !date.validity().bad_input()) {
        set(&date, "max", Some(&day(24)));
    }
}

struct Field {
    control: Element,
    around: Element,
    shape: Shape,
}

impl Field {
    fn of(event: &Event) -> Option<Self> {
        let control = event.target()?.dyn_into::<Element>().ok()?;
        let around = control.closest("[data-shape]").ok()??;
        let shape = Shape::by_code(&around.get_attribute("data-shape")?)?;
        Some(Self { control, around, shape })
    }

    fn input(&self) -> Option<&HtmlInputElement> {
        self.control.dyn_ref()
    }

    fn value(&self) -> String {
        match self.input() {
            Some(input) if self.shape == Shape::Ticked && !input.checked() => String::new(),
            Some(input) => input.value(),
            None => self.control.dyn_ref::<HtmlSelectElement>().map(HtmlSelectElement::value).unwrap_or_default(),
        }
    }

    /// Whether there is something that is no date. Of that the browser gives no value.
    fn is_no_date(&self) -> bool {
        self.input().is_some_and(|input| input.validity().bad_input())
    }

    fn verdict(&self) -> Verdict {
        if self.is_no_date() {
            return Verdict::Wrong;
        }
        match self.shape.judge(&self.value(), &day(0)) {
            Verdict::Blank if self.shape != Shape::Ticked && !self.control.has_attribute("required") => Verdict::Right,
            verdict => verdict,
        }
    }

    fn typed(&self) {
        if self.around.has_attribute("data-wrong") && self.verdict() == Verdict::Right {
            tell(&self.control, None);
        }
        if let Some(hint) = self.hint() {
            hint.remove();
        }
        self.withhold();
    }

    /// Writes out the value. What is wrong is told a moment later.
    fn left(self) {
        let typed = self.value();
        if let (Some(input), Some(written)) = (self.input(), self.shape.written(&typed))
            && written != typed
        {
            input.set_value(&written);
        }
        self.withhold();
        later(PAUSE, Box::new(move || when_released(Box::new(move || self.tell()))));
    }

    /// Tells what is wrong, unless the person is there again, or the form is on its way: its answer says so anyway.
    fn tell(&self) {
        let sent = !matches!(self.control.closest("[data-sent]"), Ok(None));
        if sent || document().active_element().as_ref() == Some(&self.control) {
            return;
        }
        self.notice_slip();
        let sentence = match self.verdict() {
            Verdict::NotPast => "data-future",
            Verdict::Wrong => "data-invalid",
            _ => return,
        };
        if let Some(sentence) = self.around.get_attribute(sentence) {
            tell(&self.control, Some(&sentence));
        }
    }

    /// The sentence about a slip.
    fn hint(&self) -> Option<Element> {
        self.around.query_selector(".told .hint").ok().flatten()
    }

    /// Asks whether another domain was meant. What is asked already is not asked again.
    fn notice_slip(&self) {
        let Some(words) = self.around.get_attribute("data-meant").filter(|_| self.hint().is_none()) else { return };
        let Some(domain) = Email::domain_meant_at_a_glance(&self.value()) else { return };
        if let (Ok(Some(told)), Ok(line)) = (self.around.query_selector(".told"), document().create_element("p")) {
            line.set_class_name("hint");
            line.set_text_content(Some(&fill(&words, domain)));
            let _ = told.append_child(&line);
        }
    }

    /// What the browser does not send cannot be refused by the server: the navigator tells it, and keeps the form here.
    fn withhold(&self) {
        if let (Shape::BirthDate, Some(input)) = (self.shape, self.input()) {
            let sentence = self.around.get_attribute("data-invalid").filter(|_| self.is_no_date());
            input.set_custom_validity(&sentence.unwrap_or_default());
        }
    }
}

/// The date in Brasília so many hours ago, as `2026-11-28`. By JavaScript: the calendar of Rust would weigh 1 kB.
fn day(hours: i8) -> String {
    let at = now() - f64::from(hours + BEHIND) * 3_600_000.0;
    let text = String::from(js_sys::Date::new(&JsValue::from_f64(at)).to_iso_string());
    text.get(..10).unwrap_or_default().to_owned()
}
