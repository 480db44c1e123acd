//! Meu Perfil, the sessions, and photos.

use super::auth::wrong_code;
use super::samples::{TOKEN, code_to_phone, profile, said};
use super::{Answer, Operation, Tag, by_phone};
use crate::http::api::bodies::{Session, Sessions};
use axum::http::StatusCode;
use portaria::error::{Field, FieldError, Refusal};
use portaria::journey::Kind;
use portaria::profile::takes;
use portaria::purpose::CodeFor;
use portaria::view::SessionView;
use utoipa::openapi::schema::{ObjectBuilder, Type};

pub fn show_profile() -> Operation {
    Operation::new("getProfile", Tag::Profile, |it| it.show_profile).answers(Answer::json(StatusCode::OK, &profile()))
}

pub fn update_profile() -> Operation {
    let of_some_kind = |field: &Field| Kind::ALL.iter().any(|kind| takes(*kind, *field));
    Operation::new("updateProfile", Tag::Profile, |it| it.update_profile)
        .may_take(Field::ALL.iter().copied().filter(of_some_kind))
        .may_take([Field::Version])
        .answers(Answer::json(StatusCode::OK, &profile()))
        .refuses([
            Refusal::field(Field::Cpf, FieldError::Fixed),
            Refusal::ReauthenticationRequired,
            Refusal::Taken(Field::Cpf),
            Refusal::Taken(Field::Cnpj),
            Refusal::Taken(Field::Username),
            Refusal::Stale,
        ])
        .limited()
        .refuses([Refusal::Busy { retry_after: 2 }])
}

pub fn ask_own_phone() -> Operation {
    Operation::new("askOwnPhone", Tag::Profile, |it| it.ask_own_phone)
        .takes([Field::Phone])
        .by(by_phone())
        .answers(Answer::json(StatusCode::ACCEPTED, &code_to_phone(|texts| texts.code_sent)))
        .may_rest()
        .refuses([Refusal::ReauthenticationRequired, Refusal::Taken(Field::Phone)])
        .resends()
}

pub fn verify_own_phone() -> Operation {
    let operation = Operation::new("verifyOwnPhone", Tag::Profile, |it| it.verify_own_phone)
        .takes([Field::Phone, Field::Code])
        .answers(Answer::json(StatusCode::OK, &profile()))
        .refuses([Refusal::ReauthenticationRequired, Refusal::Taken(Field::Phone)])
        .limited();
    wrong_code(operation, CodeFor::PhoneChange)
}

pub fn list_sessions() -> Operation {
    let session = SessionView {
        id: TOKEN.to_owned(),
        current: true,
        device: "Chrome, Windows".to_owned(),
        address: "203.0.113.7".to_owned(),
        local: false,
        api: true,
        created_at: 1_790_000_000,
        last_used_at: 1_790_000_600,
    };
    let sessions = Sessions { sessions: vec![Session::from(&session)] };
    Operation::new("listSessions", Tag::Profile, |it| it.list_sessions).answers(Answer::json(StatusCode::OK, &sessions))
}

pub fn end_sessions() -> Operation {
    Operation::new("endOtherSessions", Tag::Profile, |it| it.end_sessions)
        .answers(Answer::json(StatusCode::OK, &said(|texts| texts.other_sessions_ended)))
}

pub fn end_session() -> Operation {
    Operation::new("endSession", Tag::Profile, |it| it.end_session)
        .answers(Answer::json(StatusCode::OK, &said(|texts| texts.session_ended)))
        .refuses([Refusal::NotFound])
}

pub fn photo() -> Operation {
    let bytes = || ObjectBuilder::new().schema_type(Type::String).content_encoding("binary");
    let answer =
        Answer::new(StatusCode::OK).or("image/jpeg", bytes()).or("image/png", bytes()).header("Cache-Control", |it| it.cache_control);
    Operation::new("photo", Tag::Public, |it| it.photo).answers(answer).refuses([Refusal::NotFound])
}
