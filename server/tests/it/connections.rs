//! Connections (SPEC §16), over real sockets and the listener that `serve` uses. These tests measure wall time; what takes seconds
//! in production takes fractions of a second here.

use crate::support::TestApp;
use crate::support::people::{EMAIL, PASSWORD, PHONE};
use axum::Router;
use axum::routing::{get, post};
use serde_json::json;
use server::listener::{self, ClientTimeouts, Settings};
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::sync::Notify;
use tokio::time::{sleep, timeout};

const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
/// Longer than anything here may take.
const NEVER: Duration = Duration::from_secs(20);

fn short() -> ClientTimeouts {
    let millis = Duration::from_millis;
    ClientTimeouts { head: millis(400), preface: millis(1200), idle: millis(900), body: millis(500), silence: millis(600), rate: 16_000 }
}

/// A listener with a few plain routes.
struct AppState {
    address: SocketAddr,
    stop: Arc<Notify>,
    served: tokio::task::JoinHandle<()>,
}

impl AppState {
    async fn start(change: impl FnOnce(&mut Settings)) -> Self {
        let app = Router::new()
            .route("/healthz", get(|| async { "ok" }))
            .route("/large", get(|| async { vec![b'x'; 64 << 20] }))
            .route("/slow", get(|| async { sleep(Duration::from_millis(1500)).await }))
            .route("/echo", post(|body: String| async { body }));
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let mut settings = Settings::new(listener::room(), Arc::default());
        settings.timeouts = short();
        change(&mut settings);
        let stop = Arc::new(Notify::new());
        let stopping = stop.clone();
        let served = tokio::spawn(async move { listener::serve(listener, app, settings, stopping.notified()).await });
        Self { address, stop, served }
    }

    async fn connect(&self) -> TcpStream {
        TcpStream::connect(self.address).await.expect("connected")
    }

    /// Does a health check and returns how long it takes.
    async fn health(&self) -> Duration {
        let began = Instant::now();
        let answer = ask(&mut self.connect().await, "/healthz", "close").await;
        assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
        began.elapsed()
    }
}

async fn ask(stream: &mut TcpStream, path: &str, connection: &str) -> String {
    let head = format!("GET {path} HTTP/1.1\r\nhost: x\r\nconnection: {connection}\r\n\r\n");
    stream.write_all(head.as_bytes()).await.expect("written");
    let mut answer = vec![0; 4096];
    let read = timeout(NEVER, stream.read(&mut answer)).await.expect("in time").expect("an answer");
    String::from_utf8_lossy(&answer[..read]).into_owned()
}

/// Measures how long the server keeps a connection on which the client sends nothing more.
async fn kept(mut stream: TcpStream) -> Duration {
    let began = Instant::now();
    let mut rest = Vec::new();
    let _ = timeout(NEVER, stream.read_to_end(&mut rest)).await.expect("it ends");
    began.elapsed()
}

#[track_caller]
fn expect_about(kept: Duration, expected: Duration, what: &str) {
    assert!(kept + Duration::from_millis(50) >= expected, "{what}: {kept:?}, not {expected:?}");
    assert!(kept < expected + Duration::from_millis(1500), "{what}: {kept:?}, not {expected:?}");
}

#[tokio::test]
async fn who_says_nothing_or_half_a_head_is_left_in_time() {
    let site = AppState::start(|_| {}).await;
    let half_head = b"GET /healthz HTTP/1.1\r\nhost: x\r\n";
    for said in [&b""[..], b"G", b"P", &PREFACE[..12], &PREFACE[..23], b"\r\n", half_head, b"\x16\x03\x01"] {
        let mut stream = site.connect().await;
        stream.write_all(said).await.expect("written");
        let kept = kept(stream).await;
        assert!(kept < Duration::from_millis(1900), "{:?}: {kept:?}", String::from_utf8_lossy(said));
    }
}

#[tokio::test]
async fn a_head_that_comes_a_byte_at_a_time_has_no_longer() {
    let site = AppState::start(|_| {}).await;
    let mut stream = site.connect().await;
    let began = Instant::now();
    for byte in std::iter::once(b"GET / HTTP/1.1\r\nx: ".as_slice()).chain(std::iter::repeat_n(b"y".as_slice(), 200)) {
        if stream.write_all(byte).await.is_err() {
            break;
        }
        sleep(Duration::from_millis(50)).await;
    }
    assert!(began.elapsed() < Duration::from_secs(5), "{:?}", began.elapsed());
}

#[tokio::test]
async fn a_whole_preface_of_http2_has_longer_to_its_first_request() {
    let site = AppState::start(|_| {}).await;
    // With and without the SETTINGS frame that follows it.
    for said in [PREFACE.to_vec(), [PREFACE, b"\0\0\0\x04\0\0\0\0\0"].concat()] {
        let mut stream = site.connect().await;
        stream.write_all(&said).await.expect("written");
        expect_about(kept(stream).await, short().preface, "a whole preface");
    }
    // A preface that arrives in two pieces counts as one.
    let mut stream = site.connect().await;
    stream.write_all(&PREFACE[..10]).await.expect("written");
    sleep(Duration::from_millis(100)).await;
    stream.write_all(&PREFACE[10..]).await.expect("written");
    expect_about(kept(stream).await, short().preface.saturating_sub(Duration::from_millis(100)), "a preface in two pieces");
}

#[tokio::test]
async fn http2_is_spoken() {
    let site = AppState::start(|_| {}).await;
    let client = reqwest::Client::builder().http2_prior_knowledge().build().expect("a client");
    let answer = client.get(format!("http://{}/healthz", site.address)).send().await.expect("an answer");
    assert_eq!((answer.status().as_u16(), answer.version()), (200, reqwest::Version::HTTP_2));
    let large = client.get(format!("http://{}/large", site.address)).send().await.expect("an answer");
    assert_eq!(large.bytes().await.expect("whole").len(), 64 << 20);
}

#[tokio::test]
async fn an_idle_connection_is_left_after_a_while_and_used_again_before() {
    let site = AppState::start(|_| {}).await;
    let mut stream = site.connect().await;
    for _ in 0..3 {
        assert!(ask(&mut stream, "/healthz", "keep-alive").await.starts_with("HTTP/1.1 200"));
        sleep(short().idle / 2).await;
    }
    assert!(ask(&mut stream, "/healthz", "keep-alive").await.starts_with("HTTP/1.1 200"));
    expect_about(kept(stream).await, short().idle, "an idle connection");
    // The next head, once begun, has as long as the first.
    let mut stream = site.connect().await;
    ask(&mut stream, "/healthz", "keep-alive").await;
    stream.write_all(b"GET /he").await.expect("written");
    expect_about(kept(stream).await, short().head, "half a second head");
}

#[tokio::test]
async fn who_never_reads_the_answer_is_left_and_who_reads_slowly_is_not() {
    let site = AppState::start(|_| {}).await;
    let small = async || {
        let socket = TcpSocket::new_v4().expect("a socket");
        socket.set_recv_buffer_size(16 * 1024).expect("a buffer");
        let mut stream = socket.connect(site.address).await.expect("connected");
        stream.write_all(b"GET /large HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n").await.expect("written");
        stream
    };
    let mut silent = small().await;
    let mut slow = small().await;
    let (mut got, mut piece) = (0, vec![0; 256 * 1024]);
    for _ in 0..20 {
        sleep(Duration::from_millis(100)).await;
        got += slow.read(&mut piece).await.expect("more");
    }
    assert!(got > 0);
    let mut rest = Vec::new();
    slow.read_to_end(&mut rest).await.expect("the rest");
    assert!(got + rest.len() > 64 << 20, "a slow reader gets all of it: {}", got + rest.len());
    // Two seconds have passed. The silent client gets only what was already on its way.
    let mut rest = Vec::new();
    let _ = timeout(NEVER, silent.read_to_end(&mut rest)).await.expect("it ends");
    assert!(rest.len() < 64 << 20, "{}", rest.len());
}

#[tokio::test]
async fn silent_connections_past_every_cap_keep_nobody_out() {
    let site =
        AppState::start(|settings| (settings.connections, settings.share, settings.timeouts) = (80, 20, ClientTimeouts::default())).await;
    let at_rest = site.health().await;
    let mut silent = Vec::new();
    for n in 0..200 {
        let mut stream = site.connect().await;
        stream.write_all(&PREFACE[..n % 24]).await.expect("written");
        silent.push(stream);
    }
    let under_them = site.health().await;
    assert!(under_them < at_rest + Duration::from_secs(1), "{at_rest:?}, then {under_them:?}");
}

#[tokio::test]
async fn who_waits_for_an_answer_is_not_sent_away_for_a_newcomer() {
    let site =
        AppState::start(|settings| (settings.connections, settings.share, settings.timeouts) = (8, 4, ClientTimeouts::default())).await;
    let mut waiting = site.connect().await;
    waiting.write_all(b"GET /slow HTTP/1.1\r\nhost: x\r\n\r\n").await.expect("written");
    sleep(Duration::from_millis(200)).await;
    let mut silent = Vec::new();
    for _ in 0..50 {
        silent.push(site.connect().await);
    }
    let mut answer = vec![0; 1024];
    let read = timeout(NEVER, waiting.read(&mut answer)).await.expect("in time").expect("an answer");
    assert!(answer[..read].starts_with(b"HTTP/1.1 200"));
}

#[tokio::test]
async fn where_everybody_waits_for_an_answer_a_newcomer_is_sent_away() {
    let site = AppState::start(|settings| (settings.connections, settings.share) = (2, 2)).await;
    let mut waiting = Vec::new();
    for _ in 0..2 {
        let mut stream = site.connect().await;
        stream.write_all(b"GET /slow HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n").await.expect("written");
        waiting.push(stream);
    }
    sleep(Duration::from_millis(200)).await;
    assert!(kept(site.connect().await).await < Duration::from_millis(300));
    for mut stream in waiting {
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.expect("an answer");
        assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    }
    site.health().await;
}

#[tokio::test]
async fn a_stop_finishes_what_is_being_answered_and_leaves_the_rest() {
    let site = AppState::start(|_| {}).await;
    let mut idle = site.connect().await;
    ask(&mut idle, "/healthz", "keep-alive").await;
    let mut waiting = site.connect().await;
    waiting.write_all(b"GET /slow HTTP/1.1\r\nhost: x\r\n\r\n").await.expect("written");
    sleep(Duration::from_millis(200)).await;
    site.stop.notify_one();
    expect_about(kept(idle).await, Duration::ZERO, "an idle connection");
    let mut answer = String::new();
    waiting.read_to_string(&mut answer).await.expect("an answer");
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    assert!(TcpStream::connect(site.address).await.is_err(), "nobody listens");
    timeout(NEVER, site.served).await.expect("it ends").expect("well");
}

// ── bodies

/// The whole site with short timeouts, and an account's access token.
async fn app_with_token(timeouts: ClientTimeouts) -> (TestApp, String) {
    let app = TestApp::start_listening(&[], |settings| settings.timeouts = timeouts).await;
    app.proved_teacher(EMAIL).await;
    let token = app.login(EMAIL, PASSWORD).await.expect(200).json()["accessToken"].as_str().expect("a token").to_owned();
    (app, token)
}

async fn raw(app: &TestApp) -> TcpStream {
    TcpStream::connect(app.url.trim_start_matches("http://")).await.expect("connected")
}

async fn answer_of(mut stream: TcpStream) -> String {
    let mut answer = Vec::new();
    let _ = timeout(NEVER, stream.read_to_end(&mut answer)).await.expect("it ends");
    String::from_utf8_lossy(&answer).into_owned()
}

fn patch(token: &str, length: usize) -> String {
    format!(
        "PATCH /api/auth/profile HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {token}\r\ncontent-type: application/json\r\n\
         content-length: {length}\r\nconnection: close\r\n\r\n"
    )
}

#[tokio::test]
async fn half_a_body_is_refused_in_the_contracts_shape_and_ends() {
    let app = TestApp::start_listening(&[], |settings| settings.timeouts = short()).await;
    let mut stream = raw(&app).await;
    let head = "POST /api/auth/login HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{";
    stream.write_all(head.as_bytes()).await.expect("written");
    let began = Instant::now();
    let answer = answer_of(stream).await;
    expect_about(began.elapsed(), short().body, "half a body");
    assert!(answer.starts_with("HTTP/1.1 400") && answer.contains("urn:portaria:problem:malformed"), "{answer}");
}

#[tokio::test]
async fn an_upload_takes_as_long_as_it_moves() {
    let (app, token) = app_with_token(short()).await;
    let body = json!({ "fullName": "Bia Dias", "x": "y".repeat(100_000) }).to_string();
    let mut stream = raw(&app).await;
    stream.write_all(patch(&token, body.len()).as_bytes()).await.expect("written");
    let began = Instant::now();
    for piece in body.as_bytes().chunks(8_000) {
        stream.write_all(piece).await.expect("written");
        sleep(Duration::from_millis(200)).await;
    }
    assert!(began.elapsed() > short().body * 3 && began.elapsed() > short().silence * 2);
    let answer = answer_of(stream).await;
    assert!(answer.starts_with("HTTP/1.1 200") && answer.contains("Bia Dias"), "{answer}");
}

#[tokio::test]
async fn an_upload_that_stands_still_or_crawls_is_ended() {
    let (app, token) = app_with_token(short()).await;
    let mut still = raw(&app).await;
    still.write_all(patch(&token, 1_000_000).as_bytes()).await.expect("written");
    still.write_all(&vec![b' '; 100_000]).await.expect("written");
    let began = Instant::now();
    let answer = answer_of(still).await;
    expect_about(began.elapsed(), short().silence, "a still upload");
    assert!(answer.starts_with("HTTP/1.1 400"), "{answer}");
    let mut crawling = raw(&app).await;
    crawling.write_all(patch(&token, 1_000_000).as_bytes()).await.expect("written");
    let began = Instant::now();
    while crawling.write_all(b"  ").await.is_ok() && began.elapsed() < Duration::from_secs(8) {
        sleep(Duration::from_millis(100)).await;
    }
    assert!(began.elapsed() < Duration::from_secs(5), "{:?}", began.elapsed());
}

#[tokio::test]
async fn an_upload_of_an_address_over_its_limit_is_refused_before_it_is_read() {
    let (app, token) = app_with_token(short()).await;
    // Guessed codes count towards the same limit, and cost no hash.
    let mut guesses = 0;
    while app.verify(PHONE, "123456").await.status != 429 {
        guesses += 1;
        assert!(guesses < 130);
    }
    let mut stream = raw(&app).await;
    // No byte of the body is sent.
    stream.write_all(patch(&token, 5_000_000).as_bytes()).await.expect("written");
    let answer = answer_of(stream).await;
    assert!(answer.starts_with("HTTP/1.1 429") && answer.contains("retry-after"), "{answer}");
    // A changed name is no upload.
    let small = app.anonymous().bearer(&token).raw("PATCH", "/api/auth/profile").json(&json!({ "fullName": "Bia Dias" }));
    app.anonymous().send_raw(small).await.expect(200);
}

/// Begins an upload without sending its body, and returns the first line of the answer. `100 Continue` means that the body is read.
async fn begin_upload(app: &TestApp, token: &str) -> (TcpStream, String) {
    let mut stream = raw(app).await;
    let head = patch(token, 5_000_000).replace("connection: close", "expect: 100-continue");
    stream.write_all(head.as_bytes()).await.expect("written");
    let mut answer = vec![0; 4096];
    let read = timeout(NEVER, stream.read(&mut answer)).await.expect("in time").expect("an answer");
    let line = String::from_utf8_lossy(&answer[..read]).lines().next().unwrap_or_default().to_owned();
    (stream, line)
}

#[tokio::test]
async fn one_address_uploads_so_much_at_once_and_the_next_costs_no_buffer() {
    let (app, token) = app_with_token(ClientTimeouts::default()).await;
    let mut uploads = Vec::new();
    for n in 0..6 {
        let (stream, line) = begin_upload(&app, &token).await;
        assert!(line.starts_with("HTTP/1.1 100"), "{n}: {line}");
        uploads.push(stream);
    }
    let (_, line) = begin_upload(&app, &token).await;
    assert!(line.starts_with("HTTP/1.1 503"), "{line}");
    drop(uploads);
    // The server notices in a moment that the uploads were broken off.
    let began = Instant::now();
    while !begin_upload(&app, &token).await.1.starts_with("HTTP/1.1 100") {
        assert!(began.elapsed() < NEVER, "there is room again");
    }
}
