//! The third step of a journey that has one (seed 004, "COMPLETAR PERFIL"): the fields that its `completion` names and the account
//! lacks, in one form with a photo.

use crate::components::{AnotherCode, CityFields, Field, PhotoField, RadioGroup, StepUpFields, SubmitButton, UploadForm};
use crate::forms::PhotoForm;
use crate::ui::Ui;
use leptos::prelude::*;
use portaria::error::Field as Named;
use portaria::journey::Kind;
use portaria::shape::Shape;
use portaria::value::Gender;
use portaria::view::AccountView;
use text::Texts;

/// The form.
#[component]
pub fn CompletionForm(account: AccountView) -> impl IntoView {
    let texts = Ui::get().texts;
    let AccountView { kind, missing, .. } = account;
    let shown = move |field| field == Named::Photo || missing.contains(&field);
    let completion = kind.journey().completion;
    let asked: Vec<_> = completion.iter().map(|ask| ask.field).filter(|field| shown(*field)).collect();
    // A closure, because fields must be rendered inside the form that provides their state.
    let fields = move || asked.iter().map(|field| draw(texts, kind, *field, &asked)).collect::<Vec<_>>();
    view! {
        <p class="lead">{texts.pages.complete.form_lead}</p>
        <UploadForm form=PhotoForm::CompleteProfile class="form">
            {fields()}
            <StepUpFields />
            <SubmitButton text=texts.pages.complete.form_submit />
            <AnotherCode />
        </UploadForm>
    }
}

/// Draws one of the fields that are `asked`.
fn draw(texts: &'static Texts, kind: Kind, field: Named, asked: &[Named]) -> AnyView {
    let ask_city = asked.contains(&Named::City);
    match field {
        Named::Photo => view! { <PhotoField /> }.into_any(),
        Named::Gender => {
            let options = Gender::ALL.iter().map(|gender| (gender.as_str(), texts.gender(*gender))).collect();
            view! { <RadioGroup field legend=texts.field_name(field) options chosen="" /> }.into_any()
        }
        Named::State => view! { <CityFields ask_state=true ask_city /> }.into_any(),
        // The state brings it.
        Named::City if asked.contains(&Named::State) => ().into_any(),
        Named::City => view! { <CityFields ask_state=false ask_city /> }.into_any(),
        // No code goes to it.
        Named::Phone => view! { <Field field label=texts.label(kind, field) hint=hint(texts, field) shape=Shape::Phone /> }.into_any(),
        _ => view! { <Field field label=texts.label(kind, field) hint=hint(texts, field) /> }.into_any(),
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
