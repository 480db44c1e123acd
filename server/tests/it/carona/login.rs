//! 4 · Login (alternativo), and what its token opens.

use super::{
    CPF, EMAIL, PASSWORD, PHONE, USERNAME, complete, completed, expect_error, login, profile, proved, registered, token_of, verify,
    wrong_fields,
};
use crate::support::TestApp;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};
use time::Duration;

#[tokio::test]
async fn signing_in_answers_200_before_and_after_the_profile_is_complete() {
    let app = TestApp::start().await;
    proved(&app, EMAIL, USERNAME).await;
    let answer = login(&app, EMAIL, PASSWORD).await.expect(200);
    let body = answer.json();
    assert_eq!((&body["success"], &body["message"]), (&json!(true), &json!("Login realizado com sucesso")));
    assert_eq!(body["data"]["profileComplete"], false);
    completed(&app, "outra@email.com", "outra", CPF, PHONE).await;
    for identifier in ["outra@email.com", "OUTRA", CPF] {
        let answer = login(&app, identifier, PASSWORD).await.expect(200);
        assert_eq!(answer.json()["data"]["profileComplete"], true, "{identifier}");
    }
}

#[tokio::test]
async fn the_token_lives_two_hours() {
    let app = TestApp::start().await;
    proved(&app, EMAIL, USERNAME).await;
    let token = token_of(&login(&app, EMAIL, PASSWORD).await.expect(200));
    let claims = URL_SAFE_NO_PAD.decode(token.split('.').nth(1).expect("claims")).expect("base64");
    let claims: Value = serde_json::from_slice(&claims).expect("JSON");
    assert_eq!(claims["exp"].as_i64().expect("exp") - claims["iat"].as_i64().expect("iat"), 7_200);
    assert_eq!(claims["kind"], "caronista");
    app.advance(Duration::minutes(119));
    app.anonymous().bearer(&token).get("/api/auth/profile").await.expect(200);
    app.advance(Duration::minutes(2));
    app.anonymous().bearer(&token).get("/api/auth/profile").await.expect(401);
}

#[tokio::test]
async fn wrong_credentials_are_a_401_and_an_unproved_address_is_told_only_to_its_owner() {
    let app = TestApp::start().await;
    let code = registered(&app, EMAIL, USERNAME).await;
    let unknown = expect_error(login(&app, "ninguem@email.com", PASSWORD).await, 401, "AUTH_002");
    let wrong = expect_error(login(&app, EMAIL, "outra senha").await, 401, "AUTH_002");
    assert_eq!(unknown.text, wrong.text);
    assert_eq!(wrong.json()["message"], "Credenciais inválidas");
    let right = expect_error(login(&app, EMAIL, PASSWORD).await, 403, "AUTH_001");
    assert_eq!(right.json()["message"], "Email não verificado");
    verify(&app, EMAIL, &code).await.expect(200);
    login(&app, EMAIL, PASSWORD).await.expect(200);
}

#[tokio::test]
async fn the_sixth_try_is_locked_known_or_not() {
    let app = TestApp::start().await;
    proved(&app, EMAIL, USERNAME).await;
    for identifier in [EMAIL, "ninguem@email.com"] {
        for _ in 0..5 {
            expect_error(login(&app, identifier, "outra senha").await, 401, "AUTH_002");
        }
        let answer = expect_error(login(&app, identifier, PASSWORD).await, 429, "LIMIT_001");
        assert_eq!(answer.header("retry-after"), "900");
    }
    app.expect_message("usuario@email.com", "Acesso bloqueado por algum tempo").await;
}

#[tokio::test]
async fn what_is_missing_is_told_at_its_field() {
    let app = TestApp::start().await;
    let answer = app.post("/auth/login", json!({ "email": " ", "password": "" })).await;
    assert_eq!(wrong_fields(&expect_error(answer, 400, "VALIDATION_ERROR")), ["email", "password"]);
}

#[tokio::test]
async fn an_unproved_phone_opens_nothing() {
    let app = TestApp::start().await;
    completed(&app, EMAIL, USERNAME, CPF, PHONE).await;
    assert_eq!(app.count("select count(*) from accounts where phone_index is not null and phone_proved_at is null").await, 1);
    expect_error(login(&app, PHONE, PASSWORD).await, 401, "AUTH_002");
    let before = app.messages().await.len();
    app.post("/api/auth/login/code", json!({ "phone": PHONE })).await.expect(202);
    assert_eq!(app.messages().await.len(), before, "no code goes to a phone that nobody proved");
}

#[tokio::test]
async fn when_no_token_can_be_made_that_is_what_is_told() {
    let app = TestApp::start().await;
    proved(&app, EMAIL, USERNAME).await;
    sqlx::query("alter table refresh_tokens rename to refresh_tokens_away").execute(&app.pool).await.expect("renamed");
    let answer = expect_error(login(&app, EMAIL, PASSWORD).await, 503, "AUTH_003");
    assert_eq!(answer.json()["message"], "Erro ao gerar token");
    assert_eq!(app.count("select count(*) from sessions").await, 0);
}

#[tokio::test]
async fn a_session_completes_a_profile_while_it_is_fresh_and_is_told_when_it_is_not() {
    let app = TestApp::start().await;
    proved(&app, EMAIL, USERNAME).await;
    let token = token_of(&login(&app, EMAIL, PASSWORD).await.expect(200));
    app.advance(Duration::minutes(10));
    expect_error(complete(app.anonymous().bearer(&token), EMAIL, profile(CPF, PHONE)).await, 403, "AUTH_005");
    app.anonymous().bearer(&token).post("/api/auth/reauthenticate", json!({ "password": PASSWORD })).await.expect(200);
    complete(app.anonymous().bearer(&token), EMAIL, profile(CPF, PHONE)).await.expect(200);
    app.expect_message("usuario@email.com", "Novo documento na sua conta").await;
}
