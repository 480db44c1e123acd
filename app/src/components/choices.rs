//! Checkboxes, radio buttons, sliders and drop-down lists.

use super::field::{FieldErrorText, Label, described_by};
use super::post_form::FormState;
use crate::ui::Ui;
use leptos::prelude::*;
use portaria::error::Field as Named;

/// A checkbox. Its value is `true`.
#[component]
pub fn CheckboxField(
    name: &'static str,
    /// The field whose errors are shown at the checkbox, if there is one.
    #[prop(optional)]
    field: Option<Named>,
    label: &'static str,
    #[prop(optional)] checked: bool,
) -> impl IntoView {
    let state: FormState = expect_context();
    let id = state.id(name);
    // A posted state belongs to the first rendering only: a checkbox that is rendered after hydration is a new one.
    let first = !Ui::get().hydrated.get_untracked();
    let checked = if first && state.was_posted() { state.posted_value(name).is_some() } else { checked };
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

/// Radio buttons, for few options.
#[component]
pub fn RadioGroup(field: Named, legend: &'static str, options: Vec<(&'static str, &'static str)>, chosen: &'static str) -> impl IntoView {
    let state: FormState = expect_context();
    let name = field.name();
    let chosen = state.posted_value(name).unwrap_or_else(|| chosen.to_owned());
    let wrong = Memo::new(move |_| !state.errors_of(field).is_empty());
    let first = state.id(name);
    let error_id = [&first, "-error"].concat();
    let radios: Vec<_> = options
        .into_iter()
        .enumerate()
        .map(|(index, (value, label))| {
            // The first button has the id that the error summary links to.
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

/// A slider. It is rendered in the browser only, so its value is the signal.
#[component]
pub fn Range(name: &'static str, label: &'static str, value: RwSignal<u16>, min: u16, max: u16) -> impl IntoView {
    let state: FormState = expect_context();
    let id = state.id(name);
    view! {
        <div class="range">
            <label for=id.clone()>{label}</label>
            <input
                type="range"
                id=id
                name=name
                min=min.to_string()
                max=max.to_string()
                prop:value=move || value.get().to_string()
                on:input=move |event| {
                    if let Ok(typed) = event_target_value(&event).parse() {
                        value.set(typed);
                    }
                }
            />
        </div>
    }
}

/// A drop-down list, for many options.
#[component]
pub fn SelectField(
    field: Named,
    label: &'static str,
    placeholder: &'static str,
    options: Vec<(&'static str, &'static str)>,
    autocomplete: &'static str,
    on_change: Callback<String>,
) -> impl IntoView {
    let state: FormState = expect_context();
    let name = field.name();
    let id = state.id(name);
    let chosen = state.posted_value(name).unwrap_or_default();
    let wrong = Memo::new(move |_| !state.errors_of(field).is_empty());
    let described = {
        let id = id.clone();
        move || described_by(&id, false, wrong.get())
    };
    let options: Vec<_> =
        options.into_iter().map(|(value, label)| view! { <option value=value selected=chosen == value>{label}</option> }).collect();
    view! {
        <div class="field" data-wrong=move || wrong.get().then_some("true")>
            <Label id=id.clone() text=label optional=false />
            <FieldErrorText field />
            <select
                class="input input-medium"
                id=id
                name=name
                autocomplete=autocomplete
                required
                on:change=move |event| on_change.run(event_target_value(&event))
                aria-invalid=move || wrong.get().then_some("true")
                aria-describedby=described
            >
                <option value="">{placeholder}</option>
                {options}
            </select>
        </div>
    }
}
