//! Changes the phone of the account.

use super::super::own_phone::OwnPhone;
use super::Back;
use crate::components::{Heading, Owner, PageTitle};
use crate::ui::Ui;
use leptos::prelude::*;
use portaria::view::AccountView;

#[component]
pub fn ProfilePhone() -> impl IntoView {
    let texts = &Ui::get().texts.pages.profile;
    view! {
        <PageTitle text=texts.change_phone />
        <div class="page narrow">
            <Back />
            <Owner heading=texts.change_phone draw=form />
        </div>
    }
    .into_any()
}

fn form(ui: &Ui, account: &AccountView) -> AnyView {
    let texts = &ui.texts.pages.profile;
    let heading = if account.phone.is_some() { texts.change_phone } else { texts.add_phone };
    view! {
        <Heading text=heading.to_owned() />
        <OwnPhone lead=texts.phone_lead next="/profile?notice=phone_proved" here="/profile/phone" />
    }
    .into_any()
}
