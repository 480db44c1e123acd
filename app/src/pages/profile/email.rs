//! Sets the e-mail of the signed-in account, by a code (SPEC §13).

use super::super::code_entry::{
    AskAgain, CodeField, CodeNews, CodeSubmit, Ended, code_of, has_lapsed, is_to_confirm, sent_to, to_confirm, whole,
};
use super::OwnPage;
use crate::components::{AnotherCode, Field, Heading, HiddenField, PostForm, StepUpFields, SubmitButton};
use crate::forms::Form;
use crate::paths;
use crate::server_fns::{AskEmail, OWN_EMAIL, ProveOwnEmail};
use crate::ui::Ui;
use leptos::prelude::*;
use portaria::contact::ContactKind;
use portaria::error::Field as Named;
use portaria::message::Channel;
use portaria::purpose::CodeFor;
use portaria::value::Email;
use portaria::view::{AccountView, CodeSent};

#[component]
pub fn ProfileEmail() -> impl IntoView {
    view! { <OwnPage title=title(&Ui::get()) draw=page /> }
}

/// The page is about a first e-mail, about the one that has yet to be confirmed, or about another one.
fn title(ui: &Ui) -> &'static str {
    let texts = &ui.texts.access;
    if is_to_confirm(ui, ContactKind::Email) {
        return ui.texts.pages.dashboard.confirm_email;
    }
    if ui.me().is_some_and(|account| account.email.is_some()) { texts.change_email } else { texts.add_email }
}

fn page(ui: &Ui, _: &AccountView) -> AnyView {
    view! {
        <Heading text=title(ui).to_owned() />
        <OwnEmail />
    }
    .into_any()
}

/// A code was asked for. The address stands in the form, never in a URL.
struct Progress {
    email: String,
    sent: Option<CodeSent>,
    /// Seconds until the code may be sent again.
    wait: Option<u32>,
    ended: Option<Ended>,
}

impl Progress {
    fn of(ui: &Ui) -> Option<Self> {
        let reply = ui.posted::<AskEmail>().map(|posted| posted.reply.clone()).unwrap_or_default();
        let sent = code_of::<AskEmail, ProveOwnEmail>(ui);
        Some(Self {
            wait: reply.wait().or(sent.as_ref().map(|sent| sent.resend_in)),
            email: reply.asked.or_else(|| ui.posted_value::<ProveOwnEmail>("email"))?,
            sent,
            ended: Ended::by_form::<ProveOwnEmail>(ui),
        })
    }
}

#[component]
fn OwnEmail() -> impl IntoView {
    let ui = Ui::get();
    let all = ui.texts;
    match Progress::of(&ui) {
        None => view! {
            <p class="lead">
                {if is_to_confirm(&ui, ContactKind::Email) { all.access.confirm_email_lead } else { all.access.email_lead }}
            </p>
            <CodeNews name=OWN_EMAIL failed=all.pages.check_email.failed shown=false />
            <PostForm form=AskEmail::ROUTE class="form">
                <Field field=Named::Email label=all.field_name(Named::Email) value=to_confirm(&ui, ContactKind::Email) />
                <StepUpFields />
                <SubmitButton text=all.access.email_submit />
                <AnotherCode />
            </PostForm>
        }
        .into_any(),
        Some(progress) => view! { <EnterCode progress /> }.into_any(),
    }
}

#[component]
fn EnterCode(progress: Progress) -> impl IntoView {
    let ui = Ui::get();
    let all = ui.texts;
    let texts = &all.access;
    let Progress { email, sent, wait, ended } = progress;
    let lead = [&all.code_went(Channel::Email, &whole(&email)), " ", texts.email_check].concat();
    let lapsed = has_lapsed(sent.as_ref());
    let again = vec![("email", email.clone()), ("again", "true".to_owned())];
    // Noticed, never forced: the code went there all the same.
    let meant = Email::domain_meant_by(&email);
    view! {
        {sent_to(&lead, ended)}
        {meant.map(|domain| view! { <p class="hint">{all.pages.check_email.meant(domain)}</p> })}
        <CodeNews name=OWN_EMAIL failed=all.pages.check_email.failed shown=true />
        <PostForm form=ProveOwnEmail::ROUTE proof=CodeFor::EmailChange lapsed class="form">
            // It comes back with a refused code, for the next request of a code.
            <HiddenField name="email" value=email />
            <CodeField label=all.field_name(Named::Code) expires_in=sent.map(|sent| sent.expires_in) ended />
            <StepUpFields />
            <CodeSubmit text=all.pages.code.submit ended />
            <AnotherCode />
        </PostForm>
        <AskAgain form=AskEmail::ROUTE fields=again resend_in=wait text=all.pages.login.resend own=true confirmed=paths::PROFILE ended>
            <a href=paths::anew(paths::PROFILE_EMAIL)>{texts.other_email}</a>
        </AskAgain>
    }
}
