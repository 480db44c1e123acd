//! Requests another verification link, and takes a sign-up over from another device. Opening a link changes nothing, because mail
//! scanners open every link; only the button does.

use super::code_entry::Sent;
use super::token;
use crate::components::{Field, Heading, HiddenField, PageTitle, PostForm, Split, SubmitButton, closed};
use crate::forms::Form;
use crate::paths;
use crate::server_fns::{ResendLink, TakeOver};
use crate::ui::Ui;
use leptos::prelude::*;
use portaria::error::{Field as Named, Refusal};

/// `/resend-verification`: the answer is the same for every address.
#[component]
pub fn ResendVerification() -> impl IntoView {
    let texts = Ui::get().texts;
    let page = &texts.pages.links;
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
    // A link that opens nothing any more is not offered again.
    let gone = ui.refusal_of::<TakeOver>().filter(|refusal| matches!(refusal, Refusal::LinkUnknown | Refusal::LinkLapsed));
    let heading = match gone {
        None => texts.continue_heading,
        Some(Refusal::LinkLapsed) => texts.lapsed_heading,
        Some(_) => texts.unknown_heading,
    };
    let body = if let Some(refusal) = gone {
        view! { <p class="lead">{closed(ui.texts.refusal(refusal))} " " {texts.continue_gone}</p> }.into_any()
    } else if token.is_empty() {
        view! { <p class="lead">{texts.continue_missing}</p> }.into_any()
    } else {
        view! {
            <p class="lead">{texts.continue_lead}</p>
            <PostForm form=TakeOver::ROUTE class="form">
                <HiddenField name="token" value=token />
                <SubmitButton text=texts.continue_submit />
            </PostForm>
        }
        .into_any()
    };
    view! {
        <PageTitle text=texts.continue_title />
        <Split>
            <Heading text=heading.to_owned() />
            {body}
            <p>
                <a href=paths::REGISTER>{texts.begin_anew}</a>
            </p>
        </Split>
    }
    .into_any()
}
