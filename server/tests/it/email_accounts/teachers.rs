//! 003: a teacher, and how long a claim on an address lasts.

use super::{CHECK_EMAIL, TAKEN};
use crate::support::TestApp;
use crate::support::people::{EMAIL, PASSWORD, registration, teacher};
use serde_json::json;
use time::Duration;

// ── 003

#[tokio::test]
async fn a_teacher_registers_with_201_and_one_message() {
    let app = TestApp::start().await;
    let mut body = teacher(EMAIL);
    body["institution"] = "Escola Livre".into();
    body["fieldOfWork"] = "Matemática".into();
    let answer = app.post("/api/auth/register/teacher", body).await.expect(201);
    assert_eq!(answer.json(), json!({ "message": CHECK_EMAIL }));
    app.open_link_to(EMAIL).await.expect(200);
    let user = app.login(EMAIL, PASSWORD).await.expect(200).json()["user"].clone();
    let expected = json!({ "kind": "professor", "fullName": "Carla Dias", "email": EMAIL, "institution": "Escola Livre", "fieldOfWork": "Matemática", "emailVerified": true });
    for (field, value) in expected.as_object().expect("an object") {
        assert_eq!(&user[field], value, "{field}");
    }
    assert_eq!(app.count("select count(*) from consents where document = 'terms' and version <> ''").await, 1);
}

#[tokio::test]
async fn a_taken_email_points_to_sign_in_and_recovery() {
    let app = TestApp::start().await;
    app.proved_teacher(EMAIL).await;
    let answer = app.post("/api/auth/register/teacher", teacher(EMAIL)).await.expect_problem(409);
    let detail = answer.json()["detail"].as_str().expect("a text").to_owned();
    assert!(detail.starts_with(TAKEN) && detail.contains("Entre na sua conta") && detail.contains("recupere"), "{detail}");
    app.expect_message(EMAIL, "Você já tem uma conta").await;
}

#[tokio::test]
async fn every_fields_error_is_told_at_once_and_in_the_documents_words() {
    let app = TestApp::start().await;
    let body = json!({
        "fullName": "x".repeat(101), "email": "ana", "password": "senha1234", "passwordConfirmation": "outra",
        "institution": "y".repeat(101), "fieldOfWork": "z".repeat(101), "termsAccepted": false,
    });
    let answer = app.post("/api/auth/register/teacher", body).await.expect_problem(400);
    for field in ["fullName", "email", "password", "passwordConfirmation", "institution", "fieldOfWork", "termsAccepted"] {
        assert_eq!(answer.errors(field).len(), 1, "{field}: {}", answer.text);
    }
    let rule = "A senha deve conter letras maiúsculas, minúsculas, números e caracteres especiais";
    assert_eq!(answer.errors("password"), [rule]);
    assert_eq!(answer.errors("termsAccepted"), ["Você deve aceitar os termos de serviço"]);
    assert_eq!(app.count("select count(*) from accounts").await, 0);
}

#[tokio::test]
async fn what_is_missing_is_told_like_what_is_wrong() {
    let app = TestApp::start().await;
    let answer = app.post("/api/auth/register/teacher", json!({})).await.expect_problem(400);
    for field in ["fullName", "email", "password", "passwordConfirmation", "termsAccepted"] {
        assert_eq!(answer.errors(field).len(), 1, "{field}: {}", answer.text);
    }
}

#[tokio::test]
async fn a_teachers_wrong_types_are_400_at_their_fields() {
    let app = TestApp::start().await;
    let body = json!({ "fullName": 1, "email": {}, "password": [], "passwordConfirmation": 2, "institution": true, "fieldOfWork": 3, "termsAccepted": "true" });
    let answer = app.post("/api/auth/register/teacher", body).await.expect_problem(400);
    for field in ["fullName", "email", "password", "passwordConfirmation", "institution", "fieldOfWork", "termsAccepted"] {
        assert_eq!(answer.errors(field).len(), 1, "{field}: {}", answer.text);
    }
}

#[tokio::test]
async fn the_longest_values_are_taken() {
    let app = TestApp::start().await;
    let mut body = teacher(EMAIL);
    for field in ["fullName", "institution", "fieldOfWork"] {
        body[field] = "ã".repeat(100).into();
    }
    app.post("/api/auth/register/teacher", body).await.expect(201);
    app.expect_message(EMAIL, "Verifique sua conta").await;
}

#[tokio::test]
async fn spellings_of_one_address_are_one_account() {
    let app = TestApp::start().await;
    app.pending_teacher("Ana.Maria@Example.COM").await;
    for same in ["ana.maria@example.com", "  ANA.MARIA@EXAMPLE.COM\n"] {
        app.post("/api/auth/register/teacher", teacher(same)).await.expect(409);
    }
    app.post("/api/auth/register/teacher", teacher("ana.maria+2@example.com")).await.expect(201);
    app.expect_message("ana.maria@example.com", "Verifique sua conta").await;
    app.expect_message("ana.maria+2@example.com", "Verifique sua conta").await;
}

#[tokio::test]
async fn an_address_that_would_inject_a_header_is_refused() {
    let app = TestApp::start().await;
    for email in [
        "ana@example.com\r\nBcc: x@example.com",
        "ana\n@example.com",
        "\"a b\"@example.com",
        "ana@example.com,b@example.com",
        "ана@пример.рф",
    ] {
        let answer = app.post("/api/auth/register/teacher", teacher(email)).await.expect_problem(400);
        assert_eq!(answer.errors("email").len(), 1, "{email}: {}", answer.text);
    }
    let mut body = teacher(EMAIL);
    body["fullName"] = "Ana\r\nBcc: x@example.com".into();
    assert_eq!(app.post("/api/auth/register/teacher", body).await.expect_problem(400).errors("fullName").len(), 1);
}

// ── claims

#[tokio::test]
async fn a_claim_that_can_still_be_proved_keeps_others_out() {
    let app = TestApp::start().await;
    app.pending_teacher(EMAIL).await;
    app.messages().await;
    app.advance(Duration::minutes(23 * 60 + 59));
    app.post("/api/register", registration(EMAIL)).await.expect(409);
    app.post("/api/auth/register/teacher", teacher(EMAIL)).await.expect(409);
}

#[tokio::test]
async fn a_lapsed_claim_is_replaced() {
    let app = TestApp::start().await;
    let mut body = teacher(EMAIL);
    body["password"] = "Alheia#99 senha".into();
    body["passwordConfirmation"] = "Alheia#99 senha".into();
    app.post("/api/auth/register/teacher", body).await.expect(201);
    let old = app.token_to(EMAIL).await;
    app.advance(Duration::hours(24));
    app.proved_teacher(EMAIL).await;
    assert_eq!(app.count("select count(*) from accounts").await, 1);
    let answer = app.get(&format!("/api/auth/verify-email?token={old}")).await;
    assert!([400, 410].contains(&answer.status), "{}", answer.text);
    app.login(EMAIL, "Alheia#99 senha").await.expect_problem(401);
    app.login(EMAIL, PASSWORD).await.expect(200);
}

#[tokio::test]
async fn a_claim_lapses_a_day_after_its_link_was_last_made_not_last_sent() {
    let app = TestApp::start().await;
    app.pending_teacher(EMAIL).await;
    app.messages().await;
    app.advance(Duration::hours(23));
    app.post("/api/resend-verification", json!({ "email": EMAIL })).await.expect(202);
    app.messages().await;
    app.advance(Duration::hours(1));
    app.post("/api/auth/register/teacher", teacher(EMAIL)).await.expect(201);
    app.expect_message(EMAIL, "Verifique sua conta").await;
}
