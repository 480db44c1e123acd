//! The headers of every answer.

use super::{address, call, drawn};
use crate::support::TestApp;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use server::http::assets;
use server::http::pages::Holds;
use server::http::{PAGES, routes};
use sha2::{Digest, Sha256};

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
async fn a_page_has_one_script_and_its_policy_names_what_stands_within_it() {
    let app = TestApp::start().await;
    for (path, page) in drawn(&app).await {
        let scripts: Vec<_> = page.text.split("<script").skip(1).filter_map(|script| script.split_once('>')).collect();
        let [(attributes, script)] = scripts[..] else { panic!("{path}: {} scripts", scripts.len()) };
        let script = script.split("</script>").next().unwrap_or_default();
        let policy = page.header("content-security-policy");
        // Script and style sheet stand within a page where the pages were built and nobody has them yet.
        if attributes.is_empty() {
            let hash = STANDARD.encode(Sha256::digest(script));
            assert!(policy.contains(&format!("script-src 'self' 'sha256-{hash}' 'wasm-unsafe-eval';")), "{path}: {policy}");
        } else {
            assert_eq!((attributes, script), (&*format!(" src=\"/pkg/{}/waking.js\" async", *assets::VERSION), ""), "{path}");
            assert!(policy.contains("script-src 'self' 'sha256-"), "{path}: {policy}");
        }
        for style in page.text.split("<style").skip(1).filter_map(|style| style.strip_prefix('>')?.split("</style>").next()) {
            let hash = STANDARD.encode(Sha256::digest(style));
            assert!(policy.contains(&format!("style-src 'self' 'sha256-{hash}';")), "{path}: {policy}");
        }
        assert_eq!(page.text.matches("<style").count(), page.text.matches("<style>").count(), "{path}");
        for forbidden in [" onclick=", " onload=", " onerror=", " style=\"", "javascript:"] {
            assert!(!page.text.contains(forbidden), "{path}: {forbidden}");
        }
    }
}

#[tokio::test]
async fn the_script_of_a_page_is_kept_by_its_version() {
    let app = TestApp::start().await;
    let answer = app.get(&format!("/pkg/{}/waking.js", *assets::VERSION)).await;
    assert_eq!(answer.text, ::app::script(&assets::VERSION));
    assert_eq!(answer.header("content-type"), "text/javascript; charset=utf-8");
    assert_eq!(answer.header("cache-control"), "public, max-age=31536000, immutable");
    assert_eq!(app.get("/pkg/older/waking.js").await.header("cache-control"), "no-cache");
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
        // also after a form on them was refused
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
