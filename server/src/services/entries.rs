//! Counted code entries ([`portaria::entries`]). The browser that holds the sign-up or account of a code has its own tally.
//! All others share one tally per destination.

use super::turn::Done;
use crate::db::tallies;
use crate::fault::Fault;
pub(super) use portaria::entries::CodeSubmitter;
use portaria::error::Refusal;
use portaria::limits::BlockPolicy;
use portaria::purpose::CodeFor;
use sqlx::PgConnection;
use time::OffsetDateTime;

/// Scope of strangers' wrong entries; the key is the destination.
pub(super) fn entry_scope(purpose: CodeFor) -> String {
    format!("entry/{}", purpose.facts().name)
}

/// Scope of a holder's wrong entries; the key is what it holds.
pub(super) fn held_scope(purpose: CodeFor) -> String {
    format!("held/{}", purpose.facts().name)
}

/// Scope of strangers' entries of one day; the key is the destination.
pub(super) fn guess_scope(purpose: CodeFor) -> String {
    format!("guess/{}", purpose.facts().name)
}

/// The tallies of one entry, locked until the transaction ends.
#[derive(Clone)]
pub(super) struct Entries {
    purpose: CodeFor,
    scope: String,
    key: Vec<u8>,
    counted: portaria::entries::Entries,
}

impl Entries {
    /// Locks the tallies. Refuses with [`Refusal::CodeBlocked`] while entries are blocked.
    pub(super) async fn lock(
        conn: &mut PgConnection,
        now: OffsetDateTime,
        purpose: CodeFor,
        destination: &[u8],
        submitter: CodeSubmitter<'_>,
    ) -> Done<Self> {
        let (scope, key) = match submitter {
            CodeSubmitter::Holder(held) => (held_scope(purpose), held),
            CodeSubmitter::Stranger => (entry_scope(purpose), destination),
        };
        let mut counted = portaria::entries::Entries::new(tallies::lock(&mut *conn, &scope, key, now).await?);
        if submitter == CodeSubmitter::Stranger && counted.rest_for(now).is_none() {
            counted.of_day = Some(tallies::lock(conn, &guess_scope(purpose), key, now).await?);
        }
        match counted.rest_for(now) {
            Some(retry_after) => Err(Refusal::CodeBlocked { retry_after }.into()),
            None => Ok(Self { purpose, scope, key: key.to_vec(), counted }),
        }
    }

    /// Counts an entry as wrong. Returns whether it started a block.
    pub(super) fn strike(&mut self, now: OffsetDateTime, policy: BlockPolicy) -> bool {
        self.counted.strike(now, policy)
    }

    /// The tallies after a right entry.
    pub(super) fn cleared(self) -> Self {
        Self { counted: self.counted.cleared(), ..self }
    }

    /// Seconds until the block ends.
    pub(super) fn blocked_for(&self, now: OffsetDateTime) -> Option<u32> {
        self.counted.recent.blocked_for(now)
    }

    pub(super) async fn save(&self, conn: &mut PgConnection) -> Result<(), Fault> {
        tallies::save(&mut *conn, &self.scope, &self.key, &self.counted.recent).await?;
        if let Some(of_day) = &self.counted.of_day {
            tallies::save(conn, &guess_scope(self.purpose), &self.key, of_day).await?;
        }
        Ok(())
    }
}
