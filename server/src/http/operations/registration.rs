//! 001.

use super::{Answer, Operation, Tag};
use crate::http::api::bodies::{Mensagem, Registered};
use axum::http::StatusCode;
use portaria::error::{Field, FieldError, Refusal};
use portaria::journey::Kind;
use serde_json::json;
use text::Language;

pub fn register() -> Operation {
    let mensagem = Language::PtBr.texts().api.check_email;
    Operation::new("register", Tag::Registration, |it| it.register)
        .begins(Kind::Cliente.bare_journey())
        .takes([Field::Kind])
        .sample(
            "documento-001",
            "001",
            json!({ "nome": "João Silva", "email": "joao@example.com", "senha": "plaintext", "tipo_usuario": "cliente" }),
        )
        .answers(Answer::json(StatusCode::CREATED, &Registered { mensagem, user_id: 4_503_599_627_370 }).sample(
            "documento-001",
            Some("001"),
            json!({ "mensagem": "Verifique seu email para ativar sua conta", "user_id": 456 }),
        ))
        .refuses([Refusal::Taken(Field::Email), Refusal::field(Field::Password, FieldError::PasswordClasses)])
        .hashes()
}

pub fn resend_link() -> Operation {
    let mensagem = Language::PtBr.texts().api.link_sent_if_waiting;
    Operation::new("resendVerification", Tag::Registration, |it| it.resend_link)
        .takes([Field::Email])
        .answers(Answer::json(StatusCode::ACCEPTED, &Mensagem { mensagem }))
        .limited()
}
