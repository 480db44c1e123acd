//! Row locks that a test holds, so that concurrent requests run in a known order.

use super::TestApp;
use sqlx::{Postgres, Transaction};

/// Locks the rows of all accounts. A request that wants to write one waits after it has read it.
pub async fn hold(app: &TestApp) -> Transaction<'static, Postgres> {
    let mut held = app.pool.begin().await.expect("a transaction");
    sqlx::query("select id from accounts for update").execute(&mut *held).await.expect("the rows");
    held
}

/// Waits until this many requests wait for a lock. Postgres grants it in the order of the requests.
pub async fn until_waiting(app: &TestApp, requests: i64) {
    let waiting = "select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'";
    let all_wait = async {
        while app.count(waiting).await < requests {
            tokio::time::sleep(std::time::Duration::from_millis(10)).await;
        }
    };
    tokio::time::timeout(std::time::Duration::from_secs(30), all_wait).await.expect("all of them wait");
}
