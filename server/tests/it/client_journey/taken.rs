//! Values that another account has, and what the answers tell of them.

use crate::support::people::{EMAIL, OTHER_PHONE, PASSWORD, PHONE, TYPED_PHONE, client};
use crate::support::{Answer, TestApp};
use serde_json::{Value, json};
use time::Duration;

// ── taken phones

/// Expects 409 whose text points to sign-in and recovery.
#[track_caller]
fn expect_taken(answer: Answer) {
    let answer = answer.expect_problem(409);
    let detail = answer.json()["detail"].as_str().unwrap_or_default().to_owned();
    assert!(detail.contains("Entre na sua conta") && detail.contains("recupere"), "{detail}");
}

#[tokio::test]
async fn a_phone_with_an_account_is_409_and_its_owner_is_told() {
    let app = TestApp::start().await;
    app.proved_client(PHONE).await;
    app.advance(Duration::minutes(10));
    expect_taken(app.post("/api/auth/register/client", json!({ "fullName": "Mallory", "phone": TYPED_PHONE })).await);
    let notice = app.newest_to(PHONE).await;
    assert_eq!(notice["code"], Value::Null, "{notice}");
    let body = notice["body"].as_str().expect("a text");
    assert!(body.contains("voce ja tem uma conta") && !body.contains("Mallory"), "{body}");
}

#[tokio::test]
async fn an_email_with_an_account_is_409_and_its_owner_is_told_by_email() {
    let app = TestApp::start().await;
    app.proved_client_with(PHONE, EMAIL).await;
    app.advance(Duration::minutes(10));
    let mut body = client(OTHER_PHONE);
    body["email"] = " ANA@Example.com ".into();
    expect_taken(app.post("/api/auth/register/client", body).await);
    assert_eq!(app.newest_to(EMAIL).await["subject"], "Você já tem uma conta");
    assert_eq!(app.messages_to(OTHER_PHONE).await.len(), 0);
}

#[tokio::test]
async fn of_two_sign_ups_on_one_phone_the_first_code_wins_and_the_second_is_told() {
    let app = TestApp::start().await;
    let first = app.ask_code(PHONE).await;
    app.advance(Duration::seconds(30));
    app.post("/api/auth/register/client", json!({ "fullName": "Outra Pessoa", "phone": PHONE })).await.expect(202);
    let second = app.code_to(PHONE).await;
    app.verify(PHONE, &first).await.expect(201);
    if first != second {
        expect_taken(app.verify(PHONE, &second).await);
    }
    assert_eq!(app.count("select count(*) from accounts").await, 1);
}

// ── the optional e-mail

async fn client_with_unproved_email(app: &TestApp) {
    let mut body = client(PHONE);
    body["email"] = EMAIL.into();
    body["password"] = PASSWORD.into();
    app.post("/api/auth/register/client", body).await.expect(202);
    let code = app.code_to(PHONE).await;
    let user = app.verify(PHONE, &code).await.expect(201).json()["user"].clone();
    assert_eq!((&user["email"], &user["emailVerified"]), (&json!(EMAIL), &json!(false)));
    // Delivers the account's link now, before any later one.
    app.messages().await;
}

#[tokio::test]
async fn an_optional_email_gets_a_link_only_once_the_phone_is_proved() {
    let app = TestApp::start().await;
    let mut body = client(PHONE);
    body["email"] = EMAIL.into();
    app.post("/api/auth/register/client", body).await.expect(202);
    let code = app.code_to(PHONE).await;
    assert_eq!(app.messages_to(EMAIL).await.len(), 0);
    app.verify(PHONE, &code).await.expect(201);
    assert_eq!(app.newest_to(EMAIL).await["subject"], "Confirme seu e-mail");
}

#[tokio::test]
async fn an_unproved_email_signs_nobody_in_and_a_proved_one_does() {
    let app = TestApp::start().await;
    client_with_unproved_email(&app).await;
    app.login(EMAIL, PASSWORD).await.expect_problem(401);
    app.login(TYPED_PHONE, PASSWORD).await.expect(200);
    app.open_link_to(EMAIL).await.expect(200);
    app.login(EMAIL, PASSWORD).await.expect(200);
    app.expect_message(PHONE, "tem um novo e-mail").await;
}

#[tokio::test]
async fn an_unproved_email_keeps_nobody_out() {
    let app = TestApp::start().await;
    client_with_unproved_email(&app).await;
    app.advance(Duration::minutes(5));
    app.proved_teacher(EMAIL).await;
    app.login(EMAIL, PASSWORD).await.expect(200);
    assert_eq!(app.count("select count(*) from accounts where email_proved_at is not null").await, 1);
}

#[tokio::test]
async fn the_link_of_an_email_that_another_account_proved_first_is_refused() {
    let app = TestApp::start().await;
    client_with_unproved_email(&app).await;
    let token = app.token_to(EMAIL).await;
    app.advance(Duration::minutes(5));
    app.proved_teacher(EMAIL).await;
    app.get(&format!("/api/auth/verify-email?token={token}")).await.expect_problem(409);
}

#[tokio::test]
async fn a_claim_that_lapsed_does_not_keep_an_optional_email_from_being_proved() {
    let app = TestApp::start().await;
    app.pending_teacher(EMAIL).await;
    app.messages().await;
    app.advance(Duration::hours(25));
    client_with_unproved_email(&app).await;
    app.open_link_to(EMAIL).await.expect(200);
    app.login(EMAIL, PASSWORD).await.expect(200);
    app.expect_message(PHONE, "tem um novo e-mail").await;
}
