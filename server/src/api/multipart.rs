//! `multipart/form-data`: a photo and the texts beside it, read while they stream and refused as soon as something is wrong
//! (SPEC §3, §11; ASVS 5.2.1).
//!
//! A part that the form does not have is refused, not ignored as in JSON: a photo sent as `foto` would be lost without a
//! word. Nothing of a client's file names or media types is looked at.

use super::contract::Contract;
use crate::middleware::body::{JSON_LIMIT, PATIENCE};
use crate::photos::MAX_BYTES;
use axum::body::Body;
use axum::extract::multipart::{Field as Part, MultipartError};
use axum::extract::{FromRequest, Multipart, Request};
use axum::http::{StatusCode, header};
use axum::response::Response;
use http_body_util::Limited;
use portaria::error::{Field, FieldError, Refusal};
use portaria::text::{Language, fill};

/// The whole body: a photo, and as much as any form beside it.
const BODY_LIMIT: usize = MAX_BYTES + JSON_LIMIT;

/// What came in.
pub(super) struct Form {
    texts: Vec<(Field, String)>,
    /// The photo, if one was chosen.
    pub photo: Option<Vec<u8>>,
}

impl Form {
    /// A text; empty if it did not come.
    pub(super) fn text(&mut self, field: Field) -> String {
        self.texts.iter_mut().find(|(name, _)| *name == field).map(|(_, text)| std::mem::take(text)).unwrap_or_default()
    }
}

/// Why a form was not read to its end.
enum Unreadable {
    MediaType,
    NoBoundary,
    Unnamed,
    Unknown,
    Twice(Field),
    Incomplete,
    TooSlow,
    TooLarge,
}

impl From<MultipartError> for Unreadable {
    fn from(error: MultipartError) -> Self {
        if error.status() == StatusCode::PAYLOAD_TOO_LARGE { Self::TooLarge } else { Self::Incomplete }
    }
}

/// Reads a form of these parts, or answers in the contract's shape.
pub(super) async fn read(contract: Contract, request: Request, parts: &[Field]) -> Result<Form, Response> {
    let read = tokio::time::timeout(PATIENCE, read_parts(contract, request, parts)).await;
    read.unwrap_or(Err(Unreadable::TooSlow)).map_err(|error| refuse(contract, parts, &error))
}

fn refuse(contract: Contract, parts: &[Field], error: &Unreadable) -> Response {
    let all = Language::PtBr.texts();
    let texts = &all.carona.form;
    let malformed = |sentence: &str| contract.refuse_as(&Refusal::Malformed, sentence);
    match error {
        Unreadable::MediaType => contract.refuse_as(&Refusal::UnsupportedMediaType, texts.media_type),
        // texts alone are never that large
        Unreadable::TooLarge => contract.refuse_as(&Refusal::TooLarge, &all.field_error(Field::Photo, FieldError::PhotoTooLarge)),
        Unreadable::NoBoundary => malformed(texts.no_boundary),
        Unreadable::Unnamed => malformed(texts.unnamed),
        Unreadable::Incomplete => malformed(texts.incomplete),
        Unreadable::TooSlow => malformed(texts.too_slow),
        Unreadable::Twice(field) => malformed(&fill(texts.twice, &[("field", contract.field_name(*field))])),
        Unreadable::Unknown => {
            let names: Vec<_> = parts.iter().map(|field| contract.field_name(*field)).collect();
            malformed(&fill(texts.unknown, &[("fields", &names.join(", "))]))
        }
    }
}

fn is_multipart(request: &Request) -> bool {
    let media = request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    media.split(';').next().is_some_and(|media| media.trim().eq_ignore_ascii_case("multipart/form-data"))
}

async fn read_parts(contract: Contract, request: Request, parts: &[Field]) -> Result<Form, Unreadable> {
    if !is_multipart(&request) {
        return Err(Unreadable::MediaType);
    }
    let declared = request.headers().get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse::<usize>().ok());
    if declared.is_some_and(|length| length > BODY_LIMIT) {
        return Err(Unreadable::TooLarge);
    }
    let request = request.map(|body| Body::new(Limited::new(body, BODY_LIMIT)));
    let mut multipart = Multipart::from_request(request, &()).await.map_err(|_| Unreadable::NoBoundary)?;
    let mut form = Form { texts: Vec::new(), photo: None };
    let mut seen = Vec::new();
    let mut text_bytes = 0;
    while let Some(part) = multipart.next_field().await? {
        let name = part.name().filter(|name| !name.is_empty()).ok_or(Unreadable::Unnamed)?;
        let field = parts.iter().copied().find(|field| contract.field_name(*field) == name).ok_or(Unreadable::Unknown)?;
        if seen.contains(&field) {
            return Err(Unreadable::Twice(field));
        }
        seen.push(field);
        if field == Field::Photo {
            let chosen = part.file_name().is_some_and(|name| !name.is_empty());
            let bytes = bytes_of(part, MAX_BYTES).await?;
            // what a browser sends for a file that nobody chose
            form.photo = (chosen || !bytes.is_empty()).then_some(bytes);
        } else {
            let bytes = bytes_of(part, JSON_LIMIT - text_bytes).await?;
            text_bytes += bytes.len();
            // what is no UTF-8 is nothing that any field takes
            form.texts.push((field, String::from_utf8(bytes).unwrap_or_else(|_| '\0'.to_string())));
        }
    }
    Ok(form)
}

/// A part's bytes, up to so many.
async fn bytes_of(mut part: Part<'_>, most: usize) -> Result<Vec<u8>, Unreadable> {
    let mut bytes = Vec::new();
    while let Some(chunk) = part.chunk().await? {
        if bytes.len() + chunk.len() > most {
            return Err(Unreadable::TooLarge);
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes)
}
