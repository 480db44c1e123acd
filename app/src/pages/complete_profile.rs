//! What an account still lacks (SPEC §11): a client made by e-mail its phone, a company its CNPJ.

use super::own_phone::OwnPhone;
use super::profile::AddCnpj;
use crate::components::{Alert, Heading, Owner, PageTitle, Tone};
use crate::forms::can_complete;
use crate::ui::Ui;
use leptos::prelude::*;
use portaria::journey::Kind;
use portaria::view::AccountView;

/// `/complete-profile`.
#[component]
pub fn CompleteProfile() -> impl IntoView {
    let texts = &Ui::get().texts.pages.complete;
    view! {
        <PageTitle text=texts.title />
        <div class="page narrow">
            <Heading text=texts.title.to_owned() />
            <Owner draw=missing />
        </div>
    }
    .into_any()
}

fn missing(ui: Ui, account: AccountView) -> AnyView {
    let pages = &ui.texts.pages;
    let texts = &pages.complete;
    if !can_complete(&account) {
        return view! {
            <Alert tone=Tone::Info>
                {texts.done} " " <a href="/dashboard">{pages.done.to_dashboard}</a>
            </Alert>
        }
        .into_any();
    }
    let form = match account.kind {
        Kind::Empresa => view! {
            <p class="lead">{texts.cnpj_lead}</p>
            <AddCnpj next="/dashboard" />
        }
        .into_any(),
        _ => view! { <OwnPhone lead=texts.phone_lead next="/dashboard" here="/complete-profile" /> }.into_any(),
    };
    view! {
        {form}
        <hr />
        <p>
            <a href="/dashboard">{texts.later}</a>
        </p>
    }
    .into_any()
}
