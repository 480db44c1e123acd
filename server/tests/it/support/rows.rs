//! Rows that a test holds, so that what happens at once happens in an order that it knows.

use super::TestApp;
use sqlx::{Postgres, Transaction};

/// Holds the rows of all accounts: whoever is about to write one waits, and has read it before.
pub async fn hold(app: &TestApp) -> Transaction<'static, Postgres> {
    let mut held = app.pool.begin().await.expect("a transaction");
    sqlx::query("select id from accounts for update").execute(&mut *held).await.expect("the rows");
    held
}

/// Until so many requests wait for a row; they get it in the order in which they came.
pub async fn until_waiting(app: &TestApp, requests: i64) {
    let waiting = "select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'";
    let all_wait = async {
        while app.count(waiting).await < requests {
            tokio::time::sleep(std::time::Duration::from_millis(10)).await;
        }
    };
    tokio::time::timeout(std::time::Duration::from_secs(30), all_wait).await.expect("all of them wait");
}
