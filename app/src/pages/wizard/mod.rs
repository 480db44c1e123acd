//! The wizard for all journeys. Its step follows from the sign-up alone, so that a reload, another tab and another device need no state
//! of their own. `?step=details` goes back. `current.rs` chooses among several sign-ups.

mod by_code;
mod check_email;
mod code;
mod complete;
pub mod current;
mod details;
mod done;
mod waiting;

use super::not_found::NotFound;
use crate::components::{Heading, NoAnswer, Notice, PageTitle, Stepper};
use crate::forms::{AppError, open_journey};
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

/// `/register/:slug`.
#[component]
pub fn Wizard() -> impl IntoView {
    let params = use_params_map();
    // While a page is being left its parameters are already gone (leptos#339), so the last journey is kept.
    let kept = StoredValue::new(None);
    let journey = Memo::new(move |_| {
        if let Some(slug) = params.with(|params| params.get("slug")) {
            kept.set_value(open_journey(&slug));
        }
        kept.get_value()
    });
    (move || match journey.get() {
        Some(journey) => view! {
            <div class="page narrow">
                <Steps journey />
            </div>
        }
        .into_any(),
        None => view! { <NotFound /> }.into_any(),
    })
    .into_any()
}

/// `/verify-email`: the proof step of a sign-up of any journey.
#[component]
pub fn VerifyEmail() -> impl IntoView {
    let ui = Ui::get();
    let texts = &ui.texts.pages.check_email;
    let kind = Current::of_page(None).watch(|signup| signup.kind);
    view! {
        <div class="page narrow">
            {move || match kind.get() {
                Some(kind) => view! { <Steps journey=kind.journey() /> }.into_any(),
                None if ui.untold.get() => {
                    view! {
                        <PageTitle text=texts.title />
                        <Heading text=texts.title.to_owned() />
                        <NoAnswer fault=AppError::Failed />
                    }
                        .into_any()
                }
                None => {
                    view! {
                        <PageTitle text=texts.title />
                        <Heading text=texts.heading.to_owned() />
                        <p class="lead">{texts.no_signup}</p>
                        <p>
                            <a class="button" href="/resend-verification">
                                {texts.ask_again}
                            </a>
                        </p>
                        <ByCode />
                    }
                        .into_any()
                }
            }}
        </div>
    }
    .into_any()
}

#[component]
fn Steps(journey: &'static Journey) -> impl IntoView {
    let current = Current::of_page(Some(journey.kind));
    provide_context(current);
    let query = use_query_map();
    let back = Memo::new(move |_| query.with(|query| query.get_str("step") == Some("details")));
    // A refused first form is shown again, even if another sign-up waits, until the URL changes.
    let refused = Ui::get().posted("sign_up").map(|_| query.get_untracked());
    let step = Memo::new(move |_| {
        let refused = refused.as_ref().is_some_and(|at| query.with(|query| query == at));
        current.signup.with(|signup| match signup {
            Some(_) if refused => Step::Details,
            Some(signup) => match signup.step {
                Step::Code | Step::CheckEmail if back.get() => Step::Details,
                step => step,
            },
            None => Step::Details,
        })
    });
    view! {
        <Stepper journey step />
        // The notice is about the message that these steps wait for.
        {move || matches!(step.get(), Step::Code | Step::CheckEmail).then(|| view! { <Notice /> })}
        {move || match step.get() {
            Step::Details => view! { <FirstForm journey back=back.get_untracked() /> }.into_any(),
            Step::Code => journey.proof_purpose.code().map(|purpose| view! { <EnterCode journey purpose /> }).into_any(),
            Step::CheckEmail => view! { <CheckEmail journey /> }.into_any(),
            Step::Complete => view! { <GoOn /> }.into_any(),
            Step::Done => view! { <Done journey /> }.into_any(),
        }}
    }
}
