//! One hashing thread per core, each with the memory of its hashes.
//!
//! They are niced, so that a flood of sign-ins leaves the processor to whatever answers other requests. They return their
//! memory when they have had nothing to do for a while. Rejected: tokio's blocking threads. A hash ran on any of them, and
//! the allocator kept the 19 MiB of each in another arena: 465 MB after a flood, and they stayed.

use super::argon2id::{Argon2id, Cost};
use crate::fault::Fault;
use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::oneshot;

/// A thread without work for this long returns its memory.
const MEMORY_KEPT: Duration = Duration::from_secs(5);
/// How much a hashing thread yields to the others of the program. At 5 it gets a quarter of a contended core.
#[cfg(target_os = "linux")]
const NICENESS: i32 = 5;

type Work = Box<dyn FnOnce(&mut Argon2id) + Send>;

/// The threads. Clones share them; they end with the last clone.
#[derive(Clone)]
pub(super) struct HashingThreads {
    owner: Arc<Owner>,
}

struct Owner(Arc<Queue>);

#[derive(Default)]
struct Queue {
    waiting: Mutex<Waiting>,
    changed: Condvar,
}

#[derive(Default)]
struct Waiting {
    work: VecDeque<Work>,
    closed: bool,
}

impl Queue {
    fn lock(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits for work. `None`: there will be no more.
    fn next(&self, engine: &mut Argon2id) -> Option<Work> {
        let mut waiting = self.lock();
        loop {
            if let Some(work) = waiting.work.pop_front() {
                return Some(work);
            }
            if waiting.closed {
                return None;
            }
            if engine.keeps_memory() {
                let (guard, elapsed) = self.changed.wait_timeout(waiting, MEMORY_KEPT).unwrap_or_else(PoisonError::into_inner);
                waiting = guard;
                if elapsed.timed_out() && waiting.work.is_empty() {
                    engine.return_memory();
                }
            } else {
                waiting = self.changed.wait(waiting).unwrap_or_else(PoisonError::into_inner);
            }
        }
    }
}

impl HashingThreads {
    pub(super) fn start(count: usize, cost: Cost) -> Result<Self, Fault> {
        let queue = Arc::<Queue>::default();
        let owner = Arc::new(Owner(queue.clone()));
        for number in 0..count {
            let queue = queue.clone();
            std::thread::Builder::new()
                .name(format!("hash-{number}"))
                .spawn(move || work_on(&queue, cost))
                .map_err(|error| Fault::PasswordHash(error.to_string()))?;
        }
        Ok(Self { owner })
    }

    /// Runs work on one of the threads. It is done even if nobody waits for the answer any more.
    pub(super) async fn run<T: Send + 'static>(&self, work: impl FnOnce(&mut Argon2id) -> T + Send + 'static) -> Result<T, Fault> {
        let (answer, answered) = oneshot::channel();
        let Owner(queue) = &*self.owner;
        queue.lock().work.push_back(Box::new(move |engine| drop(answer.send(work(engine)))));
        queue.changed.notify_one();
        answered.await.map_err(|_| Fault::PasswordHash("the work panicked".to_owned()))
    }
}

impl Drop for Owner {
    fn drop(&mut self) {
        self.0.lock().closed = true;
        self.0.changed.notify_all();
    }
}

fn work_on(queue: &Queue, cost: Cost) {
    // Of this thread alone, as Linux has it. Without it nothing is lost but the other requests' precedence.
    #[cfg(target_os = "linux")]
    let _ = rustix::process::nice(NICENESS);
    let mut engine = Argon2id::new(cost);
    while let Some(work) = queue.next(&mut engine) {
        // The panic is logged by the hook. Whoever waits gets a fault, and the thread goes on.
        if catch_unwind(AssertUnwindSafe(|| work(&mut engine))).is_err() {
            engine.return_memory();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const COST: Cost = Cost { memory_kib: 64, passes: 1, lanes: 1 };

    #[tokio::test]
    async fn a_thread_survives_work_that_panics() {
        let threads = HashingThreads::start(1, COST).expect("a thread");
        assert!(threads.run(|_| panic!("on purpose")).await.is_err());
        assert_eq!(threads.run(|_| 7).await.expect("an answer"), 7);
    }

    #[tokio::test]
    async fn the_work_given_is_done_and_the_threads_end_with_their_last_owner() {
        let threads = HashingThreads::start(2, COST).expect("threads");
        let queue = Arc::downgrade(&threads.owner.0);
        let (done, told) = oneshot::channel();
        let given = threads.clone();
        // Given up at once; the work has been queued by then.
        tokio::select! {
            biased;
            _ = given.run(move |_| done.send(())) => {}
            () = std::future::ready(()) => {}
        }
        drop((threads, given));
        told.await.expect("it was done");
        while queue.strong_count() > 0 {
            tokio::task::yield_now().await;
        }
    }

    #[tokio::test]
    async fn a_thread_without_work_returns_its_memory() {
        let threads = HashingThreads::start(1, COST).expect("a thread");
        let keeps = async || threads.run(|engine| engine.keeps_memory()).await.expect("an answer");
        threads.run(|engine| engine.hash(b"Umbrella#92x")).await.expect("an answer").expect("a hash");
        assert!(keeps().await, "the next hash has its memory ready");
        tokio::time::sleep(MEMORY_KEPT + Duration::from_secs(1)).await;
        assert!(!keeps().await);
    }
}
