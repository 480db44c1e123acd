//! The key under which phone, CPF and CNPJ are unique and found changes while nodes serve (SPEC §13), and with it that of every other hash
//! of what somebody could guess: destinations, contests, counts, the subjects of the audit.
//!
//! ```text
//!   begun ──────────────► filling ─────────────► moving ──────────────► done
//!   announced, 30 s:      each hash gets the     announced, 30 s, then   one hash again,
//!   every node writes     newest beside it       the newest takes the    by the newest key
//!   both hashes                                  place of the other
//! ```
//!
//! Both hashes are unique, each in its column, and nodes are at most one step apart; so two nodes that write the same value at once meet in
//! one of the two, and a look-up asks for both. Each step is done page by page and knows what is left, so that a killed run goes on where it was.
//!
//! What need not be unique has one hash, by the key before until nodes move and by the newest from then on, and a look-up asks for both; at
//! the end every hash that is left is brought to the newest. A count is one row, which nobody may begin anew: it is carried over before nodes
//! move and again after it. What two nodes count in the seconds in which one has moved and the other has not, each knows alone until then.

use super::keys::{ANNOUNCED, SETTLES, Told, sleep_until};
use crate::clock::Clock;
use crate::db::keys::{self, KeysError, Purpose};
use crate::db::reindex::{self, Step};
use crate::db::reseal::Locked;
use crate::db::retally;
use crate::fault::Fault;
use crate::seal::Sealer;
use sqlx::PgPool;

/// Accounts per transaction.
const PAGE: i64 = 200;

async fn pass(pool: &PgPool, sealer: &Sealer, step: Step, locked: Locked) -> Result<u64, Fault> {
    let (mut after, mut done) = (i64::MIN, 0);
    while let Some(page) = reindex::page(pool, sealer, step, after, locked, PAGE).await? {
        after = page.last;
        done += page.done;
    }
    Ok(done)
}

/// Does a step until nothing is left for it. Returns for how many accounts there was something to do.
pub async fn finish(pool: &PgPool, sealer: &Sealer, step: Step) -> Result<u64, Fault> {
    let accounts = finish_accounts(pool, sealer, step).await?;
    carry(pool, sealer, step).await?;
    while step == Step::Move && patiently(reindex::bring_elsewhere(pool, sealer, PAGE).await)?.is_none_or(|brought| brought > 0) {}
    Ok(accounts)
}

/// Carries the counts over.
async fn carry(pool: &PgPool, sealer: &Sealer, step: Step) -> Result<(), Fault> {
    while patiently(retally::carry(pool, sealer, step, PAGE).await)?.is_none() {}
    Ok(())
}

/// `None`: somebody holds a row for longer than a statement waits.
fn patiently<T>(done: Result<T, Fault>) -> Result<Option<T>, Fault> {
    match done {
        Ok(done) => Ok(Some(done)),
        Err(fault) if fault.is_lock_timeout() => Ok(None),
        Err(fault) => Err(fault),
    }
}

/// Does a step for the accounts. Only a pass that waited for every locked row knows that nothing is left.
async fn finish_accounts(pool: &PgPool, sealer: &Sealer, step: Step) -> Result<u64, Fault> {
    let mut done = 0;
    loop {
        done += pass(pool, sealer, step, Locked::Skipped).await?;
        match patiently(pass(pool, sealer, step, Locked::Awaited).await)? {
            Some(0) => return Ok(done),
            more => done += more.unwrap_or(0),
        }
    }
}

/// The whole rotation, while nodes serve.
pub async fn rotate(pool: &PgPool, secret: &[u8; 32], clock: &Clock, told: &mut (dyn FnMut(Told) + Send)) -> Result<(), Fault> {
    let wrong = |error: KeysError| Fault::Keys(error.to_string());
    let now = clock.now();
    let begun = keys::begin_rotation(pool, secret, Purpose::Index, now, now + ANNOUNCED).await.map_err(wrong)?;
    told(Told::Begun { id: begun.id, resumed: begun.resumed });
    let moves_from = if let Some(at) = begun.moves_from {
        at
    } else {
        sleep_until(clock, begun.used_from).await;
        let sealer = keys::read(pool, secret, clock.now()).await.map_err(wrong)?;
        told(Told::Filled { accounts: finish(pool, &sealer, Step::Fill).await? });
        keys::move_from(pool, begun.id, clock.now() + ANNOUNCED).await?
    };
    if clock.now() < moves_from {
        sleep_until(clock, moves_from).await;
        let sealer = keys::read(pool, secret, clock.now()).await.map_err(wrong)?;
        carry(pool, &sealer, Step::Fill).await?;
    }
    sleep_until(clock, moves_from + SETTLES).await;
    let sealer = keys::read(pool, secret, clock.now()).await.map_err(wrong)?;
    let accounts = finish(pool, &sealer, Step::Move).await?;
    keys::finish_rotation(pool, begun.id, clock.now()).await?;
    told(Told::Moved { accounts });
    Ok(())
}
