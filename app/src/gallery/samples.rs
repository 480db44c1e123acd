//! Made-up people and answers.

use crate::first::First;
use crate::forms::{FormRoute, PostedForm, Reply};
use crate::server_fns::Known;
use crate::ui::Ui;
use leptos::context::Provider;
use leptos::prelude::*;
use portaria::check_up::{Accesses, PastAccess};
use portaria::error::{Field, FieldError, FieldErrors, Refusal};
use portaria::journey::Kind;
use portaria::message::Channel;
use portaria::profile::FreeTexts;
use portaria::view::{AccountView, SessionView};

/// 2026-11-30, in seconds since the epoch.
const NOW: i64 = 1_796_040_000;

/// A form of this page alone: nothing takes it.
pub const fn form(name: &'static str) -> FormRoute {
    FormRoute { name, endpoint: super::COMPONENTS, secrets: &[] }
}

/// Nobody is signed in.
pub fn first() -> First {
    First { known: Some(Known { channels: vec![Channel::WhatsApp, Channel::Sms], ..Known::default() }), ..First::default() }
}

/// Draws as on a page that answers a form.
pub fn answered(
    ui: &Ui,
    form: &'static str,
    values: &[(&str, &str)],
    reply: Reply,
    draw: impl FnOnce() -> AnyView + Send + 'static,
) -> AnyView {
    let values = values.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    let ui = ui.answering(PostedForm { form: form.to_owned(), values, reply });
    view! { <Provider value=ui>{draw()}</Provider> }.into_any()
}

/// A refusal with an error at each of these fields.
pub fn wrong(fields: &[(Field, FieldError)]) -> Reply {
    let mut errors = FieldErrors::new();
    for (field, error) in fields {
        errors.push(*field, *error);
    }
    Reply { refusal: Some(Refusal::Invalid(errors)), ..Reply::default() }
}

/// A client without a password, whose phone is not proved.
pub fn account(ui: &Ui) -> AccountView {
    AccountView {
        id: 1,
        kind: Kind::Cliente,
        name: ui.texts.pages.components.somebody.to_owned(),
        username: None,
        email: Some("ana@exemplo.com.br".to_owned()),
        email_proved: true,
        email_suspended: false,
        phone: Some("(11) *****-4321".to_owned()),
        whole_phone: None,
        phone_proved: false,
        phone_suspended: false,
        cpf: None,
        cnpj: None,
        texts: FreeTexts::default(),
        profile_complete: true,
        last_sign_in: None,
        birth_date: None,
        gender: None,
        state: None,
        city: None,
        photo: None,
        missing: Vec::new(),
        has_password: false,
        terms_pending: None,
        version: 1,
    }
}

/// Two devices.
pub fn sessions() -> Vec<SessionView> {
    let session = |id: &str, current, device: &str, address: &str| SessionView {
        id: id.to_owned(),
        current,
        device: device.to_owned(),
        address: address.to_owned(),
        local: false,
        api: !current,
        created_at: NOW - 86_400,
        last_used_at: NOW,
    };
    vec![session("a", true, "Firefox, Linux", "203.0.113.7"), session("b", false, "Chrome, Android", "203.0.113.9")]
}

pub fn accesses() -> Accesses {
    let previous = PastAccess {
        at: NOW - 86_400,
        device: "Chrome, Android".to_owned(),
        address: "203.0.113.9".to_owned(),
        local: false,
        failures_since: 2,
    };
    Accesses { sessions: sessions(), previous: Some(previous), is_young: false }
}
