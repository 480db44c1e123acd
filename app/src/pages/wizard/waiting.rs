//! Shared by the two waiting steps: polling, sending again, hand-off to another device, abandoning.

use super::current::{Current, Which};
use crate::components::{Alert, Countdown, FormState, PostForm, SubmitButton, Tone};
use crate::server_fns::{Abandon, HandOff, Resend, signup_state};
use crate::ui::Ui;
use leptos::leptos_dom::helpers::set_interval_with_handle;
use leptos::prelude::*;
use leptos::task::spawn_local;
use portaria::journey::{Journey, Step};
use portaria::view::Delivery;
use std::cell::Cell;
use std::rc::Rc;
use std::time::Duration;

const EVERY: Duration = Duration::from_secs(3);

/// Polls the sign-up, so that a proof on another device moves this page on. Only what changed is rendered again, so typing is not
/// disturbed.
pub fn keep_asking(current: Current) {
    let ui = Ui::get();
    Effect::new(move |_| {
        let here = Rc::new(Cell::new(true));
        let asking = Rc::new(Cell::new(false));
        let ask = {
            let here = here.clone();
            move || {
                // A hidden tab does not poll. It goes on when it is visible again.
                if asking.get() || document().hidden() {
                    return;
                }
                asking.set(true);
                let (here, asking) = (here.clone(), asking.clone());
                let id = current.id.get_untracked();
                spawn_local(async move {
                    let answer = signup_state(id.clone()).await;
                    asking.set(false);
                    // An answer that arrives after the page is gone is outdated and dropped.
                    let Ok(view) = answer else { return };
                    if !here.get() {
                        return;
                    }
                    let done = view.as_ref().is_some_and(|view| matches!(view.step, Step::Done | Step::Complete));
                    ui.take_signup(&id, view);
                    if done {
                        ui.refresh().await;
                    }
                });
            }
        };
        let handle = set_interval_with_handle(ask, EVERY).ok();
        let here = send_wrapper(here);
        on_cleanup(move || {
            here.take().set(false);
            if let Some(handle) = handle {
                handle.clear();
            }
        });
    });
}

/// `on_cleanup` requires `Send`. This is sound because the browser has only one thread.
fn send_wrapper<T>(value: T) -> leptos::__reexports::send_wrapper::SendWrapper<T> {
    leptos::__reexports::send_wrapper::SendWrapper::new(value)
}

/// Sends the code or link again. One button per configured channel.
#[component]
pub fn SendAgain(journey: &'static Journey) -> impl IntoView {
    let ui = Ui::get();
    let texts = &ui.texts.pages;
    let action = ServerAction::<Resend>::new();
    // Reference-counted, not owned by the page: the buttons may read it while the page is disposed of.
    let held = ArcRwSignal::new(false);
    let current = Current::get();
    let channels = current.watch(|signup| signup.channels.clone());
    let resend_in = Signal::derive(move || current.signup.with(|signup| signup.as_ref().map(|signup| signup.resend_in)));
    let for_buttons = held.clone();
    let buttons = move || {
        let held = for_buttons.clone();
        let set_up = channels.get().unwrap_or_default();
        let ways: Vec<_> = journey.channels.iter().copied().filter(|channel| set_up.contains(channel)).collect();
        let several = ways.len() > 1;
        ways.into_iter()
            .map(|channel| {
                let text = if several { by(ui, channel) } else { texts.check_email.resend.to_owned() };
                let text = if several || journey.proof_purpose.digits().is_none() { text } else { by(ui, channel) };
                view! { <ChannelButton text value=channel.as_str() held=held.clone() /> }
            })
            .collect::<Vec<_>>()
    };
    view! {
        <section class="panel">
            <h2>{texts.code.resend_title}</h2>
            <PostForm name="resend" action hold=held.clone()>
                <Which />
                <Countdown seconds=resend_in held />
                <div class="actions">{buttons}</div>
            </PostForm>
        </section>
    }
}

fn by(ui: Ui, channel: portaria::message::Channel) -> String {
    ui.texts.pages.code.resend_by(ui.texts.channel(channel))
}

#[component]
fn ChannelButton(text: String, value: &'static str, held: ArcRwSignal<bool>) -> impl IntoView {
    let state: FormState = expect_context();
    view! {
        <button
            type="submit"
            class="button button-secondary"
            name="channel"
            value=value
            aria-disabled=move || (held.get() || state.is_busy()).then_some("true")
        >
            {text}
        </button>
    }
}

/// Creates a link that hands the sign-up to another device.
#[component]
pub fn OtherDevice() -> impl IntoView {
    let texts = &Ui::get().texts.pages.code;
    let action = ServerAction::<HandOff>::new();
    view! {
        <section class="panel">
            <h2>{texts.hand_off_title}</h2>
            <p>{texts.hand_off}</p>
            <PostForm name="hand_off" action>
                <Which />
                <SubmitButton text=texts.hand_off_submit class="button button-secondary" />
                <HandOffLink />
            </PostForm>
        </section>
    }
}

#[component]
fn HandOffLink() -> impl IntoView {
    let texts = &Ui::get().texts.pages.code;
    let state: FormState = expect_context();
    view! {
        <div role="status">
            {move || {
                state
                    .reply
                    .with(|reply| reply.info.clone())
                    .map(|link| {
                        view! {
                            <p class="hint">{texts.hand_off_link}</p>
                            <p>
                                <code class="copy" translate="no">
                                    {link}
                                </code>
                            </p>
                        }
                    })
            }}
        </div>
    }
}

#[component]
pub fn GiveUp(text: &'static str) -> impl IntoView {
    let action = ServerAction::<Abandon>::new();
    view! {
        <PostForm name="abandon" action class="inline">
            <Which />
            <SubmitButton text class="quiet" />
        </PostForm>
    }
}

/// Says what is wrong with the delivery of the message, if anything.
#[component]
pub fn DeliveryTrouble(failed: Signal<String>, lapsed: &'static str, dead: &'static str) -> impl IntoView {
    let delivery = Current::get().watch(|signup| signup.delivery);
    move || match delivery.get()? {
        Delivery::Failed => Some(view! { <Alert tone=Tone::Warning>{failed}</Alert> }.into_any()),
        Delivery::Lapsed => Some(view! { <Alert tone=Tone::Warning>{lapsed}</Alert> }.into_any()),
        Delivery::Dead => Some(view! { <Alert tone=Tone::Warning>{dead}</Alert> }.into_any()),
        Delivery::OnItsWay | Delivery::Sent => None,
    }
}
