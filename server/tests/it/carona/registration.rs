//! 1 · Registro inicial.

use super::{EMAIL, PASSWORD, USERNAME, expect_error, proved, registered, rider, verify, wrong_fields};
use crate::support::TestApp;
use serde_json::json;
use std::collections::BTreeMap;
use time::Duration;

#[tokio::test]
async fn registering_answers_201_word_for_word() {
    let app = TestApp::start().await;
    let answer = app.post("/auth/register", rider(EMAIL, USERNAME)).await.expect(201);
    let expected = json!({
        "success": true,
        "message": "Cadastro realizado com sucesso",
        "data": {
            "message": "Usuário registrado com sucesso. Código de verificação enviado para o email.",
            "email": EMAIL,
            "emailVerificationRequired": true,
        },
    });
    assert_eq!(answer.json(), expected);
    assert_eq!(app.count("select count(*) from accounts where kind = 'caronista' and email_claimed and email_proved_at is null").await, 1);
    assert_eq!(app.code_to(EMAIL).await.len(), 8);
}

#[tokio::test]
async fn an_address_or_user_name_in_use_is_a_409_in_any_spelling() {
    let app = TestApp::start().await;
    proved(&app, EMAIL, USERNAME).await;
    let answer = app.post("/auth/register", rider(" USUARIO@Email.com", "outro")).await;
    assert_eq!(expect_error(answer, 409, "USER_001").json()["message"], "Email já em uso");
    let answer = app.post("/auth/register", rider("outro@email.com", "RianLucas")).await;
    assert_eq!(expect_error(answer, 409, "USER_002").json()["message"], "Username já em uso");
    assert_eq!(app.count("select count(*) from accounts").await, 1);
    app.expect_message("usuario@email.com", "Você já tem uma conta").await;
}

#[tokio::test]
async fn every_wrong_field_is_told_at_once() {
    let app = TestApp::start().await;
    let answer = app.post("/auth/register", json!({ "email": "usuario@", "password": "curta", "name": 7, "username": "a b" })).await;
    let answer = expect_error(answer, 400, "VALIDATION_ERROR");
    assert_eq!(wrong_fields(&answer), ["email", "name", "password", "username"]);
    assert_eq!(answer.json()["message"], "Erro de validação nos campos");
    let answer = expect_error(app.post("/auth/register", json!({})).await, 400, "VALIDATION_ERROR");
    assert_eq!(wrong_fields(&answer), ["email", "name", "password", "username"]);
    assert_eq!(app.count("select count(*) from accounts").await, 0);
}

#[tokio::test]
async fn a_request_that_is_none_is_told_in_the_same_envelope() {
    let app = TestApp::start().await;
    let client = app.anonymous();
    expect_error(client.get("/auth/register").await, 405, "REQUEST_001");
    expect_error(client.method("PUT", "/api/email-verification/verify").await, 405, "REQUEST_001");
    expect_error(client.method("DELETE", "/auth/registerComplete/a@b.co").await, 405, "REQUEST_001");
    expect_error(client.post_raw("/auth/register", "text/plain", "{}").await, 415, "REQUEST_001");
    expect_error(client.post_raw("/auth/login", "application/json", "{").await, 400, "REQUEST_001");
    expect_error(client.post_raw("/auth/login", "application/json", "[]").await, 400, "REQUEST_001");
    expect_error(client.post_raw("/auth/register", "application/json", "x".repeat(65 * 1024)).await, 413, "REQUEST_001");
    expect_error(client.post("/auth/nowhere", json!({})).await, 404, "REQUEST_001");
    let foreign = app.anonymous().header("origin", "https://evil.example").header("sec-fetch-site", "cross-site");
    expect_error(foreign.post("/auth/register", rider(EMAIL, USERNAME)).await, 403, "REQUEST_001");
}

#[tokio::test]
async fn of_identical_registrations_at_once_one_wins() {
    let app = TestApp::start().await;
    let answers = futures::future::join_all((0..8).map(|_| app.post("/auth/register", rider(EMAIL, USERNAME)))).await;
    let mut seen = BTreeMap::new();
    for answer in answers {
        *seen.entry((answer.status, answer.json()["error"]["code"].as_str().unwrap_or_default().to_owned())).or_insert(0) += 1;
    }
    assert_eq!(seen, BTreeMap::from([((201, String::new()), 1), ((409, "USER_001".to_owned()), 7)]));
    assert_eq!(app.count("select count(*) from accounts").await, 1);
    app.expect_message("usuario@email.com", "Seu código de verificação para criar a conta").await;
}

#[tokio::test]
async fn of_two_who_want_one_user_name_at_once_one_gets_it() {
    let app = TestApp::start().await;
    // The winner gets a message, and the test does not know which of them wins.
    app.ignore_messages();
    let emails: Vec<_> = (0..6).map(|n| format!("pessoa{n}@email.com")).collect();
    let answers = futures::future::join_all(emails.iter().map(|email| app.post("/auth/register", rider(email, USERNAME)))).await;
    assert_eq!(answers.iter().filter(|answer| answer.status == 201).count(), 1);
    for answer in answers.into_iter().filter(|answer| answer.status != 201) {
        expect_error(answer, 409, "USER_002");
    }
    assert_eq!(app.count("select count(*) from accounts").await, 1);
}

#[tokio::test]
async fn a_claim_whose_code_has_lapsed_keeps_nobody_out() {
    let app = TestApp::start().await;
    let stale = registered(&app, EMAIL, USERNAME).await;
    expect_error(app.post("/auth/register", rider(EMAIL, "outro")).await, 409, "USER_001");
    expect_error(app.post("/auth/register", rider("outro@email.com", USERNAME)).await, 409, "USER_002");
    app.advance(Duration::minutes(1));
    let fresh = registered(&app, EMAIL, USERNAME).await;
    if stale != fresh {
        expect_error(verify(&app, EMAIL, &stale).await, 400, "VERIFICATION_001");
    }
    verify(&app, EMAIL, &fresh).await.expect(200);
    assert_eq!(app.count("select count(*) from accounts").await, 1);
}

#[tokio::test]
async fn eight_characters_are_enough_and_seven_are_not() {
    let app = TestApp::start().await;
    let mut body = rider(EMAIL, USERNAME);
    body["password"] = PASSWORD[..7].into();
    assert_eq!(wrong_fields(&expect_error(app.post("/auth/register", body.clone()).await, 400, "VALIDATION_ERROR")), ["password"]);
    body["password"] = "12345678".into();
    app.post("/auth/register", body).await.expect(201);
    app.expect_message("usuario@email.com", "Seu código de verificação para criar a conta").await;
}

#[tokio::test]
async fn when_the_code_cannot_be_queued_that_is_what_is_told() {
    let app = TestApp::start().await;
    app.ignore_messages();
    sqlx::query("alter table outbox rename to outbox_away").execute(&app.pool).await.expect("renamed");
    let answer = app.post("/auth/register", rider(EMAIL, USERNAME)).await;
    assert_eq!(expect_error(answer, 503, "VERIFICATION_003").json()["message"], "Erro ao enviar email");
    assert_eq!(app.count("select count(*) from accounts").await, 0, "no half account");
}
