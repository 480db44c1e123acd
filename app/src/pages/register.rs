//! Which account.

use crate::components::{Heading, PageTitle, PostForm, SubmitButton};
use crate::server_fns::Abandon;
use crate::ui::Ui;
use leptos::prelude::*;
use portaria::journey::{Kind, Step};
use portaria::text::fill;

/// Chooses the kind of account.
#[component]
pub fn Register() -> impl IntoView {
    let ui = Ui::get();
    let texts = &ui.texts.pages.register;
    let cards: Vec<_> = Kind::OPEN
        .into_iter()
        .map(|kind| {
            let about = ui.texts.kind(kind);
            view! {
                <li class="card">
                    <h2>
                        <a href=["/register/", kind.journey().slug].concat()>{about.name}</a>
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

/// A sign-up that waits in this browser.
#[component]
fn Pending() -> impl IntoView {
    let ui = Ui::get();
    let texts = &ui.texts.pages.register;
    let abandon = ServerAction::<Abandon>::new();
    let waiting = Memo::new(move |_| ui.signup.with(|signup| signup.as_ref().filter(|signup| signup.step != Step::Done).map(|s| s.kind)));
    move || {
        waiting.get().map(|kind| {
            view! {
                <section class="panel">
                    <h2>{texts.pending_title}</h2>
                    <p>{fill(texts.pending, &[("kind", ui.texts.kind(kind).name)])}</p>
                    <div class="actions">
                        <a class="button" href=["/register/", kind.journey().slug].concat()>
                            {texts.go_on}
                        </a>
                        <PostForm name="abandon" action=abandon class="inline">
                            <SubmitButton text=texts.start_over class="quiet" />
                        </PostForm>
                    </div>
                </section>
            }
        })
    }
}
