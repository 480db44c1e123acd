//! The contact is proved, but the kind needs more data (004, step 3): leads on to `/complete-profile`.

use super::current::Which;
use super::waiting::GiveUp;
use crate::components::{Heading, PageTitle, PostForm, SubmitButton};
use crate::server_fns::Enter;
use crate::ui::Ui;
use leptos::prelude::*;

/// Shown to a person who comes back to the wizard after the proof, or who gave the proof on another device.
#[component]
pub fn GoOn() -> impl IntoView {
    let ui = Ui::get();
    let texts = &ui.texts.pages.done;
    let action = ServerAction::<Enter>::new();
    let signed_in = Memo::new(move |_| ui.me.with(Option::is_some));
    view! {
        <PageTitle text=texts.title />
        <div class="done">
            <Heading text=texts.email_confirmed.to_owned() />
            {move || {
                if signed_in.get() {
                    view! {
                        <p class="lead">{texts.complete_lead}</p>
                        <p>
                            <a class="button" href="/complete-profile">
                                {ui.texts.pages.dashboard.complete}
                            </a>
                        </p>
                    }
                        .into_any()
                } else {
                    view! {
                        <p class="lead">{texts.enter_lead}</p>
                        <PostForm name="enter" action>
                            <Which />
                            <SubmitButton text=texts.enter />
                        </PostForm>
                    }
                        .into_any()
                }
            }}
        </div>
        <GiveUp text=texts.another />
    }
}
