//! "Não fui eu": the link in the notice of a changed password.

use crate::support::people::{EMAIL, NEW_PASSWORD, OTHER_PHONE, PASSWORD, PHONE, THIEFS_PASSWORD, client};
use crate::support::{Actor, TestApp, grant_in};
use serde_json::json;
use time::Duration;

/// A thief who knows the password changes it.
async fn thief(app: &TestApp) -> Actor<'_> {
    let thief = app.teacher().await;
    thief.change_password(PASSWORD, THIEFS_PASSWORD, THIEFS_PASSWORD).await.expect(200);
    thief
}

#[tokio::test]
async fn it_ends_every_session_takes_the_password_away_and_begins_recovery() {
    let app = TestApp::start().await;
    let thief = thief(&app).await;
    let link = app.not_me_links(EMAIL).await.remove(0);
    // Opening it, as a mail scanner does, changes nothing.
    let page = app.anonymous().header("accept", "text/html").get(&link).await.expect(200);
    assert_eq!(page.header("referrer-policy"), "no-referrer");
    thief.profile().await;
    let page = app.press_not_me(&link).await.expect(200);
    thief.expect_ended().await;
    app.login(EMAIL, THIEFS_PASSWORD).await.expect_problem(401);
    app.login(EMAIL, PASSWORD).await.expect_problem(401);
    let form = [("grant", &*grant_in(&page)), ("new_password", NEW_PASSWORD), ("password_confirmation", NEW_PASSWORD)];
    let answer = app.anonymous().form(&link, "reset_by_grant", &form).await.expect(303);
    assert_eq!(answer.goes(), "/login, password_changed");
    app.login(EMAIL, NEW_PASSWORD).await.expect(200);
    assert_eq!(app.count("select count(*) from audit where event = 'password_disowned' and outcome = 'ok'").await, 1);
    app.expect_message(EMAIL, "Novo acesso à sua conta").await;
    app.expect_message(EMAIL, "Sua senha foi alterada").await;
}

#[tokio::test]
async fn it_works_once_even_in_parallel() {
    let app = TestApp::start().await;
    thief(&app).await;
    let link = app.not_me_links(EMAIL).await.remove(0);
    let answers = futures::future::join_all((0..6).map(|_| app.press_not_me(&link))).await;
    let mut statuses: Vec<_> = answers.iter().map(|answer| answer.status).collect();
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 400, 400, 400, 400, 400]);
    app.press_not_me("/not-me?token=abc").await.expect(400);
}

#[tokio::test]
async fn a_thiefs_second_change_does_not_take_the_first_notice_its_force() {
    let app = TestApp::start().await;
    let thief = thief(&app).await;
    thief.change_password(THIEFS_PASSWORD, "Ladrao#88 novo", "Ladrao#88 novo").await.expect(200);
    let links = app.not_me_links(EMAIL).await;
    assert_eq!(links.len(), 2);
    app.press_not_me(&links[1]).await.expect(200);
    app.login(EMAIL, "Ladrao#88 novo").await.expect_problem(401);
    app.press_not_me(&links[0]).await.expect(400);
}

#[tokio::test]
async fn it_lapses_after_seven_days() {
    let app = TestApp::start().await;
    thief(&app).await;
    let link = app.not_me_links(EMAIL).await.remove(0);
    app.advance(Duration::days(7));
    app.press_not_me(&link).await.expect(410);
    app.login(EMAIL, THIEFS_PASSWORD).await.expect(200);
}

#[tokio::test]
async fn a_phone_that_the_account_no_longer_has_opens_nothing() {
    let app = TestApp::start().await;
    let mut body = client(PHONE);
    body["password"] = PASSWORD.into();
    body["passwordConfirmation"] = PASSWORD.into();
    app.post("/api/auth/register/client", body).await.expect(202);
    let code = app.code_to(PHONE).await;
    let owner = app.whoever_got(&app.verify(PHONE, &code).await.expect(201));
    owner.change_password(PASSWORD, NEW_PASSWORD, NEW_PASSWORD).await.expect(200);
    let link = app.not_me_links(PHONE).await.remove(0);
    owner.give_phone(OTHER_PHONE).await;
    app.press_not_me(&link).await.expect(400);
    owner.profile().await;
}

#[tokio::test]
async fn a_phone_that_a_thief_added_goes_with_the_thief() {
    let app = TestApp::start().await;
    let thief = app.teacher().await;
    for phone in [PHONE, OTHER_PHONE] {
        thief.give_phone(phone).await;
    }
    // The owner is told of both changes. The link of the first notice undoes the second too.
    let link = app.not_me_links(EMAIL).await.remove(1);
    app.press_not_me(&link).await.expect(200);
    thief.expect_out().await;
    assert_eq!(app.count("select count(*) from accounts where phone_index is not null").await, 0);
    app.post("/api/auth/login/code", json!({ "phone": OTHER_PHONE })).await.expect(202);
    assert_eq!(app.count("select count(*) from verifications where purpose = 'login_phone'").await, 0);
}
