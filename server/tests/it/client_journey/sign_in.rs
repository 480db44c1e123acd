//! Signing in by a code.

use crate::support::people::{OTHER_PHONE, PHONE, TYPED_PHONE, WHATSAPP_CODE};
use crate::support::{Answer, TestApp};
use serde_json::{Value, json};
use time::Duration;

#[tokio::test]
async fn a_proved_phone_signs_in_by_code() {
    let app = TestApp::start().await;
    app.proved_client(PHONE).await;
    app.advance(Duration::hours(1));
    let answer = app.post("/api/auth/login/code", json!({ "phone": TYPED_PHONE })).await.expect(202);
    assert_eq!(answer.keys(), ["channel", "expiresIn", "message", "phone", "resendIn"]);
    let code = app.code_to(PHONE).await;
    let answer = app.post("/api/auth/login/code/verify", json!({ "phone": TYPED_PHONE, "code": code })).await.expect(200);
    assert_eq!(answer.keys(), ["accessToken", "expiresIn", "refreshToken", "user"]);
    app.post("/api/auth/login/code/verify", json!({ "phone": PHONE, "code": code })).await.expect_problem(401);
}

#[tokio::test]
async fn asking_for_a_sign_in_code_answers_alike_for_unknown_phones() {
    let app = TestApp::start().await;
    app.proved_client(PHONE).await;
    app.advance(Duration::hours(1));
    let known = app.post("/api/auth/login/code", json!({ "phone": PHONE })).await.expect(202);
    let unknown = app.post("/api/auth/login/code", json!({ "phone": OTHER_PHONE })).await.expect(202);
    let but_the_phone = |answer: &Answer| {
        let mut body = answer.json();
        body["phone"] = Value::Null;
        body
    };
    assert_eq!(but_the_phone(&known), but_the_phone(&unknown));
    assert_eq!(app.messages_to(OTHER_PHONE).await.len(), 0);
    app.expect_message(PHONE, WHATSAPP_CODE).await;
}

#[tokio::test]
async fn asking_for_a_sign_in_code_too_early_answers_as_usual_and_sends_nothing() {
    let app = TestApp::start().await;
    app.proved_client(PHONE).await;
    app.advance(Duration::hours(1));
    for phone in [PHONE, OTHER_PHONE] {
        app.post("/api/auth/login/code", json!({ "phone": phone })).await.expect(202);
        let early = app.post("/api/auth/login/code", json!({ "phone": phone })).await.expect(202);
        assert_eq!(early.json()["resendIn"], 30);
    }
    assert_eq!(app.codes_to(PHONE).await.len(), 2, "the sign-up's and one to sign in");
}

#[tokio::test]
async fn five_wrong_sign_in_codes_block_entries_for_known_and_unknown_phones_alike() {
    let app = TestApp::start().await;
    app.proved_client(PHONE).await;
    app.advance(Duration::hours(1));
    app.post("/api/auth/login/code", json!({ "phone": PHONE })).await.expect(202);
    let code = app.code_to(PHONE).await;
    let enter = async |phone: &str, code: &str| app.post("/api/auth/login/code/verify", json!({ "phone": phone, "code": code })).await;
    for _ in 0..5 {
        let known = enter(PHONE, &TestApp::other_than(&code)).await.expect_problem(401);
        let unknown = enter(OTHER_PHONE, "000000").await.expect_problem(401);
        assert_eq!(known.json(), unknown.json());
    }
    enter(PHONE, &code).await.expect_problem(401);
}
