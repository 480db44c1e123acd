//! What costs is counted before it is computed (SPEC §16). A request from an address over its limit costs one look at its count and
//! leaves no rows, and no address holds more than its share of the queue.

use crate::support::people::{EMAIL, PASSWORD, PHONE, client, registration, teacher};
use crate::support::{Actor, Answer, TestApp};
use futures::future::join_all;
use serde_json::{Value, json};
use std::time::Instant;
use time::Duration;

const FLOOD: &str = "203.0.113.7";
/// Passes every policy's rules, and is among the first that anybody tries.
const GUESSABLE: &str = "Portaria@12345";

async fn behind_a_proxy() -> TestApp {
    TestApp::start_with(&[("TRUSTED_PROXIES", "127.0.0.1")]).await
}

fn from<'a>(app: &'a TestApp, address: &str) -> Actor<'a> {
    app.anonymous().header("x-forwarded-for", address)
}

/// Uses up what one address may guess.
async fn use_up_guesses(app: &TestApp, address: &str) {
    let visitor = from(app, address);
    for _ in 0..120 {
        visitor.get("/api/auth/verify-email?token=x").await.expect(400);
    }
}

/// Uses up what one address may send.
async fn use_up_sends(app: &TestApp, address: &str) {
    let visitor = from(app, address);
    for n in 0..30 {
        visitor.post("/api/auth/forgot-password", json!({ "email": format!("nobody{n}@example.com") })).await.expect(202);
    }
}

async fn rows(app: &TestApp) -> (i64, i64) {
    (app.count("select count(*) from tallies").await, app.count("select count(*) from audit").await)
}

fn with_password(mut body: Value, password: &str) -> Value {
    for field in ["password", "passwordConfirmation", "senha"] {
        if body.get(field).is_some() {
            body[field] = password.into();
        }
    }
    body
}

#[tokio::test]
async fn over_its_limit_no_address_has_a_password_judged_or_hashed() {
    let app = behind_a_proxy().await;
    use_up_guesses(&app, FLOOD).await;
    let visitor = from(&app, FLOOD);
    let mut client = client(PHONE);
    client["password"] = GUESSABLE.into();
    client["passwordConfirmation"] = GUESSABLE.into();
    for (path, body) in [
        ("/api/auth/register/teacher", with_password(teacher(EMAIL), GUESSABLE)),
        ("/api/auth/register/client", client),
        ("/api/register", with_password(registration(EMAIL), GUESSABLE)),
        ("/auth/register", json!({ "name": "Rita", "username": "rita", "email": EMAIL, "password": "senha12345" })),
        ("/api/auth/login", json!({ "email": EMAIL, "password": PASSWORD })),
        ("/auth/login", json!({ "email": EMAIL, "password": PASSWORD })),
        ("/api/auth/reset-password", json!({ "token": "x", "password": GUESSABLE, "passwordConfirmation": GUESSABLE })),
        ("/api/auth/recovery/reset", json!({ "resetToken": "x", "newPassword": GUESSABLE, "passwordConfirmation": GUESSABLE })),
        ("/api/auth/phone/verify", json!({ "phone": PHONE, "code": "123456" })),
        ("/api/email-verification/verify", json!({ "email": EMAIL, "code": "12345678" })),
        ("/api/auth/recovery/verify", json!({ "document": "52998224725", "code": "123456" })),
    ] {
        let answer = visitor.post(path, body).await;
        assert_eq!(answer.status, 429, "{path}: {}", answer.text);
        assert!(!answer.header("retry-after").is_empty(), "{path}");
    }
    let page = visitor.form("/register/teacher", "sign_up", &teacher_form(GUESSABLE)).await.expect(429);
    assert!(page.text.contains("10 minutos"), "{}", page.text);
}

fn teacher_form(password: &str) -> Vec<(&'static str, &str)> {
    vec![
        ("slug", "teacher"),
        ("name", "Carla Dias"),
        ("email", EMAIL),
        ("password", password),
        ("password_confirmation", password),
        ("terms", "true"),
    ]
}

#[tokio::test]
async fn a_guessable_password_is_still_refused_at_its_field() {
    let app = TestApp::start().await;
    let answer = app.post("/api/auth/register/teacher", with_password(teacher(EMAIL), GUESSABLE)).await.expect_problem(400);
    assert_eq!(answer.errors("password").len(), 1, "{}", answer.text);
    assert_eq!(app.count("select count(*) from accounts").await, 0);
}

#[tokio::test]
async fn refused_requests_leave_one_row_a_minute_that_says_how_many_they_were() {
    let app = behind_a_proxy().await;
    use_up_guesses(&app, FLOOD).await;
    let visitor = from(&app, FLOOD);
    let before = rows(&app).await;
    let login = json!({ "email": EMAIL, "password": PASSWORD });
    for _ in 0..150 {
        visitor.post("/api/auth/login", login.clone()).await.expect(429);
        visitor.post("/api/auth/register/teacher", teacher(EMAIL)).await.expect(429);
    }
    let after = rows(&app).await;
    assert_eq!(after.0, before.0, "tallies do not grow by what is refused");
    assert_eq!(after.1, before.1 + 2, "one row for the sign-ins, one for the registrations");
    app.advance(Duration::minutes(1));
    visitor.post("/api/auth/login", login).await.expect(429);
    let told: Vec<(String, String, i32)> =
        sqlx::query_as("select outcome, host(address), times from audit where event = 'excess_rate_limit_exceeded' order by at, outcome")
            .fetch_all(&app.pool)
            .await
            .expect("rows");
    let row = |outcome: &str, times| (outcome.to_owned(), FLOOD.to_owned(), times);
    assert_eq!(told, [row("authn_login_fail", 150), row("user_created", 150), row("authn_login_fail", 1)]);
}

#[tokio::test]
async fn an_address_that_has_sent_enough_leaves_no_rows_for_what_it_asks_for() {
    let app = behind_a_proxy().await;
    use_up_sends(&app, FLOOD).await;
    let visitor = from(&app, FLOOD);
    let before = rows(&app).await;
    for n in 0..40 {
        let (email, phone) = (format!("other{n}@example.com"), format!("219876543{n:02}"));
        for (path, body) in [
            ("/api/auth/forgot-password", json!({ "email": email })),
            ("/api/resend-verification", json!({ "email": email })),
            ("/api/email-verification/resend-code", json!({ "email": email })),
            ("/api/auth/phone/resend", json!({ "phone": phone })),
            ("/api/auth/login/code", json!({ "phone": phone })),
            ("/api/auth/register/client", client(&phone)),
        ] {
            let answer = visitor.post(path, body).await;
            assert_eq!(answer.status, 429, "{path}: {}", answer.text);
        }
        // The answer stays neutral, also over the limit.
        visitor.post("/api/auth/recovery", json!({ "document": "52998224725" })).await.expect(200);
    }
    let after = rows(&app).await;
    assert_eq!(after.0, before.0, "tallies do not grow by what is refused");
    assert!(after.1 - before.1 <= 3, "{} rows for 280 refused requests", after.1 - before.1);
}

#[tokio::test]
async fn what_comes_too_early_or_is_no_form_at_all_leaves_few_rows_too() {
    let app = behind_a_proxy().await;
    app.ignore_messages();
    let visitor = from(&app, FLOOD);
    visitor.post("/api/auth/forgot-password", json!({ "email": EMAIL })).await.expect(202);
    for _ in 0..6 {
        visitor.post("/api/auth/register/client", client(PHONE)).await.expect(202);
    }
    let before = rows(&app).await;
    for _ in 0..60 {
        visitor.post("/api/auth/forgot-password", json!({ "email": EMAIL })).await.expect(202);
        visitor.post("/api/auth/register/client", json!({ "fullName": "Outra Pessoa", "phone": PHONE })).await.expect(429);
        visitor.post("/api/auth/register/teacher", json!({})).await.expect(400);
        visitor.post("/api/auth/recovery", json!({ "document": "12345678900" })).await.expect(404);
        visitor.method("PATCH", "/api/auth/change-password").await;
    }
    let after = rows(&app).await;
    assert!(after.1 - before.1 <= 60, "{} rows for 300 requests", after.1 - before.1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_flood_of_one_address_takes_no_place_from_the_others() {
    // A permit is held for as long as a hash takes.
    let app = TestApp::start_with_real_passwords(&[("TRUSTED_PROXIES", "127.0.0.1")]).await;
    app.proved_teacher(EMAIL).await;
    let cores = std::thread::available_parallelism().map_or(2, std::num::NonZero::get);
    let flood = (0..(cores * 48).min(119)).map(|n| {
        let visitor = from(&app, FLOOD);
        async move { visitor.post("/api/auth/login", json!({ "email": format!("nobody{n}@example.com"), "password": PASSWORD })).await }
    });
    let honest = (0..8).map(|n| {
        let visitor = from(&app, &format!("198.51.100.{n}"));
        async move {
            tokio::time::sleep(std::time::Duration::from_millis(20 * n)).await;
            visitor.post("/api/auth/login", json!({ "email": EMAIL, "password": PASSWORD })).await
        }
    });
    let (flood, honest) = tokio::join!(join_all(flood), join_all(honest));
    for answer in honest {
        answer.expect(200);
    }
    let count = |status| flood.iter().filter(|answer: &&Answer| answer.status == status).count();
    assert!(count(503) > 0 && count(401) > 0, "{} hashed, {} turned away", count(401), count(503));
    assert!(flood.iter().filter(|answer| answer.status == 503).all(|answer| !answer.header("retry-after").is_empty()));
    assert_eq!(count(401) + count(503), flood.len());
    assert!(app.count("select count(*) from audit where event = 'excess_rate_limit_exceeded' and outcome = 'authn_login_fail'").await > 0);
}

#[tokio::test]
async fn an_upload_of_an_address_over_its_limit_is_not_read() {
    let app = behind_a_proxy().await;
    app.proved_teacher(EMAIL).await;
    let token = app.login(EMAIL, PASSWORD).await.expect(200).json()["accessToken"].as_str().expect("a token").to_owned();
    use_up_guesses(&app, FLOOD).await;
    let visitor = from(&app, FLOOD).bearer(&token);
    let large = json!({ "profilePicture": "A".repeat(1_000_000) });
    let answer = visitor.change(large).await.expect_problem(429);
    assert_eq!(answer.header("connection"), "close", "the rest of the body is not waited for");
    // A body without a photo is still accepted.
    visitor.change(json!({ "institution": "USP" })).await.expect(200);
}

#[tokio::test]
async fn fifty_sessions_of_an_account_live_and_the_oldest_ends_when_one_more_begins() {
    let app = TestApp::start().await;
    app.proved_teacher(EMAIL).await;
    let mut first = None;
    for n in 0..51 {
        app.advance(Duration::minutes(1));
        let access = app.login(EMAIL, PASSWORD).await.expect(200).json()["accessToken"].as_str().expect("a token").to_owned();
        let first = first.get_or_insert(access);
        let expected = if n < 50 { 200 } else { 401 };
        app.anonymous().bearer(first).get("/api/auth/profile").await.expect(expected);
    }
    assert_eq!(app.count("select count(*) from sessions where ended_at is null").await, 50);
}

/// `cargo test -p server --test it -- --ignored --nocapture figures`: measures what a flood of passwords that are slow to judge
/// does to everything else.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
#[ignore = "a measurement"]
async fn figures_of_a_flood() {
    let app = TestApp::start_with_real_passwords(&[("TRUSTED_PROXIES", "127.0.0.1")]).await;
    app.proved_teacher(EMAIL).await;
    let health = async |times: usize| {
        let mut took = Vec::new();
        for _ in 0..times {
            let asked = Instant::now();
            app.get("/healthz").await.expect(200);
            took.push(asked.elapsed());
        }
        took.sort_unstable();
        (took[took.len() / 2], took[took.len() - 1])
    };
    println!("/healthz at rest (median, longest): {:?}", health(200).await);
    let before = rows(&app).await;
    let leet: String = "4@8({[<369!1|70$5+%2".chars().cycle().take(200).chain("aA1".chars()).collect();
    let body = with_password(teacher("taken@example.com"), &leet);
    let stop = std::sync::atomic::AtomicBool::new(false);
    let flood = join_all((0..8).map(|_| {
        let (visitor, body, stop) = (from(&app, FLOOD), body.clone(), &stop);
        async move {
            let mut sent = 0;
            while !stop.load(std::sync::atomic::Ordering::Relaxed) {
                visitor.post("/api/auth/register/teacher", body.clone()).await;
                sent += 1;
            }
            sent
        }
    }));
    let honest = async {
        let figures = health(200).await;
        let mut refused = 0;
        for n in 0..25 {
            let visitor = from(&app, &format!("198.51.100.{n}"));
            refused += usize::from(visitor.post("/api/auth/login", json!({ "email": EMAIL, "password": PASSWORD })).await.status != 200);
        }
        stop.store(true, std::sync::atomic::Ordering::Relaxed);
        (figures, refused)
    };
    let (sent, (figures, refused)): (Vec<usize>, _) = tokio::join!(flood, honest);
    let after = rows(&app).await;
    println!("/healthz under the flood: {figures:?}; honest sign-ins refused: {refused} of 25");
    println!("{} requests left {} tallies and {} audit rows", sent.iter().sum::<usize>(), after.0 - before.0, after.1 - before.1);
    let before = rows(&app).await;
    let visitor = from(&app, FLOOD);
    for _ in 0..2400 {
        visitor.post("/api/auth/login", json!({ "email": EMAIL, "password": PASSWORD })).await;
    }
    let after = rows(&app).await;
    println!("2400 refused sign-ins left {} tallies and {} audit rows", after.0 - before.0, after.1 - before.1);
}
