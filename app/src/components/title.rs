//! The title of the document and the heading of the page.

use crate::ui::Ui;
use leptos::html::H1;
use leptos::prelude::*;
use leptos_meta::Title;

/// The document's title. It begins with "Erro: …" when a form on the page was refused (GOV.UK error summary).
///
/// The only place that may use `<Title>`. Its text goes into the HTML unescaped (leptos_meta 0.8.7), so it is a `&'static str` from the
/// catalogue and never what somebody typed.
#[component]
pub fn PageTitle(text: &'static str) -> impl IntoView {
    let ui = Ui::get();
    on_cleanup(move || {
        // Not on the server: it renders twice, and reads the title last.
        if ui.hydrated.try_get_untracked() == Some(true) {
            ui.refused.try_set(false);
        }
    });
    let prefix = ui.texts.pages.form.error_prefix;
    // Reference-counted, not in the arena: the server reads the title after rendering, on any thread, and there is no arena there.
    let refused: ArcRwSignal<bool> = ui.refused.into();
    let whole = move || {
        let mut whole = String::with_capacity(64);
        if refused.get() {
            whole.push_str(prefix);
        }
        whole.push_str(text);
        whole.push_str(" · ");
        whole.push_str(ui.brand);
        whole
    };
    view! { <Title text=whole /> }
}

/// The first heading of a page or step. After a client-side navigation it takes the focus, as loading a document would move it.
#[component]
pub fn Heading(#[prop(into)] text: Signal<String>) -> impl IntoView {
    let heading = NodeRef::<H1>::new();
    let navigated = Ui::get().hydrated.get_untracked();
    if navigated {
        Effect::new(move |_| {
            if let Some(heading) = heading.get() {
                request_animation_frame(move || {
                    let _ = heading.focus();
                });
            }
        });
    }
    view! {
        <h1 tabindex="-1" node_ref=heading>
            {text}
        </h1>
    }
}
