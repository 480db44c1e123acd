//! Gives each refusal the error shape of each document (SPEC §3).

pub mod carona;
mod problem;
mod registration;
#[cfg(test)]
mod tests;

pub(super) use problem::problem_type;

use super::outcome;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{Extensions, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use portaria::error::{Field, FieldErrors, Refusal};
use portaria::purpose::CodeFor;
use serde_json::{Map, Value, json};
use std::convert::Infallible;
use text::Language;

/// Which document a path belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Contract {
    /// 003, 000 and 002 under `/api/auth`: problem details (RFC 9457).
    Problem,
    /// 001 under `/api`: `{error, campos}`.
    Registration,
    /// 004 under `/auth` and `/api/email-verification`: `{success, message, error}`.
    Carona,
}

/// The contracts answer in Portuguese whatever the pages' language: their texts are part of them.
fn texts() -> &'static text::Texts {
    Language::PtBr.texts()
}

impl Contract {
    /// The contract of a request: its route's, else the one with its path prefix.
    pub(in crate::http) fn of(extensions: &Extensions, path: &str) -> Self {
        extensions.get().copied().unwrap_or_else(|| Self::by_prefix(path))
    }

    /// The contract of a path that is no route, by its prefix.
    pub(in crate::http) fn by_prefix(path: &str) -> Self {
        match path.trim_end_matches('/') {
            "/api/register" | "/api/resend-verification" => Self::Registration,
            _ if path.starts_with("/auth/") || path.starts_with("/api/email-verification/") => Self::Carona,
            _ => Self::Problem,
        }
    }

    /// What this contract calls a field.
    pub(in crate::http) const fn field_name(self, field: Field) -> &'static str {
        match self {
            Self::Problem => field.api_name(),
            Self::Registration => field.registration_name(),
            Self::Carona => field.carona_name(),
        }
    }

    /// A refusal in this contract's shape, with `Retry-After` where there is something to wait for.
    pub(in crate::http) fn refuse(self, refusal: &Refusal) -> Response {
        self.refuse_as(refusal, &self.sentence(refusal))
    }

    /// The sentence of a refusal in this contract.
    pub(in crate::http) fn sentence(self, refusal: &Refusal) -> String {
        match self {
            Self::Carona => carona::sentence(refusal),
            Self::Problem | Self::Registration => sentence(refusal),
        }
    }

    /// Like [`Self::refuse`], with another sentence.
    pub(in crate::http) fn refuse_as(self, refusal: &Refusal, detail: &str) -> Response {
        self.answer(refusal, &self.body(refusal, detail))
    }

    /// The body of a refusal, with this sentence.
    pub(in crate::http) fn body(self, refusal: &Refusal, detail: &str) -> Value {
        let status = StatusCode::from_u16(refusal.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let errors = match refusal {
            Refusal::Invalid(errors) => Some(self.field_texts(errors)),
            _ => None,
        };
        match self {
            Self::Problem => problem::body(refusal, status, detail, errors),
            Self::Registration => registration::body(detail, errors),
            Self::Carona => carona::with_deletion(refusal, carona::body(carona::code(refusal), detail, errors)),
        }
    }

    /// The media type of a refusal.
    pub(in crate::http) const fn media_type(self) -> &'static str {
        if matches!(self, Self::Problem) { problem::MEDIA_TYPE } else { "application/json" }
    }

    /// A body with the status and the headers of a refusal.
    pub(in crate::http) fn answer(self, refusal: &Refusal, body: &Value) -> Response {
        let status = StatusCode::from_u16(refusal.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = (status, [(header::CONTENT_TYPE, self.media_type())], body.to_string()).into_response();
        outcome::mark(&mut response, refusal);
        if let Some(seconds) = refusal.retry_after() {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        if matches!(refusal, Refusal::NotSignedIn) {
            response.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        response
    }

    fn field_texts(self, errors: &FieldErrors) -> Value {
        let mut fields = Map::new();
        for (field, error) in errors.iter() {
            let text = Value::from(texts().field_error(field, error));
            if let Value::Array(list) = fields.entry(self.field_name(field)).or_insert_with(|| json!([])) {
                list.push(text);
            }
        }
        Value::Object(fields)
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Contract {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self::of(&parts.extensions, parts.uri.path()))
    }
}

/// The sentence for a refusal as a whole.
fn sentence(refusal: &Refusal) -> String {
    match refusal {
        // To a client, a blocked entry looks like a wrong one (SPEC §11).
        Refusal::CodeBlocked { .. } => texts().refusal(&Refusal::CodeRefused),
        _ => texts().refusal(refusal),
    }
}

/// The sentence for a refused code of this purpose.
pub(in crate::http) fn code_sentence(purpose: CodeFor) -> String {
    texts().code_refused(purpose).to_owned()
}
