//! Admission control: one bounded, fairly shared queue before each kind of costly computation (SPEC §16; ASVS 15.2.2).
//! Password hashes and zxcvbn share one queue (`passwords.rs`), photos have another (`photos.rs`).
//!
//! ```text
//!               free, nobody waits
//!   admit ───────────────────────────────────► Permit ─► the work, on a blocking thread ─► given back: the next one
//!     │ else                                    ▲
//!     ├─► the client's lane ── its turn comes ──┘        lanes take turns: one of each, whoever waits longer
//!     └─► a quarter of the queue is the client's, half of it the network's, or it is full: Busy, nothing was tried
//! ```
//!
//! Rejected: a plain semaphore, where the client that sends most gets most, and 200 connections of one client turn
//! everybody else away. Rejected: limits per client without a queue, which refuse work that could run a moment later.

use crate::client::{Client, Network};
use portaria::accounts::Answer;
use portaria::error::Refusal;
use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::oneshot;

/// A client may fill at most this fraction of the queue: 1 / 4 (SPEC §16).
const CLIENT_PART: usize = 4;
/// A network of clients (an IPv6 /48) may fill at most this fraction: 1 / 2.
const NETWORK_PART: usize = 2;

/// The cost of one piece of work.
#[derive(Debug, Clone, Copy)]
pub struct Load {
    /// Share of what can run at once: cores, or memory.
    pub units: u32,
    /// Share of the queue while it waits.
    pub weight: usize,
}

impl Load {
    /// One unit of work, with the weight of one while it waits.
    pub const ONE: Self = Self { units: 1, weight: 1 };
}

/// The queue. Clones share it.
#[derive(Clone)]
pub struct Admission {
    state: Arc<Mutex<State>>,
    /// Total weight that may wait at once.
    queue: usize,
    /// `Retry-After` of a refusal, in seconds.
    busy: u32,
}

struct State {
    /// Units that are not in use.
    free: u32,
    waiting: usize,
    lanes: HashMap<Client, Lane>,
    networks: HashMap<Network, usize>,
    /// The order of turns. Each waiting client is listed once.
    turns: VecDeque<Client>,
    tickets: u64,
}

#[derive(Default)]
struct Lane {
    weight: usize,
    waiters: VecDeque<Waiter>,
}

struct Waiter {
    ticket: u64,
    load: Load,
    grant: oneshot::Sender<Permit>,
}

/// The right to work now. Dropping it returns its units.
pub struct Permit {
    state: Arc<Mutex<State>>,
    units: u32,
}

/// A place in the queue. Dropping it, when a request is cancelled, leaves the queue at once.
struct Ticket {
    state: Arc<Mutex<State>>,
    client: Client,
    number: u64,
}

type Granted = Vec<(oneshot::Sender<Permit>, Permit)>;

fn lock(state: &Mutex<State>) -> MutexGuard<'_, State> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Admission {
    /// A queue for `units` of work at once, in which a weight of `queue` may wait.
    pub fn new(units: u32, queue: usize, busy: u32) -> Self {
        let state = State { free: units, waiting: 0, lanes: HashMap::new(), networks: HashMap::new(), turns: VecDeque::new(), tickets: 0 };
        Self { state: Arc::new(Mutex::new(state)), queue, busy }
    }

    /// Waits for a permit. Refuses at once if too much already waits: in total, for this client, or for its network.
    ///
    /// # Errors
    /// [`Refusal::Busy`]: nothing was tried, so the caller counts nothing.
    pub async fn admit(&self, client: Client, load: Load) -> Answer<Permit> {
        let (number, granted) = {
            let mut state = lock(&self.state);
            if state.turns.is_empty() && load.units <= state.free {
                state.free -= load.units;
                return Ok(Permit { state: self.state.clone(), units: load.units });
            }
            if !state.has_room(client, load.weight, self.queue) {
                return Err(Refusal::Busy { retry_after: self.busy });
            }
            state.queue_up(client, load)
        };
        let _ticket = Ticket { state: self.state.clone(), client, number };
        granted.await.map_err(|_| Refusal::Busy { retry_after: self.busy })
    }

    /// The total weight that waits.
    pub fn waiting(&self) -> usize {
        lock(&self.state).waiting
    }
}

impl State {
    fn has_room(&self, client: Client, weight: usize, queue: usize) -> bool {
        let of_client = self.lanes.get(&client).map_or(0, |lane| lane.weight);
        let of_network = client.network().and_then(|network| self.networks.get(&network)).copied().unwrap_or(0);
        self.waiting + weight <= queue && of_client + weight <= queue / CLIENT_PART && of_network + weight <= queue / NETWORK_PART
    }

    fn queue_up(&mut self, client: Client, load: Load) -> (u64, oneshot::Receiver<Permit>) {
        let (grant, granted) = oneshot::channel();
        self.tickets += 1;
        self.waiting += load.weight;
        if let Some(network) = client.network() {
            *self.networks.entry(network).or_default() += load.weight;
        }
        let lane = self.lanes.entry(client).or_default();
        if lane.waiters.is_empty() {
            self.turns.push_back(client);
        }
        lane.weight += load.weight;
        lane.waiters.push_back(Waiter { ticket: self.tickets, load, grant });
        (self.tickets, granted)
    }

    /// Grants free units in order of turns. Work that needs more than is free is not overtaken: otherwise a large piece
    /// might never run.
    fn grant(&mut self, shared: &Arc<Mutex<Self>>) -> Granted {
        let mut granted = Vec::new();
        while let Some(client) = self.turns.front().copied() {
            let Some(waiter) = self.lanes.get_mut(&client).and_then(|lane| lane.waiters.pop_front_if(|it| it.load.units <= self.free))
            else {
                break;
            };
            self.turns.pop_front();
            self.free -= waiter.load.units;
            granted.push((waiter.grant, Permit { state: shared.clone(), units: waiter.load.units }));
            self.left(client, waiter.load.weight);
            if self.lanes.contains_key(&client) {
                self.turns.push_back(client);
            }
        }
        granted
    }

    /// Removes the weight of a client's work that no longer waits.
    fn left(&mut self, client: Client, weight: usize) {
        self.waiting -= weight;
        if let Some(lane) = self.lanes.get_mut(&client) {
            lane.weight -= weight;
            if lane.waiters.is_empty() {
                self.lanes.remove(&client);
            }
        }
        if let Some(network) = client.network()
            && let Some(of_network) = self.networks.get_mut(&network)
        {
            *of_network -= weight;
            if *of_network == 0 {
                self.networks.remove(&network);
            }
        }
    }
}

/// Called without the lock: a waiter that gave up in the meantime returns its units at once.
fn hand_out(granted: Granted) {
    for (grant, permit) in granted {
        drop(grant.send(permit));
    }
}

impl Drop for Permit {
    fn drop(&mut self) {
        let granted = {
            let mut state = lock(&self.state);
            state.free += self.units;
            state.grant(&self.state)
        };
        hand_out(granted);
    }
}

impl Drop for Ticket {
    fn drop(&mut self) {
        let granted = {
            let mut state = lock(&self.state);
            let Some(lane) = state.lanes.get_mut(&self.client) else { return };
            let Some(at) = lane.waiters.iter().position(|waiter| waiter.ticket == self.number) else { return };
            let Some(waiter) = lane.waiters.remove(at) else { return };
            state.left(self.client, waiter.load.weight);
            if !state.lanes.contains_key(&self.client) {
                state.turns.retain(|client| *client != self.client);
            }
            // The others may have waited behind it.
            state.grant(&self.state)
        };
        hand_out(granted);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::IpAddr;
    use std::sync::Mutex as StdMutex;

    fn client(address: &str) -> Client {
        Client::of(address.parse::<IpAddr>().expect("an address"))
    }

    /// Joins the queue in its own task, records when its turn came, and finishes at once.
    fn join(queue: &Admission, who: &str, load: Load, order: &Arc<StdMutex<Vec<String>>>) -> tokio::task::JoinHandle<bool> {
        let (queue, who, order) = (queue.clone(), who.to_owned(), order.clone());
        tokio::spawn(async move {
            let permit = queue.admit(client(&who), load).await;
            if permit.is_ok() {
                order.lock().expect("the order").push(who);
            }
            permit.is_ok()
        })
    }

    async fn until_waiting(queue: &Admission, weight: usize) {
        while queue.waiting() != weight {
            tokio::task::yield_now().await;
        }
    }

    #[tokio::test]
    async fn no_client_waits_in_more_than_a_quarter_and_no_network_in_more_than_half() {
        let queue = Admission::new(1, 8, 2);
        let working = queue.admit(client("192.0.2.1"), Load::ONE).await.expect("a permit");
        let order = Arc::default();
        let mut joined = Vec::new();
        for address in ["2001:db8:1:1::1", "2001:db8:1:1::2", "2001:db8:1:2::1", "2001:db8:1:2::2", "203.0.113.7"] {
            joined.push(join(&queue, address, Load::ONE, &order));
            until_waiting(&queue, joined.len()).await;
        }
        let busy = Some(Refusal::Busy { retry_after: 2 });
        assert_eq!(queue.admit(client("2001:db8:1:1::3"), Load::ONE).await.err(), busy, "a quarter is the client's");
        assert_eq!(queue.admit(client("2001:db8:1:3::1"), Load::ONE).await.err(), busy, "half is the network's");
        joined.push(join(&queue, "203.0.113.7", Load::ONE, &order));
        joined.push(join(&queue, "203.0.113.8", Load::ONE, &order));
        joined.push(join(&queue, "203.0.113.9", Load::ONE, &order));
        until_waiting(&queue, 8).await;
        assert_eq!(queue.admit(client("203.0.113.10"), Load::ONE).await.err(), busy, "it is full");
        drop(working);
        for one in joined {
            assert!(one.await.expect("no panic"));
        }
        assert_eq!(queue.waiting(), 0);
        let state = lock(&queue.state);
        assert!(state.free == 1 && state.lanes.is_empty() && state.networks.is_empty() && state.turns.is_empty());
    }

    #[tokio::test]
    async fn clients_take_turns_whoever_sent_more() {
        let queue = Admission::new(1, 16, 2);
        let working = queue.admit(client("192.0.2.1"), Load::ONE).await.expect("a permit");
        let order = Arc::default();
        let mut joined = Vec::new();
        for who in ["192.0.2.1", "192.0.2.1", "192.0.2.1", "192.0.2.2", "192.0.2.3"] {
            joined.push(join(&queue, who, Load::ONE, &order));
            until_waiting(&queue, joined.len()).await;
        }
        drop(working);
        for one in joined {
            assert!(one.await.expect("no panic"));
        }
        assert_eq!(*order.lock().expect("the order"), ["192.0.2.1", "192.0.2.2", "192.0.2.3", "192.0.2.1", "192.0.2.1"]);
    }

    #[tokio::test]
    async fn whoever_gives_up_leaves_the_queue_and_lets_the_next_one_through() {
        let queue = Admission::new(2, 16, 2);
        let working = queue.admit(client("192.0.2.1"), Load::ONE).await.expect("a permit");
        let order = Arc::default();
        let large = join(&queue, "192.0.2.2", Load { units: 2, weight: 3 }, &order);
        until_waiting(&queue, 3).await;
        let small = join(&queue, "192.0.2.3", Load::ONE, &order);
        until_waiting(&queue, 4).await;
        large.abort();
        assert!(small.await.expect("no panic"), "it waited behind the large one");
        assert_eq!(queue.waiting(), 0);
        drop(working);
        queue.admit(client("192.0.2.4"), Load { units: 2, weight: 1 }).await.expect("all is free again");
    }
}
