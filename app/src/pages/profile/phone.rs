//! Another phone, by its proof.

use super::super::own_phone::OwnPhone;
use super::Back;
use crate::components::{Heading, Owner, PageTitle};
use crate::ui::Ui;
use leptos::prelude::*;
use portaria::view::AccountView;

/// `/profile/phone`.
#[component]
pub fn ProfilePhone() -> impl IntoView {
    let texts = &Ui::get().texts.pages.profile;
    view! {
        <PageTitle text=texts.change_phone />
        <div class="page narrow">
            <Back />
            <Heading text=texts.change_phone.to_owned() />
            <Owner draw=form />
        </div>
    }
    .into_any()
}

fn form(ui: Ui, _: AccountView) -> AnyView {
    let lead = ui.texts.pages.profile.phone_lead;
    view! { <OwnPhone lead next="/profile?notice=phone_proved" here="/profile/phone" /> }.into_any()
}
