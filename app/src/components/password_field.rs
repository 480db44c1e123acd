use super::field::{FieldErrorText, Label, described_by};
use super::post_form::FormState;
use crate::ui::Ui;
use leptos::html::Input;
use leptos::prelude::*;
use portaria::error::Field as Named;
use portaria::value::PasswordPolicy;

/// A password field, with a button to show the password. With `policy` its rules stand below; after hydration they are ticked off while
/// typing.
#[component]
pub fn PasswordField(
    field: Named,
    label: &'static str,
    #[prop(optional)] hint: &'static str,
    #[prop(optional)] optional: bool,
    #[prop(optional)] policy: Option<PasswordPolicy>,
) -> impl IntoView {
    let state: FormState = expect_context();
    let ui = Ui::get();
    let form = &ui.texts.pages.form;
    let name = field.name();
    let id = state.id(name);
    let node = NodeRef::<Input>::new();
    let visible = RwSignal::new(false);
    let typed = RwSignal::new(String::new());
    if policy.is_some() {
        // The password may have been typed before hydration.
        Effect::new(move |_| {
            if let Some(input) = node.get() {
                typed.set(input.value());
            }
        });
    }
    let wrong = Memo::new(move |_| !state.errors_of(field).is_empty());
    let described = {
        let id = id.clone();
        move || {
            let mut ids = described_by(&id, !hint.is_empty(), wrong.get()).unwrap_or_default();
            if policy.is_some() {
                if !ids.is_empty() {
                    ids.push(' ');
                }
                ids.push_str(&id);
                ids.push_str("-rules");
            }
            (!ids.is_empty()).then_some(ids)
        }
    };
    let (show, hide) = match field {
        Named::PasswordConfirmation => (form.show_confirmation, form.hide_confirmation),
        _ => (form.show_password, form.hide_password),
    };
    let in_force = field == Named::CurrentPassword || (field == Named::Password && policy.is_none());
    let autocomplete = if in_force { "current-password" } else { "new-password" };
    let hint_id = [&id, "-hint"].concat();
    let rules_id = [&id, "-rules"].concat();
    let toggle_for = id.clone();
    view! {
        <div class="field" data-wrong=move || wrong.get().then_some("true")>
            <Label id=id.clone() text=label optional />
            {(!hint.is_empty()).then(|| view! { <p class="hint" id=hint_id>{hint}</p> })}
            <FieldErrorText field />
            <div class="password">
                <input
                    class="input"
                    type=move || if visible.get() { "text" } else { "password" }
                    id=id
                    name=name
                    autocomplete=autocomplete
                    spellcheck="false"
                    autocapitalize="none"
                    required=!optional
                    node_ref=node
                    aria-invalid=move || wrong.get().then_some("true")
                    aria-describedby=described
                    on:input=move |event| {
                        if policy.is_some() {
                            typed.set(event_target_value(&event));
                        }
                    }
                />
                {move || {
                    let toggle_for = toggle_for.clone();
                    ui.hydrated
                        .get()
                        .then(|| {
                            view! {
                                <button
                                    type="button"
                                    class="toggle"
                                    aria-controls=toggle_for
                                    on:click=move |_| visible.update(|visible| *visible = !*visible)
                                >
                                    {move || if visible.get() { hide } else { show }}
                                </button>
                            }
                        })
                }}
            </div>
            {policy.map(|policy| view! { <Rules policy typed id=rules_id /> })}
        </div>
    }
    .into_any()
}

/// The rules of a policy. Those that are met are ticked.
#[component]
fn Rules(policy: PasswordPolicy, typed: RwSignal<String>, id: String) -> impl IntoView {
    let texts = Ui::get().texts;
    let form = &texts.pages.form;
    let rules: Vec<_> = policy
        .demands()
        .iter()
        .map(|&requirement| {
            let met = Memo::new(move |_| typed.with(|typed| requirement.is_met_by(typed)));
            view! {
                <li data-met=move || met.get().then_some("true")>
                    {texts.requirement(requirement)}
                    {move || met.get().then(|| view! { <span class="visually-hidden">" (" {form.met} ")"</span> })}
                </li>
            }
        })
        .collect();
    // Hints only. The server decides what is easy to guess: zxcvbn (900 KB) is too large for the browser.
    let strength = Memo::new(move |_| {
        typed.with(|typed| match typed.chars().count() {
            0 => None,
            _ if !policy.demands().iter().all(|requirement| requirement.is_met_by(typed)) => Some(("weak", form.weak)),
            1..12 => Some(("fair", form.fair)),
            _ => Some(("strong", form.strong)),
        })
    });
    view! {
        <div class="rules" id=id>
            <p>{form.password_rules}</p>
            <ul>{rules}</ul>
        </div>
        <p class="strength" role="status" data-strength=move || strength.get().map(|(level, _)| level)>
            {move || strength.get().map(|(_, word)| view! { {form.strength} " " <strong>{word}</strong> })}
        </p>
    }
    .into_any()
}
