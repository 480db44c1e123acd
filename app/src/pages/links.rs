//! Requests another verification link, and takes a sign-up over from another device. Opening a link changes nothing, because mail
//! scanners open every link; only the button does.

use super::code_entry::Sent;
use super::sent::MailSent;
use super::token;
use crate::components::{DeadLink, Field, Heading, HiddenField, PageTitle, PostForm, Split, SubmitButton, closed};
use crate::first::Answer;
use crate::forms::Form;
use crate::paths;
use crate::server_fns::{ResendLink, TakeOver};
use crate::ui::Ui;
use leptos::prelude::*;
use portaria::error::{Field as Named, Refusal};
use text::PageNotice;

/// `/resend-verification`: the answer is the same for every address.
#[component]
pub fn ResendVerification() -> impl IntoView {
    let ui = Ui::get();
    let texts = ui.texts;
    let page = &texts.pages.links;
    if ui.has_done(PageNotice::LinkAsked) {
        return view! {
            <Split>
                <MailSent lead=texts.pages.notices.link_sent lasts=ui.email_link_lasts() again=paths::RESEND_VERIFICATION />
            </Split>
        }
        .into_any();
    }
    view! {
        <PageTitle text=page.resend_title />
        <Split>
            <Heading text=page.resend_heading.to_owned() />
            <p class="lead">{page.resend_lead}</p>
            <PostForm form=ResendLink::ROUTE class="form">
                <Sent text=texts.pages.notices.link_sent />
                <Field field=Named::Email label=texts.field_name(Named::Email) />
                <SubmitButton text=page.resend_submit />
            </PostForm>
            <hr />
            <p>
                <a href=paths::LOGIN>{texts.pages.recovery.to_sign_in}</a>
            </p>
        </Split>
    }
    .into_any()
}

/// `/continue?token=`: takes a sign-up over from another device.
#[component]
pub fn Continue() -> impl IntoView {
    let ui = Ui::get();
    let texts = &ui.texts.pages.links;
    let token = token();
    let is_dead = |refusal: &&Refusal| matches!(refusal, Refusal::LinkUnknown | Refusal::LinkLapsed);
    // A link that opens nothing any more is not offered, or not again. What else its button was refused is said above it.
    let gone = match (ui.refusal_of::<TakeOver>(), ui.answer()) {
        (Some(refusal), _) => Some(refusal).filter(is_dead),
        (None, Some(Answer::HandOff(refusal))) => refusal.as_ref(),
        _ => None,
    };
    let body = if let Some(refusal) = gone {
        let more = if is_dead(&refusal) { texts.continue_gone } else { "" };
        let sentence = [&closed(ui.texts.refusal(refusal)), " ", more].concat();
        view! {
            <DeadLink refusal=refusal otherwise=texts.continue_heading sentence>
                <Begin only=true />
            </DeadLink>
        }
        .into_any()
    } else if token.is_empty() {
        view! {
            <Heading text=texts.missing_heading.to_owned() />
            <p class="lead">{texts.continue_missing}</p>
            <Begin only=true />
        }
        .into_any()
    } else {
        view! {
            <Heading text=texts.continue_heading.to_owned() />
            <p class="lead">{texts.continue_lead}</p>
            <PostForm form=TakeOver::ROUTE class="form">
                <HiddenField name="token" value=token />
                <SubmitButton text=texts.continue_submit />
            </PostForm>
            <Begin only=false />
        }
        .into_any()
    };
    view! {
        <PageTitle text=texts.continue_title />
        <Split>{body}</Split>
    }
    .into_any()
}

/// Leads to a sign-up of one's own. `only`: nothing else can be done here.
#[component]
fn Begin(only: bool) -> impl IntoView {
    view! {
        <p>
            <a class=only.then_some("button") href=paths::REGISTER>
                {Ui::get().texts.pages.login.create}
            </a>
        </p>
    }
}
