//! What is only looked at, and what is pressed.

use crate::components::{Eye, Gatehouse, Icon, NoDoor, Sign, SubmitButton};
use crate::paths;
use crate::ui::Ui;
use leptos::prelude::*;

pub fn icons(_: &Ui) -> AnyView {
    let signs = Sign::ALL.map(|sign| view! { <Icon sign /> });
    view! { <p class="actions">{signs.collect_view()} <Eye /></p> }.into_any()
}

pub fn drawings(_: &Ui) -> AnyView {
    view! {
        <Gatehouse />
        <NoDoor />
    }
    .into_any()
}

pub fn buttons(ui: &Ui) -> AnyView {
    let texts = &ui.texts.pages.components;
    let working = ui.texts.pages.form.working;
    let waiting = |words: &'static str, busy: bool| {
        view! {
            <button type="button" class="button" aria-disabled="true" data-busy=busy.then_some("")>
                {words}
            </button>
        }
    };
    view! {
        <p class="actions">
            <SubmitButton text=texts.primary />
            <SubmitButton text=texts.secondary class="button button-secondary" />
            <SubmitButton text=texts.danger class="button button-danger" />
            <SubmitButton text=texts.quiet class="quiet" />
        </p>
        <p class="actions">
            <a class="button" href=paths::HOME>
                {texts.link}
            </a>
            {waiting(texts.waits, false)}
            {waiting(working, true)}
        </p>
    }
    .into_any()
}
