//! The title of the document and the heading of the page.

use crate::ui::Ui;
use leptos::prelude::*;
use leptos_meta::Title;

/// The document's title. It begins with "Erro: …" when a form on the page was refused (GOV.UK error summary).
///
/// The only place that may use `<Title>`. Its text goes into the HTML unescaped (leptos_meta 0.8.7), so it is a `&'static str` from the
/// catalogue and never what somebody typed.
#[component]
pub fn PageTitle(text: &'static str) -> impl IntoView {
    let ui = Ui::get();
    let prefix = if ui.is_refused() { ui.texts.pages.form.error_prefix } else { "" };
    let whole = [prefix, text, " · ", ui.brand].concat();
    view! { <Title text=whole /> }
}

/// The first heading of a page or step. The navigator (`live`) puts the focus on it, as loading a document would move it.
#[component]
pub fn Heading(text: String) -> impl IntoView {
    view! { <h1 tabindex="-1">{text}</h1> }
}
