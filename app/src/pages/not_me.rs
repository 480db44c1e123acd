//! "Não fui eu": the link in the notice of a change, or of a sign-in from a new device. Opening it changes nothing; only the button does.

use super::recover::{ChooseNew, grant_of};
use super::token;
use crate::components::{Alert, Heading, HiddenField, PageTitle, PostForm, Split, SubmitButton, Tone, closed};
use crate::first::Answer;
use crate::forms::Form;
use crate::paths;
use crate::server_fns::Disown;
use crate::ui::Ui;
use leptos::prelude::*;
use portaria::error::Refusal;
use portaria::purpose::NoticeLinkFor;

#[component]
pub fn NotMe() -> impl IntoView {
    let ui = Ui::get();
    let texts = &ui.texts.pages.not_me;
    // The link may have been used elsewhere while the page was open.
    let gone = ui.refusal_of::<Disown>().filter(|refusal| matches!(refusal, Refusal::LinkUnknown | Refusal::LinkLapsed));
    let (of_access, refused) = match ui.answer() {
        Some(Answer::NotMe(Err(refusal))) => (false, Some(refusal)),
        Some(Answer::NotMe(Ok(link))) => (*link == NoticeLinkFor::NotMyAccess, gone),
        _ => (false, gone),
    };
    let done = ui.posted::<Disown>().map(|posted| if posted.reply.of_access { texts.access_done } else { texts.done });
    let body = match (grant_of::<Disown>(&ui), refused) {
        (Some(grant), _) => view! {
            // Not above a password that was refused.
            {done.map(|done| view! { <Alert tone=Tone::Success>{done}</Alert> })}
            <p>
                <a href=paths::LOGIN_BY_CODE>{ui.texts.access.enter_by_code}</a>
            </p>
            <ChooseNew grant start_over=(paths::FORGOT_PASSWORD.to_owned(), ui.texts.pages.recovery.by_email) />
        }
        .into_any(),
        (None, Some(refusal)) => view! { <NoLink refusal=refusal.clone() /> }.into_any(),
        (None, None) => view! {
            <Heading text=if of_access { texts.access_heading } else { texts.heading }.to_owned() />
            <p class="lead">{if of_access { texts.access_lead } else { texts.lead }}</p>
            <PostForm form=Disown::ROUTE class="form">
                <HiddenField name="token" value=token() />
                <SubmitButton text=texts.submit />
            </PostForm>
        }
        .into_any(),
    };
    view! {
        <PageTitle text=texts.title />
        <Split>{body}</Split>
    }
    .into_any()
}

#[component]
fn NoLink(refusal: Refusal) -> impl IntoView {
    let texts = Ui::get().texts;
    let links = &texts.pages.links;
    let heading = match refusal {
        Refusal::LinkLapsed => links.lapsed_heading,
        Refusal::LinkUnknown => links.unknown_heading,
        // Any other refusal says nothing about the link.
        _ => texts.pages.not_me.heading,
    };
    let sentence = match refusal {
        Refusal::Taken(_) => texts.access.held_elsewhere.to_owned(),
        refusal => texts.refusal(&refusal),
    };
    view! {
        <Heading text=heading.to_owned() />
        <p class="lead">{closed(sentence)}</p>
        <p>
            <a class="button" href=paths::FORGOT_PASSWORD>
                {texts.pages.recovery.forgot_title}
            </a>
        </p>
        <p>
            <a href=paths::RECOVER_PASSWORD>{texts.pages.recovery.by_document}</a>
        </p>
    }
}
