//! Changing an account's contacts.

use crate::support::TestApp;
use crate::support::people::{CPF, EMAIL, OTHER_PHONE, PHONE, client_form};
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

#[tokio::test]
async fn an_address_that_waits_is_told_of_and_stands_in_the_form_that_confirms_it() {
    let app = TestApp::start().await;
    let browser = app.anonymous();
    let mut fields = client_form(PHONE);
    fields.retain(|(name, _)| *name != "email");
    fields.push(("email", EMAIL));
    browser.form("/register/client", "sign_up", &fields).await.expect(303);
    let code = app.code_to(PHONE).await;
    let done = browser.form("/register/client", "prove_code", &[("code", &code)]).await.expect(303);
    let page = browser.get(done.location()).await.expect(200).text;
    assert!(page.contains(&format!("Enviamos um link para {EMAIL}.")), "{page}");
    let profile = browser.get("/profile").await.expect(200).text;
    for words in ["Não confirmado", "Confirmado", "Trocar celular", "href=\"/profile/email\""] {
        assert!(profile.contains(words), "{words}: {profile}");
    }
    let value = format!("value=\"{EMAIL}\"");
    assert!(browser.get("/profile/email").await.expect(200).text.contains(&value));
    assert!(!browser.get("/profile/email?start=over").await.expect(200).text.contains(&value), "another address is asked for");
    app.open_link_to(EMAIL).await.expect(200);
    assert!(!browser.get("/profile/email").await.expect(200).text.contains(&value), "it is confirmed");
    app.ignore_messages();
}
