//! Limits (SPEC §8, §11): the login lock, and what one address may cause.

mod taken;

use crate::support::people::{EMAIL, OTHER_PHONE, PASSWORD, PHONE, TYPED_PHONE, WRONG_PASSWORD, client, registration, teacher};
use crate::support::{Answer, TestApp};
use serde_json::json;
use time::Duration;

async fn fail(app: &TestApp, identifier: &str, times: usize) {
    for _ in 0..times {
        app.login(identifier, WRONG_PASSWORD).await.expect_problem(401);
    }
}

#[track_caller]
fn expect_locked(answer: Answer, seconds: &str) {
    assert_eq!(answer.expect_problem(429).header("retry-after"), seconds);
}

// ── the login lock

#[tokio::test]
async fn the_fifth_failure_is_a_401_and_the_next_try_a_429_with_the_wait() {
    let app = TestApp::start().await;
    app.proved_teacher(EMAIL).await;
    fail(&app, EMAIL, 5).await;
    expect_locked(app.login(EMAIL, PASSWORD).await, "900");
    expect_locked(app.login(EMAIL, WRONG_PASSWORD).await, "900");
    app.expect_message(EMAIL, "Acesso bloqueado por algum tempo").await;
}

#[tokio::test]
async fn the_lock_ends_after_fifteen_minutes_whatever_was_tried_meanwhile() {
    let app = TestApp::start().await;
    app.proved_teacher(EMAIL).await;
    fail(&app, EMAIL, 5).await;
    for minute in 1..15 {
        app.advance(Duration::minutes(1));
        expect_locked(app.login(EMAIL, WRONG_PASSWORD).await, &(900 - minute * 60).to_string());
    }
    app.advance(Duration::seconds(59));
    expect_locked(app.login(EMAIL, PASSWORD).await, "1");
    app.advance(Duration::seconds(1));
    app.login(EMAIL, PASSWORD).await.expect(200);
    app.expect_message(EMAIL, "Acesso bloqueado por algum tempo").await;
}

#[tokio::test]
async fn after_the_lock_the_count_begins_anew() {
    let app = TestApp::start().await;
    app.ignore_messages();
    app.proved_teacher(EMAIL).await;
    fail(&app, EMAIL, 5).await;
    app.advance(Duration::minutes(15));
    fail(&app, EMAIL, 5).await;
    expect_locked(app.login(EMAIL, PASSWORD).await, "900");
}

#[tokio::test]
async fn a_success_clears_the_count() {
    let app = TestApp::start().await;
    app.proved_teacher(EMAIL).await;
    fail(&app, EMAIL, 4).await;
    app.login(EMAIL, PASSWORD).await.expect(200);
    fail(&app, EMAIL, 4).await;
    app.login(EMAIL, PASSWORD).await.expect(200);
}

#[tokio::test]
async fn a_failure_counts_for_thirty_minutes() {
    let app = TestApp::start().await;
    app.proved_teacher(EMAIL).await;
    fail(&app, EMAIL, 1).await;
    app.advance(Duration::minutes(30) + Duration::seconds(1));
    fail(&app, EMAIL, 4).await;
    app.login(EMAIL, PASSWORD).await.expect(200);
}

#[tokio::test]
async fn an_unknown_login_is_locked_like_a_known_one() {
    let app = TestApp::start().await;
    app.proved_teacher(EMAIL).await;
    let mut answers = Vec::new();
    for identifier in [EMAIL, "nobody@example.com"] {
        let mut told = Vec::new();
        for _ in 0..6 {
            let answer = app.login(identifier, WRONG_PASSWORD).await;
            told.push((answer.status, answer.text.clone(), answer.header("retry-after").to_owned()));
        }
        answers.push(told);
    }
    assert_eq!(answers[0], answers[1]);
    assert_eq!(answers[0][5].0, 429);
    app.expect_message(EMAIL, "Acesso bloqueado por algum tempo").await;
}

#[tokio::test]
async fn spellings_of_an_unknown_login_are_counted_together() {
    let app = TestApp::start().await;
    for spelling in ["nobody@example.com", "NOBODY@example.com", " nobody@Example.com", "nobody@EXAMPLE.com", "nobody@example.COM"] {
        app.login(spelling, WRONG_PASSWORD).await.expect_problem(401);
    }
    app.login("nobody@example.com", WRONG_PASSWORD).await.expect_problem(429);
}

#[tokio::test]
async fn the_lock_is_the_accounts_whatever_leads_to_it() {
    let app = TestApp::start().await;
    app.proved_client_with(PHONE, EMAIL).await;
    fail(&app, EMAIL, 3).await;
    fail(&app, TYPED_PHONE, 2).await;
    app.login(EMAIL, PASSWORD).await.expect_problem(429);
    app.login("11987654321", PASSWORD).await.expect_problem(429);
    app.expect_message(EMAIL, "Acesso bloqueado por algum tempo").await;
}

#[tokio::test]
async fn one_accounts_lock_is_no_other_accounts() {
    let app = TestApp::start().await;
    app.proved_teacher(EMAIL).await;
    app.proved_teacher("bruno@example.com").await;
    fail(&app, EMAIL, 5).await;
    app.login("bruno@example.com", PASSWORD).await.expect(200);
    app.expect_message(EMAIL, "Acesso bloqueado por algum tempo").await;
}

#[tokio::test]
async fn the_owner_of_a_locked_account_is_told() {
    let app = TestApp::start().await;
    app.proved_teacher(EMAIL).await;
    fail(&app, EMAIL, 5).await;
    app.login(EMAIL, WRONG_PASSWORD).await.expect(429);
    let messages = app.messages_to(EMAIL).await;
    let told: Vec<_> = messages.iter().filter(|message| message["subject"] == "Acesso bloqueado por algum tempo").collect();
    assert_eq!(told.len(), 1);
    assert!(told[0]["body"].as_str().is_some_and(|body| body.contains("15 minutos")), "{told:?}");
}

#[tokio::test]
async fn a_locked_account_still_comes_in_by_code() {
    let app = TestApp::start().await;
    app.proved_client_with(PHONE, EMAIL).await;
    fail(&app, EMAIL, 5).await;
    app.advance(Duration::minutes(2));
    app.post("/api/auth/login/code", json!({ "phone": PHONE })).await.expect(202);
    let code = app.code_to(PHONE).await;
    app.post("/api/auth/login/code/verify", json!({ "phone": PHONE, "code": code })).await.expect(200);
    app.expect_message(EMAIL, "Acesso bloqueado por algum tempo").await;
}

#[tokio::test]
async fn an_unproved_accounts_right_password_is_no_failure() {
    let app = TestApp::start().await;
    app.pending_teacher(EMAIL).await;
    for _ in 0..6 {
        app.login(EMAIL, PASSWORD).await.expect_problem(403);
    }
    app.expect_message(EMAIL, "Verifique sua conta").await;
}

#[tokio::test]
async fn the_lock_is_shared_by_all_nodes() {
    let app = TestApp::start().await;
    let other = app.second_node().await;
    app.proved_teacher(EMAIL).await;
    fail(&app, EMAIL, 3).await;
    fail(&other, EMAIL, 2).await;
    app.login(EMAIL, PASSWORD).await.expect_problem(429);
    other.login(EMAIL, PASSWORD).await.expect_problem(429);
    app.expect_message(EMAIL, "Acesso bloqueado por algum tempo").await;
}

/// Each node remembers what it counted last, and is wrong as soon as the other one has counted.
#[tokio::test]
async fn what_nodes_count_in_turn_adds_up() {
    let app = behind_a_proxy().await;
    let other = app.node_with(&[("TRUSTED_PROXIES", "127.0.0.1")]).await;
    app.proved_teacher(EMAIL).await;
    for node in [&app, &other, &app, &app, &other] {
        fail(node, EMAIL, 1).await;
    }
    for node in [&app, &other] {
        node.login(EMAIL, PASSWORD).await.expect_problem(429);
    }
    for n in 0..120 {
        guess(if n % 3 == 0 { &app } else { &other }, "203.0.113.7").await.expect(400);
    }
    for node in [&app, &other] {
        guess(node, "203.0.113.7").await.expect_problem(429);
    }
    app.expect_message(EMAIL, "Acesso bloqueado por algum tempo").await;
}

#[tokio::test]
async fn the_numbers_of_the_lock_are_settings() {
    let settings = [("LOCKOUT_FAILURES", "2"), ("LOCKOUT_DURATION", "1m"), ("LOCKOUT_WINDOW", "10s")];
    let app = TestApp::start_with(&settings).await;
    app.proved_teacher(EMAIL).await;
    fail(&app, EMAIL, 1).await;
    app.advance(Duration::seconds(11));
    fail(&app, EMAIL, 2).await;
    expect_locked(app.login(EMAIL, PASSWORD).await, "60");
    app.expect_message(EMAIL, "Acesso bloqueado por algum tempo").await;
}

// ── per address

/// A guess that costs nothing: an unknown link.
async fn guess(app: &TestApp, from: &str) -> Answer {
    app.anonymous().header("x-forwarded-for", from).get("/api/auth/verify-email?token=x").await
}

async fn behind_a_proxy() -> TestApp {
    TestApp::start_with(&[("TRUSTED_PROXIES", "127.0.0.1")]).await
}

#[tokio::test]
async fn an_address_may_guess_120_times_in_ten_minutes() {
    let app = behind_a_proxy().await;
    for _ in 0..120 {
        guess(&app, "203.0.113.7").await.expect(400);
    }
    let refused = guess(&app, "203.0.113.7").await.expect_problem(429);
    assert_eq!(refused.header("retry-after"), "600");
    guess(&app, "203.0.113.8").await.expect(400);
    // Every kind of guess is counted together.
    let visitor = app.anonymous().header("x-forwarded-for", "203.0.113.7");
    visitor.post("/api/auth/login", json!({ "email": EMAIL, "password": WRONG_PASSWORD })).await.expect_problem(429);
    visitor.post("/api/auth/phone/verify", json!({ "phone": PHONE, "code": "123456" })).await.expect_problem(429);
    visitor.post("/api/auth/login/code/verify", json!({ "phone": PHONE, "code": "123456" })).await.expect_problem(429);
    visitor.post("/api/auth/register/teacher", teacher(EMAIL)).await.expect_problem(429);
    let registration = visitor.post("/api/register", registration(EMAIL)).await.expect(429);
    assert!(!registration.header("retry-after").is_empty() && registration.json()["error"].is_string(), "{}", registration.text);
    app.advance(Duration::minutes(10));
    guess(&app, "203.0.113.7").await.expect(400);
}

#[tokio::test]
async fn an_address_that_may_not_guess_strikes_nobody() {
    let app = behind_a_proxy().await;
    app.proved_teacher(EMAIL).await;
    for _ in 0..120 {
        guess(&app, "203.0.113.7").await.expect(400);
    }
    let visitor = app.anonymous().header("x-forwarded-for", "203.0.113.7");
    for _ in 0..6 {
        visitor.post("/api/auth/login", json!({ "email": EMAIL, "password": WRONG_PASSWORD })).await.expect_problem(429);
    }
    app.login(EMAIL, PASSWORD).await.expect(200);
}

#[tokio::test]
async fn an_address_may_cause_30_sends_in_an_hour() {
    let app = behind_a_proxy().await;
    let visitor = app.anonymous().header("x-forwarded-for", "203.0.113.7");
    for n in 0..30 {
        visitor.post("/api/auth/register/client", client(&format!("119876543{n:02}"))).await.expect(202);
    }
    let refused = visitor.post("/api/auth/register/client", client(OTHER_PHONE)).await.expect_problem(429);
    assert_eq!(refused.header("retry-after"), "3600");
    visitor.post("/api/auth/login/code", json!({ "phone": OTHER_PHONE })).await.expect_problem(429);
    visitor.post("/api/auth/register/teacher", teacher(EMAIL)).await.expect_problem(429);
    assert_eq!(app.messages().await.len(), 30);
    assert_eq!(app.count("select count(*) from accounts").await, 0, "no account claims an address without its link");
    let other = app.anonymous().header("x-forwarded-for", "203.0.113.8");
    other.post("/api/auth/register/client", client(OTHER_PHONE)).await.expect(202);
    app.advance(Duration::hours(1));
    visitor.post("/api/auth/register/teacher", teacher(EMAIL)).await.expect(201);
    app.expect_message(EMAIL, "Verifique sua conta").await;
}

#[tokio::test]
async fn a_forwarded_address_is_not_believed_from_an_untrusted_peer() {
    let app = TestApp::start_with(&[("TRUSTED_PROXIES", "192.0.2.1")]).await;
    for n in 0..120 {
        guess(&app, &format!("203.0.113.{n}")).await.expect(400);
    }
    guess(&app, "198.51.100.1").await.expect_problem(429);
    assert_eq!(app.count("select count(*) from tallies where scope = 'address/guess'").await, 1);
}

#[tokio::test]
async fn what_a_client_writes_into_the_header_before_the_proxy_does_is_not_believed() {
    let app = behind_a_proxy().await;
    for n in 0..120 {
        guess(&app, &format!("198.51.100.{n}, 203.0.113.7")).await.expect(400);
    }
    guess(&app, "203.0.113.7").await.expect_problem(429);
}

#[tokio::test]
async fn an_ipv6_subscriber_is_one_client() {
    let app = behind_a_proxy().await;
    for n in 0..120 {
        guess(&app, &format!("2001:db8:1:2::{n:x}")).await.expect(400);
    }
    guess(&app, "2001:db8:1:2:ffff::1").await.expect_problem(429);
    guess(&app, "2001:db8:1:3::1").await.expect(400);
}

#[tokio::test]
async fn an_addresss_limit_is_shared_by_all_nodes() {
    let app = behind_a_proxy().await;
    let other = app.second_node().await;
    for n in 0..120 {
        let node = if n % 2 == 0 { &app } else { &other };
        guess(node, "203.0.113.7").await.expect(400);
    }
    guess(&app, "203.0.113.7").await.expect_problem(429);
    guess(&other, "203.0.113.7").await.expect_problem(429);
}

#[tokio::test]
async fn phones_of_countries_that_are_not_served_get_nothing() {
    let app = TestApp::start_with(&[("PORTARIA_ALLOWED_PREFIXES", "+5511")]).await;
    app.post("/api/auth/register/client", client(OTHER_PHONE)).await.expect_problem(400);
    app.post("/api/auth/login/code", json!({ "phone": OTHER_PHONE })).await.expect(202);
    app.post("/api/auth/register/client", client(PHONE)).await.expect(202);
    assert_eq!(app.messages().await.len(), 1);
}

#[tokio::test]
async fn a_person_who_is_limited_on_a_page_reads_when_to_come_back() {
    let app = behind_a_proxy().await;
    for _ in 0..120 {
        guess(&app, "203.0.113.7").await.expect(400);
    }
    let browser = app.anonymous().header("x-forwarded-for", "203.0.113.7");
    let page = browser.form("/login", "sign_in", &[("identifier", EMAIL), ("password", WRONG_PASSWORD)]).await.expect(429);
    assert_eq!(page.header("retry-after"), "600");
    assert!(page.text.contains("10 minutos"), "{}", page.text);
}
