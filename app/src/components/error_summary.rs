//! The errors of a form, above its fields (GOV.UK error summary; SPEC §2: it takes the focus).

use super::post_form::FormState;
use super::sentence::{closed, continued};
use super::way_out::way_out;
use crate::forms::StepUp;
use crate::ui::Ui;
use leptos::prelude::*;
use portaria::error::{Field, FieldError, Refusal};

/// Renders nothing while there are no errors.
#[component]
pub fn ErrorSummary(state: FormState) -> impl IntoView {
    let texts = Ui::get().texts;
    let refusal = state.refusal().cloned();
    refusal.map(move |refusal| {
        let fields: Vec<_> = state.field_errors().iter().collect();
        // Nothing is wrong: the page asks for something more.
        let asks = state.step_up().filter(|_| matches!(refusal, Refusal::ReauthenticationRequired));
        let sentence = match asks {
            Some(step_up) => Some(asking(&state, step_up)),
            _ if fields.is_empty() => Some(texts.refusal(&refusal)),
            _ => state.sentence_above(&refusal),
        };
        let form = &texts.pages.form;
        // Whoever is asked again who they are is in already.
        let is_in = state.step_up().is_some();
        let title = match &refusal {
            Refusal::BadCredentials | Refusal::NotVerified | Refusal::Locked { .. } | Refusal::AccountBlocked if !is_in => {
                form.no_entry_title
            }
            Refusal::ReauthenticationRequired => texts.access.step_up,
            Refusal::TooSoon { .. }
            | Refusal::TooMany { .. }
            | Refusal::CodeBlocked { .. }
            | Refusal::Locked { .. }
            | Refusal::Busy { .. } => form.wait_title,
            _ if fields.is_empty() => form.error_title,
            _ if fields.len() == 1 => form.field_title,
            _ => form.fields_title,
        };
        let items: Vec<_> = fields.into_iter().map(|(field, error)| view! { <li>{error_link(&state, field, error)}</li> }).collect();
        view! {
            <div class=if asks.is_some() { "summary summary-asks" } else { "summary" } role="alert" tabindex="-1" autofocus>
                <h2>{title}</h2>
                {sentence.map(|text| view! { <p>{closed(text)}</p> })}
                {(!items.is_empty()).then(|| view! { <ul>{items}</ul> })}
                {(!is_in || !matches!(refusal, Refusal::BadCredentials)).then(|| way_out(&refusal))}
            </div>
        }
    })
}

/// Why somebody is asked who they are, and how.
fn asking(state: &FormState, step_up: &StepUp) -> String {
    let texts = &Ui::get().texts.access;
    let why = match step_up {
        StepUp::Password => texts.step_up_password,
        StepUp::Code(_) => texts.step_up_code,
    };
    if state.keeps_something() { [why, " ", texts.step_up_kept].concat() } else { why.to_owned() }
}

fn error_link(state: &FormState, field: Field, error: FieldError) -> impl IntoView + use<> {
    let href = ["#", &state.id_of(field)].concat();
    let texts = Ui::get().texts;
    let sentence = state.error_text(field, error);
    // Away from its field, a message that does not name the field is ambiguous.
    let secret = matches!(field, Field::Password | Field::NewPassword | Field::CurrentPassword);
    let named = |sentence: &str| [texts.field_name(field), ": ", sentence].concat();
    let text = match error {
        _ if secret => sentence,
        FieldError::TooShort { .. } | FieldError::TooLong { .. } | FieldError::Unprintable => named(&continued(&sentence)),
        // It stands word for word in the contract of 003.
        FieldError::Fixed => named(&sentence),
        _ => sentence,
    };
    view! { <a href=href>{closed(text)}</a> }
}
