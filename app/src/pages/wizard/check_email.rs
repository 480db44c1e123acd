//! "Check your e-mail": a link is on its way.

use super::current::{Current, address_of};
use super::waiting::{DeliveryTrouble, GiveUp, OtherDevice, SendAgain, keep_asking};
use crate::components::{Heading, PageTitle};
use crate::ui::Ui;
use leptos::prelude::*;
use portaria::journey::Journey;

#[component]
pub fn CheckEmail(journey: &'static Journey) -> impl IntoView {
    let ui = Ui::get();
    let texts = &ui.texts.pages.check_email;
    let current = Current::get();
    keep_asking(current);
    let destination = current.watch(|signup| signup.destination.clone());
    let lead = move || destination.get().map(|destination| texts.lead(destination));
    view! {
        <PageTitle text=texts.title />
        <Heading text=texts.heading.to_owned() />
        <p class="lead">
            {lead} " " <a href=move || address_of(journey.slug, &current.id.get(), "&step=details")>{texts.correct}</a>
        </p>
        <p>{texts.next}</p>
        <DeliveryTrouble failed=Signal::derive(move || texts.failed.to_owned()) lapsed=texts.lapsed dead=texts.lapsed />
        {move || ui.hydrated.get().then(|| view! { <p class="hint">{texts.waits_here}</p> })}
        <p class="hint">{texts.spam}</p>
        <SendAgain journey />
        <OtherDevice />
        <GiveUp text=ui.texts.pages.code.start_over />
    }
}
