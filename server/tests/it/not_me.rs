//! "Não fui eu": the link in the notice of a changed password.

use crate::support::people::{EMAIL, OTHER_PHONE, PASSWORD, PHONE};
use crate::support::{Answer, TestApp, link_in};
use serde_json::{Value, json};
use time::Duration;

const THIEF: &str = "Ladrao#77 novo";
const NEW: &str = "Laranja#77 doce";

fn tokens(answer: &Answer) -> (String, String) {
    let text = |name: &str| answer.json()[name].as_str().expect("a token").to_owned();
    (text("accessToken"), text("refreshToken"))
}

async fn change(app: &TestApp, access: &str, current: &str, new: &str) {
    let client = app.anonymous().bearer(access);
    let body = json!({ "currentPassword": current, "newPassword": new, "passwordConfirmation": new });
    client.send_raw(client.raw("PATCH", "/api/auth/change-password").json(&body)).await.expect(200);
}

/// The paths of the links in the notices, newest first.
async fn links(app: &TestApp, to: &str) -> Vec<String> {
    let links = app.messages_to(to).await.into_iter().filter(|message| message["link"].is_string()).map(|message| link_in(&message));
    links.filter(|link| link.starts_with("/not-me?token=")).collect()
}

/// A thief who knows the password changes it.
async fn stolen(app: &TestApp) -> (String, String) {
    app.proved_teacher(EMAIL).await;
    app.advance(Duration::seconds(1));
    let thief = tokens(&app.login(EMAIL, PASSWORD).await.expect(200));
    change(app, &thief.0, PASSWORD, THIEF).await;
    thief
}

/// Presses the button of the page; the page again holds the right to a new password.
async fn press(app: &TestApp, link: &str) -> Answer {
    let token = link.split_once("token=").expect("a token").1;
    app.anonymous().form(link, "disown", &[("token", token)]).await
}

fn grant_in(page: &Answer) -> String {
    let from = page.text.split_once("name=\"grant\" value=\"").unwrap_or_else(|| panic!("no grant in {}", page.text)).1;
    from.split_once('"').expect("an end").0.to_owned()
}

#[tokio::test]
async fn it_ends_every_session_takes_the_password_away_and_begins_recovery() {
    let app = TestApp::start().await;
    let (access, refresh) = stolen(&app).await;
    let link = links(&app, EMAIL).await.remove(0);
    // opening it, as a mail scanner does, changes nothing
    let page = app.anonymous().header("accept", "text/html").get(&link).await.expect(200);
    assert_eq!(page.header("referrer-policy"), "no-referrer");
    app.anonymous().bearer(&access).get("/api/auth/profile").await.expect(200);
    let page = press(&app, &link).await.expect(200);
    app.anonymous().bearer(&access).get("/api/auth/profile").await.expect_problem(401);
    app.post("/api/auth/refresh-token", json!({ "refreshToken": refresh })).await.expect_problem(401);
    app.login(EMAIL, THIEF).await.expect_problem(401);
    app.login(EMAIL, PASSWORD).await.expect_problem(401);
    let form = [("grant", &*grant_in(&page)), ("new_password", NEW), ("password_confirmation", NEW)];
    let answer = app.anonymous().form(&link, "reset_by_grant", &form).await.expect(303);
    assert_eq!(answer.location(), "/login?notice=password_changed");
    app.login(EMAIL, NEW).await.expect(200);
    assert_eq!(app.count("select count(*) from audit where event = 'password_disowned' and outcome = 'ok'").await, 1);
}

#[tokio::test]
async fn it_works_once_even_in_parallel() {
    let app = TestApp::start().await;
    stolen(&app).await;
    let link = links(&app, EMAIL).await.remove(0);
    let answers = futures::future::join_all((0..6).map(|_| press(&app, &link))).await;
    let mut statuses: Vec<_> = answers.iter().map(|answer| answer.status).collect();
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 400, 400, 400, 400, 400]);
    press(&app, "/not-me?token=abc").await.expect(400);
}

#[tokio::test]
async fn a_thiefs_second_change_does_not_take_the_first_notice_its_force() {
    let app = TestApp::start().await;
    let (access, _) = stolen(&app).await;
    change(&app, &access, THIEF, "Ladrao#88 novo").await;
    let links = links(&app, EMAIL).await;
    assert_eq!(links.len(), 2);
    press(&app, &links[1]).await.expect(200);
    app.login(EMAIL, "Ladrao#88 novo").await.expect_problem(401);
    press(&app, &links[0]).await.expect(400);
}

#[tokio::test]
async fn it_lapses_after_seven_days() {
    let app = TestApp::start().await;
    stolen(&app).await;
    let link = links(&app, EMAIL).await.remove(0);
    app.advance(Duration::days(7));
    press(&app, &link).await.expect(410);
    app.login(EMAIL, THIEF).await.expect(200);
}

#[tokio::test]
async fn a_phone_that_the_account_no_longer_has_opens_nothing() {
    let app = TestApp::start().await;
    let mut body: Value = crate::support::people::client(PHONE);
    body["password"] = PASSWORD.into();
    body["passwordConfirmation"] = PASSWORD.into();
    app.post("/api/auth/register/client", body).await.expect(202);
    let code = app.code_to(PHONE).await;
    let (access, _) = tokens(&app.verify(PHONE, &code).await.expect(201));
    change(&app, &access, PASSWORD, NEW).await;
    let link = links(&app, PHONE).await.remove(0);
    let client = app.anonymous().bearer(&access);
    client.post("/api/auth/profile/phone", json!({ "phone": OTHER_PHONE })).await.expect(202);
    let code = app.code_to(OTHER_PHONE).await;
    client.post("/api/auth/profile/phone/verify", json!({ "phone": OTHER_PHONE, "code": code })).await.expect(200);
    press(&app, &link).await.expect(400);
    app.anonymous().bearer(&access).get("/api/auth/profile").await.expect(200);
}

#[tokio::test]
async fn a_phone_that_a_thief_added_goes_with_the_thief() {
    let app = TestApp::start().await;
    app.proved_teacher(EMAIL).await;
    let (access, _) = tokens(&app.login(EMAIL, PASSWORD).await.expect(200));
    for phone in [PHONE, OTHER_PHONE] {
        app.advance(Duration::seconds(1));
        let thief = app.anonymous().bearer(&access);
        thief.post("/api/auth/profile/phone", json!({ "phone": phone })).await.expect(202);
        let code = app.code_to(phone).await;
        thief.post("/api/auth/profile/phone/verify", json!({ "phone": phone, "code": code })).await.expect(200);
    }
    // the owner is told of both; the first notice undoes the second too
    let link = links(&app, EMAIL).await.remove(1);
    press(&app, &link).await.expect(200);
    app.anonymous().bearer(&access).get("/api/auth/profile").await.expect_problem(401);
    assert_eq!(app.count("select count(*) from accounts where phone_index is not null").await, 0);
    app.post("/api/auth/login/code", json!({ "phone": OTHER_PHONE })).await.expect(202);
    assert_eq!(app.count("select count(*) from verifications where purpose = 'login_phone'").await, 0);
}
