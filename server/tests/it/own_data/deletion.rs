//! Deletion: asked for, undone in fourteen days, and what signing in leads to meanwhile (SPEC §13, §17).

use crate::support::people::{EMAIL, OTHER_EMAIL, PASSWORD, PHONE, WRONG_PASSWORD, client};
use crate::support::{Actor, Answer, TestApp};
use serde_json::json;
use server::metrics::Metrics;
use server::services::erasure::erase_due;
use time::Duration;

const DELETION: &str = "/api/auth/account/deletion";
const PENDING: &str = "urn:portaria:problem:deletion-pending";
const GRACE: Duration = Duration::days(14);

async fn ask(actor: &Actor<'_>) -> Answer {
    actor.method("POST", DELETION).await
}

/// A client with a phone, an e-mail and a password, who asked for the deletion. The messages about it are not read yet.
async fn leaving(app: &TestApp) -> Actor<'_> {
    let client = app.client_with_password().await;
    app.advance(Duration::seconds(1));
    ask(&client).await.expect(202);
    app.advance(Duration::seconds(1));
    client
}

pub async fn erase(app: &TestApp) -> u64 {
    let sealer = crate::support::sealer_of(&app.pool).await;
    erase_due(&app.pool, &sealer, &app.told, &[], app.now(), &Metrics::default()).await.expect("a pass")
}

async fn token(app: &TestApp, to: &str) -> String {
    app.tokens_to(to, "/undo-deletion").await.into_iter().next().expect("a link")
}

async fn undo(app: &TestApp, token: &str) -> Answer {
    app.anonymous().form(&format!("/undo-deletion?token={token}"), "undo_deletion", &[("token", token)]).await
}

fn by_password(cancel: bool) -> serde_json::Value {
    json!({ "email": EMAIL, "password": PASSWORD, "cancelDeletion": cancel })
}

#[tokio::test]
async fn it_ends_every_session_tells_every_contact_and_lets_nobody_in_until_it_is_undone() {
    let app = TestApp::start().await;
    let client = app.client_with_password().await;
    let other = client.elsewhere().await;
    app.advance(Duration::seconds(1));
    let asked = ask(&client).await.expect(202);
    assert_eq!(asked.keys(), ["deletesAt", "message"]);
    let deletes_at = (app.now() + GRACE).unix_timestamp();
    assert_eq!(asked.json()["deletesAt"], deletes_at);
    client.expect_ended().await;
    other.expect_ended().await;
    ask(&client).await.expect_problem(401);
    app.expect_message(EMAIL, "Sua conta será excluída").await;
    app.expect_message(PHONE, "sua conta sera excluida em 14 dias").await;

    let refused = app.login(EMAIL, PASSWORD).await.expect_problem(403).json();
    assert_eq!((&refused["type"], &refused["deletesAt"]), (&json!(PENDING), &json!(deletes_at)));
    app.login(EMAIL, WRONG_PASSWORD).await.expect_problem(401);
    app.post("/api/auth/login", json!({ "email": EMAIL, "password": WRONG_PASSWORD, "cancelDeletion": true })).await.expect_problem(401);
    let carona = app.post("/auth/login", by_password(false)).await.expect(403).json();
    assert_eq!((&carona["error"]["code"], &carona["error"]["deletesAt"]), (&json!("AUTH_006"), &json!(deletes_at)));
    app.post("/api/auth/login/code", json!({ "phone": PHONE })).await.expect(202);
    let code = app.code_to(PHONE).await;
    app.post("/api/auth/login/code/verify", json!({ "phone": PHONE, "code": code })).await.expect_problem(403);
    // Its values are still its own, and nobody hears that it is about to go.
    app.post("/api/auth/register/client", client_form_json()).await.expect_problem(409);
    app.expect_message(EMAIL, "Você já tem uma conta").await;

    let back = app.whoever_got(&app.post("/api/auth/login", by_password(true)).await.expect(200));
    assert_eq!(back.profile().await["email"], EMAIL);
    app.advance(GRACE);
    assert_eq!(erase(&app).await, 0);
    app.login(EMAIL, PASSWORD).await.expect(200);
    assert_eq!(app.count("select count(*) from audit where event = 'deletion_cancelled'").await, 1);
}

fn client_form_json() -> serde_json::Value {
    client(PHONE)
}

#[tokio::test]
async fn a_code_and_the_riders_route_undo_it_too() {
    let app = TestApp::start().await;
    app.ignore_messages();
    leaving(&app).await;
    app.post("/auth/login", by_password(true)).await.expect(200);
    let again = app.sign_in(EMAIL, PASSWORD).await;
    ask(&again).await.expect(202);
    app.post("/api/auth/login/code", json!({ "phone": PHONE })).await.expect(202);
    let code = app.code_to(PHONE).await;
    app.post("/api/auth/login/code/verify", json!({ "phone": PHONE, "code": code, "cancelDeletion": true })).await.expect(200);
    app.login(EMAIL, PASSWORD).await.expect(200);
}

#[tokio::test]
async fn the_link_undoes_it_on_any_device_by_its_button_alone() {
    let app = TestApp::start().await;
    let client = leaving(&app).await;
    let (by_mail, by_phone) = (token(&app, EMAIL).await, token(&app, PHONE).await);
    let page = app.anonymous().get(&format!("/undo-deletion?token={by_mail}")).await.expect(200).text;
    assert!(page.contains("Desfazer a exclusão") && page.contains("Esta conta será excluída em"), "{page}");
    app.login(EMAIL, PASSWORD).await.expect_problem(403);
    undo(&app, "nonsense").await.expect(400);
    let done = undo(&app, &by_mail).await.expect(303);
    assert_eq!(done.goes(), "/login, deletion_undone");
    app.login(EMAIL, PASSWORD).await.expect(200);
    client.expect_ended().await;
    // Whoever reads the other message later learns that it is done, and an old link undoes no later deletion.
    let page = app.anonymous().get(&format!("/undo-deletion?token={by_phone}")).await.expect(200).text;
    assert!(page.contains("Pronto: sua conta continua."), "{page}");
    undo(&app, &by_phone).await.expect(303);
    ask(&app.sign_in(EMAIL, PASSWORD).await).await.expect(202);
    undo(&app, &by_phone).await.expect(400);
    undo(&app, &by_mail).await.expect(400);
    app.login(EMAIL, PASSWORD).await.expect_problem(403);
    app.ignore_messages();
}

#[tokio::test]
async fn the_last_second_is_early_enough_and_the_next_is_not() {
    let app = TestApp::start().await;
    app.ignore_messages();
    leaving(&app).await;
    let link = token(&app, EMAIL).await;
    app.advance(GRACE - Duration::seconds(2));
    assert_eq!(erase(&app).await, 0);
    undo(&app, &link).await.expect(303);
    ask(&app.sign_in(EMAIL, PASSWORD).await).await.expect(202);
    app.advance(Duration::seconds(1));
    let link = token(&app, EMAIL).await;
    app.advance(GRACE - Duration::seconds(1));
    // The sweep has not come by yet, and the answers are those of afterwards.
    undo(&app, &link).await.expect(410);
    app.post("/api/auth/login", by_password(true)).await.expect_problem(403);
    // Whoever holds the account's row is not waited for.
    let held = crate::support::hold(&app).await;
    assert_eq!(erase(&app).await, 0);
    held.rollback().await.expect("let go");
    assert_eq!(erase(&app).await, 1);
    assert_eq!(erase(&app).await, 0);
    undo(&app, &link).await.expect(400);
    app.login(EMAIL, PASSWORD).await.expect_problem(401);
    // What was its own is free.
    let anew = app.proved_client(PHONE).await;
    assert!(app.whoever_got(&anew).profile().await["email"].is_null());
}

#[tokio::test]
async fn of_many_at_once_one_is_taken_and_a_sign_in_beside_it_leaves_no_session() {
    let app = TestApp::start().await;
    app.ignore_messages();
    let client = app.client_with_password().await;
    let asked = futures::future::join_all((0..5).map(|_| ask(&client)));
    let beside = futures::future::join_all((0..3).map(|_| app.login(EMAIL, PASSWORD)));
    let (asked, beside) = futures::join!(asked, beside);
    let mut statuses: Vec<_> = asked.iter().map(|answer| answer.status).collect();
    statuses.sort_unstable();
    assert_eq!(statuses, [202, 401, 401, 401, 401]);
    assert!(beside.iter().all(|answer| [200, 403].contains(&answer.status)));
    assert_eq!(app.count("select count(*) from sessions where ended_at is null").await, 0);
    assert_eq!(app.messages_to(EMAIL).await.iter().filter(|it| it["subject"] == "Sua conta será excluída").count(), 1);
}

#[tokio::test]
async fn it_needs_a_fresh_session() {
    let app = TestApp::start().await;
    app.anonymous().method("POST", DELETION).await.expect_problem(401);
    let teacher = app.teacher().await;
    app.advance(Duration::minutes(10));
    let refused = ask(&teacher).await.expect_problem(403);
    assert_eq!(refused.json()["type"], "urn:portaria:problem:reauthentication-required");
    teacher.profile().await;
}

// ── pages, without a script

async fn choice(app: &TestApp) -> (Actor<'_>, String) {
    let browser = app.anonymous();
    let page = browser.form("/login", "sign_in", &[("identifier", EMAIL), ("password", PASSWORD)]).await.expect(200);
    assert!(page.text.contains("Sua conta está para ser excluída") && !page.text.contains("Esqueci minha senha"), "one choice");
    assert!(page.cookies().iter().all(|cookie| !cookie.starts_with("portaria_session=")));
    let grant = page.text.split(r#"name="grant" value=""#).nth(1).and_then(|rest| rest.split('"').next()).expect("a grant").to_owned();
    (browser, grant)
}

#[tokio::test]
async fn the_page_asks_in_place_deletes_and_a_sign_in_leads_to_one_choice() {
    let app = TestApp::start().await;
    app.ignore_messages();
    app.proved_teacher(EMAIL).await;
    let browser = app.sign_in_by_page(EMAIL, PASSWORD).await;
    app.advance(Duration::minutes(10));
    let asked = browser.form("/profile/data", "ask_deletion", &[]).await.expect(403);
    assert!(asked.text.contains("ask_deletion-current_password"));
    let done = browser.form("/profile/data", "ask_deletion", &[("current_password", PASSWORD)]).await.expect(303);
    assert_eq!(done.goes(), "/, deletion_asked");
    assert!(done.cookie("portaria_session").contains("Max-Age=0"));
    browser.get("/profile").await.expect(303);

    let (browser, grant) = choice(&app).await;
    let (late, other) = choice(&app).await;
    let back = browser.form("/login", "keep_account", &[("grant", &grant)]).await.expect(303);
    assert_eq!(back.location(), "/dashboard");
    browser.get("/profile").await.expect(200);
    // The other right went with it.
    let refused = late.form("/login", "keep_account", &[("grant", &other)]).await.expect(303);
    assert_eq!(refused.goes(), "/login, ended");
    late.get("/profile").await.expect(303);
}

#[tokio::test]
async fn the_choice_is_open_for_a_quarter_of_an_hour() {
    let app = TestApp::start().await;
    app.ignore_messages();
    app.proved_teacher(OTHER_EMAIL).await;
    let teacher = app.teacher().await;
    ask(&teacher).await.expect(202);
    let (browser, grant) = choice(&app).await;
    app.advance(Duration::minutes(15));
    let refused = browser.form("/login", "keep_account", &[("grant", &grant)]).await.expect(303);
    assert_eq!(refused.goes(), "/login, ended");
    app.login(EMAIL, PASSWORD).await.expect_problem(403);
}
