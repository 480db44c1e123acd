use super::post_form::FormState;
use super::sentence::closed;
use super::way_out::TakenOffer;
use crate::ui::Ui;
use leptos::prelude::*;
use live::PLACE;
use portaria::error::FieldError;
use portaria::field::{Field as Named, Input};
use portaria::shape::Shape;
use portaria::value::Email;

/// How the browser treats a field: keyboard, autofill, correction (WCAG 1.3.5).
#[derive(Debug, Clone, Copy)]
pub struct Look {
    kind: &'static str,
    autocomplete: &'static str,
    inputmode: Option<&'static str>,
    /// The browser may capitalise and correct the text: names yes, identifiers never.
    prose: bool,
    class: &'static str,
}

impl Look {
    /// Returns the look of a field, by the table of fields.
    pub const fn of(field: Named) -> Self {
        let plain = Self { kind: "text", autocomplete: field.autofill(), inputmode: None, prose: false, class: "input" };
        match field.input() {
            Input::Prose => Self { prose: true, ..plain },
            Input::Email => Self { kind: "email", inputmode: Some("email"), ..plain },
            Input::Phone => Self { kind: "tel", inputmode: Some("tel"), class: "input input-medium", ..plain },
            // No numeric keypad: since July 2026 a CNPJ may contain letters.
            Input::Document => Self { class: "input input-medium", ..plain },
            Input::Digits => Self { inputmode: Some("numeric"), class: "input input-medium", ..plain },
            Input::Date => Self { kind: "date", class: "input input-medium", ..plain },
            Input::Code => Self { inputmode: Some("numeric"), class: "input input-code", ..plain },
            Input::Plain | Input::Password | Input::Choice | Input::Check | Input::File | Input::Hidden => plain,
        }
    }

    /// For an e-mail that its owner will sign in with: a manager keeps the password of the form beside it. A field has one token, so a phone
    /// stays one, which browsers fill.
    #[must_use]
    pub const fn username(self) -> Self {
        Self { autocomplete: "username", ..self }
    }

    /// For the name of a company: autofill must not offer the person's own name.
    #[must_use]
    pub const fn organization(self) -> Self {
        Self { autocomplete: "organization", ..self }
    }
}

/// Returns the ids for `aria-describedby`: the hint, then the error.
pub fn described_by(id: &str, hint: bool, error: bool) -> Option<String> {
    let mut ids = String::new();
    if hint {
        ids.push_str(id);
        ids.push_str("-hint");
    }
    if error {
        if hint {
            ids.push(' ');
        }
        ids.push_str(id);
        ids.push_str("-error");
    }
    (!ids.is_empty()).then_some(ids)
}

/// The errors of a field. "Taken" offers the sign-in (003, EX01).
#[component]
pub fn FieldErrorText(field: Named) -> impl IntoView {
    let state: FormState = expect_context();
    let texts = Ui::get().texts;
    let errors = state.errors_of(field);
    (!errors.is_empty()).then(|| {
        let id = [&state.id(field.name()), "-error"].concat();
        let taken = errors.contains(&FieldError::Taken);
        let sentences: Vec<_> = errors.into_iter().map(|error| closed(state.error_text(field, error))).collect();
        view! {
            <p class="error" id=id>
                <span class="visually-hidden">{texts.pages.form.error_prefix}</span>
                {sentences.join(" ")}
                {taken.then(|| view! { <span class="ways"><TakenOffer field /></span> })}
            </p>
        }
    })
}

/// The label of a field. It says when the field is optional.
#[component]
pub fn Label(#[prop(into)] id: String, text: &'static str, optional: bool) -> impl IntoView {
    let word = Ui::get().texts.pages.form.optional;
    view! {
        <label for=id>
            {text}
            {optional.then(|| view! { " " <span class="optional">{word}</span> })}
        </label>
    }
}

/// A text field.
#[component]
pub fn Field(
    field: Named,
    label: &'static str,
    #[prop(optional)] hint: &'static str,
    #[prop(optional)] optional: bool,
    #[prop(optional, into)] value: String,
    #[prop(optional)] look: Option<Look>,
    /// What the form takes there, if that is not what such a field usually takes.
    #[prop(optional)]
    shape: Option<Shape>,
    /// What was typed before belongs to something else, so it does not stay (`data-forget`).
    #[prop(optional)]
    forget: bool,
    /// The id of a `datalist` of suggestions.
    #[prop(optional, into)]
    list: Option<String>,
    /// The page is about this field alone: it takes the focus, and is described by what stands above it.
    #[prop(optional)]
    described: Option<&'static str>,
) -> impl IntoView {
    let state: FormState = expect_context();
    let name = field.name();
    let id = state.id(name);
    let look = look.unwrap_or(Look::of(field));
    let value = state.posted_value(name).unwrap_or(value);
    let wrong = state.is_wrong(field);
    // A code that was refused is never right: the next one is typed into an empty field, and is sent at its last digit.
    let forget = forget || state.errors_of(field).iter().any(|error| matches!(error, FieldError::CodeWrong | FieldError::CodeExpired));
    let autofocus = described.is_some() && !Ui::get().is_focused_elsewhere();
    let described: Vec<_> = described.map(str::to_owned).into_iter().chain(described_by(&id, !hint.is_empty(), wrong)).collect();
    let described = (!described.is_empty()).then(|| described.join(" "));
    let hint_id = [&id, "-hint"].concat();
    // What a page that lives says of it (`live/src/fields.rs`).
    let shape = shape.or(Shape::of(field));
    let texts = Ui::get().texts;
    let invalid = shape.and_then(Shape::error_told).map(|error| closed(texts.page_error(field, error)));
    let future = (shape == Some(Shape::BirthDate)).then(|| closed(texts.field_error(field, FieldError::DateNotPast)));
    // Noticed, never forced.
    let meant = (field == Named::Email).then(|| Email::domain_meant_by(&value)).flatten();
    let asks = (field == Named::Email).then(|| texts.pages.check_email.meant(PLACE));
    let capitals = matches!(field, Named::Cnpj | Named::Document);
    let autocapitalize = if capitals { Some("characters") } else { (!look.prose).then_some("none") };
    view! {
        <div
            class="field"
            data-wrong=wrong.then_some("true")
            data-shape=shape.map(Shape::code)
            data-invalid=invalid.clone()
            data-future=future
            data-meant=asks
        >
            <Label id=id.clone() text=label optional />
            {(!hint.is_empty()).then(|| view! { <p class="hint" id=hint_id>{hint}</p> })}
            // What the browser finds is announced politely.
            <div class="told" aria-live=invalid.is_some().then_some("polite")>
                <FieldErrorText field />
                {meant.map(|domain| view! { <p class="hint">{texts.pages.check_email.meant(domain)}</p> })}
            </div>
            <input
                class=look.class
                type=look.kind
                id=id
                name=name
                value=value
                autocomplete=look.autocomplete
                inputmode=look.inputmode
                spellcheck=(!look.prose).then_some("false")
                autocapitalize=autocapitalize
                list=list
                required=!optional
                autofocus=autofocus
                aria-invalid=wrong.then_some("true")
                aria-describedby=described
                data-forget=forget.then_some("true")
            />
        </div>
    }
    .into_any()
}

#[component]
pub fn HiddenField(name: &'static str, #[prop(into)] value: String) -> impl IntoView {
    view! { <input type="hidden" name=name value=value /> }
}

/// Tells a password manager whose password it is (WCAG 3.3.8); never by a masked value, which a manager would keep as it is. Not
/// `type="hidden"`, which managers pass over; a person never meets it.
#[component]
pub fn Username(
    #[prop(into)] value: String,
    /// It is not sent along: its form may have a field of this name.
    #[prop(optional)]
    unsent: bool,
) -> impl IntoView {
    (!value.is_empty()).then(|| {
        let name = (!unsent).then_some("username");
        view! {
            <input type="text" class="visually-hidden" name=name value=value autocomplete="username" tabindex="-1" aria-hidden="true" readonly />
        }
    })
}
