//! The contact is proved, but the kind needs more data (004, step 3): leads on to `/complete-profile`.

use super::done::EnterHere;
use crate::components::{Finished, PageTitle};
use crate::paths;
use crate::ui::Ui;
use leptos::prelude::*;

/// Shown to a person who comes back to the wizard after the proof, or who gave the proof on another device.
#[component]
pub fn GoOn() -> impl IntoView {
    let ui = Ui::get();
    let texts = &ui.texts.pages.done;
    let onward = if ui.me().is_some() {
        view! {
            <p class="lead">{texts.complete_lead}</p>
            <p>
                <a class="button" href=paths::COMPLETE_PROFILE>
                    {ui.texts.pages.dashboard.complete}
                </a>
            </p>
        }
        .into_any()
    } else {
        view! { <EnterHere /> }.into_any()
    };
    view! {
        <PageTitle text=texts.title />
        <Finished heading=texts.email_confirmed>{onward}</Finished>
    }
}
