//! 002 and 003: a new password.

use super::samples::{TOKEN, said};
use super::{Answer, Operation, Tag};
use crate::http::api::bodies::{RecoveryCodes, ResetToken};
use crate::http::contract::code_sentence;
use axum::http::StatusCode;
use portaria::error::{Field, FieldError, Refusal};
use portaria::purpose::CodeFor;
use portaria::recovery::CHANNELS;
use serde_json::json;
use text::Language;

/// Message 1 of document 002.
fn changed() -> Answer {
    Answer::json(StatusCode::OK, &said(|texts| texts.password_changed)).sample(
        "mensagem-1",
        Some("002"),
        json!({ "message": "Senha alterada com sucesso!" }),
    )
}

pub fn ask_recovery() -> Operation {
    let sent = RecoveryCodes {
        message: Language::PtBr.texts().api.recovery_sent,
        destinations: vec!["m***@escola.example".to_owned()],
        channel: "email",
        expires_in: 300,
    };
    Operation::new("askRecovery", Tag::Recovery, |it| it.ask_recovery)
        .takes([Field::Document])
        .by(CHANNELS)
        .answers(Answer::json(StatusCode::OK, &sent))
        .refuses([Refusal::DocumentUnknown])
        .may_rest()
        .limited()
}

pub fn verify_recovery() -> Operation {
    Operation::new("verifyRecovery", Tag::Recovery, |it| it.verify_recovery)
        .takes([Field::Document, Field::Code])
        .answers(Answer::json(StatusCode::OK, &ResetToken { reset_token: TOKEN.to_owned(), expires_in: 600 }))
        .refuses_as(Refusal::field(Field::Code, FieldError::CodeWrong), code_sentence(CodeFor::Recovery))
        .limited()
}

pub fn reset_by_document() -> Operation {
    let mismatch = Refusal::field(Field::PasswordConfirmation, FieldError::PasswordMismatch);
    let sentence = Language::PtBr.texts().reset_refused(&mismatch);
    Operation::new("resetByDocument", Tag::Recovery, |it| it.reset_by_document)
        .takes([Field::ResetToken])
        .takes_chosen(Field::NewPassword)
        .takes([Field::PasswordConfirmation])
        .answers(changed())
        .refuses_as(mismatch, sentence)
        .hashes()
        .refuses([Refusal::Stale])
}

pub fn forgot_password() -> Operation {
    Operation::new("forgotPassword", Tag::Teacher, |it| it.forgot_password)
        .takes([Field::Email])
        .answers(Answer::json(StatusCode::ACCEPTED, &said(|texts| texts.reset_link_sent)))
        .limited()
}

pub fn reset_password() -> Operation {
    Operation::new("resetPassword", Tag::Teacher, |it| it.reset_password)
        .takes([Field::Token])
        .takes_chosen(Field::Password)
        .takes([Field::PasswordConfirmation])
        .answers(changed())
        .refuses([Refusal::field(Field::Password, FieldError::PasswordClasses), Refusal::LinkUnknown, Refusal::LinkLapsed, Refusal::Stale])
        .hashes()
}

pub fn change_password() -> Operation {
    Operation::new("changePassword", Tag::Teacher, |it| it.change_password)
        .takes([Field::CurrentPassword])
        .takes_chosen(Field::NewPassword)
        .takes([Field::PasswordConfirmation])
        .answers(changed())
        .refuses([Refusal::field(Field::CurrentPassword, FieldError::PasswordWrong), Refusal::Locked { retry_after: 900 }, Refusal::Stale])
        .hashes()
}
