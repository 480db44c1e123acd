use super::field::{FieldErrorText, Label, described_by};
use super::icon::Eye;
use super::post_form::FormState;
use crate::ui::Ui;
use leptos::prelude::*;
use live::parts::rules::{Marks, RulesList};
use live::parts::{Rules, ShowPassword, rules};
use portaria::error::{Field as Named, Refusal};
use portaria::shape::Shape;
use portaria::value::PasswordPolicy;

/// A password field. In the browser it gets an eye, the button that shows the password, and says when Caps Lock is on; with `policy` its rules stand below, and are ticked off while
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
    let form = &Ui::get().texts.pages.form;
    let name = field.name();
    let id = state.id(name);
    let wrong = state.is_wrong(field);
    let rules_id = [&id, "-rules"].concat();
    let described: Vec<_> = described_by(&id, !hint.is_empty(), wrong).into_iter().chain(policy.map(|_| rules_id.clone())).collect();
    let described = (!described.is_empty()).then(|| described.join(" "));
    let (show, hide) = match field {
        Named::PasswordConfirmation => (form.show_confirmation, form.hide_confirmation),
        Named::CurrentPassword => (form.show_current, form.hide_current),
        _ => (form.show_password, form.hide_password),
    };
    let in_force = field == Named::CurrentPassword || (field == Named::Password && policy.is_none());
    // The rules judge a new password, and one in force is right or wrong by the server alone. What is typed again is no longer missing, at least.
    let shape = (in_force || field == Named::PasswordConfirmation).then_some(Shape::Filled.code());
    let autocomplete = if in_force { "current-password" } else { "new-password" };
    // A password that opens nothing is typed again.
    let forget = matches!(state.refusal(), Some(Refusal::BadCredentials | Refusal::Locked { .. }));
    let hint_id = [&id, "-hint"].concat();
    let toggle = ShowPassword { field: id.clone(), show: show.to_owned(), hide: hide.to_owned(), caps: form.caps_lock.to_owned() };
    let list = policy.map(|policy| draw_rules(policy, id.clone(), rules_id));
    view! {
        <div class="field" data-wrong=wrong.then_some("true") data-shape=shape>
            <Label id=id.clone() text=label optional />
            {(!hint.is_empty()).then(|| view! { <p class="hint" id=hint_id>{hint}</p> })}
            <FieldErrorText field />
            <div class="password">
                <input
                    class="input"
                    type="password"
                    id=id
                    name=name
                    autocomplete=autocomplete
                    spellcheck="false"
                    autocapitalize="none"
                    required=!optional
                    aria-invalid=wrong.then_some("true")
                    aria-describedby=described
                    data-forget=forget.then_some("true")
                />
                {live::draw(&toggle, ())}
                <Eye />
            </div>
            {list}
        </div>
    }
    .into_any()
}

fn draw_rules(policy: PasswordPolicy, field: String, id: String) -> impl IntoView {
    let texts = Ui::get().texts;
    let form = &texts.pages.form;
    let sentences: Vec<_> = policy.demands().iter().map(|&demand| texts.requirement(demand)).collect();
    let part = Rules {
        field,
        id,
        policy: rules::code(policy).to_owned(),
        title: form.password_rules.to_owned(),
        rules: sentences.join("\t"),
        met: form.met.to_owned(),
        strength: form.strength.to_owned(),
        grades: [form.guessable, form.fair, form.strong, form.weak].join("\t"),
    };
    let list = view! { <RulesList marks=Marks::of(&part) part=part.clone() /> };
    live::draw(&part, list)
}
