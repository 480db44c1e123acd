//! Meus dados (SPEC §13): what is kept of the person and why, what happened, and a copy of it all.

use super::Back;
use super::sessions::Sessions;
use crate::components::{Alert, AnotherCode, Heading, NoAnswer, Owner, PageTitle, PostForm, StepUpFields, SubmitButton, Tone};
use crate::first::Answer;
use crate::forms::Form;
use crate::paths;
use crate::server_fns::{AskDeletion, Block, ConfirmOwner};
use crate::ui::Ui;
use leptos::prelude::*;
use portaria::audit::Event;
use portaria::openid::Agreed;
use portaria::own_data::{Consent, OwnOverview, OwnRecord, Recorded};
use portaria::retention::Kept;
use portaria::session::device_name;
use portaria::view::AccountView;
use text::Texts;
use text::moment::Moment;

#[component]
pub fn ProfileData() -> impl IntoView {
    let texts = &Ui::get().texts.own_data;
    view! {
        <PageTitle text=texts.title />
        <div class="page narrow">
            <Back />
            <Heading text=texts.title.to_owned() />
            <Owner draw=data />
        </div>
    }
    .into_any()
}

fn data(ui: &Ui, account: &AccountView) -> AnyView {
    let all = ui.texts;
    let Some(Answer::OwnData(Some((overview, _)))) = ui.answer() else { return view! { <NoAnswer /> }.into_any() };
    let OwnOverview { fresh, consents, products, events, next } = overview.clone();
    view! {
        <p class="lead">{all.own_data.lead}</p>
        <Copy fresh />
        {kept(all)}
        {agreed(all, &consents)}
        {allowed(all, account, &products)}
        <Sessions />
        <BlockNow />
        <Delete />
        {happened(all, &events, next.map(|place| format!("{}?after={}#events", paths::PROFILE_DATA, place.written())))}
    }
    .into_any()
}

/// The button that brings the file. A browser asks for it by itself, not by the navigator, which takes over pages alone. Without a fresh
/// session the person first shows who they are, here.
#[component]
fn Copy(fresh: bool) -> impl IntoView {
    let ui = Ui::get();
    let texts = &ui.texts.own_data;
    let confirmed = fresh && ui.posted::<ConfirmOwner>().is_some();
    let button = if fresh {
        view! {
            <form method="get" action=paths::PROFILE_DATA_FILE class="form">
                <SubmitButton text=texts.download />
            </form>
        }
        .into_any()
    } else {
        view! {
            <PostForm form=ConfirmOwner::ROUTE class="form">
                <StepUpFields />
                <SubmitButton text=texts.download />
                <AnotherCode />
            </PostForm>
        }
        .into_any()
    };
    view! {
        <section class="panel" aria-labelledby="copy">
            // The form that was sent is gone, so the heading takes the focus.
            <h2 id="copy" tabindex="-1" autofocus=confirmed>
                {texts.download_heading}
            </h2>
            {confirmed.then(|| view! { <Alert tone=Tone::Success>{texts.confirmed}</Alert> })}
            <p>{texts.download_lead}</p>
            {button}
        </section>
    }
    .into_any()
}

fn kept(all: &'static Texts) -> impl IntoView {
    let texts = &all.own_data;
    let row = |what: &'static str, why: &'static str, time: String| {
        view! {
            <li>
                <p>
                    <strong>{what}</strong>
                </p>
                <p>{why}</p>
                <p class="hint">{time}</p>
            </li>
        }
    };
    let while_it_exists = [(texts.profile, texts.profile_why), (texts.consents, texts.consents_why)];
    let own = while_it_exists.map(|(what, why)| row(what, why, texts.kept_while.to_owned())).collect_view();
    let swept = Kept::ALL.iter().filter_map(|rule| {
        let (what, why) = all.kept(*rule)?;
        Some(row(what, why, texts.kept_for(all.duration.span(rule.facts().kept))))
    });
    view! {
        <section class="panel" aria-labelledby="kept">
            <h2 id="kept">{texts.kept_heading}</h2>
            <ul class="entries">{own} {swept.collect_view()}</ul>
        </section>
    }
}

fn agreed(all: &'static Texts, consents: &[Consent]) -> impl IntoView {
    let texts = &all.own_data;
    let items = consents.iter().map(|consent| {
        view! {
            <li>
                <p>{texts.terms(&consent.version)}</p>
                <p class="hint">{texts.accepted(all.moment.tell(consent.at), &consent.address)}</p>
            </li>
        }
    });
    let list = if consents.is_empty() {
        view! { <p class="hint">{texts.no_consents}</p> }.into_any()
    } else {
        view! { <ul class="entries">{items.collect_view()}</ul> }.into_any()
    };
    view! {
        <section class="panel" aria-labelledby="consents">
            <h2 id="consents">{texts.consents}</h2>
            {list}
            <p>
                <a href=paths::TERMS>{all.pages.frame.terms}</a>
            </p>
        </section>
    }
}

/// Nothing, if no product was allowed anything.
fn allowed(all: &'static Texts, account: &AccountView, products: &[Agreed]) -> impl IntoView {
    let texts = &all.openid;
    let items = products.iter().map(|product| {
        let shares = product.scopes.shares(account.kind, |field| account.has(field));
        view! {
            <li>
                <p>{product.product.name.clone()}</p>
                <p class="hint">{all.shares(account.kind, &shares)}</p>
                <p class="hint">{Moment::of_unix(product.given_at).map(|at| texts.products_since(at.date(), at.time()))}</p>
            </li>
        }
    });
    let items = items.collect_view();
    (!products.is_empty()).then(|| {
        view! {
            <section class="panel" aria-labelledby="products">
                <h2 id="products">{texts.products_title}</h2>
                <ul class="entries">{items}</ul>
                <p>
                    <a href=paths::PROFILE_PRODUCTS>{texts.products_open}</a>
                </p>
            </section>
        }
    })
}

/// `older`: the address of the next page.
fn happened(all: &'static Texts, events: &[OwnRecord], older: Option<String>) -> impl IntoView {
    let texts = &all.own_data;
    let items = events.iter().filter_map(|record| {
        let Recorded::Event { event, outcome, address, user_agent } = &record.what else { return None };
        let refused = outcome != "ok" && Event::parse(event) != Some(Event::ProofSent);
        Some(view! {
            <li>
                <p>
                    {all.event(Event::parse(event))} {refused.then(|| view! { " " <span class="tag">{texts.refused}</span> })}
                </p>
                <p class="hint">{all.moment.tell(record.place.at)}</p>
                <p class="hint">{texts.where_from(device_name(user_agent), address)}</p>
            </li>
        })
    });
    let list = if events.is_empty() {
        view! { <p class="hint">{texts.no_events}</p> }.into_any()
    } else {
        view! { <ul class="entries">{items.collect_view()}</ul> }.into_any()
    };
    view! {
        <section class="panel" aria-labelledby="events">
            <h2 id="events">{texts.events_heading}</h2>
            <p>{texts.events_lead}</p>
            {list}
            {older.map(|href| view! { <p><a href=href>{texts.older}</a></p> })}
        </section>
    }
}

/// What happens when, and the button.
#[component]
fn Delete() -> impl IntoView {
    let texts = &Ui::get().texts.deletion;
    view! {
        <section class="panel" aria-labelledby="delete">
            <h2 id="delete">{texts.heading}</h2>
            <p>{texts.lead}</p>
            <p>{texts.then}</p>
            <PostForm form=AskDeletion::ROUTE class="form">
                <StepUpFields />
                <SubmitButton text=texts.submit class="button button-danger" />
                <AnotherCode />
            </PostForm>
        </section>
    }
}

/// For whoever sees a stranger in the account.
#[component]
fn BlockNow() -> impl IntoView {
    let texts = &Ui::get().texts.deletion;
    view! {
        <section class="panel" aria-labelledby="block">
            <h2 id="block">{texts.block_heading}</h2>
            <p>{texts.block_lead}</p>
            <PostForm form=Block::ROUTE class="form">
                <SubmitButton text=texts.block_submit class="button button-danger" />
            </PostForm>
        </section>
    }
}
