//! "Não fui eu": the link in the notice of a changed password, and in that of a sign-in from a new device.

use crate::support::people::{CPF, EMAIL, NEW_PASSWORD, OTHER_PHONE, PASSWORD, PHONE, THIEFS_PASSWORD, TYPED_PHONE, client};
use crate::support::{Actor, Answer, TestApp, grant_in, username_in};
use serde_json::{Value, json};
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
    assert_eq!(username_in(&page), EMAIL);
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

// ── a sign-in from a new device

const CURL: &str = "curl/8.5.0";
const OKHTTP: &str = "okhttp/5.0.0";

/// A thief who knows the password signs in with a program that the account does not know. Returns also the link in the notice of it, which
/// went to `told`.
async fn stolen<'a>(app: &'a TestApp, identifier: &str, told: &str, program: &str) -> (Actor<'a>, String) {
    let login = json!({ "email": identifier, "password": PASSWORD });
    let answer = app.anonymous().header("user-agent", program).post("/api/auth/login", login).await.expect(200);
    (app.whoever_got(&answer), app.not_my_access_links(told).await.remove(0))
}

/// Sets the password that the page asks for which "não fui eu" was answered with.
async fn choose_new(app: &TestApp, link: &str, page: &Answer) {
    let form = [("grant", &*grant_in(page)), ("new_password", NEW_PASSWORD), ("password_confirmation", NEW_PASSWORD)];
    let answer = app.anonymous().form(link, "reset_by_grant", &form).await.expect(303);
    assert_eq!(answer.goes(), "/login, password_changed");
}

#[tokio::test]
async fn the_link_of_a_new_access_ends_every_session_and_takes_the_password_away() {
    let app = TestApp::start().await;
    app.ignore_messages();
    let owner = app.teacher().await;
    let (thief, link) = stolen(&app, EMAIL, EMAIL, CURL).await;
    let page = app.anonymous().header("accept", "text/html").get(&link).await.expect(200);
    assert_eq!(page.header("referrer-policy"), "no-referrer");
    assert!(page.text.contains("Não reconhece este acesso?") && page.text.contains("A senha atual deixa de valer"), "{}", page.text);
    thief.profile().await;
    let page = app.press_not_me(&link).await.expect(200);
    assert!(page.text.contains("Nenhum contato ou documento saiu da conta."), "{}", page.text);
    thief.expect_ended().await;
    owner.expect_ended().await;
    app.login(EMAIL, PASSWORD).await.expect_problem(401);
    choose_new(&app, &link, &page).await;
    app.login(EMAIL, NEW_PASSWORD).await.expect(200);
    app.press_not_me(&link).await.expect(400);
    assert_eq!(app.count("select count(*) from audit where event = 'password_disowned' and outcome = 'ok'").await, 1);
}

#[tokio::test]
async fn it_undoes_no_change_and_leaves_the_links_of_changes_open() {
    let app = TestApp::start().await;
    app.ignore_messages();
    let owner = app.teacher().await;
    owner.give_phone(PHONE).await;
    // Longer ago than any notice lives.
    app.advance(Duration::days(8));
    let (thief, link) = stolen(&app, EMAIL, EMAIL, CURL).await;
    app.advance(Duration::seconds(1));
    thief.give_phone(OTHER_PHONE).await;
    thief.give_document("cpf", CPF).await;
    let of_phone = app.not_me_links(EMAIL).await.remove(1);
    let page = app.press_not_me(&link).await.expect(200);
    choose_new(&app, &link, &page).await;
    let owner = app.sign_in(EMAIL, NEW_PASSWORD).await;
    let me = owner.profile().await;
    assert_eq!((&me["phone"], &me["cpf"], &me["phoneSuspended"]), (&json!("(21) *****-7665"), &json!("***.982.247-**"), &json!(true)));
    app.press_not_me(&of_phone).await.expect(200);
    app.press_not_me(&of_phone).await.expect(400);
    assert_eq!(app.count("select count(*) from accounts where cpf_index is not null").await, 0);
}

#[tokio::test]
async fn a_new_access_is_never_the_earliest_notice() {
    let app = TestApp::start().await;
    app.ignore_messages();
    let owner = app.teacher().await;
    stolen(&app, EMAIL, EMAIL, CURL).await;
    app.advance(Duration::seconds(1));
    owner.give_document("cpf", CPF).await;
    // As if nobody could dispute the document any more, while the link of the sign-in before it stays open.
    sqlx::query("update verifications set dead_at = now() where purpose = 'not_me'").execute(&app.pool).await.expect("written");
    app.advance(Duration::seconds(1));
    owner.change_password(PASSWORD, THIEFS_PASSWORD, THIEFS_PASSWORD).await.expect(200);
    let link = app.not_me_links(EMAIL).await.remove(0);
    let page = app.press_not_me(&link).await.expect(200);
    choose_new(&app, &link, &page).await;
    let me = app.sign_in(EMAIL, NEW_PASSWORD).await.profile().await;
    assert_eq!(me["cpf"], json!("***.982.247-**"));
}

#[tokio::test]
async fn once_sessions_have_ended_by_one_link_those_of_other_accesses_are_over() {
    let app = TestApp::start().await;
    app.ignore_messages();
    app.teacher().await;
    let (_, first) = stolen(&app, EMAIL, EMAIL, CURL).await;
    app.advance(Duration::hours(1));
    let (thief, second) = stolen(&app, EMAIL, EMAIL, OKHTTP).await;
    thief.change_password(PASSWORD, THIEFS_PASSWORD, THIEFS_PASSWORD).await.expect(200);
    let of_change = app.not_me_links(EMAIL).await.remove(0);
    app.press_not_me(&of_change).await.expect(200);
    for link in [&first, &second] {
        app.press_not_me(link).await.expect(400);
    }
}

#[tokio::test]
async fn a_thief_who_changes_the_password_does_not_take_it_its_force() {
    let app = TestApp::start().await;
    app.ignore_messages();
    app.teacher().await;
    let (thief, link) = stolen(&app, EMAIL, EMAIL, CURL).await;
    thief.change_password(PASSWORD, THIEFS_PASSWORD, THIEFS_PASSWORD).await.expect(200);
    app.press_not_me(&link).await.expect(200);
    thief.expect_ended().await;
    app.login(EMAIL, THIEFS_PASSWORD).await.expect_problem(401);
}

#[tokio::test]
async fn it_opens_nothing_where_a_recovery_would_not() {
    let app = TestApp::start().await;
    app.ignore_messages();
    let client = app.client_with_password().await;
    let (_, link) = stolen(&app, PHONE, EMAIL, CURL).await;
    client.give_document("cpf", CPF).await;
    // Recovered by the phone: the address is out of force until it is confirmed again.
    app.advance(Duration::minutes(1));
    app.recover_by(CPF, "whatsapp").await.expect(200);
    let code = app.codes_to(PHONE).await.remove(0);
    let grant = app.enter_recovery_code(CPF, &code).await.expect(200).token("resetToken");
    app.reset_by_grant(&grant, NEW_PASSWORD, NEW_PASSWORD).await.expect(200);
    app.press_not_me(&link).await.expect(400);
    let owner = app.sign_in(PHONE, NEW_PASSWORD).await;
    assert_eq!(owner.profile().await["emailSuspended"], Value::Bool(true));
}

#[tokio::test]
async fn its_holder_reads_the_contact_that_it_went_to_and_no_other() {
    let app = TestApp::start().await;
    app.ignore_messages();
    let client = app.client_with_password().await;
    client.change_password(PASSWORD, NEW_PASSWORD, NEW_PASSWORD).await.expect(200);
    let link = app.not_me_links(PHONE).await.remove(0);
    let page = app.press_not_me(&link).await.expect(200);
    assert_eq!(username_in(&page), TYPED_PHONE);
    assert!(!page.text.contains(EMAIL), "{}", page.text);
}

#[tokio::test]
async fn by_phone_alone_it_comes_by_sms_and_lapses_after_seven_days() {
    let app = TestApp::start().await;
    app.ignore_messages();
    let mut body = client(PHONE);
    body["password"] = PASSWORD.into();
    body["passwordConfirmation"] = PASSWORD.into();
    app.post("/api/auth/register/client", body).await.expect(202);
    let code = app.code_to(PHONE).await;
    app.verify(PHONE, &code).await.expect(201);
    let (_, link) = stolen(&app, PHONE, PHONE, CURL).await;
    app.advance(Duration::days(7));
    app.press_not_me(&link).await.expect(410);
    let (thief, link) = stolen(&app, PHONE, PHONE, OKHTTP).await;
    let page = app.press_not_me(&link).await.expect(200);
    thief.expect_ended().await;
    choose_new(&app, &link, &page).await;
    app.login(PHONE, NEW_PASSWORD).await.expect(200);
}
