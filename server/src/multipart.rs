//! `multipart/form-data`: a photo and the texts beside it, read while they stream (SPEC §3, §11; ASVS 5.2.1).
//!
//! An API's form is refused as soon as something is wrong. A page's is read on, as far as that makes sense: a person
//! whose photo was too large gets the page back with what was typed. Nothing of a client's file names or media types is
//! looked at.

use crate::middleware::body::{JSON_LIMIT, PATIENCE};
use crate::photos::MAX_BYTES;
use axum::body::Body;
use axum::extract::multipart::{Field as Part, MultipartError};
use axum::extract::{FromRequest, Multipart, Request};
use axum::http::{HeaderMap, StatusCode, header};
use http_body_util::Limited;

/// The part that is a file.
pub const PHOTO: &str = "photo";
/// A whole body: a photo, and as much as any form beside it.
const BODY_LIMIT: usize = MAX_BYTES + JSON_LIMIT;
/// As much as is read of a page's body to be able to answer it: more than a phone's largest photo. What is too much of it
/// is not kept.
const PASSED_OVER: usize = 64 * 1024 * 1024;

/// What came in.
#[derive(Default)]
pub struct Form {
    /// The texts, by their names.
    pub texts: Vec<(String, String)>,
    /// The photo, if one was chosen.
    pub photo: Option<Vec<u8>>,
    /// One was chosen.
    pub chosen: bool,
}

impl Form {
    /// Whether a text came.
    pub fn has(&self, name: &str) -> bool {
        self.texts.iter().any(|(key, _)| key == name)
    }

    /// A text; empty if it did not come.
    pub fn text(&self, name: &str) -> String {
        self.texts.iter().find(|(key, _)| key == name).map(|(_, text)| text.clone()).unwrap_or_default()
    }
}

/// Why a form was not read to its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unreadable {
    /// It says that it is something else.
    MediaType,
    /// It does not say what stands between its parts.
    NoBoundary,
    /// A part without a name.
    Unnamed,
    /// This part came before.
    Twice(&'static str),
    /// It ended before its end.
    Incomplete,
    /// It took longer than [`PATIENCE`].
    TooSlow,
    /// The photo.
    PhotoTooLarge,
    /// What stands beside the photo.
    TooLarge,
}

impl From<MultipartError> for Unreadable {
    fn from(error: MultipartError) -> Self {
        at(&error, Self::TooLarge)
    }
}

/// What an error in a part means: past the limit of the whole body, it is the part that is too large.
fn at(error: &MultipartError, too_large: Unreadable) -> Unreadable {
    if error.status() == StatusCode::PAYLOAD_TOO_LARGE { too_large } else { Unreadable::Incomplete }
}

/// Whether a request carries such a form.
pub fn is_multipart(headers: &HeaderMap) -> bool {
    let media = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    media.split(';').next().is_some_and(|media| media.trim().eq_ignore_ascii_case("multipart/form-data"))
}

/// Reads an API's form of these parts. A declared length is not looked at: it does not tell whether the photo is what is too
/// large, and no more than [`BODY_LIMIT`] is read either way.
pub async fn read(request: Request, parts: &[&'static str]) -> Result<Form, Unreadable> {
    let mut reading = Reading { form: Form::default(), limit: BODY_LIMIT, read_on: false };
    reading.run(request, parts).await?;
    Ok(reading.form)
}

/// Reads a page's form: gives what could be read, and what was wrong.
pub async fn read_of_page(request: Request, parts: &[&'static str]) -> (Form, Result<(), Unreadable>) {
    let mut reading = Reading { form: Form::default(), limit: PASSED_OVER, read_on: true };
    let result = reading.run(request, parts).await;
    (reading.form, result)
}

struct Reading {
    form: Form,
    limit: usize,
    /// Past a photo that is too large.
    read_on: bool,
}

impl Reading {
    async fn run(&mut self, request: Request, parts: &[&'static str]) -> Result<(), Unreadable> {
        let read = tokio::time::timeout(PATIENCE, self.read_parts(request, parts)).await;
        read.unwrap_or(Err(Unreadable::TooSlow))
    }

    async fn read_parts(&mut self, request: Request, parts: &[&'static str]) -> Result<(), Unreadable> {
        if !is_multipart(request.headers()) {
            return Err(Unreadable::MediaType);
        }
        let limit = self.limit;
        let request = request.map(|body| Body::new(Limited::new(body, limit)));
        let mut multipart = Multipart::from_request(request, &()).await.map_err(|_| Unreadable::NoBoundary)?;
        let mut seen = Vec::new();
        let mut text_bytes = 0;
        while let Some(part) = multipart.next_field().await? {
            let name = part.name().filter(|name| !name.is_empty()).ok_or(Unreadable::Unnamed)?;
            let known = parts.iter().copied().find(|known| *known == name);
            if let Some(name) = known {
                if seen.contains(&name) {
                    return Err(Unreadable::Twice(name));
                }
                seen.push(name);
            }
            if known == Some(PHOTO) {
                self.take_photo(part).await?;
                continue;
            }
            let bytes = self.bytes_of(part, JSON_LIMIT - text_bytes, false).await?;
            text_bytes += bytes.len();
            // as in JSON, what this form does not have is passed over
            if let Some(name) = known {
                // what is no UTF-8 is nothing that any field takes
                self.form.texts.push((name.to_owned(), String::from_utf8(bytes).unwrap_or_else(|_| '\0'.to_string())));
            }
        }
        Ok(())
    }

    async fn take_photo(&mut self, part: Part<'_>) -> Result<(), Unreadable> {
        self.form.chosen |= part.file_name().is_some_and(|name| !name.is_empty());
        let bytes = self.bytes_of(part, MAX_BYTES, true).await?;
        // what a browser sends for a file that nobody chose
        self.form.chosen |= !bytes.is_empty();
        self.form.photo = self.form.chosen.then_some(bytes);
        Ok(())
    }

    /// A part's bytes, up to so many. Of a page's photo one more is kept: whoever judges it says that it is too large, together
    /// with what else is wrong.
    async fn bytes_of(&self, mut part: Part<'_>, most: usize, photo: bool) -> Result<Vec<u8>, Unreadable> {
        let too_large = if photo { Unreadable::PhotoTooLarge } else { Unreadable::TooLarge };
        let mut bytes = Vec::new();
        while let Some(chunk) = part.chunk().await.map_err(|error| at(&error, too_large))? {
            let room = most - bytes.len().min(most);
            if chunk.len() <= room {
                bytes.extend_from_slice(&chunk);
            } else if self.read_on && photo {
                bytes.extend_from_slice(&chunk[..(room + 1).min(chunk.len())]);
                bytes.truncate(most + 1);
            } else {
                return Err(too_large);
            }
        }
        Ok(bytes)
    }
}
