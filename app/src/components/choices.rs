//! Things to tick and to choose from.

use super::field::{FieldErrorText, described_by};
use super::post_form::FormState;
use crate::forms::body_name;
use leptos::prelude::*;
use portaria::error::Field as Named;

/// A box to tick; its value is `true`.
#[component]
pub fn CheckboxField(
    /// Its name in the form's body.
    name: &'static str,
    /// The field whose errors stand at it, if any can.
    #[prop(optional)]
    field: Option<Named>,
    label: &'static str,
    #[prop(optional)] checked: bool,
) -> impl IntoView {
    let state: FormState = expect_context();
    let id = state.id(name);
    let checked = if state.was_posted() { state.posted_value(name).is_some() } else { checked };
    let wrong = Memo::new(move |_| field.is_some_and(|field| !state.errors_of(field).is_empty()));
    let described = {
        let id = id.clone();
        move || described_by(&id, false, wrong.get())
    };
    view! {
        <div class="field field-check" data-wrong=move || wrong.get().then_some("true")>
            {field.map(|field| view! { <FieldErrorText field /> })}
            <div class="check">
                <input
                    type="checkbox"
                    id=id.clone()
                    name=name
                    value="true"
                    checked=checked
                    aria-invalid=move || wrong.get().then_some("true")
                    aria-describedby=described
                />
                <label for=id>{label}</label>
            </div>
        </div>
    }
}

/// One of a few.
#[component]
pub fn RadioGroup(
    field: Named,
    legend: &'static str,
    /// Value and label of each.
    options: Vec<(&'static str, &'static str)>,
    /// The value that is chosen at first.
    chosen: &'static str,
) -> impl IntoView {
    let state: FormState = expect_context();
    let name = body_name(field);
    let chosen = state.posted_value(name).unwrap_or_else(|| chosen.to_owned());
    let wrong = Memo::new(move |_| !state.errors_of(field).is_empty());
    let first = state.id(name);
    let error_id = [&first, "-error"].concat();
    let radios: Vec<_> = options
        .into_iter()
        .enumerate()
        .map(|(index, (value, label))| {
            // The summary's link leads to the first.
            let id = if index == 0 { first.clone() } else { [&first, "-", value].concat() };
            view! {
                <div class="check">
                    <input type="radio" id=id.clone() name=name value=value checked=chosen == value />
                    <label for=id>{label}</label>
                </div>
            }
        })
        .collect();
    view! {
        <fieldset
            class="field"
            data-wrong=move || wrong.get().then_some("true")
            aria-describedby=move || wrong.get().then(|| error_id.clone())
        >
            <legend>{legend}</legend>
            <FieldErrorText field />
            <div class="choices">{radios}</div>
        </fieldset>
    }
}
