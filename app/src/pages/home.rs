//! The home page: what this is, and the three ways on.

use crate::components::{Heading, Loaded, Notice, PageTitle};
use crate::ui::Ui;
use leptos::prelude::*;
use portaria::journey::{Kind, Step};

/// The home page.
#[component]
pub fn Home() -> impl IntoView {
    let ui = Ui::get();
    let texts = &ui.texts.pages.home;
    let teacher = ["/register/", Kind::Professor.journey().slug].concat();
    let trust: Vec<_> = texts
        .trust
        .iter()
        .map(|(title, text)| {
            view! {
                <li>
                    <h3>{*title}</h3>
                    <p>{*text}</p>
                </li>
            }
        })
        .collect();
    // Only where there is something to go on with.
    let pending = Memo::new(move |_| {
        ui.signup.with(|signup| signup.as_ref().filter(|signup| signup.step != Step::Done).map(|signup| signup.kind.journey().slug))
    });
    view! {
        <PageTitle text=texts.title />
        <div class="page home">
            <Notice />
            <section class="hero">
                <Heading text=texts.heading.to_owned() />
                <p class="lead">{texts.lead}</p>
                <div class="actions">
                    <Loaded>
                        {move || {
                            pending
                                .get()
                                .map(|slug| {
                                    view! {
                                        <a class="button" href=["/register/", slug].concat()>
                                            {texts.go_on}
                                        </a>
                                    }
                                })
                        }}
                    </Loaded>
                    <a class="button" href="/register">
                        {texts.create}
                    </a>
                    <a class="button button-secondary" href=teacher>
                        {texts.teacher}
                    </a>
                    <a class="button button-secondary" href="/login">
                        {texts.sign_in}
                    </a>
                </div>
            </section>
            <section class="trust" aria-labelledby="trust">
                <h2 id="trust">{texts.trust_title}</h2>
                <ul>{trust}</ul>
            </section>
        </div>
    }
    .into_any()
}
