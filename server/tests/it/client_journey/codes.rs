//! Codes: wrong and lapsed ones, sending one again, and the channel.

use super::{enter_wrong, expect_wrong_code, resend};
use crate::support::TestApp;
use crate::support::people::{OTHER_PHONE, PHONE, WHATSAPP_CODE, client};
use serde_json::json;
use time::Duration;

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
    assert_eq!(answer.keys(), ["channel", "expiresIn", "message", "phone", "resendIn"]);
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
    app.expect_message(PHONE, WHATSAPP_CODE).await;
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
    app.expect_message(PHONE, WHATSAPP_CODE).await;
}

#[tokio::test]
async fn asking_again_for_a_stranger_does_not_keep_the_owner_from_registering() {
    let app = TestApp::start().await;
    resend(&app, PHONE).await.expect(202);
    app.proved_client(PHONE).await;
}

// ── the channel

#[tokio::test]
async fn the_code_goes_by_the_channel_that_the_person_chooses() {
    let app = TestApp::start().await;
    let mut body = client(PHONE);
    body["channel"] = "sms".into();
    app.post("/api/auth/register/client", body).await.expect(202);
    let message = app.newest_to(PHONE).await;
    assert_eq!(message["channel"], "sms");
    let code = app.code_to(PHONE).await;
    app.verify(PHONE, &code).await.expect(201);
}

#[tokio::test]
async fn the_same_code_goes_another_way_when_asked_for() {
    let app = TestApp::start().await;
    let code = app.ask_code(PHONE).await;
    app.advance(Duration::seconds(30));
    app.post("/api/auth/phone/resend", json!({ "phone": PHONE, "channel": "sms" })).await.expect(202);
    let message = app.newest_to(PHONE).await;
    assert_eq!((&message["channel"], &message["code"]), (&json!("sms"), &json!(code)));
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

#[tokio::test]
async fn the_order_of_channels_is_a_setting_and_one_that_is_not_in_it_is_refused() {
    let app = TestApp::start_with(&[("PHONE_CHANNELS", "sms")]).await;
    let answer = app.post("/api/auth/register/client", client(PHONE)).await.expect(202);
    assert_eq!(answer.json()["channel"], "sms");
    for (path, body) in [
        ("/api/auth/register/client", json!({ "fullName": "Ana", "phone": OTHER_PHONE, "channel": "whatsapp" })),
        ("/api/auth/phone/resend", json!({ "phone": PHONE, "channel": "whatsapp" })),
        ("/api/auth/login/code", json!({ "phone": PHONE, "channel": "whatsapp" })),
        ("/api/auth/recovery", json!({ "document": "52998224725", "channel": "whatsapp" })),
    ] {
        let refused = app.post(path, body).await.expect_problem(400);
        assert_eq!(refused.errors("channel").len(), 1, "{path}");
    }
    assert!(!app.anonymous().get("/register/client").await.expect(200).text.contains("WhatsApp"));
    app.expect_message(PHONE, "seu codigo para criar sua conta").await;
}
