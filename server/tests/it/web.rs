//! What applies to every request: methods, media types, sizes, origins, headers, and hostile values.

use crate::support::people::{EMAIL, PASSWORD, PHONE, client, client_form, teacher};
use crate::support::{Actor, Answer, TestApp};
use serde_json::{Value, json};
use server::http::contract::Contract;
use server::http::pages::Holds;
use server::http::routes::{Access, Reads, Route};
use server::http::{PAGES, routes};

/// Fills in the parameters of a route's or page's path.
fn address(path: &str) -> String {
    path.replace("{email}", "ana@example.com").replace("{id}", &"a".repeat(43)).replace("{slug}", "client")
}

/// Routes that take a JSON body of the usual size.
fn json_routes() -> impl Iterator<Item = &'static Route> {
    routes().iter().filter(|route| route.reads == Reads::Json)
}

/// The address of every page, and whether it needs a session.
fn pages() -> Vec<(String, bool)> {
    let mut pages = Vec::new();
    for page in &PAGES {
        let token = if page.holds == Holds::Nothing { "" } else { "?token=x" };
        pages.push((format!("{}{token}", address(page.path)), page.guarded));
    }
    for more in ["/register/teacher", "/register/company", "/register/carona", "/login?by=code"] {
        pages.push((more.to_owned(), false));
    }
    pages
}

/// The paths of all server functions, from their own registry.
fn server_functions() -> Vec<&'static str> {
    let paths: Vec<_> = leptos::server_fn::axum::server_fn_paths().map(|(path, _)| path).filter(|path| path.starts_with("/sf/")).collect();
    assert!(paths.len() > 30, "{paths:?}");
    paths
}

/// Asks for a page as a browser does.
async fn page(app: &TestApp, path: &str) -> Answer {
    app.anonymous().header("accept", "text/html").get(path).await
}

/// A browser with a session.
async fn signed_in(app: &TestApp) -> Actor<'_> {
    app.proved_teacher(EMAIL).await;
    let browser = app.anonymous().header("accept", "text/html");
    browser.form("/login", "sign_in", &[("identifier", EMAIL), ("password", PASSWORD)]).await.expect(303);
    browser
}

/// Every page, as somebody who may see it gets it.
async fn drawn(app: &TestApp) -> Vec<(String, Answer)> {
    let (owner, mut drawn) = (signed_in(app).await, Vec::new());
    for (path, guarded) in pages() {
        let answer = if guarded { owner.get(&path).await } else { page(app, &path).await };
        assert_ne!(answer.status, 303, "{path}");
        drawn.push((path, answer));
    }
    drawn
}

/// A body with the fields of every JSON route.
fn every_field() -> Value {
    json!({
        "nome": "Ana Souza", "fullName": "Ana Souza", "name": "Ana Souza", "tipo_usuario": "professor", "username": "ana.souza",
        "email": EMAIL, "phone": PHONE, "document": "52998224725", "channel": "", "termsAccepted": true,
        "senha": PASSWORD, "password": PASSWORD, "passwordConfirmation": PASSWORD, "newPassword": PASSWORD, "currentPassword": PASSWORD,
        "code": "123456", "token": "x", "refreshToken": "x", "resetToken": "x",
    })
}

/// Calls a route with a body that it can read.
async fn call(visitor: &Actor<'_>, route: &Route) -> Answer {
    let request = visitor.raw(route.method.as_str(), &address(route.path));
    visitor.send_raw(if route.method == "GET" { request } else { request.json(&every_field()) }).await
}

/// Expects a refusal in the contract's shape.
#[track_caller]
fn expect_shape(path: &str, contract: Contract, answer: Answer, status: u16) {
    assert_eq!(answer.status, status, "{path}: {}", answer.text);
    match contract {
        Contract::Problem => drop(answer.expect_problem(status)),
        Contract::Registration => {
            assert!(answer.header("content-type").starts_with("application/json"), "{path}: {}", answer.text);
            assert!(answer.json()["error"].as_str().is_some_and(|text| !text.is_empty()), "{path}: {}", answer.text);
        }
        Contract::Carona => {
            assert!(answer.header("content-type").starts_with("application/json"), "{path}: {}", answer.text);
            assert_eq!(answer.json()["success"], false, "{path}: {}", answer.text);
            assert!(answer.json()["error"]["code"].as_str().is_some_and(|code| !code.is_empty()), "{path}: {}", answer.text);
        }
    }
}

// ── method, media type, size, JSON

#[tokio::test]
async fn another_method_is_405_in_the_contracts_shape() {
    let app = TestApp::start().await;
    for route in routes() {
        let allowed: Vec<_> = routes().iter().filter(|it| it.path == route.path).map(|it| it.method.as_str()).collect();
        for method in ["GET", "POST", "PUT", "PATCH", "DELETE"].into_iter().filter(|method| !allowed.contains(method)) {
            let answer = app.anonymous().method(method, &address(route.path)).await;
            for allowed in &allowed {
                assert!(answer.header("allow").contains(allowed), "{method} {}: {:?}", route.path, answer.headers);
            }
            expect_shape(route.path, route.contract, answer, 405);
        }
    }
}

#[tokio::test]
async fn another_media_type_is_415_in_the_contracts_shape() {
    let app = TestApp::start().await;
    for route in json_routes() {
        let client = app.anonymous();
        for media in ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "application/xml", "jsonx"] {
            let request = client.raw(route.method.as_str(), route.path).header("content-type", media).body("{}");
            expect_shape(route.path, route.contract, client.send_raw(request).await, 415);
        }
        let answer = client.send_raw(client.raw(route.method.as_str(), route.path).body("{}")).await;
        expect_shape(route.path, route.contract, answer, 415);
    }
    // A media type with parameters or in capitals is still JSON.
    app.anonymous().post_raw("/api/auth/login", "Application/JSON; charset=utf-8", "{}").await.expect_problem(400);
}

#[tokio::test]
async fn a_body_that_is_no_json_object_is_400_in_the_contracts_shape() {
    let app = TestApp::start().await;
    let deep = format!("{}{}", "{\"a\":".repeat(5000), "}".repeat(5000));
    for route in json_routes() {
        let mut bodies = ["", "{", "[]", "null", "1", "\"a\"", "{\"email\":\"\\ud800\"}", "{} {}"].map(str::as_bytes).to_vec();
        // A byte order mark may be skipped; the content after it is still checked.
        bodies.extend([&b"\xef\xbb\xbf[]"[..], b"{\"email\":\"\xff\xfe\"}", deep.as_bytes()]);
        for body in bodies {
            let client = app.anonymous();
            let request = client.raw(route.method.as_str(), route.path).header("content-type", "application/json").body(body.to_vec());
            expect_shape(route.path, route.contract, client.send_raw(request).await, 400);
        }
    }
}

#[tokio::test]
async fn a_body_of_64_kib_is_read_and_one_byte_more_is_413_in_the_contracts_shape() {
    let app = TestApp::start().await;
    let body = |size: usize| format!("{{\"x\":\"{}\"}}", "y".repeat(size - 8));
    for route in json_routes() {
        let client = app.anonymous();
        let send = |size| {
            let request = client.raw(route.method.as_str(), route.path).header("content-type", "application/json");
            client.send_raw(request.body(body(size)))
        };
        assert_ne!(send(64 * 1024).await.status, 413, "{}", route.path);
        expect_shape(route.path, route.contract, send(64 * 1024 + 1).await, 413);
    }
}

#[tokio::test]
async fn a_body_without_a_length_is_refused_while_it_is_read() {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    let app = TestApp::start().await;
    let mut stream = tokio::net::TcpStream::connect(app.url.trim_start_matches("http://")).await.expect("connected");
    let head = "POST /api/auth/login HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n";
    stream.write_all(head.as_bytes()).await.expect("written");
    let piece = format!("4000\r\n{}\r\n", "x".repeat(0x4000));
    // The body never ends, and is answered all the same.
    for _ in 0..5 {
        stream.write_all(piece.as_bytes()).await.expect("written");
    }
    let mut answer = vec![0; 4096];
    let read = stream.read(&mut answer).await.expect("an answer");
    let answer = String::from_utf8_lossy(&answer[..read]);
    assert!(answer.starts_with("HTTP/1.1 413"), "{answer}");
    assert!(answer.contains("application/problem+json"), "{answer}");
}

#[tokio::test]
async fn whoever_sends_far_too_much_still_reads_the_answer() {
    let app = TestApp::start().await;
    for size in [100_000, 1_000_000, 8_000_000] {
        app.anonymous().post_raw("/api/auth/login", "application/json", "x".repeat(size)).await.expect_problem(413);
    }
}

#[tokio::test]
async fn a_form_too_large_is_413() {
    let app = TestApp::start().await;
    let long = "x".repeat(64 * 1024);
    app.anonymous().form("/login", "sign_in", &[("identifier", &long)]).await.expect(413);
    app.anonymous().post_raw("/sf/sign_in", "application/x-www-form-urlencoded", format!("{long}x")).await.expect(413);
}

#[tokio::test]
async fn an_unknown_path_is_404_in_the_shape_of_its_neighbours() {
    let app = TestApp::start().await;
    for path in ["/api/nothing", "/api/auth/nothing", "/api/auth/login/"] {
        app.anonymous().get(path).await.expect_problem(404);
        app.anonymous().post(path, json!({})).await.expect_problem(404);
    }
    for path in ["/auth/nothing", "/api/email-verification/nothing"] {
        let answer = app.anonymous().get(path).await.expect(404);
        assert_eq!((answer.json()["success"].as_bool(), answer.json()["error"]["code"].as_str()), (Some(false), Some("REQUEST_001")));
    }
}

#[tokio::test]
async fn an_unknown_page_is_a_404_page() {
    let app = TestApp::start().await;
    for path in ["/nowhere", "/register/carona/x", "/dashboard/x", "/.env", "/%2e%2e/etc/passwd", "/pkg/x/nothing.js"] {
        assert_eq!(page(&app, path).await.status, 404, "{path}");
    }
    let page = app.get("/nowhere").await.expect(404);
    assert!(page.text.contains("Página não encontrada") && page.text.contains("href=\"/\""), "{}", page.text);
}

#[tokio::test]
async fn a_kind_that_does_not_exist_is_a_404_page() {
    let app = TestApp::start().await;
    for path in ["/register/admin", "/register/%3Cb%3E"] {
        assert_eq!(page(&app, path).await.status, 404, "{path}");
    }
}

#[tokio::test]
async fn unknown_json_fields_are_ignored() {
    let app = TestApp::start().await;
    let mut body = client(PHONE);
    for (field, value) in [("id", json!(1)), ("kind", json!("admin")), ("phoneProvedAt", json!("2020-01-01")), ("role", json!(["root"]))] {
        body[field] = value;
    }
    app.post("/api/auth/register/client", body).await.expect(202);
    let code = app.code_to(PHONE).await;
    assert_eq!(app.verify(PHONE, &code).await.expect(201).json()["user"]["kind"], "cliente");
}

#[tokio::test]
async fn hostile_values_are_never_a_fault() {
    let app = TestApp::start_with(&[("TRUSTED_PROXIES", "127.0.0.1")]).await;
    let long = "a".repeat(10_000);
    let values: [Value; 12] = [
        json!("\u{0}"),
        json!("a\u{0}b@example.com"),
        json!(long),
        json!("😀".repeat(2_000)),
        json!("\u{202e}moc.elpmaxe@ana"),
        json!("محمد علي"),
        json!("' OR 1=1; drop table accounts; --"),
        json!("{{7*7}}${7*7}<%= 7*7 %>"),
        json!("../../etc/passwd"),
        json!(1e308),
        json!({ "$ne": null }),
        json!([[[]]]),
    ];
    let fields: Vec<String> = every_field().as_object().expect("an object").keys().cloned().collect();
    for (r, route) in json_routes().enumerate() {
        for (v, value) in values.iter().enumerate() {
            let body: Value = fields.iter().map(|field| (field.clone(), value.clone())).collect::<serde_json::Map<_, _>>().into();
            let visitor = app.anonymous().header("x-forwarded-for", &format!("10.0.{r}.{v}"));
            let answer = visitor.send_raw(visitor.raw(route.method.as_str(), route.path).json(&body)).await;
            assert!((400..500).contains(&answer.status), "{} {value:.60}: {} {}", route.path, answer.status, answer.text);
            assert!(answer.text.len() < 4_000, "{}: what was typed is not repeated", route.path);
        }
    }
}

#[tokio::test]
async fn hostile_headers_are_never_a_fault() {
    let app = TestApp::start().await;
    let long = "a".repeat(5_000);
    for (name, value) in [
        ("cookie", "portaria_session=; portaria_signup==;;; =x; portaria_language=%00"),
        ("cookie", long.as_str()),
        ("authorization", "Bearer"),
        ("authorization", "Bearer "),
        ("authorization", "Basic abc"),
        ("user-agent", long.as_str()),
        ("x-forwarded-for", ",,, ::::, 999.1.1.1"),
        ("accept-language", "tlh;q=9,*;q=x"),
        ("accept", "*/*;q=zzz"),
    ] {
        for path in ["/", "/login", "/register/client", "/api/auth/profile"] {
            let answer = app.anonymous().header(name, value).get(path).await;
            assert!(answer.status < 500, "{name} {path}: {}", answer.text);
        }
    }
    let client = app.anonymous();
    let odd = reqwest::header::HeaderValue::from_bytes(b"caf\xe9").expect("a value");
    client
        .send_raw(client.raw("GET", "/login").header("cookie", odd.clone()).header("referer", odd.clone()).header("accept", odd))
        .await
        .expect(200);
}

// ── other sites (ASVS 3.5.1)

/// The headers by which a browser says that another site sends the request.
const FOREIGN: [&[(&str, &str)]; 5] = [
    &[("sec-fetch-site", "cross-site"), ("origin", "https://evil.example")],
    &[("sec-fetch-site", "cross-site")],
    &[("sec-fetch-site", "same-site"), ("origin", "https://evil.portaria.example")],
    &[("origin", "https://evil.example")],
    &[("origin", "null")],
];

fn from_elsewhere<'a>(app: &'a TestApp, headers: &[(&str, &str)]) -> Actor<'a> {
    headers.iter().fold(app.anonymous(), |visitor, (name, value)| visitor.header(name, value))
}

#[tokio::test]
async fn another_sites_page_cannot_post_to_the_api() {
    let app = TestApp::start().await;
    for headers in FOREIGN {
        for route in routes().iter().filter(|route| !route.method.is_safe()) {
            let foreign = from_elsewhere(&app, headers);
            expect_shape(route.path, route.contract, call(&foreign, route).await, 403);
            // What a form can send without a preflight.
            let answer = foreign.post_raw(&address(route.path), "text/plain", "{}").await;
            assert_eq!(answer.status, 403, "{headers:?} {}: {}", route.path, answer.text);
        }
    }
}

// ── who may call it

#[tokio::test]
async fn a_stranger_is_401_where_a_session_is_needed_and_nowhere_else() {
    let app = TestApp::start_with(&[("TRUSTED_PROXIES", "127.0.0.1")]).await;
    app.ignore_messages();
    for (r, route) in routes().iter().enumerate() {
        let answer = call(&app.anonymous().header("x-forwarded-for", &format!("10.3.0.{r}")), route).await;
        match route.access {
            Access::Session | Access::RefreshToken => {
                assert_eq!(answer.header("www-authenticate"), "Bearer", "{}", route.path);
                expect_shape(route.path, route.contract, answer, 401);
            }
            Access::CompletionGrant => expect_shape(route.path, route.contract, answer, 403),
            Access::Anyone => {
                assert_eq!(answer.header("www-authenticate"), "", "{} {}: {}", route.method, route.path, answer.text);
            }
        }
    }
}

#[tokio::test]
async fn a_page_of_a_session_sends_a_stranger_to_the_login_and_no_other_page_does() {
    let app = TestApp::start().await;
    for (path, guarded) in pages() {
        for method in ["GET", "HEAD"] {
            let client = app.anonymous().header("accept", "text/html");
            let answer = client.method(method, &path).await;
            assert_eq!((answer.status == 303, answer.location() == "/login"), (guarded, guarded), "{method} {path}: {}", answer.status);
            assert!(!guarded || answer.text.is_empty(), "{path}: {}", answer.text);
        }
    }
}

#[tokio::test]
async fn another_sites_page_cannot_post_a_form() {
    let app = TestApp::start().await;
    for headers in FOREIGN {
        for ((path, _), form) in pages().into_iter().zip(app::FORMS.iter().cycle()) {
            let body = format!("_form={}&identifier=a&password=b", form.name);
            let answer = from_elsewhere(&app, headers).post_raw(&path, "application/x-www-form-urlencoded", body).await;
            assert_eq!(answer.status, 403, "{headers:?} {path}: {}", answer.text);
            assert!(answer.cookies().is_empty());
        }
    }
}

#[tokio::test]
async fn another_sites_page_cannot_call_a_server_function() {
    let app = TestApp::start().await;
    for headers in FOREIGN {
        for path in server_functions() {
            let answer = from_elsewhere(&app, headers).post_raw(path, "application/x-www-form-urlencoded", "").await;
            assert_eq!(answer.status, 403, "{headers:?} {path}: {}", answer.text);
        }
    }
}

#[tokio::test]
async fn a_signed_in_person_is_not_signed_out_by_another_site() {
    let app = TestApp::start().await;
    app.proved_teacher(EMAIL).await;
    let cookie = app
        .anonymous()
        .form("/login", "sign_in", &[("identifier", EMAIL), ("password", PASSWORD)])
        .await
        .expect(303)
        .cookie("portaria_session");
    let pair = cookie.split(';').next().expect("a pair");
    let foreign = from_elsewhere(&app, FOREIGN[0]).header("cookie", pair);
    foreign.post_raw("/dashboard", "application/x-www-form-urlencoded", "_form=sign_out").await.expect(403);
    app.anonymous().header("cookie", pair).get("/dashboard").await.expect(200);
}

#[tokio::test]
async fn a_client_that_is_no_browser_and_our_own_pages_may_post() {
    let app = TestApp::start().await;
    app.post("/api/auth/login", json!({})).await.expect_problem(400);
    let host = app.url.trim_start_matches("http://").to_owned();
    let ours = app.anonymous().header("origin", &format!("http://{host}"));
    ours.post("/api/auth/login", json!({})).await.expect_problem(400);
    let ours = app.anonymous().header("sec-fetch-site", "same-origin");
    ours.post("/api/auth/login", json!({})).await.expect_problem(400);
    // An address typed by the person.
    let typed = app.anonymous().header("sec-fetch-site", "none");
    typed.post("/api/auth/login", json!({})).await.expect_problem(400);
}

#[tokio::test]
async fn behind_a_proxy_that_changes_the_host_the_public_address_is_ours() {
    let app = TestApp::start_with(&[("PUBLIC_URL", "https://portaria.example")]).await;
    app.anonymous().header("origin", "https://portaria.example").post("/api/auth/login", json!({})).await.expect_problem(400);
    app.anonymous().header("origin", "https://portaria.example.evil.example").post("/api/auth/login", json!({})).await.expect_problem(403);
}

#[tokio::test]
async fn no_other_origin_is_let_in() {
    let app = TestApp::start().await;
    let foreign = app.anonymous().header("origin", "https://evil.example");
    for path in ["/", "/login", "/api/auth/profile"] {
        let answer = foreign.get(path).await;
        assert_eq!(answer.header("access-control-allow-origin"), "", "{path}");
        assert_eq!(answer.header("access-control-allow-credentials"), "", "{path}");
    }
    let keys = foreign.get("/.well-known/jwks.json").await.expect(200);
    assert_eq!(keys.header("access-control-allow-origin"), "*", "the public keys are for everybody");
}

// ── headers

#[tokio::test]
async fn every_answer_carries_the_security_headers() {
    let app = TestApp::start().await;
    app.ignore_messages();
    let mut answers = drawn(&app).await;
    for path in ["/nowhere", "/api/nothing", "/healthz", "/readyz", "/dashboard", "/dev/outbox", "/icon.svg", "/sf/nothing"] {
        answers.push((path.to_owned(), app.get(path).await));
    }
    for route in routes() {
        answers.push((route.path.to_owned(), call(&app.anonymous(), route).await));
    }
    for (path, answer) in answers {
        assert_eq!(answer.header("x-content-type-options"), "nosniff", "{path}");
        assert_eq!(answer.header("cross-origin-opener-policy"), "same-origin", "{path}");
        assert_eq!(answer.header("cross-origin-resource-policy"), "same-origin", "{path}");
        assert!(!answer.header("permissions-policy").is_empty(), "{path}");
        assert!(["same-origin", "no-referrer"].contains(&answer.header("referrer-policy")), "{path}");
        let policy = answer.header("content-security-policy");
        for part in ["default-src 'none'", "base-uri 'none'", "frame-ancestors 'none'"] {
            assert!(policy.contains(part), "{path}: {policy}");
        }
        assert!(!policy.contains("unsafe-inline") && !policy.contains("'unsafe-eval'"), "{path}: {policy}");
        assert_eq!(answer.header("server"), "", "{path}");
        assert_eq!(answer.header("x-powered-by"), "", "{path}");
    }
}

#[tokio::test]
async fn a_pages_scripts_run_by_a_nonce_that_is_new_each_time() {
    let app = TestApp::start().await;
    let mut nonces = std::collections::BTreeSet::new();
    for (path, page) in drawn(&app).await {
        let policy = page.header("content-security-policy").to_owned();
        let nonce = policy.split("'nonce-").nth(1).and_then(|rest| rest.split('\'').next()).unwrap_or_else(|| panic!("{path}: {policy}"));
        assert!(nonce.len() >= 16, "{nonce}");
        for tag in page.text.split("<script").skip(1) {
            let tag = tag.split('>').next().unwrap_or_default();
            assert!(tag.contains(&format!("nonce=\"{nonce}\"")) || tag.contains("src=\"/pkg/"), "{path}: <script{tag}>");
        }
        for forbidden in [" onclick=", " onload=", " onerror=", " style=\"", "<style", "javascript:"] {
            assert!(!page.text.contains(forbidden), "{path}: {forbidden}");
        }
        assert!(nonces.insert(nonce.to_owned()), "{path}: the nonce came before");
    }
}

#[tokio::test]
async fn pages_and_answers_are_not_kept_by_caches() {
    let app = TestApp::start().await;
    app.ignore_messages();
    for (path, page) in drawn(&app).await {
        assert_eq!(page.header("cache-control"), "no-store", "{path}");
    }
    for path in ["/dashboard", "/nowhere"] {
        assert_eq!(app.get(path).await.header("cache-control"), "no-store", "{path}");
    }
    for route in routes().iter().filter(|route| route.path != "/.well-known/jwks.json") {
        assert_eq!(call(&app.anonymous(), route).await.header("cache-control"), "no-store", "{} {}", route.method, route.path);
    }
}

#[tokio::test]
async fn pages_whose_address_holds_a_token_send_no_referrer() {
    let app = TestApp::start().await;
    for page in &PAGES {
        let path = format!("{}?token=x", address(page.path));
        let policy = if page.holds == Holds::Nothing { "same-origin" } else { "no-referrer" };
        let answer = app.anonymous().header("accept", "text/html").get(&path).await;
        assert_eq!(answer.header("referrer-policy"), policy, "{path}");
        // Also after a form on the page was refused.
        let answer = app.anonymous().post_raw(&path, "application/x-www-form-urlencoded", "_form=prove_link&token=x").await;
        assert_eq!(answer.header("referrer-policy"), policy, "POST {path}");
    }
}

#[tokio::test]
async fn pages_name_their_charset() {
    let app = TestApp::start().await;
    for (path, page) in drawn(&app).await {
        assert_eq!(page.header("content-type").to_lowercase(), "text/html; charset=utf-8", "{path}");
    }
}

#[tokio::test]
async fn over_plain_http_nobody_is_told_to_come_by_https_only() {
    let app = TestApp::start().await;
    assert_eq!(app.get("/login").await.header("strict-transport-security"), "");
}

// ── many at once

/// A page is rendered by whichever thread is free, and may change threads while it waits for its data. So nothing that it reads
/// afterwards may belong to one thread.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn pages_rendered_at_once_by_many_threads_all_come_out() {
    let app = TestApp::start_with(&[("TRUSTED_PROXIES", "127.0.0.1")]).await;
    let (pages, mut failed) = (pages(), Vec::new());
    for round in 0..20 {
        let asked = pages.iter().enumerate().map(|(n, (path, _))| {
            let visitor = app.anonymous().header("accept", "text/html").header("x-forwarded-for", &format!("10.1.{round}.{n}"));
            async move { (path, visitor.get(path).await) }
        });
        let answers = futures::future::join_all(asked).await;
        failed.extend(answers.into_iter().filter(|(_, answer)| answer.status >= 500).map(|(path, answer)| (path, answer.status)));
    }
    assert!(failed.is_empty(), "{} of {}: {failed:?}", failed.len(), 20 * pages.len());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn refused_forms_rendered_at_once_by_many_threads_all_come_out() {
    let app = TestApp::start_with(&[("TRUSTED_PROXIES", "127.0.0.1")]).await;
    let visitors: Vec<_> = (0..60).map(|n| app.anonymous().header("x-forwarded-for", &format!("10.2.0.{n}"))).collect();
    let form = [("slug", "client"), ("name", ""), ("phone", "1")];
    let answers = futures::future::join_all(visitors.iter().map(|visitor| visitor.form("/register/client", "sign_up", &form))).await;
    let failed = answers.iter().filter(|answer| answer.status != 400).count();
    assert_eq!(failed, 0, "of {}", answers.len());
}

// ── values that would be markup

const MARKUP: &str = "</script><img src=x onerror=alert(1)>\"'{{7*7}}";

#[tokio::test]
async fn a_name_full_of_markup_is_shown_as_it_is() {
    let app = TestApp::start().await;
    let browser = app.anonymous();
    let mut form = client_form(PHONE);
    form[1].1 = MARKUP;
    form[3].1 = EMAIL;
    browser.form("/register/client", "sign_up", &form).await.expect(303);
    let code = app.code_to(PHONE).await;
    let details = browser.get("/register/client?step=details").await.expect(200);
    for page in [details.text, browser.get("/register/client").await.expect(200).text] {
        assert!(!page.contains("<img src=x") && !page.contains("</script><img"), "{page}");
    }
    browser.form("/register/client", "prove_code", &[("code", &code)]).await.expect(303);
    let dashboard = browser.get("/dashboard").await.expect(200);
    assert!(dashboard.text.contains("&lt;img src=x onerror=alert(1)&gt;"), "{}", dashboard.text);
    assert!(!dashboard.text.contains("<img src=x") && !dashboard.text.contains("</script><img"), "{}", dashboard.text);
    let mail = app.email_to(EMAIL).await;
    let html = mail["html"].as_str().expect("HTML");
    assert!(!html.contains("<img src=x") && !html.contains("</script>"), "{html}");
    let outbox = app.get("/dev/outbox").await.expect(200);
    assert!(!outbox.text.contains("<img src=x"), "{}", outbox.text);
}

#[tokio::test]
async fn a_refused_form_full_of_markup_is_shown_as_it_is() {
    let app = TestApp::start().await;
    let fields: Vec<_> = ["name", "phone", "email", "cnpj", "institution", "identifier", "channel", "username"]
        .iter()
        .map(|field| (*field, MARKUP))
        .collect();
    for (path, form, slug) in [
        ("/register/client", "sign_up", "client"),
        ("/register/company", "sign_up", "company"),
        ("/login", "sign_in", ""),
        ("/resend-verification", "resend_link", ""),
    ] {
        let mut all = vec![("slug", slug)];
        all.extend(&fields);
        let page = app.anonymous().form(path, form, &all).await;
        assert!(page.status == 400 || page.status == 401, "{path}: {}", page.status);
        assert!(!page.text.contains("<img src=x") && !page.text.contains("</script><img"), "{path}: {}", page.text);
    }
}

#[tokio::test]
async fn a_query_full_of_markup_is_shown_nowhere() {
    let app = TestApp::start().await;
    let query = "%3C%2Fscript%3E%3Cimg%20src%3Dx%20onerror%3Dalert(1)%3E";
    let owner = signed_in(&app).await;
    for page in &PAGES {
        let path = address(page.path);
        for name in ["token", "notice", "next", "step", "by"] {
            let asked = format!("{path}?{name}={query}");
            let page = if page.guarded { owner.get(&asked).await } else { self::page(&app, &asked).await };
            assert!(!page.text.contains("<img src=x") && !page.text.contains("</script><img"), "{path}?{name}: {}", page.text);
        }
    }
}

#[tokio::test]
async fn names_of_every_script_come_back_as_they_were() {
    let app = TestApp::start().await;
    for (n, name) in ["محمد علي", "李小龍", "Zoë 👩‍🚀 Ñandú", "Nguyễn Thị Ánh", "O'Brien-Dïaz"].into_iter().enumerate()
    {
        let email = format!("n{n}@example.com");
        let mut body = teacher(&email);
        body["fullName"] = name.into();
        app.post("/api/auth/register/teacher", body).await.expect(201);
        app.open_link_to(&email).await.expect(200);
        assert_eq!(app.login(&email, PASSWORD).await.expect(200).json()["user"]["fullName"], name);
    }
}

// ── redirects

#[tokio::test]
async fn nothing_leads_away_from_us() {
    let app = TestApp::start().await;
    app.proved_teacher(EMAIL).await;
    for next in [
        "//evil.example",
        "https://evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "javascript:alert(1)",
        "/\t/evil.example",
        "http:evil.example",
        "",
    ] {
        let fields = [("language", "pt-BR"), ("next", next)];
        let answer = app.anonymous().form("/login", "choose_language", &fields).await.expect(303);
        assert_eq!(answer.location(), "/", "{next}");
        let fields = [("identifier", EMAIL), ("password", PASSWORD), ("next", next)];
        let answer = app.anonymous().form(&format!("/login?next={}", next.replace(['\\', '\t'], "")), "sign_in", &fields).await.expect(303);
        assert_eq!(answer.location(), "/dashboard", "{next}");
    }
    let fields = [("language", "en"), ("next", "/login?by=code")];
    assert_eq!(app.anonymous().form("/login", "choose_language", &fields).await.expect(303).location(), "/login?by=code");
    app.expect_message(EMAIL, "Novo acesso à sua conta").await;
}

#[tokio::test]
async fn a_server_function_called_by_a_plain_form_does_not_send_the_browser_to_its_referer() {
    let app = TestApp::start().await;
    for name in server_functions() {
        let client = app.anonymous();
        let request = client.raw("POST", name).header("accept", "text/html").header("referer", "https://evil.example/x?a=1");
        let answer = client.send_raw(request.header("content-type", "application/x-www-form-urlencoded").body("")).await;
        assert!(!answer.location().contains("evil.example"), "{name}: {}", answer.location());
    }
}

#[tokio::test]
async fn the_language_that_was_chosen_is_spoken() {
    let app = TestApp::start().await;
    let browser = app.anonymous();
    browser.form("/login", "choose_language", &[("language", "en"), ("next", "/login")]).await.expect(303);
    let page = browser.get("/login").await.expect(200);
    assert!(page.text.contains("<html lang=\"en\""), "{}", page.text);
    assert!(app.get("/login").await.text.contains("<html lang=\"pt-BR\""));
}

// ── server functions

#[tokio::test]
async fn a_server_function_called_with_garbage_is_no_fault_of_ours() {
    let app = TestApp::start_with(&[("TRUSTED_PROXIES", "127.0.0.1")]).await;
    let mut faults = Vec::new();
    for (n, name) in server_functions().into_iter().enumerate() {
        for (b, body) in ["", "garbage", "a=%zz%00&&&=&==", "code[]=1&token[a]=2", "{\"token\":1}", "\u{0}\u{1}"].into_iter().enumerate() {
            for media in ["application/x-www-form-urlencoded", "application/json", "text/plain"] {
                let visitor = app.anonymous().header("x-forwarded-for", &format!("10.0.{n}.{b}"));
                let answer = visitor.post_raw(name, media, body).await;
                if answer.status >= 500 {
                    faults.push(format!("{name} ({media}, {body:?}): {}", answer.status));
                }
            }
        }
    }
    assert!(faults.is_empty(), "{} of them: {:#?}", faults.len(), &faults[..faults.len().min(12)]);
}

#[tokio::test]
async fn an_unknown_server_function_is_404() {
    let app = TestApp::start().await;
    let answer = app.anonymous().post_raw("/sf/nothing", "application/x-www-form-urlencoded", "").await;
    assert_eq!(answer.status, 404, "{}", answer.text);
}

#[tokio::test]
async fn an_unknown_form_is_400_and_a_page() {
    let app = TestApp::start().await;
    for form in ["nothing", "", "</script>"] {
        let page = app.anonymous().form("/login", form, &[]).await.expect(400);
        assert!(page.header("content-type").starts_with("text/html"));
    }
}

// ── what only development has

#[tokio::test]
async fn the_outbox_of_development_does_not_exist_in_production() {
    let app = TestApp::start_with(&[("PORTARIA_ENV", "production"), ("PUBLIC_URL", "http://127.0.0.1")]).await;
    for path in ["/dev/outbox", "/dev/outbox.json"] {
        let answer = app.get(path).await.expect(404);
        assert!(!answer.text.contains("Mensagens de desenvolvimento"));
    }
    app.get("/login").await.expect(200);
    app.post("/api/auth/register/client", client(PHONE)).await.expect(202);
    assert_eq!(app.worker.deliver_due().await.expect("one pass"), 0);
    assert_eq!(app.count("select count(*) from captured_messages").await, 0);
}

#[tokio::test]
async fn health_and_readiness_answer() {
    let app = TestApp::start().await;
    app.get("/healthz").await.expect(200);
    app.get("/readyz").await.expect(200);
    app.pool.close().await;
    app.get("/healthz").await.expect(200);
    app.get("/readyz").await.expect(503);
}

#[tokio::test]
async fn without_its_database_every_contract_says_503_and_nothing_from_inside() {
    let app = TestApp::start_with(&[("TRUSTED_PROXIES", "127.0.0.1")]).await;
    app.pool.close().await;
    for (r, route) in routes().iter().enumerate().filter(|(_, route)| route.path != "/.well-known/jwks.json") {
        let client = app.anonymous().header("x-forwarded-for", &format!("10.4.0.{r}")).bearer("x");
        let answer = call(&client, route).await;
        for inside in ["sqlx", "pool", "database", "postgres"] {
            assert!(!answer.text.to_lowercase().contains(inside), "{}: {}", route.path, answer.text);
        }
        expect_shape(route.path, route.contract, answer, 503);
    }
    let page = app.anonymous().form("/login", "sign_in", &[("identifier", EMAIL), ("password", PASSWORD)]).await.expect(503);
    assert!(page.text.contains("Algo não funcionou do nosso lado"), "{}", page.text);
}
