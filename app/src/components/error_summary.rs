//! The errors of a form, above its fields (GOV.UK error summary; SPEC §2: it takes the focus).

use super::field::TakenOffer;
use super::post_form::{FormState, own_address};
use crate::forms::AppError;
use crate::ui::Ui;
use leptos::ev::MouseEvent;
use leptos::html::Div;
use leptos::prelude::*;
use portaria::error::{Field, FieldError, Refusal};

/// Renders nothing while there are no errors.
#[component]
pub fn ErrorSummary(state: FormState) -> impl IntoView {
    let texts = Ui::get().texts;
    let node = NodeRef::<Div>::new();
    Effect::new(move |_| {
        if state.stayed.get() > 0 {
            request_animation_frame(move || {
                // The form may be gone by then.
                if let Some(node) = node.try_get_untracked().flatten() {
                    let _ = node.focus();
                }
            });
        }
    });
    let shown = move || state.fault.get().is_some() || state.reply.with(|reply| reply.refusal.is_some());
    move || {
        shown().then(|| {
            let fault = state.fault.get().map(|fault| match fault {
                AppError::Offline => texts.pages.frame.offline,
                AppError::Failed => texts.pages.frame.failed,
            });
            let fields: Vec<_> = state.field_errors().iter().collect();
            let (sentence, taken, stale) = state.reply.with(|reply| {
                let refusal = reply.refusal.as_ref();
                let sentence = if fields.is_empty() {
                    refusal.map(|refusal| state.sentence(refusal))
                } else {
                    refusal.and_then(|refusal| state.sentence_above(refusal))
                };
                let taken = match refusal {
                    Some(Refusal::Taken(field)) => Some(*field),
                    _ => None,
                };
                (sentence, taken, matches!(refusal, Some(Refusal::Stale)))
            });
            view! {
                <div class="summary" role="alert" tabindex="-1" autofocus node_ref=node>
                    <h2>{texts.pages.form.error_title}</h2>
                    {fault.map(|text| view! { <p>{text}</p> })}
                    {sentence.map(|text| view! { <p>{text}</p> })}
                    {(!fields.is_empty())
                        .then(|| {
                            let items: Vec<_> = fields
                                .into_iter()
                                .map(|(field, error)| view! { <li>{error_link(state, field, error)}</li> })
                                .collect();
                            view! { <ul>{items}</ul> }
                        })}
                    {taken.map(|field| view! { <p><TakenOffer field /></p> })}
                    {stale.then(|| view! { <p><a href=own_address() rel="external">{texts.pages.form.look_again}</a></p> })}
                </div>
            }
            .into_any()
        })
    }
}

fn error_link(state: FormState, field: Field, error: FieldError) -> impl IntoView {
    let id = state.id(field.name());
    let href = ["#", &id].concat();
    let focus = move |event: MouseEvent| {
        // The browser would move the focus by itself, but the router intercepts clicks on links.
        if let Some(field) = document().get_element_by_id(&id) {
            use leptos::wasm_bindgen::JsCast;
            if let Ok(field) = field.dyn_into::<web_sys::HtmlElement>() {
                event.prevent_default();
                let _ = field.focus();
            }
        }
    };
    let texts = Ui::get().texts;
    let sentence = texts.field_error(field, error);
    // Away from its field, a message that does not name the field is ambiguous.
    let secret = matches!(field, Field::Password | Field::NewPassword | Field::CurrentPassword);
    let text = match error {
        _ if secret => sentence,
        FieldError::TooShort { .. } | FieldError::TooLong { .. } | FieldError::Unprintable | FieldError::Fixed => {
            [texts.field_name(field), ": ", &sentence].concat()
        }
        _ => sentence,
    };
    view! {
        <a href=href on:click=focus>
            {text}
        </a>
    }
}
