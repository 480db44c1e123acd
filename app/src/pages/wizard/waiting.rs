//! Shared by the two waiting steps: asking how it stands, sending again, hand-off to another device, abandoning.

use super::current::{Current, Which};
use crate::components::{Countdown, DeliveryAlert, DeliveryLine, Discard, FormState, PostForm, Qr, SubmitButton};
use crate::forms::Form;
use crate::paths;
use crate::server_fns::{HandOff, Resend};
use crate::ui::Ui;
use leptos::prelude::*;
use live::parts::{CopyText, Waiting, copy_text};
use portaria::journey::Journey;
use portaria::message::Channel;
use portaria::standing;

/// Asks how the sign-up stands, so that a proof on another device moves this page on. Only what is marked as `data-part` is drawn again,
/// so typing is not disturbed.
#[component]
pub fn Waits(hint: &'static str) -> impl IntoView {
    let current = Current::get();
    let state = current.signup.as_ref().map_or_else(|| standing::of_signup(None), |signup| signup.state).to_string();
    live::draw(&Waiting { signup: current.id(), state, hint: hint.to_owned() }, ())
}

/// Sends the code or link again. One button per configured channel.
#[component]
pub fn SendAgain(journey: &'static Journey) -> impl IntoView {
    let ui = Ui::get();
    let texts = &ui.texts.pages;
    let current = Current::get();
    // While entries rest, another code does not help.
    let rests = current.signup.as_ref().and_then(|signup| signup.blocked_for);
    let resend_in = current.signup.as_ref().map(|signup| signup.resend_in).max(rests);
    let set_up = current.signup.as_ref().map(|signup| signup.channels.clone()).unwrap_or_default();
    let ways: Vec<_> = set_up.into_iter().filter(|channel| journey.channels.contains(channel)).collect();
    let named = ways.len() > 1 || journey.proof_purpose.digits().is_some();
    let last = current.signup.as_ref().map(|signup| signup.channel);
    let words = |channel: Channel| match ui.texts.channel(channel) {
        _ if !named => texts.check_email.resend.to_owned(),
        // It was never sent so.
        name if last != Some(channel) => texts.code.receive_by(name),
        name => texts.code.resend_by(name),
    };
    let buttons: Vec<_> = ways
        .into_iter()
        .map(|channel| {
            view! {
                <button type="submit" class="button button-secondary" name="channel" value=channel.as_str()>
                    {words(channel)}
                </button>
            }
        })
        .collect();
    let (title, help) = match rests {
        Some(_) => (texts.code.rest_title, None),
        None if journey.contact_is_email() => (texts.code.resend_title, Some(texts.check_email.spam)),
        None => (texts.code.resend_title, Some(texts.code.help)),
    };
    view! {
        <section class="panel" data-part="again">
            <h2>{title}</h2>
            {help.map(|help| view! { <p>{help}</p> })}
            {current.signup.as_ref().is_some_and(|signup| signup.sms_rests).then(|| view! { <p class="hint">{texts.code.sms_rests}</p> })}
            <PostForm form=Resend::ROUTE>
                <Which />
                <Countdown seconds=resend_in />
                <div class="actions">{buttons}</div>
            </PostForm>
        </section>
    }
}

/// Creates a link that hands the sign-up to another device. Who has confirmed there goes on here: without WASM by a link, with it the page
/// does so by itself. Folded until it is wanted: the page is about the code.
#[component]
pub fn OtherDevice(journey: &'static Journey) -> impl IntoView {
    let ui = Ui::get();
    let texts = &ui.texts.pages.code;
    let href = paths::wizard_of(journey.kind, &Current::get().id());
    let is_open = ui.posted::<HandOff>().is_some();
    view! {
        <details class="more" open=is_open>
            <summary>{texts.hand_off_title}</summary>
            <div class="panel">
                <p>{texts.hand_off}</p>
                <PostForm form=HandOff::ROUTE>
                    <Which />
                    <SubmitButton text=texts.hand_off_submit class="button button-secondary" />
                    <HandOffLink />
                </PostForm>
                <p>
                    <a href=href>{texts.confirmed}</a>
                </p>
            </div>
        </details>
    }
}

#[component]
pub fn HandOffLink() -> impl IntoView {
    let texts = &Ui::get().texts.pages.code;
    let state: FormState = expect_context();
    let link = state.reply().and_then(|reply| reply.hand_off.clone());
    view! {
        <div role="status">
            {link
                .map(|link| {
                    view! {
                        <p class="hint" tabindex="-1" autofocus>
                            {texts.hand_off_link}
                        </p>
                        <p>
                            <code class="copy" translate="no">
                                {link.clone()}
                            </code>
                        </p>
                        {copying(&link)}
                        <Qr text=link label=texts.hand_off_qr />
                        <p class="hint">{texts.hand_off_qr_hint}</p>
                    }
                })}
        </div>
    }
}

/// The button that copies a link.
fn copying(link: &str) -> AnyView {
    let texts = &Ui::get().texts.pages.code;
    copy_text::draw(&CopyText { text: link.to_owned(), copied: texts.link_copied.to_owned() }, texts.copy_link)
}

#[component]
pub fn GiveUp() -> impl IntoView {
    view! { <Discard signup=Current::get().id() /> }
}

/// Says how far the message has come. Without WASM a link looks again; with it the page does so by itself.
#[component]
pub fn DeliveryState(journey: &'static Journey) -> impl IntoView {
    let texts = &Ui::get().texts.pages.code;
    let current = Current::get();
    let href = paths::wizard_of(journey.kind, &current.id());
    current.signup.map(|signup| {
        view! {
            <DeliveryLine delivery=signup.delivery channel=signup.channel>
                <a href=href>
                    {texts.see_again}
                </a>
            </DeliveryLine>
        }
    })
}

/// Says what is wrong with the delivery of the message, if anything.
#[component]
pub fn DeliveryTrouble(failed: String, lapsed: &'static str, dead: &'static str) -> impl IntoView {
    Current::get().signup.map(|signup| view! { <DeliveryAlert delivery=signup.delivery failed lapsed dead /> })
}
