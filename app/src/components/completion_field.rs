//! The fields that complete an account, where they are asked first (`/complete-profile`) and where they are changed (`/profile`).

use super::choices::RadioGroup;
use super::city_field::CityFields;
use super::field::Field;
use super::photo_field::PhotoField;
use crate::ui::Ui;
use leptos::prelude::*;
use portaria::error::Field as Named;
use portaria::shape::Shape;
use portaria::value::Gender;
use portaria::view::AccountView;
use text::Texts;

/// All that are `asked` of this account, each with the value that it has. Called within the form.
pub fn completion_fields(account: &AccountView, asked: &[Named]) -> Vec<AnyView> {
    let texts = Ui::get().texts;
    asked.iter().map(|field| draw(texts, account, *field, asked)).collect()
}

fn draw(texts: &'static Texts, account: &AccountView, field: Named, asked: &[Named]) -> AnyView {
    let ask_city = asked.contains(&Named::City);
    let known = |value: &Option<String>| value.clone().unwrap_or_default();
    let place = || (known(&account.state), known(&account.city));
    match field {
        Named::Photo => view! { <PhotoField /> }.into_any(),
        Named::Gender => {
            let options = Gender::ALL.iter().map(|gender| (gender.as_str(), texts.gender(*gender))).collect();
            view! { <RadioGroup field legend=texts.field_name(field) options chosen=known(&account.gender) /> }.into_any()
        }
        Named::State => view! { <CityFields ask_state=true ask_city known=place() /> }.into_any(),
        // The state brings it.
        Named::City if asked.contains(&Named::State) => ().into_any(),
        Named::City => view! { <CityFields ask_state=false ask_city known=place() /> }.into_any(),
        // No code goes to it.
        Named::Phone => {
            view! { <Field field label=texts.label(account.kind, field) hint=hint(texts, field) shape=Shape::Phone /> }.into_any()
        }
        _ => view! { <Field field label=texts.label(account.kind, field) hint=hint(texts, field) /> }.into_any(),
    }
}

const fn hint(texts: &'static Texts, field: Named) -> &'static str {
    let hints = &texts.pages.hints;
    match field {
        Named::Username => hints.username,
        Named::Phone => hints.phone_any,
        Named::Cpf => hints.cpf,
        Named::Cnpj => hints.cnpj,
        _ => "",
    }
}
