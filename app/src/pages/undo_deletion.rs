//! A deletion that was asked for: the page of its link, and the one choice after a right sign-in (SPEC §13).

use super::token;
use crate::components::{Alert, DeadLink, Heading, HiddenField, PageTitle, PostForm, Split, SubmitButton, Tone};
use crate::first::Answer;
use crate::forms::Form;
use crate::paths;
use crate::server_fns::{KeepAccount, UndoDeletion};
use crate::ui::Ui;
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use portaria::error::Refusal;
use text::moment::Moment;

/// `/undo-deletion?token=`. Opening it changes nothing; only the button does.
#[component]
pub fn UndoDeletionPage() -> impl IntoView {
    let ui = Ui::get();
    let texts = &ui.texts.deletion;
    let gone = ui.refusal_of::<UndoDeletion>().filter(|refusal| matches!(refusal, Refusal::LinkUnknown | Refusal::LinkLapsed));
    let body = match (ui.answer(), gone) {
        (_, Some(refusal)) => view! { <NoLink refusal=refusal /> }.into_any(),
        (Some(Answer::UndoDeletion(Err(refusal))), _) => view! { <NoLink refusal=refusal /> }.into_any(),
        (Some(Answer::UndoDeletion(Ok(None))), _) => view! {
            <Heading text=texts.undo_title.to_owned() />
            <Alert tone=Tone::Success>{texts.undone}</Alert>
            <ToSignIn />
        }
        .into_any(),
        (Some(Answer::UndoDeletion(Ok(Some(at)))), _) => view! { <Undo at=*at /> }.into_any(),
        _ => view! { <Undo at=0 /> }.into_any(),
    };
    view! {
        <PageTitle text=texts.undo_title />
        <Split>{body}</Split>
    }
    .into_any()
}

/// When the account will be erased, in words.
fn when(at: i64) -> Option<String> {
    let texts = Ui::get().texts;
    Moment::of_unix(at).filter(|_| at > 0).map(|at| texts.pages.dashboard.at(at.date(), at.time()))
}

#[component]
fn Undo(at: i64) -> impl IntoView {
    let texts = &Ui::get().texts.deletion;
    view! {
        <Heading text=texts.undo_title.to_owned() />
        <p class="lead">{when(at).map(|at| texts.pending(at))} " " {texts.undo_lead}</p>
        <PostForm form=UndoDeletion::ROUTE class="form">
            <HiddenField name="token" value=token() />
            <SubmitButton text=texts.undo_submit />
        </PostForm>
    }
}

/// After a right sign-in: one choice.
#[component]
pub fn OneChoice(at: i64, grant: String) -> impl IntoView {
    let texts = &Ui::get().texts.deletion;
    let next = use_query_map().with_untracked(|query| query.get("next")).unwrap_or_default();
    view! {
        <Heading text=texts.choice_title.to_owned() />
        <p class="lead">{when(at).map(|at| texts.pending(at))} " " {texts.choice_lead}</p>
        <PostForm form=KeepAccount::ROUTE class="form">
            <HiddenField name="grant" value=grant />
            <HiddenField name="next" value=next />
            <SubmitButton text=texts.choice_submit />
        </PostForm>
        <p>
            <a href=paths::HOME>{texts.choice_leave}</a>
        </p>
    }
}

#[component]
fn ToSignIn() -> impl IntoView {
    let texts = Ui::get().texts;
    view! {
        <p>
            <a class="button" href=paths::LOGIN>
                {texts.pages.recovery.to_sign_in}
            </a>
        </p>
    }
}

#[component]
fn NoLink<'a>(refusal: &'a Refusal) -> impl IntoView {
    let texts = &Ui::get().texts.deletion;
    let sentence = matches!(refusal, Refusal::LinkLapsed | Refusal::LinkUnknown).then(|| texts.undo_gone.to_owned());
    view! {
        <DeadLink refusal otherwise=texts.undo_title sentence>
            <ToSignIn />
        </DeadLink>
    }
}
