//! The contacts that recovery codes go to, and how often.

use super::{BEHIND_PROXY, MESSAGE_3, expect_detail, from};
use crate::support::TestApp;
use crate::support::carrier::{Answer, Carrier};
use crate::support::people::{CNPJ, CPF, EMAIL, OTHER_CPF, PHONE, RESPONSIBLE, UNKNOWN_CPF};
use serde_json::json;
use time::Duration;

// ── contacts and channels

#[tokio::test]
async fn only_proved_contacts_are_sent_to() {
    let app = TestApp::start().await;
    let code = app.ask_code_with_email(PHONE, EMAIL).await;
    app.whoever_got(&app.verify(PHONE, &code).await.expect(201)).give_document("cpf", CPF).await;
    app.advance(Duration::minutes(1));
    let mails = app.messages_to(EMAIL).await.len();
    assert_eq!(app.recover(CPF).await.expect(200).json()["destinations"], json!(["(11) *****-4321"]));
    assert_eq!(app.messages_to(EMAIL).await.len(), mails, "the address was never proved");
    let answer = app.recover_by(CPF, "email").await.expect_problem(400);
    assert_eq!(answer.errors("channel").len(), 1, "{}", answer.text);
    app.expect_message(PHONE, "é o seu código de verificação").await;
}

#[tokio::test]
async fn an_account_without_a_proved_contact_is_not_registered() {
    let app = TestApp::start().await;
    app.company().await;
    app.advance(Duration::minutes(1));
    sqlx::query("update accounts set email_proved_at = null").execute(&app.pool).await.expect("unproved");
    expect_detail(app.recover(CNPJ).await, 404, MESSAGE_3);
}

#[tokio::test]
async fn a_chosen_channel_is_the_only_one() {
    let app = TestApp::start().await;
    app.ana().await;
    let phone = app.messages_to(PHONE).await.len();
    assert_eq!(app.recover_by(CPF, "email").await.expect(200).json()["destinations"], json!(["a***@e***.com"]));
    assert_eq!(app.messages_to(PHONE).await.len(), phone);
    // The other contact has a wait of its own, and a code of its own.
    assert_eq!(app.recover_by(CPF, "whatsapp").await.expect(200).json()["destinations"], json!(["(11) *****-4321"]));
    let code = app.code_to(PHONE).await;
    for unknown in ["sms", "pombo"] {
        assert_eq!(app.recover_by(CPF, unknown).await.expect_problem(400).errors("channel").len(), 1, "{unknown}");
    }
    app.enter_recovery_code(CPF, &code).await.expect(200);
    app.expect_message(EMAIL, "Seu código para recuperar a senha").await;
}

#[tokio::test]
async fn without_whatsapp_set_up_sms_carries_the_code() {
    let smtp_and_sms = [
        ("PORTARIA_ENV", "production"),
        ("TWILIO_ACCOUNT_SID", "AC1"),
        ("TWILIO_AUTH_TOKEN", "t"),
        ("TWILIO_FROM", "+15005550006"),
        ("TWILIO_BASE_URL", "http://127.0.0.1:9"),
    ];
    let development = TestApp::start_with_file(RESPONSIBLE).await;
    development.ana().await;
    let settings: Vec<_> = smtp_and_sms.into_iter().chain([("PUBLIC_URL", "https://portaria.example")]).collect();
    let production = development.node_with(&settings).await;
    production.recover(CPF).await.expect(200);
    let channels: Vec<String> = sqlx::query_scalar("select channel from outbox where status = 'queued' order by channel")
        .fetch_all(&development.pool)
        .await
        .expect("messages");
    assert_eq!(channels, ["sms"], "e-mail is not set up there either");
    development.expect_message(PHONE, "seu codigo para criar uma nova senha").await;
}

#[tokio::test]
async fn when_whatsapp_fails_sms_follows_with_the_same_code() {
    let refusal = json!({ "error": { "message": "undeliverable", "type": "OAuthException", "code": 131_026 } });
    let meta = Carrier::always(Answer::json(400, refusal)).await;
    let app = TestApp::start_with(&[
        ("WHATSAPP_TOKEN", "t"),
        ("WHATSAPP_PHONE_NUMBER_ID", "1"),
        ("WHATSAPP_TEMPLATE", "codigo"),
        ("WHATSAPP_BASE_URL", meta.url.as_str()),
    ])
    .await;
    app.ana().await;
    app.recover(CPF).await.expect(200);
    let phone = app.newest_to(PHONE).await;
    assert_eq!(phone["channel"], "sms");
    app.enter_recovery_code(CPF, phone["code"].as_str().expect("a code")).await.expect(200);
    app.expect_message(EMAIL, "Seu código para recuperar a senha").await;
}

// ── limits

#[tokio::test]
async fn asking_again_too_early_gives_the_usual_answer_and_sends_nothing() {
    let app = TestApp::start().await;
    app.ana().await;
    let usual = app.recover(CPF).await.expect(200);
    let sent = app.sent().await;
    let code = app.codes_to(EMAIL).await.remove(0);
    app.advance(Duration::seconds(29));
    assert_eq!(app.recover(CPF).await.expect(200).text, usual.text);
    assert_eq!(app.sent().await, sent);
    app.advance(Duration::seconds(1));
    assert_eq!(app.recover(CPF).await.expect(200).text, usual.text);
    assert_eq!(app.sent().await, sent + 2);
    assert_eq!(app.codes_to(EMAIL).await[..2], [code.clone(), code], "the same live code again");
}

#[tokio::test]
async fn no_more_than_six_go_to_a_destination_in_an_hour() {
    let app = TestApp::start().await;
    app.ana().await;
    for _ in 0..20 {
        app.recover(CPF).await.expect(200);
        app.advance(Duration::minutes(2));
    }
    let codes = app.codes_to(EMAIL).await.len();
    assert!(codes <= 6, "{codes}");
}

#[tokio::test]
async fn over_the_limit_an_address_learns_nothing_of_who_is_registered() {
    let app = TestApp::start_with(BEHIND_PROXY).await;
    app.ana().await;
    let ask = async |address: &str, document: &str| from(&app, address).post("/api/auth/recovery", json!({ "document": document })).await;
    for _ in 0..10 {
        expect_detail(ask("198.51.100.7", UNKNOWN_CPF).await, 404, MESSAGE_3);
    }
    let before = app.sent().await;
    let known = ask("198.51.100.7", CPF).await.expect(200);
    assert_eq!(known.keys(), ["channel", "destinations", "expiresIn", "message"]);
    assert_eq!(known.json()["destinations"], json!([]));
    for document in [UNKNOWN_CPF, OTHER_CPF, "12345678901", CNPJ] {
        assert_eq!(ask("198.51.100.7", document).await.expect(200).text, known.text, "{document}");
    }
    assert_eq!(app.sent().await, before, "nothing is sent");
    // Other addresses are not affected, and an hour later the limit ends.
    assert_eq!(ask("198.51.100.8", CPF).await.expect(200).json()["destinations"].as_array().map(Vec::len), Some(2));
    expect_detail(ask("198.51.100.8", UNKNOWN_CPF).await, 404, MESSAGE_3);
    app.advance(Duration::hours(1));
    expect_detail(ask("198.51.100.7", UNKNOWN_CPF).await, 404, MESSAGE_3);
}

#[tokio::test]
async fn misses_at_once_are_all_counted() {
    let app = TestApp::start().await;
    let answers = futures::future::join_all((0..30).map(|_| app.recover(UNKNOWN_CPF))).await;
    assert_eq!(answers.iter().filter(|answer| answer.status == 404).count(), 10);
    assert_eq!(answers.iter().filter(|answer| answer.status == 200).count(), 20);
}

#[tokio::test]
async fn an_address_that_has_sent_all_it_may_learns_nothing_either() {
    let app = TestApp::start_with(BEHIND_PROXY).await;
    app.ana().await;
    let ask = async |document: &str| from(&app, "198.51.100.9").post("/api/auth/recovery", json!({ "document": document })).await;
    for n in 0..30 {
        let body = json!({ "email": format!("nobody{n}@example.com") });
        from(&app, "198.51.100.9").post("/api/auth/forgot-password", body).await.expect(202);
    }
    let (known, unknown) = (ask(CPF).await.expect(200), ask(UNKNOWN_CPF).await.expect(200));
    assert_eq!(known.text, unknown.text);
}

#[tokio::test]
async fn mistyped_check_digits_are_no_misses() {
    let app = TestApp::start().await;
    app.ana().await;
    for _ in 0..12 {
        expect_detail(app.recover("529.982.247-24").await, 404, MESSAGE_3);
    }
    assert_eq!(app.recover(CPF).await.expect(200).json()["destinations"].as_array().map(Vec::len), Some(2));
    app.expect_message(EMAIL, "Seu código para recuperar a senha").await;
    app.expect_message(PHONE, "é o seu código de verificação").await;
}
