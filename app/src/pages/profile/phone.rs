//! Changes the phone of the account.

use super::super::own_phone::OwnPhone;
use super::Back;
use crate::components::{Heading, Owner, PageTitle};
use crate::paths;
use crate::ui::Ui;
use leptos::prelude::*;
use portaria::view::AccountView;
use text::PageNotice;

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
        <OwnPhone lead=texts.phone_lead next=PageNotice::PhoneProved.at(paths::PROFILE) here=paths::PROFILE_PHONE />
    }
    .into_any()
}
