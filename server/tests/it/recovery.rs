//! Seed 002, step by step, and attempts to abuse it.

mod contacts;
mod entries;
mod grant;

use crate::support::people::{CNPJ, CPF, EMAIL, NEW_PASSWORD, OTHER_CPF, OTHER_EMAIL, OTHER_PHONE, PASSWORD, PHONE, UNKNOWN_CPF};
use crate::support::{Actor, Answer, TestApp};
use serde_json::json;
use time::Duration;

const MESSAGE_1: &str = "Senha alterada com sucesso!";
const MESSAGE_2: &str = "Código inválido ou expirado! Por favor, solicite um novo código.";
const MESSAGE_3: &str = "CPF/CNPJ inválido ou não cadastrado. Por favor, verifique os dados informados.";
const MESSAGE_4: &str = "As senhas não coincidem ou não atendem aos requisitos de segurança. Tente novamente.";

impl TestApp {
    /// Signs up Ana, with a proved phone, a proved e-mail, a password and a CPF.
    async fn person(&self, phone: &str, email: &str, cpf: &str) -> Actor<'_> {
        let person = self.client_with(phone, email).await;
        person.give_document("cpf", cpf).await;
        self.advance(Duration::minutes(1));
        person
    }

    async fn ana(&self) -> Actor<'_> {
        self.person(PHONE, EMAIL, CPF).await
    }

    async fn sent(&self) -> usize {
        self.messages().await.len()
    }
}

#[track_caller]
fn expect_detail(answer: Answer, status: u16, message: &str) -> Answer {
    let answer = answer.expect_problem(status);
    assert_eq!(answer.json()["detail"], message, "{}", answer.text);
    answer
}

/// Expects message 2, without the reason and without a wait.
#[track_caller]
fn expect_refused_code(answer: Answer) -> Answer {
    let answer = expect_detail(answer, 400, MESSAGE_2);
    assert_eq!(answer.errors("code").len(), 1, "{}", answer.text);
    assert_eq!(answer.header("retry-after"), "");
    answer
}

/// A client with an address of its own, behind the trusted proxy.
fn from<'a>(app: &'a TestApp, address: &str) -> Actor<'a> {
    app.anonymous().header("x-forwarded-for", address)
}

const BEHIND_PROXY: &[(&str, &str)] = &[("TRUSTED_PROXIES", "127.0.0.1")];

// ── main flow

#[tokio::test]
async fn step_4_a_valid_document_sends_a_code_to_the_email_and_to_whatsapp() {
    let app = TestApp::start().await;
    app.ana().await;
    let answer = app.recover(CPF).await.expect(200);
    assert_eq!(answer.keys(), ["channel", "destinations", "expiresIn", "message"]);
    assert_eq!(answer.json()["destinations"], json!(["a***@e***.com", "(11) *****-4321"]));
    assert_eq!(answer.json()["expiresIn"], 300);
    let (mail, phone) = (app.newest_to(EMAIL).await, app.newest_to(PHONE).await);
    assert_eq!((&mail["channel"], &phone["channel"]), (&json!("email"), &json!("whatsapp")));
    // Each contact gets its own code, which tells the contact that reset the password (SPEC §16).
    assert_eq!([&mail, &phone].map(|it| it["code"].as_str().map(str::len)), [Some(6), Some(6)]);
    app.enter_recovery_code(CPF, phone["code"].as_str().expect("a code")).await.expect(200);
    // Both codes served one recovery: the right one spends the other too.
    expect_refused_code(app.enter_recovery_code(CPF, mail["code"].as_str().expect("a code")).await);
}

#[tokio::test]
async fn step_6_the_right_code_opens_the_new_password() {
    let app = TestApp::start().await;
    app.ana().await;
    let code = app.recovery_code(CPF, EMAIL).await;
    let answer = app.enter_recovery_code("52998224725", &format!(" {} {} ", &code[..3], &code[3..])).await.expect(200);
    assert_eq!(answer.keys(), ["expiresIn", "resetToken"]);
    assert_eq!(answer.json()["expiresIn"], 600);
    assert_eq!(answer.json()["resetToken"].as_str().map(str::len), Some(43), "256 bits");
    assert!(answer.cookies().is_empty(), "no session comes of a code");
    app.expect_message(PHONE, "é o seu código de verificação").await;
}

#[tokio::test]
async fn step_8_the_new_password_is_in_force_and_message_1_says_so() {
    let app = TestApp::start().await;
    app.ana().await;
    let token = app.recovery_grant(CPF, EMAIL).await;
    let answer = app.reset_by_grant(&token, NEW_PASSWORD, NEW_PASSWORD).await.expect(200);
    assert_eq!(answer.json(), json!({ "message": MESSAGE_1 }));
    assert!(answer.cookies().is_empty(), "and nobody is signed in by it");
    app.login(EMAIL, PASSWORD).await.expect(401);
    app.login(EMAIL, NEW_PASSWORD).await.expect(200);
    app.expect_message(PHONE, "é o seu código de verificação").await;
    app.expect_message(EMAIL, "Sua senha foi alterada").await;
}

#[tokio::test]
async fn a_company_recovers_by_its_alphanumeric_cnpj_however_it_is_typed() {
    let app = TestApp::start().await;
    app.company().await;
    app.advance(Duration::minutes(1));
    for typed in ["12.abc.345/01de-35", "12ABC34501DE35", CNPJ] {
        let token = app.recovery_grant(typed, EMAIL).await;
        app.reset_by_grant(&token, NEW_PASSWORD, NEW_PASSWORD).await.expect(200);
        app.advance(Duration::minutes(31));
    }
    app.login(CNPJ, NEW_PASSWORD).await.expect(200);
    app.expect_message(EMAIL, "Sua senha foi alterada").await;
}

// ── alternative flows

#[tokio::test]
async fn flow_1_invalid_and_unknown_documents_are_told_alike() {
    let app = TestApp::start().await;
    app.ana().await;
    let before = app.sent().await;
    let unknown = expect_detail(app.recover(UNKNOWN_CPF).await, 404, MESSAGE_3);
    for invalid in ["12345678901", "00000000000", "123", "abc", "12.ABC.345/01DE-36", "ana@example.com"] {
        let answer = expect_detail(app.recover(invalid).await, 404, MESSAGE_3);
        assert_eq!(answer.text, unknown.text, "{invalid}");
    }
    assert_eq!(app.sent().await, before);
}

#[tokio::test]
async fn a_missing_document_is_told_at_its_field() {
    let app = TestApp::start().await;
    for body in [json!({}), json!({ "document": " " }), json!({ "document": 52_998_224_725_u64 })] {
        let answer = app.post("/api/auth/recovery", body).await.expect_problem(400);
        assert_eq!(answer.errors("document").len(), 1, "{}", answer.text);
    }
}

#[tokio::test]
async fn flow_2_wrong_lapsed_used_and_foreign_codes_look_alike() {
    let app = TestApp::start().await;
    app.ignore_messages();
    app.ana().await;
    app.person(OTHER_PHONE, OTHER_EMAIL, OTHER_CPF).await;
    let code = app.recovery_code(CPF, EMAIL).await;
    let wrong = expect_refused_code(app.enter_recovery_code(CPF, &TestApp::other_than(&code)).await);
    assert_eq!(expect_refused_code(app.enter_recovery_code(OTHER_CPF, &code).await).text, wrong.text, "another person's");
    assert_eq!(expect_refused_code(app.enter_recovery_code(UNKNOWN_CPF, &code).await).text, wrong.text, "nobody's");
    assert_eq!(expect_refused_code(app.enter_recovery_code("12345678901", &code).await).text, wrong.text, "an invalid document");
    app.enter_recovery_code(CPF, &code).await.expect(200);
    assert_eq!(expect_refused_code(app.enter_recovery_code(CPF, &code).await).text, wrong.text, "used");
    app.advance(Duration::minutes(1));
    let second = app.recovery_code(CPF, EMAIL).await;
    app.advance(Duration::minutes(5));
    assert_eq!(expect_refused_code(app.enter_recovery_code(CPF, &second).await).text, wrong.text, "lapsed");
}

#[tokio::test]
async fn a_code_of_another_shape_is_message_2_too_and_not_counted() {
    let app = TestApp::start().await;
    app.ana().await;
    let code = app.recovery_code(CPF, EMAIL).await;
    for typed in ["12345", "1234567", "abcdef", "", "１２３４５６"] {
        expect_refused_code(app.enter_recovery_code(CPF, typed).await);
    }
    app.enter_recovery_code(CPF, &code).await.expect(200);
    app.expect_message(PHONE, "é o seu código de verificação").await;
}

#[tokio::test]
async fn flow_3_a_refused_password_is_message_4_with_every_reason_at_its_field() {
    let app = TestApp::start().await;
    app.ana().await;
    let token = app.recovery_grant(CPF, EMAIL).await;
    for (password, confirmation, at_password, at_confirmation) in [
        ("", "", 1, 1),
        ("Curta#1", "Curta#1", 1, 0),
        ("laranja#77 doce", "laranja#77 doce", 1, 0),
        ("Laranja 77doce", "Laranja 77doces", 0, 1),
        ("Laranja77doce", "outra", 1, 1),
        ("Laranja# doce", "Laranja# doce", 1, 0),
        ("Ana Souza@1", "Ana Souza@1", 1, 0),
        ("Portaria@123", "Portaria@123", 1, 0),
    ] {
        let answer = app.reset_by_grant(&token, password, confirmation).await;
        assert_eq!(answer.status, 400, "{password}");
        let answer = expect_detail(answer, 400, MESSAGE_4);
        assert_eq!(answer.errors("newPassword").len(), at_password, "{password}: {}", answer.text);
        assert_eq!(answer.errors("passwordConfirmation").len(), at_confirmation, "{password}: {}", answer.text);
    }
    // None of the refusals spent the token. 002 does not demand a lower-case letter.
    app.reset_by_grant(&token, "LARANJA#77 DOCE", "LARANJA#77 DOCE").await.expect(200);
    app.expect_message(EMAIL, "Sua senha foi alterada").await;
    app.expect_message(PHONE, "é o seu código de verificação").await;
}

#[tokio::test]
async fn the_reason_names_what_002_asks_and_no_more() {
    let app = TestApp::start().await;
    app.ana().await;
    let token = app.recovery_grant(CPF, EMAIL).await;
    let answer = app.reset_by_grant(&token, "laranja#77 doce", "laranja#77 doce").await;
    assert_eq!(answer.errors("newPassword"), ["A senha deve conter letras maiúsculas, números e caracteres especiais"]);
    app.expect_message(PHONE, "é o seu código de verificação").await;
}

#[tokio::test]
async fn a_missing_token_is_told_beside_the_passwords_reasons() {
    let app = TestApp::start().await;
    let answer = expect_detail(app.post("/api/auth/recovery/reset", json!({})).await, 400, MESSAGE_4);
    for field in ["resetToken", "newPassword", "passwordConfirmation"] {
        assert_eq!(answer.errors(field).len(), 1, "{field}: {}", answer.text);
    }
    let body = json!({ "newPassword": NEW_PASSWORD, "passwordConfirmation": NEW_PASSWORD });
    assert_eq!(app.post("/api/auth/recovery/reset", body).await.expect_problem(400).errors("resetToken").len(), 1);
}
