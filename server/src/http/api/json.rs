//! JSON bodies, read by hand, field by field: a wrong type is reported at its field, together with all other errors. Unknown fields
//! are ignored (SPEC §3).

use crate::http::body::{self, JSON_LIMIT};
use crate::http::contract::Contract;
use crate::http::media;
use axum::extract::{FromRequest, Request};
use axum::response::Response;
use portaria::error::{FieldError, FieldErrors, Refusal};
use portaria::field::{Field, Input, Typed};
use portaria::journey::Ask;
use portaria::session::Token;
use serde_json::{Map, Value};

/// A byte order mark, with which some clients begin. A reader may skip it (RFC 8259 §8.1).
const BYTE_ORDER_MARK: &[u8] = "\u{feff}".as_bytes();

/// A JSON object.
pub struct JsonBody {
    contract: Contract,
    fields: Map<String, Value>,
    errors: FieldErrors,
}

/// Converts a number without a fraction, up to 2^53: beyond that, clients' numbers are not exact.
fn whole(number: f64) -> Option<i64> {
    const MOST: f64 = 9_007_199_254_740_992.0;
    #[expect(clippy::cast_possible_truncation, reason = "it has no fraction and is not too large")]
    let whole = number as i64;
    (number.fract() == 0.0 && number.abs() <= MOST).then_some(whole)
}

impl<S: Send + Sync> FromRequest<S> for JsonBody {
    type Rejection = Response;

    async fn from_request(request: Request, _: &S) -> Result<Self, Response> {
        // Its size and time were already limited (`http/layers/read_body.rs`).
        Self::read(request, JSON_LIMIT).await
    }
}

impl JsonBody {
    /// Reads a body of at most so many bytes, or answers in the shape of its path's contract.
    pub(super) async fn read(request: Request, limit: usize) -> Result<Self, Response> {
        let contract = Contract::of(request.extensions(), request.uri().path());
        if !media::is_json(request.headers()) {
            return Err(contract.refuse(&Refusal::UnsupportedMediaType));
        }
        let (parts, body) = request.into_parts();
        let bytes = body::collect(&parts, body, limit).await.map_err(|refusal| body::close(contract.refuse(&refusal)))?;
        let parse = move || serde_json::from_slice(bytes.strip_prefix(BYTE_ORDER_MARK).unwrap_or(&bytes)).ok();
        // Parsing a photo in base64 would block an async thread for too long.
        let parsed = if limit > JSON_LIMIT {
            tokio::task::spawn_blocking(parse).await.map_err(|_| contract.refuse(&Refusal::Unavailable))?
        } else {
            parse()
        };
        match parsed {
            Some(Value::Object(fields)) => Ok(Self { contract, fields, errors: FieldErrors::new() }),
            _ => Err(contract.refuse(&Refusal::Malformed)),
        }
    }

    /// A whole number that is not negative, however it is written (`3`, `3.0`, `3e0`); `None` if absent or null.
    pub(super) fn whole_number(&mut self, field: Field) -> Option<i64> {
        let value = self.value(field)?;
        let number = value.as_i64().or_else(|| whole(value.as_f64()?)).filter(|number| *number >= 0);
        if number.is_none() {
            self.errors.push(field, FieldError::WrongType);
        }
        number
    }

    fn value(&self, field: Field) -> Option<&Value> {
        self.fields.get(self.contract.field_name(field)).filter(|value| !value.is_null())
    }

    /// A text; `None` if absent or null.
    pub(super) fn text(&mut self, field: Field) -> Option<String> {
        match self.value(field) {
            None => None,
            Some(Value::String(text)) => Some(text.clone()),
            Some(_) => {
                self.errors.push(field, FieldError::WrongType);
                None
            }
        }
    }

    /// A text; absent and null are empty.
    pub(super) fn text_or_empty(&mut self, field: Field) -> String {
        self.text(field).unwrap_or_default()
    }

    /// A text of an update: `None` if absent; empty if null, which removes a value that may be removed.
    pub(super) fn offered(&mut self, field: Field) -> Option<String> {
        if self.is_null(field) { Some(String::new()) } else { self.text(field) }
    }

    /// Returns whether the field is present and null.
    pub(super) fn is_null(&self, field: Field) -> bool {
        self.fields.get(self.contract.field_name(field)).is_some_and(Value::is_null)
    }

    /// A required text, as a [`Token`], so that it is never printed.
    pub(super) fn secret(&mut self, field: Field) -> Token {
        let text = self.text_or_empty(field);
        if text.is_empty() && self.errors.of(field).next().is_none() {
            self.errors.push(field, FieldError::Required);
        }
        Token::new(text)
    }

    /// A boolean; false if absent or null.
    pub(super) fn flag(&mut self, field: Field) -> bool {
        match self.value(field) {
            None => false,
            Some(Value::Bool(flag)) => *flag,
            Some(_) => {
                self.errors.push(field, FieldError::WrongType);
                false
            }
        }
    }

    /// The first form that asks for these, as this contract names them.
    pub(super) fn first_form(&mut self, asked: &[Ask]) -> Typed {
        let asked = asked.iter().map(|ask| ask.field).chain([Field::Channel]);
        asked.fold(Typed::default(), |typed, field| match field.input() {
            Input::Check => typed.with_some(field, self.flag(field).then_some("true")),
            _ => typed.with_some(field, self.text(field)),
        })
    }

    /// Adds an error, unless the field has one already.
    pub(super) fn error_unless_told(&mut self, field: Field, error: FieldError) {
        if self.errors.of(field).next().is_none() {
            self.errors.push(field, error);
        }
    }

    /// Refuses if any type was wrong, together with the other errors; `others` returns those.
    pub(super) fn finish(self, others: impl FnOnce() -> Option<FieldErrors>) -> Result<(), Refusal> {
        if self.errors.is_empty() {
            return Ok(());
        }
        let mut errors = self.errors;
        for (field, error) in others().unwrap_or_default().iter() {
            if errors.of(field).next().is_none() {
                errors.push(field, error);
            }
        }
        errors.into_result()
    }
}
