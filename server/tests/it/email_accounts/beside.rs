//! The code beside the link of a verification mail: either proves, and using one spends both.

use crate::support::TestApp;
use crate::support::people::{EMAIL, OTHER_EMAIL, PASSWORD, registration};
use serde_json::json;
use time::Duration;

async fn verify(app: &TestApp, email: &str, code: &str) -> crate::support::Answer {
    app.post("/api/email-verification/verify", json!({ "email": email, "code": code })).await
}

#[tokio::test]
async fn a_mail_holds_a_link_and_a_code_and_either_proves() {
    let app = TestApp::start().await;
    app.pending_teacher(EMAIL).await;
    let mail = app.email_to(EMAIL).await;
    let code = mail["code"].as_str().expect("a code beside the link").to_owned();
    assert!(code.len() == 8 && mail["body"].as_str().is_some_and(|body| body.contains(&code)), "{mail}");
    let token = app.token_to(EMAIL).await;
    let proved = verify(&app, EMAIL, &code).await.expect(200);
    assert!(proved.json()["data"]["signupToken"].is_string());
    app.login(EMAIL, PASSWORD).await.expect(200);
    // Both are spent: the link is a used one, the code is none.
    app.get(&format!("/api/auth/verify-email?token={token}")).await.expect(200);
    verify(&app, EMAIL, &code).await.expect(400);

    // The other way round, of a kind that registers by 001.
    app.post("/api/register", registration(OTHER_EMAIL)).await.expect(201);
    let code = app.email_to(OTHER_EMAIL).await["code"].as_str().expect("a code").to_owned();
    app.open_link_to(OTHER_EMAIL).await.expect(200);
    verify(&app, OTHER_EMAIL, &code).await.expect(400);
    app.ignore_messages();
}

#[tokio::test]
async fn five_wrong_entries_kill_the_code_and_not_the_link() {
    let app = TestApp::start().await;
    app.pending_teacher(EMAIL).await;
    let code = app.email_to(EMAIL).await["code"].as_str().expect("a code").to_owned();
    for _ in 0..5 {
        verify(&app, EMAIL, &TestApp::other_than(&code)).await.expect(400);
    }
    app.advance(Duration::minutes(31));
    verify(&app, EMAIL, &code).await.expect(400);
    app.post("/api/resend-verification", json!({ "email": EMAIL })).await.expect(202);
    let again = app.email_to(EMAIL).await;
    assert!(again["code"].is_null() && again["link"].is_string(), "{again}");
    app.open_link_to(EMAIL).await.expect(200);
}

#[tokio::test]
async fn the_code_on_the_waiting_page_brings_a_session() {
    let app = TestApp::start().await;
    let browser = app.anonymous();
    let form = [
        ("slug", "teacher"),
        ("name", "Carla Dias"),
        ("email", EMAIL),
        ("password", PASSWORD),
        ("password_confirmation", PASSWORD),
        ("terms", "true"),
    ];
    browser.form("/register/teacher", "sign_up", &form).await.expect(303);
    let page = browser.get("/register/teacher").await.expect(200).text;
    assert!(page.contains("código de 8 dígitos que está no mesmo e-mail"), "{page}");
    let code = app.email_to(EMAIL).await["code"].as_str().expect("a code").to_owned();
    browser.form("/register/teacher", "prove_code", &[("code", &TestApp::other_than(&code))]).await.expect(400);
    browser.form("/register/teacher", "prove_code", &[("code", &code)]).await.expect(303);
    assert!(browser.get("/dashboard").await.expect(200).text.contains("Carla Dias"));
}
