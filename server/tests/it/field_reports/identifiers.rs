//! One identifier that matches several accounts: the password decides which is meant.

use crate::support::people::{EMAIL, OTHER_EMAIL, OTHER_PHONE, PASSWORD, WRONG_PASSWORD, client};
use crate::support::{Answer, TestApp};
use serde_json::json;
use time::Duration;

/// A mobile number of São Paulo whose digits are also a CPF.
const BOTH: &str = "11912345684";
const THEIRS: &str = "Umbrella#92x verde";

/// A client with a phone and a proved e-mail.
async fn client_with(app: &TestApp, phone: &str, email: &str, password: &str) -> Answer {
    let mut body = client(phone);
    body["email"] = email.into();
    body["password"] = password.into();
    body["passwordConfirmation"] = password.into();
    app.post("/api/auth/register/client", body).await.expect(202);
    let code = app.code_to(phone).await;
    let answer = app.verify(phone, &code).await.expect(201);
    app.open_link_to(email).await.expect(200);
    answer
}

/// The phone's owner, and another person whose CPF has the same digits.
async fn two(app: &TestApp) {
    client_with(app, &format!("+55{BOTH}"), EMAIL, PASSWORD).await;
    let answer = client_with(app, OTHER_PHONE, OTHER_EMAIL, THEIRS).await;
    app.whoever_got(&answer).change(json!({ "cpf": BOTH })).await.expect(200);
}

fn email_of(answer: &Answer) -> String {
    answer.json()["user"]["email"].as_str().unwrap_or_else(|| panic!("nobody: {}", answer.text)).to_owned()
}

#[tokio::test]
async fn digits_that_are_a_phone_and_a_cpf_let_each_owner_in_by_their_own_password() {
    let app = TestApp::start().await;
    app.ignore_messages();
    two(&app).await;
    for typed in [BOTH, "119.123.456-84", " 119 1234 5684 "] {
        assert_eq!(email_of(&app.login(typed, PASSWORD).await.expect(200)), EMAIL, "{typed}");
        assert_eq!(email_of(&app.login(typed, THEIRS).await.expect(200)), OTHER_EMAIL, "{typed}");
    }
    app.login(BOTH, WRONG_PASSWORD).await.expect_problem(401);
}

#[tokio::test]
async fn signing_in_by_such_digits_never_locks_the_other() {
    let app = TestApp::start().await;
    app.ignore_messages();
    two(&app).await;
    for _ in 0..12 {
        app.login(BOTH, PASSWORD).await.expect(200);
    }
    for identifier in [BOTH, OTHER_EMAIL] {
        assert_eq!(email_of(&app.login(identifier, THEIRS).await.expect(200)), OTHER_EMAIL);
    }
}

#[tokio::test]
async fn each_account_has_a_count_of_its_own() {
    let app = TestApp::start().await;
    app.ignore_messages();
    two(&app).await;
    for _ in 0..5 {
        app.login(OTHER_EMAIL, WRONG_PASSWORD).await.expect_problem(401);
    }
    app.login(OTHER_EMAIL, THEIRS).await.expect_problem(429);
    assert_eq!(email_of(&app.login(BOTH, PASSWORD).await.expect(200)), EMAIL, "the other is not locked");
    assert!(!app.login(BOTH, THEIRS).await.expect_problem(429).header("retry-after").is_empty());
    app.advance(Duration::minutes(15));
    assert_eq!(email_of(&app.login(BOTH, THEIRS).await.expect(200)), OTHER_EMAIL);
}

#[tokio::test]
async fn wrong_entries_by_such_digits_count_against_each_account() {
    let app = TestApp::start().await;
    app.ignore_messages();
    two(&app).await;
    for _ in 0..4 {
        app.login(BOTH, WRONG_PASSWORD).await.expect_problem(401);
    }
    assert_eq!(email_of(&app.login(EMAIL, PASSWORD).await.expect(200)), EMAIL);
    app.login(BOTH, WRONG_PASSWORD).await.expect_problem(401);
    app.login(OTHER_EMAIL, THEIRS).await.expect_problem(429);
    assert_eq!(email_of(&app.login(BOTH, PASSWORD).await.expect(200)), EMAIL, "their first failure since");
}

#[tokio::test]
async fn a_user_name_of_digits_takes_nobodys_sign_in() {
    let app = TestApp::start().await;
    app.ignore_messages();
    two(&app).await;
    let rider = json!({ "email": "rian@example.com", "password": "senha12345", "name": "Rian Lucas", "username": BOTH });
    app.post("/auth/register", rider).await.expect(201);
    let code = app.code_to("rian@example.com").await;
    app.post("/api/email-verification/verify", json!({ "email": "rian@example.com", "code": code })).await.expect(200);
    assert_eq!(email_of(&app.login(BOTH, PASSWORD).await.expect(200)), EMAIL);
    assert_eq!(email_of(&app.login(BOTH, THEIRS).await.expect(200)), OTHER_EMAIL);
    assert_eq!(email_of(&app.login(BOTH, "senha12345").await.expect(200)), "rian@example.com");
}

#[tokio::test]
async fn a_company_and_a_user_name_of_its_cnpj_are_two() {
    const CNPJ: &str = "11222333000181";
    let app = TestApp::start().await;
    let company = crate::support::people::company_form(CNPJ, EMAIL);
    app.anonymous().form("/register/company", "sign_up", &company).await.expect(303);
    app.open_link_to(EMAIL).await.expect(200);
    let rider = json!({ "email": "rian@example.com", "password": "senha12345", "name": "Rian Lucas", "username": CNPJ });
    app.post("/auth/register", rider).await.expect(201);
    let code = app.code_to("rian@example.com").await;
    app.post("/api/email-verification/verify", json!({ "email": "rian@example.com", "code": code })).await.expect(200);
    assert_eq!(email_of(&app.login("11.222.333/0001-81", PASSWORD).await.expect(200)), EMAIL);
    assert_eq!(email_of(&app.login(CNPJ, PASSWORD).await.expect(200)), EMAIL);
    assert_eq!(email_of(&app.login(CNPJ, "senha12345").await.expect(200)), "rian@example.com");
}

#[tokio::test]
async fn a_password_that_both_have_lets_nobody_in_and_counts() {
    let app = TestApp::start().await;
    app.ignore_messages();
    client_with(&app, &format!("+55{BOTH}"), EMAIL, PASSWORD).await;
    let answer = client_with(&app, OTHER_PHONE, OTHER_EMAIL, PASSWORD).await;
    app.whoever_got(&answer).change(json!({ "cpf": BOTH })).await.expect(200);
    for _ in 0..5 {
        app.login(BOTH, PASSWORD).await.expect_problem(401);
    }
    app.login(EMAIL, PASSWORD).await.expect_problem(429);
}

#[tokio::test]
async fn giving_ones_own_account_one_password_after_the_other_tries_none_on_a_strangers() {
    let app = TestApp::start().await;
    app.ignore_messages();
    two(&app).await;
    let mut current = THEIRS.to_owned();
    let mut locked = false;
    for n in 0..6 {
        let them = app.sign_in(OTHER_EMAIL, &current).await;
        let new = format!("Tentativa#{n} azul");
        them.change_password(&current, &new, &new).await.expect(200);
        locked = app.login(BOTH, &new).await.status == 429 || locked;
        current = new;
    }
    app.login(EMAIL, PASSWORD).await.expect_problem(429);
}

#[tokio::test]
async fn a_password_is_one_in_every_form_of_unicode() {
    let app = TestApp::start().await;
    client_with(&app, OTHER_PHONE, EMAIL, "Cafe\u{301} com pa\u{303}o #1").await;
    for typed in ["Café com pão #1", "Cafe\u{301} com pa\u{303}o #1", "Café\u{a0}com\u{2009}pão #1"] {
        app.login(EMAIL, typed).await.expect(200);
    }
    app.login(EMAIL, "Cafe com pao #1").await.expect_problem(401);
    app.expect_message(OTHER_PHONE, "tem um novo e-mail").await;
}
