//! Wrong entries (SPEC §16): strangers use up none of the holder's, and may guess twenty times a day.

use crate::support::TestApp;
use crate::support::people::{OTHER_PHONE, PHONE, client, client_form};
use serde_json::json;
use time::Duration;

const WIZARD: &str = "/register/client";
/// What the page of a sign-up says while its entries are blocked.
const BLOCKED: &str = "Foram muitos códigos errados. Por segurança, você pode tentar de novo em 15 minutos";

async fn stranger(app: &TestApp, code: &str, times: usize) {
    for _ in 0..times {
        app.verify(PHONE, code).await.expect(400);
    }
}

#[tokio::test]
async fn strangers_cannot_use_up_the_entries_of_the_browser_that_holds_the_sign_up() {
    let app = TestApp::start().await;
    let browser = app.anonymous();
    browser.form(WIZARD, "sign_up", &client_form(PHONE)).await.expect(303);
    let code = app.code_to(PHONE).await;
    stranger(&app, &TestApp::other_than(&code), 7).await;
    let page = browser.get(WIZARD).await.expect(200);
    assert!(!page.text.contains(BLOCKED), "{}", page.text);
    app.verify(PHONE, &code).await.expect(400);
    browser.form(WIZARD, "prove_code", &[("code", &code)]).await.expect(303);
    assert_eq!(app.count("select count(*) from accounts").await, 1);
}

#[tokio::test]
async fn five_wrong_entries_of_the_holder_kill_its_code_and_no_others() {
    let app = TestApp::start().await;
    let (browser, other) = (app.anonymous(), app.anonymous());
    browser.form(WIZARD, "sign_up", &client_form(PHONE)).await.expect(303);
    let code = app.code_to(PHONE).await;
    app.advance(Duration::seconds(31));
    let mut form = client_form(PHONE);
    form[1].1 = "Outra Pessoa";
    other.form(WIZARD, "sign_up", &form).await.expect(303);
    let others = app.code_to(PHONE).await;
    for _ in 0..5 {
        browser.form(WIZARD, "prove_code", &[("code", &TestApp::other_than(&code))]).await.expect(400);
    }
    browser.form(WIZARD, "prove_code", &[("code", &code)]).await.expect(400);
    assert!(browser.get(WIZARD).await.expect(200).text.contains(BLOCKED));
    assert_eq!(app.count("select count(*) from verifications where dead_at is not null").await, 1);
    other.form(WIZARD, "prove_code", &[("code", &others)]).await.expect(303);
}

#[tokio::test]
async fn strangers_may_guess_twenty_times_a_day_for_one_destination() {
    let app = TestApp::start().await;
    let browser = app.anonymous();
    for round in 0..4 {
        if round > 0 {
            app.advance(Duration::minutes(31));
        }
        stranger(&app, "000000", 5).await;
    }
    app.advance(Duration::minutes(31));
    app.post("/api/auth/register/client", client(PHONE)).await.expect(202);
    let code = app.code_to(PHONE).await;
    app.verify(PHONE, &code).await.expect(400);
    // Another destination has a daily limit of its own, and the holder is no stranger.
    let others = app.ask_code(OTHER_PHONE).await;
    app.verify(OTHER_PHONE, &others).await.expect(201);
    app.advance(Duration::minutes(1));
    let mut form = client_form(PHONE);
    form[1].1 = "Outra Pessoa";
    browser.form(WIZARD, "sign_up", &form).await.expect(303);
    let own = app.code_to(PHONE).await;
    browser.form(WIZARD, "prove_code", &[("code", &own)]).await.expect(303);
}

#[tokio::test]
async fn the_next_day_strangers_may_guess_again() {
    let app = TestApp::start().await;
    for _ in 0..4 {
        stranger(&app, "000000", 5).await;
        app.advance(Duration::minutes(31));
    }
    app.advance(Duration::hours(24));
    let code = app.ask_code(PHONE).await;
    app.verify(PHONE, &code).await.expect(201);
}

#[tokio::test]
async fn another_accounts_wrong_entries_do_not_keep_a_phone_from_its_owner() {
    let app = TestApp::start().await;
    let token = |answer: crate::support::Answer| answer.json()["accessToken"].as_str().expect("a token").to_owned();
    let own = token(app.proved_client(PHONE).await);
    let stranger = token(app.proved_client(OTHER_PHONE).await);
    let wanted = "+5511912345678";
    app.anonymous().bearer(&own).post("/api/auth/profile/phone", json!({ "phone": wanted })).await.expect(202);
    let code = app.code_to(wanted).await;
    for _ in 0..6 {
        let body = json!({ "phone": wanted, "code": TestApp::other_than(&code) });
        app.anonymous().bearer(&stranger).post("/api/auth/profile/phone/verify", body).await.expect(400);
    }
    app.anonymous().bearer(&own).post("/api/auth/profile/phone/verify", json!({ "phone": wanted, "code": code })).await.expect(200);
    app.expect_message(PHONE, "tem um novo telefone").await;
}
