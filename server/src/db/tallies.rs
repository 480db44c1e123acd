//! Table `tallies`: all counts against limits, shared by all nodes. A row is locked from reading it until the transaction
//! ends, so that counting is never a race (ASVS 15.4.2).

use portaria::limits::Tally;
use sqlx::{PgConnection, PgExecutor};
use time::{Duration, OffsetDateTime};

/// How long a tally is kept after its last use: longer than any counting window.
const KEPT: Duration = Duration::hours(25);

/// Reads and locks a tally. A missing one is created, so that two first entries wait for each other too.
pub async fn lock(conn: &mut PgConnection, scope: &str, key: &[u8], now: OffsetDateTime) -> Result<Tally, sqlx::Error> {
    let (hits, blocked_until) = sqlx::query_as(
        "insert into tallies (scope, key, forget_at) values ($1, $2, $3) \
         on conflict (scope, key) do update set forget_at = greatest(tallies.forget_at, excluded.forget_at) \
         returning hits, blocked_until",
    )
    .bind(scope)
    .bind(key)
    .bind(now + KEPT)
    .fetch_one(conn)
    .await?;
    Ok(Tally { hits, blocked_until })
}

/// The same for several in one statement, locked in the order of `asked`, which is that of the result. No two are the same.
pub async fn lock_all(conn: &mut PgConnection, asked: &[(&str, &[u8])], now: OffsetDateTime) -> Result<Vec<Tally>, sqlx::Error> {
    let (scopes, keys): (Vec<&str>, Vec<&[u8]>) = asked.iter().copied().unzip();
    let rows: Vec<(Vec<OffsetDateTime>, Option<OffsetDateTime>)> = sqlx::query_as(
        "with asked as (select * from unnest($1::text[], $2::bytea[]) with ordinality as asked (scope, key, nth)), locked as ( \
             insert into tallies (scope, key, forget_at) select scope, key, $3 from asked order by nth \
             on conflict (scope, key) do update set forget_at = greatest(tallies.forget_at, excluded.forget_at) \
             returning scope, key, hits, blocked_until \
         ) select hits, blocked_until from asked join locked using (scope, key) order by nth",
    )
    .bind(scopes)
    .bind(keys)
    .bind(now + KEPT)
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(|(hits, blocked_until)| Tally { hits, blocked_until }).collect())
}

/// Reads a tally without locking it, to show waits.
pub async fn peek(conn: &mut PgConnection, scope: &str, key: &[u8]) -> Result<Tally, sqlx::Error> {
    let row: Option<(Vec<OffsetDateTime>, Option<OffsetDateTime>)> =
        sqlx::query_as("select hits, blocked_until from tallies where scope = $1 and key = $2")
            .bind(scope)
            .bind(key)
            .fetch_optional(conn)
            .await?;
    Ok(row.map(|(hits, blocked_until)| Tally { hits, blocked_until }).unwrap_or_default())
}

/// Reads several tallies in one statement, without locking them. The result has the order of `asked`.
pub async fn peek_all(conn: impl PgExecutor<'_>, asked: &[(&str, &[u8])]) -> Result<Vec<Tally>, sqlx::Error> {
    let (scopes, keys): (Vec<&str>, Vec<&[u8]>) = asked.iter().copied().unzip();
    let rows: Vec<(Option<Vec<OffsetDateTime>>, Option<OffsetDateTime>)> = sqlx::query_as(
        "select t.hits, t.blocked_until from unnest($1::text[], $2::bytea[]) with ordinality as asked (scope, key, nth) \
         left join tallies t on t.scope = asked.scope and t.key = asked.key order by asked.nth",
    )
    .bind(scopes)
    .bind(keys)
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(|(hits, blocked_until)| Tally { hits: hits.unwrap_or_default(), blocked_until }).collect())
}

/// A tally to be replaced. Neither is blocked before.
pub struct Exchange<'a> {
    pub scope: &'a str,
    pub key: &'a [u8],
    /// As it was read.
    pub seen: &'a Tally,
    pub counted: &'a Tally,
}

/// The exchanges of these tallies, as they were seen, for counted ones.
pub fn exchanges<'a>(asked: &[(&'a str, &'a [u8])], seen: &'a [Tally], counted: &'a [Tally]) -> Vec<Exchange<'a>> {
    asked.iter().zip(seen.iter().zip(counted)).map(|((scope, key), (seen, counted))| Exchange { scope, key, seen, counted }).collect()
}

/// Replaces tallies, if each still is as it was read; otherwise none, and the result is `false`. Callers list them in the order
/// in which they are locked everywhere.
///
/// Only as a statement of its own: the transaction that it runs in does not wait for the disk when it commits.
pub async fn exchange(conn: impl PgExecutor<'_>, now: OffsetDateTime, asked: &[Exchange<'_>]) -> Result<bool, sqlx::Error> {
    let scopes: Vec<_> = asked.iter().map(|it| it.scope).collect();
    let keys: Vec<_> = asked.iter().map(|it| it.key).collect();
    let seen: Vec<_> = asked.iter().map(|it| array(&it.seen.hits)).collect();
    let counted: Vec<_> = asked.iter().map(|it| array(&it.counted.hits)).collect();
    let blocked: Vec<_> = asked.iter().map(|it| it.counted.blocked_until).collect();
    sqlx::query_scalar("select exchange_tallies($1, $2, $3, $4, $5, $6)")
        .bind(scopes)
        .bind(keys)
        .bind(seen)
        .bind(counted)
        .bind(blocked)
        .bind(now + KEPT)
        .fetch_one(conn)
        .await
}

/// Instants as the text of an array. `+00:00:00` is a time zone to Postgres.
fn array(hits: &[OffsetDateTime]) -> String {
    let hits: Vec<_> = hits.iter().map(|hit| format!("\"{hit}\"")).collect();
    format!("{{{}}}", hits.join(","))
}

/// Saves tallies that are locked, in one statement.
pub async fn save_all(conn: &mut PgConnection, locked: &[(&str, &[u8])], tallies: &[Tally]) -> Result<(), sqlx::Error> {
    let (scopes, keys): (Vec<&str>, Vec<&[u8]>) = locked.iter().copied().unzip();
    let hits: Vec<_> = tallies.iter().map(|tally| array(&tally.hits)).collect();
    let blocked: Vec<_> = tallies.iter().map(|tally| tally.blocked_until).collect();
    sqlx::query(
        "update tallies \
         set hits = saved.hits::timestamptz[], blocked_until = saved.until, forget_at = greatest(tallies.forget_at, saved.until) \
         from unnest($1::text[], $2::bytea[], $3::text[], $4::timestamptz[]) as saved (scope, key, hits, until) \
         where tallies.scope = saved.scope and tallies.key = saved.key",
    )
    .bind(scopes)
    .bind(keys)
    .bind(hits)
    .bind(blocked)
    .execute(conn)
    .await?;
    Ok(())
}

pub async fn save(conn: &mut PgConnection, scope: &str, key: &[u8], tally: &Tally) -> Result<(), sqlx::Error> {
    // A block is kept until it ends, however long it was configured.
    sqlx::query("update tallies set hits = $3, blocked_until = $4, forget_at = greatest(forget_at, $4) where scope = $1 and key = $2")
        .bind(scope)
        .bind(key)
        .bind(&tally.hits)
        .bind(tally.blocked_until)
        .execute(conn)
        .await?;
    Ok(())
}

/// Clears a tally, if there is one. Returns whether it counted anything.
pub async fn clear(conn: &mut PgConnection, scope: &str, key: &[u8]) -> Result<bool, sqlx::Error> {
    let cleared = sqlx::query(
        "update tallies set hits = '{}', blocked_until = null \
         where scope = $1 and key = $2 and (hits <> '{}' or blocked_until is not null)",
    )
    .bind(scope)
    .bind(key)
    .execute(conn)
    .await?;
    Ok(cleared.rows_affected() == 1)
}
