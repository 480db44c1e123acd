//! What is typed, chosen and ticked.

use super::samples::{answered, form, wrong};
use super::state;
use crate::components::{
    AnotherCode, CheckboxField, CityFields, Field, HiddenField, PasswordField, PhotoField, PostForm, RadioGroup, StepUpFields,
    SubmitButton, UploadForm, channel_options,
};
use crate::forms::{PhotoForm, Reply, StepUp};
use crate::pages::code_entry::{AskAgain, CodeField, CodeSubmit, sent_to};
use crate::ui::Ui;
use leptos::prelude::*;
use portaria::error::{Field as Named, FieldError, Refusal};
use portaria::message::Channel;
use portaria::purpose::CodeFor;
use portaria::value::{Gender, PasswordPolicy};
use portaria::view::{Delivery, OwnerCode};
use text::Texts;

const EMPTY: &str = "empty";
const FILLED: &str = "filled";
const WRONG: &str = "wrong";
const FREE: &str = "free";
const CHOSEN: &str = "chosen";
const REFUSED: &str = "refused";
const TYPED: &str = "typed";
const MISTYPED: &str = "mistyped";
const CODE: &str = "code";
const AGAIN: &str = "again";
const AGAIN_BY_CODE: &str = "again_by_code";
const AGAIN_MISTYPED: &str = "again_mistyped";
const RESEND: &str = "resend";

/// What stands in a form, drawn within it.
type Within = fn(&'static Texts) -> AnyView;

fn drawn(name: &'static str, within: Within) -> AnyView {
    view! {
        <PostForm form=form(name) class="form">
            {within(Ui::get().texts)}
        </PostForm>
    }
    .into_any()
}

/// The same as it comes back from the server.
fn returned(ui: &Ui, name: &'static str, values: &[(&str, &str)], reply: Reply, within: Within) -> AnyView {
    answered(ui, name, values, reply, move || drawn(name, within))
}

pub fn fields(ui: &Ui) -> AnyView {
    let all = ui.texts;
    let texts = &all.pages.components;
    let within: Within = |all| {
        view! {
            <Field field=Named::Phone label=all.field_name(Named::Phone) hint=all.pages.hints.phone />
            <Field field=Named::Email label=all.field_name(Named::Email) optional=true />
            <Field field=Named::BirthDate label=all.field_name(Named::BirthDate) />
        }
        .into_any()
    };
    let values = [("phone", "(11) 98765-4321"), ("email", "ana@gmial.com"), ("birth_date", "1990-12-31")];
    let slips = [("phone", "119"), ("email", "ana@exemplo.com.br"), ("birth_date", "2190-12-31")];
    let errors = [(Named::Phone, FieldError::PhoneInvalid), (Named::Email, FieldError::Taken), (Named::BirthDate, FieldError::DateNotPast)];
    let fixed = view! {
        <div class="field">
            <p class="label">{all.field_name(Named::Email)}</p>
            <p class="hint">{all.pages.profile.email_fixed}</p>
            <p>"ana@exemplo.com.br"</p>
        </div>
    };
    view! {
        {state(texts.empty, drawn(EMPTY, within))}
        {state(texts.filled, returned(ui, FILLED, &values, Reply::default(), within))}
        {state(texts.wrong, returned(ui, WRONG, &slips, wrong(&errors), within))}
        {state(texts.fixed, fixed)}
    }
    .into_any()
}

pub fn choices(ui: &Ui) -> AnyView {
    let texts = &ui.texts.pages.components;
    let within: Within = |all| {
        let genders = Gender::ALL.iter().map(|gender| (gender.as_str(), all.gender(*gender))).collect();
        let channels = channel_options(all, &[Channel::WhatsApp, Channel::Sms]);
        view! {
            <RadioGroup field=Named::Gender legend=all.field_name(Named::Gender) options=genders chosen="" />
            <RadioGroup field=Named::Channel legend=all.field_name(Named::Channel) options=channels chosen="" />
            <CheckboxField name="terms" field=Named::Terms label=all.pages.wizard.terms />
            <CityFields ask_state=true ask_city=true />
        }
        .into_any()
    };
    let values = [("gender", "F"), ("terms", "true"), ("state", "PR"), ("city", "Maringá")];
    let errors = [
        (Named::Gender, FieldError::GenderUnknown),
        (Named::Terms, FieldError::TermsRequired),
        (Named::State, FieldError::Required),
        (Named::City, FieldError::Required),
    ];
    view! {
        {state(texts.empty, drawn(FREE, within))}
        {state(texts.filled, returned(ui, CHOSEN, &values, Reply::default(), within))}
        {state(texts.wrong, returned(ui, REFUSED, &[], wrong(&errors), within))}
    }
    .into_any()
}

pub fn passwords(ui: &Ui) -> AnyView {
    let texts = &ui.texts.pages.components;
    let within: Within = |all| {
        view! {
            <PasswordField field=Named::Password label=all.field_name(Named::Password) policy=PasswordPolicy::Strict />
            <PasswordField
                field=Named::PasswordConfirmation
                label=all.field_name(Named::PasswordConfirmation)
                hint=all.pages.hints.password_optional
                optional=true
            />
        }
        .into_any()
    };
    let errors = [(Named::Password, FieldError::PasswordGuessable), (Named::PasswordConfirmation, FieldError::PasswordMismatch)];
    view! {
        {state(texts.empty, drawn(TYPED, within))}
        {state(texts.wrong, returned(ui, MISTYPED, &[], wrong(&errors), within))}
    }
    .into_any()
}

pub fn photo(ui: &Ui) -> AnyView {
    let all = ui.texts;
    let texts = &all.pages.components;
    let route = PhotoForm::CompleteProfile.name();
    let free = view! {
        <UploadForm form=PhotoForm::SaveProfile class="form">
            <PhotoField current=Some("/icon.svg".to_owned()) />
            <CheckboxField name="remove_photo" label=all.pages.profile.remove_photo />
        </UploadForm>
    };
    let refused = answered(ui, route, &[], wrong(&[(Named::Photo, FieldError::PhotoUnreadable)]), || {
        view! {
            <UploadForm form=PhotoForm::CompleteProfile class="form">
                <PhotoField />
            </UploadForm>
        }
        .into_any()
    });
    view! {
        {state(texts.filled, free)}
        {state(texts.wrong, refused)}
    }
    .into_any()
}

pub fn code(ui: &Ui) -> AnyView {
    let all = ui.texts;
    view! {
        {sent_to(&all.pages.login.code_sent("(11) 98765-4321", all.channel(Channel::WhatsApp)), None)}
        <PostForm form=form(CODE) proof=CodeFor::LoginPhone class="form">
            <CodeField label=all.field_name(Named::Code) expires_in=Some(272) ended=None />
            <CodeSubmit text=all.pages.code.submit ended=None />
        </PostForm>
        <AskAgain form=form(RESEND) fields=Vec::new() resend_in=Some(29) text=all.pages.login.resend ways=vec![Channel::Sms]>
            {all.pages.login.other_phone}
        </AskAgain>
    }
    .into_any()
}

/// Reauthentication within a form.
pub fn again(ui: &Ui) -> AnyView {
    let asked = |step_up| Reply { refusal: Some(Refusal::ReauthenticationRequired), step_up: Some(step_up), ..Reply::default() };
    let within: Within = |all| {
        view! {
            <HiddenField name="asked" value="cpf" />
            <StepUpFields />
            <SubmitButton text=all.pages.profile.document_submit />
            <AnotherCode />
        }
        .into_any()
    };
    let code = OwnerCode {
        destination: "(11) *****-4321".to_owned(),
        delivery: Delivery::Sent,
        channel: Channel::WhatsApp,
        channels: vec![Channel::WhatsApp, Channel::Sms],
        expires_in: 272,
        resend_in: 29,
        entries_left: None,
    };
    let by_code = StepUp::Code(Some(OwnerCode { entries_left: Some(3), ..code.clone() }));
    let mistyped = Reply { refusal: Some(Refusal::BadCredentials), ..asked(by_code) };
    let by_code = StepUp::Code(Some(code));
    view! {
        {returned(ui, AGAIN, &[], asked(StepUp::Password), within)}
        {returned(ui, AGAIN_BY_CODE, &[], asked(by_code), within)}
        {returned(ui, AGAIN_MISTYPED, &[], mistyped, within)}
    }
    .into_any()
}
