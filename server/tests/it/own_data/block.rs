//! "Bloquear minha conta agora": every session ends, and password and codes rest until a recovery (SPEC §13).

use crate::support::people::{CPF, EMAIL, NEW_PASSWORD, PASSWORD, PHONE, WRONG_PASSWORD};
use crate::support::{Actor, TestApp};
use serde_json::json;
use time::Duration;

const BLOCKED: &str = "urn:portaria:problem:account-blocked";

async fn block(actor: &Actor<'_>) {
    actor.method("POST", "/api/auth/account/block").await.expect(200);
}

#[tokio::test]
async fn it_ends_every_session_and_password_and_codes_rest_until_a_recovery() {
    let app = TestApp::start().await;
    let client = app.client_with_password().await;
    client.give_document("cpf", CPF).await;
    let other = client.elsewhere().await;
    app.messages().await;
    // No fresh session is needed.
    app.advance(Duration::hours(1));
    block(&client).await;
    client.expect_ended().await;
    other.expect_ended().await;
    client.method("POST", "/api/auth/account/block").await.expect_problem(401);
    app.expect_message(EMAIL, "Sua conta está bloqueada").await;
    app.expect_message(PHONE, "sua conta esta bloqueada").await;
    app.advance(Duration::minutes(1));
    assert_eq!(app.login(EMAIL, PASSWORD).await.expect_problem(403).json()["type"], BLOCKED);
    app.login(EMAIL, WRONG_PASSWORD).await.expect_problem(401);
    app.post("/auth/login", json!({ "email": EMAIL, "password": PASSWORD })).await.expect(403);
    app.post("/api/auth/login/code", json!({ "phone": PHONE })).await.expect(202);
    let code = app.code_to(PHONE).await;
    app.post("/api/auth/login/code/verify", json!({ "phone": PHONE, "code": code })).await.expect_problem(403);
    // A right sign-in has the way back told again.
    assert!(app.messages_to(EMAIL).await.len() > 1);
    app.advance(Duration::minutes(1));
    app.post("/api/auth/recovery", json!({ "document": CPF, "channel": "email" })).await.expect(200);
    let code = app.code_to(EMAIL).await;
    let grant = app.post("/api/auth/recovery/verify", json!({ "document": CPF, "code": code })).await.expect(200).token("resetToken");
    let reset = json!({ "resetToken": grant, "newPassword": NEW_PASSWORD, "passwordConfirmation": NEW_PASSWORD });
    app.post("/api/auth/recovery/reset", reset).await.expect(200);
    app.login(EMAIL, NEW_PASSWORD).await.expect(200);
    app.ignore_messages();
}

#[tokio::test]
async fn whoever_has_a_phone_alone_comes_back_by_the_link() {
    let app = TestApp::start().await;
    app.ignore_messages();
    let client = app.client().await;
    let page = client.form("/profile/data", "block", &[]).await.expect(303);
    assert_eq!(page.goes(), "/login, blocked");
    client.expect_out().await;
    let link = app.tokens_to(PHONE, "/not-me").await.into_iter().next().expect("a link");
    app.anonymous().form(&format!("/not-me?token={link}"), "disown", &[("token", &link)]).await.expect(200);
    app.advance(Duration::seconds(40));
    app.post("/api/auth/login/code", json!({ "phone": PHONE })).await.expect(202);
    let code = app.code_to(PHONE).await;
    app.post("/api/auth/login/code/verify", json!({ "phone": PHONE, "code": code })).await.expect(200);
}
