//! Sessions and tokens (SPEC §6): signing in, staying signed in, signing out.

mod access;
mod browser;
mod overview;
mod refresh;

use crate::support::people::{EMAIL, PASSWORD, PHONE, TYPED_PHONE, WRONG_PASSWORD};
use crate::support::{Answer, TestApp};
use serde_json::json;

async fn refresh(app: &TestApp, token: &str) -> Answer {
    app.post("/api/auth/refresh-token", json!({ "refreshToken": token })).await
}

// ── signing in

#[tokio::test]
async fn a_login_answers_as_the_document_has_it() {
    let app = TestApp::start().await;
    app.proved_teacher(EMAIL).await;
    let answer = app.login(EMAIL, PASSWORD).await.expect(200);
    assert_eq!(answer.keys(), ["accessToken", "expiresIn", "refreshToken", "user"]);
    assert_eq!(answer.json()["expiresIn"], 86_400);
    assert_eq!(answer.header("cache-control"), "no-store");
    assert!(answer.cookies().is_empty(), "an API client gets no cookie");
    assert_eq!(app.whoever_got(&answer).profile().await["email"], EMAIL);
}

#[tokio::test]
async fn wrong_and_unknown_look_alike() {
    let app = TestApp::start().await;
    app.proved_teacher(EMAIL).await;
    let wrong = app.login(EMAIL, WRONG_PASSWORD).await.expect_problem(401);
    for unknown in ["nobody@example.com", "nobody", "11912345678", "529.982.247-25", "12.ABC.345/01DE-35", "' OR 1=1 --", "\u{0}"] {
        let answer = app.login(unknown, WRONG_PASSWORD).await.expect_problem(401);
        assert_eq!(answer.json(), wrong.json(), "{unknown:?}");
    }
}

#[tokio::test]
async fn what_is_missing_or_of_the_wrong_type_is_400_at_its_field() {
    let app = TestApp::start().await;
    for body in [
        json!({}),
        json!({ "email": " ", "password": "" }),
        json!({ "email": null, "password": null }),
        json!({ "email": 1, "password": [] }),
    ] {
        let answer = app.post("/api/auth/login", body).await.expect_problem(400);
        assert_eq!((answer.errors("email").len(), answer.errors("password").len()), (1, 1), "{}", answer.text);
    }
}

#[tokio::test]
async fn remember_me_of_the_wrong_type_is_400_at_its_field() {
    let app = TestApp::start().await;
    let answer =
        app.post("/api/auth/login", json!({ "email": EMAIL, "password": PASSWORD, "rememberMe": "sim" })).await.expect_problem(400);
    assert_eq!(answer.errors("rememberMe").len(), 1, "{}", answer.text);
}

#[tokio::test]
async fn far_too_long_values_are_400_and_cost_no_hash() {
    let app = TestApp::start().await;
    let answer = app.login(&"x".repeat(255), &"y".repeat(257)).await.expect_problem(400);
    assert_eq!((answer.errors("email").len(), answer.errors("password").len()), (1, 1), "{}", answer.text);
    assert_eq!(app.count("select count(*) from tallies").await, 0);
}

#[tokio::test]
async fn an_account_signs_in_by_email_and_by_phone() {
    let app = TestApp::start().await;
    app.proved_client_with(PHONE, EMAIL).await;
    for identifier in [EMAIL, " ANA@Example.com ", TYPED_PHONE, "11987654321", "+55 11 98765-4321"] {
        let answer = app.login(identifier, PASSWORD).await;
        assert_eq!(answer.status, 200, "{identifier}: {}", answer.text);
    }
}

#[tokio::test]
async fn a_client_without_a_password_cannot_sign_in_by_one() {
    let app = TestApp::start().await;
    app.proved_client(PHONE).await;
    app.login(PHONE, PASSWORD).await.expect_problem(401);
    app.login(PHONE, "nobody has this password").await.expect_problem(401);
}

#[tokio::test]
async fn a_first_sign_in_from_another_device_is_told_to_the_owner() {
    let app = TestApp::start().await;
    app.teacher().await;
    let elsewhere = app.anonymous().header("user-agent", "curl/8.5.0");
    elsewhere.post("/api/auth/login", json!({ "email": EMAIL, "password": PASSWORD })).await.expect(200);
    let messages = app.messages_to(EMAIL).await;
    let notices: Vec<_> = messages.iter().filter(|message| message["subject"] == "Novo acesso à sua conta").collect();
    assert_eq!(notices.len(), 1, "{messages:?}");
    assert!(notices[0]["body"].as_str().is_some_and(|body| body.contains("curl")), "{notices:?}");
}

// ── signing out

#[tokio::test]
async fn signing_out_ends_the_session_at_once() {
    let app = TestApp::start().await;
    let teacher = app.teacher().await;
    let out = teacher.sign_out().await.expect(200);
    assert_eq!(out.keys(), ["message"]);
    teacher.expect_ended().await;
    teacher.sign_out().await.expect_problem(401);
}
