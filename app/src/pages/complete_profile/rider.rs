//! The third step of a rider's journey (seed 004, "COMPLETAR PERFIL"): the missing fields and a photo.

use crate::components::{CityFields, Field, PhotoField, RadioGroup, StepUpFields, Stepper, SubmitButton, UploadForm};
use crate::forms::PhotoForm;
use crate::ui::Ui;
use leptos::prelude::*;
use portaria::error::Field as Named;
use portaria::journey::{Kind, Step};
use portaria::value::Gender;
use portaria::view::AccountView;

/// The form. `cities` are the suggestions for the state that was chosen before the page came back.
#[component]
pub fn RiderProfile(account: AccountView, cities: Vec<String>) -> impl IntoView {
    let all = Ui::get().texts;
    let texts = &all.pages.complete;
    let hints = &all.pages.hints;
    let asked = move |field: Named| account.missing.contains(&field);
    let text = move |field: Named, hint: &'static str| view! { <Field field label=all.label(Kind::Caronista, field) hint /> };
    // A closure, because fields must be rendered inside the form that provides their state.
    let fields = move || {
        view! {
            <PhotoField />
            {asked(Named::Username).then(|| text(Named::Username, hints.username))}
            {asked(Named::Phone).then(|| text(Named::Phone, hints.phone_any))}
            {asked(Named::BirthDate).then(|| text(Named::BirthDate, ""))}
            {asked(Named::Gender).then(genders)}
            {asked(Named::Cpf).then(|| text(Named::Cpf, hints.cpf))}
            <CityFields ask_state=asked(Named::State) ask_city=asked(Named::City) suggestions=cities />
            <StepUpFields />
            <SubmitButton text=texts.rider_submit />
        }
    };
    view! {
        <p class="lead">{texts.rider_lead}</p>
        <UploadForm form=PhotoForm::CompleteRider class="form">
            {fields()}
        </UploadForm>
    }
}

fn genders() -> impl IntoView {
    let texts = Ui::get().texts;
    let options = Gender::ALL.iter().map(|gender| (gender.as_str(), texts.gender(*gender))).collect();
    view! { <RadioGroup field=Named::Gender legend=texts.field_name(Named::Gender) options chosen="" /> }
}

/// "Step 3 of 3".
#[component]
pub fn RiderStepper() -> impl IntoView {
    view! { <Stepper journey=Kind::Caronista.journey() step=Step::Complete /> }
}
