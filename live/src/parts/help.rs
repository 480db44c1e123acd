//! Help while typing: a CPF takes its shape as it is typed, and a CPF or a date is checked when its field loses the focus. The server
//! checks again, with the same value types.

use crate::part::part;

part! {
    /// Help for one field.
    Help = "help" {
        /// The id of the field.
        field,
        /// [`Kind::code`]
        kind,
        /// What is said of a value that is none.
        invalid,
        /// What is said of a date that is not in the past.
        future,
    }
}

/// Which field is helped with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Shaped as `529.982.247-25`; the check digits are checked.
    Cpf,
    /// Must be a day that exists, before today.
    BirthDate,
}

impl Kind {
    #[cfg(feature = "browser")]
    fn of(code: &str) -> Option<Self> {
        [Self::Cpf, Self::BirthDate].into_iter().find(|kind| kind.code() == code)
    }

    /// Its name.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Cpf => "cpf",
            Self::BirthDate => "birth-date",
        }
    }
}

/// Shapes `529982247` as `529.982.247`, and returns where the caret goes. `None` for other characters or too many digits: the text is
/// left as it is.
#[cfg(any(feature = "browser", test))]
fn shape_cpf(typed: &str, caret: usize) -> Option<(String, usize)> {
    let known = |c: char| c.is_ascii_digit() || matches!(c, '.' | '-' | ' ' | '/');
    let digits: Vec<char> = typed.chars().filter(char::is_ascii_digit).collect();
    if !typed.chars().all(known) || digits.len() > 11 {
        return None;
    }
    let before = typed.chars().take(caret).filter(char::is_ascii_digit).count();
    let mut shaped = String::with_capacity(14);
    let mut place = 0;
    for (index, digit) in digits.into_iter().enumerate() {
        match index {
            3 | 6 => shaped.push('.'),
            9 => shaped.push('-'),
            _ => {}
        }
        shaped.push(digit);
        if index + 1 == before {
            place = shaped.len();
        }
    }
    Some((shaped, place))
}

#[cfg(feature = "browser")]
mod browser {
    use super::{Help, Kind, shape_cpf};
    use crate::dom::{input, is_told, now, on_here, tell};
    use crate::wake::{Mounted, mount};
    use leptos::prelude::document;
    use portaria::completion::today;
    use portaria::error::FieldError;
    use portaria::value::{BirthDate, Cpf};
    use std::rc::Rc;
    use time::{Date, OffsetDateTime};
    use wasm_bindgen::JsCast;
    use web_sys::{Element, Event, FocusEvent, HtmlElement, HtmlInputElement, InputEvent};

    pub fn live(host: &Element, part: Help) -> Mounted {
        mount(host, move || {
            let (Some(field), Some(kind)) = (input(&part.field), Kind::of(&part.kind)) else { return };
            let help = Rc::new(Helped { field: field.clone(), kind, part });
            help.wake();
            let typed = help.clone();
            on_here(&field, "input", Box::new(move |event| typed.typed(&event)));
            on_here(&field, "blur", Box::new(move |event| help.left(&event)));
        })
    }

    struct Helped {
        field: HtmlInputElement,
        kind: Kind,
        part: Help,
    }

    impl Helped {
        /// Limits the days that can be chosen. Only while nothing is typed, because setting `max` makes the browser forget a day that
        /// does not exist.
        fn wake(&self) {
            let untyped = self.field.value().is_empty() && !self.field.validity().bad_input();
            if let (Kind::BirthDate, true, Some(yesterday)) = (self.kind, untyped, today(moment()).previous_day()) {
                let _ = self.field.set_attribute("max", &iso(yesterday));
            }
        }

        /// What is wrong with the value. An empty field is no error before its form is sent.
        fn wrong(&self) -> Option<&str> {
            let typed = self.field.value();
            let error = match self.kind {
                Kind::Cpf => Cpf::parse(&typed).err(),
                // For a day that does not exist the browser gives no value.
                Kind::BirthDate if self.field.validity().bad_input() => Some(FieldError::DateShape),
                Kind::BirthDate => BirthDate::parse(&typed, today(moment())).err(),
            };
            match error? {
                FieldError::Required => None,
                FieldError::DateNotPast => Some(&self.part.future),
                _ => Some(&self.part.invalid),
            }
        }

        /// On input: shapes the value, and takes an error away as soon as it no longer holds.
        fn typed(&self, event: &Event) {
            let deletes = event.dyn_ref::<InputEvent>().is_some_and(|event| event.input_type().starts_with("delete"));
            if self.kind == Kind::Cpf && !deletes {
                self.shape();
            }
            let wrong = self.wrong();
            if is_told(&self.field) && wrong.is_none() {
                tell(&self.field, None);
            }
            self.withhold();
        }

        /// On blur: shows what is wrong. Not if the focus moves to a button: the message would push the button away from under the
        /// pointer, and the click would be lost. After the click the form answers anyway.
        fn left(&self, event: &Event) {
            if self.kind == Kind::Cpf {
                self.shape();
            }
            self.withhold();
            let next = event.dyn_ref::<FocusEvent>().and_then(FocusEvent::related_target);
            if next.and_then(|next| next.dyn_into::<HtmlElement>().ok()).is_some_and(|next| next.tag_name() == "BUTTON") {
                return;
            }
            if let Some(wrong) = self.wrong() {
                tell(&self.field, Some(wrong));
            }
        }

        /// What the browser does not send cannot be refused by the server: the navigator tells it, and keeps the form here.
        fn withhold(&self) {
            if self.kind == Kind::BirthDate {
                let lost = self.field.validity().bad_input();
                self.field.set_custom_validity(if lost { &self.part.invalid } else { "" });
            }
        }

        /// Shapes the value and keeps the caret behind the same digit.
        fn shape(&self) {
            let typed = self.field.value();
            let caret = self.field.selection_start().ok().flatten().and_then(|caret| usize::try_from(caret).ok()).unwrap_or(typed.len());
            let Some((shaped, caret)) = shape_cpf(&typed, caret) else { return };
            if shaped == typed {
                return;
            }
            self.field.set_value(&shaped);
            // Only if the field has the focus: otherwise the caret stays where it is.
            if document().active_element().as_ref() == Some(self.field.as_ref()) {
                let caret = u32::try_from(caret).unwrap_or(0);
                let _ = self.field.set_selection_range(caret, caret);
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
}

#[cfg(feature = "browser")]
pub(crate) use browser::live;

#[cfg(test)]
mod tests {
    use super::shape_cpf;

    #[test]
    fn a_cpf_takes_its_shape_digit_by_digit() {
        for (typed, expected) in [
            ("", ""),
            ("5", "5"),
            ("529", "529"),
            ("5299", "529.9"),
            ("529.9824", "529.982.4"),
            ("529.982.2472", "529.982.247-2"),
            ("52998224725", "529.982.247-25"),
            ("529 982 247/25", "529.982.247-25"),
        ] {
            assert_eq!(shape_cpf(typed, typed.len()), Some((expected.to_owned(), expected.len())));
        }
    }

    #[test]
    fn the_caret_stays_behind_its_digit() {
        // A digit typed into the middle: 52[7]9982247.
        assert_eq!(shape_cpf("5279.982.247", 3), Some(("527.998.224-7".to_owned(), 3)));
        assert_eq!(shape_cpf("529.9821.247", 8), Some(("529.982.124-7".to_owned(), 9)));
        assert_eq!(shape_cpf("52998224725", 0), Some(("529.982.247-25".to_owned(), 0)));
    }

    #[test]
    fn what_is_no_cpf_is_left_as_it_was_typed() {
        for typed in ["529a", "CPF: 529", "529982247251", "５２９", "12.345.678/0001-95"] {
            assert_eq!(shape_cpf(typed, 1), None, "{typed}");
        }
    }
}
