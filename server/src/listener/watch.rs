//! Who has to act next on a connection, and until when.
//!
//! | state | waits for | until |
//! |---|---|---|
//! | no request yet | the client | 10 s after the accept; with a whole HTTP/2 preface 60 s |
//! | a body is being read | the client | decided by the code that reads it |
//! | a response is being made | us | no limit here |
//! | a response is being sent | the client | as long as it moves ([`Pace`]) |
//! | between requests | the client | 60 s; 10 s after the first byte of the next HTTP/1 head |

use super::timeouts::{ClientTimeouts, Pace};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::Notify;
use tokio::time::{Instant, sleep_until};

/// The first bytes of an HTTP/2 client (RFC 9113 §3.4).
const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

/// Where a request stands.
#[derive(Debug, Clone, Copy)]
enum Stage {
    /// Its body is arriving.
    Receiving,
    /// The client waits for us: for the response, or for its next piece.
    Working,
    /// Its response is being sent.
    Sending(Pace),
}

#[derive(Debug)]
struct State {
    accepted: Instant,
    /// How many bytes of [`PREFACE`] arrived; `None` if something else did.
    preface: Option<usize>,
    /// When the last response was done; `None` before the first.
    idle: Option<Instant>,
    /// When the first byte after that arrived.
    next: Option<Instant>,
    requests: Vec<(u64, Stage)>,
    count: u64,
    /// Set while written data waits for the client to accept it.
    blocked: Option<Pace>,
    evicted: bool,
}

impl State {
    /// When to end this connection if nothing changes; `None` if never.
    fn deadline(&self, timeouts: &ClientTimeouts) -> Option<Instant> {
        let sending = self.requests.iter().filter_map(|(_, stage)| match stage {
            Stage::Sending(pace) => Some(pace),
            Stage::Receiving | Stage::Working => None,
        });
        let slow = sending.chain(&self.blocked).map(|pace| pace.ends(timeouts)).min();
        if self.evicted {
            return Some(self.accepted);
        }
        if !self.requests.is_empty() || self.blocked.is_some() {
            return slow;
        }
        let http2 = self.preface == Some(PREFACE.len());
        Some(match (self.idle, self.next) {
            (None, _) => self.accepted + if http2 { timeouts.preface } else { timeouts.head },
            (Some(_), Some(first)) if !http2 => first + timeouts.head,
            (Some(since), _) => since + timeouts.idle,
        })
    }
}

/// How dispensable a connection is; the first variant is evicted first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Idleness {
    /// It has sent no request yet.
    Silent,
    /// It is between requests.
    Idle,
    /// Its client is slow: a body or an answer is under way.
    Slow,
}

/// The watch over one connection.
#[derive(Debug)]
pub(super) struct Watch {
    timeouts: ClientTimeouts,
    state: Mutex<State>,
    changed: Notify,
}

impl Watch {
    /// Starts the clock. To be called at the accept.
    pub fn new(timeouts: ClientTimeouts) -> Self {
        let state = State {
            accepted: Instant::now(),
            preface: Some(0),
            idle: None,
            next: None,
            requests: Vec::new(),
            count: 0,
            blocked: None,
            evicted: false,
        };
        Self { timeouts, state: Mutex::new(state), changed: Notify::new() }
    }

    pub const fn timeouts(&self) -> ClientTimeouts {
        self.timeouts
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Returns when the connection is to be ended.
    pub async fn end(&self) {
        loop {
            let deadline = self.state().deadline(&self.timeouts);
            match deadline {
                Some(deadline) if deadline <= Instant::now() => return,
                Some(deadline) => tokio::select! {
                    () = sleep_until(deadline) => {}
                    () = self.changed.notified() => {}
                },
                None => self.changed.notified().await,
            }
        }
    }

    /// Ends the connection, because its slot is needed.
    pub fn evict(&self) {
        self.state().evicted = true;
        self.changed.notify_one();
    }

    /// How dispensable the connection is; `None` while the client waits for us, or if it was already evicted.
    pub fn idleness(&self) -> Option<Idleness> {
        let state = self.state();
        if state.evicted || state.requests.iter().any(|(_, stage)| matches!(stage, Stage::Working)) {
            None
        } else if !state.requests.is_empty() || state.blocked.is_some() {
            Some(Idleness::Slow)
        } else if state.idle.is_some() {
            Some(Idleness::Idle)
        } else {
            Some(Idleness::Silent)
        }
    }

    /// Records bytes from the client.
    pub fn read(&self, bytes: &[u8]) {
        let mut state = self.state();
        if state.idle.is_none()
            && let Some(came) = state.preface
            && came < PREFACE.len()
        {
            let most = bytes.len().min(PREFACE.len() - came);
            state.preface = (bytes[..most] == PREFACE[came..came + most]).then_some(came + most);
        }
        if state.requests.is_empty() && state.idle.is_some() && state.next.is_none() {
            state.next = Some(Instant::now());
        }
        self.changed.notify_one();
    }

    /// Records that the client accepts no more data.
    pub fn write_blocked(&self) {
        let mut state = self.state();
        if state.blocked.is_none() {
            state.blocked = Some(Pace::begin(Instant::now()));
            self.changed.notify_one();
        }
    }

    /// Records that the client accepted bytes.
    pub fn wrote(&self, bytes: usize) {
        if let Some(pace) = &mut self.state().blocked {
            pace.moved(bytes, Instant::now());
        }
    }

    /// Records that the client accepted everything.
    pub fn flushed(&self) {
        let mut state = self.state();
        if state.blocked.take().is_some() {
            if let Some(idle) = &mut state.idle {
                *idle = Instant::now();
            }
            self.changed.notify_one();
        }
    }

    fn set(&self, id: u64, change: impl FnOnce(&mut Stage)) {
        if let Some((_, stage)) = self.state().requests.iter_mut().find(|(request, _)| *request == id) {
            change(stage);
        }
        self.changed.notify_one();
    }
}

/// One request, until its response was sent.
pub(super) struct Exchange {
    watch: Arc<Watch>,
    id: u64,
}

impl Exchange {
    /// To be called when a head has arrived. `whole`: no body follows.
    pub fn begin(watch: Arc<Watch>, whole: bool) -> Self {
        let id = {
            let mut state = watch.state();
            state.count += 1;
            state.next = None;
            let id = state.count;
            state.requests.push((id, if whole { Stage::Working } else { Stage::Receiving }));
            id
        };
        watch.changed.notify_one();
        Self { watch, id }
    }

    /// The handle that the request's body holds.
    pub fn question(&self) -> Asked {
        Asked { watch: self.watch.clone(), id: self.id }
    }

    /// Records how many bytes of the response are ready to be sent. `None`: there are none, and the client waits for us.
    pub fn sent(&self, bytes: Option<usize>) {
        let now = Instant::now();
        self.watch.set(self.id, |stage| {
            let Some(bytes) = bytes else {
                *stage = Stage::Working;
                return;
            };
            let mut pace = match *stage {
                Stage::Sending(pace) => pace,
                Stage::Receiving | Stage::Working => Pace::begin(now),
            };
            pace.moved(bytes, now);
            *stage = Stage::Sending(pace);
        });
    }
}

impl Drop for Exchange {
    fn drop(&mut self) {
        let mut state = self.watch.state();
        state.requests.retain(|(id, _)| *id != self.id);
        state.idle = Some(Instant::now());
        drop(state);
        self.watch.changed.notify_one();
    }
}

/// Held by the body of a request. Dropping it means that the body has arrived.
pub(super) struct Asked {
    watch: Arc<Watch>,
    id: u64,
}

impl Drop for Asked {
    fn drop(&mut self) {
        self.watch.set(self.id, |stage| {
            if matches!(stage, Stage::Receiving) {
                *stage = Stage::Working;
            }
        });
    }
}
