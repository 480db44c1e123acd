//! The choice of the kind of account.

use super::wizard::current::address_of;
use crate::components::{Heading, HiddenField, PageTitle, PostForm, SubmitButton};
use crate::server_fns::Abandon;
use crate::ui::Ui;
use leptos::prelude::*;
use portaria::journey::{Kind, Step};
use portaria::view::SignupView;
use text::moment::Moment;

#[component]
pub fn Register() -> impl IntoView {
    let ui = Ui::get();
    let texts = &ui.texts.pages.register;
    // If a sign-up of this kind waits, the list continues it, so the card begins another.
    let page_of = move |kind: Kind| {
        let waits = ui.signups.with(|signups| signups.iter().any(|signup| signup.kind == kind && signup.step != Step::Done));
        if waits { address_of(kind.journey().slug, "new", "") } else { ["/register/", kind.journey().slug].concat() }
    };
    let cards: Vec<_> = Kind::OPEN
        .into_iter()
        .map(|kind| {
            let about = ui.texts.kind(kind);
            view! {
                <li class="card">
                    <h2>
                        <a href=move || page_of(kind)>{about.name}</a>
                    </h2>
                    <p>{about.card}</p>
                </li>
            }
        })
        .collect();
    view! {
        <PageTitle text=texts.title />
        <div class="page">
            <Heading text=texts.heading.to_owned() />
            <p class="lead">{texts.lead}</p>
            <Pending />
            <ul class="cards">{cards}</ul>
            <p>{texts.have_account} " " <a href="/login">{ui.texts.pages.frame.sign_in}</a></p>
        </div>
    }
    .into_any()
}

/// The sign-ups of this browser that are not done.
#[component]
fn Pending() -> impl IntoView {
    let ui = Ui::get();
    let texts = &ui.texts.pages.register;
    // Only what the list shows of a sign-up, so that other changes do not render it again.
    let waiting = Memo::new(move |_| {
        let listed = |signup: &SignupView| Listed {
            id: signup.id.clone(),
            kind: signup.kind,
            contact: signup.destination.clone(),
            begun_at: signup.begun_at,
        };
        ui.signups.with(|signups| signups.iter().filter(|signup| signup.step != Step::Done).map(listed).collect::<Vec<_>>())
    });
    let count = Memo::new(move |_| waiting.with(Vec::len));
    let title = move || if count.get() > 1 { texts.pending_title_several } else { texts.pending_title };
    (move || {
        (count.get() > 0).then(|| {
            view! {
                <section class="panel">
                    <h2>{title}</h2>
                    <ul class="pending">
                        <For each=move || waiting.get() key=|listed| listed.id.clone() let:listed>
                            <li><One listed /></li>
                        </For>
                    </ul>
                </section>
            }
            .into_any()
        })
    })
    .into_any()
}

#[derive(Clone, PartialEq, Eq)]
struct Listed {
    id: String,
    kind: Kind,
    /// Masked.
    contact: String,
    begun_at: i64,
}

/// One sign-up, with the links to continue and to abandon it.
#[component]
fn One(listed: Listed) -> impl IntoView {
    let ui = Ui::get();
    let texts = &ui.texts.pages.register;
    let abandon = ServerAction::<Abandon>::new();
    let Listed { id, kind, contact, begun_at } = listed;
    let about = ["pending-", &id].concat();
    view! {
        <div id=about.clone()>
            <p>{texts.pending(ui.texts.kind(kind).name)}</p>
            <p class="hint">{contact}</p>
            <p class="hint">{Moment::of_unix(begun_at).map(|at| texts.begun(at.date(), at.time()))}</p>
        </div>
        <div class="actions">
            // The links are the same in each entry, so each refers to the description of its sign-up.
            <a class="button" href=address_of(kind.journey().slug, &id, "") aria-describedby=about>
                {texts.go_on}
            </a>
            <PostForm name="abandon" action=abandon class="inline">
                <HiddenField name="signup" value=id />
                <SubmitButton text=texts.start_over class="quiet" />
            </PostForm>
        </div>
    }
    .into_any()
}
