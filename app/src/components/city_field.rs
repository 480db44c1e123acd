//! State and city. The municipalities of the state are suggestions: any city is accepted.

use super::choices::SelectField;
use super::field::Field;
use super::post_form::FormState;
use crate::server_fns::cities;
use crate::ui::Ui;
use leptos::prelude::*;
use leptos::task::spawn_local;
use portaria::error::Field as Named;
use portaria::value::State;
use wasm_bindgen::JsCast;
use web_sys::HtmlSelectElement;

/// Returns the municipalities of a state that was known when the page was rendered. The server sends them along, because the browser
/// has no list of its own.
pub fn suggested_at_first(state: &str) -> Vec<String> {
    SharedValue::new(|| listed(state)).into_inner()
}

#[cfg(feature = "ssr")]
use crate::server_fns::listed;

#[cfg(not(feature = "ssr"))]
fn listed(_state: &str) -> Vec<String> {
    Vec::new()
}

/// Fetches the municipalities of a state. Without a state there is no request.
async fn suggested(state: String) -> Vec<String> {
    if state.is_empty() { Vec::new() } else { cities(state).await.unwrap_or_default() }
}

/// State and city, or only one of them. `suggestions` are those that came with the page.
#[component]
pub fn CityFields(ask_state: bool, ask_city: bool, suggestions: Vec<String>) -> impl IntoView {
    let form: FormState = expect_context();
    let texts = Ui::get().texts;
    let list = form.id("cities");
    let suggestions = RwSignal::new(suggestions);
    let id = form.id(Named::State.name());
    let load = move |state: String| {
        spawn_local(async move {
            let names = suggested(state).await;
            suggestions.try_set(names);
        });
    };
    // A state that was chosen before hydration fires no event any more.
    Effect::new(move |_| {
        let select = document().get_element_by_id(&id).and_then(|it| it.dyn_into::<HtmlSelectElement>().ok());
        if let Some(state) = select.map(|select| select.value()).filter(|state| !state.is_empty())
            && suggestions.with_untracked(Vec::is_empty)
        {
            load(state);
        }
    });
    let options = State::ALL.iter().map(|state| (state.code(), state.name())).collect();
    let names = move || suggestions.get().into_iter().map(|name| view! { <option value=name></option> }).collect::<Vec<_>>();
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
                        on_change=Callback::new(load)
                    />
                }
            })}
        {ask_city
            .then(|| {
                view! {
                    <Field field=Named::City label=texts.field_name(Named::City) hint=texts.pages.hints.city list=list.clone() />
                    <datalist id=list>{names}</datalist>
                }
            })}
    }
}
