//! Completes an account (SPEC §11): the phone of a client that was registered by e-mail, the CNPJ of a company, a rider's third step.
//! How a kind completes follows from its journey.

mod form;

use super::own_phone::OwnPhone;
use super::profile::AddCnpj;
use crate::components::{Alert, Heading, Owner, PageTitle, Split, Stepper, Tone};
use crate::paths;
use crate::ui::Ui;
use form::CompletionForm;
use leptos::prelude::*;
use portaria::error::Field;
use portaria::journey::Step;
use portaria::view::AccountView;

#[component]
pub fn CompleteProfile() -> impl IntoView {
    let ui = Ui::get();
    let texts = &ui.texts.pages.complete;
    let own = || view! { <Owner heading=texts.title draw=missing /> };
    // Where it is a step of a sign-up, it stands beside the others.
    let step = ui.me().filter(|account| !account.profile_complete).map(|account| account.kind.journey());
    let page = match step.filter(|journey| journey.completes_by_form()) {
        Some(journey) => view! { <Split journey=(journey, Step::Complete)>{own()}</Split> }.into_any(),
        None => view! { <Split>{own()}</Split> }.into_any(),
    };
    view! {
        <PageTitle text=texts.title />
        {page}
    }
    .into_any()
}

fn missing(ui: &Ui, account: &AccountView) -> AnyView {
    let pages = &ui.texts.pages;
    let texts = &pages.complete;
    if account.profile_complete {
        return view! {
            <Heading text=texts.title.to_owned() />
            <Alert tone=Tone::Info>
                {texts.done} " " <a href=paths::DASHBOARD>{pages.done.to_dashboard}</a>
            </Alert>
        }
        .into_any();
    }
    let journey = account.kind.journey();
    let by_form = journey.completes_by_form();
    let form = if by_form {
        view! { <CompletionForm account=account.clone() /> }.into_any()
    } else if account.missing.contains(&Field::Cnpj) {
        view! {
            <p class="lead">{texts.cnpj_lead}</p>
            <AddCnpj next=paths::DASHBOARD />
        }
        .into_any()
    } else {
        view! { <OwnPhone lead=texts.phone_lead next=paths::DASHBOARD here=paths::COMPLETE_PROFILE /> }.into_any()
    };
    view! {
        {by_form.then(|| view! { <Stepper journey step=Step::Complete /> })}
        <Heading text=texts.title.to_owned() />
        {form}
        <hr />
        <p>
            <a href=paths::DASHBOARD>{texts.later}</a>
        </p>
    }
    .into_any()
}
