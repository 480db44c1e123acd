//! Counting in one statement: tallies are exchanged for counted ones, as far as this node knows how they stand.

use super::Service;
use crate::db::tallies;
use crate::fault::Fault;
use portaria::limits::Tally;
use quick_cache::sync::Cache;
use sqlx::PgConnection;

/// How many tallies are remembered.
const MOST: usize = 4096;
/// A tally with more events is read each time: those of a flood would take the memory.
const MOST_HITS: usize = 32;

/// A tally's scope and key.
pub(super) type Name<'a> = (&'static str, &'a [u8]);

/// How this node last saw tallies stand; `None`: it does not know. It is only a guess, because other nodes count too: the exchange compares
/// it with the row.
pub(crate) struct LastCounts(Cache<(&'static str, Vec<u8>), Option<Tally>>);

impl Default for LastCounts {
    fn default() -> Self {
        Self(Cache::new(MOST))
    }
}

impl LastCounts {
    /// How these stand; `None` if one is unknown. Of whom nothing is remembered nothing was counted: so it is with nearly everybody who begins
    /// something.
    fn guess(&self, asked: &[Name<'_>]) -> Option<Vec<Tally>> {
        asked.iter().map(|(scope, key)| self.0.get(&(*scope, key.to_vec())).unwrap_or_else(|| Some(Tally::default()))).collect()
    }

    fn remember(&self, (scope, key): Name<'_>, tally: &Tally) {
        let known = tally.hits.len() <= MOST_HITS && tally.blocked_until.is_none();
        self.0.insert((scope, key.to_vec()), known.then(|| tally.clone()));
    }

    /// It is counted in some other way.
    pub(super) fn unsure(&self, (scope, key): Name<'_>) {
        self.0.insert((scope, key.to_vec()), None);
    }

    /// It is cleared.
    pub(super) fn forget(&self, (scope, key): Name<'_>) {
        self.0.remove(&(scope, key.to_vec()));
    }
}

impl Service {
    /// Replaces tallies by what `count` makes of them, without a transaction: by one statement where this node knows how they stand, else by two,
    /// or three where what it knew is no longer so. The result is that of `count`; if it is an error, nothing is counted. `None`: another
    /// count came between, and nothing was counted here.
    pub(super) async fn count_at_once<T, E>(
        &self,
        conn: &mut PgConnection,
        asked: &[Name<'_>],
        count: impl Fn(&mut [Tally]) -> Result<T, E>,
    ) -> Result<Option<Result<T, E>>, Fault> {
        if let Some(guessed) = self.last_counts.guess(asked)
            && let Some(Ok(counted)) = self.exchange(conn, asked, guessed, &count).await?
        {
            return Ok(Some(Ok(counted)));
        }
        let seen = tallies::peek_all(&mut *conn, asked).await?;
        self.exchange(conn, asked, seen, &count).await
    }

    async fn exchange<T, E>(
        &self,
        conn: &mut PgConnection,
        asked: &[Name<'_>],
        seen: Vec<Tally>,
        count: impl Fn(&mut [Tally]) -> Result<T, E>,
    ) -> Result<Option<Result<T, E>>, Fault> {
        let mut counted = seen.clone();
        let outcome = match count(&mut counted) {
            Ok(outcome) => outcome,
            Err(refused) => return Ok(Some(Err(refused))),
        };
        if !tallies::exchange(conn, self.now(), &tallies::exchanges(asked, &seen, &counted)).await? {
            return Ok(None);
        }
        for (name, tally) in asked.iter().zip(&counted) {
            self.last_counts.remember(*name, tally);
        }
        Ok(Some(Ok(outcome)))
    }
}
