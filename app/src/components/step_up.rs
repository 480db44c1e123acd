//! Fields for reauthentication within a form: a password or a code.

use super::field::Username;
use super::password_field::PasswordField;
use super::post_form::FormState;
use crate::forms::{STEP_CODE, StepUp};
use crate::ui::Ui;
use leptos::prelude::*;
use portaria::error::Field as Named;
use portaria::view::AccountView;

/// Placed before the button of a form. Renders nothing until the server asks for reauthentication.
#[component]
pub fn StepUpFields() -> impl IntoView {
    let state: FormState = expect_context();
    state.reply().and_then(|reply| reply.step_up.clone()).map(|needed| match needed {
        StepUp::Password => view! { <AskPassword /> }.into_any(),
        StepUp::Code(destination) => view! { <AskCode destination /> }.into_any(),
    })
}

#[component]
fn AskPassword() -> impl IntoView {
    let ui = Ui::get();
    let texts = ui.texts;
    view! {
        <fieldset class="panel">
            <legend>{texts.access.step_up}</legend>
            <p>{texts.access.step_up_password}</p>
            <Username value=ui.me().and_then(AccountView::signs_in_as).unwrap_or_default() unsent=true />
            <PasswordField field=Named::CurrentPassword label=texts.field_name(Named::CurrentPassword) />
        </fieldset>
    }
}

#[component]
fn AskCode(destination: Option<String>) -> impl IntoView {
    let state: FormState = expect_context();
    let texts = &Ui::get().texts.access;
    let lead = match destination {
        Some(destination) => texts.step_up_code(destination),
        None => texts.step_up_code_waiting.to_owned(),
    };
    let id = state.id(STEP_CODE);
    view! {
        <fieldset class="panel">
            <legend>{texts.step_up}</legend>
            <p>{lead}</p>
            <div class="field">
                <label for=id.clone()>{texts.step_up_code_label}</label>
                <input class="input input-code" type="text" id=id name=STEP_CODE autocomplete="one-time-code" inputmode="numeric" />
            </div>
        </fieldset>
    }
}
