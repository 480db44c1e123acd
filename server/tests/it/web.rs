//! What applies to every request: methods, media types, sizes, origins, headers, and hostile values.

mod bodies;
mod headers;
mod kept;
mod markup;
mod other_sites;
mod redirects;
mod server_functions;

use crate::support::people::{EMAIL, PASSWORD, PHONE, client};
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
            let to_login = answer.location() == app::paths::sign_in_for(&path);
            assert_eq!((answer.status == 303, to_login), (guarded, guarded), "{method} {path}: {}", answer.location());
            assert!(!guarded || answer.text.is_empty(), "{path}: {}", answer.text);
        }
    }
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

// ── what only development has

#[tokio::test]
async fn the_outbox_of_development_does_not_exist_in_production() {
    let app = TestApp::start_with(&[("PORTARIA_ENV", "production"), ("PUBLIC_URL", "http://127.0.0.1")]).await;
    for path in ["/dev/outbox", "/dev/outbox.json"] {
        let answer = app.get(path).await.expect(404);
        assert!(!answer.text.contains("Caixa de saída"));
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
    // A token that is none is refused without asking the database.
    let owner = app.teacher().await;
    app.pool.close().await;
    for (r, route) in routes().iter().enumerate().filter(|(_, route)| route.path != "/.well-known/jwks.json") {
        let client = app.anonymous().header("x-forwarded-for", &format!("10.4.0.{r}")).bearer(&owner.access);
        let answer = call(&client, route).await;
        for inside in ["sqlx", "pool", "database", "postgres"] {
            assert!(!answer.text.to_lowercase().contains(inside), "{}: {}", route.path, answer.text);
        }
        expect_shape(route.path, route.contract, answer, 503);
    }
    let page = app.anonymous().form("/login", "sign_in", &[("identifier", EMAIL), ("password", PASSWORD)]).await.expect(503);
    let shown = page.text.split("<template").next().unwrap_or_default();
    assert!(shown.contains("Algo não funcionou do nosso lado"), "{}", page.text);
}
