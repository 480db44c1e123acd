//! The browser, without JavaScript.

use crate::support::people::{EMAIL, PASSWORD, PHONE, WRONG_PASSWORD, client_form};
use crate::support::{Answer, TestApp};
use time::Duration;

async fn browser_login(app: &TestApp, remember: bool) -> Answer {
    let mut fields = vec![("identifier", EMAIL), ("password", PASSWORD)];
    if remember {
        fields.push(("remember", "true"));
    }
    app.anonymous().form("/login", "sign_in", &fields).await.expect(303)
}

#[tokio::test]
async fn a_session_cookie_is_out_of_a_scripts_reach() {
    let app = TestApp::start().await;
    app.proved_teacher(EMAIL).await;
    let answer = browser_login(&app, false).await;
    assert_eq!(answer.location(), "/dashboard");
    let cookie = answer.cookie("portaria_session");
    assert!(cookie.contains("; HttpOnly") && cookie.contains("; SameSite=Lax") && cookie.contains("; Path=/"), "{cookie}");
    assert!(!cookie.contains("Max-Age") && !cookie.contains("Expires"), "until the browser is closed: {cookie}");
    let value = cookie.split(['=', ';']).nth(1).expect("a value");
    assert!(value.len() >= 22 && !value.contains('.'), "opaque: {cookie}");
}

#[tokio::test]
async fn remembered_the_cookie_stays_thirty_days() {
    let app = TestApp::start().await;
    app.proved_teacher(EMAIL).await;
    let cookie = browser_login(&app, true).await.cookie("portaria_session");
    assert!(cookie.contains("; Max-Age=2592000"), "{cookie}");
}

#[tokio::test]
async fn over_https_every_cookie_is_secure_and_bound_to_the_host() {
    let app = TestApp::start_with(&[("PUBLIC_URL", "https://portaria.example")]).await;
    app.proved_teacher(EMAIL).await;
    let session = browser_login(&app, false).await;
    let signup = app.anonymous().form("/register/client", "sign_up", &client_form(PHONE)).await.expect(303);
    for cookie in [session.cookie("__Host-portaria_session"), signup.cookie("__Host-portaria_signup")] {
        for attribute in ["; Secure", "; HttpOnly", "; SameSite=Lax", "; Path=/"] {
            assert!(cookie.contains(attribute), "{attribute}: {cookie}");
        }
        assert!(!cookie.to_lowercase().contains("domain="), "{cookie}");
    }
    assert!(session.header("strict-transport-security").starts_with("max-age="));
    // A cookie that a sibling host could have set is not read.
    let value = session.cookie("__Host-portaria_session").split(['=', ';']).nth(1).expect("a value").to_owned();
    app.anonymous().header("cookie", &format!("portaria_session={value}")).get("/dashboard").await.expect(303);
    app.anonymous().header("cookie", &format!("__Host-portaria_session={value}")).get("/dashboard").await.expect(200);
    app.expect_message(PHONE, "seu codigo para criar sua conta").await;
}

#[tokio::test]
async fn signing_in_gives_a_new_token_each_time() {
    let app = TestApp::start().await;
    app.proved_teacher(EMAIL).await;
    let value = |answer: &Answer| answer.cookie("portaria_session").split(['=', ';']).nth(1).expect("a value").to_owned();
    let (first, second) = (value(&browser_login(&app, false).await), value(&browser_login(&app, false).await));
    assert_ne!(first, second);
    // A sign-in does not adopt a cookie value that somebody planted.
    for planted in ["planted", &*first] {
        let victim = app.anonymous().header("cookie", &format!("portaria_session={planted}"));
        let answer = victim.form("/login", "sign_in", &[("identifier", EMAIL), ("password", PASSWORD)]).await.expect(303);
        assert!(![planted, &*first, &*second].contains(&&*value(&answer)), "{planted}");
    }
    app.expect_message(EMAIL, "Novo acesso à sua conta").await;
}

#[tokio::test]
async fn an_ended_session_leads_from_the_dashboard_to_the_login_page() {
    let app = TestApp::start().await;
    app.proved_teacher(EMAIL).await;
    let browser = app.sign_in_by_page(EMAIL, PASSWORD).await;
    browser.get("/dashboard").await.expect(200);
    sqlx::query("update sessions set ended_at = $1").bind(app.now()).execute(&app.pool).await.expect("ended");
    let answer = browser.get("/dashboard").await.expect(303);
    assert_eq!(answer.goes(), "/login, ended");
}

#[tokio::test]
async fn a_browser_session_ends_after_a_day_on_the_server_too() {
    let app = TestApp::start().await;
    app.proved_teacher(EMAIL).await;
    let browser = app.sign_in_by_page(EMAIL, PASSWORD).await;
    app.advance(Duration::hours(24));
    browser.get("/dashboard").await.expect(303);
}

#[tokio::test]
async fn signing_out_of_the_browser_ends_the_session_on_the_server() {
    let app = TestApp::start().await;
    app.proved_teacher(EMAIL).await;
    let browser = app.anonymous();
    let cookie =
        browser.form("/login", "sign_in", &[("identifier", EMAIL), ("password", PASSWORD)]).await.expect(303).cookie("portaria_session");
    let out = browser.form("/dashboard", "sign_out", &[]).await.expect(303);
    assert!(out.location().starts_with('/'), "{}", out.location());
    assert!(out.cookie("portaria_session").contains("Max-Age=0"));
    let value = cookie.split(';').next().expect("a pair").to_owned();
    app.anonymous().header("cookie", &value).get("/dashboard").await.expect(303);
}

#[tokio::test]
async fn a_wrong_password_comes_back_as_a_page_that_keeps_the_identifier_alone() {
    let app = TestApp::start().await;
    app.proved_teacher(EMAIL).await;
    let page = app.anonymous().form("/login", "sign_in", &[("identifier", EMAIL), ("password", WRONG_PASSWORD)]).await.expect(401);
    assert!(page.text.contains(EMAIL) && !page.text.contains(WRONG_PASSWORD), "{}", page.text);
    assert!(page.text.contains("Dados de acesso incorretos"), "{}", page.text);
    app.pending_teacher("carla@example.com").await;
    let page = app.anonymous().form("/login", "sign_in", &[("identifier", "carla@example.com"), ("password", PASSWORD)]).await.expect(403);
    assert!(page.text.contains("resend-form"), "another link is a press away: {}", page.text);
    app.expect_message("carla@example.com", "Verifique sua conta").await;
}

#[tokio::test]
async fn a_pages_cookie_serves_the_api_too_and_a_wrong_bearer_is_not_made_up_for_by_it() {
    let app = TestApp::start().await;
    app.proved_teacher(EMAIL).await;
    let browser = app.sign_in_by_page(EMAIL, PASSWORD).await;
    browser.get("/api/auth/profile").await.expect(200);
    browser.bearer("abc").get("/api/auth/profile").await.expect_problem(401);
}

#[tokio::test]
async fn who_signs_in_again_in_the_same_browser_leaves_no_session_behind() {
    let app = TestApp::start().await;
    app.proved_teacher(EMAIL).await;
    let browser = app.anonymous();
    let fields = [("identifier", EMAIL), ("password", PASSWORD)];
    for _ in 0..3 {
        browser.form("/login", "sign_in", &fields).await.expect(303);
    }
    assert_eq!(app.count("select count(*) from sessions where ended_at is null").await, 1);
    browser.get("/dashboard").await.expect(200);
    // Another browser and an API client have sessions of their own.
    app.anonymous().form("/login", "sign_in", &fields).await.expect(303);
    app.login(EMAIL, PASSWORD).await.expect(200);
    assert_eq!(app.count("select count(*) from sessions where ended_at is null").await, 3);
    app.expect_message(EMAIL, "Novo acesso à sua conta").await;
}
