//! SPEC §13, "Fresh authentication", "E-mail", "First password": whatever can later be used for recovery is changed only in a
//! session that authenticated a short time ago.

use crate::support::people::{CPF, EMAIL, NEW_PASSWORD, OTHER_EMAIL, OTHER_PHONE, PASSWORD, PHONE, TYPED_PHONE, client_form, teacher};
use crate::support::{Actor, Answer, TestApp, username_in};
use serde_json::{Value, json};
use time::Duration;

const REQUIRED: &str = "urn:portaria:problem:reauthentication-required";

async fn again(client: &Actor<'_>, body: Value) -> Answer {
    client.post("/api/auth/reauthenticate", body).await
}

/// A teacher whose sign-in is too long ago to count as fresh.
async fn stale_teacher(app: &TestApp) -> Actor<'_> {
    let teacher = app.teacher().await;
    app.advance(Duration::minutes(10));
    teacher
}

#[track_caller]
fn expect_required(answer: Answer) {
    assert_eq!(answer.expect_problem(403).json()["type"], REQUIRED);
}

/// Requests every change that needs fresh authentication.
async fn everything(client: &Actor<'_>) -> Vec<Answer> {
    let new = json!({ "newPassword": NEW_PASSWORD, "passwordConfirmation": NEW_PASSWORD });
    vec![
        client.post("/api/auth/profile/phone", json!({ "phone": PHONE })).await,
        client.post("/api/auth/profile/phone/verify", json!({ "phone": PHONE, "code": "123456" })).await,
        client.post("/api/auth/profile/email", json!({ "email": OTHER_EMAIL })).await,
        client.post("/api/auth/profile/email/verify", json!({ "code": "123456" })).await,
        client.post("/api/auth/password", new).await,
        client.change(json!({ "cpf": CPF })).await,
        client.change(json!({ "cnpj": "11.222.333/0001-81", "fullName": "Outra" })).await,
    ]
}

#[tokio::test]
async fn a_sign_in_counts_for_ten_minutes_and_then_nothing_that_recovers_is_changed() {
    let app = TestApp::start().await;
    let client = stale_teacher(&app).await;
    for answer in everything(&client).await {
        expect_required(answer);
    }
    assert_eq!(client.profile().await["fullName"], "Carla Dias");
    assert!(app.messages_to(PHONE).await.is_empty() && app.messages_to(OTHER_EMAIL).await.is_empty());
    // The rest of the profile can still be changed.
    client.change(json!({ "institution": "UFBA" })).await.expect(200);
    let just = app.sign_in(EMAIL, PASSWORD).await;
    app.advance(Duration::seconds(599));
    just.change(json!({ "cpf": CPF })).await.expect(200);
    app.expect_message(EMAIL, "Novo documento na sua conta").await;
}

#[tokio::test]
async fn a_stranger_hears_only_that_nobody_is_signed_in() {
    let app = TestApp::start().await;
    for answer in everything(&app.anonymous()).await {
        answer.expect_problem(401);
    }
    for body in [json!({}), json!({ "password": PASSWORD }), json!({ "code": "123456" })] {
        again(&app.anonymous(), body).await.expect_problem(401);
    }
}

#[tokio::test]
async fn the_password_makes_this_session_fresh_and_no_other_and_a_refresh_adds_nothing() {
    let app = TestApp::start().await;
    let first = app.teacher().await;
    let other = first.elsewhere().await;
    app.advance(Duration::minutes(10));
    let answer = again(&first, json!({ "password": PASSWORD })).await.expect(200);
    assert_eq!(answer.keys(), ["freshUntil", "message"]);
    assert_eq!(answer.json()["freshUntil"], (app.now() + Duration::minutes(10)).unix_timestamp());
    first.change(json!({ "cpf": CPF })).await.expect(200);
    expect_required(other.post("/api/auth/profile/phone", json!({ "phone": PHONE })).await);
    app.advance(Duration::minutes(10));
    expect_required(first.refreshed().await.post("/api/auth/profile/phone", json!({ "phone": PHONE })).await);
    app.expect_message(EMAIL, "Novo documento na sua conta").await;
}

#[tokio::test]
async fn a_wrong_password_is_401_and_counted_with_the_sign_ins() {
    let app = TestApp::start().await;
    let client = stale_teacher(&app).await;
    for body in [json!({ "password": "" }), json!({ "password": 7 }), json!({ "code": "12" })] {
        again(&client, body).await.expect_problem(400);
    }
    for _ in 0..4 {
        again(&client, json!({ "password": NEW_PASSWORD })).await.expect_problem(401);
    }
    app.login(EMAIL, NEW_PASSWORD).await.expect_problem(401);
    let locked = again(&client, json!({ "password": PASSWORD })).await.expect_problem(429);
    assert_eq!(locked.header("retry-after"), "900");
    app.login(EMAIL, PASSWORD).await.expect_problem(429);
    expect_required(client.change(json!({ "cpf": CPF })).await);
    app.advance(Duration::minutes(15));
    again(&client, json!({ "password": PASSWORD })).await.expect(200);
    assert_eq!(app.count("select count(*) from audit where event = 'authn_reauthenticated' and outcome = 'ok'").await, 1);
    app.expect_message(EMAIL, "Acesso bloqueado por algum tempo").await;
}

#[tokio::test]
async fn without_a_password_a_code_to_the_proved_phone_does() {
    let app = TestApp::start().await;
    let client = app.client().await;
    app.advance(Duration::minutes(10));
    expect_required(client.change(json!({ "cpf": CPF })).await);
    again(&client, json!({ "password": PASSWORD })).await.expect_problem(401);
    again(&client, json!({ "code": "123456" })).await.expect_problem(401);
    let sent = again(&client, json!({})).await.expect(202);
    assert_eq!(sent.json()["destination"], "(11) *****-4321");
    again(&client, json!({})).await.expect_problem(429);
    let code = app.code_to(PHONE).await;
    again(&client, json!({ "code": TestApp::other_than(&code) })).await.expect_problem(401);
    again(&client, json!({ "code": code })).await.expect(200);
    client.change(json!({ "cpf": CPF })).await.expect(200);
    again(&client, json!({ "code": code })).await.expect_problem(401);
    app.expect_message(PHONE, "CPF ou CNPJ incluido").await;
}

#[tokio::test]
async fn wrong_codes_lock_like_wrong_passwords() {
    let app = TestApp::start().await;
    let client = app.client().await;
    app.advance(Duration::minutes(1));
    again(&client, json!({})).await.expect(202);
    let code = app.code_to(PHONE).await;
    for _ in 0..5 {
        again(&client, json!({ "code": TestApp::other_than(&code) })).await.expect_problem(401);
    }
    let locked = again(&client, json!({ "code": code })).await.expect_problem(429);
    assert!(!locked.header("retry-after").is_empty());
    app.expect_message(PHONE, "muitas tentativas de entrar").await;
}

#[tokio::test]
async fn a_code_for_one_purpose_serves_no_other() {
    let app = TestApp::start().await;
    let client = app.client().await;
    app.advance(Duration::minutes(10));
    app.post("/api/auth/login/code", json!({ "phone": PHONE })).await.expect(202);
    let sign_in = app.code_to(PHONE).await;
    app.advance(Duration::seconds(1));
    again(&client, json!({})).await.expect(202);
    let code = app.code_to(PHONE).await;
    if sign_in != code {
        again(&client, json!({ "code": sign_in })).await.expect_problem(401);
        app.post("/api/auth/login/code/verify", json!({ "phone": PHONE, "code": code })).await.expect_problem(401);
    }
    again(&client, json!({ "code": code })).await.expect(200);
}

#[tokio::test]
async fn the_setting_says_how_long() {
    let app = TestApp::start_with(&[("FRESH_AUTHENTICATION", "1m")]).await;
    let client = app.teacher().await;
    app.advance(Duration::seconds(60));
    expect_required(client.change(json!({ "cpf": CPF })).await);
}

// ── a first password

#[tokio::test]
async fn a_first_password_is_set_once_and_its_session_lives_on() {
    let app = TestApp::start().await;
    let client = app.client().await;
    let set = |password: &'static str, again: &'static str| json!({ "newPassword": password, "passwordConfirmation": again });
    let refused = client.post("/api/auth/password", set("curta", "outra")).await.expect_problem(400);
    assert_eq!((refused.errors("newPassword").len(), refused.errors("passwordConfirmation").len()), (1, 1));
    client.post("/api/auth/password", set(PASSWORD, PASSWORD)).await.expect(200);
    client.profile().await;
    app.login(PHONE, PASSWORD).await.expect(200);
    let again = client.post("/api/auth/password", set(NEW_PASSWORD, NEW_PASSWORD)).await.expect_problem(409);
    assert_eq!(again.json()["type"], "urn:portaria:problem:password-set");
    app.login(PHONE, NEW_PASSWORD).await.expect_problem(401);
    let told = app.messages_to(PHONE).await;
    assert!(told.iter().any(|message| message["link"].as_str().is_some_and(|link| link.contains("/not-me?token="))), "{told:?}");
}

#[tokio::test]
async fn of_many_first_passwords_at_once_one_is_set() {
    let app = TestApp::start().await;
    let client = app.client().await;
    let passwords: Vec<_> = (0..6).map(|n| format!("Laranja#77 doce {n}")).collect();
    let asked = passwords.iter().map(|it| client.post("/api/auth/password", json!({ "newPassword": it, "passwordConfirmation": it })));
    let mut statuses: Vec<_> = futures::future::join_all(asked).await.iter().map(|answer| answer.status).collect();
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 409, 409, 409, 409, 409]);
    app.expect_message(PHONE, "sua senha foi alterada").await;
}

// ── an e-mail

#[tokio::test]
async fn a_client_adds_an_email_by_its_code_and_changes_it_and_the_old_one_is_told() {
    let app = TestApp::start().await;
    let client = app.client().await;
    app.advance(Duration::seconds(1));
    let give = async |email: &str| {
        client.post("/api/auth/profile/email", json!({ "email": email })).await.expect(202);
        let code = app.code_to(email).await;
        client.post("/api/auth/profile/email/verify", json!({ "code": TestApp::other_than(&code) })).await.expect_problem(400);
        client.post("/api/auth/profile/email/verify", json!({ "code": code })).await.expect(200).json()
    };
    let profile = give(EMAIL).await;
    assert_eq!((&profile["email"], &profile["emailVerified"]), (&json!(EMAIL), &json!(true)));
    assert!(app.newest_to(PHONE).await["link"].as_str().is_some_and(|link| link.contains("/not-me?token=")));
    app.advance(Duration::seconds(1));
    assert_eq!(give(OTHER_EMAIL).await["email"], OTHER_EMAIL);
    let told = app.newest_to(EMAIL).await;
    assert_eq!(told["subject"], "Novo e-mail na sua conta");
    assert!(told["link"].as_str().is_some_and(|link| link.contains("/not-me?token=")));
    // The old address is free; the new one can recover the account.
    app.advance(Duration::seconds(1));
    app.post("/api/auth/forgot-password", json!({ "email": OTHER_EMAIL })).await.expect(202);
    assert!(app.newest_to(OTHER_EMAIL).await["link"].as_str().is_some_and(|link| link.contains("/reset-password?token=")));
    app.post("/api/auth/register/teacher", teacher(EMAIL)).await.expect(201);
    app.expect_message(EMAIL, "Verifique sua conta").await;
    app.expect_message(PHONE, "tem um novo e-mail").await;
}

#[tokio::test]
async fn a_taken_email_is_202_as_ever_and_its_owner_is_told() {
    let app = TestApp::start().await;
    app.proved_teacher(EMAIL).await;
    let client = app.client().await;
    app.advance(Duration::seconds(1));
    let taken = client.post("/api/auth/profile/email", json!({ "email": EMAIL })).await.expect(202);
    let free = client.post("/api/auth/profile/email", json!({ "email": OTHER_EMAIL })).await.expect(202);
    assert_eq!((taken.keys(), &taken.json()["resendIn"]), (free.keys(), &free.json()["resendIn"]));
    assert_eq!(app.newest_to(EMAIL).await["subject"], "Você já tem uma conta");
    client.post("/api/auth/profile/email", json!({ "email": EMAIL })).await.expect_problem(429);
    client.post("/api/auth/profile/email", json!({ "email": OTHER_EMAIL })).await.expect_problem(429);
    client.post("/api/auth/profile/email", json!({ "email": "x" })).await.expect_problem(400);
    app.expect_message(OTHER_EMAIL, "Seu código de verificação para o novo e-mail").await;
}

#[tokio::test]
async fn the_email_of_a_kind_that_is_proved_by_it_stays() {
    let app = TestApp::start().await;
    let client = app.teacher().await;
    client.post("/api/auth/profile/email", json!({ "email": OTHER_EMAIL })).await.expect_problem(403);
    assert!(app.messages_to(OTHER_EMAIL).await.is_empty());
}

#[tokio::test]
async fn an_optional_email_that_is_confirmed_is_told_to_the_account() {
    let app = TestApp::start().await;
    app.proved_client_with(PHONE, EMAIL).await;
    let told = app.messages_to(PHONE).await;
    let notice = told.iter().find(|it| it["body"].as_str().is_some_and(|text| text.contains("tem um novo e-mail")));
    let link = notice.and_then(|notice| notice["link"].as_str());
    assert!(link.is_some_and(|link| link.contains("/not-me?token=")), "{told:?}");
}

// ── pages, without JavaScript

/// A browser whose sign-in is too long ago to count as fresh.
async fn stale_browser(app: &TestApp) -> Actor<'_> {
    app.proved_teacher(EMAIL).await;
    let browser = app.sign_in_by_page(EMAIL, PASSWORD).await;
    app.advance(Duration::minutes(10));
    browser
}

#[tokio::test]
async fn a_page_asks_for_the_password_in_place_keeps_what_was_typed_and_goes_on() {
    let app = TestApp::start().await;
    let browser = stale_browser(&app).await;
    let typed = [("asked", "cpf"), ("next", "/profile"), ("cpf", CPF)];
    let page = browser.form("/profile/document", "add_document", &typed).await.expect(403);
    assert!(page.text.contains(CPF) && page.text.contains("name=\"current_password\""), "{}", page.text);
    let with = |password: &'static str| [typed.as_slice(), &[("current_password", password)]].concat();
    let page = browser.form("/profile/document", "add_document", &with("Errada#123 x")).await.expect(401);
    assert!(page.text.contains(CPF) && page.text.contains("name=\"current_password\""), "{}", page.text);
    assert!(!page.text.contains("Errada#123"), "a password is not written into a page");
    let done = browser.form("/profile/document", "add_document", &with(PASSWORD)).await.expect(303);
    assert_eq!(done.goes(), "/profile, cpf_saved");
    app.expect_message(EMAIL, "Novo documento na sua conta").await;
}

#[tokio::test]
async fn without_a_password_the_page_sends_a_code_and_takes_it_in_the_same_form() {
    let app = TestApp::start().await;
    app.proved_client(PHONE).await;
    app.advance(Duration::minutes(2));
    app.post("/api/auth/login/code", json!({ "phone": PHONE })).await.expect(202);
    let browser = app.anonymous();
    let code = app.code_to(PHONE).await;
    browser.form("/login", "sign_in_by_code", &[("phone", PHONE), ("code", &code)]).await.expect(303);
    app.advance(Duration::minutes(10));
    let page = browser.form("/profile/phone", "ask_phone", &[("phone", OTHER_PHONE), ("channel", "sms")]).await.expect(403);
    assert!(page.text.contains(OTHER_PHONE) && page.text.contains("name=\"step_code\""), "{}", page.text);
    let code = app.code_to(PHONE).await;
    let form = [("phone", OTHER_PHONE), ("channel", "sms"), ("step_code", code.as_str())];
    let page = browser.form("/profile/phone", "ask_phone", &form).await.expect(200);
    assert!(page.text.contains("name=\"code\""), "the code of the new phone is asked for: {}", page.text);
    let code = app.code_to(OTHER_PHONE).await;
    let form = [("phone", OTHER_PHONE), ("code", &*code), ("next", "/profile")];
    browser.form("/profile/phone", "prove_own_phone", &form).await.expect(303);
    app.expect_message(PHONE, "tem um novo telefone").await;
}

#[tokio::test]
async fn a_first_password_and_an_email_have_their_pages() {
    let app = TestApp::start().await;
    app.ignore_messages();
    app.proved_client(PHONE).await;
    app.advance(Duration::minutes(2));
    app.post("/api/auth/login/code", json!({ "phone": PHONE })).await.expect(202);
    let (browser, code) = (app.anonymous(), app.code_to(PHONE).await);
    browser.form("/login", "sign_in_by_code", &[("phone", PHONE), ("code", &code)]).await.expect(303);
    let page = browser.form("/profile/email", "ask_email", &[("email", EMAIL)]).await.expect(200);
    assert!(page.text.contains("name=\"code\""), "{}", page.text);
    let code = app.code_to(EMAIL).await;
    let refused = browser.form("/profile/email", "prove_own_email", &[("email", EMAIL), ("code", &TestApp::other_than(&code))]).await;
    assert!(refused.expect(400).text.contains(EMAIL), "asked for again at the same address");
    browser.form("/profile/email", "prove_own_email", &[("email", EMAIL), ("code", &code)]).await.expect(303);
    let new = [("new_password", PASSWORD), ("password_confirmation", PASSWORD)];
    let done = browser.form("/profile/password", "set_password", &new).await.expect(303);
    assert_eq!(done.goes(), "/profile, password_set");
    app.login(EMAIL, PASSWORD).await.expect(200);
    let profile = browser.get("/profile").await.expect(200);
    assert!(profile.text.contains("/profile/email"), "{}", profile.text);
}

#[tokio::test]
async fn a_phone_stands_whole_beside_a_first_password_only_while_the_sign_in_is_fresh() {
    let app = TestApp::start().await;
    let browser = app.anonymous();
    browser.form("/register/client", "sign_up", &client_form(PHONE)).await.expect(303);
    let code = app.code_to(PHONE).await;
    browser.form("/register/client", "prove_code", &[("code", &code)]).await.expect(303);
    let page = browser.get("/profile/password").await.expect(200);
    assert_eq!(username_in(&page), TYPED_PHONE);
    assert!(!browser.get("/profile").await.expect(200).text.contains(TYPED_PHONE), "nowhere else");
    app.advance(Duration::minutes(10));
    let page = browser.get("/profile/password").await.expect(200);
    assert!(!page.text.contains("autocomplete=\"username\"") && !page.text.contains(TYPED_PHONE), "no asterisks: {}", page.text);
}
