//! What a request asks of the database: how many statements, in how many transactions, and whether indexes serve them.

use crate::support::people::{self, EMAIL, NEW_PASSWORD, OTHER_PHONE, PASSWORD, PHONE, WRONG_PASSWORD};
use crate::support::{Actor, Answer, TestApp, Wire};
use serde_json::json;
use server::http::pages::Holds;
use server::http::{PAGES, routes};
use sqlx::{AssertSqlSafe, Row};
use std::collections::BTreeMap;

/// Pages that a stranger opens and that ask anything: those of links look up their token, which is a guess and counted; the terms are kept
/// by version.
const OF_STRANGERS: &[(&str, usize)] = &[
    ("/verify", 9),
    ("/api/auth/verify-email", 5),
    ("/continue", 4),
    ("/reset-password", 4),
    ("/not-me", 4),
    ("/document-mine", 4),
    ("/undo-deletion", 4),
    ("/terms", 1),
];
/// Pages that ask more of an owner than who it is.
const OF_OWNERS: &[(&str, usize)] = &[
    ("/verify", 10),
    ("/api/auth/verify-email", 5),
    ("/continue", 5),
    ("/reset-password", 5),
    ("/not-me", 5),
    ("/document-mine", 5),
    ("/undo-deletion", 5),
    ("/complete-profile", 3),
    ("/dashboard", 2),
    ("/profile", 2),
    ("/profile/data", 5),
    ("/profile/email", 3),
    ("/profile/phone", 3),
    ("/terms", 4),
    ("/terms/accept", 4),
];
/// Calls of the API without credentials and with an empty body that ask anything. What they attempt is written to the audit, by one statement.
const OF_STRANGERS_CALLS: &[(&str, usize)] = &[
    ("DELETE /api/auth/sessions", 2),
    ("DELETE /api/auth/sessions/{id}", 2),
    ("GET /api/auth/verify-email", 5),
    ("PATCH /api/auth/change-password", 4),
    ("POST /api/auth/account/block", 2),
    ("POST /api/auth/account/deletion", 2),
    ("POST /api/auth/account/export", 2),
    ("POST /api/auth/contest", 3),
    ("POST /api/auth/contest/keep", 1),
    ("POST /api/auth/contest/verify", 4),
    ("POST /api/auth/forgot-password", 4),
    ("POST /api/auth/login", 1),
    ("POST /api/auth/login/code", 4),
    ("POST /api/auth/login/code/verify", 4),
    ("POST /api/auth/logout", 2),
    ("POST /api/auth/password", 3),
    ("POST /api/auth/phone/resend", 4),
    ("POST /api/auth/phone/verify", 4),
    ("POST /api/auth/profile/email", 2),
    ("POST /api/auth/profile/email/verify", 3),
    ("POST /api/auth/profile/phone", 3),
    ("POST /api/auth/profile/phone/verify", 3),
    ("POST /api/auth/reauthenticate", 2),
    ("POST /api/auth/recovery", 1),
    ("POST /api/auth/recovery/reset", 1),
    ("POST /api/auth/recovery/verify", 4),
    ("POST /api/auth/refresh-token", 1),
    ("POST /api/auth/register/client", 2),
    ("POST /api/auth/register/teacher", 2),
    ("POST /api/auth/reset-password", 1),
    ("POST /api/auth/terms", 2),
    ("POST /api/auth/verify-email", 5),
    ("POST /api/email-verification/resend-code", 4),
    ("POST /api/email-verification/verify", 4),
    ("POST /api/register", 1),
    ("POST /api/resend-verification", 4),
    ("POST /auth/login", 1),
    ("POST /auth/register", 2),
    ("POST /auth/registerComplete/{email}", 7),
];

fn allowed(table: &[(&str, usize)], path: &str, usual: usize) -> usize {
    table.iter().find(|(of, _)| *of == path).map_or(usual, |(_, statements)| *statements)
}

fn address(template: &str) -> String {
    template.replace("{slug}", "client").replace("{id}", "x").replace("{email}", "a@example.com")
}

/// Compares all and says all that differ, so that a table is mended at once.
fn expect(measured: &BTreeMap<String, Vec<String>>, allowed: impl Fn(&str) -> usize) {
    let differ: Vec<_> = measured
        .iter()
        .filter(|(what, asked)| asked.len() != allowed(what))
        .map(|(what, asked)| format!("{what}: {} statements, allowed {}\n    {}", asked.len(), allowed(what), asked.join("\n    ")))
        .collect();
    assert!(differ.is_empty(), "{}", differ.join("\n"));
}

async fn asked(wire: &Wire, request: impl Future<Output = Answer>) -> (Answer, Vec<String>) {
    wire.executed();
    let answer = request.await;
    (answer, wire.executed())
}

async fn browser(app: &TestApp) -> Actor<'_> {
    let browser = app.anonymous();
    browser.form("/login", "sign_in", &[("identifier", EMAIL), ("password", PASSWORD)]).await.expect(303);
    browser
}

#[tokio::test]
async fn a_page_asks_only_what_it_needs() {
    let (app, wire) = TestApp::start_by_wire().await;
    app.proved_teacher(EMAIL).await;
    let (stranger, owner) = (app.anonymous(), browser(&app).await);
    let (mut of_strangers, mut of_owners) = (BTreeMap::new(), BTreeMap::new());
    for page in &PAGES {
        let token = if page.holds == Holds::Nothing { "" } else { "?token=x" };
        let path = format!("{}{token}", address(page.path));
        of_strangers.insert(page.path.to_owned(), asked(&wire, stranger.get(&path)).await.1);
        of_owners.insert(page.path.to_owned(), asked(&wire, owner.get(&path)).await.1);
    }
    expect(&of_strangers, |path| allowed(OF_STRANGERS, path, 0));
    expect(&of_owners, |path| allowed(OF_OWNERS, path, 1));
}

#[tokio::test]
async fn a_stranger_without_credentials_or_values_asks_next_to_nothing() {
    let (app, wire) = TestApp::start_by_wire().await;
    let stranger = app.anonymous();
    let mut measured = BTreeMap::new();
    for route in routes() {
        let request = stranger.raw(route.method.as_str(), &address(route.path)).json(&json!({}));
        let (_, statements) = asked(&wire, stranger.send_raw(request)).await;
        measured.insert(format!("{} {}", route.method, route.path), statements);
    }
    expect(&measured, |path| allowed(OF_STRANGERS_CALLS, path, 0));
}

#[tokio::test]
async fn who_signs_in_or_shows_a_session_asks_as_often_as_the_table_says() {
    let (app, wire) = TestApp::start_by_wire().await;
    app.proved_teacher(EMAIL).await;
    app.login(EMAIL, PASSWORD).await.expect(200);
    let mut measured = BTreeMap::new();
    let (answer, statements) = asked(&wire, app.login(EMAIL, PASSWORD)).await;
    measured.insert("sign in".to_owned(), statements);
    let tokens = answer.expect(200).json();
    let (answer, statements) = asked(&wire, app.login(EMAIL, WRONG_PASSWORD)).await;
    answer.expect(401);
    measured.insert("wrong password".to_owned(), statements);
    let (answer, statements) = asked(&wire, app.login("nobody@example.com", WRONG_PASSWORD)).await;
    answer.expect(401);
    measured.insert("nobody".to_owned(), statements);
    let owner = app.anonymous().bearer(tokens["accessToken"].as_str().expect("a token"));
    for (what, path) in [("profile", "/api/auth/profile"), ("sessions", "/api/auth/sessions")] {
        let (answer, statements) = asked(&wire, owner.get(path)).await;
        answer.expect(200);
        measured.insert(what.to_owned(), statements);
    }
    let (answer, statements) = asked(&wire, app.post("/api/auth/refresh-token", json!({ "refreshToken": tokens["refreshToken"] }))).await;
    answer.expect(200);
    measured.insert("refresh".to_owned(), statements);
    let mut form = people::client(PHONE);
    (form["password"], form["passwordConfirmation"]) = (PASSWORD.into(), PASSWORD.into());
    let (answer, statements) = asked(&wire, app.post("/api/auth/register/client", form)).await;
    answer.expect(202);
    app.code_to(PHONE).await;
    measured.insert("sign up".to_owned(), statements);
    let table = [("sign in", 3), ("sign up", 15), ("wrong password", 5), ("nobody", 5), ("profile", 1), ("sessions", 1), ("refresh", 9)];
    expect(&measured, |what| allowed(&table, what, 0));
    let commits = measured["sign in"].iter().filter(|statement| *statement == "COMMIT").count();
    assert_eq!(commits, 0, "each of its statements is a transaction of its own, and two of them write");
}

#[tokio::test]
async fn a_client_that_is_over_its_limit_of_guesses_asks_nothing_more() {
    let (app, wire) = TestApp::start_by_wire().await;
    app.login("nobody@example.com", WRONG_PASSWORD).await.expect(401);
    let used_up = "update tallies set hits = array(select hits[1] from generate_series(1, 120)) where scope = 'address/guess'";
    sqlx::query(used_up).execute(&app.pool).await.expect("120 guesses");
    app.login(EMAIL, PASSWORD).await.expect(429);
    let (answer, statements) = asked(&wire, app.login(EMAIL, PASSWORD)).await;
    let waits: u32 = answer.expect(429).header("retry-after").parse().expect("seconds");
    assert_eq!(statements, [""; 0]);
    app.advance(time::Duration::seconds(waits.into()));
    app.login("nobody@example.com", WRONG_PASSWORD).await.expect(401);
}

/// Tables that grow with accounts, sign-ups, sessions and messages.
const LARGE: [&str; 18] = [
    "account_changes",
    "accounts",
    "audit",
    "completion_grants",
    "consents",
    "contests",
    "devices",
    "outbox",
    "photos",
    "proofs",
    "recovery_grants",
    "refresh_tokens",
    "sessions",
    "signup_devices",
    "signups",
    "tallies",
    "undo_grants",
    "verifications",
];

/// Without sequential scans where an index serves, a plan has one only where none does. The plan is the generic one, as of
/// a statement that was prepared long ago.
#[tokio::test]
async fn no_statement_of_a_journey_reads_a_large_table_from_end_to_end() {
    let (app, wire) = TestApp::start_by_wire().await;
    app.ignore_messages();
    app.proved_teacher(EMAIL).await;
    let teacher = app.teacher_at("other@example.com").await;
    let client = app.client().await;
    client.get("/api/auth/sessions").await.expect(200);
    teacher.change_password(PASSWORD, NEW_PASSWORD, NEW_PASSWORD).await.expect(200);
    app.post("/api/auth/forgot-password", json!({ "email": EMAIL })).await.expect(202);
    app.post("/api/auth/login/code", json!({ "phone": PHONE })).await.expect(202);
    app.login(EMAIL, PASSWORD).await.expect(200);
    app.login(EMAIL, WRONG_PASSWORD).await.expect(401);
    let own = browser(&app).await;
    own.get("/profile").await.expect(200);
    own.get("/dashboard").await.expect(200);
    let waiting = app.anonymous();
    let begun = waiting.form("/register/client", "sign_up", &people::client_form(OTHER_PHONE)).await.expect(303);
    let id = begun.location().rsplit('=').next().expect("an id").to_owned();
    for (who, asked) in [(&waiting, id.as_str()), (&own, "own-phone")] {
        let request = who.raw("POST", "/sf/signup_state").header("sec-fetch-site", "same-origin").form(&[("signup", asked)]);
        who.send_raw(request).await.expect(200);
    }
    let prepared = wire.prepared();
    assert!(prepared.len() > 40, "{}", prepared.len());
    let mut conn = app.pool.acquire().await.expect("a connection");
    for set in ["set enable_seqscan = off", "set plan_cache_mode = force_generic_plan"] {
        sqlx::raw_sql(set).execute(&mut *conn).await.expect("set");
    }
    let mut read_whole = Vec::new();
    for (statement, types) in prepared {
        let verb = statement.split_whitespace().next().unwrap_or_default().to_lowercase();
        if !["select", "insert", "update", "delete", "with"].contains(&verb.as_str()) {
            continue;
        }
        let mut names = Vec::new();
        for oid in &types {
            let name: String =
                sqlx::query_scalar(AssertSqlSafe(format!("select {oid}::oid::regtype::text"))).fetch_one(&mut *conn).await.expect("a type");
            names.push(name);
        }
        let (types, nulls) = match names.len() {
            0 => (String::new(), String::new()),
            count => (format!("({})", names.join(", ")), format!("({})", vec!["null"; count].join(", "))),
        };
        sqlx::raw_sql(AssertSqlSafe(format!("prepare planned{types} as {statement}"))).execute(&mut *conn).await.expect("prepared");
        let plan = sqlx::raw_sql(AssertSqlSafe(format!("explain execute planned{nulls}"))).fetch_all(&mut *conn).await.expect("a plan");
        sqlx::raw_sql("deallocate planned").execute(&mut *conn).await.expect("deallocated");
        let plan: Vec<String> = plan.iter().map(|line| line.get(0)).collect();
        if plan.iter().any(|line| LARGE.iter().any(|table| line.contains(&format!("Seq Scan on {table} ")))) {
            read_whole.push(format!("{statement}\n{}", plan.join("\n")));
        }
    }
    assert!(read_whole.is_empty(), "{}", read_whole.join("\n\n"));
}

#[tokio::test]
async fn a_waiting_page_that_asks_how_its_sign_up_stands_asks_little() {
    let (app, wire) = TestApp::start_by_wire().await;
    app.ignore_messages();
    let browser = app.anonymous();
    let begun = browser.form("/register/client", "sign_up", &people::client_form(PHONE)).await.expect(303);
    let id = begun.location().rsplit('=').next().expect("an id").to_owned();
    let poll =
        || browser.send_raw(browser.raw("POST", "/sf/signup_state").header("sec-fetch-site", "same-origin").form(&[("signup", &id)]));
    poll().await.expect(200);
    let (answer, statements) = asked(&wire, poll()).await;
    answer.expect(200);
    // One, without a transaction: the figure of docs/delivery.md#polling.
    assert_eq!(statements.len(), 1, "{statements:#?}");
    assert!(statements[0].starts_with("select ") && !statements[0].contains("for update"), "it writes and locks nothing: {statements:#?}");
    let code = app.code_to(PHONE).await;
    browser.form("/register/client", "prove_code", &[("code", &code)]).await.expect(303);
    let own = || {
        browser.send_raw(browser.raw("POST", "/sf/signup_state").header("sec-fetch-site", "same-origin").form(&[("signup", "own-phone")]))
    };
    own().await.expect(200);
    let (answer, statements) = asked(&wire, own()).await;
    answer.expect(200);
    assert_eq!(statements.len(), 1, "{statements:#?}");
    // Who holds nothing costs nothing.
    let stranger = app.anonymous();
    let ask = stranger.raw("POST", "/sf/signup_state").header("sec-fetch-site", "same-origin").form(&[("signup", id.as_str())]);
    let (answer, statements) = asked(&wire, stranger.send_raw(ask)).await;
    answer.expect(200);
    assert_eq!(statements, [""; 0]);
}
