//! What is said, set off and listed.

use super::samples::{accesses, account, answered, form, sessions, wrong};
use crate::components::{
    Alert, Countdown, DeliveryAlert, DeliveryLine, Discard, Finished, KindCard, NoAnswer, PostForm, Proved, Ready, Split, Stepper,
    SubmitButton, TimeLeft, Tone, told,
};
use crate::first::Answer;
use crate::forms::{Form, Reply};
use crate::pages::dashboard::security::security;
use crate::pages::profile::sessions::List;
use crate::pages::wizard::waiting::HandOffLink;
use crate::paths;
use crate::server_fns::HandOff;
use crate::ui::Ui;
use leptos::context::Provider;
use leptos::prelude::*;
use portaria::error::Refusal;
use portaria::journey::{Kind, Step};
use portaria::message::Channel;
use portaria::view::Delivery;
use text::PageNotice;

const WITHOUT_A_FIELD: &str = "without_a_field";
const LOCKED: &str = "locked";

pub fn messages(ui: &Ui) -> AnyView {
    let texts = &ui.texts.pages.components;
    let code = &ui.texts.pages.code;
    let refused = |name: &'static str, refusal: Refusal| {
        let reply = Reply { refusal: Some(refusal), ..wrong(&[]) };
        answered(ui, name, &[], reply, move || view! { <PostForm form=form(name)>""</PostForm> }.into_any())
    };
    let deliveries = [Delivery::OnItsWay, Delivery::Sent, Delivery::Delivered, Delivery::Late, Delivery::Failed];
    let lines = deliveries.map(|delivery| view! { <DeliveryLine delivery channel=Channel::Sms>""</DeliveryLine> });
    view! {
        {refused(WITHOUT_A_FIELD, Refusal::Stale)}
        {refused(LOCKED, Refusal::Locked { retry_after: 900 })}
        <Alert tone=Tone::Success>{texts.sentence}</Alert>
        <Alert tone=Tone::Info>{texts.sentence}</Alert>
        <Alert tone=Tone::Warning>{texts.sentence}</Alert>
        {told(ui, PageNotice::Blocked)}
        <NoAnswer />
        <DeliveryAlert delivery=Delivery::Lapsed failed=String::new() lapsed=code.lapsed dead=code.dead />
        {lines.collect_view()}
        <Countdown seconds=Some(29) />
        <TimeLeft seconds=272 />
    }
    .into_any()
}

pub fn cards(ui: &Ui) -> AnyView {
    let all = ui.texts;
    let texts = &all.pages.components;
    let kinds = Kind::OFFERED.map(|kind| view! { <KindCard kind href=paths::wizard(kind) /> });
    view! {
        <ul class="cards">{kinds.collect_view()}</ul>
        <section class="panel">
            <h3>{texts.cards}</h3>
            <p>{texts.sentence} " " <Proved proved=true /></p>
            <p class="hint">{texts.sentence}</p>
        </section>
        <Finished heading=all.kind(Kind::Cliente).created>
            <Ready />
            <p>
                <a class="button" href=paths::DASHBOARD>
                    {all.pages.done.to_dashboard}
                </a>
            </p>
        </Finished>
    }
    .into_any()
}

pub fn steps(ui: &Ui) -> AnyView {
    let journey = Kind::Cliente.journey();
    let sentence = ui.texts.pages.components.sentence;
    view! {
        <Stepper journey step=Step::Code />
        <Split journey=(journey, Step::Code)>
            <p>{sentence}</p>
        </Split>
        <a class="back" href=paths::PROFILE>
            {ui.texts.pages.profile.back}
        </a>
    }
    .into_any()
}

pub fn lists(ui: &Ui) -> AnyView {
    let texts = &ui.texts.pages.components;
    let looked_at = ui.told_of(Answer::Accesses(Some(accesses())));
    let account = account(ui);
    let points = {
        let (ui, account) = (looked_at.clone(), account);
        view! { <Provider value=looked_at>{security(&ui, &account)}</Provider> }
    };
    view! {
        {points}
        <section class="panel">
            <h3>{ui.texts.pages.profile.sessions}</h3>
            <List listed=sessions() said=Some(ui.texts.api.session_ended) />
        </section>
        <ul class="bulleted">
            <li>{texts.sentence}</li>
            <li>{texts.sentence}</li>
        </ul>
    }
    .into_any()
}

pub fn folded(ui: &Ui) -> AnyView {
    let texts = &ui.texts.pages.components;
    view! {
        <details class="more">
            <summary>{ui.texts.pages.wizard.more}</summary>
            <p>{texts.sentence}</p>
        </details>
        <Discard signup=String::new() />
    }
    .into_any()
}

pub fn transfer(ui: &Ui) -> AnyView {
    let link = "https://portaria.example/continue?token=exemplo".to_owned();
    answered(ui, HandOff::ROUTE.name, &[], Reply { hand_off: Some(link), ..Reply::default() }, || {
        view! {
            <PostForm form=HandOff::ROUTE>
                <SubmitButton text=Ui::get().texts.pages.code.hand_off_submit class="button button-secondary" />
                <HandOffLink />
            </PostForm>
        }
        .into_any()
    })
}
