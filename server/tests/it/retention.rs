//! How long rows are kept (SPEC §13 "Retention"), and how they are swept.

use crate::support::TestApp;
use crate::support::people::{EMAIL, PASSWORD, PHONE};
use portaria::retention::{Facts, Kept};
use serde_json::json;
use server::db::retention::{self, Act, LOCK, RULES};
use server::janitor;
use sqlx::{Connection, Row};
use time::Duration;

async fn sweep(app: &TestApp) {
    janitor::sweep(&app.pool, &[], app.now()).await.expect("swept");
}

#[tokio::test]
async fn the_audit_is_kept_for_half_a_year() {
    let app = TestApp::start().await;
    app.proved_teacher(EMAIL).await;
    let rows = app.count("select count(*) from audit").await;
    app.advance(Duration::days(180));
    sweep(&app).await;
    assert_eq!(app.count("select count(*) from audit").await, rows);
    app.advance(Duration::days(5));
    sweep(&app).await;
    assert_eq!(app.count("select count(*) from audit").await, 0);
}

#[tokio::test]
async fn a_session_goes_thirty_days_after_its_end_with_its_refresh_tokens() {
    let app = TestApp::start().await;
    app.proved_teacher(EMAIL).await;
    let access = app.login(EMAIL, PASSWORD).await.expect(200).json()["accessToken"].as_str().expect("a token").to_owned();
    app.login(EMAIL, PASSWORD).await.expect(200);
    app.anonymous().bearer(&access).post("/api/auth/logout", serde_json::json!({})).await.expect(200);
    app.advance(Duration::days(29));
    sweep(&app).await;
    assert_eq!(app.count("select count(*) from sessions").await, 2);
    // The other session expires by itself, a day later.
    app.advance(Duration::days(1) + Duration::hours(1));
    sweep(&app).await;
    assert_eq!((app.count("select count(*) from sessions").await, app.count("select count(*) from refresh_tokens").await), (1, 1));
    app.advance(Duration::days(1));
    sweep(&app).await;
    assert_eq!((app.count("select count(*) from sessions").await, app.count("select count(*) from refresh_tokens").await), (0, 0));
}

#[tokio::test]
async fn who_comes_from_elsewhere_after_the_sessions_were_swept_is_told_of_and_the_known_device_is_not() {
    let app = TestApp::start().await;
    app.proved_teacher(EMAIL).await;
    app.login(EMAIL, PASSWORD).await.expect(200);
    let before = app.messages_to(EMAIL).await.len();
    app.advance(Duration::days(70));
    sweep(&app).await;
    assert_eq!(app.count("select count(*) from sessions").await, 0);
    // The captured messages of development were swept too, so that any notice now would be a new one.
    app.login(EMAIL, PASSWORD).await.expect(200);
    assert!(before > 0 && app.messages_to(EMAIL).await.is_empty());
    let elsewhere = app.anonymous().header("user-agent", "okhttp/5.0");
    elsewhere.post("/api/auth/login", json!({ "email": EMAIL, "password": PASSWORD })).await.expect(200);
    let told = app.messages_to(EMAIL).await;
    assert_eq!(told.len(), 1, "{told:?}");
}

#[tokio::test]
async fn an_account_that_nothing_was_proved_of_goes_a_week_after_its_last_proof_lapsed() {
    let app = TestApp::start().await;
    app.pending_teacher(EMAIL).await;
    app.messages().await;
    app.proved_client(PHONE).await;
    app.advance(Duration::days(7) + Duration::hours(23));
    sweep(&app).await;
    assert_eq!(app.count("select count(*) from accounts").await, 2);
    app.advance(Duration::hours(2));
    sweep(&app).await;
    assert_eq!(app.count("select count(*) from accounts").await, 1, "the one that is proved stays");
    assert_eq!(app.count("select count(*) from accounts where phone_proved_at is null").await, 0);
    assert_eq!(app.count("select count(*) from verifications where purpose = 'email_link'").await, 0);
}

#[tokio::test]
async fn a_message_is_kept_for_thirty_days_without_content() {
    let app = TestApp::start().await;
    app.proved_teacher(EMAIL).await;
    app.advance(Duration::days(29));
    sweep(&app).await;
    assert_eq!(app.count("select count(*) from outbox").await, 1);
    assert_eq!(app.count("select count(*) from outbox where octet_length(content) + octet_length(recipient) > 0").await, 0);
    app.advance(Duration::days(2));
    sweep(&app).await;
    assert_eq!(app.count("select count(*) from outbox").await, 0);
}

#[tokio::test]
async fn what_cannot_be_swept_stops_nothing_else() {
    let app = TestApp::start().await;
    app.proved_teacher(EMAIL).await;
    sqlx::query("alter table audit rename to elsewhere").execute(&app.pool).await.expect("renamed");
    app.advance(Duration::days(40));
    let failed = janitor::sweep(&app.pool, &[], app.now()).await.expect_err("one is not there");
    assert_eq!(failed.iter().map(|(table, _)| *table).collect::<Vec<_>>(), ["audit"]);
    assert_eq!(app.count("select count(*) from outbox").await, 0, "the rules after it were applied");
}

#[tokio::test]
async fn one_node_sweeps_at_a_time() {
    let app = TestApp::start().await;
    app.proved_teacher(EMAIL).await;
    app.advance(Duration::days(200));
    let mut other = app.pool.acquire().await.expect("a connection");
    let mut sweeping = other.begin().await.expect("a transaction");
    sqlx::query("select pg_advisory_xact_lock($1)").bind(LOCK).execute(&mut *sweeping).await.expect("the lock");
    sweep(&app).await;
    assert!(app.count("select count(*) from audit").await > 0, "the other one is at it");
    sweeping.rollback().await.expect("ended");
    sweep(&app).await;
    assert_eq!(app.count("select count(*) from audit").await, 0);
}

#[tokio::test]
async fn more_rows_than_one_statement_takes_go_in_several() {
    let app = TestApp::start().await;
    sqlx::query("insert into tallies (scope, key, forget_at) select 'x', int4send(n), $1 from generate_series(1, 1234) as n")
        .bind(app.now() - Duration::seconds(1))
        .execute(&app.pool)
        .await
        .expect("rows");
    assert_eq!(janitor::sweep(&app.pool, &[], app.now()).await.expect("swept"), 1234);
    assert_eq!(app.count("select count(*) from tallies").await, 0);
}

#[tokio::test]
async fn no_sweep_reads_a_table_from_end_to_end() {
    let app = TestApp::start().await;
    let mut conn = app.pool.acquire().await.expect("a connection");
    // A test's tables are so small that Postgres would not use an index. The plan shows whether there is one.
    sqlx::query("set enable_seqscan = off").execute(&mut *conn).await.expect("set");
    for rule in &RULES {
        let Facts { what, kept, .. } = rule.kept.facts();
        let statement = sqlx::AssertSqlSafe(format!("explain {}", rule.statement));
        let plan = sqlx::query(statement).bind(app.now() - kept).bind(500_i64).fetch_all(&mut *conn).await.expect("a plan");
        let plan: Vec<String> = plan.iter().map(|line| line.get(0)).collect();
        assert!(!plan.iter().any(|line| line.contains("Seq Scan")), "{what}: {plan:#?}");
        assert!(rule.act == Act::Elsewhere || plan.iter().any(|line| line.contains("Tid Scan")), "{what}: {plan:#?}");
        // Nor does anybody who asks how late it is.
        let statement = sqlx::AssertSqlSafe(format!("explain {}", rule.oldest));
        let plan = sqlx::query(statement).bind(app.now() - kept).fetch_all(&mut *conn).await.expect("a plan");
        let plan: Vec<String> = plan.iter().map(|line| line.get(0)).collect();
        assert!(!plan.iter().any(|line| line.contains("Seq Scan")), "{what}: {plan:#?}");
    }
}

#[test]
fn the_table_in_the_docs_is_the_one_in_force() {
    let docs = include_str!("../../../docs/limits.md");
    let days = |days: i64| if days == 1 { "1 day".to_owned() } else { format!("{days} days") };
    let lines: Vec<_> = Kept::ALL
        .iter()
        .map(|kept| {
            let Facts { table, what, kept } = kept.facts();
            let kept = match kept {
                kept if kept.is_zero() => "0".to_owned(),
                kept if kept < Duration::HOUR => format!("{} minutes", kept.whole_minutes()),
                kept => days(kept.whole_days()),
            };
            format!("| {table} | {what} | {kept} |")
        })
        .collect();
    assert!(docs.contains(&lines.join("\n")), "docs/limits.md should say:\n{}", lines.join("\n"));
}

#[test]
fn every_row_of_the_table_is_swept() {
    let swept: Vec<_> = RULES.iter().map(|rule| rule.kept).collect();
    assert_eq!(swept, Kept::ALL);
}

#[tokio::test]
async fn how_late_the_sweeps_are_is_measured() {
    let app = TestApp::start().await;
    app.proved_teacher(EMAIL).await;
    let late = async |table: &str| {
        let late = retention::lag(&app.pool, app.now()).await.expect("measured");
        late.into_iter().find(|(of, _)| *of == table).expect("the table").1
    };
    app.advance(Duration::days(183));
    assert!(late("audit").await < 60.0, "nothing is due yet");
    app.advance(Duration::hours(3));
    assert!((3.0 * 3600.0..3.0 * 3600.0 + 60.0).contains(&late("audit").await), "{}", late("audit").await);
    let metrics = app.get("/metrics").await.expect(200).text;
    assert!(metrics.lines().any(|line| line.starts_with("portaria_retention_lag_seconds{table=\"audit\"} 108")), "{metrics}");
    sweep(&app).await;
    assert!(late("audit").await < 1.0 && late("verifications").await < 1.0);
}
