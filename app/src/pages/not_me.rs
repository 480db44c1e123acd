//! "Não fui eu": the link in the notice of a change, or of a sign-in from a new device. Opening it changes nothing; only the button does.

use super::recover::{ChooseNew, granted};
use super::token;
use crate::components::{Alert, DeadLink, Heading, HiddenField, PageTitle, PostForm, Split, SubmitButton, Tone};
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
    let body = match (granted::<Disown>(&ui), refused) {
        (Some(granted), _) => view! {
            // Not above a password that was refused.
            {done.map(|done| view! { <Alert tone=Tone::Success>{done}</Alert> })}
            <ChooseNew granted start_over=(paths::FORGOT_PASSWORD.to_owned(), ui.texts.pages.recovery.by_email) />
            <p>
                <a href=paths::LOGIN_BY_CODE>{ui.texts.access.enter_by_code}</a>
            </p>
        }
        .into_any(),
        (None, Some(refusal)) => view! { <NoLink refusal=refusal /> }.into_any(),
        (None, None) => view! {
            <Heading text=if of_access { texts.access_heading } else { texts.heading }.to_owned() />
            {if of_access { view! { <OfAccess /> }.into_any() } else { view! { <p class="lead">{texts.lead}</p> }.into_any() }}
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

/// What happens after a sign-in that its owner does not know.
#[component]
fn OfAccess() -> impl IntoView {
    let texts = &Ui::get().texts.pages.not_me;
    view! {
        <p class="lead">{texts.access_lead}</p>
        <ul class="bulleted">
            <li>{texts.access_sessions}</li>
            <li>{texts.access_password}</li>
            <li>{texts.access_contacts}</li>
        </ul>
        <p class="hint">{texts.access_change}</p>
    }
}

#[component]
fn NoLink<'a>(refusal: &'a Refusal) -> impl IntoView {
    let texts = Ui::get().texts;
    let sentence = matches!(refusal, Refusal::Taken(_)).then(|| texts.access.held_elsewhere.to_owned());
    view! {
        <DeadLink refusal otherwise=texts.pages.not_me.heading sentence>
            <p>
                <a class="button" href=paths::FORGOT_PASSWORD>
                    {texts.pages.recovery.forgot_title}
                </a>
            </p>
            <p>
                <a href=paths::RECOVER_PASSWORD>{texts.pages.recovery.by_document}</a>
            </p>
        </DeadLink>
    }
}
