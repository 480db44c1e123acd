//! The third step of a journey that has one (seed 004, "COMPLETAR PERFIL"): the fields that its `completion` names and the account
//! lacks, in one form with a photo.

use crate::components::{AnotherCode, StepUpFields, SubmitButton, UploadForm, completion_fields};
use crate::forms::PhotoForm;
use crate::ui::Ui;
use leptos::prelude::*;
use portaria::error::Field as Named;
use portaria::view::AccountView;

/// The form.
#[component]
pub fn CompletionForm(account: AccountView) -> impl IntoView {
    let texts = Ui::get().texts;
    let shown = |field: &Named| *field == Named::Photo || account.missing.contains(field);
    let asked: Vec<_> = account.kind.journey().completion.iter().map(|ask| ask.field).filter(shown).collect();
    view! {
        <p class="lead">{texts.pages.complete.form_lead}</p>
        <UploadForm form=PhotoForm::CompleteProfile class="form">
            {completion_fields(&account, &asked)}
            <StepUpFields />
            <SubmitButton text=texts.pages.complete.form_submit />
            <AnotherCode />
        </UploadForm>
    }
}
