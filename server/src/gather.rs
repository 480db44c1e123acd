//! One statement for the questions of several requests. While one is on its way, those that come meanwhile gather, and the next statement
//! asks for all of them: under load the database reads ten sessions by one statement instead of ten.
//!
//! ```text
//!   find(key) ─► waits among the others ─► gets one of two permits ─► asks for all that wait ─► tells each its answer
//!                       └─ or is told by somebody who had a permit before
//! ```
//!
//! A question is never answered by a statement that had begun before it was asked, so that what ended a moment ago is seen. Who asks for
//! the others is one of them: the statement belongs to its request, as any other. If its client leaves, the others ask again.

use std::mem;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::Semaphore;
use tokio::sync::oneshot::{Receiver, Sender, channel};

/// Statements on their way at once.
const AT_ONCE: usize = 2;
/// Questions in a statement.
const MOST: usize = 64;

/// What the statement of a question answered: nothing, if there is no such row; an error is everybody's.
pub type Answer<V> = Result<Option<V>, Arc<sqlx::Error>>;

struct Waiting<K, V> {
    key: K,
    tell: Sender<Answer<V>>,
}

/// Where questions of one kind gather.
pub struct Gather<K, V> {
    waiting: Mutex<Vec<Waiting<K, V>>>,
    asking: Semaphore,
}

impl<K, V> Default for Gather<K, V> {
    fn default() -> Self {
        Self { waiting: Mutex::default(), asking: Semaphore::new(AT_ONCE) }
    }
}

impl<K: Clone + PartialEq, V: Clone> Gather<K, V> {
    /// The row of a key; `ask` gives the rows of several keys, each with its own.
    pub async fn find<A>(&self, key: &K, ask: impl Fn(Vec<K>) -> A) -> Answer<V>
    where
        A: Future<Output = Result<Vec<(K, V)>, sqlx::Error>>,
    {
        let mut told = self.wait(key);
        loop {
            tokio::select! {
                biased;
                answer = &mut told => match answer {
                    Ok(answer) => return answer,
                    // Who asked for us has gone.
                    Err(_) => told = self.wait(key),
                },
                permit = self.asking.acquire() => {
                    let asked = self.next();
                    if asked.is_empty() {
                        // Somebody asks for us already.
                        drop(permit);
                        match (&mut told).await {
                            Ok(answer) => return answer,
                            Err(_) => told = self.wait(key),
                        }
                        continue;
                    }
                    let found = ask(asked.iter().map(|waiting| waiting.key.clone()).collect()).await.map_err(Arc::new);
                    drop(permit);
                    for Waiting { key, tell } in asked {
                        let answer = found.as_ref().map(|rows| rows.iter().find(|(of, _)| *of == key).map(|(_, row)| row.clone()));
                        // Its client may have left.
                        tell.send(answer.map_err(Arc::clone)).ok();
                    }
                }
            }
        }
    }

    fn wait(&self, key: &K) -> Receiver<Answer<V>> {
        let (tell, told) = channel();
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner).push(Waiting { key: key.clone(), tell });
        told
    }

    /// Those that have waited longest, and whose clients still do.
    fn next(&self) -> Vec<Waiting<K, V>> {
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        waiting.retain(|it| !it.tell.is_closed());
        let most = waiting.len().min(MOST);
        let rest = waiting.split_off(most);
        mem::replace(&mut waiting, rest)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use tokio::sync::Notify;

    /// Squares of even numbers, asked for as a database would be.
    #[derive(Default)]
    struct Squares {
        gather: Gather<u32, u32>,
        statements: AtomicUsize,
        /// Statements wait for it.
        gate: Option<Notify>,
    }

    impl Squares {
        async fn of(&self, n: u32) -> Answer<u32> {
            let ask = async |keys: Vec<u32>| {
                self.statements.fetch_add(1, Ordering::Relaxed);
                if let Some(gate) = &self.gate {
                    gate.notified().await;
                }
                if keys.contains(&13) {
                    return Err(sqlx::Error::PoolTimedOut);
                }
                Ok(keys.into_iter().filter(|n| n % 2 == 0).map(|n| (n, n * n)).collect())
            };
            self.gather.find(&n, ask).await
        }
    }

    #[tokio::test]
    async fn a_question_alone_is_asked_at_once() {
        let squares = Squares::default();
        assert_eq!(squares.of(4).await.expect("an answer"), Some(16));
        assert_eq!(squares.of(5).await.expect("an answer"), None);
        assert_eq!(squares.statements.load(Ordering::Relaxed), 2);
    }

    #[tokio::test]
    async fn those_that_come_meanwhile_are_asked_together_and_each_gets_its_own() {
        let squares = Arc::new(Squares { gate: Some(Notify::new()), ..Squares::default() });
        let asking: Vec<_> = (0..100)
            .map(|n| {
                tokio::spawn({
                    let squares = squares.clone();
                    async move { squares.of(n).await }
                })
            })
            .collect();
        for _ in 0..10 {
            tokio::task::yield_now().await;
            squares.gate.as_ref().expect("a gate").notify_one();
        }
        for (n, answer) in (0..).zip(asking) {
            let expected = (n % 2 == 0 && n != 13).then_some(n * n);
            let answer = answer.await.expect("no panic");
            assert!(answer.as_ref().is_ok_and(|it| *it == expected) || answer.is_err(), "{n}: {answer:?}");
        }
        assert!(squares.statements.load(Ordering::Relaxed) <= 5, "two at once, then 64 at most");
    }

    #[tokio::test]
    async fn an_error_is_told_to_all_who_asked() {
        let squares = Squares::default();
        assert!(matches!(squares.of(13).await.expect_err("an error").as_ref(), sqlx::Error::PoolTimedOut));
    }

    #[tokio::test]
    async fn who_asked_for_others_and_left_leaves_nobody_behind() {
        let squares = Arc::new(Squares { gate: Some(Notify::new()), ..Squares::default() });
        let ask = |n| {
            tokio::spawn({
                let squares = squares.clone();
                async move { squares.of(n).await }
            })
        };
        // Two hold the permits; a third gathers behind them, with a fourth.
        let (first, second) = (ask(2), ask(4));
        tokio::task::yield_now().await;
        let (third, fourth) = (ask(6), ask(8));
        tokio::task::yield_now().await;
        first.abort();
        second.abort();
        third.abort();
        let gate = squares.gate.as_ref().expect("a gate");
        let ringing = async {
            loop {
                gate.notify_one();
                tokio::task::yield_now().await;
            }
        };
        tokio::select! {
            answer = fourth => assert_eq!(answer.expect("no panic").expect("an answer"), Some(64)),
            () = ringing => {}
        }
    }
}
