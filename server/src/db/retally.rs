//! The counts whose keys are keyed hashes, by the newest index key (`server/src/services/index_keys.rs`). A count has one row, so that while
//! the key changes it is carried over: before nodes count by the newest key, and once more when none counts by the one before.

use super::reindex::Step;
use crate::fault::Fault;
use crate::seal::Sealer;
use sqlx::PgPool;

/// The scope whose keys are of tokens, which need no new key.
pub const OF_TOKENS: &str = "signup/form";

/// Adds one count to another: what both know counts once.
macro_rules! add {
    ($from:literal) => {
        concat!(
            $from,
            " on conflict (scope, key) do update set \
             hits = coalesce((select array_agg(hit order by hit) from ( \
                 select hit, generate_series(1, max(times)) from ( \
                     select hit, count(*) as times from unnest(tallies.hits) as hit group by hit \
                     union all select hit, count(*) from unnest(excluded.hits) as hit group by hit) as each group by hit) as all_hits), '{}'), \
             blocked_until = greatest(tallies.blocked_until, excluded.blocked_until), \
             forget_at = greatest(tallies.forget_at, excluded.forget_at)"
        )
    };
}

/// The key of a count by the newest index key, of one by an earlier: a hash, or the number of an account and a hash.
fn newest_key(sealer: &Sealer, key: &[u8]) -> Option<Vec<u8>> {
    let own = match key.len() {
        32 | 33 => 0,
        40 | 41 => 8,
        _ => return None,
    };
    let (own, hash) = key.split_at(own);
    let newest = sealer.newest_of(hash)?;
    (newest != hash).then(|| [own, &newest].concat())
}

/// Carries every count by an earlier key to the newest, each by a statement of its own, so that it waits for nobody who waits for it. To
/// fill leaves the earlier row, which others count in; to move does not. Returns how many there were.
pub async fn carry(pool: &PgPool, sealer: &Sealer, step: Step, size: i64) -> Result<u64, Fault> {
    let (mut after, mut done) = ((String::new(), Vec::new()), 0);
    loop {
        let page: Vec<(String, Vec<u8>)> = sqlx::query_as(
            "select scope, key from tallies where (scope, key) > ($1, $2) and octet_length(key) in (32, 33, 40, 41) and scope <> $3 \
             order by scope, key limit $4",
        )
        .bind(&after.0)
        .bind(&after.1)
        .bind(OF_TOKENS)
        .bind(size)
        .fetch_all(pool)
        .await?;
        let Some(last) = page.last().cloned() else { return Ok(done) };
        for (scope, key) in &page {
            let Some(newest) = newest_key(sealer, key) else { continue };
            let statement = match step {
                Step::Fill => add!(
                    "insert into tallies (scope, key, hits, blocked_until, forget_at) \
                     select scope, $3, hits, blocked_until, forget_at from tallies where scope = $1 and key = $2"
                ),
                Step::Move => add!(
                    "with earlier as (delete from tallies where scope = $1 and key = $2 returning hits, blocked_until, forget_at) \
                     insert into tallies (scope, key, hits, blocked_until, forget_at) select $1, $3, hits, blocked_until, forget_at from earlier"
                ),
            };
            done += sqlx::query(statement).bind(scope).bind(key).bind(newest).execute(pool).await?.rows_affected();
        }
        after = last;
    }
}
