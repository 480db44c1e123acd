//! Meu Perfil (003, "Edição de Perfil"): the data, and links to what has a page of its own.

mod access;
mod data;
mod document;
mod email;
mod password;
mod phone;
pub mod sessions;

pub use data::ProfileData;
pub use document::{AddCnpj, ProfileDocument};
pub use email::ProfileEmail;
pub use password::ProfilePassword;
pub use phone::ProfilePhone;

use crate::components::{
    CheckboxField, Contents, Field, Heading, HiddenField, Look, Owner, PageTitle, PhotoField, Proved, Section, SubmitButton, UploadForm,
    completion_fields,
};
use crate::forms::PhotoForm;
use crate::paths;
use crate::ui::Ui;
use leptos::prelude::*;
use portaria::check_up::Condition;
use portaria::contact::ContactKind;
use portaria::error::Field as Named;
use portaria::journey::Kind;
use portaria::profile::changeable_of_completion;
use portaria::view::AccountView;
use sessions::Sessions;
use text::Texts;

#[component]
pub fn Profile() -> impl IntoView {
    let texts = &Ui::get().texts.pages.profile;
    view! {
        <PageTitle text=texts.title />
        <div class="page narrow sectioned">
            <Heading text=texts.title.to_owned() />
            <Owner draw=profile />
        </div>
    }
    .into_any()
}

fn profile(ui: &Ui, account: &AccountView) -> AnyView {
    let texts = &ui.texts.pages.profile;
    let sections = [("data", texts.data), ("contact", texts.contact), ("access", texts.access), (sessions::HEADING, texts.sessions)];
    view! {
        <Contents sections=sections.map(|(id, title)| Section::new(id, title)).into() />
        <div class="column">
            <Data account=account.clone() />
            {contact(ui, account)}
            {access::access(ui, account)}
            <Sessions />
        </div>
    }
    .into_any()
}

#[component]
fn Data(account: AccountView) -> impl IntoView {
    let ui = Ui::get();
    let all = ui.texts;
    let texts = &all.pages.profile;
    let kind = account.kind;
    // A form that was refused keeps the version that it was posted with, because the person has not seen a newer one.
    let posted = ui.posted_form(PhotoForm::SaveProfile.name()).and_then(|posted| posted.value(Named::Version.name()));
    let version = posted.unwrap_or_else(|| account.version.to_string());
    let photo = account.photo.clone();
    let has_photo = photo.is_some();
    let name_look = if kind == Kind::Empresa { Look::of(Named::Name).organization() } else { Look::of(Named::Name) };
    let own_texts = account.texts.clone();
    let asked = ui.kinds().texts(kind);
    let optional_texts = move || {
        let value = |field| own_texts.get(field).unwrap_or_default().to_owned();
        asked
            .iter()
            .copied()
            .filter(|field| *field != Named::SocialName)
            .map(|field| view! { <Field field label=all.field_name(field) optional=true value=value(field) /> })
            .collect::<Vec<_>>()
    };
    let social_label = all.label(kind, Named::SocialName);
    let social_name = account.texts.get(Named::SocialName).unwrap_or_default().to_owned();
    let fixed = fixed(all, &account);
    let fixed = move || {
        let draw = |(label, hint, value): (&'static str, &'static str, String)| {
            view! {
                <div class="field">
                    <p class="label">{label}</p>
                    <p class="hint">{hint}</p>
                    <p>{value}</p>
                </div>
            }
        };
        fixed.into_iter().map(draw).collect::<Vec<_>>()
    };
    // What is missing is asked for on `/complete-profile`.
    let asked: Vec<_> = changeable_of_completion(kind).filter(|field| account.has(*field)).collect();
    let own = account.clone();
    view! {
        <section class="panel" aria-labelledby="data">
            <h2 id="data">{texts.data}</h2>
            <UploadForm form=PhotoForm::SaveProfile class="form">
                <HiddenField name="version" value=version />
                <PhotoField current=photo />
                {has_photo.then(|| view! { <CheckboxField name="remove_photo" label=texts.remove_photo /> })}
                <Field field=Named::Name label=all.label(kind, Named::Name) value=account.name look=name_look />
                <Field
                    field=Named::SocialName
                    label=social_label
                    hint=all.pages.hints.social_name
                    optional=true
                    value=social_name
                />
                {fixed()}
                {completion_fields(&own, &asked)}
                {optional_texts()}
                <SubmitButton text=texts.save />
            </UploadForm>
        </section>
    }
}

/// What the owner sees and cannot change: label, why, value. Kinds that sign up by phone change their e-mail on a page of its own.
fn fixed(all: &'static Texts, account: &AccountView) -> Vec<(&'static str, &'static str, String)> {
    let texts = &all.pages.profile;
    let email = account.email.clone().filter(|_| account.kind.journey().contact_is_email());
    let rows = [
        (Named::Email, texts.email_fixed, email),
        (Named::Username, texts.fixed, account.username.clone()),
        (Named::BirthDate, texts.fixed, account.birth_date.clone()),
    ];
    rows.into_iter().filter_map(|(field, why, value)| Some((all.label(account.kind, field), why, value?))).collect()
}

/// An address, and what is done there.
type Way = (&'static str, &'static str);

/// Phone and documents, each with a link to change it if it can be changed.
fn contact(ui: &Ui, account: &AccountView) -> impl IntoView + use<> {
    let all = ui.texts;
    let texts = &all.pages.profile;
    let kind = account.kind;
    let row = |field: Named, value: &Option<String>, confirmed: Option<bool>, hint: Option<&'static str>, way: Option<Way>| {
        let value = match value.clone() {
            Some(value) => view! { <p>{value} {confirmed.map(|proved| view! { " " <Proved proved /> })}</p> }.into_any(),
            None => view! { <p class="way">{texts.none}</p> }.into_any(),
        };
        view! {
            <div>
                <dt>{all.label(kind, field)}</dt>
                <dd>
                    {value} {hint.map(|hint| view! { <p class="hint">{hint}</p> })}
                    {way.map(|(href, action)| view! { <p class="way"><a href=href>{action}</a></p> })}
                </dd>
            </div>
        }
    };
    // What has yet to be confirmed is confirmed where it would be changed.
    let contact = |contact: ContactKind, value: &Option<String>, href: &'static str, confirm: &'static str, otherwise: &'static str| {
        let condition = account.condition_of(contact);
        let hint = (condition == Condition::Suspended).then_some(all.access.suspended);
        let confirmed = account.is_confirmed(contact);
        let action = if confirmed == Some(false) { confirm } else { otherwise };
        row(contact.field(), value, confirmed, hint, Some((href, action)))
    };
    let actions = &all.pages.dashboard;
    let phone_way = if account.phone.is_some() { texts.change_phone } else { texts.add_phone };
    let by_email = account.kind.journey().contact_is_email();
    let email_way = if account.email.is_some() { all.access.change_email } else { all.access.add_email };
    let field = portaria::profile::document(account.kind);
    let (document, add) = if field == Named::Cnpj { (&account.cnpj, texts.add_cnpj) } else { (&account.cpf, texts.add_cpf) };
    view! {
        <section class="panel" aria-labelledby="contact">
            <h2 id="contact">{texts.contact}</h2>
            <dl class="facts">
                {contact(ContactKind::Phone, &account.phone, paths::PROFILE_PHONE, actions.confirm_phone, phone_way)}
                {(!by_email || account.email_suspended)
                    .then(|| contact(ContactKind::Email, &account.email, paths::PROFILE_EMAIL, actions.confirm_email, email_way))}
                {row(field, document, None, None, document.is_none().then_some((paths::PROFILE_DOCUMENT, add)))}
            </dl>
        </section>
    }
}

/// A page below Meu Perfil. Its heading is rendered by `draw`, since it may change with what that shows.
#[component]
fn OwnPage(title: &'static str, draw: fn(&Ui, &AccountView) -> AnyView) -> impl IntoView {
    view! {
        <PageTitle text=title />
        <div class="page narrow">
            <Back />
            <Owner heading=title draw />
        </div>
    }
    .into_any()
}

#[component]
fn Back() -> impl IntoView {
    let texts = &Ui::get().texts.pages.profile;
    view! {
        <a class="back" href=paths::PROFILE>
            {texts.back}
        </a>
    }
}
