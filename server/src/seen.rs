//! The account that a request turned out to be about, for its line in the log (`http/layers/request_log.rs`).
//!
//! It is local to the task that answers the request, so that no function signature has to carry it.

use std::cell::Cell;

tokio::task_local! {
    static ACCOUNT: Cell<Option<i64>>;
}

/// Records the account of a request: that of its session, or the one that signed in. Does nothing outside a request.
pub fn account(id: i64) {
    let _ = ACCOUNT.try_with(|account| account.set(Some(id)));
}

/// Records the account of an attempt, unless the request already has one.
pub fn account_if_unknown(id: i64) {
    let _ = ACCOUNT.try_with(|account| account.set(account.get().or(Some(id))));
}

/// The account of this request, if it is known by now.
pub fn known() -> Option<i64> {
    ACCOUNT.try_with(Cell::get).ok().flatten()
}

/// Answers a request and returns the recorded account.
pub async fn while_answering<T>(answering: impl Future<Output = T>) -> (T, Option<i64>) {
    ACCOUNT
        .scope(Cell::new(None), async {
            let answer = answering.await;
            (answer, ACCOUNT.with(Cell::get))
        })
        .await
}
