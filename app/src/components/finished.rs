//! The end of a journey, or of what of it is behind.

use super::drawing::Gatehouse;
use super::icon::{Icon, Sign};
use super::title::Heading;
use crate::ui::Ui;
use leptos::prelude::*;

/// The children lead on.
#[component]
pub fn Finished(heading: &'static str, children: Children) -> impl IntoView {
    view! {
        <div class="panel done">
            <Heading text=heading.to_owned() />
            {children()}
            <Gatehouse />
        </div>
    }
}

/// That the account is there, and nothing is left to do.
#[component]
pub fn Ready() -> impl IntoView {
    view! {
        <p class="lead">
            <Icon sign=Sign::Good /> " " {Ui::get().texts.pages.done.ready}
        </p>
    }
}
