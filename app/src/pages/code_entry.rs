//! What the pages share that wait for a code which was asked for on them: coming in, recovering, a phone of one's own.

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

/// A code is good for nothing any more, whatever its clock says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ended {
    /// Too many wrong entries: another is of no use before entries are looked at again.
    Blocked,
    /// It was right, and what it was for could not be done.
    Spent,
}

impl Ended {
    /// Whether an entry that was refused like this was the code's last.
    pub const fn by(refusal: &Refusal) -> Option<Self> {
        match refusal {
            Refusal::CodeBlocked { .. } => Some(Self::Blocked),
            Refusal::Taken(_) => Some(Self::Spent),
            _ => None,
        }
    }
}

/// Where the code went. `focus`: it stands where a form stood whose button had the focus, and no heading takes it.
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

/// The field of the code, filled in by itself where an SMS can do that, and how long it is still good.
#[component]
pub fn CodeField(
    label: &'static str,
    /// Seconds, as the server last told.
    expires_in: Signal<Option<u32>>,
    ended: RwSignal<Option<Ended>>,
) -> impl IntoView {
    let state: FormState = expect_context();
    let pages = &Ui::get().texts.pages;
    let id = state.id(Named::Code.name());
    fill_in_code(id.clone());
    // Asked for again: what was typed of the one before is no part of what comes. Drawn again for it, the field would keep it.
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

/// Asks for the code again. `of` (and `also`): name and value of what it was asked for, `channel`: the way that was chosen for it, if one can be;
/// the children: the way to another phone or document.
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
