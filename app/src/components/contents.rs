//! The sections of a long page, by their headings.

use crate::ui::Ui;
use leptos::prelude::*;

/// A section: the id and the words of its heading, and the sections within it.
pub struct Section {
    pub id: String,
    pub title: String,
    pub within: Vec<Self>,
    /// The language of its words, where it is not that of the page.
    pub lang: Option<&'static str>,
}

impl Section {
    pub fn new(id: impl Into<String>, title: impl Into<String>) -> Self {
        Self { id: id.into(), title: title.into(), within: Vec::new(), lang: None }
    }
}

/// Stands beside the sections on a wide screen, and above them on a narrow one.
#[component]
pub fn Contents(sections: Vec<Section>) -> impl IntoView {
    let title = Ui::get().texts.pages.frame.on_this_page;
    view! {
        <nav class="contents" aria-labelledby="contents">
            <h2 id="contents">{title}</h2>
            {list(sections)}
        </nav>
    }
}

fn list(sections: Vec<Section>) -> AnyView {
    let items = sections.into_iter().map(|Section { id, title, within, lang }| {
        let within = (!within.is_empty()).then(|| list(within));
        view! { <li><a href=["#", &id].concat() lang=lang>{title}</a> {within}</li> }
    });
    view! { <ul>{items.collect_view()}</ul> }.into_any()
}
