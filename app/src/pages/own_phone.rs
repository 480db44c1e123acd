//! Sets the phone of the signed-in account, by a code: on `/complete-profile` and on `/profile/phone`.

use super::code_entry::{AskAgain, CodeField, Ended, SentTo};
use crate::components::{Field, HiddenField, PostForm, RadioGroup, StepUpFields, SubmitButton};
use crate::forms::Reply;
use crate::server_fns::{AskPhone, ProveOwnPhone};
use crate::ui::Ui;
use leptos::prelude::*;
use portaria::error::{Field as Named, Refusal};
use portaria::journey::Kind;
use portaria::message::Channel;
use portaria::purpose::CodeFor as Purpose;
use portaria::view::CodeSent;

/// The progress on this page. The phone stands in the form, never in a URL.
#[derive(Clone, Copy)]
struct Progress {
    phone: RwSignal<Option<String>>,
    sent: RwSignal<Option<CodeSent>>,
    /// Seconds until the code may be sent again.
    wait: RwSignal<Option<u32>>,
    channel: RwSignal<String>,
    ended: RwSignal<Option<Ended>>,
    /// The signal of the page ([`Ui::refused`]). Cleared when the step changes.
    refused: RwSignal<bool>,
}

impl Progress {
    fn from_posted(ui: Ui) -> Self {
        let asked = ui.posted("ask_phone").map(|posted| posted.reply).unwrap_or_default();
        let entered = ui.posted("prove_own_phone");
        let kept = |name: &str| entered.as_ref().and_then(|entered| entered.value(name));
        Self {
            wait: RwSignal::new(wait(&asked)),
            channel: RwSignal::new(kept("channel").unwrap_or(asked.channel)),
            ended: RwSignal::new(entered.as_ref().and_then(|entered| entered.reply.refusal.as_ref().and_then(Ended::by))),
            phone: RwSignal::new(asked.info.or_else(|| kept("phone"))),
            sent: RwSignal::new(asked.sent),
            refused: ui.refused,
        }
    }

    fn asked(self, reply: Reply) {
        if reply.info.is_none() {
            return;
        }
        self.wait.set(wait(&reply));
        self.channel.set(reply.channel);
        if reply.sent.is_some() {
            self.sent.set(reply.sent);
            self.ended.set(None);
        }
        if self.phone.with_untracked(|phone| *phone != reply.info) {
            self.phone.set(reply.info);
            self.refused.set(false);
        }
    }

    fn entered(self, reply: &Reply) {
        if let Some(ended) = reply.refusal.as_ref().and_then(Ended::by) {
            self.ended.set(Some(ended));
        }
    }

    fn begin_anew(self) {
        self.sent.set(None);
        self.ended.set(None);
        self.phone.set(None);
        self.refused.set(false);
    }
}

fn wait(reply: &Reply) -> Option<u32> {
    let refused = reply.refusal.as_ref().and_then(Refusal::retry_after);
    reply.sent.as_ref().map(|sent| sent.resend_in).or(refused)
}

/// Asks for the phone, then for its code. `next` is the path afterwards; `here` is the page itself, to enter another number.
#[component]
pub fn OwnPhone(lead: &'static str, next: &'static str, here: &'static str) -> impl IntoView {
    let ui = Ui::get();
    let all = ui.texts;
    let texts = &all.pages.complete;
    let progress = Progress::from_posted(ui);
    let on_reply = Callback::new(move |reply: Reply| progress.asked(reply));
    let channels = move || {
        let offered = ui.set_up(Kind::Cliente.journey().channels);
        let options = offered.iter().map(|channel| (channel.as_str(), all.channel(*channel))).collect();
        let chosen = offered.first().copied().unwrap_or(Channel::Sms).as_str();
        view! { <RadioGroup field=Named::Channel legend=all.field_name(Named::Channel) options chosen /> }
    };
    move || match progress.phone.get() {
        None => {
            // A new action each time: the answer to the previous number would lead on at once.
            let ask = ServerAction::<AskPhone>::new();
            view! {
                <p class="lead">{lead}</p>
                <PostForm name="ask_phone" action=ask on_reply class="form">
                    <Field field=Named::Phone label=all.field_name(Named::Phone) hint=all.pages.hints.phone />
                    {channels()}
                    <StepUpFields />
                    <SubmitButton text=texts.phone_submit />
                </PostForm>
            }
            .into_any()
        }
        Some(number) => view! { <EnterOwnCode number progress on_reply next here /> }.into_any(),
    }
}

#[component]
fn EnterOwnCode(number: String, progress: Progress, on_reply: Callback<Reply>, next: &'static str, here: &'static str) -> impl IntoView {
    let all = Ui::get().texts;
    let texts = &all.pages.complete;
    let Progress { sent, wait, channel, ended, .. } = progress;
    let typed = number.clone();
    let enter = ServerAction::<ProveOwnPhone>::new();
    let again = ServerAction::<AskPhone>::new();
    let lead = Signal::derive(move || {
        sent.with(|sent| match sent {
            Some(sent) => texts.code_sent(&sent.destination),
            None => texts.code_entry.to_owned(),
        })
    });
    let expires_in = Signal::derive(move || sent.with(|sent| sent.as_ref().map(|sent| sent.expires_in)));
    let on_entry = Callback::new(move |reply: Reply| progress.entered(&reply));
    view! {
        <SentTo text=lead focus=true />
        <PostForm name="prove_own_phone" action=enter proof=Purpose::PhoneChange on_reply=on_entry class="form">
            <HiddenField name="phone" value=typed />
            // Without WASM it comes back with a refused code, for the next request of a code.
            <HiddenField name="channel" value=channel />
            <HiddenField name="next" value=next.to_owned() />
            <CodeField label=all.field_name(Named::Code) expires_in ended />
            <StepUpFields />
            <SubmitButton text=all.pages.code.submit />
        </PostForm>
        <AskAgain name="ask_phone" action=again of=("phone", number) channel resend_in=wait text=all.pages.login.resend on_reply>
            <a href=here on:click=move |_| progress.begin_anew()>
                {texts.other_phone}
            </a>
        </AskAgain>
    }
}
