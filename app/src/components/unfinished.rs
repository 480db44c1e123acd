//! Whoever comes back by another door hears of the sign-up that this browser has not finished.

use super::alert::{Alert, Tone};
use crate::paths;
use crate::ui::Ui;
use leptos::prelude::*;
use portaria::journey::Step;

/// Returns where a sign-up of this browser goes on, if one is not done; of several, where they are listed.
pub fn unfinished_page(ui: &Ui) -> Option<String> {
    let mut unfinished = ui.signups().iter().filter(|signup| signup.step != Step::Done);
    match (unfinished.next(), unfinished.next()) {
        (Some(one), None) => Some(paths::wizard_of(one.kind, &one.id)),
        (one, _) => one.map(|_| paths::REGISTER.to_owned()),
    }
}

/// The way on, where somebody signs in who has not finished signing up.
#[component]
pub fn Unfinished() -> impl IntoView {
    let ui = Ui::get();
    let pages = &ui.texts.pages;
    let page = unfinished_page(&ui).filter(|_| ui.me().is_none());
    page.map(|page| {
        view! {
            <Alert tone=Tone::Info>
                {pages.register.pending_title} ". " <a href=page>{pages.home.go_on}</a>
            </Alert>
        }
    })
}

/// Whoever is signed in hears that a sign-up makes another account.
#[component]
pub fn AnotherAccount() -> impl IntoView {
    let ui = Ui::get();
    let pages = &ui.texts.pages;
    let another = ui.me().map(|account| pages.register.another(account.greeted_as()));
    another.map(|another| {
        view! {
            <Alert tone=Tone::Info>
                {another} " " <a href=paths::DASHBOARD>{pages.done.to_dashboard}</a>
            </Alert>
        }
    })
}
