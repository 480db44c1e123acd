//! What stands in examples. The values of the five documents are theirs, word for word.

use crate::http::api::bodies::{CodeToContact, CodeToPhone, Message, Profile, SignedIn};
use portaria::journey::Kind;
use portaria::profile::FreeTexts;
use portaria::view::AccountView;
use text::Language;
use text::api::Api;

/// A token of ours: 256 bits in URL-safe base64.
pub(in crate::http) const TOKEN: &str = "q83vEjRWeJCrze8SNFZ4kKvN7xI0VniQq83vEjRWeJA";
/// The beginning of a JWT, as document 004 shows it.
pub(super) const JWT: &str = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9...";

pub(super) fn said(sentence: impl FnOnce(&Api) -> &'static str) -> Message {
    Message { message: sentence(&Language::PtBr.texts().api) }
}

/// A teacher's profile.
pub(super) fn profile() -> Profile {
    Profile::of(
        "https://portaria.example",
        &AccountView {
            id: 4_503_599_627_370,
            kind: Kind::Professor,
            name: "Maria Souza".to_owned(),
            username: None,
            email: Some("maria@escola.example".to_owned()),
            email_proved: true,
            email_suspended: false,
            phone: None,
            whole_phone: None,
            phone_proved: false,
            phone_suspended: false,
            cpf: Some("***.982.247-**".to_owned()),
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
            terms_pending: None,
            has_password: true,
            version: 3,
        },
    )
}

pub(super) fn signed_in() -> SignedIn {
    SignedIn { access_token: JWT.to_owned(), refresh_token: TOKEN.to_owned(), user: profile(), expires_in: 86_400 }
}

pub(super) fn code_to_phone(sentence: impl FnOnce(&Api) -> &'static str) -> CodeToPhone {
    CodeToPhone {
        message: said(sentence).message,
        phone: "(11) *****-4321".to_owned(),
        channel: "whatsapp",
        expires_in: 300,
        resend_in: 30,
    }
}

pub(super) fn code_to_contact(message: &'static str) -> CodeToContact {
    CodeToContact { message, destination: "m***@escola.example".to_owned(), channel: "email", expires_in: 300, resend_in: 30 }
}
