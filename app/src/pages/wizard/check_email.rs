//! "Check your e-mail": a link is on its way.

use super::current::Current;
use super::waiting::{DeliveryTrouble, GiveUp, OtherDevice, SendAgain, Waits};
use crate::components::{Heading, PageTitle};
use crate::paths;
use crate::ui::Ui;
use leptos::prelude::*;
use portaria::journey::Journey;

#[component]
pub fn CheckEmail(journey: &'static Journey) -> impl IntoView {
    let ui = Ui::get();
    let texts = &ui.texts.pages.check_email;
    let current = Current::get();
    let lead = current.signup.as_ref().map(|signup| texts.lead(&signup.destination));
    view! {
        <PageTitle text=texts.title />
        <Heading text=texts.heading.to_owned() />
        <div data-part="news">
            <p class="lead">
                {lead} " " <a href=paths::correction_of(journey.kind, &current.id())>{texts.correct}</a>
            </p>
            <p>{texts.next}</p>
            <DeliveryTrouble failed=texts.failed.to_owned() lapsed=texts.lapsed dead=texts.lapsed />
            <Waits hint=texts.waits_here />
        </div>
        <p class="hint">{texts.spam}</p>
        <SendAgain journey />
        <OtherDevice />
        <GiveUp text=ui.texts.pages.code.start_over />
    }
}
