//! A new password by CPF or CNPJ (002): document, code, new password. All steps have one path; their data is in hidden fields.

use super::code_entry::{AskAgain, CodeField, CodeSubmit, Ended, heading, sent_to};
use crate::components::{Field, Heading, HiddenField, Look, PageTitle, PasswordField, PostForm, RadioGroup, Split, SubmitButton, Username};
use crate::forms::Form;
use crate::paths;
use crate::server_fns::{AskRecovery, ProveRecovery, ResetByGrant};
use crate::ui::Ui;
use leptos::prelude::*;
use portaria::error::Field as Named;
use portaria::message::Channel;
use portaria::purpose::CodeFor;
use portaria::recovery::{CHANNELS, RecoverySent};
use portaria::value::PasswordPolicy;
use text::Texts;

/// The right to set a new password, and what its owner signs in with.
pub struct Granted {
    token: String,
    of: String,
}

/// Returns the right to set a new password, if the form with this name was answered with one. A refused password does not spend it, so it
/// also comes back with that form.
pub fn granted<F: Form>(ui: &Ui) -> Option<Granted> {
    let again = |name: &str| ui.posted_value::<ResetByGrant>(name);
    match ui.posted::<F>().map(|posted| (posted.reply.grant.clone(), posted.reply.signs_in_as.clone())) {
        Some((Some(token), of)) => Some(Granted { token: token.0, of }),
        _ => Some(Granted { token: again("grant")?, of: again("username").unwrap_or_default() }),
    }
}

/// A code was asked for.
struct Progress {
    document: String,
    channel: String,
    sent: Option<RecoverySent>,
    ended: Option<Ended>,
}

impl Progress {
    fn of(ui: &Ui) -> Option<Self> {
        let reply = ui.posted::<AskRecovery>().map(|posted| posted.reply.clone()).unwrap_or_default();
        let kept = |name: &str| ui.posted_value::<ProveRecovery>(name);
        Some(Self {
            document: reply.asked.or_else(|| kept("document"))?,
            channel: kept("channel").unwrap_or(reply.channel),
            sent: reply.recovery.or_else(|| ui.posted::<ProveRecovery>()?.reply.recovery.clone()),
            ended: Ended::by_form::<ProveRecovery>(ui),
        })
    }
}

#[component]
pub fn RecoverPassword() -> impl IntoView {
    let ui = Ui::get();
    let texts = &ui.texts.pages.recovery;
    let anew = paths::anew(paths::RECOVER_PASSWORD);
    let step = match (granted::<ProveRecovery>(&ui), Progress::of(&ui)) {
        (Some(granted), _) => view! { <ChooseNew granted start_over=(anew, texts.start_over) /> }.into_any(),
        (None, Some(progress)) => view! { <EnterCode progress /> }.into_any(),
        (None, None) => view! { <EnterDocument /> }.into_any(),
    };
    view! {
        <PageTitle text=texts.title />
        <Split>
            {step}
            <hr />
            <p>
                <a href=paths::LOGIN>{texts.to_sign_in}</a>
            </p>
        </Split>
    }
    .into_any()
}

/// Returns the configured channels for a recovery; `None` if there is no choice.
fn ways(ui: &Ui) -> Option<Vec<Channel>> {
    let ways = ui.set_up(CHANNELS);
    (ways.len() > 1).then_some(ways)
}

#[component]
fn EnterDocument() -> impl IntoView {
    let ui = Ui::get();
    let all = ui.texts;
    let texts = &all.pages.recovery;
    let channels = move || {
        ways(&ui).map(|ways| {
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
        <PostForm form=AskRecovery::ROUTE class="form">
            // No numeric keypad: a CNPJ may contain letters.
            <Field field=Named::Document label=all.field_name(Named::Document) hint=texts.document_hint look=Look::of(Named::Cnpj) />
            {channels()}
            <SubmitButton text=texts.submit />
        </PostForm>
        <p>
            <a href=paths::FORGOT_PASSWORD>{texts.by_email}</a>
        </p>
    }
}

/// By which channel the code went to each contact.
fn ways_of(all: &'static Texts, sent: &RecoverySent) -> String {
    let texts = &all.pages.recovery;
    let ways: Vec<_> = sent.ways().map(|(channel, destination)| texts.code_way(all.channel(channel), destination)).collect();
    ways.join(texts.and)
}

#[component]
fn EnterCode(progress: Progress) -> impl IntoView {
    let all = Ui::get().texts;
    let texts = &all.pages.recovery;
    let Progress { document, channel, sent, ended } = progress;
    let lead = match &sent {
        Some(sent) if sent.destinations.is_empty() => all.api.recovery_sent.to_owned(),
        Some(sent) => texts.code_sent(ways_of(all, sent)),
        None => texts.code_entry.to_owned(),
    };
    let (expires_in, resend_in) = (sent.as_ref().map(|sent| sent.expires_in), sent.as_ref().map(|sent| sent.resend_in));
    let again = vec![("document", document.clone())];
    let (chosen, ways) = (Channel::parse(&channel).ok(), ways(&Ui::get()).unwrap_or_default());
    view! {
        {heading(texts.code_heading, ended)}
        {sent_to(&lead, ended)}
        <PostForm form=ProveRecovery::ROUTE proof=CodeFor::Recovery class="form">
            <HiddenField name="document" value=document />
            // It comes back with a refused code, for the next request of a code.
            <HiddenField name="channel" value=channel />
            <CodeField label=texts.code_label expires_in ended />
            <CodeSubmit text=texts.code_submit ended />
        </PostForm>
        <AskAgain form=AskRecovery::ROUTE fields=again resend_in text=texts.start_over chosen ways confirmed=paths::LOGIN ended>
            <a href=paths::anew(paths::RECOVER_PASSWORD)>{texts.other_document}</a>
        </AskAgain>
    }
}

/// Sets the new password by a grant, also after a "não fui eu". `start_over` is the link to get another grant.
#[component]
pub fn ChooseNew(granted: Granted, start_over: (String, &'static str)) -> impl IntoView {
    let Granted { token, of } = granted;
    let texts = &Ui::get().texts.pages.recovery;
    view! {
        <Heading text=texts.new_heading.to_owned() />
        <p class="lead">{texts.new_lead}</p>
        <PostForm form=ResetByGrant::ROUTE proof=CodeFor::Recovery class="form">
            <HiddenField name="grant" value=token />
            <Username value=of />
            <PasswordField field=Named::NewPassword label=texts.new_label policy=PasswordPolicy::Recovery />
            <PasswordField field=Named::PasswordConfirmation label=texts.confirmation_label />
            <SubmitButton text=texts.new_submit />
        </PostForm>
        // A grant expires, so there must be a way to get another.
        <p>
            <a href=start_over.0>{start_over.1}</a>
        </p>
    }
}
