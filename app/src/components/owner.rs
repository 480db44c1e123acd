//! Pages of an account, for its owner alone.

use super::alert::NoAnswer;
use super::answered::answered;
use super::title::Heading;
use crate::forms::AppError;
use crate::server_fns::known;
use crate::ui::Ui;
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;
use portaria::view::AccountView;

/// Draws what the owner of the session sees, from the account as it is now: a page that is navigated to asks the server
/// first. The server sends whoever is not signed in to `/login` before anything is rendered; here the page does it itself.
/// Drawn once, so that nothing typed is lost. `heading`: that of the page, where `draw` gives it one.
#[component]
pub fn Owner(draw: fn(Ui, &AccountView) -> AnyView, #[prop(optional)] heading: &'static str) -> impl IntoView {
    let ui = Ui::get();
    let alive = ui.hydrated.get_untracked();
    answered(
        (!alive).then(|| if ui.untold.get_untracked() { Err(AppError::Failed) } else { Ok(None) }),
        || async { known().await.map(Some) },
        move |fresh| match fresh {
            // Neither what was known before nor that nobody is signed in: a form must not be built on it.
            Err(fault) => view! {
                <OwnHeading heading />
                <NoAnswer fault />
            }
            .into_any(),
            Ok(fresh) => {
                if let Some(known) = fresh {
                    ui.take(known);
                }
                match ui.me.get_untracked() {
                    Some(account) => draw(ui, &account),
                    None => view! { <Nobody leave=alive heading /> }.into_any(),
                }
            }
        },
    )
}

/// The page's heading, where what is not drawn would have brought one.
#[component]
fn OwnHeading(heading: &'static str) -> impl IntoView {
    (!heading.is_empty()).then(|| view! { <Heading text=heading.to_owned() /> })
}

#[component]
fn Nobody(leave: bool, heading: &'static str) -> impl IntoView {
    let pages = &Ui::get().texts.pages;
    if leave {
        let navigate = use_navigate();
        Effect::new(move |_| navigate("/login?notice=ended", NavigateOptions { replace: true, ..NavigateOptions::default() }));
    }
    view! {
        <OwnHeading heading />
        <p class="lead">{pages.dashboard.signed_out}</p>
        <p>
            <a class="button" href="/login">
                {pages.frame.sign_in}
            </a>
        </p>
    }
}
