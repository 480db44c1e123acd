use crate::components::{Heading, PageTitle};
use crate::paths;
use crate::ui::Ui;
use leptos::prelude::*;

#[component]
pub fn NotFound() -> impl IntoView {
    let ui = Ui::get();
    ui.set_missing();
    let texts = &ui.texts.pages.not_found;
    view! {
        <PageTitle text=texts.title />
        <div class="page">
            <Heading text=texts.heading.to_owned() />
            <p class="lead">{texts.lead}</p>
            <p><a class="button" href=paths::HOME>{texts.home}</a></p>
        </div>
    }
    .into_any()
}
