//! What is learnt of a request while it is answered, for its line in the log (`http/layers/request_log.rs`): whose account it is.
//!
//! It belongs to the task that answers the request, so that nothing between the door and the database has to carry it.

use std::cell::Cell;

tokio::task_local! {
    static ACCOUNT: Cell<Option<i64>>;
}

/// Notes whose account a request is about: of a session, or of who came in. Outside of a request nobody asks.
pub fn account(id: i64) {
    let _ = ACCOUNT.try_with(|account| account.set(Some(id)));
}

/// Notes an account that an attempt was about, if whose request it is was not known before.
pub fn account_if_unknown(id: i64) {
    let _ = ACCOUNT.try_with(|account| account.set(account.get().or(Some(id))));
}

/// Answers a request, and gives the account that was noted last.
pub async fn while_answering<T>(answering: impl Future<Output = T>) -> (T, Option<i64>) {
    ACCOUNT
        .scope(Cell::new(None), async {
            let answer = answering.await;
            (answer, ACCOUNT.with(Cell::get))
        })
        .await
}
