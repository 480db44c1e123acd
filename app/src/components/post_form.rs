//! The one form component. With WASM it dispatches its server function; without, or before WASM has arrived, the browser
//! posts it to the page's own path, where the server calls the same function (see [`crate::forms::FORMS`]).

use super::error_summary::ErrorSummary;
use crate::forms::{AppError, PostedForm, Reply, Submitted};
use crate::ui::Ui;
use leptos::ev::SubmitEvent;
use leptos::context::Provider;
use leptos::form::FromFormData;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos::task::spawn_local;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_location, use_navigate};
use portaria::error::{Field, FieldError, Refusal};
use portaria::message::Purpose;
use serde::de::DeserializeOwned;

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
    /// On its way.
    pub busy: Signal<bool>,
    /// What the code in it is for, if it takes one.
    pub proof: Option<Purpose>,
    posted: StoredValue<Option<PostedForm>>,
}

impl FormState {
    /// The id of a field: unique on the page, though two forms may ask for the same.
    pub fn id(self, field: &str) -> String {
        [self.name, "-", field].concat()
    }

    /// What was typed into a field before, if the form was posted without WASM.
    pub fn posted_value(self, field: &str) -> Option<String> {
        self.posted.with_value(|posted| {
            let values = &posted.as_ref()?.values;
            values.iter().find(|(name, _)| name == field).map(|(_, value)| value.clone())
        })
    }

    /// Whether the form was posted without WASM: then what was not posted was not ticked.
    pub fn was_posted(self) -> bool {
        self.posted.with_value(Option::is_some)
    }

    /// What is wrong with a field.
    pub fn errors_of(self, field: Field) -> Vec<FieldError> {
        self.reply.with(|reply| reply.field_errors().of(field).collect())
    }

    /// The sentence for a refusal: for a code, that of the document it stands in.
    pub fn sentence(self, refusal: &Refusal) -> String {
        let texts = Ui::get().texts;
        match (refusal, self.proof) {
            (Refusal::CodeRefused, Some(purpose)) => texts.code_refused(purpose).to_owned(),
            _ => texts.refusal(refusal),
        }
    }
}

/// What of it does not depend on the server function: drawn once in the WASM, not once per form.
struct Parts {
    state: FormState,
    leaving: RwSignal<bool>,
    address: Signal<String>,
}

fn parts(name: &'static str, proof: Option<Purpose>, pending: impl Fn() -> bool + Send + Sync + 'static) -> Parts {
    let ui = Ui::get();
    let posted = ui.posted(name);
    let leaving = RwSignal::new(false);
    let state = FormState {
        name,
        reply: RwSignal::new(posted.as_ref().map(|posted| posted.reply.clone()).unwrap_or_default()),
        fault: RwSignal::new(None),
        stayed: RwSignal::new(0),
        busy: Signal::derive(move || pending() || leaving.get()),
        proof,
        posted: StoredValue::new(posted),
    };
    let location = use_location();
    let address = Signal::derive(move || location.pathname.with(|path| location.search.with(|search| address(path, search))));
    Parts { state, leaving, address }
}

/// Path and query, as a link has them.
pub fn address(path: &str, search: &str) -> String {
    if search.is_empty() { path.to_owned() } else { [path, "?", search].concat() }
}

/// Acts on an answer.
fn settle(ui: Ui, state: FormState, leaving: RwSignal<bool>, go: impl Fn(&str) + 'static, answer: Result<Submitted, AppError>) {
    let (reply, fault) = match answer {
        Ok(Submitted::Go(path)) => {
            leaving.set(true);
            state.reply.set(Reply::default());
            state.fault.set(None);
            ui.refused.set(false);
            spawn_local(async move {
                // First what is known, then the page: it is drawn once, as it should be.
                ui.refresh().await;
                go(&path);
                leaving.try_set(false);
            });
            return;
        }
        Ok(Submitted::Stay(reply)) => (reply, None),
        Err(fault) => (Reply::default(), Some(fault)),
    };
    ui.refused.set(reply.refusal.is_some() || fault.is_some());
    state.reply.set(reply);
    state.fault.set(fault);
    state.stayed.update(|n| *n += 1);
}

/// A form. `hold`: not now (a countdown runs); `on_reply`: told of every answer that let the page stay.
#[component]
pub fn PostForm<F>(
    name: &'static str,
    action: ServerAction<F>,
    #[prop(optional)] proof: Option<Purpose>,
    #[prop(optional, into)] hold: Option<Signal<bool>>,
    #[prop(optional, into)] on_reply: Option<Callback<Reply>>,
    #[prop(optional)] class: &'static str,
    children: Children,
) -> impl IntoView
where
    F: ServerFn<Output = Submitted, Error = AppError> + DeserializeOwned + Clone + Send + Sync + 'static,
{
    let pending = action.pending();
    let Parts { state, leaving, address } = parts(name, proof, move || pending.get());

    let value = action.value();
    let ui = Ui::get();
    let navigate = use_navigate();
    let location = use_location();
    let here = Signal::derive(move || location.pathname.get());
    Effect::new(move |_| {
        if let Some(answer) = value.get() {
            let navigate = navigate.clone();
            let here = here.get_untracked();
            let go = move |path: &str| {
                // Back must not lead to a step that is over.
                let replace = path.split('?').next() == Some(here.as_str());
                navigate(path, NavigateOptions { replace, ..NavigateOptions::default() });
            };
            let stayed = match &answer {
                Ok(Submitted::Stay(reply)) => Some(reply.clone()),
                _ => None,
            };
            settle(ui, state, leaving, go, answer);
            if let (Some(on_reply), Some(reply)) = (on_reply, stayed) {
                on_reply.run(reply);
            }
        }
    });

    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        // Twice is once.
        if state.busy.get_untracked() || hold.is_some_and(|hold| hold.get_untracked()) {
            return;
        }
        match F::from_event(&event) {
            Ok(input) => {
                action.dispatch(input);
            }
            Err(_) => settle(ui, state, leaving, |_| {}, Err(AppError::Failed)),
        }
    };

    view! {
        <form method="post" action=address novalidate class=class on:submit=submit>
            <input type="hidden" name="_form" value=name />
            <ErrorSummary state />
            <Provider value=state>{children()}</Provider>
        </form>
    }
    .into_any()
}

/// The button that posts its form. It keeps its size and focus while waiting, and says so.
#[component]
pub fn SubmitButton(
    text: &'static str,
    #[prop(optional)] class: &'static str,
    /// Not now: it stays focusable, and what it waits for stands beside it.
    #[prop(optional, into)]
    hold: Option<Signal<bool>>,
    #[prop(optional)] name: Option<&'static str>,
    #[prop(optional, into)] value: Option<String>,
) -> impl IntoView {
    let state: FormState = expect_context();
    let working = Ui::get().texts.pages.form.working;
    let held = move || state.busy.get() || hold.is_some_and(|hold| hold.get());
    view! {
        <button
            type="submit"
            class=if class.is_empty() { "button" } else { class }
            name=name
            value=value
            aria-disabled=move || held().then_some("true")
            data-busy=move || state.busy.get().then_some("true")
        >
            {move || if state.busy.get() { working } else { text }}
        </button>
    }
}
