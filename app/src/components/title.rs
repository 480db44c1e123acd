//! The title of a page, in the tab and on it.

use crate::ui::Ui;
use leptos::html::H1;
use leptos::prelude::*;
use leptos_meta::Title;

/// The document's title: "Erro: …" first when a form on the page was refused (GOV.UK error summary).
///
/// The only place that may use `<Title>`: its text goes into the HTML raw (leptos_meta 0.8.7), so it is `&'static str`,
/// from the catalogue, and never what somebody typed.
#[component]
pub fn PageTitle(text: &'static str) -> impl IntoView {
    let ui = Ui::get();
    on_cleanup(move || {
        // Not while the server renders: it draws twice, and the title last.
        if ui.hydrated.try_get_untracked() == Some(true) {
            ui.refused.try_set(false);
        }
    });
    let prefix = ui.texts.pages.form.error_prefix;
    // counted, not in the arena: the server reads it when the page is done, on whatever thread is free, where there is no arena
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

/// The first heading of a page or step. Takes the focus when the page came without being loaded, as loading one would.
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
