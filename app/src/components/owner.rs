//! Pages that only the owner of an account may see.

use super::alert::NoAnswer;
use super::title::Heading;
use crate::paths;
use crate::ui::Ui;
use leptos::prelude::*;
use portaria::view::AccountView;

/// Renders a page from the account that is signed in. `heading` must be given if `draw` renders the heading of the page. Whoever is not
/// signed in has been sent to the sign-in before (`server/src/http/pages/render.rs`); what stands here for nobody is what remains where the
/// answer to a form is drawn after the session has ended.
#[component]
pub fn Owner(draw: fn(&Ui, &AccountView) -> AnyView, #[prop(optional)] heading: &'static str) -> impl IntoView {
    let ui = Ui::get();
    match ui.me() {
        Some(account) => draw(&ui, account),
        // Show neither an account nor the sign-in: a form must not be based on either.
        None if ui.is_untold() => view! {
            <OwnHeading heading />
            <NoAnswer />
        }
        .into_any(),
        None => view! { <Nobody heading /> }.into_any(),
    }
}

/// The page's heading, if it is not rendered by `draw`.
#[component]
fn OwnHeading(heading: &'static str) -> impl IntoView {
    (!heading.is_empty()).then(|| view! { <Heading text=heading.to_owned() /> })
}

#[component]
fn Nobody(heading: &'static str) -> impl IntoView {
    let pages = &Ui::get().texts.pages;
    view! {
        <OwnHeading heading />
        <p class="lead">{pages.dashboard.signed_out}</p>
        <p>
            <a class="button" href=paths::LOGIN>
                {pages.frame.sign_in}
            </a>
        </p>
    }
}
