//! The wizard for all journeys. Its step follows from the sign-up alone, so that a reload, another tab and another device need no state
//! of their own. `?step=details` goes back. `current.rs` chooses among several sign-ups.

mod by_code;
mod check_email;
mod code;
mod complete;
mod current;
mod details;
mod done;
pub mod waiting;

use super::not_found::NotFound;
use crate::components::{Alert, Heading, NoAnswer, PageTitle, Split, Stepper, Tone};
use crate::paths;
use crate::server_fns::SignUp;
use crate::ui::Ui;
use by_code::ByCode;
use check_email::CheckEmail;
use code::EnterCode;
use complete::GoOn;
use current::Current;
use details::FirstForm;
use done::Done;
use leptos::prelude::*;
use leptos_router::hooks::{use_params_map, use_query_map};
use portaria::journey::{Journey, Step};
use portaria::view::SignupView;

/// `/register/:slug`.
#[component]
pub fn Wizard() -> impl IntoView {
    let slug = use_params_map().with_untracked(|params| params.get("slug")).unwrap_or_default();
    let ui = Ui::get();
    // What was begun before a kind was closed may end.
    let goes_on = |journey: &Journey| ui.kinds().of(journey.kind).open || Current::of_page(Some(journey.kind)).signup.is_some();
    match Journey::by_slug(&slug).filter(|journey| goes_on(journey)) {
        Some(journey) => view! { <Steps journey /> }.into_any(),
        None => view! { <NotFound /> }.into_any(),
    }
}

/// `/verify-email`: the proof step of a sign-up of any journey.
#[component]
pub fn VerifyEmail() -> impl IntoView {
    let ui = Ui::get();
    let texts = &ui.texts.pages.check_email;
    if let Some(SignupView { kind, .. }) = Current::of_page(None).signup {
        return view! { <Steps journey=kind.journey() /> }.into_any();
    }
    let body = if ui.is_untold() {
        view! {
            <PageTitle text=texts.title />
            <Heading text=texts.title.to_owned() />
            <NoAnswer />
        }
        .into_any()
    } else {
        view! {
            <PageTitle text=texts.none_heading />
            <Heading text=texts.none_heading.to_owned() />
            <p class="lead">{texts.no_signup}</p>
            <p>
                <a class="button button-secondary" href=paths::RESEND_VERIFICATION>
                    {texts.ask_again}
                </a>
            </p>
            <ByCode />
        }
        .into_any()
    };
    view! { <Split>{body}</Split> }.into_any()
}

#[component]
fn Steps(journey: &'static Journey) -> impl IntoView {
    let current = Current::of_page(Some(journey.kind));
    let back = use_query_map().with_untracked(|query| query.get_str("step") == Some("details"));
    let step = match &current.signup {
        // A refused first form is shown again, even if another sign-up waits.
        Some(_) if Ui::get().posted::<SignUp>().is_some() => Step::Details,
        Some(signup) if back && matches!(signup.step, Step::Code | Step::CheckEmail) => Step::Details,
        Some(signup) => signup.step,
        None => Step::Details,
    };
    let is_elsewhere = current.signup.is_none() && Ui::get().posted::<SignUp>().is_none() && Current::is_named();
    provide_context(current);
    let page = match step {
        Step::Details => view! { <FirstForm journey back /> }.into_any(),
        Step::Code => journey.proof_purpose.code().map(|purpose| view! { <EnterCode journey purpose /> }).into_any(),
        Step::CheckEmail => view! { <CheckEmail journey /> }.into_any(),
        Step::Complete => view! { <GoOn /> }.into_any(),
        Step::Done => view! { <Done journey /> }.into_any(),
    };
    view! {
        <Split journey=(journey, step)>
            <Stepper journey step />
            {is_elsewhere.then(|| view! { <Alert tone=Tone::Info>{Ui::get().texts.pages.wizard.elsewhere}</Alert> })}
            {page}
        </Split>
    }
}
