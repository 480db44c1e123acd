//! Seed 000: a client proves a phone by code; before that there is no account.

use crate::support::people::{EMAIL, OTHER_PHONE, PASSWORD, PHONE, TYPED_PHONE, client, client_form};
use crate::support::{Actor, Answer, TestApp};
use serde_json::{Value, json};
use time::Duration;

const MASKED: &str = "(11) *****-4321";
/// 000, 7a.
const FAILED: &str = "A confirmação do número de telefone falhou.";

/// A refused code: the status and the sentence of 000, and nothing of why.
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

/// So many wrong entries.
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
    assert_eq!(answer.keys(), ["expiresIn", "message", "phone", "resendIn"]);
    let body = answer.json();
    assert_eq!((&body["phone"], &body["expiresIn"], &body["resendIn"]), (&json!(MASKED), &json!(300), &json!(30)));
    app.expect_message(PHONE, "seu codigo para criar sua conta").await;
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
    let code = app.ask_code(PHONE).await;
    let message = app.newest_to(PHONE).await;
    assert_eq!(message["channel"], "sms");
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
        ("(11) 8765-4321", "no ninth digit and no fixed line"),
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

/// What registering with a password of one's own answers.
async fn with_password(app: &TestApp, password: &str) -> Answer {
    let mut body = client(PHONE);
    body["email"] = EMAIL.into();
    body["password"] = password.into();
    body["passwordConfirmation"] = password.into();
    app.post("/api/auth/register/client", body).await
}

/// Those of them that are not refused at their field.
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

// ── wrong, lapsed, used and foreign codes

#[tokio::test]
async fn a_wrong_code_fails_and_the_right_one_still_works() {
    let app = TestApp::start().await;
    let code = app.ask_code(PHONE).await;
    enter_wrong(&app, PHONE, &code, 4).await;
    app.verify(PHONE, &code).await.expect(201);
}

#[tokio::test]
async fn five_wrong_entries_kill_the_code() {
    let app = TestApp::start().await;
    let code = app.ask_code(PHONE).await;
    enter_wrong(&app, PHONE, &code, 5).await;
    expect_wrong_code(app.verify(PHONE, &code).await);
    assert_eq!(app.count("select count(*) from accounts").await, 0);
    assert_eq!(app.count("select count(*) from verifications where dead_at is not null and secret_sealed is null").await, 1);
}

#[tokio::test]
async fn after_five_wrong_entries_none_is_looked_at_for_fifteen_minutes() {
    let app = TestApp::start().await;
    let code = app.ask_code(PHONE).await;
    enter_wrong(&app, PHONE, &code, 5).await;
    app.advance(Duration::minutes(14));
    resend(&app, PHONE).await.expect(202);
    let second = app.code_to(PHONE).await;
    expect_wrong_code(app.verify(PHONE, &second).await);
    app.advance(Duration::minutes(1));
    app.verify(PHONE, &second).await.expect(201);
}

#[tokio::test]
async fn further_entries_do_not_prolong_the_block() {
    let app = TestApp::start().await;
    let code = app.ask_code(PHONE).await;
    enter_wrong(&app, PHONE, &code, 5).await;
    for _ in 0..7 {
        app.advance(Duration::minutes(2));
        expect_wrong_code(app.verify(PHONE, "000000").await);
    }
    resend(&app, PHONE).await.expect(202);
    let second = app.code_to(PHONE).await;
    app.advance(Duration::minutes(1));
    app.verify(PHONE, &second).await.expect(201);
}

#[tokio::test]
async fn sending_again_does_not_reset_the_count() {
    let app = TestApp::start().await;
    let code = app.ask_code(PHONE).await;
    enter_wrong(&app, PHONE, &code, 4).await;
    app.advance(Duration::seconds(30));
    resend(&app, PHONE).await.expect(202);
    enter_wrong(&app, PHONE, &code, 1).await;
    expect_wrong_code(app.verify(PHONE, &code).await);
}

#[tokio::test]
async fn a_new_code_does_not_reset_the_count() {
    let app = TestApp::start().await;
    let code = app.ask_code(PHONE).await;
    enter_wrong(&app, PHONE, &code, 4).await;
    app.advance(Duration::minutes(5));
    resend(&app, PHONE).await.expect(202);
    let second = app.code_to(PHONE).await;
    enter_wrong(&app, PHONE, &second, 1).await;
    expect_wrong_code(app.verify(PHONE, &second).await);
}

#[tokio::test]
async fn a_right_entry_clears_the_count() {
    let app = TestApp::start().await;
    let code = app.ask_code(PHONE).await;
    enter_wrong(&app, PHONE, &code, 4).await;
    app.verify(PHONE, &code).await.expect(201);
    assert_eq!(app.count("select coalesce(sum(cardinality(hits)), 0) from tallies where scope = 'entry/signup_phone'").await, 0);
}

#[tokio::test]
async fn wrong_entries_are_forgotten_after_thirty_minutes() {
    let app = TestApp::start().await;
    let code = app.ask_code(PHONE).await;
    enter_wrong(&app, PHONE, &code, 4).await;
    app.advance(Duration::minutes(30));
    resend(&app, PHONE).await.expect(202);
    let second = app.code_to(PHONE).await;
    enter_wrong(&app, PHONE, &second, 4).await;
    app.verify(PHONE, &second).await.expect(201);
}

#[tokio::test]
async fn a_lapsed_code_looks_like_a_wrong_one() {
    let app = TestApp::start().await;
    let code = app.ask_code(PHONE).await;
    app.advance(Duration::minutes(5));
    expect_wrong_code(app.verify(PHONE, &code).await);
    assert_eq!(app.count("select count(*) from accounts").await, 0);
}

#[tokio::test]
async fn a_code_lives_to_the_last_second_of_its_five_minutes() {
    let app = TestApp::start().await;
    let code = app.ask_code(PHONE).await;
    app.advance(Duration::seconds(299));
    app.verify(PHONE, &code).await.expect(201);
}

#[tokio::test]
async fn the_clock_of_a_code_starts_when_it_is_handed_over() {
    let app = TestApp::start().await;
    app.post("/api/auth/register/client", client(PHONE)).await.expect(202);
    app.advance(Duration::minutes(9));
    let code = app.code_to(PHONE).await;
    app.advance(Duration::seconds(299));
    app.verify(PHONE, &code).await.expect(201);
}

#[tokio::test]
async fn a_code_that_could_not_be_handed_over_within_ten_minutes_is_dropped() {
    let app = TestApp::start().await;
    app.post("/api/auth/register/client", client(PHONE)).await.expect(202);
    app.advance(Duration::minutes(10));
    assert_eq!(app.messages().await.len(), 0);
    resend(&app, PHONE).await.expect(202);
    let code = app.code_to(PHONE).await;
    app.verify(PHONE, &code).await.expect(201);
}

#[tokio::test]
async fn a_used_code_is_refused() {
    let app = TestApp::start().await;
    let code = app.ask_code(PHONE).await;
    app.verify(PHONE, &code).await.expect(201);
    expect_wrong_code(app.verify(PHONE, &code).await);
    assert_eq!(app.count("select count(*) from accounts").await, 1);
}

#[tokio::test]
async fn a_code_of_one_phone_is_refused_for_another() {
    let app = TestApp::start().await;
    let code = app.ask_code(PHONE).await;
    let other = app.ask_code(OTHER_PHONE).await;
    if code != other {
        expect_wrong_code(app.verify(OTHER_PHONE, &code).await);
    }
    app.verify(OTHER_PHONE, &other).await.expect(201);
}

#[tokio::test]
async fn a_sign_up_code_is_no_sign_in_code() {
    let app = TestApp::start().await;
    let code = app.ask_code(PHONE).await;
    app.post("/api/auth/login/code/verify", json!({ "phone": PHONE, "code": code })).await.expect_problem(401);
    app.verify(PHONE, &code).await.expect(201);
}

#[tokio::test]
async fn a_code_before_any_was_asked_for_is_a_wrong_code() {
    let app = TestApp::start().await;
    expect_wrong_code(app.verify(PHONE, "123456").await);
}

// ── sending again

#[tokio::test]
async fn sending_again_delivers_the_same_live_code() {
    let app = TestApp::start().await;
    let code = app.ask_code(PHONE).await;
    app.advance(Duration::seconds(30));
    let answer = resend(&app, PHONE).await.expect(202);
    assert_eq!(answer.keys(), ["expiresIn", "message", "phone", "resendIn"]);
    assert_eq!(answer.json()["resendIn"], 60);
    assert_eq!(app.codes_to(PHONE).await, [code.clone(), code]);
}

#[tokio::test]
async fn a_code_sent_again_does_not_live_longer() {
    let app = TestApp::start().await;
    let code = app.ask_code(PHONE).await;
    app.advance(Duration::minutes(4));
    resend(&app, PHONE).await.expect(202);
    app.messages().await;
    app.advance(Duration::minutes(1));
    expect_wrong_code(app.verify(PHONE, &code).await);
}

#[tokio::test]
async fn a_new_code_is_made_only_after_the_old_one_lapsed() {
    let app = TestApp::start().await;
    let code = app.ask_code(PHONE).await;
    app.advance(Duration::minutes(5));
    resend(&app, PHONE).await.expect(202);
    let second = app.code_to(PHONE).await;
    assert_eq!(app.count("select count(*) from verifications").await, 2);
    if code != second {
        expect_wrong_code(app.verify(PHONE, &code).await);
    }
    app.verify(PHONE, &second).await.expect(201);
}

#[tokio::test]
async fn sending_again_too_early_is_429_with_the_wait() {
    let app = TestApp::start().await;
    app.ask_code(PHONE).await;
    app.advance(Duration::seconds(29));
    let answer = resend(&app, PHONE).await.expect_problem(429);
    assert_eq!(answer.header("retry-after"), "1");
    assert_eq!(app.codes_to(PHONE).await.len(), 1);
    app.advance(Duration::seconds(1));
    resend(&app, PHONE).await.expect(202);
    app.expect_message(PHONE, "seu codigo para criar sua conta").await;
}

#[tokio::test]
async fn waits_double_and_the_seventh_message_of_an_hour_is_refused() {
    let app = TestApp::start().await;
    app.ask_code(PHONE).await;
    let mut passed = 0;
    for wait in [30, 60, 120, 240, 480] {
        let early = resend(&app, PHONE).await.expect_problem(429);
        assert_eq!(early.header("retry-after"), wait.to_string());
        app.advance(Duration::seconds(wait));
        passed += wait;
        resend(&app, PHONE).await.expect(202);
        app.messages().await;
    }
    let full = resend(&app, PHONE).await.expect_problem(429);
    assert_eq!(full.header("retry-after"), (3600 - passed).to_string());
    app.advance(Duration::seconds(3600 - passed - 1));
    resend(&app, PHONE).await.expect(429);
    app.advance(Duration::seconds(1));
    resend(&app, PHONE).await.expect(202);
    assert_eq!(app.codes_to(PHONE).await.len(), 7);
}

#[tokio::test]
async fn registering_again_is_another_sign_up_with_a_code_of_its_own_but_not_without_end() {
    let app = TestApp::start().await;
    let code = app.ask_code(PHONE).await;
    for sent in 2..=6 {
        app.post("/api/auth/register/client", client(PHONE)).await.expect(202);
        assert_eq!(app.codes_to(PHONE).await.len(), sent);
    }
    app.post("/api/auth/register/client", client(PHONE)).await.expect_problem(429);
    app.verify(PHONE, &code).await.expect(201);
}

#[tokio::test]
async fn asking_again_for_a_phone_that_nobody_registered_answers_alike_and_sends_nothing() {
    let app = TestApp::start().await;
    app.ask_code(PHONE).await;
    app.advance(Duration::seconds(30));
    let known = resend(&app, PHONE).await.expect(202).json();
    let unknown = resend(&app, OTHER_PHONE).await.expect(202).json();
    assert_eq!((&known["message"], &known["expiresIn"]), (&unknown["message"], &unknown["expiresIn"]));
    assert_eq!(app.messages_to(OTHER_PHONE).await.len(), 0);
    resend(&app, OTHER_PHONE).await.expect_problem(429);
    app.expect_message(PHONE, "seu codigo para criar sua conta").await;
}

#[tokio::test]
async fn asking_again_for_a_stranger_does_not_keep_the_owner_from_registering() {
    let app = TestApp::start().await;
    resend(&app, PHONE).await.expect(202);
    app.proved_client(PHONE).await;
}

// ── WhatsApp

#[tokio::test]
async fn the_code_goes_by_whatsapp_when_the_person_chooses_it() {
    let app = TestApp::start().await;
    let mut body = client(PHONE);
    body["channel"] = "whatsapp".into();
    app.post("/api/auth/register/client", body).await.expect(202);
    let message = app.newest_to(PHONE).await;
    assert_eq!(message["channel"], "whatsapp");
    let code = app.code_to(PHONE).await;
    app.verify(PHONE, &code).await.expect(201);
}

#[tokio::test]
async fn the_same_code_goes_another_way_when_asked_for() {
    let app = TestApp::start().await;
    let code = app.ask_code(PHONE).await;
    app.advance(Duration::seconds(30));
    app.post("/api/auth/phone/resend", json!({ "phone": PHONE, "channel": "whatsapp" })).await.expect(202);
    let message = app.newest_to(PHONE).await;
    assert_eq!((&message["channel"], &message["code"]), (&json!("whatsapp"), &json!(code)));
}

#[tokio::test]
async fn a_channel_that_does_not_exist_is_refused_at_its_field() {
    let app = TestApp::start().await;
    for channel in ["email", "pombo"] {
        let mut body = client(PHONE);
        body["channel"] = channel.into();
        let answer = app.post("/api/auth/register/client", body).await.expect_problem(400);
        assert_eq!(answer.errors("channel").len(), 1, "{}", answer.text);
    }
    app.ask_code(PHONE).await;
    app.advance(Duration::seconds(30));
    let answer = app.post("/api/auth/phone/resend", json!({ "phone": PHONE, "channel": "email" })).await.expect_problem(400);
    assert_eq!(answer.errors("channel").len(), 1, "{}", answer.text);
}

// ── what is taken

/// 409 with the way in, and only there.
#[track_caller]
fn expect_taken(answer: Answer) {
    let answer = answer.expect_problem(409);
    let detail = answer.json()["detail"].as_str().unwrap_or_default().to_owned();
    assert!(detail.contains("Entre na sua conta") && detail.contains("recupere"), "{detail}");
}

#[tokio::test]
async fn a_phone_with_an_account_is_409_and_its_owner_is_told() {
    let app = TestApp::start().await;
    app.proved_client(PHONE).await;
    app.advance(Duration::minutes(10));
    expect_taken(app.post("/api/auth/register/client", json!({ "fullName": "Mallory", "phone": TYPED_PHONE })).await);
    let notice = app.newest_to(PHONE).await;
    assert_eq!(notice["code"], Value::Null, "{notice}");
    let body = notice["body"].as_str().expect("a text");
    assert!(body.contains("voce ja tem uma conta") && !body.contains("Mallory"), "{body}");
}

#[tokio::test]
async fn an_email_with_an_account_is_409_and_its_owner_is_told_by_email() {
    let app = TestApp::start().await;
    app.proved_client_with(PHONE, EMAIL).await;
    app.advance(Duration::minutes(10));
    let mut body = client(OTHER_PHONE);
    body["email"] = " ANA@Example.com ".into();
    expect_taken(app.post("/api/auth/register/client", body).await);
    assert_eq!(app.newest_to(EMAIL).await["subject"], "Você já tem uma conta");
    assert_eq!(app.messages_to(OTHER_PHONE).await.len(), 0);
}

#[tokio::test]
async fn of_two_sign_ups_on_one_phone_the_first_code_wins_and_the_second_is_told() {
    let app = TestApp::start().await;
    let first = app.ask_code(PHONE).await;
    app.advance(Duration::seconds(30));
    app.post("/api/auth/register/client", json!({ "fullName": "Outra Pessoa", "phone": PHONE })).await.expect(202);
    let second = app.code_to(PHONE).await;
    app.verify(PHONE, &first).await.expect(201);
    if first != second {
        expect_taken(app.verify(PHONE, &second).await);
    }
    assert_eq!(app.count("select count(*) from accounts").await, 1);
}

// ── the optional e-mail

async fn client_with_unproved_email(app: &TestApp) {
    let mut body = client(PHONE);
    body["email"] = EMAIL.into();
    body["password"] = PASSWORD.into();
    app.post("/api/auth/register/client", body).await.expect(202);
    let code = app.code_to(PHONE).await;
    let user = app.verify(PHONE, &code).await.expect(201).json()["user"].clone();
    assert_eq!((&user["email"], &user["emailVerified"]), (&json!(EMAIL), &json!(false)));
    // its link leaves now, before any later one
    app.messages().await;
}

#[tokio::test]
async fn an_optional_email_gets_a_link_only_once_the_phone_is_proved() {
    let app = TestApp::start().await;
    let mut body = client(PHONE);
    body["email"] = EMAIL.into();
    app.post("/api/auth/register/client", body).await.expect(202);
    let code = app.code_to(PHONE).await;
    assert_eq!(app.messages_to(EMAIL).await.len(), 0);
    app.verify(PHONE, &code).await.expect(201);
    assert_eq!(app.newest_to(EMAIL).await["subject"], "Verifique sua conta");
}

#[tokio::test]
async fn an_unproved_email_signs_nobody_in_and_a_proved_one_does() {
    let app = TestApp::start().await;
    client_with_unproved_email(&app).await;
    app.login(EMAIL, PASSWORD).await.expect_problem(401);
    app.login(TYPED_PHONE, PASSWORD).await.expect(200);
    app.open_link_to(EMAIL).await.expect(200);
    app.login(EMAIL, PASSWORD).await.expect(200);
    app.expect_message(PHONE, "tem um novo e-mail").await;
}

#[tokio::test]
async fn an_unproved_email_keeps_nobody_out() {
    let app = TestApp::start().await;
    client_with_unproved_email(&app).await;
    app.advance(Duration::minutes(5));
    app.proved_teacher(EMAIL).await;
    app.login(EMAIL, PASSWORD).await.expect(200);
    assert_eq!(app.count("select count(*) from accounts where email_proved_at is not null").await, 1);
}

#[tokio::test]
async fn the_link_of_an_email_that_another_account_proved_first_is_refused() {
    let app = TestApp::start().await;
    client_with_unproved_email(&app).await;
    let token = app.token_to(EMAIL).await;
    app.advance(Duration::minutes(5));
    app.proved_teacher(EMAIL).await;
    app.get(&format!("/api/auth/verify-email?token={token}")).await.expect_problem(409);
}

#[tokio::test]
async fn a_claim_that_lapsed_does_not_keep_an_optional_email_from_being_proved() {
    let app = TestApp::start().await;
    app.pending_teacher(EMAIL).await;
    app.messages().await;
    app.advance(Duration::hours(25));
    client_with_unproved_email(&app).await;
    app.open_link_to(EMAIL).await.expect(200);
    app.login(EMAIL, PASSWORD).await.expect(200);
    app.expect_message(PHONE, "tem um novo e-mail").await;
}

// ── signing in by code

#[tokio::test]
async fn a_proved_phone_signs_in_by_code() {
    let app = TestApp::start().await;
    app.proved_client(PHONE).await;
    app.advance(Duration::hours(1));
    let answer = app.post("/api/auth/login/code", json!({ "phone": TYPED_PHONE })).await.expect(202);
    assert_eq!(answer.keys(), ["expiresIn", "message", "phone", "resendIn"]);
    let code = app.code_to(PHONE).await;
    let answer = app.post("/api/auth/login/code/verify", json!({ "phone": TYPED_PHONE, "code": code })).await.expect(200);
    assert_eq!(answer.keys(), ["accessToken", "expiresIn", "refreshToken", "user"]);
    app.post("/api/auth/login/code/verify", json!({ "phone": PHONE, "code": code })).await.expect_problem(401);
}

#[tokio::test]
async fn asking_for_a_sign_in_code_answers_alike_for_unknown_phones() {
    let app = TestApp::start().await;
    app.proved_client(PHONE).await;
    app.advance(Duration::hours(1));
    let known = app.post("/api/auth/login/code", json!({ "phone": PHONE })).await.expect(202);
    let unknown = app.post("/api/auth/login/code", json!({ "phone": OTHER_PHONE })).await.expect(202);
    let but_the_phone = |answer: &Answer| {
        let mut body = answer.json();
        body["phone"] = Value::Null;
        body
    };
    assert_eq!(but_the_phone(&known), but_the_phone(&unknown));
    assert_eq!(app.messages_to(OTHER_PHONE).await.len(), 0);
    app.expect_message(PHONE, "seu codigo para entrar").await;
}

#[tokio::test]
async fn asking_for_a_sign_in_code_too_early_answers_as_usual_and_sends_nothing() {
    let app = TestApp::start().await;
    app.proved_client(PHONE).await;
    app.advance(Duration::hours(1));
    for phone in [PHONE, OTHER_PHONE] {
        app.post("/api/auth/login/code", json!({ "phone": phone })).await.expect(202);
        let early = app.post("/api/auth/login/code", json!({ "phone": phone })).await.expect(202);
        assert_eq!(early.json()["resendIn"], 30);
    }
    assert_eq!(app.codes_to(PHONE).await.len(), 2, "the sign-up's and one to sign in");
}

#[tokio::test]
async fn five_wrong_sign_in_codes_block_entries_for_known_and_unknown_phones_alike() {
    let app = TestApp::start().await;
    app.proved_client(PHONE).await;
    app.advance(Duration::hours(1));
    app.post("/api/auth/login/code", json!({ "phone": PHONE })).await.expect(202);
    let code = app.code_to(PHONE).await;
    let enter = async |phone: &str, code: &str| app.post("/api/auth/login/code/verify", json!({ "phone": phone, "code": code })).await;
    for _ in 0..5 {
        let known = enter(PHONE, &TestApp::other_than(&code)).await.expect_problem(401);
        let unknown = enter(OTHER_PHONE, "000000").await.expect_problem(401);
        assert_eq!(known.json(), unknown.json());
    }
    enter(PHONE, &code).await.expect_problem(401);
}

// ── the browser, without JavaScript

const WIZARD: &str = "/register/client";

async fn sign_up(browser: &Actor<'_>, phone: &str) -> Answer {
    browser.form(WIZARD, "sign_up", &client_form(phone)).await
}

#[tokio::test]
async fn the_whole_journey_works_as_plain_forms() {
    let app = TestApp::start().await;
    let browser = app.anonymous();
    let page = browser.get(WIZARD).await.expect(200);
    assert!(page.text.contains("Passo 1 de 3"), "{}", page.text);
    let answer = sign_up(&browser, TYPED_PHONE).await.expect(303);
    assert!(answer.location().starts_with(&format!("{WIZARD}?signup=")), "{}", answer.location());
    let code = app.code_to(PHONE).await;
    let page = browser.get(WIZARD).await.expect(200);
    assert!(page.text.contains("Passo 2 de 3") && page.text.contains(MASKED), "{}", page.text);
    let answer = browser.form(WIZARD, "prove_code", &[("code", &code)]).await.expect(303);
    assert_eq!(answer.location(), WIZARD);
    let page = browser.get(WIZARD).await.expect(200);
    assert!(page.text.contains("Perfil criado com sucesso"), "{}", page.text);
    let page = browser.get("/dashboard").await.expect(200);
    assert!(page.text.contains("Ana Souza"), "{}", page.text);
    browser.form("/dashboard", "sign_out", &[]).await.expect(303);
    assert_eq!(browser.get("/dashboard").await.expect(303).location(), "/login");
}

#[tokio::test]
async fn a_refused_form_comes_back_with_its_status_its_errors_and_what_was_typed_but_no_password() {
    let app = TestApp::start().await;
    let fields = [
        ("slug", "client"),
        ("name", "Ana Maria Braga"),
        ("phone", "(20) 98765-4321"),
        ("email", "ana.braga@example.com"),
        ("password", "segredo-A1"),
        ("password_confirmation", "segredo-B2"),
        ("channel", "whatsapp"),
    ];
    let page = app.anonymous().form(WIZARD, "sign_up", &fields).await.expect(400);
    assert!(page.header("content-type").starts_with("text/html"));
    for kept in ["Ana Maria Braga", "(20) 98765-4321", "ana.braga@example.com", "Número de telefone inválido", "As senhas não coincidem"]
    {
        assert!(page.text.contains(kept), "{kept}: {}", page.text);
    }
    assert!(!page.text.contains("segredo"), "a password is never written into a page");
    let chosen = page.text.split("<input").find(|tag| tag.contains("value=\"whatsapp\"")).expect("the choice");
    assert!(chosen.contains("checked"), "{chosen}");
}

#[tokio::test]
async fn a_wrong_code_comes_back_as_a_page_with_the_sentence_of_the_document_and_not_the_code() {
    let app = TestApp::start().await;
    let browser = app.anonymous();
    sign_up(&browser, PHONE).await.expect(303);
    let wrong = TestApp::other_than(&app.code_to(PHONE).await);
    let page = browser.form(WIZARD, "prove_code", &[("code", &wrong)]).await.expect(400);
    assert!(page.text.contains(FAILED), "{}", page.text);
    assert!(!page.text.contains(&wrong), "a code is never written into a page");
}

#[tokio::test]
async fn after_five_wrong_codes_the_page_says_when_to_come_back() {
    let app = TestApp::start().await;
    let browser = app.anonymous();
    sign_up(&browser, PHONE).await.expect(303);
    let wrong = TestApp::other_than(&app.code_to(PHONE).await);
    for _ in 0..5 {
        browser.form(WIZARD, "prove_code", &[("code", &wrong)]).await.expect(400);
    }
    let page = browser.get(WIZARD).await.expect(200);
    // not the fifteen minutes of a link to another device, which stand there always
    assert!(page.text.contains("você pode tentar de novo em 15 minutos"), "{}", page.text);
}

#[tokio::test]
async fn reloading_and_going_back_keep_what_was_typed() {
    let app = TestApp::start().await;
    let browser = app.anonymous();
    sign_up(&browser, TYPED_PHONE).await.expect(303);
    let page = browser.get("/register/client?step=details").await.expect(200);
    assert!(page.text.contains("value=\"Ana Souza\"") && page.text.contains("value=\"(11) 98765-4321\""), "{}", page.text);
    assert!(browser.get("/register").await.expect(200).text.contains("Você tem um cadastro em andamento"));
    assert!(browser.get(WIZARD).await.expect(200).text.contains("Passo 2 de 3"));
    app.expect_message(PHONE, "seu codigo para criar sua conta").await;
}

#[tokio::test]
async fn correcting_the_number_sends_a_code_there_and_kills_the_old_one() {
    let app = TestApp::start().await;
    let browser = app.anonymous();
    sign_up(&browser, PHONE).await.expect(303);
    let first = app.code_to(PHONE).await;
    browser.form("/register/client?step=details", "sign_up", &client_form(OTHER_PHONE)).await.expect(303);
    let second = app.code_to(OTHER_PHONE).await;
    expect_wrong_code(app.verify(PHONE, &first).await);
    browser.form(WIZARD, "prove_code", &[("code", &second)]).await.expect(303);
    assert_eq!(app.count("select count(*) from accounts").await, 1);
}

#[tokio::test]
async fn a_form_submitted_twice_makes_one_sign_up_and_one_message() {
    let app = TestApp::start().await;
    let (one, other) = (app.anonymous(), app.anonymous());
    let mut fields = client_form(PHONE);
    // what the page wrote into this very form
    fields.push(("form", "0123456789abcdef0123456789abcdef"));
    let (first, second) = tokio::join!(one.form(WIZARD, "sign_up", &fields), other.form(WIZARD, "sign_up", &fields));
    first.expect(303);
    second.expect(303);
    assert_eq!(app.count("select count(*) from signups").await, 1);
    let code = app.code_to(PHONE).await;
    assert_eq!(app.codes_to(PHONE).await.len(), 1);
    other.form(WIZARD, "prove_code", &[("code", &code)]).await.expect(303);
}

#[tokio::test]
async fn sending_again_from_the_page_waits_like_the_api() {
    let app = TestApp::start().await;
    let browser = app.anonymous();
    sign_up(&browser, PHONE).await.expect(303);
    app.messages().await;
    let early = browser.form(WIZARD, "resend", &[("channel", "sms")]).await.expect(429);
    assert_eq!(early.header("retry-after"), "30");
    app.advance(Duration::seconds(30));
    let answer = browser.form(WIZARD, "resend", &[("channel", "whatsapp")]).await.expect(303);
    let (page, said) = answer.location().split_once('&').expect("a sign-up, and what is said of it");
    assert_eq!((page.len(), said), ("/register/client?signup=".len() + 36, "notice=resent"), "{page}");
    assert_eq!(app.newest_to(PHONE).await["channel"], "whatsapp");
}

#[tokio::test]
async fn a_taken_phone_offers_the_way_in() {
    let app = TestApp::start().await;
    app.proved_client(PHONE).await;
    let page = sign_up(&app.anonymous(), PHONE).await.expect(409);
    assert!(page.text.contains("Telefone já cadastrado") && page.text.contains("href=\"/login\""), "{}", page.text);
    app.expect_message(PHONE, "voce ja tem uma conta").await;
}

#[tokio::test]
async fn a_code_entered_without_a_sign_up_is_a_page_and_no_fault() {
    let app = TestApp::start().await;
    let page = app.anonymous().form(WIZARD, "prove_code", &[("code", "123456")]).await.expect(410);
    assert!(page.header("content-type").starts_with("text/html"));
}

#[tokio::test]
async fn a_sign_up_that_was_given_up_is_forgotten_by_this_browser() {
    let app = TestApp::start().await;
    let browser = app.anonymous();
    sign_up(&browser, PHONE).await.expect(303);
    browser.form(WIZARD, "abandon", &[]).await.expect(303);
    assert!(browser.get(WIZARD).await.expect(200).text.contains("Passo 1 de 3"));
    app.expect_message(PHONE, "seu codigo para criar sua conta").await;
}

// ── another device

/// The path of the link that the page shows.
fn hand_off_path(page: &Answer) -> String {
    let rest = page.text.split("/continue?token=").nth(1).unwrap_or_else(|| panic!("no link: {}", page.text));
    let token: String = rest.chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '-' || *c == '_').collect();
    format!("/continue?token={token}")
}

async fn take_over(device: &Actor<'_>, path: &str) -> Answer {
    let token = path.split_once("token=").expect("a token").1;
    device.form(path, "take_over", &[("token", token)]).await
}

#[tokio::test]
async fn a_sign_up_goes_on_on_another_device_once() {
    let app = TestApp::start().await;
    let computer = app.anonymous();
    sign_up(&computer, PHONE).await.expect(303);
    let path = hand_off_path(&computer.form(WIZARD, "hand_off", &[]).await.expect(200));
    let phone = app.anonymous();
    assert!(phone.get(&path).await.expect(200).cookies().is_empty(), "opening a link changes nothing");
    let taken = take_over(&phone, &path).await.expect(303);
    assert!(taken.location().starts_with(&format!("{WIZARD}?signup=")), "{}", taken.location());
    assert!(phone.get(WIZARD).await.expect(200).text.contains("Passo 2 de 3"));
    take_over(&app.anonymous(), &path).await.expect(400);
    app.expect_message(PHONE, "seu codigo para criar sua conta").await;
}

#[tokio::test]
async fn a_proof_on_the_other_device_lets_this_one_in_too() {
    let app = TestApp::start().await;
    let (computer, phone) = (app.anonymous(), app.anonymous());
    sign_up(&computer, PHONE).await.expect(303);
    let path = hand_off_path(&computer.form(WIZARD, "hand_off", &[]).await.expect(200));
    take_over(&phone, &path).await.expect(303);
    let code = app.code_to(PHONE).await;
    phone.form(WIZARD, "prove_code", &[("code", &code)]).await.expect(303);
    assert!(computer.get(WIZARD).await.expect(200).text.contains("Perfil criado com sucesso"));
    assert_eq!(computer.form(WIZARD, "enter", &[]).await.expect(303).location(), "/dashboard");
    computer.get("/dashboard").await.expect(200);
    app.expect_message(PHONE, "novo acesso a sua conta").await;
}

#[tokio::test]
async fn a_link_to_another_device_lapses_after_fifteen_minutes() {
    let app = TestApp::start().await;
    let computer = app.anonymous();
    sign_up(&computer, PHONE).await.expect(303);
    let path = hand_off_path(&computer.form(WIZARD, "hand_off", &[]).await.expect(200));
    app.advance(Duration::minutes(15));
    take_over(&app.anonymous(), &path).await.expect(400);
}

#[tokio::test]
async fn a_sign_up_is_forgotten_after_a_day() {
    let app = TestApp::start().await;
    let browser = app.anonymous();
    sign_up(&browser, PHONE).await.expect(303);
    app.advance(Duration::hours(25));
    assert!(browser.get(WIZARD).await.expect(200).text.contains("Passo 1 de 3"));
}

#[tokio::test]
async fn a_client_in_the_browser_signs_in_by_code_as_plain_forms() {
    let app = TestApp::start().await;
    app.proved_client(PHONE).await;
    app.advance(Duration::hours(1));
    let browser = app.anonymous();
    browser.form("/login?by=code", "ask_code", &[("phone", TYPED_PHONE)]).await.expect(200);
    let code = app.code_to(PHONE).await;
    let fields = [("phone", TYPED_PHONE), ("code", code.as_str())];
    assert_eq!(browser.form("/login?by=code", "sign_in_by_code", &fields).await.expect(303).location(), "/dashboard");
    browser.get("/dashboard").await.expect(200);
    app.expect_message(PHONE, "novo acesso a sua conta").await;
}
