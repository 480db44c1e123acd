//! Instead of a form that was sent: what becomes of it, and where to go on.

use crate::components::{Heading, PageTitle};
use crate::paths;
use crate::ui::Ui;
use leptos::prelude::*;

/// An e-mail is on its way, if there is anybody to send it to. `again`: the page of the form, for another address.
#[component]
pub fn MailSent(
    lead: &'static str,
    /// How long the link is good for, in words.
    lasts: String,
    again: &'static str,
) -> impl IntoView {
    let ui = Ui::get();
    let texts = &ui.texts.pages.check_email;
    view! {
        <PageTitle text=texts.sent_heading />
        <Heading text=texts.sent_heading.to_owned() />
        <p class="lead">{lead}</p>
        <p>{texts.spam} " " {texts.lasts(lasts)}</p>
        <Ways again=again.to_owned() words=ui.texts.access.other_email />
    }
}

/// The contest of a document has begun.
#[component]
pub fn ContestSent() -> impl IntoView {
    let ui = Ui::get();
    let texts = &ui.texts.contest;
    view! {
        <PageTitle text=texts.begun_heading />
        <Heading text=texts.begun_heading.to_owned() />
        <p class="lead">{texts.begun_lead}</p>
        <Ways again=paths::anew(paths::CONTEST) words=texts.start_over />
    }
}

#[component]
fn Ways(again: String, words: &'static str) -> impl IntoView {
    view! {
        <ul class="links">
            <li>
                <a href=again>{words}</a>
            </li>
            <li>
                <a href=paths::LOGIN>{Ui::get().texts.pages.recovery.to_sign_in}</a>
            </li>
        </ul>
    }
}
