//! A phone of the signed-in account, by its proof: on `/complete-profile` and on `/profile/phone`.

use crate::components::{Countdown, Field, HiddenField, PostForm, RadioGroup, SubmitButton, TimeLeft};
use crate::forms::Reply;
use crate::server_fns::{AskPhone, ProveOwnPhone};
use crate::ui::Ui;
use leptos::prelude::*;
use portaria::error::Field as Named;
use portaria::journey::Kind;
use portaria::message::{Channel, Purpose};
use portaria::text::fill;
use portaria::view::CodeSent;

/// How far it is. The phone travels in the form, never in a URL.
#[derive(Clone, Copy)]
struct Progress {
    phone: RwSignal<Option<String>>,
    sent: RwSignal<Option<CodeSent>>,
    /// Seconds until the code may be sent again.
    wait: RwSignal<Option<u32>>,
    /// That of the page: what was refused is behind whoever is at another step.
    refused: RwSignal<bool>,
}

impl Progress {
    fn from_posted(ui: Ui) -> Self {
        let asked = ui.posted("ask_phone").map(|posted| posted.reply).unwrap_or_default();
        let entered = ui.posted("prove_own_phone").and_then(|posted| posted.values.into_iter().find(|(name, _)| name == "phone"));
        Self {
            wait: RwSignal::new(wait(&asked)),
            phone: RwSignal::new(asked.info.or(entered.map(|(_, phone)| phone))),
            sent: RwSignal::new(asked.sent),
            refused: ui.refused,
        }
    }

    fn take(self, reply: Reply) {
        if reply.info.is_none() {
            return;
        }
        self.wait.set(wait(&reply));
        if reply.sent.is_some() {
            self.sent.set(reply.sent);
        }
        if self.phone.with_untracked(|phone| *phone != reply.info) {
            self.phone.set(reply.info);
            self.refused.set(false);
        }
    }

    fn begin_anew(self) {
        self.sent.set(None);
        self.phone.set(None);
        self.refused.set(false);
    }
}

fn wait(reply: &Reply) -> Option<u32> {
    let refused = reply.refusal.as_ref().and_then(portaria::error::Refusal::retry_after);
    reply.sent.as_ref().map(|sent| sent.resend_in).or(refused)
}

/// Asks for the phone, then for its code. `next`: where it leads; `here`: the page, for another number.
#[component]
pub fn OwnPhone(lead: &'static str, next: &'static str, here: &'static str) -> impl IntoView {
    let ui = Ui::get();
    let all = ui.texts;
    let texts = &all.pages.complete;
    let progress = Progress::from_posted(ui);
    let on_reply = Callback::new(move |reply: Reply| progress.take(reply));
    let channels = move || {
        let offered = ui.set_up(Kind::Cliente.journey().channels);
        let options = offered.iter().map(|channel| (channel.as_str(), all.channel(*channel))).collect();
        let chosen = offered.first().copied().unwrap_or(Channel::Sms).as_str();
        view! { <RadioGroup field=Named::Channel legend=all.field_name(Named::Channel) options chosen /> }
    };
    move || match progress.phone.get() {
        None => {
            // Anew each time: the answer to the number before would lead on at once.
            let ask = ServerAction::<AskPhone>::new();
            view! {
                <p class="lead">{lead}</p>
                <PostForm name="ask_phone" action=ask on_reply class="form">
                    <Field field=Named::Phone label=all.field_name(Named::Phone) hint=all.pages.hints.phone />
                    {channels()}
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
    let Progress { sent, wait, .. } = progress;
    let number = StoredValue::new(number);
    let enter = ServerAction::<ProveOwnPhone>::new();
    let again = ServerAction::<AskPhone>::new();
    let held = ArcRwSignal::new(false);
    let lead = move || {
        sent.with(|sent| match sent {
            Some(sent) => fill(texts.code_sent, &[("destination", &sent.destination)]),
            None => texts.code_entry.to_owned(),
        })
    };
    let known = move || sent.with(Option::is_some);
    view! {
        <div role="status">
            <p class="lead">{lead}</p>
        </div>
        <PostForm name="prove_own_phone" action=enter proof=Purpose::PhoneChange class="form">
            <HiddenField name="phone" value=number.get_value() />
            <HiddenField name="next" value=next.to_owned() />
            <Field field=Named::Code label=all.field_name(Named::Code) hint=all.pages.hints.code />
            {move || {
                known().then(|| {
                    view! { <TimeLeft seconds=Signal::derive(move || sent.with(|sent| sent.as_ref().map(|sent| sent.expires_in))) /> }
                })
            }}
            <SubmitButton text=all.pages.code.submit />
        </PostForm>
        <section class="panel">
            <h2>{all.pages.code.resend_title}</h2>
            <PostForm name="ask_phone" action=again hold=held.clone() on_reply>
                <HiddenField name="phone" value=number.get_value() />
                <Countdown seconds=wait held=held.clone() />
                <SubmitButton text=all.pages.login.resend class="button button-secondary" hold=held />
            </PostForm>
            <p>
                <a href=here on:click=move |_| progress.begin_anew()>
                    {texts.other_phone}
                </a>
            </p>
        </section>
    }
}
