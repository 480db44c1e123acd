//! Refresh tokens.

use super::refresh;
use crate::support::TestApp;
use crate::support::people::{EMAIL, PASSWORD};
use serde_json::json;
use time::Duration;

#[tokio::test]
async fn a_refresh_token_is_exchanged_for_a_new_pair() {
    let app = TestApp::start().await;
    let first = app.teacher().await;
    let answer = first.ask_refresh().await.expect(200);
    assert_eq!(answer.keys(), ["accessToken", "expiresIn", "refreshToken", "user"]);
    let second = app.whoever_got(&answer);
    assert_ne!(first.refresh, second.refresh);
    second.profile().await;
    second.ask_refresh().await.expect(200);
}

#[tokio::test]
async fn a_missing_or_mistyped_refresh_token_is_400_at_its_field() {
    let app = TestApp::start().await;
    for body in [json!({}), json!({ "refreshToken": "" }), json!({ "refreshToken": 5 })] {
        let answer = app.post("/api/auth/refresh-token", body).await.expect_problem(400);
        assert_eq!(answer.errors("refreshToken").len(), 1, "{}", answer.text);
    }
    refresh(&app, "unknown").await.expect_problem(401);
}

#[tokio::test]
async fn within_thirty_seconds_the_same_client_gets_the_same_successor() {
    let app = TestApp::start().await;
    let teacher = app.teacher().await;
    let successor = teacher.refreshed().await;
    app.advance(Duration::seconds(29));
    assert_eq!(teacher.refreshed().await.refresh, successor.refresh);
    successor.ask_refresh().await.expect(200);
}

#[tokio::test]
async fn a_reused_refresh_token_ends_the_family() {
    let app = TestApp::start().await;
    let first = app.teacher().await;
    let second = first.refreshed().await;
    app.advance(Duration::seconds(30));
    first.ask_refresh().await.expect_problem(401);
    second.expect_ended().await;
    first.expect_out().await;
    assert_eq!(app.count("select count(*) from audit where event = 'authn_token_reuse'").await, 1);
}

#[tokio::test]
async fn another_client_gets_no_grace() {
    let app = TestApp::start().await;
    let first = app.teacher().await;
    let second = first.refreshed().await;
    let thief = app.anonymous().header("user-agent", "curl/8.5.0");
    thief.post("/api/auth/refresh-token", json!({ "refreshToken": first.refresh })).await.expect_problem(401);
    second.expect_out().await;
}

#[tokio::test]
async fn one_familys_end_leaves_other_sessions_alone() {
    let app = TestApp::start().await;
    let first = app.teacher().await;
    let elsewhere = first.elsewhere().await;
    first.ask_refresh().await.expect(200);
    app.advance(Duration::minutes(1));
    first.ask_refresh().await.expect_problem(401);
    elsewhere.profile().await;
}

#[tokio::test]
async fn remembered_a_session_lives_thirty_days_and_no_longer() {
    let app = TestApp::start().await;
    app.proved_teacher(EMAIL).await;
    let body = json!({ "email": EMAIL, "password": PASSWORD, "rememberMe": true });
    let mut teacher = app.whoever_got(&app.post("/api/auth/login", body).await.expect(200));
    for _ in 0..29 {
        app.advance(Duration::days(1));
        teacher = teacher.refreshed().await;
    }
    app.advance(Duration::days(1) - Duration::seconds(1));
    teacher = teacher.refreshed().await;
    app.advance(Duration::seconds(1));
    teacher.ask_refresh().await.expect_problem(401);
    teacher.expect_out().await;
}

#[tokio::test]
async fn not_remembered_a_session_ends_after_a_day_without_use() {
    let app = TestApp::start().await;
    let teacher = app.teacher().await;
    app.advance(Duration::hours(24) - Duration::seconds(1));
    let teacher = teacher.refreshed().await;
    app.advance(Duration::hours(24));
    teacher.ask_refresh().await.expect_problem(401);
}
