//! The form component. The form is posted to the page's own path, by the browser or by the navigator (`live`), and the server calls its
//! server function (see [`crate::forms::FORMS`]).

use super::error_summary::ErrorSummary;
use crate::forms::{FormRoute, PostedForm, Reply};
use crate::paths;
use crate::ui::Ui;
use leptos::context::Provider;
use leptos::prelude::*;
use leptos_router::hooks::use_location;
use portaria::error::{Field, FieldError, FieldErrors, Refusal};
use portaria::purpose::CodeFor;
use std::sync::Arc;

/// The state of a form, provided as context to its fields.
#[derive(Clone)]
pub struct FormState {
    route: FormRoute,
    /// What the code is for that the form takes or asks for.
    proof: Option<CodeFor>,
    /// The code has expired: no entry is right.
    lapsed: bool,
    posted: Option<Arc<PostedForm>>,
}

impl FormState {
    /// Returns the id of a field, unique on the page even if two forms have a field with this name.
    pub fn id(&self, field: &str) -> String {
        [self.route.name, "-", field].concat()
    }

    /// Returns what was typed into a field, if the form was posted.
    pub fn posted_value(&self, field: &str) -> Option<String> {
        self.posted.as_ref()?.value(field)
    }

    /// Returns whether the form was posted. Then a checkbox that is missing was not ticked.
    pub fn was_posted(&self) -> bool {
        self.posted.is_some()
    }

    /// Returns what the server function replied, if the form was posted.
    pub fn reply(&self) -> Option<&Reply> {
        self.posted.as_ref().map(|posted| &posted.reply)
    }

    pub fn refusal(&self) -> Option<&Refusal> {
        self.reply()?.refusal.as_ref()
    }

    fn takes_code(&self) -> bool {
        self.route.secrets.contains(&Field::Code.name())
    }

    /// Returns how many digits the code has that the form takes or asks for.
    pub fn digits(&self) -> Option<usize> {
        self.proof.map(|purpose| purpose.digits().into())
    }

    /// Returns the errors of all fields. A refused code counts as an error of its field (SPEC §2).
    pub fn field_errors(&self) -> FieldErrors {
        match self.refusal() {
            Some(Refusal::CodeRefused) if self.takes_code() && self.lapsed => FieldErrors::one(Field::Code, FieldError::CodeExpired),
            Some(Refusal::CodeRefused) if self.takes_code() => FieldErrors::one(Field::Code, FieldError::CodeWrong),
            Some(Refusal::CodeLapsed) if self.takes_code() => FieldErrors::one(Field::Code, FieldError::CodeExpired),
            _ => self.reply().map(Reply::field_errors).unwrap_or_default(),
        }
    }

    pub fn errors_of(&self, field: Field) -> Vec<FieldError> {
        self.field_errors().of(field).collect()
    }

    pub fn is_wrong(&self, field: Field) -> bool {
        !self.errors_of(field).is_empty()
    }

    /// Returns what is wrong with a field, in the same words at the field and in the summary. For a wrong code they are those of the contract
    /// that the code belongs to (000, 7a; 002, message 2).
    pub fn error_text(&self, field: Field, error: FieldError) -> String {
        let texts = Ui::get().texts;
        match (error, self.proof) {
            (FieldError::CodeWrong, Some(purpose)) => texts.code_refused(purpose).to_owned(),
            // The words of 002 are those of a recovery.
            (FieldError::DocumentInvalid, Some(CodeFor::Contest)) => texts.refusals.field.document_invalid.to_owned(),
            _ => texts.page_error(field, error),
        }
    }

    /// Returns the sentence that a contract puts above the errors of the fields: 002 has one for a code that is none (message 2) and one for
    /// the new password (message 4).
    pub fn sentence_above(&self, refusal: &Refusal) -> Option<String> {
        let texts = Ui::get().texts;
        match (refusal, self.proof) {
            (Refusal::Invalid(errors), Some(CodeFor::Recovery)) if errors.of(Field::Code).next().is_some() => {
                Some(texts.code_refused(CodeFor::Recovery).to_owned())
            }
            (Refusal::Invalid(_), Some(CodeFor::Recovery)) => Some(texts.reset_refused(refusal)),
            _ => None,
        }
    }
}

/// Returns path and query of the page, but for what says that it begins anew: that is said once.
pub fn own_address() -> String {
    let location = use_location();
    let search = location.search.get_untracked();
    let mut address = location.pathname.get_untracked();
    for (index, pair) in search.split('&').filter(|pair| !pair.is_empty() && *pair != paths::ANEW).enumerate() {
        address.push(if index == 0 { '?' } else { '&' });
        address.push_str(pair);
    }
    address
}

/// Returns whether the address says that the page begins anew.
pub fn begins_anew() -> bool {
    use_location().search.get_untracked().split('&').any(|pair| pair == paths::ANEW)
}

/// The id of the form that a page is about, the first one with fields. The buttons of the footer belong to it, so that a change of the language
/// loses nothing of what was typed.
pub const MAIN_FORM: &str = "page-form";

/// A form.
#[component]
pub fn PostForm(
    form: FormRoute,
    #[prop(optional)] proof: Option<CodeFor>,
    #[prop(optional)] lapsed: bool,
    #[prop(optional)] class: &'static str,
    /// `None`: URL-encoded.
    #[prop(optional)]
    enctype: Option<&'static str>,
    children: Children,
) -> impl IntoView {
    let ui = Ui::get();
    let state = FormState { route: form, proof, lapsed, posted: ui.posted_form(form.name).cloned().map(Arc::new) };
    // A form with a photo takes no other button.
    let is_main = class == "form" && enctype.is_none() && ui.claim_main_form();
    view! {
        <form id=is_main.then_some(MAIN_FORM) method="post" action=own_address() enctype=enctype novalidate class=class>
            <input type="hidden" name="_form" value=form.name />
            <ErrorSummary state=state.clone() />
            <Provider value=state>{children()}</Provider>
        </form>
    }
    .into_any()
}

/// The submit button. While the navigator sends the form it says `data-working`.
#[component]
pub fn SubmitButton(
    text: &'static str,
    #[prop(optional)] class: &'static str,
    #[prop(optional)] name: Option<&'static str>,
    #[prop(optional)] value: Option<&'static str>,
) -> impl IntoView {
    let working = Ui::get().texts.pages.form.working;
    view! {
        <button type="submit" class=if class.is_empty() { "button" } else { class } name=name value=value data-working=working>
            {text}
        </button>
    }
}
