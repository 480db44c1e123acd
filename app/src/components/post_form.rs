//! The form component. With WASM it dispatches its server function. Without WASM, or before it has loaded, the browser posts the form
//! to the page's own path, and the server calls the same function (see [`crate::forms::FORMS`]).

use super::error_summary::ErrorSummary;
use crate::forms::{AppError, PostedForm, Reply, Submitted, takes_code};
use crate::ui::Ui;
use leptos::context::Provider;
use leptos::ev::SubmitEvent;
use leptos::form::FromFormData;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos::task::spawn_local;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_location, use_navigate};
use portaria::error::{Field, FieldError, FieldErrors, Refusal};
use portaria::purpose::CodeFor as Purpose;
use serde::de::DeserializeOwned;
use std::time::Duration;
use wasm_bindgen::JsCast;

/// The state of a form, provided as context to its fields.
#[derive(Clone, Copy)]
pub struct FormState {
    pub name: &'static str,
    pub reply: RwSignal<Reply>,
    /// Set when no answer came.
    pub fault: RwSignal<Option<AppError>>,
    /// How many replies kept the page. With each of them the summary takes the focus again.
    pub stayed: RwSignal<u32>,
    /// Results of checks in the browser. They replace the error of the last reply for their field. `Ok`: the field has changed since the
    /// reply, and the browser finds nothing wrong with it.
    found: RwSignal<Vec<(Field, Result<(), FieldError>)>>,
    busy: Signal<bool>,
    /// The purpose of the code, if the form has a field for one.
    pub proof: Option<Purpose>,
    posted: StoredValue<Option<PostedForm>>,
}

impl FormState {
    /// Returns whether the form is being sent. Does not panic when a button calls it while the page is being disposed of.
    pub fn is_busy(self) -> bool {
        self.busy.try_get().unwrap_or(false)
    }

    /// Returns the id of a field, unique on the page even if two forms have a field with this name.
    pub fn id(self, field: &str) -> String {
        [self.name, "-", field].concat()
    }

    /// Returns what was typed into a field if the form was posted without WASM.
    pub fn posted_value(self, field: &str) -> Option<String> {
        self.posted.with_value(|posted| posted.as_ref()?.value(field))
    }

    /// Returns whether the form was posted without WASM. Then a checkbox that is missing was not ticked.
    pub fn was_posted(self) -> bool {
        self.posted.with_value(Option::is_some)
    }

    /// Returns the errors of all fields. A refused code counts as an error of its field (SPEC §2).
    pub fn field_errors(self) -> FieldErrors {
        let at_code = |error| FieldErrors::one(Field::Code, error);
        self.reply.with(|reply| match &reply.refusal {
            Some(Refusal::CodeRefused) if takes_code(self.name) => at_code(FieldError::CodeWrong),
            Some(Refusal::CodeLapsed) if takes_code(self.name) => at_code(FieldError::CodeExpired),
            _ => reply.field_errors(),
        })
    }

    pub fn errors_of(self, field: Field) -> Vec<FieldError> {
        if let Some(found) = self.found(field) {
            return found.err().into_iter().collect();
        }
        self.field_errors().of(field).collect()
    }

    /// Returns the result of the last check in the browser, if there was one.
    pub fn found(self, field: Field) -> Option<Result<(), FieldError>> {
        self.found.with(|found| found.iter().find(|(name, _)| *name == field).map(|(_, judged)| *judged))
    }

    /// Stores the result of a check in the browser.
    pub fn find(self, field: Field, judged: Result<(), FieldError>) {
        if self.found.try_with_untracked(|found| found.contains(&(field, judged))) != Some(false) {
            return;
        }
        self.found.update(|found| {
            found.retain(|(name, _)| *name != field);
            found.push((field, judged));
        });
    }

    /// Returns the sentence for a refusal. For a code it is the one of the contract that the code belongs to.
    pub fn sentence(self, refusal: &Refusal) -> String {
        let texts = Ui::get().texts;
        match (refusal, self.proof) {
            (Refusal::CodeRefused, Some(purpose)) => texts.code_refused(purpose).to_owned(),
            _ => texts.refusal(refusal),
        }
    }

    /// Returns the sentence that a contract puts above the errors of the fields: 002 has one for the code (message 2) and one for the new
    /// password (message 4).
    pub fn sentence_above(self, refusal: &Refusal) -> Option<String> {
        let texts = Ui::get().texts;
        match (refusal, self.proof) {
            (Refusal::Invalid(errors), Some(Purpose::Recovery)) if errors.of(Field::Code).next().is_some() => {
                Some(texts.code_refused(Purpose::Recovery).to_owned())
            }
            (Refusal::Invalid(_), Some(Purpose::Recovery)) => Some(texts.reset_refused(refusal)),
            (Refusal::CodeRefused, Some(_)) => Some(self.sentence(refusal)),
            _ => None,
        }
    }
}

/// Returns a closure that gives path and query of the page. Not a derived signal: the address changes just when the signals of the page
/// are disposed of.
pub fn own_address() -> impl Fn() -> String + Clone + Send + Sync + 'static {
    let location = use_location();
    move || {
        let mut address = location.pathname.get();
        location.search.with(|search| {
            if !search.is_empty() {
                address.push('?');
                address.push_str(search);
            }
        });
        address
    }
}

pub(super) type Outcome = Result<Submitted, AppError>;

/// Reads the form and sends it. Returns false if it could not be read.
pub(super) type SendForm = Box<dyn Fn(&SubmitEvent, FormState) -> bool + Send + Sync>;

/// The part of a form that depends on its server function. The rest is not generic, so that the WASM contains it only once.
pub(super) struct Sending {
    pub send: SendForm,
    pub pending: Signal<bool>,
    pub answer: Signal<Option<Outcome>>,
    /// `None`: URL-encoded.
    pub enctype: Option<&'static str>,
}

/// A form. While `hold` is true (a countdown runs) it is not sent. `on_reply` is called with every reply that keeps the page.
#[component]
pub fn PostForm<F>(
    name: &'static str,
    action: ServerAction<F>,
    #[prop(optional)] proof: Option<Purpose>,
    #[prop(optional)] hold: Option<ArcRwSignal<bool>>,
    #[prop(optional, into)] on_reply: Option<Callback<Reply>>,
    #[prop(optional)] class: &'static str,
    children: Children,
) -> impl IntoView
where
    F: ServerFn<Output = Submitted, Error = AppError> + DeserializeOwned + Clone + Send + Sync + 'static,
{
    let value = action.value();
    let sending = Sending {
        send: Box::new(move |event, _| F::from_event(event).map(|input| action.dispatch(input)).is_ok()),
        pending: action.pending().into(),
        answer: Signal::derive(move || value.get()),
        enctype: None,
    };
    form(name, sending, proof, hold, on_reply, class, children)
}

pub(super) fn form(
    name: &'static str,
    sending: Sending,
    proof: Option<Purpose>,
    hold: Option<ArcRwSignal<bool>>,
    on_reply: Option<Callback<Reply>>,
    class: &'static str,
    children: Children,
) -> AnyView {
    let Sending { send, pending, answer, enctype } = sending;
    let ui = Ui::get();
    let posted = ui.posted(name);
    let leaving = RwSignal::new(false);
    let state = FormState {
        name,
        reply: RwSignal::new(posted.as_ref().map(|posted| posted.reply.clone()).unwrap_or_default()),
        fault: RwSignal::new(None),
        stayed: RwSignal::new(0),
        found: RwSignal::new(Vec::new()),
        busy: Signal::derive(move || pending.try_get().unwrap_or(false) || leaving.try_get().unwrap_or(false)),
        proof,
        posted: StoredValue::new(posted),
    };
    let navigate = use_navigate();
    let location = use_location();
    let stay = move |reply: Reply, fault: Option<AppError>| {
        ui.refused.set(reply.refusal.is_some() || fault.is_some());
        if matches!(reply.refusal, Some(Refusal::BadCredentials | Refusal::Locked { .. })) {
            forget_password();
        }
        state.found.set(Vec::new());
        state.reply.set(reply.clone());
        state.fault.set(fault);
        state.stayed.update(|n| *n += 1);
        if let (Some(on_reply), None) = (on_reply, fault) {
            on_reply.run(reply);
        }
    };
    Effect::new(move |_| match answer.get() {
        Some(Ok(Submitted::Go(path))) => {
            leaving.set(true);
            state.reply.set(Reply::default());
            state.fault.set(None);
            ui.refused.set(false);
            // "Back" must not lead to a step that is over.
            let replace = location.pathname.with_untracked(|here| path.split('?').next() == Some(here.as_str()));
            let navigate = navigate.clone();
            spawn_local(async move {
                // Refresh before navigating, so that the page is rendered only once. Navigate in another task, so that pending
                // effects do not run after the signals of their page are disposed of (leptos#4590).
                ui.refresh().await;
                set_timeout(
                    move || {
                        navigate(&path, NavigateOptions { replace, ..NavigateOptions::default() });
                        leaving.try_set(false);
                    },
                    Duration::ZERO,
                );
            });
        }
        Some(Ok(Submitted::Stay(reply))) => stay(reply, None),
        Some(Err(fault)) => stay(Reply::default(), Some(fault)),
        None => {}
    });
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        // A second submit while the first is on its way is ignored.
        if state.is_busy() || hold.as_ref().is_some_and(GetUntracked::get_untracked) {
            return;
        }
        if !send(&event, state) {
            stay(Reply::default(), Some(AppError::Failed));
        }
    };
    view! {
        <form method="post" action=own_address() enctype=enctype novalidate class=class on:submit=submit>
            <input type="hidden" name="_form" value=name />
            <ErrorSummary state />
            <Provider value=state>{children()}</Provider>
        </form>
    }
    .into_any()
}

/// Empties the password field, so that a refused password is typed again.
fn forget_password() {
    let input = document().query_selector("main input[name=password]").ok().flatten();
    if let Some(input) = input.and_then(|input| input.dyn_into::<web_sys::HtmlInputElement>().ok()) {
        input.set_value("");
    }
}

/// The submit button. While the form is being sent it keeps size and focus, and says so.
#[component]
pub fn SubmitButton(
    text: &'static str,
    #[prop(optional)] class: &'static str,
    /// While true the button does not submit. It stays focusable; the reason is shown beside it.
    #[prop(optional)]
    hold: Option<ArcRwSignal<bool>>,
    #[prop(optional)] name: Option<&'static str>,
    #[prop(optional, into)] value: Option<String>,
) -> impl IntoView {
    let state: FormState = expect_context();
    let working = Ui::get().texts.pages.form.working;
    let disabled = move || state.is_busy() || hold.as_ref().is_some_and(Get::get);
    view! {
        <button
            type="submit"
            class=if class.is_empty() { "button" } else { class }
            name=name
            value=value
            aria-disabled=move || disabled().then_some("true")
            data-busy=move || state.is_busy().then_some("true")
        >
            {move || if state.is_busy() { working } else { text }}
        </button>
    }
}
