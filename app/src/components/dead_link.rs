//! A link of a message that opens nothing.

use super::sentence::closed;
use super::title::Heading;
use crate::ui::Ui;
use leptos::prelude::*;
use portaria::error::Refusal;

/// Says what is wrong with the link; the children lead on. Every other way back in is named at the side of the page.
#[component]
pub fn DeadLink<'a>(
    refusal: &'a Refusal,
    /// The heading where the refusal says nothing about the link.
    otherwise: &'static str,
    /// What is said instead of the refusal.
    #[prop(optional_no_strip, into)]
    sentence: Option<String>,
    children: Children,
) -> impl IntoView {
    let texts = Ui::get().texts;
    let heading = match refusal {
        Refusal::LinkLapsed => texts.pages.links.lapsed_heading,
        Refusal::LinkUnknown => texts.pages.links.unknown_heading,
        _ => otherwise,
    };
    let sentence = sentence.unwrap_or_else(|| texts.refusal(refusal));
    view! {
        <Heading text=heading.to_owned() />
        <p class="lead">{closed(sentence)}</p>
        {children()}
    }
}
