//! Something said to the person, beside the forms.

use crate::forms::AppError;
use crate::ui::Ui;
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

/// How it is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    /// It worked.
    Success,
    /// For information.
    Info,
    /// Something needs attention.
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

/// A message, read out when it appears (WCAG 4.1.3).
#[component]
pub fn Alert(tone: Tone, children: Children) -> impl IntoView {
    view! {
        <div class=tone.class() role="status">
            {children()}
        </div>
    }
}

/// The server could not tell what belongs here.
#[component]
pub fn NoAnswer(fault: AppError) -> impl IntoView {
    let frame = &Ui::get().texts.pages.frame;
    let text = match fault {
        AppError::Offline => frame.offline,
        AppError::Failed => frame.failed,
    };
    view! { <Alert tone=Tone::Warning>{text}</Alert> }
}

/// The message whose code the URL carries (`?notice=`). Only codes of the catalogue: the URL may come from a stranger.
#[component]
pub fn Notice() -> impl IntoView {
    let texts = Ui::get().texts;
    let query = use_query_map();
    let text = Memo::new(move |_| query.with(|query| query.get_str("notice").and_then(|code| texts.notice(code))));
    move || text.get().map(|text| view! { <Alert tone=Tone::Success>{text}</Alert> })
}
