//! "Não fui eu": the link in the notice of a change, or of a sign-in from a new device. Opening it changes nothing; only the button does.

use super::links::NoLink;
use super::recover::{ChooseNew, granted};
use super::token;
use crate::components::{Alert, Heading, HiddenField, PageTitle, PostForm, SubmitButton, Tone};
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
    let recovery = &ui.texts.pages.recovery;
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
            <p>
                <a href=paths::LOGIN_BY_CODE>{ui.texts.access.enter_by_code}</a>
            </p>
            <ChooseNew granted start_over=(paths::FORGOT_PASSWORD.to_owned(), recovery.by_email) />
        }
        .into_any(),
        (None, Some(refusal)) => view! {
            <NoLink
                refusal=refusal
                page=texts.heading
                said=matches!(refusal, Refusal::Taken(_)).then_some(ui.texts.access.held_elsewhere)
            >
                <p>
                    <a class="button" href=paths::FORGOT_PASSWORD>
                        {recovery.forgot_title}
                    </a>
                </p>
                <p>
                    <a href=paths::RECOVER_PASSWORD>{recovery.by_document}</a>
                </p>
            </NoLink>
        }
        .into_any(),
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
        <div class="page narrow">{body}</div>
    }
    .into_any()
}
