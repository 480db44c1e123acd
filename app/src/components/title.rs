//! The title of the document and the heading of the page.

use crate::ui::Ui;
use leptos::prelude::*;

/// Says the document's title. It begins with "Erro: …" when a form on the page was refused (GOV.UK error summary). Of several, the last
/// one counts.
#[component]
pub fn PageTitle(#[prop(into)] text: String) -> impl IntoView {
    let ui = Ui::get();
    let prefix = if ui.is_refused() { ui.texts.pages.form.error_prefix } else { "" };
    ui.set_title([prefix, &(text + " · "), ui.brand().name.as_str()].concat());
}

/// The id of the heading, for what it describes.
const HEADING: &str = "heading";

/// The first heading of a page or step. The navigator (`live`) puts the focus on it, as loading a document would move it.
#[component]
pub fn Heading(text: String) -> impl IntoView {
    view! { <h1 id=HEADING tabindex="-1">{text}</h1> }
}
