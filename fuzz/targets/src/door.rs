//! The whole site, from request to response: routes, headers, cookies, JSON bodies, forms, server functions, pages.
//!
//! The database is closed, so that earlier requests cannot change the answer. A request that gets as far as a use case is answered with
//! 503.

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::{HeaderName, HeaderValue, Method, Request, Response, StatusCode, Uri, header};
use http_body_util::BodyExt;
use server::clock::Clock;
use server::config::{Config, Environment};
use server::db;
use server::passwords::Passwords;
use server::run::Node;
use server::tokens::Tokens;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};
use time::OffsetDateTime;
use tokio::runtime::{Builder, Runtime};
use tower::ServiceExt;

static PANICS: AtomicUsize = AtomicUsize::new(0);

pub(crate) struct Open {
    router: Router,
    pub(crate) tokens: Tokens,
    /// The time of the site's clock, which stands still.
    pub(crate) now: OffsetDateTime,
}

pub(crate) fn run<T>(work: impl Future<Output = T>) -> T {
    thread_local! {
        static RUNTIME: Runtime = Builder::new_current_thread().enable_all().build().expect("a runtime");
    }
    RUNTIME.with(|runtime| runtime.block_on(work))
}

/// Without it no production starts.
const BRAND: &str = "[brand]\nhelp = \"ajuda@portaria.example\"\ncontroller = \"Portaria Ltda.\"\nofficer = \"Helena Prado\"\nofficer_contact = \"privacidade@portaria.example\"";

/// Returns the site, built as the program builds it. Its database exists only until the keys have been loaded.
pub(crate) fn open() -> &'static Open {
    static OPEN: OnceLock<Open> = OnceLock::new();
    OPEN.get_or_init(|| {
        std::thread::spawn(|| Builder::new_current_thread().enable_all().build().expect("a runtime").block_on(build()))
            .join()
            .expect("a site")
    })
}

async fn build() -> Open {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/fuzz-site");
    let postgres = db::private::start(&folder, Environment::Development).await.expect("a private Postgres");
    let pool = db::connect(postgres.url()).await.expect("its database");
    db::MIGRATOR.run(&pool).await.expect("a schema");
    let settings = [
        ("PORTARIA_ENV", "production"),
        ("PUBLIC_URL", "https://portaria.example"),
        ("PORTARIA_SECRET", "BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc="),
        ("DATABASE_URL", "postgres://nobody@127.0.0.1:1/none"),
    ];
    let config = Config::from_parts(BRAND, settings.map(|(name, value)| (name.to_owned(), value.to_owned()))).expect("settings");
    let clock = Clock::manual(OffsetDateTime::from_unix_timestamp(1_795_000_000).expect("a time"));
    let now = clock.now();
    let Node { site, .. } = Node::build(&config, pool.clone(), clock, Passwords::new().expect("a pool")).await.expect("a node");
    pool.close().await;
    postgres.stop().await.expect("stopped");
    let before = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |info| {
        PANICS.fetch_add(1, Ordering::SeqCst);
        before(info);
    }));
    Open { tokens: site.tokens.clone(), router: server::http::router::router(site), now }
}

/// Parses a request: method and target, one header per line, an empty line, the body.
fn request(bytes: &[u8]) -> Option<Request<Body>> {
    let (head, body) = bytes.windows(2).position(|two| two == b"\n\n").map_or((bytes, &[][..]), |at| (&bytes[..at], &bytes[at + 2..]));
    let mut lines = head.split(|byte| *byte == b'\n');
    let first = lines.next()?;
    let (method, target) = first.split_at(first.iter().position(|byte| *byte == b' ')?);
    let mut request = Request::new(Body::from(body.to_vec()));
    *request.method_mut() = Method::from_bytes(method).ok()?;
    *request.uri_mut() = Uri::try_from(&target[1..]).ok()?;
    for line in lines {
        let Some(colon) = line.iter().position(|byte| *byte == b':') else { continue };
        let (name, value) = (HeaderName::from_bytes(&line[..colon]), HeaderValue::from_bytes(line[colon + 1..].trim_ascii()));
        if let (Ok(name), Ok(value)) = (name, value) {
            request.headers_mut().append(name, value);
        }
    }
    request.extensions_mut().insert(ConnectInfo(SocketAddr::from(([127, 0, 0, 1], 4711))));
    Some(request)
}

pub(crate) fn door(bytes: &[u8]) {
    let Some(request) = request(bytes) else { return };
    let open = open();
    let head = *request.method() == Method::HEAD;
    let asked = format!("{} {}", request.method(), request.uri());
    run(async {
        let panics = PANICS.load(Ordering::SeqCst);
        let response = open.router.clone().oneshot(request).await.expect("an answer");
        let (parts, body) = response.into_parts();
        let body = body.collect().await.expect("a whole body").to_bytes();
        assert_eq!(PANICS.load(Ordering::SeqCst), panics, "{asked}: something panicked");
        let response = Response::from_parts(parts, ());
        proper(&asked, &response);
        if !head {
            readable(&asked, &response, &body);
        }
    });
}

/// Checks what every response must have (ASVS 3.3, 3.4, 3.7.2, 16.5.1).
fn proper(asked: &str, response: &Response<()>) {
    let (status, headers) = (response.status(), response.headers());
    assert!(!status.is_server_error() || status == StatusCode::SERVICE_UNAVAILABLE, "{asked}: {status}");
    for name in ["x-content-type-options", "content-security-policy", "referrer-policy", "strict-transport-security", "cache-control"] {
        assert!(headers.contains_key(name), "{asked}: no {name}");
    }
    for cookie in headers.get_all(header::SET_COOKIE) {
        let cookie = cookie.to_str().expect("printable");
        let guarded = ["__Host-", "; HttpOnly", "; Secure", "; SameSite=", "; Path=/"].iter().all(|part| cookie.contains(part));
        assert!(guarded, "{asked}: {cookie}");
    }
    if let Some(location) = headers.get(header::LOCATION).map(|location| location.to_str().expect("printable")) {
        let own = location.starts_with('/') && !location.starts_with("//") && !location.starts_with("/\\");
        assert!(own || location.starts_with("https://portaria.example/"), "{asked}: leads to {location}");
    }
}

/// Checks that the body matches its content type and reveals no internals.
fn readable(asked: &str, response: &Response<()>, body: &[u8]) {
    let media = response.headers().get(header::CONTENT_TYPE).and_then(|media| media.to_str().ok()).unwrap_or_default();
    if media.starts_with("application/") && media.contains("json") {
        let json: serde_json::Value = serde_json::from_slice(body).unwrap_or_else(|_| panic!("{asked}: no JSON"));
        if response.status().is_client_error() && media == "application/problem+json" {
            assert_eq!(json["status"], response.status().as_u16(), "{asked}");
        }
    }
    if media.starts_with("text/html") {
        assert!(media.to_ascii_lowercase().contains("charset=utf-8") && std::str::from_utf8(body).is_ok(), "{asked}: {media}");
    }
    let text = String::from_utf8_lossy(body);
    for inside in ["sqlx", "PoolClosed", "panicked at", "src/", "stack backtrace"] {
        assert!(!text.contains(inside) || asked.contains(inside), "{asked}: speaks of {inside}");
    }
}
