//! Which sign-in counts as one from a new device.

use crate::support::people::{EMAIL, PASSWORD};
use crate::support::{Actor, Answer, TestApp};
use serde_json::json;
use time::Duration;

const FIREFOX: &str = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:150.0) Gecko/20100101 Firefox/150.0";
const NEXT_FIREFOX: &str = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:151.0) Gecko/20100101 Firefox/151.0";

async fn alarms(app: &TestApp) -> usize {
    app.messages_to(EMAIL).await.iter().filter(|message| message["subject"] == "Novo acesso à sua conta").count()
}

async fn enter(browser: &Actor<'_>) -> Answer {
    browser.form("/login", "sign_in", &[("identifier", EMAIL), ("password", PASSWORD)]).await.expect(303)
}

/// The value of the cookie by which a browser is recognised.
fn device(answer: &Answer) -> String {
    let cookie = answer.cookie("portaria_device");
    cookie.split(['=', ';']).nth(1).expect("a value").to_owned()
}

#[tokio::test]
async fn a_browser_that_was_updated_is_no_new_device() {
    let app = TestApp::start().await;
    app.proved_teacher(EMAIL).await;
    let first = enter(&app.anonymous().header("user-agent", FIREFOX)).await;
    assert_eq!(alarms(&app).await, 0, "the first is no surprise");
    let cookie = format!("portaria_device={}", device(&first));
    app.advance(Duration::days(45));
    let updated = app.anonymous().header("user-agent", NEXT_FIREFOX).header("cookie", &cookie);
    let again = enter(&updated).await;
    assert_eq!(alarms(&app).await, 0);
    assert_eq!(device(&again), device(&first), "set anew, so that it lasts");
    assert!(again.cookie("portaria_device").contains("Max-Age=34560000"), "{:?}", again.cookies());
    for part in ["HttpOnly", "SameSite=Lax", "Path=/"] {
        assert!(again.cookie("portaria_device").contains(part), "{part}");
    }
}

#[tokio::test]
async fn a_thief_who_copies_the_user_agent_is_not_silent() {
    let app = TestApp::start().await;
    app.proved_teacher(EMAIL).await;
    enter(&app.anonymous().header("user-agent", FIREFOX)).await;
    enter(&app.anonymous().header("user-agent", FIREFOX)).await;
    assert_eq!(alarms(&app).await, 1, "without the cookie");
    // So that the next notices may be sent again.
    app.advance(Duration::hours(2));
    let made_up =
        app.anonymous().header("user-agent", FIREFOX).header("cookie", "portaria_device=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA");
    enter(&made_up).await;
    assert_eq!(alarms(&app).await, 2, "with another");
    app.advance(Duration::hours(2));
    app.anonymous()
        .header("user-agent", FIREFOX)
        .post("/api/auth/login", json!({ "email": EMAIL, "password": PASSWORD }))
        .await
        .expect(200);
    assert_eq!(alarms(&app).await, 3, "as a program that calls itself a browser");
}

#[tokio::test]
async fn a_cookie_in_another_kind_of_browser_is_another_device() {
    let app = TestApp::start().await;
    app.proved_teacher(EMAIL).await;
    let first = enter(&app.anonymous().header("user-agent", FIREFOX)).await;
    let cookie = format!("portaria_device={}", device(&first));
    let chrome = FIREFOX.replace("Firefox/150.0", "Chrome/156.0 Safari/537.36");
    enter(&app.anonymous().header("user-agent", &chrome).header("cookie", &cookie)).await;
    assert_eq!(alarms(&app).await, 1);
}

#[tokio::test]
async fn a_program_is_known_by_its_name_whatever_its_version() {
    let app = TestApp::start().await;
    app.proved_teacher(EMAIL).await;
    let login = json!({ "email": EMAIL, "password": PASSWORD });
    for client in ["okhttp/4.9.3", "okhttp/5.0.0"] {
        app.anonymous().header("user-agent", client).post("/api/auth/login", login.clone()).await.expect(200);
    }
    assert_eq!(alarms(&app).await, 0);
    app.anonymous().header("user-agent", "curl/8.5.0").post("/api/auth/login", login).await.expect(200);
    assert_eq!(alarms(&app).await, 1);
}

#[tokio::test]
async fn what_was_known_before_there_were_cookies_stays_known_once() {
    let app = TestApp::start().await;
    app.proved_teacher(EMAIL).await;
    enter(&app.anonymous().header("user-agent", FIREFOX)).await;
    // The row as the migration leaves it.
    sqlx::query("update devices set token_hash = '', name = $1, before_cookies = true")
        .bind(FIREFOX)
        .execute(&app.pool)
        .await
        .expect("written");
    enter(&app.anonymous().header("user-agent", NEXT_FIREFOX)).await;
    assert_eq!(alarms(&app).await, 0);
    enter(&app.anonymous().header("user-agent", NEXT_FIREFOX)).await;
    assert_eq!(alarms(&app).await, 1);
}

#[tokio::test]
async fn over_https_the_cookie_is_bound_to_the_host() {
    let app = TestApp::start_with(&[("PUBLIC_URL", "https://porta.example")]).await;
    app.proved_teacher(EMAIL).await;
    let login = [("_form", "sign_in"), ("identifier", EMAIL), ("password", PASSWORD)];
    let client = app.anonymous();
    let request = client.raw("POST", "/login").header("sec-fetch-site", "same-origin").header("accept", "text/html").form(&login);
    let answer = client.send_raw(request).await.expect(303);
    let cookie = answer.cookie("__Host-portaria_device");
    assert!(cookie.contains("Secure") && cookie.contains("HttpOnly"), "{cookie}");
}
