//! Checkboxes, radio buttons and drop-down lists.

use super::field::{FieldErrorText, Label, described_by};
use super::post_form::FormState;
use leptos::prelude::*;
use portaria::error::Field as Named;
use portaria::message::Channel;
use portaria::shape::Shape;
use text::Texts;

fn shape_of(field: Named) -> Option<&'static str> {
    Shape::of(field).map(Shape::code)
}

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
    let checked = if state.was_posted() { state.posted_value(name).is_some() } else { checked };
    let wrong = field.is_some_and(|field| state.is_wrong(field));
    view! {
        <div class="field" data-wrong=wrong.then_some("true") data-shape=field.and_then(shape_of)>
            {field.map(|field| view! { <FieldErrorText field /> })}
            <div class="check">
                <input
                    type="checkbox"
                    id=id.clone()
                    name=name
                    value="true"
                    checked=checked
                    aria-invalid=wrong.then_some("true")
                    aria-describedby=described_by(&id, false, wrong)
                />
                <label for=id>{label}</label>
            </div>
        </div>
    }
}

/// Radio buttons, for few options.
#[component]
pub fn RadioGroup(
    field: Named,
    legend: &'static str,
    options: Vec<(&'static str, &'static str)>,
    #[prop(into)] chosen: String,
) -> impl IntoView {
    let state: FormState = expect_context();
    let name = field.name();
    let chosen = state.posted_value(name).unwrap_or(chosen);
    let wrong = state.is_wrong(field);
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
        <fieldset class="field" data-wrong=wrong.then_some("true") data-shape=shape_of(field) aria-describedby=wrong.then_some(error_id)>
            <legend>{legend}</legend>
            <FieldErrorText field />
            <div class="choices">{radios}</div>
        </fieldset>
    }
}

/// The options of a channel. The first is the system's choice, whose value is empty: whoever leaves it there chose nothing, so that
/// another channel may follow by itself (SPEC §12).
pub fn channel_options(texts: &'static Texts, channels: &[Channel]) -> Vec<(&'static str, &'static str)> {
    channels.iter().map(|channel| (channel_value(channels, *channel), texts.channel(*channel))).collect()
}

/// The value of a channel among those of [`channel_options`].
pub fn channel_value(channels: &[Channel], channel: Channel) -> &'static str {
    if channels.first() == Some(&channel) || !channels.contains(&channel) { "" } else { channel.as_str() }
}

/// A drop-down list, for many options.
#[component]
pub fn SelectField(
    field: Named,
    label: &'static str,
    placeholder: &'static str,
    options: Vec<(&'static str, &'static str)>,
    autocomplete: &'static str,
    chosen: String,
) -> impl IntoView {
    let state: FormState = expect_context();
    let name = field.name();
    let id = state.id(name);
    let chosen = state.posted_value(name).unwrap_or(chosen);
    let wrong = state.is_wrong(field);
    let described = described_by(&id, false, wrong);
    let options: Vec<_> =
        options.into_iter().map(|(value, label)| view! { <option value=value selected=chosen == value>{label}</option> }).collect();
    view! {
        <div class="field" data-wrong=wrong.then_some("true") data-shape=shape_of(field)>
            <Label id=id.clone() text=label optional=false />
            <FieldErrorText field />
            <select
                class="input input-medium"
                id=id
                name=name
                autocomplete=autocomplete
                required
                aria-invalid=wrong.then_some("true")
                aria-describedby=described
            >
                <option value="">{placeholder}</option>
                {options}
            </select>
        </div>
    }
}
