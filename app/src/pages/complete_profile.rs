//! What an account still lacks (SPEC §11): a client made by e-mail its phone, a company its CNPJ, a rider the third step.

mod rider;

use crate::components::{
    Alert, Countdown, Field, Heading, HiddenField, PageTitle, PostForm, RadioGroup, SubmitButton, TimeLeft, Tone, suggested,
};
use crate::forms::{Reply, can_complete};
use crate::server_fns::{AskPhone, CompleteCnpj, ProveOwnPhone};
use crate::ui::Ui;
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;
use portaria::error::Field as Named;
use portaria::journey::Kind;
use portaria::message::{Channel, Purpose};
use portaria::text::fill;
use portaria::view::CodeSent;
use rider::{RiderProfile, RiderStepper};

/// `/complete-profile`. The server sends whoever is not signed in to `/login`; a page that was navigated to does it itself.
#[component]
pub fn CompleteProfile() -> impl IntoView {
    let ui = Ui::get();
    let texts = &ui.texts.pages.complete;
    // Of a form that comes back: its state had cities to suggest.
    let posted = ui.posted("complete_rider").and_then(|posted| posted.values.into_iter().find(|(name, _)| name == "state"));
    let state = posted.map(|(_, state)| state).unwrap_or_default();
    let cities = Resource::new(|| (), move |()| suggested(state.clone()));
    view! {
        <PageTitle text=texts.title />
        <div class="page narrow">
            <Suspense>
                {Suspend::new(async move {
                    ui.load().await;
                    let cities = cities.await;
                    view! { <Missing cities /> }
                })}
            </Suspense>
        </div>
    }
    .into_any()
}

#[component]
fn Missing(cities: Vec<String>) -> impl IntoView {
    let ui = Ui::get();
    let pages = &ui.texts.pages;
    let texts = &pages.complete;
    // As it was when the page came: whoever completes it here leaves the page.
    let Some(account) = ui.me.get_untracked() else {
        if ui.hydrated.get_untracked() {
            let navigate = use_navigate();
            Effect::new(move |_| navigate("/login?notice=ended", NavigateOptions { replace: true, ..NavigateOptions::default() }));
        }
        return view! {
            <Heading text=texts.title.to_owned() />
            <p class="lead">{pages.dashboard.signed_out}</p>
            <p><a class="button" href="/login">{pages.frame.sign_in}</a></p>
        }
        .into_any();
    };
    if !can_complete(&account) {
        return view! {
            <Heading text=texts.title.to_owned() />
            <Alert tone=Tone::Info>
                {texts.done} " " <a href="/dashboard">{pages.done.to_dashboard}</a>
            </Alert>
        }
        .into_any();
    }
    let is_rider = account.kind == Kind::Caronista;
    let form = match account.kind {
        Kind::Caronista => view! { <RiderProfile account cities /> }.into_any(),
        Kind::Empresa => view! { <CompanyDocument /> }.into_any(),
        _ => view! { <OwnPhone /> }.into_any(),
    };
    view! {
        {is_rider.then(|| view! { <RiderStepper /> })}
        <Heading text=texts.title.to_owned() />
        {form}
        <hr />
        <p>
            <a href="/dashboard">{texts.later}</a>
        </p>
    }
    .into_any()
}

#[component]
fn CompanyDocument() -> impl IntoView {
    let all = Ui::get().texts;
    let texts = &all.pages.complete;
    let action = ServerAction::<CompleteCnpj>::new();
    view! {
        <p class="lead">{texts.cnpj_lead}</p>
        <PostForm name="complete_cnpj" action class="form">
            <Field field=Named::Cnpj label=all.field_name(Named::Cnpj) hint=all.pages.hints.cnpj />
            <SubmitButton text=texts.cnpj_submit />
        </PostForm>
    }
}

#[component]
fn OwnPhone() -> impl IntoView {
    let ui = Ui::get();
    let all = ui.texts;
    let texts = &all.pages.complete;
    // The phone travels in the form, never in a URL.
    let asked = ui.posted("ask_phone").map(|posted| posted.reply).unwrap_or_default();
    let entered = ui.posted("prove_own_phone").and_then(|posted| posted.values.into_iter().find(|(name, _)| name == "phone"));
    let sent = RwSignal::new(asked.sent);
    let phone = RwSignal::new(asked.info.or(entered.map(|(_, phone)| phone)));
    let on_reply = Callback::new(move |reply: Reply| {
        if reply.info.is_none() {
            return;
        }
        if reply.sent.is_some() {
            sent.set(reply.sent);
        }
        if phone.with_untracked(|phone| *phone != reply.info) {
            phone.set(reply.info);
        }
    });
    let ask = ServerAction::<AskPhone>::new();
    let channels = move || {
        let offered = Kind::Cliente.journey().channels;
        let options = offered.iter().map(|channel| (channel.as_str(), all.channel(*channel))).collect();
        let chosen = offered.first().copied().unwrap_or(Channel::Sms).as_str();
        view! { <RadioGroup field=Named::Channel legend=all.field_name(Named::Channel) options chosen /> }
    };
    move || match phone.get() {
        None => view! {
            <p class="lead">{texts.phone_lead}</p>
            <PostForm name="ask_phone" action=ask on_reply class="form">
                <Field field=Named::Phone label=all.field_name(Named::Phone) hint=all.pages.hints.phone />
                {channels()}
                <SubmitButton text=texts.phone_submit />
            </PostForm>
        }
        .into_any(),
        Some(number) => view! { <EnterOwnCode number sent phone on_reply /> }.into_any(),
    }
}

#[component]
fn EnterOwnCode(
    number: String,
    sent: RwSignal<Option<CodeSent>>,
    phone: RwSignal<Option<String>>,
    on_reply: Callback<Reply>,
) -> impl IntoView {
    let all = Ui::get().texts;
    let texts = &all.pages.complete;
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
                <Countdown seconds=Signal::derive(move || sent.with(|sent| sent.as_ref().map(|sent| sent.resend_in))) held=held.clone() />
                <SubmitButton text=all.pages.login.resend class="button button-secondary" hold=held />
            </PostForm>
            <p>
                <a
                    href="/complete-profile"
                    on:click=move |_| {
                        sent.set(None);
                        phone.set(None);
                    }
                >
                    {texts.other_phone}
                </a>
            </p>
        </section>
    }
}
