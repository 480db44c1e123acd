//! Our own routes: showing again who one is, contacts, a first password, contesting a document.

use super::auth::wrong_code;
use super::samples::{code_to_contact, profile, said};
use super::{Answer, Operation, Tag, by_phone};
use crate::http::api::bodies::{
    CodeToEmail, DeletionAsked, Export, ExportConsent, ExportedAccount, ExportedEvent, ExportedMessage, Message, Reauthenticated,
};
use axum::http::StatusCode;
use portaria::error::{Field, FieldError, Refusal};
use portaria::own_data::SCHEMA;
use portaria::purpose::CodeFor;
use text::Language;

pub fn reauthenticate() -> Operation {
    let texts = &Language::PtBr.texts().api;
    let fresh = Reauthenticated { message: texts.reauthenticated, fresh_until: 1_790_000_600 };
    Operation::new("reauthenticate", Tag::Profile, |it| it.reauthenticate)
        .may_take([Field::Password, Field::Code])
        .answers(Answer::json(StatusCode::OK, &fresh))
        .answers(Answer::json(StatusCode::ACCEPTED, &code_to_contact(texts.reauthentication_sent)))
        .refuses([Refusal::BadCredentials, Refusal::NotVerified, Refusal::Locked { retry_after: 900 }])
        .hashes()
        .refuses([Refusal::TooSoon { retry_after: 30 }])
}

pub fn ask_own_email() -> Operation {
    let message = Language::PtBr.texts().api.email_code_sent;
    let sent = CodeToEmail { message, email: "m***@escola.example".to_owned(), channel: "email", expires_in: 300, resend_in: 30 };
    Operation::new("askOwnEmail", Tag::Profile, |it| it.ask_own_email)
        .takes([Field::Email])
        .answers(Answer::json(StatusCode::ACCEPTED, &sent))
        .refuses([Refusal::ReauthenticationRequired])
        .refuses_as(Refusal::NotYours, Language::PtBr.texts().field_error(Field::Email, FieldError::Fixed))
        .resends()
}

pub fn verify_own_email() -> Operation {
    let operation = Operation::new("verifyOwnEmail", Tag::Profile, |it| it.verify_own_email)
        .takes([Field::Code])
        .answers(Answer::json(StatusCode::OK, &profile()))
        .refuses([Refusal::ReauthenticationRequired, Refusal::Taken(Field::Email)])
        .limited();
    wrong_code(operation, CodeFor::EmailChange)
}

pub fn first_password() -> Operation {
    Operation::new("setFirstPassword", Tag::Profile, |it| it.first_password)
        .takes_chosen(Field::NewPassword)
        .takes([Field::PasswordConfirmation])
        .answers(Answer::json(StatusCode::OK, &said(|texts| texts.password_set)))
        .refuses([Refusal::ReauthenticationRequired, Refusal::PasswordSet, Refusal::Stale])
        .hashes()
}

pub fn export_data() -> Operation {
    let text = str::to_owned;
    let at = || text("2026-11-28T12:00:00Z");
    let (address, user_agent) = (text("203.0.113.7"), text("Mozilla/5.0"));
    let accepted = ExportConsent {
        document: text("terms"),
        given_at: at(),
        version: Some(text("2026-11")),
        address: Some(address.clone()),
        ..ExportConsent::default()
    };
    let allowed = ExportConsent {
        document: text("product"),
        given_at: at(),
        product: Some(text("Loja Aurora")),
        scopes: Some(vec![text("openid"), text("email")]),
        ..ExportConsent::default()
    };
    let event = ExportedEvent { at: at(), event: text("user_updated"), outcome: text("ok"), address, user_agent };
    let file = Export {
        schema: text(SCHEMA),
        exported_at: at(),
        account: ExportedAccount::sample(profile()),
        photo: None,
        consents: vec![accepted, allowed],
        sessions: Vec::new(),
        messages: vec![ExportedMessage { at: at(), channel: text("email"), kind: text("password_changed") }],
        events: vec![event],
    };
    Operation::new("exportData", Tag::Profile, |it| it.export_data)
        .answers(Answer::json(StatusCode::OK, &file).header("Content-Disposition", |it| it.attachment))
        .refuses([Refusal::ReauthenticationRequired])
        .limited()
}

pub fn accept_terms() -> Operation {
    Operation::new("acceptTerms", Tag::Profile, |it| it.accept_terms)
        .takes([Field::TermsVersion])
        .answers(Answer::json(StatusCode::OK, &said(|texts| texts.terms_accepted)))
        .refuses([Refusal::field(Field::TermsVersion, FieldError::TermsNotInForce)])
}

pub fn block() -> Operation {
    let blocked = Message { message: Language::PtBr.texts().deletion.blocked };
    Operation::new("blockAccount", Tag::Profile, |it| it.block).answers(Answer::json(StatusCode::OK, &blocked))
}

pub fn ask_deletion() -> Operation {
    let asked = DeletionAsked { message: Language::PtBr.texts().deletion.asked, deletes_at: 1_791_209_600 };
    Operation::new("askDeletion", Tag::Profile, |it| it.ask_deletion)
        .answers(Answer::json(StatusCode::ACCEPTED, &asked))
        .refuses([Refusal::ReauthenticationRequired])
}

pub fn ask_contest() -> Operation {
    let texts = &Language::PtBr.texts().contest;
    Operation::new("askContest", Tag::Contest, |it| it.ask_contest)
        .takes([Field::Document])
        .may_take([Field::Email, Field::Phone])
        .by(by_phone())
        .answers(Answer::json(StatusCode::ACCEPTED, &code_to_contact(texts.sent)))
        .may_rest()
        .refuses([Refusal::field(Field::Email, FieldError::ContactRequired)])
        .resends()
}

pub fn verify_contest() -> Operation {
    let texts = &Language::PtBr.texts().contest;
    let operation = Operation::new("verifyContest", Tag::Contest, |it| it.verify_contest)
        .takes([Field::Document])
        .may_take([Field::Email, Field::Phone])
        .by(by_phone())
        .takes([Field::Code])
        .answers(Answer::json(StatusCode::OK, &Message { message: texts.begun }))
        .limited();
    wrong_code(operation, CodeFor::Contest)
}

pub fn keep_document() -> Operation {
    let texts = &Language::PtBr.texts().contest;
    Operation::new("keepDocument", Tag::Contest, |it| it.keep_document)
        .takes([Field::Token])
        .answers(Answer::json(StatusCode::OK, &Message { message: texts.mine_done }))
        .refuses([Refusal::LinkUnknown, Refusal::LinkLapsed])
        .limited()
}
