//! Reauthentication within a form: a password or a code, and the way to another code.

use super::code_parts::{Countdown, TimeLeft, fill_in_code};
use super::delivery::DeliveryAlert;
use super::field::Username;
use super::password_field::PasswordField;
use super::post_form::FormState;
use super::sentence::closed;
use crate::forms::{STEP_AGAIN, STEP_CODE, StepUp};
use crate::ui::Ui;
use leptos::prelude::*;
use portaria::error::{Field as Named, FieldError};
use portaria::view::{AccountView, Delivery, OwnerCode};

/// Placed before the button of a form. Renders nothing until the server asks for reauthentication.
#[component]
pub fn StepUpFields() -> impl IntoView {
    let state: FormState = expect_context();
    state.step_up().cloned().map(|needed| match needed {
        StepUp::Password => view! { <AskPassword /> }.into_any(),
        StepUp::Code(code) => code.map(|code| view! { <AskCode code /> }).into_any(),
    })
}

#[component]
fn AskPassword() -> impl IntoView {
    let ui = Ui::get();
    let texts = ui.texts;
    view! {
        <fieldset class="panel">
            <legend class="visually-hidden">{texts.access.step_up}</legend>
            <Username value=ui.me().and_then(AccountView::signs_in_as).unwrap_or_default() unsent=true />
            <PasswordField field=Named::CurrentPassword label=texts.field_name(Named::CurrentPassword) />
        </fieldset>
    }
}

#[component]
fn AskCode(code: OwnerCode) -> impl IntoView {
    let state: FormState = expect_context();
    let all = Ui::get().texts;
    let texts = &all.pages.code;
    let id = state.id(STEP_CODE);
    let (lead_id, error_id) = ([&id, "-lead"].concat(), [&id, "-error"].concat());
    let errors = state.step_code_errors();
    let wrong = !errors.is_empty();
    let sentences: Vec<_> = errors.iter().map(|error| closed(state.error_text(Named::Code, *error))).collect();
    let described = if wrong { [&lead_id, " ", &error_id].concat() } else { lead_id.clone() };
    let OwnerCode { destination, delivery, channel, expires_in, entries_left, .. } = code;
    let lead = all.code_went(channel, &destination);
    // That a code has expired is said once, where somebody has just entered it or by its clock.
    let is_told = errors.contains(&FieldError::CodeExpired) || delivery == Delivery::Dead;
    let left = entries_left.map(|left| if left == 1 { texts.entry_left.to_owned() } else { texts.entries_left(left) });
    let trouble = matches!(delivery, Delivery::Failed | Delivery::Dead);
    let failed = all.access.step_up_failed(all.channel(channel));
    view! {
        <fieldset class="panel">
            <legend class="visually-hidden">{all.access.step_up}</legend>
            <p id=lead_id>{lead}</p>
            {trouble.then(|| view! { <DeliveryAlert delivery failed lapsed=texts.lapsed dead=texts.dead /> })}
            <div class="field" data-wrong=wrong.then_some("true")>
                <label for=id.clone()>{all.access.step_up_code_label}</label>
                {wrong
                    .then(|| {
                        view! {
                            <p class="error" id=error_id>
                                <span class="visually-hidden">{all.pages.form.error_prefix}</span>
                                {sentences.join(" ")}
                            </p>
                        }
                    })}
                <input
                    class="input input-code"
                    type="text"
                    id=id.clone()
                    name=STEP_CODE
                    autocomplete="one-time-code"
                    inputmode="numeric"
                    spellcheck="false"
                    autocapitalize="none"
                    required
                    autofocus=state.refusal().is_none()
                    aria-invalid=wrong.then_some("true")
                    aria-describedby=described
                    data-forget="true"
                />
            </div>
            <div class="hint">
                // Not sent by itself: the button of the form may do what cannot be undone.
                {fill_in_code(id, None)} {left.map(|left| view! { <p>{left}</p> })}
                {(!is_told).then(|| view! { <TimeLeft seconds=expires_in /> })}
            </div>
        </fieldset>
    }
}

/// The way to another code, by each channel that leads to the contact. Placed after the button of a form, which stays the one that Enter
/// presses. Renders nothing unless a code is asked for.
#[component]
pub fn AnotherCode() -> impl IntoView {
    let state: FormState = expect_context();
    let all = Ui::get().texts;
    let texts = &all.pages.code;
    state.step_up().and_then(StepUp::code).cloned().map(|OwnerCode { channel: last, channels, resend_in, .. }| {
        let buttons: Vec<_> = channels
            .into_iter()
            .map(|channel| {
                let name = all.channel(channel);
                let words = if channel == last { texts.resend_by(name) } else { texts.receive_by(name) };
                view! {
                    <button type="submit" class="button button-secondary" name=STEP_AGAIN value=channel.as_str()>
                        {words}
                    </button>
                }
            })
            .collect();
        view! {
            <fieldset class="panel">
                <legend>{texts.resend_title}</legend>
                <Countdown seconds=Some(resend_in) buttons=STEP_AGAIN />
                <div class="actions">{buttons}</div>
            </fieldset>
        }
    })
}
