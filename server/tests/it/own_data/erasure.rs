//! After an erasure nothing in the database tells of the person (SPEC §13 "Deletion"): every table is asked, as the schema has them, and
//! every row is searched.

use super::deletion::erase;
use crate::support::carrier::{Answer as Said, Carrier};
use crate::support::dump::{as_written_now, every_row, hex};
use crate::support::people::{CPF, EMAIL, OTHER_EMAIL, PASSWORD, PHONE, WRONG_PASSWORD};
use crate::support::pictures::picture;
use crate::support::{TestApp, sealer_of};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use image::ImageFormat;
use serde_json::json;
use server::janitor;
use server::services::support::operator;
use sqlx::AssertSqlSafe;
use time::Duration;

const USER_AGENT: &str = "Navegador-da-Ana/7";
const FORMER: &str = "antes@example.com";

/// Every row, after the name of its table.
async fn dump(app: &TestApp) -> Vec<String> {
    every_row(app).await.into_iter().map(|(table, row)| format!("{table} {row}")).collect()
}

/// Every column that holds the number of an account: by its foreign key, or by its name.
async fn references(app: &TestApp) -> Vec<(String, String)> {
    sqlx::query_as(
        "select distinct kcu.table_name::text, kcu.column_name::text from information_schema.table_constraints tc \
         join information_schema.key_column_usage kcu using (constraint_schema, constraint_name) \
         join information_schema.constraint_column_usage ccu using (constraint_schema, constraint_name) \
         where tc.constraint_type = 'FOREIGN KEY' and ccu.table_name = 'accounts' \
         union select table_name::text, column_name::text from information_schema.columns \
         where table_schema = 'public' and (column_name like '%account%' or column_name like '%holder%') and data_type = 'bigint' \
         union select 'accounts', 'id'",
    )
    .fetch_all(&app.pool)
    .await
    .expect("references")
}

/// A person who has used everything. Returns the number of the account.
async fn person(app: &TestApp) -> i64 {
    let mut ana = app.client_with(PHONE, FORMER).await;
    ana = ana.header("user-agent", USER_AGENT);
    let id = ana.profile().await["id"].as_i64().expect("a number");
    ana.give_document("cpf", CPF).await;
    ana.give_email(EMAIL).await;
    ana.change(json!({ "profilePicture": STANDARD.encode(picture(64, 64, ImageFormat::Png)) })).await.expect(200);
    ana.method("POST", "/api/auth/account/export").await.expect(200);
    let browser = app.anonymous().header("user-agent", USER_AGENT);
    browser.form("/login", "sign_in", &[("identifier", EMAIL), ("password", PASSWORD)]).await.expect(303);
    for identifier in [EMAIL, PHONE, CPF] {
        app.login(identifier, WRONG_PASSWORD).await.expect(401);
    }
    app.post("/api/auth/login/code", json!({ "phone": PHONE })).await.expect(202);
    app.post("/api/auth/login/code/verify", json!({ "phone": PHONE, "code": "000000" })).await;
    app.post("/api/auth/recovery", json!({ "document": CPF })).await.expect(200);
    app.post("/api/auth/recovery/verify", json!({ "document": CPF, "code": "000000" })).await;
    app.post("/api/auth/forgot-password", json!({ "email": EMAIL })).await.expect(202);
    app.post("/api/auth/register/client", json!({ "fullName": "Mallory", "phone": PHONE })).await.expect(409);
    app.messages().await;
    id
}

/// Expects that nothing is left of the person.
async fn expect_gone(app: &TestApp, id: i64, traces: &[String]) {
    for (table, column) in references(app).await {
        // Products are told by its number that the account is gone, and nothing else.
        let but = if table == "webhook_deliveries" { " and status <> 'queued'" } else { "" };
        let query = format!("select count(*) from {table} where {column} = {id}{but}");
        let left: i64 = sqlx::query_scalar(AssertSqlSafe(query)).fetch_one(&app.pool).await.expect("a count");
        assert_eq!(left, 0, "{table}.{column}");
    }
    let rows = dump(app).await;
    assert!(rows.len() > 20, "somebody else is still there");
    for trace in traces {
        let found = rows.iter().find(|row| row.contains(&trace.to_lowercase()));
        assert!(found.is_none(), "{trace} stands in {found:?}");
    }
}

/// What would tell of the person: in plain, as bytes, and under every keyed index.
async fn traces(app: &TestApp, id: i64) -> Vec<String> {
    let sealer = sealer_of(&app.pool).await;
    let plain = ["Ana Souza", EMAIL, FORMER, PHONE, &PHONE[1..], "11987654321", CPF, "52998224725", USER_AGENT];
    let mut traces: Vec<String> = plain.iter().flat_map(|it| [(*it).to_owned(), hex(it.as_bytes())]).collect();
    let number = id.to_string();
    for value in [EMAIL, FORMER, PHONE, &PHONE[3..], "52998224725", &number, &format!("id:{number}")] {
        traces.extend(as_written_now(&sealer, value));
    }
    traces.push(hex(&id.to_be_bytes()));
    traces
}

#[tokio::test]
async fn fourteen_days_later_no_table_tells_of_the_person() {
    let receiver = Carrier::start(|_| Said::json(500, json!({}))).await;
    let file = format!(
        "[[webhooks]]\nurl = \"{}\"\nsecret = \"whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw\"\nevents = [\"account.deleted\"]\n",
        receiver.url
    );
    let app = TestApp::start_with_file(&file).await;
    app.ignore_messages();
    let other = app.teacher_at(OTHER_EMAIL).await;
    let other_id = other.profile().await["id"].clone();
    // Somebody else wanted the address and the phone before, and never entered the codes.
    let client = app.client_with("+5531987650009", "carol@example.com").await;
    client.change(json!({ "fullName": "Carol Lima" })).await.expect(200);
    client.post("/api/auth/profile/email", json!({ "email": EMAIL })).await.expect(202);
    other.post("/api/auth/profile/phone", json!({ "phone": PHONE })).await.expect(202);
    app.messages().await;
    app.advance(Duration::minutes(1));
    let id = person(&app).await;
    let traces = traces(&app, id).await;
    let before = dump(&app).await;
    assert_eq!(app.count("select count(*) from accounts where wanted_email = 'ana@example.com'").await, 1);
    // The search finds what it looks for while it is there.
    let sealer = sealer_of(&app.pool).await;
    let hash = |scope: &str, value: &str| hex(&sealer.found(scope, value));
    let hashes = [hash("destination.email", EMAIL), hash("accounts.phone", PHONE), hash("recovery.document", "52998224725")];
    for trace in [EMAIL.to_owned(), hex(&id.to_be_bytes())].iter().chain(&hashes) {
        assert!(before.iter().any(|row| row.contains(trace)), "{trace}");
    }
    let ana = app.sign_in(EMAIL, PASSWORD).await;
    ana.method("POST", "/api/auth/account/deletion").await.expect(202);
    app.messages().await;
    app.advance(Duration::days(14) - Duration::minutes(5));
    // Of the last minutes: tallies, and messages that wait to be handed over.
    app.login(EMAIL, WRONG_PASSWORD).await.expect(401);
    app.post("/api/auth/login/code", json!({ "phone": PHONE })).await.expect(202);
    assert_eq!(app.count("select count(*) from webhook_deliveries").await, 0, "nothing is told before it is done");
    app.advance(Duration::minutes(5));
    assert_eq!(erase(&app).await, 1);
    expect_gone(&app, id, &traces).await;
    assert_eq!(app.count("select count(*) from webhook_deliveries where event = 'account.deleted'").await, 1);
    // What the law wants is kept: that somebody signed in then, from there.
    assert!(
        app.count("select count(*) from audit where account_id is null and event = 'authn_login_success' and outcome = 'ok'").await > 1
    );
    assert_eq!(app.count("select count(*) from audit where event = 'account_erased'").await, 1);
    // Nobody else lost anything, and whoever has the phone next gets nothing of the person before.
    assert_eq!(app.sign_in(OTHER_EMAIL, PASSWORD).await.profile().await["id"], other_id);
    let sent = app.messages_to(PHONE).await.len();
    let anew = app.whoever_got(&app.proved_client(PHONE).await);
    assert_eq!(app.messages_to(PHONE).await.len(), sent + 1, "the code of the new sign-up alone");
    let file = anew.method("POST", "/api/auth/account/export").await.expect(200).json();
    assert_eq!(file["messages"].as_array().map(Vec::len), Some(1), "{file}");
}

#[tokio::test]
async fn an_operator_erases_by_the_same_path() {
    let app = TestApp::start().await;
    app.ignore_messages();
    app.teacher_at(OTHER_EMAIL).await;
    let id = person(&app).await;
    let traces = traces(&app, id).await;
    app.service.delete_account(&operator("delete"), id).await.expect("deleted");
    expect_gone(&app, id, &traces).await;
    app.login(EMAIL, PASSWORD).await.expect(401);
}

#[tokio::test]
async fn what_names_an_address_replaced_long_ago_goes_too_and_its_next_owner_keeps_what_is_theirs() {
    let app = TestApp::start().await;
    app.ignore_messages();
    let ana = app.client_with(PHONE, FORMER).await;
    ana.give_email(EMAIL).await;
    let id = app.count("select id from accounts").await;
    app.advance(Duration::days(20));
    janitor::sweep(&app.pool, &[], app.now()).await.expect("swept");
    assert_eq!(app.count("select count(*) from account_changes").await, 0, "the address itself is forgotten");
    app.login(FORMER, WRONG_PASSWORD).await.expect(401);
    let trace = hex(&sealer_of(&app.pool).await.found("login.identifier", FORMER));
    let named = async || dump(&app).await.into_iter().filter(|row| row.starts_with("audit ") && row.contains(&trace)).count();
    assert!(named().await > 0);
    // Somebody else has the address by now, and tries a wrong password.
    app.teacher_at(FORMER).await;
    app.login(FORMER, WRONG_PASSWORD).await.expect(401);
    let theirs = async || {
        app.count("select count(*) from audit join accounts on accounts.id = account_id where kind = 'professor' and user_agent <> ''")
            .await
    };
    let before = theirs().await;
    assert!(before > 0);
    app.service.delete_account(&operator("delete"), id).await.expect("deleted");
    assert_eq!(named().await, 0);
    assert_eq!(app.count("select count(*) from former_contacts").await, 0);
    assert_eq!(theirs().await, before, "nobody else's audit is touched");
}

#[tokio::test]
async fn an_account_with_more_audit_than_one_statement_takes_goes_whole() {
    let app = TestApp::start().await;
    app.ignore_messages();
    let teacher = app.teacher().await;
    sqlx::query(
        "insert into audit (id, at, event, outcome, account_id, address, user_agent) \
         select gen_random_uuid(), $1, 'session_renewed', 'ok', id, '203.0.113.7', 'x' from generate_series(1, 1300), accounts",
    )
    .bind(app.now())
    .execute(&app.pool)
    .await
    .expect("rows");
    teacher.method("POST", "/api/auth/account/deletion").await.expect(202);
    app.advance(Duration::days(14));
    assert_eq!(erase(&app).await, 1);
    assert_eq!(app.count("select count(*) from audit where account_id is not null").await, 0);
    assert_eq!(app.count("select count(*) from audit where event = 'session_renewed' and address = '203.0.113.7'").await, 1300);
}
