//! Seed 000: a client proves a phone by code; before that there is no account.

mod browser;
mod codes;
mod devices;
mod sign_in;
mod taken;

use crate::support::people::{EMAIL, PHONE, TYPED_PHONE, WHATSAPP_CODE, client, client_form};
use crate::support::{Actor, Answer, TestApp};
use serde_json::json;

const MASKED: &str = "(11) *****-4321";
/// 000, 7a.
const FAILED: &str = "A confirmação do número de telefone falhou.";

const WIZARD: &str = "/register/client";

async fn sign_up(browser: &Actor<'_>, phone: &str) -> Answer {
    browser.form(WIZARD, "sign_up", &client_form(phone)).await
}

/// Expects a refused code: the status and the sentence of 000, without the reason.
#[track_caller]
fn expect_wrong_code(answer: Answer) {
    let answer = answer.expect_problem(400);
    assert!(answer.json()["detail"].as_str().unwrap_or_default().starts_with(FAILED), "{}", answer.text);
    assert_eq!(answer.errors("code").len(), 1, "{}", answer.text);
    assert_eq!(answer.header("retry-after"), "", "a blocked entry looks like a wrong one");
}

async fn resend(app: &TestApp, phone: &str) -> Answer {
    app.post("/api/auth/phone/resend", json!({ "phone": phone })).await
}

/// Enters a wrong code this many times.
async fn enter_wrong(app: &TestApp, phone: &str, code: &str, times: usize) {
    for _ in 0..times {
        expect_wrong_code(app.verify(phone, &TestApp::other_than(code)).await);
    }
}

// ── the API, step by step

#[tokio::test]
async fn registering_answers_202_with_the_masked_phone_and_the_waits() {
    let app = TestApp::start().await;
    let answer = app.post("/api/auth/register/client", client(TYPED_PHONE)).await.expect(202);
    assert_eq!(answer.keys(), ["channel", "expiresIn", "message", "phone", "resendIn"]);
    let body = answer.json();
    assert_eq!(body["channel"], "whatsapp", "the first of PHONE_CHANNELS");
    assert_eq!((&body["phone"], &body["expiresIn"], &body["resendIn"]), (&json!(MASKED), &json!(300), &json!(30)));
    app.expect_message(PHONE, WHATSAPP_CODE).await;
}

#[tokio::test]
async fn no_account_exists_before_the_phone_is_proved() {
    let app = TestApp::start().await;
    let code = app.ask_code(PHONE).await;
    assert_eq!(app.count("select count(*) from accounts").await, 0);
    app.verify(PHONE, &code).await.expect(201);
    assert_eq!(app.count("select count(*) from accounts where kind = 'cliente' and phone_proved_at is not null").await, 1);
}

#[tokio::test]
async fn the_right_code_answers_201_as_a_login_does() {
    let app = TestApp::start().await;
    let code = app.ask_code(PHONE).await;
    let answer = app.verify(TYPED_PHONE, &code).await.expect(201);
    assert_eq!(answer.keys(), ["accessToken", "expiresIn", "refreshToken", "user"]);
    let body = answer.json();
    assert_eq!(body["expiresIn"], 86_400);
    let user = &body["user"];
    assert_eq!((&user["kind"], &user["fullName"], &user["phone"]), (&json!("cliente"), &json!("Ana Souza"), &json!(MASKED)));
    assert_eq!(user["profileComplete"], true);
    let id = user["id"].as_i64().expect("a number");
    assert!(id > 0 && id < 1 << 53);
    let profile = app.anonymous().bearer(body["accessToken"].as_str().expect("a token")).get("/api/auth/profile").await.expect(200);
    assert_eq!(profile.json()["id"], id);
}

#[tokio::test]
async fn the_sms_names_the_code_and_ends_with_the_line_that_browsers_read() {
    let app = TestApp::start().await;
    let mut body = client(PHONE);
    body["channel"] = "sms".into();
    let answer = app.post("/api/auth/register/client", body).await.expect(202);
    assert_eq!(answer.json()["channel"], "sms");
    let message = app.newest_to(PHONE).await;
    assert_eq!(message["channel"], "sms");
    let code = app.code_to(PHONE).await;
    assert_eq!(code.len(), 6);
    let body = message["body"].as_str().expect("a text");
    assert_eq!(body.lines().last(), Some(format!("@127.0.0.1 #{code}").as_str()), "{body}");
}

#[tokio::test]
async fn a_code_pasted_with_spaces_or_hyphens_is_understood() {
    for (n, spell) in
        [|c: &str| format!(" {} {} ", &c[..3], &c[3..]), |c: &str| format!("{}-{}\n", &c[..3], &c[3..])].into_iter().enumerate()
    {
        let app = TestApp::start().await;
        let code = app.ask_code(PHONE).await;
        let answer = app.verify(PHONE, &spell(&code)).await;
        assert_eq!(answer.status, 201, "{n}: {}", answer.text);
    }
}

#[tokio::test]
async fn a_code_of_another_length_is_told_at_its_field_and_not_counted() {
    let app = TestApp::start().await;
    let code = app.ask_code(PHONE).await;
    for typed in ["12345", "1234567", "abcdef", "", "１２３４５６"] {
        let answer = app.verify(PHONE, typed).await.expect_problem(400);
        assert_eq!(answer.errors("code").len(), 1, "{typed}: {}", answer.text);
    }
    app.verify(PHONE, &code).await.expect(201);
}

#[tokio::test]
async fn a_number_that_cannot_receive_a_code_is_refused_at_its_field() {
    let app = TestApp::start().await;
    for (typed, why) in [
        ("(20) 98765-4321", "20 is no DDD"),
        ("(11) 7765-4321", "neither a mobile of old nor a fixed line"),
        ("11 98765-432", "too short"),
        ("11 98765-43210", "too long"),
        ("(11) 3333-4444", "a fixed line"),
        ("+1 415 555 2671", "another country"),
        ("11 9876A-4321", "a letter"),
        ("0800 123 4567", "toll free"),
        ("", "nothing"),
        ("١١٩٨٧٦٥٤٣٢١", "digits of another script"),
    ] {
        let answer = app.post("/api/auth/register/client", client(typed)).await.expect_problem(400);
        assert_eq!(answer.errors("phone").len(), 1, "{why}: {}", answer.text);
        assert!(typed.is_empty() || !answer.text.contains(typed), "{why}: what was typed is not repeated");
    }
    assert_eq!(app.messages().await.len(), 0);
    assert_eq!(app.count("select count(*) from signups").await, 0);
}

#[tokio::test]
async fn an_invalid_number_is_called_so() {
    let app = TestApp::start().await;
    let answer = app.post("/api/auth/register/client", client("(20) 98765-4321")).await;
    assert!(answer.errors("phone")[0].starts_with("Número de telefone inválido"), "{}", answer.text);
}

#[tokio::test]
async fn every_wrong_field_is_told_at_once() {
    let app = TestApp::start().await;
    let body =
        json!({ "fullName": " ", "phone": "1", "email": "ana@", "password": "abc", "passwordConfirmation": "abd", "channel": "pombo" });
    let answer = app.post("/api/auth/register/client", body).await.expect_problem(400);
    for field in ["fullName", "phone", "email", "password", "passwordConfirmation", "channel"] {
        assert_eq!(answer.errors(field).len(), 1, "{field}: {}", answer.text);
    }
}

/// Registers with a password of the client's choice.
async fn with_password(app: &TestApp, password: &str) -> Answer {
    let mut body = client(PHONE);
    body["email"] = EMAIL.into();
    body["password"] = password.into();
    body["passwordConfirmation"] = password.into();
    app.post("/api/auth/register/client", body).await
}

/// Returns those of the passwords that are not refused at their field.
async fn taken_passwords(app: &TestApp, passwords: &[&'static str]) -> Vec<&'static str> {
    let mut taken = Vec::new();
    for password in passwords {
        let answer = with_password(app, password).await;
        if answer.status != 400 || answer.errors("password").is_empty() {
            taken.push(*password);
        }
    }
    taken
}

#[tokio::test]
async fn a_guessable_password_is_refused() {
    let app = TestApp::start().await;
    let taken = taken_passwords(&app, &["Portaria@1", "Password@1", "P@ssw0rd"]).await;
    assert!(taken.is_empty(), "{taken:?}");
}
