//! `/verify?token=`, the link of a verification mail. In a browser that holds the sign-up the server proves the address at once and
//! redirects. In any other browser this page names the account and asks (SPEC §16): the reader of the mailbox may not be the person who
//! registered, and the choices of that person must not take effect without the reader's consent.

use super::recover::{ChooseNew, granted};
use super::token;
use crate::components::{Alert, DeadLink, Heading, HiddenField, PageTitle, PostForm, Split, SubmitButton, Tone};
use crate::first::Answer;
use crate::forms::Form;
use crate::paths;
use crate::server_fns::{DisownLink, ProveLink, ResendLink};
use crate::ui::Ui;
use leptos::prelude::*;
use portaria::error::Refusal;
use portaria::view::LinkView;

#[component]
pub fn Verify() -> impl IntoView {
    let ui = Ui::get();
    let texts = &ui.texts.pages.links;
    let body = match (granted::<ProveLink>(&ui), ui.answer()) {
        (Some(granted), _) => view! {
            <Alert tone=Tone::Success>{texts.verify_new_password_lead}</Alert>
            <ChooseNew granted start_over=(paths::FORGOT_PASSWORD.to_owned(), ui.texts.pages.recovery.by_email) />
        }
        .into_any(),
        (None, Some(Answer::Link(Ok(link)))) => view! { <Ask link=link.clone() /> }.into_any(),
        (None, Some(Answer::Link(Err(refusal)))) => view! { <NoLink refusal=refusal /> }.into_any(),
        (None, _) => view! { <NoLink refusal=&Refusal::Unavailable /> }.into_any(),
    };
    view! {
        <PageTitle text=texts.verify_title />
        <Split>{body}</Split>
    }
    .into_any()
}

#[component]
fn Ask(link: LinkView) -> impl IntoView {
    let ui = Ui::get();
    let texts = &ui.texts.pages.links;
    let kind = ui.kind(link.kind).name;
    let about = match &link.phone {
        Some(phone) => texts.verify_about_phone(&link.email, kind, phone),
        None => texts.verify_about(&link.email, kind),
    };
    let has_password = link.has_password;
    let not_me = (!link.used || link.phone.is_some()).then(|| {
        view! {
            <section class="panel">
                <h2>{texts.verify_not_me_title}</h2>
                <p>{texts.verify_not_me_lead}</p>
                <PostForm form=DisownLink::ROUTE>
                    <HiddenField name="token" value=token() />
                    <SubmitButton text=texts.verify_not_me_submit class="button button-secondary" />
                </PostForm>
            </section>
        }
    });
    view! {
        <Heading text=texts.verify_heading.to_owned() />
        <p class="lead">{about}</p>
        <PostForm form=ProveLink::ROUTE class="form">
            <HiddenField name="token" value=token() />
            {has_password.then(|| view! { <p>{texts.verify_has_password}</p> })}
            <div class="actions">
                <SubmitButton text=texts.verify_submit />
                {has_password
                    .then(|| {
                        view! { <SubmitButton text=texts.verify_new_password class="button button-secondary" name="password" value="new" /> }
                    })}
            </div>
        </PostForm>
        {not_me}
    }
}

#[component]
fn NoLink<'a>(refusal: &'a Refusal) -> impl IntoView {
    let texts = Ui::get().texts;
    let links = &texts.pages.links;
    // One that has expired knows its address, so that nobody has to type it again (003, EX04).
    let onward = if matches!(refusal, Refusal::LinkLapsed) {
        view! {
            <PostForm form=ResendLink::ROUTE>
                <HiddenField name="token" value=token() />
                <SubmitButton text=links.ask_another />
            </PostForm>
            <p>
                <a href=paths::RESEND_VERIFICATION>{texts.access.other_email}</a>
            </p>
        }
        .into_any()
    } else {
        view! {
            <p>
                <a class="button" href=paths::RESEND_VERIFICATION>
                    {links.ask_another}
                </a>
            </p>
        }
        .into_any()
    };
    view! {
        <DeadLink refusal otherwise=links.verify_heading>{onward}</DeadLink>
    }
}
