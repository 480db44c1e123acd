//! `/accessibility`: what people can expect of the pages, and whom they tell of a barrier.

use super::privacy::reach;
use crate::components::{Heading, PageTitle};
use crate::ui::Ui;
use leptos::prelude::*;

#[component]
pub fn Accessibility() -> impl IntoView {
    let ui = Ui::get();
    let texts = &ui.texts.pages.accessibility;
    let sections = texts.sections.iter().map(|(title, words)| {
        view! {
            <h2>{*title}</h2>
            <p>{*words}</p>
        }
    });
    view! {
        <PageTitle text=texts.title />
        <div class="page prose">
            <Heading text=texts.heading.to_owned() />
            <p class="lead">{texts.lead(ui.texts.of_brand(&ui.brand().name))}</p>
            {sections.collect_view()}
            <h2>{texts.contact}</h2>
            <p>{texts.contact_lead}</p>
            {reach(&ui, ui.brand().help.as_ref(), "help")}
        </div>
    }
    .into_any()
}
