//! Limits on "taken" answers, and on the notices that they cause.

use super::behind_a_proxy;
use crate::support::TestApp;
use crate::support::people::{EMAIL, OTHER_PHONE, PASSWORD, PHONE, WRONG_PASSWORD, client, registration, teacher};
use serde_json::json;
use time::Duration;

/// Causes as many "taken" answers as one address may get.
async fn use_up_taken(app: &TestApp, from: &str) {
    let visitor = app.anonymous().header("x-forwarded-for", from);
    for n in 0..20 {
        let answer = match n % 3 {
            0 => visitor.post("/api/auth/register/teacher", teacher(EMAIL)).await,
            1 => visitor.post("/api/register", registration(EMAIL)).await,
            _ => visitor.post("/api/auth/register/client", with_email(&format!("119876543{n:02}"), EMAIL)).await,
        };
        answer.expect(409);
    }
}

fn with_email(phone: &str, email: &str) -> serde_json::Value {
    let mut body = client(phone);
    body["email"] = email.into();
    body
}

#[tokio::test]
async fn an_address_hears_twenty_times_an_hour_that_something_is_taken_and_then_nothing_of_free_ones_either() {
    let app = behind_a_proxy().await;
    app.ignore_messages();
    app.proved_teacher(EMAIL).await;
    use_up_taken(&app, "203.0.113.7").await;
    let visitor = app.anonymous().header("x-forwarded-for", "203.0.113.7");
    let rider = |email: &str| json!({ "name": "Rita", "username": "rita", "email": email, "password": "senha12345" });
    let mut told = Vec::new();
    for email in [EMAIL, "free@example.com"] {
        let problem = visitor.post("/api/auth/register/teacher", teacher(email)).await.expect_problem(429);
        let client = visitor.post("/api/auth/register/client", with_email(OTHER_PHONE, email)).await.expect_problem(429);
        let bare = visitor.post("/api/register", registration(email)).await.expect(429);
        assert!(bare.json()["error"].is_string() && !bare.header("retry-after").is_empty(), "{}", bare.text);
        let carona = visitor.post("/auth/register", rider(email)).await.expect(429);
        assert_eq!(carona.json()["error"]["code"], "LIMIT_001", "{}", carona.text);
        let form = [
            ("slug", "teacher"),
            ("name", "Carla Dias"),
            ("email", email),
            ("password", PASSWORD),
            ("password_confirmation", PASSWORD),
            ("terms", "true"),
        ];
        let page = visitor.form("/register/teacher", "sign_up", &form).await.expect(429);
        assert!(!page.header("retry-after").is_empty());
        told.push([problem.text, client.text, bare.text, carona.text]);
    }
    assert_eq!(told[0], told[1], "a free one is answered like a taken one");
    assert_eq!(app.count("select count(*) from accounts").await, 1);
    // Another address still gets the answer, and this one gets it again an hour later.
    app.post("/api/auth/register/teacher", teacher(EMAIL)).await.expect_problem(409);
    app.advance(Duration::hours(1));
    visitor.post("/api/auth/register/teacher", teacher(EMAIL)).await.expect_problem(409);
    visitor.post("/api/auth/register/teacher", teacher("free@example.com")).await.expect(201);
}

#[tokio::test]
async fn the_subscribers_of_one_ipv6_network_together_hear_taken_eighty_times() {
    let app = behind_a_proxy().await;
    app.proved_teacher(EMAIL).await;
    for subscriber in 0..4 {
        use_up_taken(&app, &format!("2001:db8:1:{subscriber}::7")).await;
    }
    let fresh = app.anonymous().header("x-forwarded-for", "2001:db8:1:99::7");
    fresh.post("/api/auth/register/teacher", teacher("free@example.com")).await.expect_problem(429);
    let elsewhere = app.anonymous().header("x-forwarded-for", "2001:db8:2:99::7");
    elsewhere.post("/api/auth/register/teacher", teacher(EMAIL)).await.expect_problem(409);
    app.expect_message(EMAIL, "Você já tem uma conta").await;
}

#[tokio::test]
async fn the_notices_that_an_address_causes_count_among_its_sends_and_its_answers_stay_the_same() {
    let app = behind_a_proxy().await;
    app.proved_teacher(EMAIL).await;
    app.proved_teacher("bruno@example.com").await;
    let visitor = app.anonymous().header("x-forwarded-for", "203.0.113.7");
    for n in 0..29 {
        visitor.post("/api/auth/forgot-password", json!({ "email": format!("nobody{n}@example.com") })).await.expect(202);
    }
    let messages = app.messages().await.len();
    // The thirtieth message: the owner is told that somebody tried to register the address.
    visitor.post("/api/auth/register/teacher", teacher(EMAIL)).await.expect_problem(409);
    assert_eq!(app.messages().await.len(), messages + 1);
    // Past the limit the fifth failure still locks, but no notice is sent.
    for _ in 0..5 {
        visitor.post("/api/auth/login", json!({ "email": "bruno@example.com", "password": WRONG_PASSWORD })).await.expect_problem(401);
    }
    visitor.post("/api/auth/login", json!({ "email": "bruno@example.com", "password": WRONG_PASSWORD })).await.expect_problem(429);
    assert_eq!(app.messages().await.len(), messages + 1);
    visitor.post("/api/auth/login/code", json!({ "phone": PHONE })).await.expect_problem(429);
}

#[tokio::test]
async fn a_thief_who_used_up_the_sends_of_an_address_does_not_change_a_password_unnoticed() {
    let app = behind_a_proxy().await;
    app.proved_teacher(EMAIL).await;
    let visitor = app.anonymous().header("x-forwarded-for", "203.0.113.7");
    for n in 0..30 {
        visitor.post("/api/auth/forgot-password", json!({ "email": format!("nobody{n}@example.com") })).await.expect(202);
    }
    let login = visitor.post("/api/auth/login", json!({ "email": EMAIL, "password": PASSWORD })).await.expect(200).json();
    let visitor = visitor.bearer(login["accessToken"].as_str().expect("a token"));
    let change = json!({ "currentPassword": PASSWORD, "newPassword": "Violeta#77 roxa", "passwordConfirmation": "Violeta#77 roxa" });
    visitor.patch("/api/auth/change-password", change).await.expect(200);
    let messages = app.messages_to(EMAIL).await;
    assert!(messages.iter().any(|message| message["subject"] == "Sua senha foi alterada"), "{messages:?}");
}

#[tokio::test]
async fn tags_of_one_mailbox_are_sent_to_as_one() {
    let app = TestApp::start().await;
    app.ignore_messages();
    for email in ["ana@example.com", "ana+a@example.com", "ana+b@example.com"] {
        app.pending_teacher(email).await;
    }
    assert_eq!(app.count("select count(*) from accounts").await, 3, "they stay three addresses");
    // Sends to any of these addresses count against their one mailbox.
    app.advance(Duration::seconds(31));
    app.post("/api/resend-verification", json!({ "email": "ana+a@example.com" })).await.expect(202);
    assert_eq!(app.messages().await.len(), 3, "three were sent: the wait is that after the third");
    app.advance(Duration::minutes(2));
    app.post("/api/resend-verification", json!({ "email": "ana+a@example.com" })).await.expect(202);
    app.post("/api/resend-verification", json!({ "email": "ana+b@example.com" })).await.expect(202);
    assert_eq!(app.messages().await.len(), 4);
    for n in 0..3 {
        app.post("/api/register", registration(&format!("ana+{n}x@example.com"))).await.expect(201);
    }
    app.post("/api/register", registration("ana+last@example.com")).await.expect(429);
    // An address with a dot may be another person's mailbox.
    app.post("/api/register", registration("a.na@example.com")).await.expect(201);
}

#[tokio::test]
async fn with_no_prefix_at_all_no_phone_is_sent_to() {
    let app = TestApp::start().await;
    app.proved_client(PHONE).await;
    let off = app.node_with(&[("PORTARIA_ALLOWED_PREFIXES", "")]).await;
    let before = app.count("select count(*) from outbox").await;
    assert_eq!(off.post("/api/auth/register/client", client(OTHER_PHONE)).await.expect_problem(400).errors("phone").len(), 1);
    off.post("/api/auth/login/code", json!({ "phone": PHONE })).await.expect(202);
    assert_eq!(app.count("select count(*) from outbox").await, before);
}
