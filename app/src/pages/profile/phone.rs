//! Changes the phone of the account.

use super::super::code_entry::is_to_confirm;
use super::super::own_phone::OwnPhone;
use super::OwnPage;
use crate::components::Heading;
use crate::paths;
use crate::ui::Ui;
use leptos::prelude::*;
use portaria::contact::ContactKind;
use portaria::view::AccountView;

#[component]
pub fn ProfilePhone() -> impl IntoView {
    view! { <OwnPage title=title(&Ui::get()) draw=form /> }
}

/// The page is about a first phone, about the one that has yet to be confirmed, or about another one.
fn title(ui: &Ui) -> &'static str {
    let texts = &ui.texts.pages.profile;
    if is_to_confirm(ui, ContactKind::Phone) {
        return ui.texts.pages.dashboard.confirm_phone;
    }
    if ui.me().is_some_and(|account| account.phone.is_some()) { texts.change_phone } else { texts.add_phone }
}

fn form(ui: &Ui, _: &AccountView) -> AnyView {
    let all = ui.texts;
    let lead = if is_to_confirm(ui, ContactKind::Phone) { all.access.confirm_phone_lead } else { all.pages.profile.phone_lead };
    view! {
        <Heading text=title(ui).to_owned() />
        <OwnPhone lead next=paths::PROFILE here=paths::PROFILE_PHONE />
    }
    .into_any()
}
