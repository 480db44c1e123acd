//! The choice of the kind of account.

use crate::components::{AnotherAccount, Discard, Heading, KindCard, PageTitle};
use crate::paths;
use crate::ui::Ui;
use leptos::prelude::*;
use portaria::journey::Step;
use portaria::view::SignupView;
use text::moment::Moment;

#[component]
pub fn Register() -> impl IntoView {
    let ui = Ui::get();
    let texts = &ui.texts.pages.register;
    let cards: Vec<_> = ui
        .offered()
        .into_iter()
        .map(|kind| {
            // A sign-up of this kind that waits is continued by the list, and one that is done is over: the card begins another.
            let known = ui.signups().iter().any(|signup| signup.kind == kind);
            let page = if known { paths::wizard_of(kind, paths::NEW_SIGNUP) } else { paths::wizard(kind) };
            view! { <KindCard kind href=page /> }
        })
        .collect();
    view! {
        <PageTitle text=texts.title />
        <div class="page">
            <Heading text=texts.heading.to_owned() />
            <p class="lead">{if cards.is_empty() { texts.none_open } else { texts.lead }}</p>
            <AnotherAccount />
            <Pending />
            <ul class="cards">{cards}</ul>
            {ui
                .me()
                .is_none()
                .then(|| view! { <p>{texts.have_account} " " <a href=paths::LOGIN>{ui.texts.pages.frame.sign_in}</a></p> })}
        </div>
    }
    .into_any()
}

/// The sign-ups of this browser that are not done.
#[component]
fn Pending() -> impl IntoView {
    let ui = Ui::get();
    let texts = &ui.texts.pages.register;
    let waiting: Vec<_> = ui.signups().iter().filter(|signup| signup.step != Step::Done).collect();
    let title = if waiting.len() > 1 { texts.pending_title_several } else { texts.pending_title };
    let items: Vec<_> = waiting.into_iter().map(|signup| view! { <li><One signup=signup.clone() /></li> }).collect();
    (!items.is_empty()).then(|| {
        view! {
            <section class="panel">
                <h2>{title}</h2>
                <ul class="entries">{items}</ul>
            </section>
        }
    })
}

/// One sign-up, with the links to continue and to abandon it.
#[component]
fn One(signup: SignupView) -> impl IntoView {
    let ui = Ui::get();
    let texts = &ui.texts.pages.register;
    // The contact is masked.
    let SignupView { id, kind, destination, begun_at, .. } = signup;
    let about = ["pending-", &id].concat();
    view! {
        <div id=about.clone()>
            <p>{texts.pending(ui.kind(kind).name)}</p>
            <p class="hint">{destination}</p>
            <p class="hint">{Moment::of_unix(begun_at).map(|at| texts.begun(at.date(), at.time()))}</p>
        </div>
        <div class="actions">
            // The links are the same in each entry, so each refers to the description of its sign-up.
            <a class="button" href=paths::wizard_of(kind, &id) aria-describedby=about>
                {texts.go_on}
            </a>
            <Discard signup=id />
        </div>
    }
    .into_any()
}
