//! Other sites may not post (ASVS 3.5.1).

use super::{address, call, expect_shape, pages, server_functions};
use crate::support::people::{EMAIL, PASSWORD};
use crate::support::{Actor, TestApp};
use serde_json::json;
use server::http::routes;

/// Headers by which a browser says that another site asks.
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
            // what a form can send without a preflight
            let answer = foreign.post_raw(&address(route.path), "text/plain", "{}").await;
            assert_eq!(answer.status, 403, "{headers:?} {}: {}", route.path, answer.text);
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
    // the address bar
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
