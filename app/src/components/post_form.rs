//! The one form component. With WASM it dispatches its server function; without, or before WASM has arrived, the browser
//! posts it to the page's own path, where the server calls the same function (see [`crate::forms::FORMS`]).

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
use portaria::message::Purpose;
use serde::de::DeserializeOwned;
use std::time::Duration;
use wasm_bindgen::JsCast;

/// The state of a form, for the fields in it.
#[derive(Clone, Copy)]
pub struct FormState {
    /// Its name.
    pub name: &'static str,
    /// What was said to it last.
    pub reply: RwSignal<Reply>,
    /// No answer came.
    pub fault: RwSignal<Option<AppError>>,
    /// How many answers let the page stay: each takes the focus anew.
    pub stayed: RwSignal<u32>,
    /// What was found on the spot, before anything was sent: it stands instead of what the last answer said of its field.
    /// `Ok`: that field was changed since, and nothing is wrong that could be seen here.
    found: RwSignal<Vec<(Field, Result<(), FieldError>)>>,
    busy: Signal<bool>,
    /// What the code in it is for, if it takes one.
    pub proof: Option<Purpose>,
    posted: StoredValue<Option<PostedForm>>,
}

impl FormState {
    /// On its way. A button may ask once more while its page is being taken down.
    pub fn is_busy(self) -> bool {
        self.busy.try_get().unwrap_or(false)
    }

    /// The id of a field: unique on the page, though two forms may ask for the same.
    pub fn id(self, field: &str) -> String {
        [self.name, "-", field].concat()
    }

    /// What was typed into a field before, if the form was posted without WASM.
    pub fn posted_value(self, field: &str) -> Option<String> {
        self.posted.with_value(|posted| posted.as_ref()?.value(field))
    }

    /// Whether the form was posted without WASM: then what was not posted was not ticked.
    pub fn was_posted(self) -> bool {
        self.posted.with_value(Option::is_some)
    }

    /// What is wrong with the fields. A refused code stands at its field too (SPEC §2).
    pub fn field_errors(self) -> FieldErrors {
        let at_code = |error| FieldErrors::one(Field::Code, error);
        self.reply.with(|reply| match &reply.refusal {
            Some(Refusal::CodeRefused) if takes_code(self.name) => at_code(FieldError::CodeWrong),
            Some(Refusal::CodeLapsed) if takes_code(self.name) => at_code(FieldError::CodeExpired),
            _ => reply.field_errors(),
        })
    }

    /// What is wrong with a field.
    pub fn errors_of(self, field: Field) -> Vec<FieldError> {
        if let Some(found) = self.found(field) {
            return found.err().into_iter().collect();
        }
        self.field_errors().of(field).collect()
    }

    /// What was found on the spot, if anything was looked at.
    pub fn found(self, field: Field) -> Option<Result<(), FieldError>> {
        self.found.with(|found| found.iter().find(|(name, _)| *name == field).map(|(_, judged)| *judged))
    }

    /// Tells on the spot what is wrong with a field, or that nothing is any more.
    pub fn find(self, field: Field, judged: Result<(), FieldError>) {
        if self.found.try_with_untracked(|found| found.contains(&(field, judged))) != Some(false) {
            return;
        }
        self.found.update(|found| {
            found.retain(|(name, _)| *name != field);
            found.push((field, judged));
        });
    }

    /// The sentence for a refusal: for a code, that of the document it stands in.
    pub fn sentence(self, refusal: &Refusal) -> String {
        let texts = Ui::get().texts;
        match (refusal, self.proof) {
            (Refusal::CodeRefused, Some(purpose)) => texts.code_refused(purpose).to_owned(),
            _ => texts.refusal(refusal),
        }
    }

    /// The sentence that a document has above whatever is wrong with the fields: 002 has one for the code (message 2) and
    /// one for the new password (message 4).
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

/// Path and query of the page, as it stands in the bar. A closure and no signal of its own: the address changes at the very
/// moment at which the page's own signals go.
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

/// What came of sending a form.
pub(super) type Outcome = Result<Submitted, AppError>;

/// Reads the form and sends it; `false`: it could not be read.
pub(super) type SendForm = Box<dyn Fn(&SubmitEvent, FormState) -> bool + Send + Sync>;

/// What of a form depends on its server function. The rest stands in the WASM once, not once per form.
pub(super) struct Sending {
    pub send: SendForm,
    pub pending: Signal<bool>,
    pub answer: Signal<Option<Outcome>>,
    /// Where it does not travel URL-encoded.
    pub enctype: Option<&'static str>,
}

/// A form. `hold`: not now (a countdown runs); `on_reply`: told of every answer that let the page stay.
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
            // Back must not lead to a step that is over.
            let replace = location.pathname.with_untracked(|here| path.split('?').next() == Some(here.as_str()));
            let navigate = navigate.clone();
            spawn_local(async move {
                // First what is known, then the page: it is drawn once, as it should be. And not in one go: effects that wait
                // to run must not wake after the signals of their page are gone (leptos#4590).
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
        // Twice is once.
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

/// A password that was wrong is typed anew.
fn forget_password() {
    let input = document().query_selector("main input[name=password]").ok().flatten();
    if let Some(input) = input.and_then(|input| input.dyn_into::<web_sys::HtmlInputElement>().ok()) {
        input.set_value("");
    }
}

/// The button that posts its form. It keeps its size and focus while waiting, and says so.
#[component]
pub fn SubmitButton(
    text: &'static str,
    #[prop(optional)] class: &'static str,
    /// Not now: it stays focusable, and what it waits for stands beside it.
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
