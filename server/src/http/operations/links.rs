//! 003: the link of the verification mail. Browsers get pages at the same path.

use super::samples::said;
use super::{Answer, Operation, Tag, Takes};
use axum::http::StatusCode;
use portaria::error::{Field, Refusal};
use text::api_docs::OperationWords;
use utoipa::openapi::schema::{ObjectBuilder, Type};

fn link(id: &'static str, summary: fn(&OperationWords) -> &'static str) -> Operation {
    let page = ObjectBuilder::new().schema_type(Type::String);
    let mut operation = Operation::new(id, Tag::Teacher, summary)
        .answers(Answer::json(StatusCode::OK, &said(|texts| texts.email_proved)).or("text/html", page))
        .answers(Answer::new(StatusCode::SEE_OTHER).header("Location", |it| it.location))
        .refuses([Refusal::LinkUnknown, Refusal::LinkLapsed, Refusal::Taken(Field::Email)])
        .limited();
    operation.query.push(Takes::new(Field::Token, true));
    operation.pages = true;
    operation
}

pub fn open_link() -> Operation {
    link("verifyEmail", |it| it.open_link)
}

pub fn post_link() -> Operation {
    link("confirmEmail", |it| it.post_link)
}
