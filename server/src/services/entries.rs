//! Entries of codes, counted ([`portaria::entries`]): of the browser that holds what the code is for under a tally of its own, of
//! everybody else together, by the destination.

use super::turn::Done;
use crate::db::tallies;
use crate::fault::Fault;
pub(super) use portaria::entries::Entrant;
use portaria::error::Refusal;
use portaria::limits::BlockPolicy;
use portaria::message::Purpose;
use sqlx::PgConnection;
use time::OffsetDateTime;

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
    purpose: Purpose,
    scope: String,
    key: Vec<u8>,
    counted: portaria::entries::Entries,
}

impl Entries {
    /// Locks them. [`Refusal::CodeBlocked`]: entries rest.
    pub(super) async fn lock(
        conn: &mut PgConnection,
        now: OffsetDateTime,
        purpose: Purpose,
        destination: &[u8],
        entrant: Entrant<'_>,
    ) -> Done<Self> {
        let (scope, key) = match entrant {
            Entrant::Holder(held) => (held_scope(purpose), held),
            Entrant::Stranger => (entry_scope(purpose), destination),
        };
        let mut counted = portaria::entries::Entries::new(tallies::lock(&mut *conn, &scope, key, now).await?);
        if entrant == Entrant::Stranger && counted.rest_for(now).is_none() {
            counted.of_day = Some(tallies::lock(conn, &guess_scope(purpose), key, now).await?);
        }
        match counted.rest_for(now) {
            Some(retry_after) => Err(Refusal::CodeBlocked { retry_after }.into()),
            None => Ok(Self { purpose, scope, key: key.to_vec(), counted }),
        }
    }

    /// Counts one as wrong. Gives whether it began a block.
    pub(super) fn strike(&mut self, now: OffsetDateTime, policy: BlockPolicy) -> bool {
        self.counted.strike(now, policy)
    }

    /// After a right one.
    pub(super) fn cleared(self) -> Self {
        Self { counted: self.counted.cleared(), ..self }
    }

    /// Seconds that the block still lasts.
    pub(super) fn blocked_for(&self, now: OffsetDateTime) -> Option<u32> {
        self.counted.recent.blocked_for(now)
    }

    /// Writes them back.
    pub(super) async fn save(&self, conn: &mut PgConnection) -> Result<(), Fault> {
        tallies::save(&mut *conn, &self.scope, &self.key, &self.counted.recent).await?;
        if let Some(of_day) = &self.counted.of_day {
            tallies::save(conn, &guess_scope(self.purpose), &self.key, of_day).await?;
        }
        Ok(())
    }
}
