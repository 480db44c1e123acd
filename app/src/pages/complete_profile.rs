//! Completes an account (SPEC §11): the phone of a client that was registered by e-mail, the CNPJ of a company, a rider's third step.

mod rider;

use super::own_phone::OwnPhone;
use super::profile::AddCnpj;
use crate::components::{Alert, Heading, Owner, PageTitle, Tone};
use crate::paths;
use crate::ui::Ui;
use leptos::prelude::*;
use portaria::journey::Kind;
use portaria::view::AccountView;
use rider::{RiderProfile, RiderStepper};

#[component]
pub fn CompleteProfile() -> impl IntoView {
    let texts = &Ui::get().texts.pages.complete;
    view! {
        <PageTitle text=texts.title />
        <div class="page narrow">
            <Owner heading=texts.title draw=missing />
        </div>
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
    let is_rider = account.kind == Kind::Caronista;
    let form = match account.kind {
        Kind::Caronista => view! { <RiderProfile account=account.clone() /> }.into_any(),
        Kind::Empresa => view! {
            <p class="lead">{texts.cnpj_lead}</p>
            <AddCnpj next=paths::DASHBOARD />
        }
        .into_any(),
        Kind::Cliente | Kind::Professor => {
            view! { <OwnPhone lead=texts.phone_lead next=paths::DASHBOARD here=paths::COMPLETE_PROFILE /> }.into_any()
        }
    };
    view! {
        {is_rider.then(|| view! { <RiderStepper /> })}
        <Heading text=texts.title.to_owned() />
        {form}
        <hr />
        <p>
            <a href=paths::DASHBOARD>{texts.later}</a>
        </p>
    }
    .into_any()
}
