//! Changes the phone of the account.

use super::super::own_phone::OwnPhone;
use super::OwnPage;
use crate::components::Heading;
use crate::paths;
use crate::ui::Ui;
use leptos::prelude::*;
use portaria::view::AccountView;

#[component]
pub fn ProfilePhone() -> impl IntoView {
    view! { <OwnPage title=title(&Ui::get()) draw=form /> }
}

/// The page is about a first phone, or about another one.
fn title(ui: &Ui) -> &'static str {
    let texts = &ui.texts.pages.profile;
    if ui.me().is_some_and(|account| account.phone.is_some()) { texts.change_phone } else { texts.add_phone }
}

fn form(ui: &Ui, _: &AccountView) -> AnyView {
    let texts = &ui.texts.pages.profile;
    view! {
        <Heading text=title(ui).to_owned() />
        <OwnPhone lead=texts.phone_lead next=paths::PROFILE here=paths::PROFILE_PHONE />
    }
    .into_any()
}
