//! What codes to phones may cost in a day, and phones for tests.

use crate::support::people::{CPF, EMAIL, OTHER_CPF, OTHER_PHONE, PHONE, client, client_form};
use crate::support::{Answer, TestApp};
use serde_json::{Value, json};
use time::Duration;

async fn register(app: &TestApp, phone: &str, channel: &str) -> Answer {
    let mut body = client(phone);
    body["channel"] = channel.into();
    app.post("/api/auth/register/client", body).await
}

fn channel_of(answer: &Answer) -> Value {
    answer.json()["channel"].clone()
}

fn expect_resting(answer: &Answer) {
    let problem = answer.json();
    assert_eq!(problem["type"], "urn:portaria:problem:channel-resting", "{problem}");
    assert_eq!(problem["channels"], json!(["whatsapp"]), "those that go on");
}

#[tokio::test]
async fn past_the_budget_of_a_ddd_sms_rests_there_and_whatsapp_goes_on() {
    let app = TestApp::start_with(&[("UNPROVED_BUDGET", "2"), ("PHONE_CHANNELS", "sms,whatsapp")]).await;
    let all = ["+5511900000001", "+5511900000002", "+5511900000003", "+5511900000004"];
    let sent = futures::future::join_all(all.map(|phone| register(&app, phone, ""))).await;
    let by_sms = sent.iter().filter(|answer| channel_of(answer) == "sms").count();
    assert!(by_sms >= 2, "the system goes on by another: {by_sms}");
    let messages = app.messages().await;
    assert_eq!(messages.iter().filter(|it| it["channel"] == "sms").count(), 2, "of many at once no more than the budget");
    assert_eq!(messages.len(), 4, "and everybody gets a code");

    expect_resting(&register(&app, PHONE, "sms").await.expect_problem(409));
    let unknown = app.post("/api/auth/phone/resend", json!({ "phone": PHONE, "channel": "sms" })).await.expect_problem(409);
    let waits = app.post("/api/auth/phone/resend", json!({ "phone": all[0], "channel": "sms" })).await.expect_problem(409);
    assert_eq!(unknown.text, waits.text, "nobody learns who waits");
    assert_eq!(channel_of(&register(&app, PHONE, "").await.expect(202)), "whatsapp");
    assert_eq!(channel_of(&register(&app, OTHER_PHONE, "sms").await.expect(202)), "sms", "another DDD");
    let browser = app.anonymous();
    browser.form("/register/client", "sign_up", &client_form("+5511900000005")).await.expect(409);
    let form: Vec<_> = client_form("+5511900000005").into_iter().filter(|(name, _)| *name != "channel").collect();
    browser.form("/register/client", "sign_up", &form).await.expect(303);
    let page = browser.get("/register/client").await.expect(200).text;
    assert!(page.contains("Hoje o envio por SMS está em pausa") && !page.contains("por SMS</button>"), "{page}");
    let metrics = app.get("/metrics").await.expect(200).text;
    assert!(metrics.contains("portaria_sms_rested_total{limit=\"UNPROVED_BUDGET\"}"), "{metrics}");
    assert!(!metrics.contains("portaria_sms_rested_total{limit=\"UNPROVED_BUDGET\"} 0"));

    app.advance(Duration::days(1));
    assert_eq!(channel_of(&register(&app, PHONE, "sms").await.expect(202)), "sms", "the day is over");
    app.ignore_messages();
}

#[tokio::test]
async fn past_the_ceiling_sms_rests_for_everybody_known_or_not() {
    let app = TestApp::start_with(&[("SMS_DAILY_CEILING", "1")]).await;
    app.proved_client(PHONE).await;
    app.advance(Duration::hours(1));
    let by_sms = async |phone: &str| app.post("/api/auth/login/code", json!({ "phone": phone, "channel": "sms" })).await;
    by_sms(PHONE).await.expect(202);
    app.messages().await;
    app.advance(Duration::minutes(10));
    let (known, unknown) = (by_sms(PHONE).await.expect_problem(409), by_sms(OTHER_PHONE).await.expect_problem(409));
    expect_resting(&known);
    assert_eq!(known.text, unknown.text);
    app.post("/api/auth/login/code", json!({ "phone": PHONE })).await.expect(202);
    app.ignore_messages();
}

#[tokio::test]
async fn codes_for_a_new_password_count_too_and_go_on_by_what_is_left() {
    let app = TestApp::start_with(&[("SMS_DAILY_CEILING", "1"), ("PHONE_CHANNELS", "sms")]).await;
    let recover = async |document: &str| app.post("/api/auth/recovery", json!({ "document": document })).await;
    let one = app.client_with(PHONE, EMAIL).await;
    one.give_document("cpf", CPF).await;
    // The code that proved the phone was the one SMS of that day.
    let both = recover(CPF).await.expect(200).json();
    assert_eq!((&both["channel"], both["destinations"].as_array().map(Vec::len)), (&json!("email"), Some(1)), "{both}");
    app.advance(Duration::days(1));
    let other = app.whoever_got(&app.proved_client(OTHER_PHONE).await);
    other.give_document("cpf", OTHER_CPF).await;
    app.advance(Duration::days(1));
    assert_eq!(recover(CPF).await.expect(200).json()["destinations"].as_array().map(Vec::len), Some(2), "a new day");
    let resting = recover(OTHER_CPF).await.expect_problem(409).json();
    assert_eq!((&resting["type"], &resting["channels"]), (&json!("urn:portaria:problem:channel-resting"), &json!([])), "no way is left");
    assert_eq!(app.count("select sum(sms)::bigint from phone_spending where ddd = ''").await, 3, "one a day");
    app.ignore_messages();
}

#[tokio::test]
async fn a_phone_for_tests_has_its_own_code() {
    let app = TestApp::start_with(&[("TEST_PHONES", "(11) 98765-4321=424242")]).await;
    assert_eq!(app.ask_code(PHONE).await, "424242");
    app.verify(PHONE, "424242").await.expect(201);
    app.advance(Duration::hours(1));
    app.post("/api/auth/login/code", json!({ "phone": PHONE })).await.expect(202);
    assert_eq!(app.code_to(PHONE).await, "424242");
    app.post("/api/auth/login/code/verify", json!({ "phone": PHONE, "code": "424242" })).await.expect(200);
    assert_ne!(app.ask_code(OTHER_PHONE).await, app.code_to(PHONE).await);
}
