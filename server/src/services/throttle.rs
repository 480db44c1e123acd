//! Limits per client address, and locks that let requests with the same key through one at a time.

use super::Service;
use super::turn::{Done, Turn};
use crate::admission::Permit;
use crate::client::Client;
use crate::db::tallies;
use crate::fault::Fault;
use portaria::accounts::Answer;
use portaria::error::Refusal;
use portaria::limits::{
    CLIENTS_PER_NETWORK, GUESS_WINDOW, GUESSES_PER_CLIENT, JUDGEMENTS_PER_CLIENT, REQUEST_WINDOW, REQUESTS_PER_CLIENT, SEND_WINDOW,
    SENDS_PER_CLIENT, TAKEN_PER_CLIENT, TAKEN_WINDOW, Tally, seconds_until,
};
use portaria::recovery::{MISS_WINDOW, MISSES_PER_CLIENT};
use portaria::session::Requester;
use quick_cache::sync::Cache;
use sqlx::PgConnection;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use time::{Duration, OffsetDateTime};
use tokio::sync::OwnedMutexGuard;

/// What is counted per client, and how much of it is allowed (SPEC §8, §11, §16).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Allowance {
    /// Guesses of passwords, codes and tokens, and password hashes.
    Guesses,
    /// New passwords that are judged while they are typed.
    Judgements,
    /// Messages that a client causes, whoever receives them.
    Sends,
    /// Answers that a value belongs to another account.
    Taken,
    /// Answers that a document is unknown (002).
    Misses,
    /// Requests of products that wait for a person.
    Requests,
}

impl Allowance {
    /// Scope of the client's own tally.
    const fn scope(self) -> &'static str {
        match self {
            Self::Guesses => "address/guess",
            Self::Judgements => "address/judgement",
            Self::Sends => "address/send",
            Self::Taken => "address/taken",
            Self::Misses => "address/recovery_miss",
            Self::Requests => "address/openid_request",
        }
    }

    /// Scope of the tally of the network around the client.
    const fn network_scope(self) -> &'static str {
        match self {
            Self::Guesses => "network/guess",
            Self::Judgements => "network/judgement",
            Self::Sends => "network/send",
            Self::Taken => "network/taken",
            Self::Misses => "network/recovery_miss",
            Self::Requests => "network/openid_request",
        }
    }

    const fn most(self) -> usize {
        match self {
            Self::Guesses => GUESSES_PER_CLIENT,
            Self::Judgements => JUDGEMENTS_PER_CLIENT,
            Self::Sends => SENDS_PER_CLIENT,
            Self::Taken => TAKEN_PER_CLIENT,
            Self::Misses => MISSES_PER_CLIENT,
            Self::Requests => REQUESTS_PER_CLIENT,
        }
    }

    const fn window(self) -> Duration {
        match self {
            Self::Guesses | Self::Judgements => GUESS_WINDOW,
            Self::Sends => SEND_WINDOW,
            Self::Taken => TAKEN_WINDOW,
            Self::Misses => MISS_WINDOW,
            Self::Requests => REQUEST_WINDOW,
        }
    }
}

/// One tally row of an allowance: the client's own, or that of the network around it.
pub(super) struct Counter {
    pub(super) scope: &'static str,
    pub(super) key: Vec<u8>,
    pub(super) most: usize,
    pub(super) window: Duration,
}

/// The tally rows of a client's allowance, always in the same order, so that locking them cannot deadlock.
pub(super) fn counters(who: &Requester, allowance: Allowance) -> Vec<Counter> {
    let client = Client::of(who.client_ip);
    let (most, window) = (allowance.most(), allowance.window());
    let mut counters = vec![Counter { scope: allowance.scope(), key: client.key().to_vec(), most, window }];
    if let Some(network) = client.network() {
        let most = most * CLIENTS_PER_NETWORK;
        counters.push(Counter { scope: allowance.network_scope(), key: network.key().to_vec(), most, window });
    }
    counters
}

/// How many clients are remembered as over their limit, so that a flood from ever new addresses takes no more memory.
const MOST_RESTING: usize = 4096;

/// The clients that this node saw over their allowance of guesses, and until when. What they ask meanwhile costs the database
/// nothing. A client that was forgotten, or was refused by another node, is counted as any other.
pub(crate) struct Resting(Cache<Client, OffsetDateTime>);

impl Default for Resting {
    fn default() -> Self {
        Self(Cache::new(MOST_RESTING))
    }
}

/// The locked rows of an allowance that has room for one more.
#[must_use = "the one that there is room for is to be counted, if it happens"]
pub(super) struct Room {
    counters: Vec<Counter>,
    /// With the event counted that there is room for.
    tallies: Vec<Tally>,
}

impl Room {
    /// Saves the count of an event that happened.
    pub(super) async fn take(self, conn: &mut PgConnection) -> Result<(), Fault> {
        Ok(tallies::save_all(conn, &rows(&self.counters), &self.tallies).await?)
    }
}

/// The rows of these counters.
pub(super) fn rows(counters: &[Counter]) -> Vec<(&'static str, &[u8])> {
    counters.iter().map(|counter| (counter.scope, counter.key.as_slice())).collect()
}

impl Service {
    /// Refuses a client that has used up any of these allowances. It costs one statement, without a lock or a transaction.
    /// The refusal is counted per minute and has no further cost.
    pub(super) async fn refuse_used_up(&self, who: &Requester, what: &'static str, allowances: &[Allowance]) -> Answer<()> {
        match self.used_up(who, allowances).await? {
            Some(retry_after) => {
                self.refusals.note(Client::of(who.client_ip), what).await;
                Err(Refusal::TooMany { retry_after })
            }
            None => Ok(()),
        }
    }

    /// Refuses a client that was seen over its allowance of guesses, as long as that lasts. For use cases that count a guess before
    /// they do anything that costs.
    pub(super) async fn refuse_resting(&self, who: &Requester, what: &'static str) -> Answer<()> {
        let client = Client::of(who.client_ip);
        let now = self.now();
        let Some(until) = self.resting.0.get(&client).filter(|until| *until > now) else { return Ok(()) };
        self.refusals.note(client, what).await;
        Err(Refusal::TooMany { retry_after: seconds_until(until, now) })
    }

    /// Refuses a client that is over its allowance of guesses, and remembers it.
    pub(super) async fn refuse_and_remember(&self, who: &Requester, what: &'static str, retry_after: u32) -> Refusal {
        let client = Client::of(who.client_ip);
        self.resting.0.insert(client, self.now() + Duration::seconds(retry_after.into()));
        self.refusals.note(client, what).await;
        Refusal::TooMany { retry_after }
    }

    /// Seconds until this client may use each of these allowances once more; `None` if it may now.
    pub(super) async fn used_up(&self, who: &Requester, allowances: &[Allowance]) -> Answer<Option<u32>> {
        let counters: Vec<_> = allowances.iter().flat_map(|allowance| counters(who, *allowance)).collect();
        let tallies = tallies::peek_all(&self.pool, &rows(&counters)).await.map_err(|error| Fault::from(error).log_and_refuse())?;
        let now = self.now();
        Ok(counters.iter().zip(&tallies).filter_map(|(counter, tally)| tally.full_for(now, counter.most, counter.window)).max())
    }

    /// Counts one guess or hash of this address, committed before anything is compared. Once the allowance
    /// is used up, a try costs only [`Service::refuse_used_up`].
    pub(super) async fn count_guess(&self, who: &Requester) -> Answer<()> {
        match self.count_guess_at_once(who).await.map_err(|fault| fault.log_and_refuse())? {
            Some(Ok(())) => Ok(()),
            Some(Err(retry_after)) => {
                self.refusals.note(Client::of(who.client_ip), Allowance::Guesses.scope()).await;
                Err(Refusal::TooMany { retry_after })
            }
            None => {
                let mut turn = self.turn(who).await?;
                let done = turn.count(Allowance::Guesses).await;
                turn.end(done).await
            }
        }
    }

    /// Counts one guess more, without a transaction. `Err`: the seconds until it may guess again. `None`: another guess came between, and
    /// nothing was counted.
    async fn count_guess_at_once(&self, who: &Requester) -> Result<Option<Result<(), u32>>, Fault> {
        let now = self.now();
        let mut conn = self.pool.acquire().await?;
        let counters = counters(who, Allowance::Guesses);
        let count = |tallies: &mut [Tally]| {
            let waits = counters.iter().zip(tallies).filter_map(|(counter, tally)| tally.hit(now, counter.most, counter.window).err());
            waits.max().map_or(Ok(()), Err)
        };
        self.count_at_once(&mut conn, &rows(&counters), count).await
    }

    /// Waits in the queue of password hashes for a permit. The caller counts the guess afterwards: if there is no permit,
    /// nothing was tried.
    pub(super) async fn password_permit(&self, who: &Requester, what: &'static str) -> Answer<Permit> {
        let client = Client::of(who.client_ip);
        let permit = self.passwords.permit(client).await;
        if permit.is_err() {
            self.refusals.note(client, what).await;
        }
        permit
    }
}

impl Turn<'_> {
    /// Locks an allowance until the transaction ends, if it has room for one more. Of many at once, each sees the counts
    /// before it.
    pub(super) async fn room(&mut self, allowance: Allowance) -> Done<Room> {
        let counters = counters(self.who, allowance);
        if allowance == Allowance::Guesses {
            for name in rows(&counters) {
                self.service.last_counts.unsure(name);
            }
        }
        let mut tallies = tallies::lock_all(&mut self.tx, &rows(&counters), self.now).await?;
        self.hit(&counters, &mut tallies)?;
        Ok(Room { counters, tallies })
    }

    /// Counts an event of the requester in each of these, or refuses it.
    pub(super) fn hit(&self, counters: &[Counter], tallies: &mut [Tally]) -> Answer<()> {
        for (counter, tally) in counters.iter().zip(tallies) {
            if let Err(retry_after) = tally.hit(self.now, counter.most, counter.window) {
                self.service.refusals.note_in_passing(Client::of(self.who.client_ip), counter.scope);
                return Err(Refusal::TooMany { retry_after });
            }
        }
        Ok(())
    }

    pub(super) async fn count(&mut self, allowance: Allowance) -> Done<()> {
        let room = self.room(allowance).await?;
        Ok(room.take(&mut self.tx).await?)
    }

    /// Counts one "taken" answer to this address: registration must not become a directory of accounts.
    pub(super) async fn count_taken(&mut self) -> Done<()> {
        self.count(Allowance::Taken).await
    }

    /// Counts one send of this address. Every send locks this row last, so that two sends to the same destination or from
    /// the same address cannot deadlock.
    pub(super) async fn count_send(&mut self) -> Done<()> {
        self.count(Allowance::Sends).await
    }

    /// Counts a message that is sent whatever the limit: a thief must not use up the address's sends first and then go
    /// unreported.
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

type KeyedLock = Arc<tokio::sync::Mutex<()>>;

/// How many may wait at a lock that refuses: a few seconds' work.
const MOST_WAITING: usize = 256;
/// `Retry-After` of a full lock.
const BUSY_SECONDS: u32 = 2;

/// Lets requests with the same key through one at a time. For identical registrations this is only a saving: all but the
/// first see that the address is taken before a password is hashed for them. The unique index decides, also between nodes.
/// For sign-ins with one login, it keeps the next try from counting a right password as a failure while it is still being
/// compared.
#[derive(Default)]
pub(crate) struct KeyedLocks(Mutex<HashMap<Vec<u8>, KeyedLock>>);

impl KeyedLocks {
    fn lock(&self, key: Vec<u8>) -> KeyedLock {
        let mut locks = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        locks.retain(|_, lock| Arc::strong_count(lock) > 1);
        locks.entry(key).or_default().clone()
    }

    /// Waits until no other request holds this key.
    pub(super) async fn acquire(&self, key: Vec<u8>) -> OwnedMutexGuard<()> {
        self.lock(key).lock_owned().await
    }

    /// The same, but refuses if too many are waiting.
    pub(super) async fn acquire_or_refuse(&self, key: Vec<u8>) -> Answer<OwnedMutexGuard<()>> {
        let lock = self.lock(key);
        if Arc::strong_count(&lock) > MOST_WAITING {
            return Err(Refusal::Busy { retry_after: BUSY_SECONDS });
        }
        Ok(lock.lock_owned().await)
    }
}
