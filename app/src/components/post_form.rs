//! The form component. The form is posted to the page's own path, by the browser or by the navigator (`live`), and the server calls its
//! server function (see [`crate::forms::FORMS`]).

use super::error_summary::ErrorSummary;
use crate::forms::{FormRoute, PostedForm, Reply, STEP_CODE, StepUp};
use crate::paths;
use crate::ui::Ui;
use leptos::context::Provider;
use leptos::prelude::*;
use leptos_router::hooks::use_location;
use portaria::error::{Field, FieldError, FieldErrors, Refusal};
use portaria::purpose::CodeFor;
use portaria::view::Delivery;
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

    /// Returns whether anything that was filled in comes back. What is secret does not.
    pub fn keeps_something(&self) -> bool {
        self.posted.as_ref().is_some_and(|posted| posted.values.iter().any(|(_, value)| !value.is_empty()))
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

    /// Returns how the form asks its sender to show who they are. Then its refusal is about that, and about none of its own fields.
    pub fn step_up(&self) -> Option<&StepUp> {
        self.reply()?.step_up.as_ref()
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
        if let Some(step_up) = self.step_up() {
            return of_step_up(step_up, self.refusal());
        }
        match self.refusal() {
            Some(Refusal::CodeRefused) if self.takes_code() && self.lapsed => FieldErrors::one(Field::Code, FieldError::CodeExpired),
            Some(Refusal::CodeRefused) if self.takes_code() => FieldErrors::one(Field::Code, FieldError::CodeWrong),
            Some(Refusal::CodeLapsed) if self.takes_code() => FieldErrors::one(Field::Code, FieldError::CodeExpired),
            _ => self.reply().map(Reply::field_errors).unwrap_or_default(),
        }
    }

    /// Returns the errors of a field of the form itself.
    pub fn errors_of(&self, field: Field) -> Vec<FieldError> {
        if field == Field::Code && self.step_up().is_some() {
            return Vec::new();
        }
        self.field_errors().of(field).collect()
    }

    /// Returns what is wrong with the code by which its sender shows who they are.
    pub fn step_code_errors(&self) -> Vec<FieldError> {
        if self.step_up().is_none() { Vec::new() } else { self.field_errors().of(Field::Code).collect() }
    }

    /// Returns the id of the field that an error is about.
    pub fn id_of(&self, field: Field) -> String {
        if field == Field::Code && self.step_up().is_some() { self.id(STEP_CODE) } else { self.id(field.name()) }
    }

    pub fn is_wrong(&self, field: Field) -> bool {
        !self.errors_of(field).is_empty()
    }

    /// Returns what is wrong with a field, in the same words at the field and in the summary. For a wrong code they are those of the contract
    /// that the code belongs to (000, 7a; 002, message 2).
    pub fn error_text(&self, field: Field, error: FieldError) -> String {
        let texts = Ui::get().texts;
        match (error, self.proof) {
            _ if self.step_up().is_some() => texts.page_error(field, error),
            // No contract words these for a page, and the code that was sent is still good: another one need not be asked for.
            (FieldError::CodeWrong, Some(CodeFor::LoginPhone | CodeFor::Contest)) => texts.page_error(field, error),
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
            _ if self.step_up().is_some() => None,
            (Refusal::Invalid(errors), Some(CodeFor::Recovery)) if errors.of(Field::Code).next().is_some() => {
                Some(texts.code_refused(CodeFor::Recovery).to_owned())
            }
            (Refusal::Invalid(_), Some(CodeFor::Recovery)) => Some(texts.reset_refused(refusal)),
            _ => None,
        }
    }
}

/// The errors of what shows who somebody is: at the password in force, or at the code.
fn of_step_up(step_up: &StepUp, refusal: Option<&Refusal>) -> FieldErrors {
    match (step_up, refusal) {
        (StepUp::Password, Some(Refusal::BadCredentials)) => FieldErrors::one(Field::CurrentPassword, FieldError::PasswordWrong),
        (StepUp::Password, Some(Refusal::Invalid(errors))) => {
            let mut moved = FieldErrors::new();
            errors.of(Field::Password).for_each(|error| moved.push(Field::CurrentPassword, error));
            moved
        }
        (StepUp::Code(code), Some(Refusal::BadCredentials)) => {
            let lapsed = code.as_ref().is_some_and(|code| code.delivery == Delivery::Lapsed);
            FieldErrors::one(Field::Code, if lapsed { FieldError::CodeExpired } else { FieldError::CodeWrong })
        }
        (StepUp::Code(_), Some(Refusal::Invalid(errors))) => {
            let mut of_code = FieldErrors::new();
            errors.of(Field::Code).for_each(|error| of_code.push(Field::Code, error));
            of_code
        }
        _ => FieldErrors::new(),
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
    paths::begins_anew(&use_location().search.get_untracked())
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
