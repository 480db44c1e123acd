//! How far an upload is, with a button to cancel it. The navigator sends the form and says how far it is.

use crate::part::{Said, part};
use leptos::prelude::*;

part! {
    /// The progress of an upload.
    Upload = "upload" {
        /// "Sending"
        sending,
        /// "Received. Saving…"
        working,
        /// "Cancelled. …"
        cancelled,
        /// So many per cent, with [`PLACE`](crate::PLACE) for the number.
        percent,
        /// "Cancel"
        cancel,
    }
}

/// How far it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// Nothing is sent.
    Idle,
    /// So many per cent are sent.
    Sending(u8),
    /// All is sent, and the server works.
    Working,
    /// The person called it back.
    Cancelled,
}

/// What changes while it is sent.
#[derive(Clone)]
pub struct Told {
    said: Said,
    percent: Said,
    value: Said,
    hidden: Said,
}

/// The region is there before it says something: what is put in together with its text is not read out.
#[component]
pub fn Progress(part: Upload, told: Told) -> impl IntoView {
    let Told { said, percent, value, hidden } = told;
    view! {
        <div class="upload">
            <p class="hint" role="status">
                {said}
            </p>
            <div class="upload-bar" hidden=hidden>
                <progress max="100" value=value aria-label=part.sending></progress>
                <span class="hint" aria-hidden="true">
                    {percent}
                </span>
                <button type="button" class="quiet">
                    {part.cancel}
                </button>
            </div>
        </div>
    }
}

#[cfg(feature = "browser")]
mod browser {
    use super::{Progress, Stage, Told, Upload};
    use crate::dom::{is_on_button, on_here};
    use crate::navigator;
    use crate::part::{Said, fill, say};
    use crate::wake::{Mounted, mount};
    use leptos::prelude::*;
    use std::cell::RefCell;
    use web_sys::Element;

    thread_local! {
        /// A page has one such form at most; that of the page before says nothing any more.
        static HERE: RefCell<Option<(Upload, Told)>> = const { RefCell::new(None) };
    }

    pub fn live(host: &Element, part: Upload) -> Mounted {
        let here = host.clone();
        mount(host, move || {
            let none = || Said::new(None);
            let told = Told { said: none(), percent: none(), value: none(), hidden: Said::new(Some(String::new())) };
            HERE.set(Some((part.clone(), told.clone())));
            let cancel = |event: web_sys::Event| {
                if is_on_button(&event) {
                    navigator::cancel();
                }
            };
            on_here(&here, "click", Box::new(cancel));
            view! { <Progress part told /> }
        })
    }

    /// The navigator says how far it is.
    pub fn tell(stage: Stage) {
        HERE.with_borrow(|here| {
            let Some((part, told)) = here else { return };
            let (said, percent) = match stage {
                Stage::Idle => (None, None),
                Stage::Sending(percent) => (Some(part.sending.as_str()), Some(percent)),
                Stage::Working => (Some(part.working.as_str()), Some(100)),
                Stage::Cancelled => (Some(part.cancelled.as_str()), None),
            };
            let number = percent.map(|percent| percent.to_string());
            let words = number.as_deref().map(|number| fill(&part.percent, number));
            say(&told.said, said);
            say(&told.value, number.as_deref());
            say(&told.percent, words.as_deref());
            say(&told.hidden, number.is_none().then_some(""));
        });
    }
}

#[cfg(feature = "browser")]
pub(crate) use browser::{live, tell};
