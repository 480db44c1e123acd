//! `multipart/form-data`: a photo and the texts beside it, read as they stream in (SPEC §3, §11; ASVS 5.2.1).
//!
//! A form of the API is refused at the first error. A form of a page is read on past a photo that is too large, so that the
//! person gets the page back with what was typed. The photo's media type is ignored, and its file name tells only whether one
//! was chosen.
//!
//! A text has the charset that it declares itself, else that of `_charset_` (RFC 7578 §4.6), else that of the whole form (Apache
//! `HttpClient` declares it there), else UTF-8. An unknown charset counts as UTF-8.

use crate::http::body::{JSON_LIMIT, Paced};
use crate::http::media;
use crate::listener::ClientTimeouts;
use axum::body::Body;
use axum::extract::multipart::{Field as Part, MultipartError};
use axum::extract::{FromRequest, Multipart, Request};
use axum::http::{StatusCode, header};
use encoding_rs::{Encoding, UTF_8};
use http_body_util::Limited;
use portaria::field::{Field, Typed};
use portaria::limits::PHOTO_BYTES;

/// The name of the only part that is a file.
pub const PHOTO: &str = "photo";
/// The most bytes of a form of the API: a photo, and as much as any other form.
const BODY_LIMIT: usize = PHOTO_BYTES + JSON_LIMIT;
/// The most bytes that are read of a page's form, so that it can be answered: more than a phone's largest photo. The surplus of a
/// photo is discarded.
const PASSED_OVER: usize = 64 * 1024 * 1024;

#[derive(Default)]
pub struct Form {
    /// Names and values.
    pub texts: Vec<(String, String)>,
    /// The photo, if one was chosen.
    pub photo: Option<Vec<u8>>,
    /// Whether a photo was chosen, even if it could not be read.
    pub chosen: bool,
}

impl Form {
    /// The values of those fields that the form has; `name` gives the name of a field in this form.
    pub fn typed(&self, fields: impl IntoIterator<Item = Field>, name: impl Fn(Field) -> &'static str) -> Typed {
        let came = |field| self.texts.iter().find(|(key, _)| key == name(field)).map(|(_, text)| (field, text.clone()));
        fields.into_iter().filter_map(came).collect()
    }

    /// A text; empty if the form does not have it.
    pub fn text(&self, name: &str) -> String {
        self.texts.iter().find(|(key, _)| key == name).map(|(_, text)| text.clone()).unwrap_or_default()
    }
}

/// Why a form was not read to its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unreadable {
    /// Its `Content-Type` is another one.
    MediaType,
    /// It declares no boundary.
    NoBoundary,
    /// A part has no name.
    Unnamed,
    /// This part occurs twice.
    Twice(&'static str),
    /// The body ended in the middle of the form.
    Incomplete,
    /// It stalled, or was slower than [`ClientTimeouts`] allows.
    TooSlow,
    PhotoTooLarge,
    /// The texts beside the photo are too large, or the whole body is.
    TooLarge,
}

impl From<MultipartError> for Unreadable {
    fn from(error: MultipartError) -> Self {
        at(&error, Self::TooLarge)
    }
}

/// Maps an error in a part. If the whole body exceeds its limit, the part being read is the one that is too large.
fn at(error: &MultipartError, too_large: Unreadable) -> Unreadable {
    if error.status() == StatusCode::PAYLOAD_TOO_LARGE { too_large } else { Unreadable::Incomplete }
}

/// Reads a form of the API with these parts. The declared length is ignored: it does not tell whether the photo is the part that
/// is too large, and no more than [`BODY_LIMIT`] is read anyway.
pub async fn read(request: Request, parts: &[&'static str]) -> Result<Form, Unreadable> {
    let mut reading = Reading::new(BODY_LIMIT, false);
    reading.run(request, parts).await?;
    Ok(reading.form)
}

/// Reads a form of a page. Returns what could be read, and the error if there was one.
pub async fn read_of_page(request: Request, parts: &[&'static str]) -> (Form, Result<(), Unreadable>) {
    let mut reading = Reading::new(PASSED_OVER, true);
    let result = reading.run(request, parts).await;
    (reading.form, result)
}

/// The name of a part. One that cannot be read becomes `?`, which is no name of ours.
fn name_of<'part>(part: &'part Part<'_>) -> Option<&'part str> {
    let unreadable = || {
        let disposition = part.headers().get(header::CONTENT_DISPOSITION)?;
        disposition.as_bytes().iter().any(|byte| !byte.is_ascii()).then_some("?")
    };
    part.name().filter(|name| !name.is_empty()).or_else(unreadable)
}

/// Decodes a text. Invalid bytes yield a NUL character, which no field accepts.
fn decode(bytes: &[u8], charset: Option<String>) -> String {
    let encoding = charset.and_then(|label| Encoding::for_label_no_replacement(label.as_bytes())).unwrap_or(UTF_8);
    match encoding.decode(bytes) {
        (text, _, false) => text.into_owned(),
        (_, _, true) => '\0'.to_string(),
    }
}

struct Reading {
    form: Form,
    /// Name, undecoded bytes and declared charset of each text.
    texts: Vec<(&'static str, Vec<u8>, Option<String>)>,
    /// The charset of texts that declare none.
    charset: Option<String>,
    limit: usize,
    /// Whether to read on past a photo that is too large.
    read_on: bool,
}

impl Reading {
    const fn new(limit: usize, read_on: bool) -> Self {
        let form = Form { texts: Vec::new(), photo: None, chosen: false };
        Self { form, texts: Vec::new(), charset: None, limit, read_on }
    }

    async fn run(&mut self, request: Request, parts: &[&'static str]) -> Result<(), Unreadable> {
        if !media::is_multipart(request.headers()) {
            return Err(Unreadable::MediaType);
        }
        self.charset = request.headers().get(header::CONTENT_TYPE).and_then(|value| media::charset(value.to_str().ok()?));
        let timeouts = request.extensions().get::<ClientTimeouts>().copied().unwrap_or_default();
        let (head, body) = request.into_parts();
        let paced = Paced::new(body, timeouts);
        let was_slow = paced.was_slow();
        let request = Request::from_parts(head, Body::new(Limited::new(paced, self.limit)));
        let read = self.read_parts(request, parts).await;
        let charset = self.charset.take();
        let texts = std::mem::take(&mut self.texts).into_iter();
        self.form.texts = texts.map(|(name, bytes, own)| (name.to_owned(), decode(&bytes, own.or_else(|| charset.clone())))).collect();
        read.map_err(|error| if was_slow() { Unreadable::TooSlow } else { error })
    }

    async fn read_parts(&mut self, request: Request, parts: &[&'static str]) -> Result<(), Unreadable> {
        let mut multipart = Multipart::from_request(request, &()).await.map_err(|_| Unreadable::NoBoundary)?;
        let mut seen = Vec::new();
        let mut text_bytes = 0;
        while let Some(part) = multipart.next_field().await? {
            let name = name_of(&part).ok_or(Unreadable::Unnamed)?;
            let known = parts.iter().copied().find(|known| *known == name);
            let says_charset = name == "_charset_";
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
            let own = part.content_type().and_then(media::charset);
            let bytes = self.bytes_of(part, JSON_LIMIT - text_bytes, false).await?;
            text_bytes += bytes.len();
            if says_charset {
                self.charset = String::from_utf8(bytes).ok();
            } else if let Some(name) = known {
                self.texts.push((name, bytes, own));
            }
            // As in JSON, unknown fields are ignored.
        }
        Ok(())
    }

    async fn take_photo(&mut self, part: Part<'_>) -> Result<(), Unreadable> {
        self.form.chosen |= part.file_name().is_some_and(|name| !name.is_empty());
        let bytes = self.bytes_of(part, PHOTO_BYTES, true).await?;
        // A browser sends an empty part if no file was chosen.
        self.form.chosen |= !bytes.is_empty();
        self.form.photo = self.form.chosen.then_some(bytes);
        Ok(())
    }

    /// Reads up to `most` bytes of a part. Of a page's photo one byte more is kept: the use case then reports it as too large, together
    /// with the other errors.
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
