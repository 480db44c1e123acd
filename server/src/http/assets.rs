//! Static files of the pages. Release builds embed them; debug builds read them from `target/site`.

use crate::http::media;
use crate::http::packed::Packed;
use axum::body::Body;
use axum::extract::{Path, Request};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use rust_embed::{Embed, EmbeddedFile};
use sha2::{Digest, Sha256};
use std::io;
use std::sync::LazyLock;

#[derive(Embed)]
#[folder = "../target/site"]
#[allow_missing = true]
struct Files;

/// A hash of all static files and of the script of the pages. It is part of their addresses, so that browsers may cache them for ever.
pub static VERSION: LazyLock<String> = LazyLock::new(|| {
    let mut names: Vec<_> = Files::iter().collect();
    names.sort();
    let mut digest = Sha256::new_with_prefix(app::script(""));
    for name in names {
        if let Some(file) = Files::get(&name) {
            digest.update(name.as_bytes());
            digest.update(file.metadata.sha256_hash());
        }
    }
    URL_SAFE_NO_PAD.encode(&digest.finalize()[..12])
});

/// Serves `/pkg/{version}/{file}`. Files of an older version are gone: the current file is served, with `no-cache`.
pub async fn pkg(Path((version, file)): Path<(String, String)>, request: Request) -> Response {
    file_response(&format!("pkg/{file}"), kept(&version), &request)
}

/// The script of the pages that do not have it within them.
static SCRIPT: LazyLock<io::Result<Packed>> = LazyLock::new(|| Packed::of(app::script(&VERSION)));

/// Serves the script of the pages, as [`pkg`] serves files.
pub async fn script(Path(version): Path<String>, asked: HeaderMap) -> Response {
    let Ok(packed) = &*SCRIPT else { return StatusCode::INTERNAL_SERVER_ERROR.into_response() };
    let headers = [(header::CONTENT_TYPE, mime_of("js")), (header::CACHE_CONTROL, kept(&version))];
    (headers, packed.accepted(&asked)).into_response()
}

/// How long browsers keep a file of a version. Of an older one there is only the current file.
fn kept(version: &str) -> &'static str {
    if version == *VERSION { "public, max-age=31536000, immutable" } else { "no-cache" }
}

/// The style sheet of the pages; `None`: they were not built.
pub fn style_sheet() -> Option<String> {
    String::from_utf8(Files::get("pkg/portaria.css")?.data.into_owned()).ok()
}

/// Serves a file of `style/assets` at the root of the site.
pub async fn root(request: Request) -> Response {
    let name = request.uri().path().trim_start_matches('/').to_owned();
    file_response(&name, "public, max-age=86400", &request)
}

/// Names of the files of `style/assets`; each has its own route.
pub fn root_files() -> Vec<String> {
    Files::iter().filter(|name| !name.contains('/') && !is_packed(name)).map(|name| name.to_string()).collect()
}

fn is_packed(name: &str) -> bool {
    [".br", ".gz"].iter().any(|ending| name.ends_with(ending))
}

/// The file, compressed if the browser accepts it; `make build` made the compressed files (`frontend/shorten.mjs`).
fn file_response(name: &str, cache: &'static str, request: &Request) -> Response {
    if is_packed(name) {
        return StatusCode::NOT_FOUND.into_response();
    }
    let Some(plain) = Files::get(name) else { return StatusCode::NOT_FOUND.into_response() };
    let packed = [("br", ".br"), ("gzip", ".gz")]
        .into_iter()
        .filter(|(coding, _)| media::accepts_coding(request.headers(), coding))
        .find_map(|(coding, ending)| Some((coding, Files::get(&format!("{name}{ending}"))?)));
    let (coding, file) = packed.map_or((None, plain), |(coding, file)| (Some(coding), file));
    let etag = format!("\"{}\"", URL_SAFE_NO_PAD.encode(&file.metadata.sha256_hash()[..12]));
    let known = request.headers().get(header::IF_NONE_MATCH).and_then(|value| value.to_str().ok()) == Some(etag.as_str());
    let mut response = if known { StatusCode::NOT_MODIFIED.into_response() } else { body_response(name, file) };
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(cache));
    headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    if let Ok(etag) = HeaderValue::from_str(&etag) {
        headers.insert(header::ETAG, etag);
    }
    if let Some(coding) = coding {
        headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(coding));
    }
    response
}

fn body_response(name: &str, file: EmbeddedFile) -> Response {
    // By the plain name: by its own name, a compressed file would count as an archive.
    let ending = name.rsplit_once('.').map_or("", |(_, ending)| ending);
    ([(header::CONTENT_TYPE, mime_of(ending))], Body::from(file.data)).into_response()
}

fn mime_of(ending: &str) -> &'static str {
    match ending {
        "js" => "text/javascript; charset=utf-8",
        "wasm" => "application/wasm",
        "css" => "text/css; charset=utf-8",
        "svg" => "image/svg+xml",
        "txt" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}
