//! A kind of account, to be chosen.

use super::icon::{Icon, Sign};
use crate::ui::Ui;
use leptos::prelude::*;
use portaria::journey::Kind;

/// The whole card is the link.
#[component]
pub fn KindCard(kind: Kind, #[prop(into)] href: String) -> impl IntoView {
    let ui = Ui::get();
    let about = ui.kind(kind);
    view! {
        <li class="card">
            <Icon sign=Sign::of(kind) />
            <h2>
                <a href=href>{about.name.to_owned()}</a>
            </h2>
            <p>{about.card.to_owned()}</p>
        </li>
    }
}
