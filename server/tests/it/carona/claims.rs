//! A phone that a rider only typed does not keep its owner from proving it (SPEC §1).

use super::{completed, expect_error, profile, proved};
use crate::support::TestApp;
use crate::support::people::{EMAIL, OTHER_PHONE, PHONE};
use serde_json::json;

const RIDER: &str = "rian@example.com";
const CPF: &str = "52998224725";

/// How a rider types [`PHONE`].
const TYPED: &str = "11987654321";

async fn phones_of(app: &TestApp, token: &str) -> (serde_json::Value, serde_json::Value) {
    let profile = app.anonymous().bearer(token).get("/api/auth/profile").await.expect(200).json();
    (profile["phone"].clone(), profile["profileComplete"].clone())
}

#[tokio::test]
async fn its_owner_signs_up_with_it_and_the_rider_is_asked_anew() {
    let app = TestApp::start().await;
    let rider = completed(&app, RIDER, "rian", CPF, TYPED).await;
    assert!(phones_of(&app, &rider).await.0.is_string());
    app.proved_client(PHONE).await;
    let (phone, complete) = phones_of(&app, &rider).await;
    assert!(phone.is_null() && complete == false, "{phone} {complete}");
    assert_eq!(app.count("select count(*) from audit where event = 'phone_released'").await, 1);
    // Now it is proved, so it belongs to the client.
    let token = proved(&app, "outro@example.com", "outro").await;
    let answer = super::complete(app.anonymous().bearer(&token), "outro@example.com", profile("11144477735", TYPED)).await;
    expect_error(answer, 409, "USER_003");
}

#[tokio::test]
async fn its_owner_adds_it_to_an_account() {
    let app = TestApp::start().await;
    completed(&app, RIDER, "rian", CPF, TYPED).await;
    let signed_in = app.proved_client(OTHER_PHONE).await.json();
    let owner = app.anonymous().bearer(signed_in["accessToken"].as_str().expect("a token"));
    owner.post("/api/auth/profile/phone", json!({ "phone": PHONE })).await.expect(202);
    let code = app.code_to(PHONE).await;
    owner.post("/api/auth/profile/phone/verify", json!({ "phone": PHONE, "code": code })).await.expect(200);
    assert_eq!(app.count("select count(*) from accounts where phone_index is not null").await, 1);
    app.expect_message(OTHER_PHONE, "tem um novo telefone").await;
}

#[tokio::test]
async fn among_riders_who_typed_it_first_has_it() {
    let app = TestApp::start().await;
    completed(&app, RIDER, "rian", CPF, TYPED).await;
    let token = proved(&app, EMAIL, "outro").await;
    let answer = super::complete(app.anonymous().bearer(&token), EMAIL, profile("11144477735", TYPED)).await;
    expect_error(answer, 409, "USER_003");
}
