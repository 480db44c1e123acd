//! 000 and 003: sign-up and sign-in.

use super::samples::{code_to_phone, said, signed_in};
use super::{Answer, Operation, Tag, by_phone};
use crate::http::api::auth::taken_sentence;
use crate::http::contract::code_sentence;
use axum::http::StatusCode;
use portaria::error::{Field, FieldError, Refusal};
use portaria::journey::Kind;
use portaria::purpose::CodeFor;
use serde_json::json;
use utoipa::openapi::schema::{ArrayBuilder, ObjectBuilder, Type};

/// A taken contact at a registration: the sentence points to sign-in and recovery (EX01).
fn taken(operation: Operation, field: Field) -> Operation {
    let refusal = Refusal::Taken(field);
    let sentence = taken_sentence(&refusal);
    operation.refuses_as(refusal, sentence)
}

/// The account's deletion was asked for.
pub(super) const fn pending() -> Refusal {
    Refusal::DeletionPending { deletes_at: 1_791_209_600 }
}

/// A code that is not accepted, in the sentence of its purpose.
pub(super) fn wrong_code(operation: Operation, purpose: CodeFor) -> Operation {
    operation.refuses_as(Refusal::field(Field::Code, FieldError::CodeWrong), code_sentence(purpose))
}

pub fn register_teacher() -> Operation {
    let operation = Operation::new("registerTeacher", Tag::Teacher, |it| it.register_teacher)
        .begins(Kind::Professor.journey())
        .answers(Answer::json(StatusCode::CREATED, &said(|texts| texts.check_email)))
        .refuses([Refusal::field(Field::Terms, FieldError::TermsRequired)])
        .hashes();
    taken(operation, Field::Email)
}

pub fn register_client() -> Operation {
    let operation = Operation::new("registerClient", Tag::Client, |it| it.register_client)
        .begins(Kind::Cliente.journey())
        .by(by_phone())
        .answers(Answer::json(StatusCode::ACCEPTED, &code_to_phone(|texts| texts.code_sent)))
        .refuses([Refusal::field(Field::Phone, FieldError::PhoneInvalid)])
        .may_rest()
        .hashes()
        .refuses([Refusal::TooSoon { retry_after: 30 }]);
    taken(taken(operation, Field::Phone), Field::Email)
}

pub fn verify_phone() -> Operation {
    let operation = Operation::new("verifyPhone", Tag::Client, |it| it.verify_phone)
        .takes([Field::Phone, Field::Code])
        .answers(Answer::json(StatusCode::CREATED, &signed_in()))
        .limited();
    taken(taken(wrong_code(operation, CodeFor::SignupPhone), Field::Phone), Field::Email)
}

pub fn resend_phone() -> Operation {
    Operation::new("resendPhoneCode", Tag::Client, |it| it.resend_phone)
        .takes([Field::Phone])
        .by(by_phone())
        .answers(Answer::json(StatusCode::ACCEPTED, &code_to_phone(|texts| texts.code_sent_if_waiting)))
        .may_rest()
        .resends()
}

pub fn login() -> Operation {
    Operation::new("login", Tag::Teacher, |it| it.login)
        .takes([Field::Identifier, Field::Password])
        .may_take([Field::Remember, Field::CancelDeletion])
        .answers(Answer::json(StatusCode::OK, &signed_in()))
        .refuses([Refusal::BadCredentials, Refusal::NotVerified, Refusal::AccountBlocked, pending(), Refusal::Locked { retry_after: 900 }])
        .hashes()
}

pub fn ask_login_code() -> Operation {
    Operation::new("askLoginCode", Tag::Client, |it| it.ask_login_code)
        .takes([Field::Phone])
        .by(by_phone())
        .answers(Answer::json(StatusCode::ACCEPTED, &code_to_phone(|texts| texts.login_code_sent)))
        .may_rest()
        .limited()
}

pub fn login_by_code() -> Operation {
    Operation::new("loginByCode", Tag::Client, |it| it.login_by_code)
        .takes([Field::Phone, Field::Code])
        .may_take([Field::Remember, Field::CancelDeletion])
        .answers(Answer::json(StatusCode::OK, &signed_in()))
        .refuses_as(Refusal::BadCredentials, code_sentence(CodeFor::LoginPhone))
        .refuses([Refusal::NotVerified, Refusal::AccountBlocked, pending(), Refusal::Locked { retry_after: 900 }])
        .limited()
}

pub fn logout() -> Operation {
    let answer = Answer::json(StatusCode::OK, &said(|texts| texts.signed_out)).header("Clear-Site-Data", |it| it.clear_site_data);
    Operation::new("logout", Tag::Teacher, |it| it.logout).answers(answer)
}

pub fn refresh() -> Operation {
    Operation::new("refreshToken", Tag::Teacher, |it| it.refresh)
        .takes([Field::RefreshToken])
        .answers(Answer::json(StatusCode::OK, &signed_in()))
        .limited()
}

pub fn jwks() -> Operation {
    let text = || ObjectBuilder::new().schema_type(Type::String);
    let key = ["kty", "kid", "alg", "use"].into_iter().fold(ObjectBuilder::new(), |key, name| key.property(name, text()).required(name));
    // Of Ed25519, and of RSA.
    let key = ["crv", "x", "n", "e"].into_iter().fold(key, |key, name| key.property(name, text()));
    let schema = ObjectBuilder::new().property("keys", ArrayBuilder::new().items(key)).required("keys");
    let answer = Answer::new(StatusCode::OK)
        .or("application/json", schema)
        .sample(
            "exemplo",
            None,
            json!({ "keys": [{ "kty": "OKP", "crv": "Ed25519", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo", "kid": "2026-11", "alg": "EdDSA", "use": "sig" }] }),
        )
        .header("Cache-Control", |it| it.cache_control);
    Operation::new("jwks", Tag::Public, |it| it.jwks).answers(answer)
}
