//! A new password by CPF or CNPJ (002): document, code, new password. All steps have one path; their data is in hidden fields.

use super::code_entry::{AskAgain, CodeField, Ended, SentTo};
use crate::components::{Field, Heading, HiddenField, Look, PageTitle, PasswordField, PostForm, RadioGroup, SubmitButton};
use crate::forms::Reply;
use crate::server_fns::{AskRecovery, ProveRecovery, ResetByGrant};
use crate::ui::Ui;
use leptos::prelude::*;
use portaria::error::Field as Named;
use portaria::message::Channel;
use portaria::purpose::CodeFor as Purpose;
use portaria::recovery::{CHANNELS, RecoverySent};
use portaria::value::PasswordPolicy;

#[derive(Clone, Copy)]
struct Progress {
    document: RwSignal<Option<String>>,
    sent: RwSignal<Option<RecoverySent>>,
    grant: RwSignal<Option<String>>,
    channel: RwSignal<String>,
    ended: RwSignal<Option<Ended>>,
    /// The signal of the page ([`Ui::refused`]). Cleared when the person begins again.
    refused: RwSignal<bool>,
}

impl Progress {
    /// Restores the progress from a form that was posted without WASM.
    fn from_posted(ui: Ui) -> Self {
        let asked = ui.posted("ask_recovery").map(|posted| posted.reply).unwrap_or_default();
        let proved = ui.posted("prove_recovery");
        let kept = |name: &str| proved.as_ref().and_then(|posted| posted.value(name));
        let granted = proved.as_ref().and_then(|posted| posted.reply.grant.clone()).map(|grant| grant.0);
        Self {
            document: RwSignal::new(asked.info.or_else(|| kept("document"))),
            sent: RwSignal::new(asked.recovery),
            channel: RwSignal::new(kept("channel").unwrap_or(asked.channel)),
            // A refused password does not spend the grant, which stays in the form.
            grant: RwSignal::new(granted.or_else(|| ui.posted("reset_by_grant")?.value("grant"))),
            ended: RwSignal::new(proved.as_ref().and_then(|posted| posted.reply.refusal.as_ref().and_then(Ended::by))),
            refused: ui.refused,
        }
    }

    fn take(self, reply: Reply) {
        if let Some(refusal) = reply.refusal {
            if let Some(ended) = Ended::by(&refusal) {
                self.ended.set(Some(ended));
            }
            return;
        }
        if let Some(grant) = reply.grant {
            self.grant.set(Some(grant.0));
        } else {
            self.sent.set(reply.recovery);
            self.channel.set(reply.channel);
            self.ended.set(None);
            // Set even if nothing changed, so that the form is rendered again without the error of the last code.
            self.document.set(reply.info);
        }
    }

    fn begin_anew(self) {
        self.sent.set(None);
        self.document.set(None);
        self.grant.set(None);
        self.ended.set(None);
        self.refused.set(false);
    }
}

#[component]
pub fn RecoverPassword() -> impl IntoView {
    let ui = Ui::get();
    let texts = &ui.texts.pages.recovery;
    let progress = Progress::from_posted(ui);
    let on_reply = Callback::new(move |reply: Reply| progress.take(reply));
    view! {
        <PageTitle text=texts.title />
        <div class="page narrow">
            {move || match (progress.grant.get(), progress.document.get()) {
                (Some(grant), _) => view! { <ChooseNew grant start_over=("/recover-password", texts.start_over) on_start_over=Callback::new(move |()| progress.begin_anew()) /> }.into_any(),
                (None, Some(document)) => view! { <EnterCode document progress on_reply /> }.into_any(),
                (None, None) => view! { <EnterDocument on_reply /> }.into_any(),
            }}
            <hr />
            <p>
                <a href="/login">{texts.to_sign_in}</a>
            </p>
        </div>
    }
    .into_any()
}

/// Returns the configured channels for a recovery; `None` if there is no choice.
fn ways(ui: Ui) -> Option<Vec<Channel>> {
    let ways = ui.set_up(CHANNELS);
    (ways.len() > 1).then_some(ways)
}

/// Joins masked contacts into a phrase. Non-breaking, so that a number does not wrap.
fn together(destinations: &[String], and: &str) -> String {
    destinations.join(and).replace(") ", ")\u{a0}")
}

#[component]
fn EnterDocument(on_reply: Callback<Reply>) -> impl IntoView {
    let ui = Ui::get();
    let all = ui.texts;
    let texts = &all.pages.recovery;
    let action = ServerAction::<AskRecovery>::new();
    let channels = move || {
        ways(ui).map(|ways| {
            let mut options = vec![("", texts.channel_any)];
            options.extend(ways.into_iter().map(|channel| match channel {
                Channel::Email => (channel.as_str(), texts.channel_email),
                _ => (channel.as_str(), texts.channel_whatsapp),
            }));
            view! { <RadioGroup field=Named::Channel legend=texts.channel_legend options chosen="" /> }
        })
    };
    view! {
        <Heading text=texts.heading.to_owned() />
        <p class="lead">{texts.lead}</p>
        <PostForm name="ask_recovery" action on_reply class="form">
            // No numeric keypad: a CNPJ may contain letters.
            <Field field=Named::Document label=all.field_name(Named::Document) hint=texts.document_hint look=Look::of(Named::Cnpj) />
            {channels()}
            <SubmitButton text=texts.submit />
        </PostForm>
        <p>
            <a href="/forgot-password">{texts.by_email}</a>
        </p>
    }
}

#[component]
fn EnterCode(document: String, progress: Progress, on_reply: Callback<Reply>) -> impl IntoView {
    let all = Ui::get().texts;
    let texts = &all.pages.recovery;
    let Progress { sent, channel, ended, .. } = progress;
    let typed = document.clone();
    let enter = ServerAction::<ProveRecovery>::new();
    let again = ServerAction::<AskRecovery>::new();
    let lead = Signal::derive(move || {
        sent.with(|sent| match sent {
            Some(sent) if sent.destinations.is_empty() => all.api.recovery_sent.to_owned(),
            Some(sent) => texts.code_sent(together(&sent.destinations, texts.and)),
            None => texts.code_entry.to_owned(),
        })
    });
    let expires_in = Signal::derive(move || sent.with(|sent| sent.as_ref().map(|sent| sent.expires_in)));
    let resend_in = Signal::derive(move || sent.with(|sent| sent.as_ref().map(|sent| sent.resend_in)));
    view! {
        <Heading text=texts.code_heading.to_owned() />
        <SentTo text=lead />
        <PostForm name="prove_recovery" action=enter proof=Purpose::Recovery on_reply class="form">
            <HiddenField name="document" value=typed />
            // Without WASM it comes back with a refused code, for the next request of a code.
            <HiddenField name="channel" value=channel />
            <CodeField label=texts.code_label expires_in ended />
            <SubmitButton text=texts.code_submit />
        </PostForm>
        <AskAgain name="ask_recovery" action=again of=("document", document) channel resend_in text=texts.start_over on_reply>
            <a href="/recover-password" on:click=move |_| progress.begin_anew()>
                {texts.other_document}
            </a>
        </AskAgain>
    }
}

/// Sets the new password by a grant, also after a "não fui eu". `start_over` is the link to get another grant.
#[component]
pub fn ChooseNew(
    grant: String,
    start_over: (&'static str, &'static str),
    #[prop(optional, into)] on_start_over: Option<Callback<()>>,
) -> impl IntoView {
    let texts = &Ui::get().texts.pages.recovery;
    let action = ServerAction::<ResetByGrant>::new();
    view! {
        <Heading text=texts.new_heading.to_owned() />
        <p class="lead">{texts.new_lead}</p>
        <PostForm name="reset_by_grant" action proof=Purpose::Recovery class="form">
            <HiddenField name="grant" value=grant />
            <PasswordField field=Named::NewPassword label=texts.new_label policy=PasswordPolicy::Recovery />
            <PasswordField field=Named::PasswordConfirmation label=texts.confirmation_label />
            <SubmitButton text=texts.new_submit />
        </PostForm>
        // A grant expires, so there must be a way to get another.
        <p>
            <a
                href=start_over.0
                on:click=move |_| {
                    if let Some(told) = on_start_over {
                        told.run(());
                    }
                }
            >
                {start_over.1}
            </a>
        </p>
    }
}
