//! A word beside something that says how it stands.

use super::icon::{Icon, Sign};
use crate::ui::Ui;
use leptos::prelude::*;

/// Whether a contact is confirmed.
#[component]
pub fn Proved(proved: bool) -> impl IntoView {
    let texts = &Ui::get().texts.pages.dashboard;
    let (sign, words) = if proved { (Sign::Good, texts.proved) } else { (Sign::Attention, texts.not_proved) };
    view! { <span class="tag"><Icon sign /> " " {words}</span> }
}
