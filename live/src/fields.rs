//! One behaviour for all fields, by the shape that the server names around each (`data-shape`; [`Shape`]).
//!
//! - While it is typed, an error goes, also from the summary, as soon as the value is right.
//! - When it is left, the value is written out, as a phone or a document stands on paper, and what is certainly wrong is told, in the
//!   sentences that the server gives (`data-invalid`, `data-future`). The server checks again, by the same values.

use crate::dom::{find, later, now, on, set, tell};
use leptos::prelude::document;
use portaria::completion::today;
use portaria::error::FieldError;
use portaria::shape::Shape;
use time::{Date, OffsetDateTime};
use wasm_bindgen::JsCast;
use web_sys::{Element, Event, HtmlInputElement, HtmlSelectElement};

/// How long after a field was left it is told what is wrong, in milliseconds: longer than a click takes.
const PAUSE: i32 = 300;

/// Listens for as long as the page lives, whatever page that is.
pub fn start() {
    on(
        &document(),
        "input",
        Box::new(|event| {
            if let Some(field) = Field::of(&event) {
                field.typed();
            }
        }),
    );
    on(
        &document(),
        "focusout",
        Box::new(|event| {
            if let Some(field) = Field::of(&event) {
                field.left();
            }
        }),
    );
}

/// Limits the days that can be chosen. Only while nothing is typed, because setting `max` makes the browser forget a day that does not
/// exist.
pub fn wake() {
    let date = find("[data-shape=birth-date] input").and_then(|it| it.dyn_into::<HtmlInputElement>().ok());
    let untyped = date.filter(|date| date.value().is_empty() && !date.validity().bad_input());
    if let (Some(date), Some(yesterday)) = (untyped, today(moment()).previous_day()) {
        set(&date, "max", Some(&iso(yesterday)));
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

    /// What is wrong with the value.
    fn wrong(&self) -> Option<FieldError> {
        if self.is_no_date() {
            return Some(FieldError::DateShape);
        }
        let error = self.shape.check(&self.value(), today(moment())).err()?;
        let may_be_empty = self.shape != Shape::Ticked && !self.control.has_attribute("required");
        (error != FieldError::Required || !may_be_empty).then_some(error)
    }

    fn typed(&self) {
        if self.around.has_attribute("data-wrong") && self.wrong().is_none() {
            tell(&self.control, None);
        }
        self.withhold();
    }

    /// Writes out the value. What is wrong is told a moment later: the sentence would push away what is being clicked on from under the
    /// pointer, and the click would be lost.
    fn left(self) {
        let typed = self.value();
        if let (Some(input), Some(written)) = (self.input(), self.shape.written(&typed))
            && written != typed
        {
            input.set_value(&written);
        }
        self.withhold();
        later(PAUSE, Box::new(move || self.told()));
    }

    /// Tells what is wrong, unless the person is there again, or the form is on its way: its answer says so anyway.
    fn told(&self) {
        let sent = !matches!(self.control.closest("[data-sent]"), Ok(None));
        if sent || document().active_element().as_ref() == Some(&self.control) {
            return;
        }
        let sentence = match self.wrong() {
            Some(FieldError::DateNotPast) => "data-future",
            Some(error) if self.shape.error_told() == Some(error) => "data-invalid",
            _ => return,
        };
        if let Some(sentence) = self.around.get_attribute(sentence) {
            tell(&self.control, Some(&sentence));
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

fn moment() -> OffsetDateTime {
    #[expect(clippy::cast_possible_truncation, reason = "milliseconds of this age")]
    let seconds = (now() / 1000.0) as i64;
    OffsetDateTime::from_unix_timestamp(seconds).unwrap_or(OffsetDateTime::UNIX_EPOCH)
}

/// `2026-11-28`, without the format engine.
fn iso(date: Date) -> String {
    let two = |n: u8| [if n < 10 { "0" } else { "" }, &n.to_string()].concat();
    [&date.year().to_string(), "-", &two(date.month().into()), "-", &two(date.day())].concat()
}
