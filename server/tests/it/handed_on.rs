//! Whatever a stranger left in a sign-up is worth nothing once somebody else has it (SPEC §16). The domain's model found these
//! attacks (`tests/sign_up_model`); here they run over HTTP.

use crate::holding::{enter_code, hand_off, is_signed_in};
use crate::support::people::{EMAIL, PASSWORD, PHONE, TYPED_PHONE, client_form};
use crate::support::{Actor, Answer, TestApp};
use serde_json::json;

const OTHER_TYPED: &str = "(21) 99887-7665";
const CARONA: &str = "/register/carona";

async fn sign_up(browser: &Actor<'_>, changed: &[(&'static str, &str)]) -> Answer {
    let mut fields = client_form(TYPED_PHONE);
    fields.retain(|(name, _)| !changed.iter().any(|(other, _)| name == other));
    fields.extend(changed);
    browser.form("/register/client", "sign_up", &fields).await
}

/// Begins a stranger's sign-up with the owner's address.
async fn rider_of_a_strangers(app: &TestApp) -> Actor<'_> {
    let thief = app.anonymous();
    let details = [("slug", "carona"), ("name", "Rian Lucas"), ("username", "rian.lucas"), ("email", EMAIL), ("password", PASSWORD)];
    thief.form(CARONA, "sign_up", &details).await.expect(303);
    thief
}

#[tokio::test]
async fn a_password_goes_when_another_browser_corrects_the_sign_up_and_leaves_it_out() {
    for corrected in [&[("name", "Outra Pessoa")][..], &[("phone", TYPED_PHONE), ("name", "Outra Pessoa")]] {
        let app = TestApp::start().await;
        let thief = app.anonymous();
        let phone = if corrected.len() == 1 { TYPED_PHONE } else { OTHER_TYPED };
        sign_up(&thief, &[("phone", phone), ("password", PASSWORD), ("password_confirmation", PASSWORD)]).await.expect(303);
        let victim = hand_off(&app, &thief).await;
        sign_up(&victim, corrected).await.expect(303);
        enter_code(&victim, &app.code_to(PHONE).await).await.expect(303);
        assert!(is_signed_in(&victim).await);
        app.login(PHONE, PASSWORD).await.expect_problem(401);
        assert_eq!(app.count("select count(*) from accounts where password_hash is not null").await, 0);
    }
}

#[tokio::test]
async fn the_browser_that_began_it_keeps_the_password_that_it_chose() {
    let app = TestApp::start().await;
    let browser = app.anonymous();
    sign_up(&browser, &[("phone", OTHER_TYPED), ("password", PASSWORD), ("password_confirmation", PASSWORD)]).await.expect(303);
    sign_up(&browser, &[]).await.expect(303);
    enter_code(&browser, &app.code_to(PHONE).await).await.expect(303);
    app.login(PHONE, PASSWORD).await.expect(200);
    app.expect_message(PHONE, "novo acesso a sua conta").await;
}

#[tokio::test]
async fn a_required_password_is_typed_again_by_whoever_took_the_sign_up_over() {
    let app = TestApp::start().await;
    let first = rider_of_a_strangers(&app).await;
    let page = first.form(CARONA, "hand_off", &[]).await.expect(200);
    let (_, rest) = page.text.split_once("/continue?token=").expect("a link");
    let token: String = rest.chars().take_while(|c| c.is_ascii_alphanumeric() || "-_".contains(*c)).collect();
    let second = app.anonymous();
    second.form(&format!("/continue?token={token}"), "take_over", &[("token", &token)]).await.expect(303);
    let details = |password| [("slug", "carona"), ("name", "Rian"), ("username", "rian.lucas"), ("email", EMAIL), ("password", password)];
    second.form(CARONA, "sign_up", &details("")).await.expect(400);
    second.form(CARONA, "sign_up", &details("Minha Propria #77")).await.expect(303);
    second.form(CARONA, "prove_code", &[("code", &app.code_to(EMAIL).await)]).await.expect(303);
    app.login(EMAIL, PASSWORD).await.expect_problem(401);
}

#[tokio::test]
async fn whoever_corrects_the_optional_address_holds_the_sign_up_alone() {
    let app = TestApp::start().await;
    let thief = app.anonymous();
    sign_up(&thief, &[]).await.expect(303);
    let victim = hand_off(&app, &thief).await;
    sign_up(&victim, &[("name", "Outra Pessoa")]).await.expect(303);
    // The sign-up now has the stranger's address. Her code must not make an account that the stranger could recover.
    sign_up(&thief, &[("email", "ladrao@example.net")]).await.expect(303);
    let code = app.code_to(PHONE).await;
    enter_code(&victim, &code).await;
    assert!(!is_signed_in(&victim).await);
    assert_eq!(app.count("select count(*) from accounts").await, 0);
}

#[tokio::test]
async fn a_link_lets_in_no_browser_that_waits_for_a_code() {
    let app = TestApp::start().await;
    let thief = rider_of_a_strangers(&app).await;
    app.post("/api/resend-verification", json!({ "email": EMAIL })).await.expect(202);
    let token = app.token_to(EMAIL).await;
    app.anonymous().form(&format!("/verify?token={token}"), "prove_link", &[("token", &token), ("password", "new")]).await.expect(200);
    assert_eq!(app.count("select count(*) from accounts where email_proved_at is not null").await, 1);
    thief.form(CARONA, "enter", &[]).await;
    assert!(!is_signed_in(&thief).await);
}

#[tokio::test]
async fn a_code_that_was_read_elsewhere_lets_in_nobody_and_leaves_no_password_of_a_strangers() {
    let app = TestApp::start().await;
    let thief = rider_of_a_strangers(&app).await;
    let code = app.code_to(EMAIL).await;
    let owner = app.anonymous();
    let page = owner.form("/verify-email", "prove_email", &[("email", EMAIL), ("code", &code)]).await.expect(200);
    assert!(page.text.contains("name=\"grant\""), "the right to a password of one's own");
    thief.form(CARONA, "enter", &[]).await;
    assert!(!is_signed_in(&thief).await);
    app.login(EMAIL, PASSWORD).await.expect_problem(401);
}
