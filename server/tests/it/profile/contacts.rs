//! Changing an account's contacts.

use crate::support::TestApp;
use crate::support::people::{CPF, OTHER_PHONE, PHONE};
use serde_json::json;
use time::Duration;

#[tokio::test]
async fn a_phone_is_changed_only_with_a_new_proof_and_the_owner_is_told_where_the_account_was_reached() {
    let app = TestApp::start().await;
    let client = app.client().await;
    client.change(json!({ "phone": OTHER_PHONE })).await.expect(200);
    app.advance(Duration::seconds(1));
    client.post("/api/auth/profile/phone", json!({ "phone": OTHER_PHONE, "channel": "sms" })).await.expect(202);
    let code = app.code_to(OTHER_PHONE).await;
    let wrong = json!({ "phone": OTHER_PHONE, "code": TestApp::other_than(&code) });
    client.post("/api/auth/profile/phone/verify", wrong).await.expect_problem(400);
    let before = client.profile().await["phone"].clone();
    let body = json!({ "phone": OTHER_PHONE, "code": code });
    let after = client.post("/api/auth/profile/phone/verify", body.clone()).await.expect(200).json();
    assert_ne!(after["phone"], before);
    client.post("/api/auth/profile/phone/verify", body).await.expect_problem(400);
    let told = app.newest_to(PHONE).await;
    assert!(told["body"].as_str().is_some_and(|text| text.contains("sua conta tem um novo telefone")), "{told}");
    assert!(told["code"].is_null() && !app.messages_to(OTHER_PHONE).await.iter().any(|message| message["body"] == told["body"]));
}

#[tokio::test]
async fn a_recovery_code_sent_to_the_old_phone_is_dead_once_the_phone_is_another() {
    let app = TestApp::start().await;
    let client = app.client().await;
    client.change(json!({ "cpf": CPF })).await.expect(200);
    app.advance(Duration::seconds(31));
    let recovery = app.recovery_code(CPF, PHONE).await;
    client.give_phone(OTHER_PHONE).await;
    app.enter_recovery_code(CPF, &recovery).await.expect_problem(400);
}
