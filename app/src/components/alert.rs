//! Messages outside of forms.

use crate::ui::Ui;
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
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

/// The notice that the URL names (`?notice=`).
#[component]
pub fn Notice() -> impl IntoView {
    let texts = Ui::get().texts;
    let notice = use_query_map().with_untracked(|query| query.get_str("notice").and_then(PageNotice::parse));
    notice.map(|notice| view! { <Alert tone=Tone::Success>{texts.notice(notice)}</Alert> })
}
