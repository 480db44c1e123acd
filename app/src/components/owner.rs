//! Pages that only the owner of an account may see.

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

/// Renders a page from the current account: after a navigation the account is fetched first. If nobody is signed in, the page goes to
/// `/login`; for the first page the server has already redirected. `draw` runs once, so that nothing typed is lost. `heading` must be
/// given if `draw` renders the heading of the page.
#[component]
pub fn Owner(draw: fn(Ui, &AccountView) -> AnyView, #[prop(optional)] heading: &'static str) -> impl IntoView {
    let ui = Ui::get();
    let alive = ui.hydrated.get_untracked();
    answered(
        (!alive).then(|| if ui.untold.get_untracked() { Err(AppError::Failed) } else { Ok(None) }),
        || async { known().await.map(Some) },
        move |fresh| match fresh {
            // Show neither the account that was known before nor the sign-in: a form must not be based on either.
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

/// The page's heading, if it is not rendered by `draw`.
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
