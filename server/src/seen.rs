//! What a request turned out to be about: the account, for its line in the log (`http/layers/request_log.rs`), and whether the audit has
//! it already (`http/layers/attempts.rs`).
//!
//! It is local to the task that answers the request, so that no function signature has to carry it.

use std::cell::Cell;

#[derive(Default)]
struct Seen {
    account: Cell<Option<i64>>,
    noted: Cell<bool>,
}

tokio::task_local! {
    static SEEN: Seen;
}

/// Records the account of a request: that of its session, or the one that signed in. Does nothing outside a request.
pub fn account(id: i64) {
    let _ = SEEN.try_with(|seen| seen.account.set(Some(id)));
}

/// Records the account of an attempt, unless the request already has one.
pub fn account_if_unknown(id: i64) {
    let _ = SEEN.try_with(|seen| seen.account.set(seen.account.get().or(Some(id))));
}

/// The account of this request, if it is known by now.
pub fn known() -> Option<i64> {
    SEEN.try_with(|seen| seen.account.get()).ok().flatten()
}

/// Records that the request has a row in the audit, or counts in one.
pub fn noted() {
    let _ = SEEN.try_with(|seen| seen.noted.set(true));
}

/// Whether the request has a row in the audit, or counts in one.
pub fn is_noted() -> bool {
    SEEN.try_with(|seen| seen.noted.get()).unwrap_or_default()
}

/// Answers a request and returns the recorded account.
pub async fn while_answering<T>(answering: impl Future<Output = T>) -> (T, Option<i64>) {
    SEEN.scope(Seen::default(), async {
        let answer = answering.await;
        (answer, known())
    })
    .await
}
