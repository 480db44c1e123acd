//! Contests of a document (SPEC §16): `/contest` for an owner who finds it taken, `/document-mine` for the account that has it. All steps
//! of a contest have one path; their data is in hidden fields.

use super::code_entry::{AskAgain, CodeField, Ended, SentTo};
use crate::components::{Alert, Field, Heading, HiddenField, Look, Notice, PageTitle, PostForm, SubmitButton, Tone, answered};
use crate::first::Answer;
use crate::forms::{Reply, Secret};
use crate::server_fns::{AskContest, KeepDocument, ProveContest, look_at_document_mine};
use crate::ui::Ui;
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use portaria::error::{Field as Named, Refusal};
use portaria::purpose::CodeFor as Purpose;
use portaria::view::CodeSent;

/// The contested document and the contact of the person who contests it, as they were typed.
#[derive(Clone, PartialEq, Eq)]
struct Asked {
    document: String,
    contact: String,
}

#[derive(Clone, Copy)]
struct Progress {
    asked: RwSignal<Option<Asked>>,
    sent: RwSignal<Option<CodeSent>>,
    ended: RwSignal<Option<Ended>>,
    /// The signal of the page ([`Ui::refused`]). Cleared when the person begins again.
    refused: RwSignal<bool>,
}

impl Progress {
    /// Restores the progress from a form that was posted without WASM.
    fn from_posted(ui: Ui) -> Self {
        let reply = ui.posted("ask_contest").map(|posted| posted.reply).unwrap_or_default();
        let proved = ui.posted("prove_contest");
        let kept = |name: &str| proved.as_ref().and_then(|posted| posted.value(name));
        let asked = reply.info.or_else(|| kept("document")).zip(reply.contact.or_else(|| kept("identifier")));
        Self {
            asked: RwSignal::new(asked.map(|(document, contact)| Asked { document, contact })),
            sent: RwSignal::new(reply.sent),
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
        self.sent.set(reply.sent);
        self.ended.set(None);
        // Set even if nothing changed, so that the form is rendered again without the error of the last code.
        self.asked.set(reply.info.zip(reply.contact).map(|(document, contact)| Asked { document, contact }));
    }

    fn begin_anew(self) {
        self.sent.set(None);
        self.asked.set(None);
        self.ended.set(None);
        self.refused.set(false);
    }
}

#[component]
pub fn Contest() -> impl IntoView {
    let ui = Ui::get();
    let texts = &ui.texts.contest;
    let progress = Progress::from_posted(ui);
    let on_reply = Callback::new(move |reply: Reply| progress.take(reply));
    // The result is shown at this same path.
    let query = use_query_map();
    Effect::new(move |_| {
        if query.with(|query| query.get_str("notice").is_some()) {
            progress.begin_anew();
        }
    });
    view! {
        <PageTitle text=texts.title />
        <div class="page narrow">
            {move || match progress.asked.get() {
                Some(asked) => view! { <EnterCode asked progress on_reply /> }.into_any(),
                None => view! { <EnterDocument on_reply /> }.into_any(),
            }}
            <hr />
            <p>
                <a href="/login">{ui.texts.pages.recovery.to_sign_in}</a>
            </p>
        </div>
    }
    .into_any()
}

#[component]
fn EnterDocument(on_reply: Callback<Reply>) -> impl IntoView {
    let all = Ui::get().texts;
    let texts = &all.contest;
    let action = ServerAction::<AskContest>::new();
    view! {
        <Heading text=texts.title.to_owned() />
        <Notice />
        <p class="lead">{texts.lead}</p>
        <PostForm name="ask_contest" action on_reply class="form">
            // No numeric keypad: a CNPJ may contain letters.
            <Field field=Named::Document label=all.field_name(Named::Document) hint=texts.document_hint look=Look::of(Named::Cnpj) />
            <Field field=Named::Identifier label=texts.contact_label hint=texts.contact_hint />
            <SubmitButton text=texts.submit />
        </PostForm>
    }
}

#[component]
fn EnterCode(asked: Asked, progress: Progress, on_reply: Callback<Reply>) -> impl IntoView {
    let all = Ui::get().texts;
    let texts = &all.contest;
    let Progress { sent, ended, .. } = progress;
    let Asked { document, contact } = asked;
    let (document_again, contact_again) = (document.clone(), contact.clone());
    let enter = ServerAction::<ProveContest>::new();
    let again = ServerAction::<AskContest>::new();
    let lead = Signal::derive(move || {
        sent.with(|sent| match sent {
            Some(sent) => texts.code_sent(sent.destination.replace(") ", ")\u{a0}")),
            None => texts.sent.to_owned(),
        })
    });
    let expires_in = Signal::derive(move || sent.with(|sent| sent.as_ref().map(|sent| sent.expires_in)));
    let resend_in = Signal::derive(move || sent.with(|sent| sent.as_ref().map(|sent| sent.resend_in)));
    view! {
        <Heading text=texts.code_heading.to_owned() />
        <SentTo text=lead />
        <PostForm name="prove_contest" action=enter proof=Purpose::Contest on_reply class="form">
            <HiddenField name="document" value=document />
            <HiddenField name="identifier" value=contact />
            <CodeField label=texts.code_label expires_in ended />
            <SubmitButton text=texts.code_submit />
        </PostForm>
        <AskAgain
            name="ask_contest"
            action=again
            of=("document", document_again)
            also=("identifier", contact_again)
            resend_in
            text=texts.again
            on_reply
        >
            <a href="/contest" on:click=move |_| progress.begin_anew()>
                {texts.start_over}
            </a>
        </AskAgain>
    }
}

/// `/document-mine?token=`. Opening it changes nothing; only the button does.
#[component]
pub fn DocumentMine() -> impl IntoView {
    let ui = Ui::get();
    let texts = &ui.texts.contest;
    // Read once: the token does not change while the page is open.
    let token = StoredValue::new(use_query_map().with_untracked(|query| query.get("token").unwrap_or_default()));
    let first = ui.answer().and_then(|answer| if let Answer::DocumentMine(refusal) = answer { Some(refusal) } else { None });
    view! {
        <PageTitle text=texts.mine_title />
        <div class="page narrow">
            {answered(
                first,
                move || async move { look_at_document_mine(Secret(token.get_value())).await.ok().flatten() },
                move |refusal| match refusal {
                    Some(refusal) => view! { <NoLink refusal /> }.into_any(),
                    None => view! { <Keep token=token.get_value() /> }.into_any(),
                },
            )}
        </div>
    }
    .into_any()
}

#[component]
fn Keep(token: String) -> impl IntoView {
    let texts = &Ui::get().texts.contest;
    let action = ServerAction::<KeepDocument>::new();
    view! {
        <Heading text=texts.mine_title.to_owned() />
        <p class="lead">{texts.mine_lead}</p>
        <PostForm name="keep_document" action class="form">
            <HiddenField name="token" value=token />
            <SubmitButton text=texts.mine_submit />
        </PostForm>
    }
}

#[component]
fn NoLink(refusal: Refusal) -> impl IntoView {
    let texts = Ui::get().texts;
    let links = &texts.pages.links;
    let heading = match refusal {
        Refusal::LinkLapsed => links.lapsed_heading,
        Refusal::LinkUnknown => links.unknown_heading,
        // Any other refusal says nothing about the link.
        _ => texts.contest.mine_title,
    };
    view! {
        <Heading text=heading.to_owned() />
        <Alert tone=Tone::Warning>{texts.refusal(&refusal)}</Alert>
        <p>
            <a class="button" href="/login">
                {texts.pages.recovery.to_sign_in}
            </a>
        </p>
    }
}
