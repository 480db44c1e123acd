//! The request log: one line each, with an id that the answer and the audit have too, and nothing personal.

use crate::support::people::{EMAIL, PASSWORD, PHONE, client, teacher};
use crate::support::{Answer, SECRET, TestApp, link_in};
use base64::Engine as _;
use serde_json::{Value, json};
use server::config::Config;
use server::passwords::Passwords;
use server::run::Node;
use std::cell::RefCell;
use std::io;
use std::sync::{Arc, Mutex, Once};
use tower::ServiceExt as _;
use uuid::Uuid;

const OWN_ID: &str = "0190d9e6-5f3a-7c1e-8b8a-2f1f0c3d4e5f";
const CPF: &str = "52998224725";

thread_local! {
    static OF_THIS_THREAD: RefCell<Log> = RefCell::default();
}

/// The log of a test's thread, on which its server runs, too.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().expect("the log").extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Log {
    /// Starts the log as in production. All threads share one subscriber. With one for each thread, `tracing` would drop a line
    /// that was first reached on a thread without a subscriber.
    fn start() -> Self {
        static SUBSCRIBED: Once = Once::new();
        SUBSCRIBED.call_once(|| {
            let writer = || OF_THIS_THREAD.with_borrow(Self::clone);
            tracing_subscriber::fmt().with_writer(writer).json().flatten_event(true).init();
        });
        let log = Self::default();
        OF_THIS_THREAD.set(log.clone());
        log
    }

    fn text(&self) -> String {
        String::from_utf8(self.0.lock().expect("the log").clone()).expect("UTF-8")
    }

    fn lines(&self) -> Vec<Value> {
        self.text().lines().map(|line| serde_json::from_str(line).expect("a line of JSON")).collect()
    }

    /// The lines of requests.
    fn requests(&self) -> Vec<Value> {
        self.lines().into_iter().filter(|line| line["message"] == "request").collect()
    }

    /// The one line of the request with this answer.
    #[track_caller]
    fn line_of(&self, answer: &Answer) -> Value {
        let id = answer.header("x-request-id");
        let lines: Vec<_> = self.requests().into_iter().filter(|line| line["span"]["request_id"] == id).collect();
        assert_eq!(lines.len(), 1, "{id}: {lines:?}");
        lines[0].clone()
    }
}

fn named(line: &Value) -> [&Value; 4] {
    ["method", "route", "status", "outcome"].map(|name| &line[name])
}

#[tokio::test]
async fn a_request_has_one_line_with_its_route_and_outcome_and_its_account() {
    let log = Log::start();
    let app = TestApp::start().await;
    app.proved_teacher(EMAIL).await;
    let refused = app.login(EMAIL, "wrong-password").await.expect(401);
    let line = log.line_of(&refused);
    assert_eq!(named(&line), [&json!("POST"), &json!("/api/auth/login"), &json!(401), &json!("bad-credentials")]);
    assert!(line["ms"].is_u64(), "{line}");
    let login = app.login(EMAIL, PASSWORD).await.expect(200);
    let id = login.json()["user"]["id"].clone();
    let line = log.line_of(&login);
    assert_eq!(named(&line), [&json!("POST"), &json!("/api/auth/login"), &json!(200), &json!("ok")]);
    assert_eq!(line["account"], id, "{line}");
    let token = login.json()["accessToken"].as_str().expect("a token").to_owned();
    let profile = app.anonymous().bearer(&token).get("/api/auth/profile").await.expect(200);
    assert_eq!(log.line_of(&profile)["account"], id);
    for (path, route, status, outcome) in [
        ("/login", "/login", 200, "ok"),
        ("/register/nobody-of-that-kind", "/register/{slug}", 404, "not-found"),
        ("/api/auth/sessions?token=x", "/api/auth/sessions", 401, "not-signed-in"),
        ("/api/nothing/ana@example.com", "/api/{*rest}", 404, "not-found"),
        ("/nothing/ana@example.com", "none", 404, "not-found"),
        ("/verify?token=mangled", "/verify", 400, "link-unknown"),
    ] {
        let line = log.line_of(&app.get(path).await);
        assert_eq!(named(&line), [&json!("GET"), &json!(route), &json!(status), &json!(outcome)], "{path}");
        assert_eq!(line["account"], Value::Null, "{path}: {line}");
    }
}

#[tokio::test]
async fn a_refused_form_says_why_whether_the_page_or_its_wasm_sent_it() {
    let log = Log::start();
    let app = TestApp::start().await;
    let fields = [("identifier", EMAIL), ("password", "wrong-password")];
    let line = log.line_of(&app.anonymous().form("/login", "sign_in", &fields).await);
    assert_eq!(named(&line), [&json!("POST"), &json!("/login"), &json!(401), &json!("bad-credentials")]);
    let body = format!("identifier={EMAIL}&password=wrong-password");
    let line = log.line_of(&app.anonymous().post_raw("/sf/sign_in", "application/x-www-form-urlencoded", body).await);
    assert_eq!(named(&line), [&json!("POST"), &json!("/sf/sign_in"), &json!(200), &json!("bad-credentials")]);
    let foreign = app.anonymous().header("origin", "https://evil.example");
    let line = log.line_of(&foreign.post("/api/auth/login", json!({})).await);
    assert_eq!(named(&line), [&json!("POST"), &json!("/api/auth/login"), &json!(403), &json!("cross-site")]);
}

#[tokio::test]
async fn nothing_that_was_typed_and_no_token_is_in_the_log() {
    let log = Log::start();
    let app = TestApp::start().await;
    app.post("/api/auth/register/client", client(PHONE)).await.expect(202);
    let code = app.code_to(PHONE).await;
    app.verify(PHONE, &code).await.expect(201);
    app.post("/api/auth/register/teacher", teacher(EMAIL)).await.expect(201);
    let link = link_in(&app.newest_to(EMAIL).await);
    let link_token = link.split("token=").nth(1).expect("a token").to_owned();
    app.get(&format!("/verify?token={link_token}")).await;
    app.open_link_to(EMAIL).await.expect(200);
    let login = app.login(EMAIL, PASSWORD).await.expect(200).json();
    app.login(EMAIL, "Wrong-password-9").await.expect(401);
    let access = login["accessToken"].as_str().expect("a token");
    app.anonymous().bearer(access).get("/api/auth/profile").await.expect(200);
    app.post("/api/auth/recovery", json!({ "document": CPF })).await.expect(404);
    app.get(&format!("/register/{EMAIL}")).await;
    app.get(&format!("/api/auth/sessions/{CPF}")).await;
    app.anonymous().header("x-request-id", EMAIL).get("/login").await;
    app.anonymous().method("ANA-EXAMPLE", "/login").await;
    assert!(log.requests().len() > 12, "{}", log.text());
    // Random values may contain any six digits, so they are left out.
    let random = |mut line: Value| {
        for name in ["timestamp", "account", "span", "spans"] {
            line.as_object_mut().expect("an object").remove(name);
        }
        line.to_string()
    };
    let text = log.lines().into_iter().map(random).collect::<Vec<_>>().join("\n");
    let spans = log.lines().iter().map(|line| line["span"].to_string()).collect::<String>();
    let refresh = login["refreshToken"].as_str().expect("a token");
    let phone = PHONE.trim_start_matches("+55");
    for secret in [EMAIL, phone, CPF, &code, &link_token, access, refresh, PASSWORD, "Wrong-password-9", "ANA-EXAMPLE"] {
        assert!(!text.contains(secret), "{secret} in {text}");
        assert!(secret == code || !spans.contains(secret), "{secret} in {spans}");
    }
}

#[tokio::test]
async fn a_callers_uuid_is_taken_and_any_other_name_is_not() {
    let log = Log::start();
    let app = TestApp::start().await;
    let answer = app.anonymous().header("x-request-id", OWN_ID).post("/api/auth/login", json!({})).await.expect_problem(400);
    assert_eq!(answer.header("x-request-id"), OWN_ID);
    log.line_of(&answer);
    for path in ["/login", "/dashboard", "/nowhere", "/healthz", "/api/auth/profile", "/api/nothing"] {
        for junk in ["", "1", "x\"y", "0190d9e65f3a7c1e8b8a2f1f0c3d4e5f"] {
            let answer = app.anonymous().header("x-request-id", junk).get(path).await;
            let id = answer.header("x-request-id");
            assert!(id.len() == 36 && Uuid::try_parse(id).is_ok(), "{path}: {id}");
            log.line_of(&answer);
        }
    }
}

#[tokio::test]
async fn the_audit_row_and_the_fault_of_a_request_bear_its_id() {
    let log = Log::start();
    let app = TestApp::start().await;
    let caller = || app.anonymous().header("x-request-id", OWN_ID);
    caller().post("/api/auth/login", json!({ "email": EMAIL, "password": PASSWORD })).await.expect(401);
    let ids: Vec<Option<Uuid>> = sqlx::query_scalar("select request_id from audit").fetch_all(&app.pool).await.expect("the audit");
    assert_eq!(ids, [Some(Uuid::try_parse(OWN_ID).expect("a UUID"))]);
    app.pool.close().await;
    caller().get("/api/auth/profile").await;
    caller().bearer("x").post("/api/auth/login", json!({ "email": EMAIL, "password": PASSWORD })).await.expect(503);
    let faults: Vec<_> = log.lines().into_iter().filter(|line| line["level"] == "ERROR").collect();
    assert!(!faults.is_empty(), "{}", log.text());
    assert!(faults.iter().all(|fault| fault["span"]["request_id"] == OWN_ID), "{faults:?}");
}

#[tokio::test]
async fn who_is_connected_must_be_known_or_nothing_is_answered() {
    let app = TestApp::start().await;
    let secret = base64::engine::general_purpose::STANDARD.encode(SECRET);
    let settings = [("PUBLIC_URL".to_owned(), app.url.clone()), ("PORTARIA_SECRET".to_owned(), secret)];
    let config = Config::from_parts("", settings).expect("settings");
    let Node { site, .. } =
        Node::build(&config, app.pool.clone(), app.clock.clone(), Passwords::cheap().expect("a pool")).await.expect("a node");
    let request = axum::http::Request::get("/login").body(axum::body::Body::empty()).expect("a request");
    let answer = server::http::router::router(site).oneshot(request).await.expect("an answer");
    assert_eq!(answer.status(), 500);
    assert!(answer.headers().contains_key("x-request-id") && answer.headers().contains_key("content-security-policy"));
}
