//! `multipart/form-data`: a photo and the texts beside it, read while they stream (SPEC §3, §11; ASVS 5.2.1).
//!
//! An API's form is refused as soon as something is wrong. A page's is read on, as far as that makes sense: a person
//! whose photo was too large gets the page back with what was typed. Nothing of a client's file names or media types is
//! looked at.
//!
//! A text is in the charset that it says, else in that of `_charset_` (RFC 7578 §4.6), else in the one that the whole form says
//! (Apache `HttpClient` does), else in UTF-8, as one is that nobody knows.

use crate::http::body::{JSON_LIMIT, Paced};
use crate::http::media;
use crate::listener::Patience;
use axum::body::Body;
use axum::extract::multipart::{Field as Part, MultipartError};
use axum::extract::{FromRequest, Multipart, Request};
use axum::http::{StatusCode, header};
use encoding_rs::{Encoding, UTF_8};
use http_body_util::Limited;
use portaria::field::{Field, Typed};
use portaria::limits::PHOTO_BYTES;

/// The part that is a file.
pub const PHOTO: &str = "photo";
/// A whole body: a photo, and as much as any form beside it.
const BODY_LIMIT: usize = PHOTO_BYTES + JSON_LIMIT;
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
    /// What came of these fields, by the names that they have here.
    pub fn typed(&self, fields: impl IntoIterator<Item = Field>, name: impl Fn(Field) -> &'static str) -> Typed {
        let came = |field| self.texts.iter().find(|(key, _)| key == name(field)).map(|(_, text)| (field, text.clone()));
        fields.into_iter().filter_map(came).collect()
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
    /// It did not move any more, or hardly ([`Patience`]).
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

/// Reads an API's form of these parts. A declared length is not looked at: it does not tell whether the photo is what is too
/// large, and no more than [`BODY_LIMIT`] is read either way.
pub async fn read(request: Request, parts: &[&'static str]) -> Result<Form, Unreadable> {
    let mut reading = Reading::new(BODY_LIMIT, false);
    reading.run(request, parts).await?;
    Ok(reading.form)
}

/// Reads a page's form: gives what could be read, and what was wrong.
pub async fn read_of_page(request: Request, parts: &[&'static str]) -> (Form, Result<(), Unreadable>) {
    let mut reading = Reading::new(PASSED_OVER, true);
    let result = reading.run(request, parts).await;
    (reading.form, result)
}

/// The name of a part; one that cannot be read is no name of ours.
fn name_of<'part>(part: &'part Part<'_>) -> Option<&'part str> {
    let unreadable = || {
        let disposition = part.headers().get(header::CONTENT_DISPOSITION)?;
        disposition.as_bytes().iter().any(|byte| !byte.is_ascii()).then_some("?")
    };
    part.name().filter(|name| !name.is_empty()).or_else(unreadable)
}

/// A text in that charset; one that is not what it says is nothing that any field takes.
fn decode(bytes: &[u8], charset: Option<String>) -> String {
    let encoding = charset.and_then(|label| Encoding::for_label_no_replacement(label.as_bytes())).unwrap_or(UTF_8);
    match encoding.decode(bytes) {
        (text, _, false) => text.into_owned(),
        (_, _, true) => '\0'.to_string(),
    }
}

struct Reading {
    form: Form,
    /// As they came, with the charset that each says.
    texts: Vec<(&'static str, Vec<u8>, Option<String>)>,
    /// Of those that say none.
    charset: Option<String>,
    limit: usize,
    /// Past a photo that is too large.
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
        let patience = request.extensions().get::<Patience>().copied().unwrap_or_default();
        let (head, body) = request.into_parts();
        let paced = Paced::new(body, patience);
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
            // as in JSON, what this form does not have is passed over
        }
        Ok(())
    }

    async fn take_photo(&mut self, part: Part<'_>) -> Result<(), Unreadable> {
        self.form.chosen |= part.file_name().is_some_and(|name| !name.is_empty());
        let bytes = self.bytes_of(part, PHOTO_BYTES, true).await?;
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
