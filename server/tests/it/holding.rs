//! Who holds a sign-up, and what a proof gives to whom (SPEC §16). Each test is an attack that once worked, or one like it.

mod links;

use crate::support::people::{EMAIL, OTHER_PHONE, PASSWORD, PHONE, TYPED_PHONE, WHATSAPP_CODE, client, client_form, company_form};
use crate::support::{Actor, Answer, TestApp};
use serde_json::json;
use time::Duration;

const OTHER_TYPED: &str = "(21) 99887-7665";
const CNPJ: &str = "11.222.333/0001-81";
/// The headers that a browser sends when a person clicks a link.
const CLICK: [(&str, &str); 4] =
    [("accept", "text/html,*/*"), ("sec-fetch-mode", "navigate"), ("sec-fetch-dest", "document"), ("sec-fetch-user", "?1")];

/// The token of the form that a page shows.
fn form_token(page: &Answer) -> String {
    let (_, rest) = page.text.split_once("name=\"form\" value=\"").expect("a form with a token");
    rest.split('"').next().expect("its value").to_owned()
}

async fn sign_up(browser: &Actor<'_>, phone: &str) -> Answer {
    browser.form("/register/client", "sign_up", &client_form(phone)).await
}

pub(crate) async fn enter_code(browser: &Actor<'_>, code: &str) -> Answer {
    browser.form("/register/client", "prove_code", &[("code", code)]).await
}

async fn enter(browser: &Actor<'_>) -> Answer {
    browser.form("/register/client", "enter", &[]).await
}

pub(crate) async fn is_signed_in(browser: &Actor<'_>) -> bool {
    browser.get("/dashboard").await.status == 200
}

pub(crate) async fn hand_off<'a>(app: &'a TestApp, from: &Actor<'_>) -> Actor<'a> {
    let page = from.form("/register/client", "hand_off", &[]).await.expect(200);
    let (_, rest) = page.text.split_once("/continue?token=").expect("a link");
    let token: String = rest.chars().take_while(|c| c.is_ascii_alphanumeric() || "-_".contains(*c)).collect();
    let device = app.anonymous();
    device.form(&format!("/continue?token={token}"), "take_over", &[("token", &token)]).await.expect(303);
    device
}

async fn click<'a>(app: &'a TestApp, path: &str) -> Answer {
    let mut visitor: Actor<'a> = app.anonymous();
    for (name, value) in CLICK {
        visitor = visitor.header(name, value);
    }
    visitor.get(path).await
}

// ── 1. what is proved is what the account gets ──

#[tokio::test]
async fn a_code_proves_the_phone_that_it_was_sent_to_and_no_other() {
    let app = TestApp::start().await;
    let thief = app.anonymous();
    sign_up(&thief, TYPED_PHONE).await.expect(303);
    let code = app.code_to(PHONE).await;
    // Uses up what this client address may send, so that the correction is refused.
    for n in 0..29 {
        app.post("/api/auth/forgot-password", json!({ "email": format!("ninguem{n}@example.com") })).await.expect(202);
    }
    sign_up(&thief, OTHER_TYPED).await.expect(429);
    let answer = app.verify(PHONE, &code).await.expect(201).json();
    assert!(answer["user"]["phone"].as_str().is_some_and(|phone| phone.contains("4321")), "{answer}");
    assert!(app.messages_to(OTHER_PHONE).await.is_empty());
    assert_eq!(app.count("select count(*) from accounts where phone_proved_at is not null").await, 1);
}

#[tokio::test]
async fn a_correction_kills_the_code_of_the_old_phone_in_the_same_step() {
    let app = TestApp::start().await;
    let browser = app.anonymous();
    sign_up(&browser, TYPED_PHONE).await.expect(303);
    let old = app.code_to(PHONE).await;
    sign_up(&browser, OTHER_TYPED).await.expect(303);
    enter_code(&browser, &old).await.expect(400);
    app.verify(PHONE, &old).await.expect_problem(400);
    let new = app.code_to(OTHER_PHONE).await;
    enter_code(&browser, &new).await.expect(303);
}

#[tokio::test]
async fn a_refused_correction_of_an_address_leaves_the_old_link_alone() {
    let app = TestApp::start().await;
    app.proved_teacher("tomado@example.com").await;
    let browser = app.anonymous();
    browser.form("/register/company", "sign_up", &company_form(CNPJ, EMAIL)).await.expect(303);
    browser.form("/register/company", "sign_up", &company_form(CNPJ, "tomado@example.com")).await.expect(409);
    app.open_link_to(EMAIL).await.expect(200);
    app.login(EMAIL, PASSWORD).await.expect(200);
    app.expect_message("tomado@example.com", "Você já tem uma conta").await;
}

// ── 2. equal content is not an equal person ──

#[tokio::test]
async fn two_equal_forms_are_two_sign_ups_each_with_a_code_of_its_own() {
    let app = TestApp::start().await;
    let (owner, stranger) = (app.anonymous(), app.anonymous());
    sign_up(&owner, TYPED_PHONE).await.expect(303);
    let code = app.code_to(PHONE).await;
    sign_up(&stranger, TYPED_PHONE).await.expect(303);
    let codes = app.codes_to(PHONE).await;
    assert_eq!(codes.len(), 2);
    assert!(codes.iter().any(|other| *other != code), "each has a code of its own");
    enter_code(&stranger, &code).await.expect(400);
    enter_code(&owner, &code).await.expect(303);
    assert!(is_signed_in(&owner).await);
    enter(&stranger).await;
    assert!(!is_signed_in(&stranger).await);
}

#[tokio::test]
async fn a_form_sent_twice_is_one_sign_up_by_its_token() {
    let app = TestApp::start().await;
    let page = app.get("/register/client").await;
    let token = form_token(&page);
    let mut fields = client_form(TYPED_PHONE);
    fields.push(("form", &token));
    let (first, again) = (app.anonymous(), app.anonymous());
    first.form("/register/client", "sign_up", &fields).await.expect(303);
    // The browser sends the form twice, the second time before it has its cookie.
    again.form("/register/client", "sign_up", &fields).await.expect(303);
    assert_eq!(app.messages_to(PHONE).await.len(), 1);
    assert_eq!(app.count("select count(*) from signups").await, 1);
    assert_ne!(token, form_token(&app.get("/register/client").await));
}

#[tokio::test]
async fn a_form_by_email_sent_twice_is_one_sign_up_too() {
    let app = TestApp::start().await;
    let token = form_token(&app.get("/register/company").await);
    let mut fields = company_form(CNPJ, EMAIL);
    fields.push(("form", &token));
    app.anonymous().form("/register/company", "sign_up", &fields).await.expect(303);
    app.anonymous().form("/register/company", "sign_up", &fields).await.expect(303);
    assert_eq!(app.messages_to(EMAIL).await.len(), 1);
    // The same content in another form comes from another person.
    app.anonymous().form("/register/company", "sign_up", &company_form(CNPJ, EMAIL)).await.expect(409);
}

// ── 3. a secret that was sent for something else opens nothing ──

#[tokio::test]
async fn who_handed_a_sign_up_on_does_not_hold_what_was_corrected() {
    let app = TestApp::start().await;
    let thief = app.anonymous();
    sign_up(&thief, OTHER_TYPED).await.expect(303);
    let victim = hand_off(&app, &thief).await;
    sign_up(&victim, TYPED_PHONE).await.expect(303);
    let code = app.code_to(PHONE).await;
    enter_code(&victim, &code).await.expect(303);
    assert!(is_signed_in(&victim).await);
    enter(&thief).await;
    assert!(!is_signed_in(&thief).await);
}

#[tokio::test]
async fn a_password_typed_elsewhere_takes_the_sign_up_from_the_first_browser() {
    let app = TestApp::start().await;
    let thief = app.anonymous();
    sign_up(&thief, TYPED_PHONE).await.expect(303);
    let victim = hand_off(&app, &thief).await;
    let mut fields = client_form(TYPED_PHONE);
    fields.retain(|(name, _)| !name.starts_with("password"));
    fields.extend([("password", PASSWORD), ("password_confirmation", PASSWORD)]);
    victim.form("/register/client", "sign_up", &fields).await.expect(303);
    let code = app.code_to(PHONE).await;
    enter_code(&victim, &code).await.expect(303);
    enter(&thief).await;
    assert!(!is_signed_in(&thief).await);
}

#[tokio::test]
async fn who_only_changed_the_name_leaves_the_other_to_sign_in() {
    let app = TestApp::start().await;
    let first = app.anonymous();
    sign_up(&first, TYPED_PHONE).await.expect(303);
    let second = hand_off(&app, &first).await;
    let mut fields = client_form(TYPED_PHONE);
    fields.retain(|(name, _)| *name != "name");
    fields.push(("name", "Outra Pessoa"));
    second.form("/register/client", "sign_up", &fields).await.expect(303);
    let code = app.code_to(PHONE).await;
    enter_code(&second, &code).await.expect(303);
    let waiting = first.get("/register/client").await.expect(200);
    assert!(waiting.text.contains("href=\"/login\"") && !waiting.text.contains("value=\"enter\""), "{}", waiting.text);
    enter(&first).await;
    assert!(!is_signed_in(&first).await);
}

#[tokio::test]
async fn who_began_it_goes_in_when_nothing_was_changed_and_who_was_handed_it_signs_in() {
    let app = TestApp::start().await;
    let first = app.anonymous();
    sign_up(&first, TYPED_PHONE).await.expect(303);
    let second = hand_off(&app, &first).await;
    let third = hand_off(&app, &first).await;
    let code = app.code_to(PHONE).await;
    enter_code(&second, &code).await.expect(303);
    enter(&third).await;
    assert!(!is_signed_in(&third).await);
    enter(&first).await.expect(303);
    assert!(is_signed_in(&first).await);
    app.expect_message(PHONE, "novo acesso a sua conta").await;
}

#[tokio::test]
async fn an_open_hand_off_ends_with_a_correction() {
    let app = TestApp::start().await;
    let browser = app.anonymous();
    sign_up(&browser, OTHER_TYPED).await.expect(303);
    let page = browser.form("/register/client", "hand_off", &[]).await.expect(200);
    let (_, rest) = page.text.split_once("/continue?token=").expect("a link");
    let token: String = rest.chars().take_while(|c| c.is_ascii_alphanumeric() || "-_".contains(*c)).collect();
    sign_up(&browser, TYPED_PHONE).await.expect(303);
    app.anonymous().form(&format!("/continue?token={token}"), "take_over", &[("token", &token)]).await.expect(400);
    app.expect_message(PHONE, "seu codigo para criar sua conta").await;
}

// ── claims and what was proved meanwhile ──

#[tokio::test]
async fn a_claim_that_nobody_proved_ends_a_day_after_it_was_made_whoever_asks_for_links() {
    let app = TestApp::start().await;
    app.pending_teacher(EMAIL).await;
    app.advance(Duration::hours(23));
    app.post("/api/resend-verification", json!({ "email": EMAIL })).await.expect(202);
    app.advance(Duration::minutes(59));
    app.post("/api/auth/register/teacher", crate::support::people::teacher(EMAIL)).await.expect_problem(409);
    app.advance(Duration::minutes(2));
    app.post("/api/resend-verification", json!({ "email": EMAIL })).await.expect(202);
    app.pending_teacher(EMAIL).await;
    app.expect_message(EMAIL, "Verifique sua conta").await;
}

#[tokio::test]
async fn a_correction_that_comes_after_the_proof_changes_nothing() {
    let app = TestApp::start().await;
    let first = app.anonymous();
    sign_up(&first, TYPED_PHONE).await.expect(303);
    let second = hand_off(&app, &first).await;
    let code = app.code_to(PHONE).await;
    enter_code(&second, &code).await.expect(303);
    let before = app.count("select count(*) from signups where account_id is not null").await;
    sign_up(&first, OTHER_TYPED).await.expect(303);
    assert_eq!(app.count("select count(*) from signups where account_id is not null").await, before);
    assert_eq!(app.count("select count(*) from accounts").await, 1);
    app.expect_message(OTHER_PHONE, "seu codigo para criar sua conta").await;
}

#[tokio::test]
async fn a_form_of_the_api_holds_nothing() {
    let app = TestApp::start().await;
    let answer = app.anonymous();
    let posted = answer.post("/api/auth/register/client", client(PHONE)).await.expect(202);
    assert!(posted.cookies().is_empty(), "{:?}", posted.cookies());
    app.expect_message(PHONE, WHATSAPP_CODE).await;
}
