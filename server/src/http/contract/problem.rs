//! Refusals as problem details (RFC 9457): 003, 000, 002 and what is the product's own.

use axum::http::StatusCode;
use portaria::error::{Field, Refusal};
use serde_json::{Value, json};
use std::borrow::Cow;
use text::Language;

pub(super) const MEDIA_TYPE: &str = "application/problem+json";

/// The type of a problem, from the code of its refusal.
pub(in crate::http) fn problem_type(code: &str) -> String {
    format!("urn:portaria:problem:{code}")
}

pub(super) fn body(refusal: &Refusal, status: StatusCode, detail: &str, errors: Option<Value>) -> Value {
    let mut problem = json!({
        "type": problem_type(refusal.code()),
        "title": status.canonical_reason().unwrap_or("Error"),
        "status": status.as_u16(),
        "detail": with_contest(refusal, detail),
    });
    if let (Refusal::DeletionPending { deletes_at }, Some(problem)) = (refusal, problem.as_object_mut()) {
        problem.insert("deletesAt".to_owned(), json!(deletes_at));
    }
    if let (Some(errors), Some(problem)) = (errors, problem.as_object_mut()) {
        problem.insert("errors".to_owned(), errors);
    }
    if let (Refusal::ChannelResting { channels }, Some(problem)) = (refusal, problem.as_object_mut()) {
        let channels: Vec<&str> = channels.iter().map(|channel| channel.as_str()).collect();
        problem.insert("channels".to_owned(), json!(channels));
    }
    problem
}

/// A document that is taken can be contested (SPEC §16).
fn with_contest<'a>(refusal: &Refusal, detail: &'a str) -> Cow<'a, str> {
    match refusal {
        Refusal::Taken(Field::Cpf | Field::Cnpj) => {
            format!("{}. {}", detail.trim_end_matches('.'), Language::PtBr.texts().contest.taken_offer).into()
        }
        _ => detail.into(),
    }
}
