//! State and city. The municipalities of the state are suggestions: any city is accepted.

use super::choices::SelectField;
use super::field::Field;
use super::post_form::FormState;
use crate::server_fns::listed;
use crate::ui::Ui;
use leptos::prelude::*;
use live::parts::Cities;
use portaria::error::Field as Named;
use portaria::value::State;

/// State and city, or only one of them. `known`: those that the account has.
#[component]
pub fn CityFields(ask_state: bool, ask_city: bool, #[prop(optional)] known: (String, String)) -> impl IntoView {
    let form: FormState = expect_context();
    let texts = Ui::get().texts;
    let state = form.id(Named::State.name());
    let list = form.id("cities");
    let (known_state, known_city) = known;
    // Those of the state that was chosen in a form that comes back. Those of a known state are fetched once the page lives: they may
    // weigh more than the page.
    let names = form.posted_value(Named::State.name()).map(|state| listed(&state)).unwrap_or_default();
    let options = State::ALL.iter().map(|state| (state.code(), state.name())).collect();
    view! {
        {ask_state
            .then(|| {
                view! {
                    <SelectField
                        field=Named::State
                        label=texts.field_name(Named::State)
                        placeholder=texts.pages.complete.choose_state
                        options
                        autocomplete="address-level1"
                        chosen=known_state
                    />
                }
            })}
        {ask_city
            .then(|| {
                let names: Vec<_> = names.into_iter().map(|name| view! { <option value=name></option> }).collect();
                view! {
                    <Field
                        field=Named::City
                        label=texts.field_name(Named::City)
                        hint=texts.pages.hints.city
                        value=known_city
                        list=list.clone()
                    />
                    <datalist id=list.clone()>{names}</datalist>
                }
            })}
        {live::draw(&Cities { state, list: list.clone() }, ())}
    }
}
