use crate::components::{Heading, PageTitle};
use crate::ui::Ui;
use leptos::prelude::*;
use portaria::signup::TERMS_VERSION;

#[component]
pub fn Terms() -> impl IntoView {
    let ui = Ui::get();
    let texts = &ui.texts.pages.terms;
    let sections: Vec<_> = texts.sections.iter().map(|(title, text)| view! { <h2>{*title}</h2> <p>{*text}</p> }).collect();
    view! {
        <PageTitle text=texts.title />
        <div class="page prose">
            <Heading text=texts.title.to_owned() />
            <p class="hint">{texts.version(TERMS_VERSION)}</p>
            <h2>{texts.service_title(ui.brand)}</h2>
            <p>{texts.service(ui.brand)}</p>
            {sections}
        </div>
    }
    .into_any()
}
