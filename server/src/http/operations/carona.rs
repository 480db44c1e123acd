//! 004: Via Carona.

use super::auth::pending;
use super::samples::{JWT, TOKEN};
use super::{Answer, Operation, Tag};
use crate::http::api::bodies::{CaronaCodeSent, CaronaEmailVerified, CaronaRegistered, CaronaSignedIn, Envelope};
use crate::http::contract::carona::{sending_failed, texts};
use axum::http::StatusCode;
use portaria::error::{Field, FieldError, Refusal};
use portaria::journey::Kind;
use serde::Serialize;
use serde_json::{Value, json};
use utoipa::ToSchema;

const DOCUMENT: &str = "004";
const NAME: &str = "documento-004";
const EMAIL: &str = "usuario@email.com";

/// A success, with the document's own example.
fn envelope<T: ToSchema + Serialize>(status: StatusCode, message: &'static str, data: T, example: Value) -> Answer {
    Answer::enveloped(status, &Envelope { success: true, message, data }).sample(NAME, Some(DOCUMENT), example)
}

fn signed_in(message: &'static str, example: Value) -> Answer {
    envelope(StatusCode::OK, message, CaronaSignedIn { token: JWT.to_owned(), profile_complete: true }, example)
}

pub fn carona_register() -> Operation {
    let data = CaronaRegistered { message: texts().registered_detail, email: EMAIL.to_owned(), email_verification_required: true };
    let example = json!({
        "success": true,
        "message": "Cadastro realizado com sucesso",
        "data": {
            "message": "Usuário registrado com sucesso. Código de verificação enviado para o email.",
            "email": "usuario@email.com",
            "emailVerificationRequired": true,
        },
    });
    Operation::new("caronaRegister", Tag::Carona, |it| it.carona_register)
        .begins(Kind::Caronista.journey())
        .sample(
            NAME,
            DOCUMENT,
            json!({ "email": "usuario@email.com", "password": "senha12345", "name": "Rian Lucas", "username": "rianlucas" }),
        )
        .answers(envelope(StatusCode::CREATED, texts().registered, data, example))
        .refuses([Refusal::Taken(Field::Email), Refusal::Taken(Field::Username)])
        .refuses_with(Refusal::Unavailable, sending_failed())
        .hashes()
}

pub fn carona_verify() -> Operation {
    let data = CaronaEmailVerified {
        success: true,
        message: texts().email_verified_detail,
        email: EMAIL.to_owned(),
        signup_token: TOKEN.to_owned(),
    };
    let example = json!({
        "success": true,
        "message": "Email verificado",
        "data": { "success": true, "message": "Email verificado com sucesso!", "email": "usuario@email.com" },
    });
    Operation::new("caronaVerifyEmail", Tag::Carona, |it| it.carona_verify)
        .takes([Field::Email, Field::Code])
        .sample(NAME, DOCUMENT, json!({ "email": "usuario@email.com", "code": "12345678" }))
        .answers(envelope(StatusCode::OK, texts().email_verified, data, example).header("Set-Cookie", |it| it.proof_cookie))
        .refuses([Refusal::CodeRefused, Refusal::CodeLapsed, Refusal::Taken(Field::Email)])
        .limited()
}

pub fn carona_resend() -> Operation {
    let data = CaronaCodeSent { email: EMAIL.to_owned(), expires_in: 60, resend_in: 30 };
    let answer = Answer::enveloped(StatusCode::OK, &Envelope { success: true, message: texts().code_sent_if_waiting, data });
    Operation::new("caronaResendCode", Tag::Carona, |it| it.carona_resend)
        .takes([Field::Email])
        .sample(NAME, DOCUMENT, json!({ "email": "usuario@email.com" }))
        .answers(answer)
        .refuses_with(Refusal::Unavailable, sending_failed())
        .resends()
}

pub fn carona_complete() -> Operation {
    let example = json!({
        "success": true,
        "message": "Cadastro completo com sucesso",
        "data": { "token": "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9..." },
    });
    let asks = Kind::Caronista.journey().completion;
    let mut operation = Operation::new("caronaComplete", Tag::Carona, |it| it.carona_complete)
        .form(asks)
        .sample(
            NAME,
            DOCUMENT,
            json!({
                "phone": "11987654321", "birthDate": "2000-01-15", "gender": "M", "cpf": "12345678901", "state": "SP", "city": "São Paulo",
            }),
        )
        .answers(signed_in(texts().completed, example).header("Set-Cookie", |it| it.proof_cookie_cleared))
        .refuses([
            Refusal::field(Field::BirthDate, FieldError::DateShape),
            Refusal::Taken(Field::Cpf),
            Refusal::Taken(Field::Phone),
            Refusal::Taken(Field::Username),
            Refusal::Stale,
        ])
        .limited()
        .refuses([Refusal::Busy { retry_after: 2 }]);
    // Only who registered by 001 lacks one.
    for taken in operation.takes.iter_mut().filter(|taken| taken.field == Field::Username) {
        taken.required = false;
    }
    operation
}

pub fn carona_login() -> Operation {
    let example = json!({
        "success": true,
        "message": "Login realizado com sucesso",
        "data": { "token": "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9..." },
    });
    Operation::new("caronaLogin", Tag::Carona, |it| it.carona_login)
        .takes([Field::Identifier, Field::Password])
        .may_take([Field::CancelDeletion])
        .sample(NAME, DOCUMENT, json!({ "email": "usuario@email.com", "password": "senha12345" }))
        .answers(signed_in(texts().signed_in, example))
        .refuses([Refusal::BadCredentials, Refusal::NotVerified, Refusal::AccountBlocked, pending(), Refusal::Locked { retry_after: 900 }])
        .hashes()
}
