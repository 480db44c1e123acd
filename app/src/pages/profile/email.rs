//! Sets the e-mail of the signed-in account, by a code (SPEC §13).

use super::super::code_entry::{AskAgain, CodeField, Ended, SentTo};
use super::Back;
use crate::components::{Field, Heading, HiddenField, Owner, PageTitle, PostForm, StepUpFields, SubmitButton};
use crate::forms::Reply;
use crate::server_fns::{AskEmail, ProveOwnEmail};
use crate::ui::Ui;
use leptos::prelude::*;
use portaria::error::{Field as Named, Refusal};
use portaria::purpose::CodeFor as Purpose;
use portaria::view::{AccountView, CodeSent};

#[component]
pub fn ProfileEmail() -> impl IntoView {
    let texts = &Ui::get().texts.access;
    view! {
        <PageTitle text=texts.change_email />
        <div class="page narrow">
            <Back />
            <Owner heading=texts.change_email draw=page />
        </div>
    }
    .into_any()
}

fn page(ui: Ui, account: &AccountView) -> AnyView {
    let texts = &ui.texts.access;
    let heading = if account.email.is_some() { texts.change_email } else { texts.add_email };
    view! {
        <Heading text=heading.to_owned() />
        <OwnEmail />
    }
    .into_any()
}

/// The progress on this page. The address stands in the form, never in a URL.
#[derive(Clone, Copy)]
struct Progress {
    email: RwSignal<Option<String>>,
    sent: RwSignal<Option<CodeSent>>,
    /// Seconds until the code may be sent again.
    wait: RwSignal<Option<u32>>,
    ended: RwSignal<Option<Ended>>,
    refused: RwSignal<bool>,
}

fn wait(reply: &Reply) -> Option<u32> {
    reply.sent.as_ref().map(|sent| sent.resend_in).or(reply.refusal.as_ref().and_then(Refusal::retry_after))
}

impl Progress {
    fn from_posted(ui: Ui) -> Self {
        let asked = ui.posted("ask_email").map(|posted| posted.reply).unwrap_or_default();
        let entered = ui.posted("prove_own_email");
        Self {
            wait: RwSignal::new(wait(&asked)),
            ended: RwSignal::new(entered.as_ref().and_then(|entered| entered.reply.refusal.as_ref().and_then(Ended::by))),
            email: RwSignal::new(asked.info.or_else(|| entered.as_ref().and_then(|entered| entered.value("email")))),
            sent: RwSignal::new(asked.sent),
            refused: ui.refused,
        }
    }

    fn asked(self, reply: Reply) {
        if reply.info.is_none() {
            return;
        }
        self.wait.set(wait(&reply));
        if reply.sent.is_some() {
            self.sent.set(reply.sent);
            self.ended.set(None);
        }
        if self.email.with_untracked(|email| *email != reply.info) {
            self.email.set(reply.info);
            self.refused.set(false);
        }
    }

    fn begin_anew(self) {
        self.sent.set(None);
        self.ended.set(None);
        self.email.set(None);
        self.refused.set(false);
    }
}

#[component]
fn OwnEmail() -> impl IntoView {
    let ui = Ui::get();
    let all = ui.texts;
    let progress = Progress::from_posted(ui);
    let on_reply = Callback::new(move |reply: Reply| progress.asked(reply));
    move || match progress.email.get() {
        None => {
            // A new action each time: the answer to the previous address would lead on at once.
            let ask = ServerAction::<AskEmail>::new();
            view! {
                <p class="lead">{all.access.email_lead}</p>
                <PostForm name="ask_email" action=ask on_reply class="form">
                    <Field field=Named::Email label=all.field_name(Named::Email) />
                    <StepUpFields />
                    <SubmitButton text=all.access.email_submit />
                </PostForm>
            }
            .into_any()
        }
        Some(email) => view! { <EnterCode email progress on_reply /> }.into_any(),
    }
}

#[component]
fn EnterCode(email: String, progress: Progress, on_reply: Callback<Reply>) -> impl IntoView {
    let all = Ui::get().texts;
    let texts = &all.access;
    let Progress { sent, wait, ended, .. } = progress;
    let enter = ServerAction::<ProveOwnEmail>::new();
    let again = ServerAction::<AskEmail>::new();
    let typed = email.clone();
    let lead = Signal::derive(move || {
        sent.with(|sent| match sent {
            Some(sent) => texts.email_code_sent(&sent.destination),
            None => texts.email_code_entry.to_owned(),
        })
    });
    let expires_in = Signal::derive(move || sent.with(|sent| sent.as_ref().map(|sent| sent.expires_in)));
    let on_entry = Callback::new(move |reply: Reply| {
        if let Some(by) = reply.refusal.as_ref().and_then(Ended::by) {
            ended.set(Some(by));
        }
    });
    view! {
        <SentTo text=lead focus=true />
        <PostForm name="prove_own_email" action=enter proof=Purpose::EmailChange on_reply=on_entry class="form">
            // Without WASM it comes back with a refused code, for the next request of a code.
            <HiddenField name="email" value=typed />
            <CodeField label=all.field_name(Named::Code) expires_in ended />
            <StepUpFields />
            <SubmitButton text=all.pages.code.submit />
        </PostForm>
        <AskAgain name="ask_email" action=again of=("email", email) resend_in=wait text=all.pages.login.resend on_reply>
            <a href="/profile/email" on:click=move |_| progress.begin_anew()>
                {texts.other_email}
            </a>
        </AskAgain>
    }
}
