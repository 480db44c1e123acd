//! Help while typing: a field is formatted as it is typed, and checked when it loses the focus. The server checks again, with the same
//! value types.

use super::post_form::FormState;
use js_sys::Date as Clock;
use leptos::ev::FocusEvent;
use leptos::prelude::*;
use portaria::completion::today;
use portaria::error::{Field, FieldError};
use portaria::value::{BirthDate, Cpf};
use time::{Duration, OffsetDateTime};
use wasm_bindgen::JsCast;
use web_sys::{Event, HtmlElement, HtmlInputElement, InputEvent};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Live {
    /// Formatted as `529.982.247-25`; the check digits are checked.
    Cpf,
    /// Must be a day that exists, before today.
    BirthDate,
}

impl Live {
    pub const fn of(field: Field) -> Option<Self> {
        match field {
            Field::Cpf => Some(Self::Cpf),
            Field::BirthDate => Some(Self::BirthDate),
            _ => None,
        }
    }

    const fn field(self) -> Field {
        match self {
            Self::Cpf => Field::Cpf,
            Self::BirthDate => Field::BirthDate,
        }
    }

    /// Returns what is wrong with the input. An empty field is no error before its form is sent.
    fn judge(self, input: &HtmlInputElement) -> Option<FieldError> {
        let typed = input.value();
        let error = match self {
            Self::Cpf => Cpf::parse(&typed).err(),
            // For a day that does not exist the browser gives no value.
            Self::BirthDate if input.validity().bad_input() => Some(FieldError::DateShape),
            Self::BirthDate => BirthDate::parse(&typed, today(now())).err(),
        };
        error.filter(|error| *error != FieldError::Required)
    }

    /// On input: formats the field, and clears an error as soon as it no longer holds.
    pub(super) fn typed(self, state: FormState, event: &Event) {
        let Some(input) = input_of(event) else { return };
        let deletes = event.dyn_ref::<InputEvent>().is_some_and(|event| event.input_type().starts_with("delete"));
        if self == Self::Cpf && !deletes {
            shape(&input);
        }
        let told = untrack(|| !state.errors_of(self.field()).is_empty());
        if told && self.judge(&input).is_none() {
            state.find(self.field(), Ok(()));
        }
    }

    /// On blur: shows what is wrong. Not if the focus moves to a button: the message would push the button away from under the pointer,
    /// and the click would be lost. After the click the form answers anyway.
    pub(super) fn left(self, state: FormState, event: &FocusEvent) {
        let Some(input) = input_of(event) else { return };
        if self == Self::Cpf {
            shape(&input);
        }
        let next = event.related_target().and_then(|next| next.dyn_into::<HtmlElement>().ok());
        if next.is_some_and(|next| next.tag_name() == "BUTTON") {
            return;
        }
        if let Some(error) = self.judge(&input) {
            state.find(self.field(), Err(error));
        }
    }

    /// After hydration: limits the days that can be chosen, and shows the error for a day that cannot be sent.
    pub(super) fn wake(self, state: FormState, id: String) {
        if self != Self::BirthDate {
            return;
        }
        Effect::new(move |_| {
            if state.stayed.get() == 0 {
                // Only before anything is typed, because setting `max` makes the browser forget a day that does not exist. And only
                // in the next frame, because the field may not be in the document yet.
                let id = id.clone();
                request_animation_frame(move || {
                    let yesterday = today(now() - Duration::days(1));
                    let _ = input_with(&id).map(|input| input.set_attribute("max", &yesterday.to_string()));
                });
            } else if input_with(&id).is_some_and(|input| input.validity().bad_input()) {
                state.find(Field::BirthDate, Err(FieldError::DateShape));
            }
        });
    }
}

fn now() -> OffsetDateTime {
    #[expect(clippy::cast_possible_truncation, reason = "milliseconds of this age")]
    let seconds = (Clock::now() / 1000.0) as i64;
    OffsetDateTime::from_unix_timestamp(seconds).unwrap_or(OffsetDateTime::UNIX_EPOCH)
}

fn input_with(id: &str) -> Option<HtmlInputElement> {
    document().get_element_by_id(id)?.dyn_into().ok()
}

fn input_of(event: &Event) -> Option<HtmlInputElement> {
    event.target()?.dyn_into().ok()
}

/// Formats the field and keeps the caret behind the same digit.
fn shape(input: &HtmlInputElement) {
    let typed = input.value();
    let caret = input.selection_start().ok().flatten().and_then(|caret| usize::try_from(caret).ok()).unwrap_or(typed.len());
    let Some((shaped, caret)) = shape_cpf(&typed, caret) else { return };
    if shaped == typed {
        return;
    }
    input.set_value(&shaped);
    // Only if the field has the focus: otherwise the caret stays where it is.
    if document().active_element().is_some_and(|active| active.is_same_node(Some(input))) {
        let caret = u32::try_from(caret).unwrap_or(0);
        let _ = input.set_selection_range(caret, caret);
    }
}

/// Formats `529982247` as `529.982.247`, and returns where the caret goes. `None` for other characters or too many digits: the text is
/// left as it is.
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

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::*;

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
