//! Limits per client address, and the gates at which those that want the same thing pass one by one.

use super::Service;
use super::turn::{Done, Turn};
use crate::admission::Place;
use crate::client::Client;
use crate::db::tallies;
use crate::fault::Fault;
use portaria::accounts::Answer;
use portaria::error::Refusal;
use portaria::limits::{
    CLIENTS_PER_NETWORK, GUESS_WINDOW, GUESSES_PER_ADDRESS, SEND_WINDOW, SENDS_PER_ADDRESS, TAKEN_PER_ADDRESS, TAKEN_WINDOW, Tally,
};
use portaria::recovery::{MISS_WINDOW, MISSES_PER_ADDRESS};
use portaria::session::Requester;
use sqlx::PgConnection;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use time::Duration;
use tokio::sync::OwnedMutexGuard;

/// What is counted of one client, and how much of it one may cause (SPEC §8, §11, §16).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Allowance {
    /// Guesses and hashes.
    Guesses,
    /// Messages that it causes, whomever they reach.
    Sends,
    /// Being told that something belongs to another account.
    Taken,
    /// Being told that a document is unknown (002).
    Misses,
}

impl Allowance {
    /// Where a client is counted.
    const fn scope(self) -> &'static str {
        match self {
            Self::Guesses => "address/guess",
            Self::Sends => "address/send",
            Self::Taken => "address/taken",
            Self::Misses => "address/recovery_miss",
        }
    }

    /// Where the network around it is.
    const fn network_scope(self) -> &'static str {
        match self {
            Self::Guesses => "network/guess",
            Self::Sends => "network/send",
            Self::Taken => "network/taken",
            Self::Misses => "network/recovery_miss",
        }
    }

    const fn most(self) -> usize {
        match self {
            Self::Guesses => GUESSES_PER_ADDRESS,
            Self::Sends => SENDS_PER_ADDRESS,
            Self::Taken => TAKEN_PER_ADDRESS,
            Self::Misses => MISSES_PER_ADDRESS,
        }
    }

    const fn window(self) -> Duration {
        match self {
            Self::Guesses => GUESS_WINDOW,
            Self::Sends => SEND_WINDOW,
            Self::Taken => TAKEN_WINDOW,
            Self::Misses => MISS_WINDOW,
        }
    }
}

/// One row that an allowance is counted in: the client's own, or that of the network around it.
struct Counter {
    scope: &'static str,
    key: Vec<u8>,
    most: usize,
    window: Duration,
}

/// The rows of a client's allowance, always in the same order: whoever locks them waits for nobody in a circle.
fn counters(who: &Requester, allowance: Allowance) -> Vec<Counter> {
    let client = Client::of(who.address);
    let (most, window) = (allowance.most(), allowance.window());
    let mut counters = vec![Counter { scope: allowance.scope(), key: client.key().to_vec(), most, window }];
    if let Some(network) = client.network() {
        let most = most * CLIENTS_PER_NETWORK;
        counters.push(Counter { scope: allowance.network_scope(), key: network.key().to_vec(), most, window });
    }
    counters
}

/// The rows of an allowance, locked, with room for one more.
#[must_use = "the one that there is room for is to be counted, if it happens"]
pub(super) struct Room(Vec<(Counter, Tally)>);

impl Room {
    /// It happened.
    pub(super) async fn take(self, conn: &mut PgConnection) -> Result<(), Fault> {
        for (counter, tally) in &self.0 {
            tallies::save(&mut *conn, counter.scope, &counter.key, tally).await?;
        }
        Ok(())
    }
}

impl Service {
    /// Looks whether this client has used up any of these allowances: one statement, without a lock or a transaction. What it
    /// is refused by is noted as one of many, and costs no more than this.
    pub(super) async fn look(&self, who: &Requester, what: &'static str, allowances: &[Allowance]) -> Answer<()> {
        match self.used_up(who, allowances).await? {
            Some(retry_after) => {
                self.refusals.note(Client::of(who.address), what).await;
                Err(Refusal::TooMany { retry_after })
            }
            None => Ok(()),
        }
    }

    /// Seconds until this client may cause one more of each of these; `None`: now.
    pub(super) async fn used_up(&self, who: &Requester, allowances: &[Allowance]) -> Answer<Option<u32>> {
        let counters: Vec<_> = allowances.iter().flat_map(|allowance| counters(who, *allowance)).collect();
        let asked: Vec<_> = counters.iter().map(|counter| (counter.scope, counter.key.as_slice())).collect();
        let tallies = tallies::peek_all(&self.pool, &asked).await.map_err(|error| Fault::from(error).told())?;
        let now = self.now();
        Ok(counters.iter().zip(&tallies).filter_map(|(counter, tally)| tally.full_for(now, counter.most, counter.window)).max())
    }

    /// Counts one guess or hash of this address, in a transaction of its own and before anything is compared. One that has
    /// used them up costs the look.
    pub(super) async fn count_guess(&self, who: &Requester) -> Answer<()> {
        self.look(who, Allowance::Guesses.scope(), &[Allowance::Guesses]).await?;
        self.count_looked(who).await
    }

    /// The same where the look came before: ahead of a place in a queue.
    pub(super) async fn count_looked(&self, who: &Requester) -> Answer<()> {
        let mut turn = self.turn(who).await?;
        let done = turn.count(Allowance::Guesses).await;
        turn.end(done).await
    }

    /// Waits for a place among the password hashes. Nothing is counted when there is none: nothing was tried.
    pub(super) async fn password_place(&self, who: &Requester, what: &'static str) -> Answer<Place> {
        let client = Client::of(who.address);
        let place = self.passwords.place(client).await;
        if place.is_err() {
            self.refusals.note(client, what).await;
        }
        place
    }
}

impl Turn<'_> {
    /// Locks an allowance until the transaction ends, if there is room for one more: of many at once each sees what the one
    /// before it counted.
    pub(super) async fn room(&mut self, allowance: Allowance) -> Done<Room> {
        let mut locked = Vec::new();
        for counter in counters(self.who, allowance) {
            let mut tally = tallies::lock(&mut self.tx, counter.scope, &counter.key, self.now).await?;
            if let Err(retry_after) = tally.hit(self.now, counter.most, counter.window) {
                self.service.refusals.note_in_passing(Client::of(self.who.address), counter.scope);
                return Err(Refusal::TooMany { retry_after }.into());
            }
            locked.push((counter, tally));
        }
        Ok(Room(locked))
    }

    async fn count(&mut self, allowance: Allowance) -> Done<()> {
        let room = self.room(allowance).await?;
        Ok(room.take(&mut self.tx).await?)
    }

    /// Counts one "taken" that this address was told: a registration must not become a directory.
    pub(super) async fn count_taken(&mut self) -> Done<()> {
        self.count(Allowance::Taken).await
    }

    /// Counts one send that this address causes. Always the last row that a send locks: two that send the same thing and two
    /// that send from the same address never wait for each other in a circle.
    pub(super) async fn count_send(&mut self) -> Done<()> {
        self.count(Allowance::Sends).await
    }

    /// Counts a message that must leave whatever was sent before it: a thief must not use up the address's sends first and
    /// then pass unnoticed.
    pub(super) async fn count_send_anyway(&mut self) -> Result<(), Fault> {
        for counter in counters(self.who, Allowance::Sends) {
            let mut tally = tallies::lock(&mut self.tx, counter.scope, &counter.key, self.now).await?;
            if tally.hit(self.now, counter.most, counter.window).is_ok() {
                tallies::save(&mut self.tx, counter.scope, &counter.key, &tally).await?;
            }
        }
        Ok(())
    }
}

type Gate = Arc<tokio::sync::Mutex<()>>;

/// How many may wait at a gate that refuses: some seconds' work.
const AT_THE_GATE: usize = 256;
/// What one who finds it crowded is told to wait.
const BUSY_SECONDS: u32 = 2;

/// Those that arrive at once with the same key pass one by one. Identical registrations, so that all but the first see that the
/// address is taken before a password is hashed for them; only a saving: the unique index is what decides, also between nodes.
/// Sign-ins with one login, so that a right password that is still being compared is not taken for a failure by the next.
#[derive(Default)]
pub(crate) struct Gates(Mutex<HashMap<Vec<u8>, Gate>>);

impl Gates {
    fn gate(&self, key: Vec<u8>) -> Gate {
        let mut gates = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        gates.retain(|_, gate| Arc::strong_count(gate) > 1);
        gates.entry(key).or_default().clone()
    }

    /// Waits until nobody else is at it with this key.
    pub(super) async fn pass(&self, key: Vec<u8>) -> OwnedMutexGuard<()> {
        self.gate(key).lock_owned().await
    }

    /// The same, unless too many wait already.
    pub(super) async fn pass_or_refuse(&self, key: Vec<u8>) -> Answer<OwnedMutexGuard<()>> {
        let gate = self.gate(key);
        if Arc::strong_count(&gate) > AT_THE_GATE {
            return Err(Refusal::Busy { retry_after: BUSY_SECONDS });
        }
        Ok(gate.lock_owned().await)
    }
}
