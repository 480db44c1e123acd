//! The end of a journey, or of what of it is behind.

use super::drawing::Gatehouse;
use super::title::Heading;
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
