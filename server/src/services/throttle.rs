//! Limits per client address, and the gates at which those that want the same thing pass one by one.

use super::Service;
use crate::db::tallies;
use crate::fault::{Fault, Outcome};
use portaria::accounts::Answer;
use portaria::error::Refusal;
use portaria::limits::{GUESS_WINDOW, GUESSES_PER_ADDRESS, SEND_WINDOW, SENDS_PER_ADDRESS, TAKEN_PER_ADDRESS};
use portaria::recovery::{MISS_WINDOW, MISSES_PER_ADDRESS};
use portaria::session::Requester;
use sqlx::PgConnection;
use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};
use time::{Duration, OffsetDateTime};
use tokio::sync::OwnedMutexGuard;

const SENDS: &str = "address/send";
const MISSES: &str = "address/recovery_miss";

/// What counts as one client: an IPv4 address, or the /64 that an IPv6 subscriber gets whole.
pub(super) fn client_key(address: IpAddr) -> Vec<u8> {
    match address.to_canonical() {
        IpAddr::V4(v4) => v4.octets().to_vec(),
        IpAddr::V6(v6) => v6.octets()[..8].to_vec(),
    }
}

async fn count(conn: &mut PgConnection, who: &Requester, now: OffsetDateTime, scope: &str, max: usize, window: Duration) -> Outcome<()> {
    let key = client_key(who.address);
    let mut tally = tallies::lock(&mut *conn, scope, &key, now).await?;
    if let Err(retry_after) = tally.hit(now, max, window) {
        tracing::warn!(event = "excess_rate_limit_exceeded", scope, "an address reached its limit");
        return Ok(Err(Refusal::TooMany { retry_after }));
    }
    tallies::save(conn, scope, &key, &tally).await?;
    Ok(Ok(()))
}

impl Service {
    /// Counts one guess or hash of this address, in a transaction of its own and before anything is compared.
    pub(super) async fn count_guess(&self, who: &Requester) -> Answer<()> {
        let mut tx = self.begin().await?;
        let outcome = count(&mut tx, who, self.now(), "address/guess", GUESSES_PER_ADDRESS, GUESS_WINDOW).await;
        let answer = outcome.map_err(|fault| fault.told())?;
        tx.commit().await.map_err(|error| Fault::from(error).told())?;
        answer
    }

    /// Counts one "taken" that this address was told: a registration must not become a directory.
    pub(super) async fn count_taken(&self, conn: &mut PgConnection, who: &Requester, now: OffsetDateTime) -> Outcome<()> {
        count(conn, who, now, "address/taken", TAKEN_PER_ADDRESS, GUESS_WINDOW).await
    }

    /// Whether recovery answers this address neutrally: it was told too often that a document is unknown, or has sent all
    /// it may. The row of the misses is locked, so that of many at once each is counted.
    pub(super) async fn over_recovery_limit(&self, conn: &mut PgConnection, who: &Requester, now: OffsetDateTime) -> Result<bool, Fault> {
        let key = client_key(who.address);
        let mut misses = tallies::lock(&mut *conn, MISSES, &key, now).await?;
        let mut sends = tallies::peek(conn, SENDS, &key).await?;
        Ok(misses.hit(now, MISSES_PER_ADDRESS, MISS_WINDOW).is_err() || sends.hit(now, SENDS_PER_ADDRESS, SEND_WINDOW).is_err())
    }

    /// Counts one "unknown document" that this address was told (002).
    pub(super) async fn count_miss(&self, conn: &mut PgConnection, who: &Requester, now: OffsetDateTime) -> Outcome<()> {
        count(conn, who, now, MISSES, MISSES_PER_ADDRESS, MISS_WINDOW).await
    }

    /// Counts one send that this address causes.
    pub(super) async fn count_send(&self, conn: &mut PgConnection, who: &Requester, now: OffsetDateTime) -> Outcome<()> {
        count(conn, who, now, SENDS, SENDS_PER_ADDRESS, SEND_WINDOW).await
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
