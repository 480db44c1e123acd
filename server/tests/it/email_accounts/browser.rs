//! The browser, without JavaScript.

use super::{CHECK_EMAIL, OTHER_EMAIL};
use crate::support::people::{
    CNPJ, EMAIL, OTHER_PHONE, PASSWORD, PHONE, WRONG_PASSWORD, client, client_form, company_form, registration, teacher,
};
use crate::support::{Actor, Answer, TestApp, link_in};
use serde_json::{Value, json};
use time::Duration;

async fn company(browser: &Actor<'_>, email: &str) -> Answer {
    browser.form("/register/company", "sign_up", &company_form(CNPJ, email)).await
}

fn teacher_form(email: &str) -> Vec<(&'static str, &str)> {
    vec![
        ("slug", "teacher"),
        ("name", "Carla Dias"),
        ("email", email),
        ("password", PASSWORD),
        ("password_confirmation", PASSWORD),
        ("institution", ""),
        ("field_of_work", ""),
        ("terms", "true"),
    ]
}

#[tokio::test]
async fn a_company_registers_by_plain_forms_and_signs_in_with_its_cnpj() {
    let app = TestApp::start().await;
    let browser = app.anonymous();
    let waiting = company(&browser, EMAIL).await.expect(303).location().to_owned();
    assert!(waiting.starts_with("/register/company?signup="), "{waiting}");
    let page = browser.get(&waiting).await.expect(200);
    assert!(page.text.contains(CHECK_EMAIL) && page.text.contains("Passo 2 de 3"), "{}", page.text);
    app.open_link_to(EMAIL).await.expect(200);
    let page = browser.get("/register/company").await.expect(200);
    assert!(page.text.contains("Passo 3 de 3"), "the waiting page goes on: {}", page.text);
    for typed in ["12abc34501de35", CNPJ] {
        let browser = app.anonymous();
        let answer = browser.form("/login", "sign_in", &[("identifier", typed), ("password", PASSWORD)]).await.expect(303);
        assert_eq!(answer.location(), "/dashboard");
        assert!(browser.get("/dashboard").await.expect(200).text.contains("Padaria Aurora"));
    }
    app.expect_message(EMAIL, "Novo acesso à sua conta").await;
}

#[tokio::test]
async fn a_cnpj_with_an_account_is_409() {
    let app = TestApp::start().await;
    company(&app.anonymous(), EMAIL).await.expect(303);
    app.open_link_to(EMAIL).await.expect(200);
    let page = company(&app.anonymous(), OTHER_EMAIL).await.expect(409);
    assert!(page.text.contains("CNPJ já cadastrado"), "{}", page.text);
    assert_eq!(app.messages_to(OTHER_EMAIL).await.len(), 0);
    app.expect_message(EMAIL, "Você já tem uma conta").await;
}

#[tokio::test]
async fn a_wrong_cnpj_is_told_at_its_field() {
    let app = TestApp::start().await;
    for wrong in ["12.ABC.345/01DE-36", "11111111111111", "12345"] {
        let page = app.anonymous().form("/register/company", "sign_up", &company_form(wrong, EMAIL)).await.expect(400);
        assert!(page.text.contains("CNPJ inválido"), "{wrong}: {}", page.text);
    }
}

#[tokio::test]
async fn correcting_the_address_frees_the_wrong_one_and_sends_to_the_right_one() {
    let app = TestApp::start().await;
    let browser = app.anonymous();
    browser.form("/register/teacher", "sign_up", &teacher_form("errado@example.com")).await.expect(303);
    app.messages().await;
    let mut corrected = teacher_form(EMAIL);
    // The password was given before, so it may stay empty.
    corrected[3].1 = "";
    corrected[4].1 = "";
    browser.form("/register/teacher?step=details", "sign_up", &corrected).await.expect(303);
    assert_eq!(app.count("select count(*) from accounts").await, 1);
    app.open_link_to(EMAIL).await.expect(200);
    app.login(EMAIL, PASSWORD).await.expect(200);
    app.post("/api/auth/register/teacher", teacher("outra@example.com")).await.expect(201);
    app.expect_message("outra@example.com", "Verifique sua conta").await;
}

#[tokio::test]
async fn correcting_the_address_to_a_taken_one_loses_nothing() {
    let app = TestApp::start().await;
    app.proved_teacher(OTHER_EMAIL).await;
    let browser = app.anonymous();
    browser.form("/register/teacher", "sign_up", &teacher_form(EMAIL)).await.expect(303);
    browser.form("/register/teacher?step=details", "sign_up", &teacher_form(OTHER_EMAIL)).await.expect(409);
    app.open_link_to(EMAIL).await.expect(200);
    app.login(EMAIL, PASSWORD).await.expect(200);
    app.expect_message(OTHER_EMAIL, "Você já tem uma conta").await;
}

#[tokio::test]
async fn correcting_the_address_back_too_early_loses_nothing() {
    let app = TestApp::start().await;
    let browser = app.anonymous();
    browser.form("/register/teacher", "sign_up", &teacher_form(EMAIL)).await.expect(303);
    browser.form("/register/teacher?step=details", "sign_up", &teacher_form(OTHER_EMAIL)).await.expect(303);
    // A message went to the first address just now.
    browser.form("/register/teacher?step=details", "sign_up", &teacher_form(EMAIL)).await;
    app.messages().await;
    app.advance(Duration::minutes(2));
    browser.form("/register/teacher", "resend", &[("channel", "email")]).await.expect(303);
    let messages = app.messages().await;
    let newest = messages.iter().find(|message| message["link"].is_string()).expect("a link");
    app.get(&link_in(newest).replace("/verify", "/api/auth/verify-email")).await.expect(200);
    let to = newest["to"].as_str().expect("an address").to_owned();
    app.login(&to, PASSWORD).await.expect(200);
}

#[tokio::test]
async fn the_link_is_sent_again_from_the_waiting_page() {
    let app = TestApp::start().await;
    let browser = app.anonymous();
    company(&browser, EMAIL).await.expect(303);
    app.messages().await;
    app.advance(Duration::seconds(30));
    browser.form("/register/company", "resend", &[("channel", "email")]).await.expect(303);
    assert_eq!(app.messages_to(EMAIL).await.len(), 2);
}

#[tokio::test]
async fn asking_for_another_link_by_form_answers_alike() {
    let app = TestApp::start().await;
    app.pending_teacher(EMAIL).await;
    app.messages().await;
    app.advance(Duration::minutes(1));
    for email in [EMAIL, OTHER_EMAIL] {
        let answer = app.anonymous().form("/resend-verification", "resend_link", &[("email", email)]).await.expect(303);
        assert_eq!(answer.goes(), "/resend-verification, link_asked");
    }
    assert_eq!(app.messages_to(EMAIL).await.len(), 2);
}

#[tokio::test]
async fn a_teachers_refused_form_keeps_what_was_valid() {
    let app = TestApp::start().await;
    let mut fields = teacher_form("ana@");
    fields[5].1 = "Escola Livre";
    fields.pop();
    let page = app.anonymous().form("/register/teacher", "sign_up", &fields).await.expect(400);
    for kept in ["Carla Dias", "Escola Livre", "Você deve aceitar os termos de serviço", "Informe um e-mail válido"] {
        assert!(page.text.contains(kept), "{kept}: {}", page.text);
    }
    assert!(!page.text.contains(PASSWORD));
}

#[tokio::test]
async fn accounts_of_different_journeys_keep_apart() {
    let app = TestApp::start().await;
    app.proved_teacher(EMAIL).await;
    let mut body = client(PHONE);
    body["email"] = EMAIL.into();
    app.post("/api/auth/register/client", body).await.expect_problem(409);
    let mut form = client_form(PHONE);
    form[3].1 = EMAIL;
    app.anonymous().form("/register/client", "sign_up", &form).await.expect(409);
    assert_eq!(app.count("select count(*) from signups").await, 0);
    app.expect_message(EMAIL, "Você já tem uma conta").await;
}

#[tokio::test]
async fn what_happened_stands_in_the_audit_without_saying_who() {
    let app = TestApp::start().await;
    app.proved_teacher(EMAIL).await;
    app.post("/api/auth/register/teacher", teacher(EMAIL)).await.expect(409);
    app.login(EMAIL, WRONG_PASSWORD).await.expect(401);
    app.login(EMAIL, PASSWORD).await.expect(200);
    let rows: Vec<(String, String)> =
        sqlx::query_as("select event, outcome from audit order by at, event, outcome").fetch_all(&app.pool).await.expect("rows");
    let has = |event: &str, outcome: &str| rows.iter().any(|row| row.0 == event && row.1 == outcome);
    for (event, outcome) in [
        ("user_created", "ok"),
        ("proof_sent", "email_link"),
        ("email_proved", "ok"),
        ("user_created", "taken"),
        ("authn_login_fail", "bad-credentials"),
        ("authn_login_success", "ok"),
    ] {
        assert!(has(event, outcome), "{event} {outcome}: {rows:?}");
    }
    let whole: Vec<Value> = sqlx::query_scalar("select to_jsonb(audit) from audit").fetch_all(&app.pool).await.expect("rows");
    assert!(!whole.iter().any(|row| row.to_string().contains(EMAIL)));
    assert!(whole.iter().all(|row| row["address"].is_string() && row["user_agent"] == "tests/1.0"), "{whole:?}");
    app.expect_message(EMAIL, "Você já tem uma conta").await;
}

#[tokio::test]
async fn a_refused_registration_is_audited_too() {
    let app = TestApp::start().await;
    app.post("/api/auth/register/teacher", json!({ "email": EMAIL })).await.expect(400);
    assert_eq!(app.count("select count(*) from audit where event = 'user_created' and outcome = 'invalid-fields'").await, 1);
}

#[tokio::test]
async fn what_strangers_had_sent_to_an_address_does_not_keep_its_owner_from_registering() {
    let app = TestApp::start().await;
    // Two clients name the address as theirs, and a link is sent to it for each.
    for phone in [PHONE, OTHER_PHONE] {
        let mut body = client(phone);
        body["email"] = EMAIL.into();
        app.post("/api/auth/register/client", body).await.expect(202);
        let code = app.code_to(phone).await;
        app.verify(phone, &code).await.expect(201);
    }
    // A moment later, so that its link is the newest.
    app.advance(Duration::seconds(1));
    app.post("/api/register", registration(EMAIL)).await.expect(201);
    app.open_link_to(EMAIL).await.expect(200);
    app.login(EMAIL, PASSWORD).await.expect(200);
}
