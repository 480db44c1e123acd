//! What developers of other products read: `/api/openapi.json`, and the same as a page, `/api/docs`.

mod document;
mod page;
mod schemas;

pub use document::document;

use super::assets;
use super::contract::Contract;
use super::requester::RequestContext;
use super::state::AppState;
use app::Site;
use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use axum::{Extension, http::Method};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use flate2::Compression;
use flate2::write::GzEncoder;
use portaria::error::Refusal;
use sha2::{Digest, Sha256};
use std::io::Write;
use std::sync::{Arc, LazyLock, OnceLock};
use text::{Language, api_docs};

/// The page loads our own style sheets and script, and asks our own server.
const POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'none'; base-uri 'none'; \
     frame-ancestors 'none'",
);
static SCRIPT: LazyLock<File> = LazyLock::new(|| File::new(include_bytes!("api-docs.js").to_vec()));
static STYLE: LazyLock<File> = LazyLock::new(|| File::new(include_bytes!("api-docs.css").to_vec()));

/// What is made once, when it is first asked for.
#[derive(Clone)]
struct Documents {
    site: Site,
    public_url: Arc<str>,
    secure: bool,
    json: Arc<OnceLock<File>>,
    pages: Arc<[OnceLock<Bytes>; 2]>,
}

pub fn router(state: &AppState) -> Router {
    let documents = Documents {
        site: state.site.clone(),
        public_url: state.public_url.clone(),
        secure: state.secure_cookies,
        json: Arc::default(),
        pages: Arc::default(),
    };
    Router::new()
        .route("/api/openapi.json", get(json))
        .route("/api/docs", get(page))
        .route("/api-docs.js", get(async |headers: HeaderMap| SCRIPT.of_program("text/javascript; charset=utf-8", &headers)))
        .route("/api-docs.css", get(async |headers: HeaderMap| STYLE.of_program("text/css; charset=utf-8", &headers)))
        .method_not_allowed_fallback(async |contract: Contract, _: Method| contract.refuse(&Refusal::MethodNotAllowed))
        .with_state(documents)
}

/// The document. Any page may read it, like the public keys.
async fn json(State(documents): State<Documents>, headers: HeaderMap) -> Response {
    let made = documents.json.get_or_init(|| {
        let document = document(api_docs::texts(Language::PtBr), &documents.site, &documents.public_url, documents.secure);
        File::new(serde_json::to_vec(&document).unwrap_or_default())
    });
    let mut response = made.response("application/json", &headers);
    let own = response.headers_mut();
    own.insert(header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=600"));
    own.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    response
}

async fn page(State(documents): State<Documents>, Extension(context): Extension<RequestContext>) -> Response {
    let language = context.language;
    let kept = &documents.pages[usize::from(language != Language::PtBr)];
    let html = kept.get_or_init(|| {
        let words = api_docs::texts(language);
        let document = document(words, &documents.site, &documents.public_url, documents.secure);
        page::draw(words, &documents.site.brand, &document, &assets::VERSION).into()
    });
    ([(header::CONTENT_SECURITY_POLICY, POLICY)], Html(html.clone())).into_response()
}

/// A text that stays the same for as long as this program runs.
struct File {
    plain: Bytes,
    gzip: Bytes,
    etag: String,
}

impl File {
    fn new(plain: Vec<u8>) -> Self {
        let etag = format!("\"{}\"", URL_SAFE_NO_PAD.encode(&Sha256::digest(&plain)[..12]));
        let mut gzip = GzEncoder::new(Vec::new(), Compression::best());
        let packed = gzip.write_all(&plain).and_then(|()| gzip.finish()).unwrap_or_default();
        Self { plain: plain.into(), gzip: packed.into(), etag }
    }

    /// The answer with a file that is part of the program: the next release may have another, so browsers ask each time.
    fn of_program(&self, media: &'static str, asked: &HeaderMap) -> Response {
        let mut response = self.response(media, asked);
        response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
        response
    }

    /// The text, compressed if the client accepts it; nothing if the client has it.
    fn response(&self, media: &'static str, asked: &HeaderMap) -> Response {
        let text = |name| asked.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let accepts_gzip = text(header::ACCEPT_ENCODING).split(',').any(|it| it.split(';').next().is_some_and(|it| it.trim() == "gzip"));
        let known = text(header::IF_NONE_MATCH).split(',').any(|it| it.trim().trim_start_matches("W/") == self.etag);
        let mut response = match (known, accepts_gzip) {
            (true, _) => StatusCode::NOT_MODIFIED.into_response(),
            (false, true) => ([(header::CONTENT_TYPE, media), (header::CONTENT_ENCODING, "gzip")], self.gzip.clone()).into_response(),
            (false, false) => ([(header::CONTENT_TYPE, media)], self.plain.clone()).into_response(),
        };
        let headers = response.headers_mut();
        headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
        if let Ok(etag) = HeaderValue::from_str(&self.etag) {
            headers.insert(header::ETAG, etag);
        }
        response
    }
}
