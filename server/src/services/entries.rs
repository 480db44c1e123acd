//! Entries of codes, counted (SPEC §4, §11, §16): of the browser that holds what the code is for under a tally of its own, of
//! everybody else together, by the destination.
//!
//! ```text
//!   Holder(sign-up) ─► held/…   by the sign-up:     5 in 30 min ─► its code dies, its entries rest 15 min
//!   Stranger        ─► entry/…  by the destination: 5 in 30 min ─► codes that no browser holds die, strangers' entries rest
//!                   └► guess/…  by the destination: 20 a day    ─► strangers' entries rest
//! ```

use crate::db::tallies;
use crate::fault::Fault;
use portaria::limits::{BlockPolicy, STRANGERS_ENTRIES, STRANGERS_WINDOW, Tally};
use portaria::message::Purpose;
use sqlx::PgConnection;
use time::OffsetDateTime;

/// Who types a code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Entrant<'a> {
    /// The browser that holds what the code is for; the key names that, a sign-up say.
    Holder(&'a [u8]),
    /// Anybody else, an API's client included: nothing tells it from a stranger.
    Stranger,
}

/// Where the wrong entries of strangers are counted, by the destination.
pub(super) fn entry_scope(purpose: Purpose) -> String {
    format!("entry/{}", purpose.as_str())
}

/// Where those of a holder are, by what it holds.
pub(super) fn held_scope(purpose: Purpose) -> String {
    format!("held/{}", purpose.as_str())
}

fn guess_scope(purpose: Purpose) -> String {
    format!("guess/{}", purpose.as_str())
}

/// The tallies of one entry, locked until the transaction ends.
#[derive(Clone)]
pub(super) struct Entries {
    scope: String,
    key: Vec<u8>,
    tally: Tally,
    /// What strangers entered within a day.
    guesses: Option<(String, Tally)>,
}

impl Entries {
    /// Locks them. `Err`: entries rest, for so many seconds.
    pub(super) async fn lock(
        conn: &mut PgConnection,
        now: OffsetDateTime,
        purpose: Purpose,
        destination: &[u8],
        entrant: Entrant<'_>,
    ) -> Result<Result<Self, u32>, Fault> {
        let (scope, key) = match entrant {
            Entrant::Holder(held) => (held_scope(purpose), held),
            Entrant::Stranger => (entry_scope(purpose), destination),
        };
        let tally = tallies::lock(&mut *conn, &scope, key, now).await?;
        if let Some(retry_after) = tally.blocked_for(now) {
            return Ok(Err(retry_after));
        }
        let guesses = match entrant {
            Entrant::Holder(_) => None,
            Entrant::Stranger => {
                let scope = guess_scope(purpose);
                let tally = tallies::lock(conn, &scope, key, now).await?;
                if let Some(retry_after) = tally.full_for(now, STRANGERS_ENTRIES, STRANGERS_WINDOW) {
                    return Ok(Err(retry_after));
                }
                Some((scope, tally))
            }
        };
        Ok(Ok(Self { scope, key: key.to_vec(), tally, guesses }))
    }

    /// Counts one as wrong. Gives whether it began a block.
    pub(super) fn strike(&mut self, now: OffsetDateTime, policy: BlockPolicy) -> bool {
        if let Some((_, guesses)) = &mut self.guesses {
            // there was room when it was locked
            let _ = guesses.hit(now, STRANGERS_ENTRIES, STRANGERS_WINDOW);
        }
        self.tally.strike(now, policy)
    }

    /// After a right one: the count begins anew, and what was guessed within the day stays guessed.
    pub(super) fn cleared(mut self) -> Self {
        self.tally.clear();
        self
    }

    /// Seconds that the block still lasts.
    pub(super) fn blocked_for(&self, now: OffsetDateTime) -> Option<u32> {
        self.tally.blocked_for(now)
    }

    /// Writes them back.
    pub(super) async fn save(&self, conn: &mut PgConnection) -> Result<(), Fault> {
        tallies::save(&mut *conn, &self.scope, &self.key, &self.tally).await?;
        if let Some((scope, guesses)) = &self.guesses {
            tallies::save(conn, scope, &self.key, guesses).await?;
        }
        Ok(())
    }
}
