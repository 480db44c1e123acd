//! Shared by the pages that request a code and then wait for it: sign-in, recovery, own phone.

use crate::components::{Countdown, Field, FormState, HiddenField, PostForm, StepUpFields, SubmitButton, TimeLeft, fill_in_code};
use crate::forms::{AppError, Reply, Submitted};
use crate::ui::Ui;
use leptos::html::P;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use portaria::error::{Field as Named, Refusal};
use serde::de::DeserializeOwned;
use wasm_bindgen::JsCast;
use web_sys::HtmlInputElement;

/// Why a code is void before it expires.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ended {
    /// Too many wrong entries. Another code does not help until entries are accepted again.
    Blocked,
    /// The code was right, but its purpose could not be fulfilled.
    Spent,
}

impl Ended {
    /// Returns why the code is void after this refusal; `None` if it can still be entered.
    pub const fn by(refusal: &Refusal) -> Option<Self> {
        match refusal {
            Refusal::CodeBlocked { .. } => Some(Self::Blocked),
            Refusal::Taken(_) => Some(Self::Spent),
            _ => None,
        }
    }
}

/// Says where the code went. `focus`: take the focus, because the form with the focused button is gone and no heading takes it.
#[component]
pub fn SentTo(#[prop(into)] text: Signal<String>, #[prop(optional)] focus: bool) -> impl IntoView {
    let node = NodeRef::<P>::new();
    if focus && Ui::get().hydrated.get_untracked() {
        Effect::new(move |_| {
            if let Some(node) = node.get() {
                request_animation_frame(move || {
                    let _ = node.focus();
                });
            }
        });
    }
    view! {
        <div role="status">
            <p class="lead" tabindex=focus.then_some("-1") node_ref=node>
                {text}
            </p>
        </div>
    }
}

/// The field for the code, filled in from an SMS if the browser can, and the time until the code expires.
#[component]
pub fn CodeField(
    label: &'static str,
    /// Seconds, from the last reply.
    expires_in: Signal<Option<u32>>,
    ended: RwSignal<Option<Ended>>,
) -> impl IntoView {
    let state: FormState = expect_context();
    let pages = &Ui::get().texts.pages;
    let id = state.id(Named::Code.name());
    fill_in_code(id.clone());
    // A new code was requested: empty the field, because what was typed belongs to the old code.
    let alive = Ui::get().hydrated.get_untracked();
    Effect::new(move |before: Option<()>| {
        expires_in.track();
        if alive || before.is_some() {
            empty(&id);
        }
    });
    let ticks = Memo::new(move |_| expires_in.with(Option::is_some) && ended.with(Option::is_none));
    let end = move || {
        ended.get().map(|ended| match ended {
            Ended::Blocked => pages.code.dead_blocked,
            Ended::Spent => pages.code.dead,
        })
    };
    view! {
        <Field field=Named::Code label hint=pages.hints.code />
        {move || ticks.get().then(|| view! { <TimeLeft seconds=expires_in /> })}
        <div role="status">{move || end().map(|text| view! { <p class="alert alert-warning">{text}</p> })}</div>
    }
}

fn empty(id: &str) {
    let input = document().get_element_by_id(id).and_then(|input| input.dyn_into::<HtmlInputElement>().ok());
    if let Some(input) = input {
        input.set_value("");
    }
}

/// Requests the code again. `of` and `also` are name and value of what the code was requested for; `channel` is the chosen channel, if
/// there is a choice. The children lead to another phone or document.
#[component]
pub fn AskAgain<F>(
    name: &'static str,
    action: ServerAction<F>,
    of: (&'static str, String),
    #[prop(optional)] also: Option<(&'static str, String)>,
    #[prop(optional, into)] channel: Option<Signal<String>>,
    #[prop(into)] resend_in: Signal<Option<u32>>,
    text: &'static str,
    on_reply: Callback<Reply>,
    children: Children,
) -> impl IntoView
where
    F: ServerFn<Output = Submitted, Error = AppError> + DeserializeOwned + Clone + Send + Sync + 'static,
{
    let title = Ui::get().texts.pages.code.resend_title;
    let held = ArcRwSignal::new(false);
    view! {
        <section class="panel">
            <h2>{title}</h2>
            <PostForm name action hold=held.clone() on_reply>
                <HiddenField name=of.0 value=of.1 />
                {also.map(|(name, value)| view! { <HiddenField name value /> })}
                {channel.map(|channel| view! { <HiddenField name="channel" value=channel /> })}
                <StepUpFields />
                <Countdown seconds=resend_in held=held.clone() />
                <SubmitButton text class="button button-secondary" hold=held />
            </PostForm>
            <p>{children()}</p>
        </section>
    }
}
