//! The one reminder of a sign-up that was left, and who gets none.

use crate::support::people::{EMAIL, OTHER_EMAIL, OTHER_PHONE, PASSWORD, PHONE, client, client_form, company_form, teacher};
use crate::support::{Actor, TestApp};
use serde_json::json;
use time::Duration;

const AFTER: Duration = Duration::hours(3);
const SUBJECT: &str = "Seu cadastro ficou pela metade";
const CNPJ: &str = "11.222.333/0001-81";
const THIRD_EMAIL: &str = "caio@example.com";

async fn start() -> TestApp {
    TestApp::start_with(&[("SIGNUP_REMINDER", "3h")]).await
}

async fn remind(app: &TestApp) -> u64 {
    app.service.remind_left().await.expect("looked for")
}

fn form<'a>(phone: &'a str, email: &'a str) -> Vec<(&'static str, &'a str)> {
    client_form(phone).into_iter().map(|(name, value)| (name, if name == "email" { email } else { value })).collect()
}

/// A client that waits for its code, with an address; returns the page that waits.
async fn client_waits(browser: &Actor<'_>, phone: &str, email: &str) -> String {
    let answer = browser.form("/register/client", "sign_up", &form(phone, email)).await.expect(303);
    browser.app.code_to(phone).await;
    answer.location().to_owned()
}

#[tokio::test]
async fn who_left_is_reminded_once_by_the_same_link_and_goes_on_where_they_were() {
    let app = start().await;
    let browser = app.anonymous();
    browser.form("/register/company", "sign_up", &company_form(CNPJ, EMAIL)).await.expect(303);
    let before = app.token_to(EMAIL).await;
    app.advance(AFTER - Duration::seconds(1));
    assert_eq!(remind(&app).await, 0, "not yet");
    app.advance(Duration::seconds(1));
    let other = app.second_node().await;
    let (one, two) = tokio::join!(remind(&app), remind(&other));
    assert_eq!(one + two, 1, "of two nodes one");
    // The first node dies here: the other delivers.
    other.worker.deliver_due().await.expect("delivered");
    let mail = app.newest_to(EMAIL).await;
    let body = mail["body"].as_str().expect("a text");
    assert_eq!(mail["subject"], SUBJECT);
    assert!(!body.contains("Aurora") && body.contains("&not_me=1"), "nobody's text: {body}");
    assert_eq!(app.token_to(EMAIL).await, before, "the same live link");
    // Elsewhere it asks, and tells nothing that was typed.
    let stranger = app.anonymous();
    let page = stranger.get(&format!("/verify?token={before}")).await.expect(200);
    assert!(page.text.contains("Não fui eu") && !page.text.contains("Aurora"), "{}", page.text);
    // The browser that began goes on.
    assert!(browser.get("/login").await.expect(200).text.contains("Continuar meu cadastro"));
    assert!(!stranger.get("/login").await.expect(200).text.contains("Continuar meu cadastro"));
    let proved = browser.form(&format!("/verify?token={before}"), "prove_link", &[("token", &before)]).await.expect(303);
    assert_eq!(proved.goes(), "/login, verified");
    for _ in 0..24 {
        app.advance(Duration::hours(1));
        assert_eq!(remind(&app).await, 0, "once, ever");
    }
}

#[tokio::test]
async fn a_client_goes_on_at_the_page_and_another_device_learns_nothing() {
    let app = start().await;
    let browser = app.anonymous();
    let page = client_waits(&browser, PHONE, EMAIL).await;
    app.advance(AFTER);
    assert_eq!(remind(&app).await, 1);
    let body = app.newest_to(EMAIL).await["body"].as_str().expect("a text").to_owned();
    assert!(body.contains(&format!("{}{page}", app.url)) && !body.contains("Ana") && !body.contains("4321"), "{body}");
    assert!(browser.get(&page).await.expect(200).text.contains("Digite o código que enviamos"), "where it was");
    let elsewhere = app.anonymous().get(&page).await.expect(200).text;
    assert!(elsewhere.contains("começado em outro aparelho") && !elsewhere.contains("Ana Souza"), "{elsewhere}");
    assert!(!elsewhere.contains("value=\"(11)") && !elsewhere.contains(EMAIL), "{elsewhere}");
    assert!(!app.anonymous().get("/register/client?signup=new").await.expect(200).text.contains("outro aparelho"));
    // The message belongs to the account from its proof on.
    browser.form(&page, "resend", &[("channel", "sms")]).await.expect(303);
    let code = app.code_to(PHONE).await;
    browser.form(&page, "prove_code", &[("code", &code)]).await.expect(303);
    assert_eq!(app.count("select count(*) from outbox where kind = 'signup_left' and account_id is not null").await, 1);
    app.token_to(EMAIL).await;
}

#[tokio::test]
async fn whoever_came_back_gave_up_or_has_an_account_gets_none() {
    let app = start().await;
    // Without a page to go on with, without an address, and given up.
    let mut by_api = client(PHONE);
    by_api["email"] = EMAIL.into();
    app.post("/api/auth/register/client", by_api).await.expect(202);
    app.code_to(PHONE).await;
    let bare = app.anonymous();
    client_waits(&bare, "+5531987654321", "").await;
    let gone = app.anonymous();
    let page = client_waits(&gone, OTHER_PHONE, OTHER_EMAIL).await;
    let id = page.split_once("signup=").expect("an id").1;
    gone.form("/register", "abandon", &[("signup", id)]).await.expect(303);
    // Proved by the API meanwhile, with the same phone.
    let came_back = app.anonymous();
    client_waits(&came_back, "+5541987654321", THIRD_EMAIL).await;
    app.advance(Duration::seconds(1));
    app.proved_client("+5541987654321").await;
    // Proved.
    app.proved_teacher("dora@example.com").await;
    app.advance(AFTER);
    assert_eq!(remind(&app).await, 0);
    assert_eq!(
        app.count("select count(*) from signups where account_id is null and begun_by is not null and reminder_settled_at is null").await,
        0
    );
}

#[tokio::test]
async fn a_reminder_that_waits_is_not_handed_over_once_its_reader_came_back() {
    let app = start().await;
    let (browser, company) = (app.anonymous(), app.anonymous());
    let page = client_waits(&browser, PHONE, EMAIL).await;
    company.form("/register/company", "sign_up", &company_form(CNPJ, OTHER_EMAIL)).await.expect(303);
    let token = app.token_to(OTHER_EMAIL).await;
    app.advance(AFTER);
    assert_eq!(remind(&app).await, 2);
    // Nothing was handed over yet: the mail server is down.
    sqlx::query("update outbox set next_try_at = next_try_at + interval '10 minutes' where kind = 'signup_left'")
        .execute(&app.pool)
        .await
        .expect("waits");
    company.form(&format!("/verify?token={token}"), "prove_link", &[("token", &token)]).await.expect(303);
    browser.form(&page, "resend", &[("channel", "sms")]).await.expect(303);
    let code = app.code_to(PHONE).await;
    browser.form(&page, "prove_code", &[("code", &code)]).await.expect(303);
    app.token_to(EMAIL).await;
    app.advance(Duration::minutes(11));
    let subjects = [app.messages_to(EMAIL).await, app.messages_to(OTHER_EMAIL).await].concat();
    assert!(subjects.iter().all(|mail| mail["subject"] != SUBJECT), "{subjects:?}");
    let ends = "select count(*) from outbox where kind = 'signup_left' and status in ('refused', 'dropped') and length(recipient) = 0";
    assert_eq!(app.count(ends).await, 2);
}

#[tokio::test]
async fn an_address_rests_after_a_reminder_and_for_long_after_not_me() {
    let app = start().await;
    app.post("/api/auth/register/teacher", teacher(EMAIL)).await.expect(201);
    let token = app.token_to(EMAIL).await;
    app.anonymous().form(&format!("/verify?token={token}"), "disown_link", &[("token", &token)]).await.expect(303);
    // A stranger types the same address again and again, with tags, and another's.
    app.advance(Duration::hours(1));
    app.post("/api/auth/register/teacher", teacher("ana+x@example.com")).await.expect(201);
    app.post("/api/auth/register/teacher", teacher(OTHER_EMAIL)).await.expect(201);
    app.advance(AFTER);
    assert_eq!(remind(&app).await, 1, "the other one's");
    app.expect_message("ana+x@example.com", "Verifique sua conta").await;
    app.expect_message(OTHER_EMAIL, SUBJECT).await;
    app.expect_message(OTHER_EMAIL, "Verifique sua conta").await;
    app.advance(Duration::days(29));
    app.post("/api/auth/register/teacher", teacher(OTHER_EMAIL)).await.expect(201);
    app.advance(AFTER);
    assert_eq!(remind(&app).await, 0, "one in thirty days, whoever types it");
    app.advance(Duration::days(2));
    app.post("/api/auth/register/teacher", teacher(OTHER_EMAIL)).await.expect(201);
    app.advance(AFTER);
    assert_eq!(remind(&app).await, 1);
    app.ignore_messages();
}

#[tokio::test]
async fn nobody_is_reminded_unless_it_is_set_nor_while_something_was_just_sent() {
    let off = TestApp::start().await;
    off.post("/api/auth/register/teacher", teacher(EMAIL)).await.expect(201);
    off.expect_message(EMAIL, "Verifique sua conta").await;
    off.advance(Duration::hours(12));
    assert_eq!(remind(&off).await, 0);

    let app = off.node_with(&[("SIGNUP_REMINDER", "3h")]).await;
    app.post("/api/resend-verification", json!({ "email": EMAIL })).await.expect(202);
    assert_eq!(remind(&app).await, 0, "they have just asked");
    app.expect_message(EMAIL, "Verifique sua conta").await;
    app.advance(Duration::hours(1));
    assert_eq!(remind(&app).await, 1);
    app.expect_message(EMAIL, SUBJECT).await;
    // A rider's code is long over: the link proves, and the third step follows.
    let rider = json!({ "name": "Rian Lucas", "username": "rian.lucas", "email": OTHER_EMAIL, "password": PASSWORD });
    app.post("/auth/register", rider).await.expect(201);
    app.code_to(OTHER_EMAIL).await;
    app.advance(AFTER);
    assert_eq!(remind(&app).await, 1);
    app.open_link_to(OTHER_EMAIL).await.expect(200);
}
