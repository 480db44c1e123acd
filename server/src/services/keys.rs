//! Keys that change while nodes serve (SPEC §13): a new data key, and everything sealed again with it.
//!
//! ```text
//!   begun ── announced ──► seals ──────────► everything sealed again ──► done
//!            30 s: every node reads it       in batches; killed here, the next run goes on
//! ```
//!
//! A node reads the keys every [`RELOAD_EVERY`], and begins nothing with keys that it read longer than [`LEASE`] ago. So whatever a node does
//! once a key seals, it has that key, or its request waits for the keys like for any other row. A value names its key, so that old and new
//! open side by side.
//!
//! Two runs at once are one: they find the same key, and skip the rows that the other has.

use crate::clock::Clock;
use crate::db::keys::{self, Begun, KeysError, Purpose};
use crate::db::reseal::{self, Locked, PLACES};
use crate::fault::Fault;
use crate::seal::Sealer;
use sqlx::PgPool;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use time::OffsetDateTime;
use zeroize::Zeroizing;

/// How often a node reads the keys.
pub const RELOAD_EVERY: Duration = Duration::from_secs(2);
/// How long keys that were read are good for: some reloads may fail.
const LEASE: Duration = Duration::from_secs(8);
/// How long a data key is announced before it seals: a lease, a transaction that began at its end, and clocks that differ.
pub const ANNOUNCED: time::Duration = time::Duration::seconds(30);
/// How long after that a node may still seal with the key before, for the same reasons.
pub const SETTLES: time::Duration = ANNOUNCED;
/// Rows per transaction: a few milliseconds.
const BATCH: i64 = 200;

/// The keys of a node or a command, read again while it runs.
#[derive(Debug, Clone)]
pub struct KeyRing {
    pool: PgPool,
    sealer: Sealer,
    clock: Clock,
    secret: Zeroizing<[u8; 32]>,
    /// When they were read last, by a clock that nobody sets; `None`: nobody reads them regularly, and they have no lease.
    read_at: Arc<Mutex<Option<Instant>>>,
}

impl KeyRing {
    /// The keys of a sealer that was read just now.
    pub fn new(pool: PgPool, sealer: Sealer, clock: Clock, secret: &[u8; 32]) -> Self {
        Self { pool, sealer, clock, secret: Zeroizing::new(*secret), read_at: Arc::default() }
    }

    /// From now on the keys have a lease.
    pub fn begin(&self) {
        *self.read_at.lock().unwrap_or_else(PoisonError::into_inner) = Some(Instant::now());
    }

    /// Takes over what other nodes and commands changed. On a failure the keys stay as they are, until their lease ends.
    pub async fn reload(&self) -> Result<(), Fault> {
        let began = Instant::now();
        let changed = keys::read_changed(&self.pool, &self.secret, self.clock.now(), &self.sealer).await;
        if let Some(keys) = changed.map_err(|error| Fault::Keys(error.to_string()))? {
            self.sealer.replace(&keys);
        }
        if let Some(read_at) = &mut *self.read_at.lock().unwrap_or_else(PoisonError::into_inner) {
            *read_at = began;
        }
        Ok(())
    }

    /// Reads the keys again if their lease is over. Whoever begins something waits for it.
    pub async fn keep_fresh(&self) -> Result<(), Fault> {
        let read_at = *self.read_at.lock().unwrap_or_else(PoisonError::into_inner);
        if read_at.is_none_or(|read_at| read_at.elapsed() < LEASE) { Ok(()) } else { self.reload().await }
    }
}

/// How far a rotation is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Told {
    /// It begins with this key, or goes on with it.
    Begun { id: i64, resumed: bool },
    /// So many values of a column are sealed again.
    Resealed { table: &'static str, column: &'static str, values: u64 },
    /// So many values do not open with any key; they are left as they are.
    Broken { table: &'static str, column: &'static str, values: u64 },
    /// Beside each hash stands the one by the new index key, for so many accounts since the last word.
    Filled { accounts: u64 },
    /// Nothing is left of the index key before; so many accounts had something since the last word.
    Moved { accounts: u64 },
    /// Nothing is left that an earlier key sealed: so many values are sealed again, and `broken` open with no key.
    Done { values: u64, broken: u64 },
}

/// Begins a rotation, or finds the one that was not done. The key seals from [`ANNOUNCED`] later on.
pub async fn begin(pool: &PgPool, secret: &[u8; 32], now: OffsetDateTime) -> Result<Begun, KeysError> {
    keys::begin_rotation(pool, secret, Purpose::Seal, now, now + ANNOUNCED).await
}

/// What a pass over every sealed column found to do.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Passed {
    /// Values that are sealed again.
    pub resealed: u64,
    /// Values that open with no key.
    pub broken: u64,
}

/// Seals once again whatever an earlier key sealed. The sealer must have the new key.
pub async fn pass(pool: &PgPool, sealer: &Sealer, locked: Locked, told: &mut (dyn FnMut(Told) + Send)) -> Result<Passed, Fault> {
    let mut all = Passed::default();
    for place in &PLACES {
        let (table, column) = (place.table, place.column);
        let (mut after, mut of_place) = (None, Passed::default());
        while let Some(batch) = reseal::batch(pool, sealer, place, after.as_deref(), locked, BATCH).await? {
            after = Some(batch.last);
            of_place.broken += batch.broken;
            of_place.resealed += batch.resealed;
            if batch.resealed > 0 {
                told(Told::Resealed { table, column, values: of_place.resealed });
            }
        }
        if of_place.broken > 0 {
            told(Told::Broken { table, column, values: of_place.broken });
        }
        all.resealed += of_place.resealed;
        all.broken += of_place.broken;
    }
    Ok(all)
}

/// Goes on until nothing is left. Only a pass that waited for every locked row knows that. Nodes must no longer seal with an earlier key.
pub async fn finish(pool: &PgPool, sealer: &Sealer, told: &mut (dyn FnMut(Told) + Send)) -> Result<Passed, Fault> {
    let mut all = Passed::default();
    loop {
        all.resealed += pass(pool, sealer, Locked::Skipped, told).await?.resealed;
        match pass(pool, sealer, Locked::Awaited, &mut |_| ()).await {
            Ok(Passed { resealed: 0, broken }) => return Ok(Passed { broken, ..all }),
            Ok(Passed { resealed, .. }) => all.resealed += resealed,
            // Somebody holds a row for longer than a statement waits.
            Err(fault) if fault.is_lock_timeout() => {}
            Err(fault) => return Err(fault),
        }
    }
}

/// The whole rotation, while nodes serve: it waits until every node has the key, and then until nothing is left.
pub async fn rotate(pool: &PgPool, secret: &[u8; 32], clock: &Clock, told: &mut (dyn FnMut(Told) + Send)) -> Result<(), Fault> {
    let wrong = |error: KeysError| Fault::Keys(error.to_string());
    let Begun { id, used_from: seals_from, resumed, .. } = begin(pool, secret, clock.now()).await.map_err(wrong)?;
    told(Told::Begun { id, resumed });
    sleep_until(clock, seals_from).await;
    let sealer = keys::read(pool, secret, clock.now()).await.map_err(wrong)?;
    let early = pass(pool, &sealer, Locked::Skipped, told).await?;
    sleep_until(clock, seals_from + SETTLES).await;
    let Passed { resealed, broken } = finish(pool, &sealer, told).await?;
    keys::finish_rotation(pool, id, clock.now()).await?;
    told(Told::Done { values: early.resealed + resealed, broken });
    Ok(())
}

pub(super) async fn sleep_until(clock: &Clock, then: OffsetDateTime) {
    if let Ok(rest) = Duration::try_from(then - clock.now()) {
        tokio::time::sleep(rest).await;
    }
}
