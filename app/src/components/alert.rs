//! Messages outside of forms.

use super::way_out::way_out;
use crate::ui::Ui;
use leptos::prelude::*;
use portaria::error::Refusal;
use text::PageNotice;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    Success,
    Info,
    Warning,
}

impl Tone {
    const fn class(self) -> &'static str {
        match self {
            Self::Success => "alert alert-success",
            Self::Info => "alert alert-info",
            Self::Warning => "alert alert-warning",
        }
    }
}

/// A message that screen readers announce when it appears (WCAG 4.1.3).
#[component]
pub fn Alert(tone: Tone, children: Children) -> impl IntoView {
    view! {
        <div class=tone.class() role="status">
            {children()}
        </div>
    }
}

/// Shown in place of content that the server could not find.
#[component]
pub fn NoAnswer() -> impl IntoView {
    let text = Ui::get().texts.pages.frame.failed;
    view! { <Alert tone=Tone::Warning>{text}</Alert> }
}

/// Green is for what was done.
const fn tone_of(notice: PageNotice) -> Tone {
    match notice {
        PageNotice::Blocked | PageNotice::DeletionAsked | PageNotice::EndedUnsaved => Tone::Warning,
        PageNotice::Ended | PageNotice::TryLater => Tone::Info,
        _ => Tone::Success,
    }
}

/// What was just done, and where the page does not lead on by itself, the ways to what is to be done next.
pub fn told(ui: &Ui, notice: PageNotice) -> AnyView {
    let (tone, words) = (tone_of(notice).class(), ui.texts.notice(notice));
    if notice == PageNotice::Blocked {
        return view! { <div class=tone><p>{words}</p> {way_out(&Refusal::AccountBlocked)}</div> }.into_any();
    }
    view! { <p class=tone>{words}</p> }.into_any()
}

/// What the page says of what was just done. It stands in every page, empty as a rule, so that a screen reader knows the region before it
/// says something (WCAG 4.1.3).
#[component]
pub fn Notice() -> impl IntoView {
    let ui = Ui::get();
    let said = ui.told().map(|notice| told(&ui, notice));
    view! {
        <div class="notice" role="status">
            {said}
        </div>
    }
}
