//! A new password by a link (003): the request, and the page that the link opens.

use super::code_entry::Sent;
use super::sent::MailSent;
use super::token;
use crate::components::{DeadLink, Field, Heading, HiddenField, PageTitle, PasswordField, PostForm, Split, SubmitButton, Username};
use crate::first::Answer;
use crate::forms::Form;
use crate::paths;
use crate::server_fns::{ForgotPassword, ResetByLink};
use crate::ui::Ui;
use leptos::prelude::*;
use portaria::error::{Field as Named, Refusal};
use portaria::recovery::ResetLink;
use portaria::value::PasswordPolicy;
use text::PageNotice;

/// `/forgot-password`: the answer is the same for every address.
#[component]
pub fn ForgotPassword() -> impl IntoView {
    let ui = Ui::get();
    let texts = ui.texts;
    let page = &texts.pages.recovery;
    if ui.has_done(PageNotice::ResetLinkSent) {
        return view! {
            <Split>
                <MailSent lead=texts.api.reset_link_sent lasts=ui.reset_link_lasts() again=paths::FORGOT_PASSWORD />
            </Split>
        }
        .into_any();
    }
    view! {
        <PageTitle text=page.forgot_title />
        <Split>
            <Heading text=page.forgot_title.to_owned() />
            <p class="lead">{page.forgot_lead(ui.reset_link_lasts())}</p>
            <PostForm form=ForgotPassword::ROUTE class="form">
                <Sent text=texts.api.reset_link_sent />
                <Field field=Named::Email label=texts.field_name(Named::Email) />
                <SubmitButton text=page.forgot_submit />
            </PostForm>
            <hr />
            <p>
                <a href=paths::RECOVER_PASSWORD>{page.by_document}</a>
            </p>
            <p>
                <a href=paths::LOGIN>{page.to_sign_in}</a>
            </p>
        </Split>
    }
    .into_any()
}

/// `/reset-password?token=`. Opening it does not use the link.
#[component]
pub fn ResetPassword() -> impl IntoView {
    let ui = Ui::get();
    let texts = &ui.texts.pages.recovery;
    let body = match ui.answer() {
        Some(Answer::ResetLink(Err(refusal))) => view! { <NoLink refusal=refusal /> }.into_any(),
        Some(Answer::ResetLink(Ok(ResetLink { policy, email }))) => view! { <ByLink policy=*policy of=email.clone() /> }.into_any(),
        // The link is looked at again when the form is sent.
        _ => view! { <ByLink policy=PasswordPolicy::Strict /> }.into_any(),
    };
    view! {
        <PageTitle text=texts.new_heading />
        <Split>{body}</Split>
    }
    .into_any()
}

#[component]
fn NoLink<'a>(refusal: &'a Refusal) -> impl IntoView {
    let texts = &Ui::get().texts.pages.recovery;
    view! {
        <DeadLink refusal otherwise=texts.new_heading>
            <p>
                <a class="button" href=paths::FORGOT_PASSWORD>
                    {texts.ask_another}
                </a>
            </p>
        </DeadLink>
    }
}

/// `of`: whose password it is, if that is known.
#[component]
fn ByLink(policy: PasswordPolicy, #[prop(optional)] of: String) -> impl IntoView {
    let texts = &Ui::get().texts.pages.recovery;
    view! {
        <Heading text=texts.new_heading.to_owned() />
        <p class="lead">{texts.new_lead}</p>
        <PostForm form=ResetByLink::ROUTE class="form">
            <HiddenField name="token" value=token() />
            <Username value=of />
            <PasswordField field=Named::Password label=texts.new_label policy=policy />
            <PasswordField field=Named::PasswordConfirmation label=texts.confirmation_label />
            <SubmitButton text=texts.new_submit />
        </PostForm>
        <p>
            <a href=paths::FORGOT_PASSWORD>{texts.ask_another}</a>
        </p>
    }
}
