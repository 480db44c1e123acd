//! Contests of a document (SPEC §16): `/contest` for an owner who finds it taken, `/document-mine` for the account that has it. All steps
//! of a contest have one path; their data is in hidden fields.

use super::code_entry::{AskAgain, CodeField, CodeSubmit, Ended, code_of, has_lapsed, heading, sent_to, whole};
use super::sent::ContestSent;
use super::token;
use crate::components::{DeadLink, Field, Heading, HiddenField, Look, PageTitle, PostForm, Split, SubmitButton};
use crate::first::Answer;
use crate::forms::Form;
use crate::paths;
use crate::server_fns::{AskContest, KeepDocument, ProveContest};
use crate::ui::Ui;
use leptos::prelude::*;
use portaria::error::{Field as Named, Refusal};
use portaria::purpose::CodeFor;
use portaria::shape::Shape;
use portaria::view::CodeSent;
use text::PageNotice;

/// A code was asked for.
struct Progress {
    document: String,
    contact: String,
    sent: Option<CodeSent>,
    ended: Option<Ended>,
}

impl Progress {
    fn of(ui: &Ui) -> Option<Self> {
        let reply = ui.posted::<AskContest>().map(|posted| posted.reply.clone()).unwrap_or_default();
        let kept = |name: &str| ui.posted_value::<ProveContest>(name);
        Some(Self {
            document: reply.asked.or_else(|| kept("document"))?,
            contact: reply.contact.or_else(|| kept("identifier"))?,
            sent: code_of::<AskContest, ProveContest>(ui),
            ended: Ended::by_form::<ProveContest>(ui),
        })
    }
}

#[component]
pub fn Contest() -> impl IntoView {
    let ui = Ui::get();
    let texts = &ui.texts.contest;
    if ui.has_done(PageNotice::ContestBegun) {
        return view! {
            <Split>
                <ContestSent />
            </Split>
        }
        .into_any();
    }
    let step = match Progress::of(&ui) {
        Some(progress) => view! { <EnterCode progress /> }.into_any(),
        None => view! { <EnterDocument /> }.into_any(),
    };
    view! {
        <PageTitle text=texts.title />
        <Split>
            {step}
            <hr />
            <p>
                <a href=paths::LOGIN>{ui.texts.pages.recovery.to_sign_in}</a>
            </p>
        </Split>
    }
    .into_any()
}

#[component]
fn EnterDocument() -> impl IntoView {
    let all = Ui::get().texts;
    let texts = &all.contest;
    view! {
        <Heading text=texts.title.to_owned() />
        <p class="lead">{texts.lead}</p>
        <PostForm form=AskContest::ROUTE proof=CodeFor::Contest class="form">
            // No numeric keypad: a CNPJ may contain letters.
            <Field field=Named::Document label=all.field_name(Named::Document) hint=all.pages.recovery.document_hint look=Look::of(Named::Cnpj) />
            <Field field=Named::Identifier label=texts.contact_label hint=texts.contact_hint shape=Shape::Contact />
            <SubmitButton text=texts.submit />
        </PostForm>
    }
}

#[component]
fn EnterCode(progress: Progress) -> impl IntoView {
    let all = Ui::get().texts;
    let texts = &all.contest;
    let Progress { document, contact, sent, ended } = progress;
    let lead = match &sent {
        Some(sent) => all.code_went(sent.channel, &whole(&contact)),
        None => texts.code_sent(whole(&contact)),
    };
    let lapsed = has_lapsed(sent.as_ref());
    let (expires_in, resend_in) = (sent.as_ref().map(|sent| sent.expires_in), sent.as_ref().map(|sent| sent.resend_in));
    let again = vec![("document", document.clone()), ("identifier", contact.clone())];
    view! {
        {heading(texts.code_heading, ended)}
        {sent_to(&lead, ended)}
        <PostForm form=ProveContest::ROUTE proof=CodeFor::Contest lapsed class="form">
            <HiddenField name="document" value=document />
            <HiddenField name="identifier" value=contact />
            <CodeField label=all.field_name(Named::Code) expires_in ended />
            <CodeSubmit text=texts.code_submit ended />
        </PostForm>
        <AskAgain form=AskContest::ROUTE fields=again resend_in text=all.pages.login.resend ended>
            <a href=paths::anew(paths::CONTEST)>{texts.start_over}</a>
        </AskAgain>
    }
}

/// `/document-mine?token=`. Opening it changes nothing; only the button does.
#[component]
pub fn DocumentMine() -> impl IntoView {
    let ui = Ui::get();
    let texts = &ui.texts.contest;
    let body = match ui.answer() {
        Some(Answer::DocumentMine(Some(refusal))) => view! { <NoLink refusal=refusal /> }.into_any(),
        _ => view! { <Keep token=token() /> }.into_any(),
    };
    view! {
        <PageTitle text=texts.mine_title />
        <Split>{body}</Split>
    }
    .into_any()
}

#[component]
fn Keep(token: String) -> impl IntoView {
    let texts = &Ui::get().texts.contest;
    view! {
        <Heading text=texts.mine_title.to_owned() />
        <p class="lead">{texts.mine_lead}</p>
        <PostForm form=KeepDocument::ROUTE class="form">
            <HiddenField name="token" value=token />
            <SubmitButton text=texts.mine_submit />
        </PostForm>
    }
}

#[component]
fn NoLink<'a>(refusal: &'a Refusal) -> impl IntoView {
    let texts = Ui::get().texts;
    view! {
        <DeadLink refusal otherwise=texts.contest.mine_title>
            <p>
                <a class="button" href=paths::LOGIN>
                    {texts.pages.recovery.to_sign_in}
                </a>
            </p>
        </DeadLink>
    }
}
