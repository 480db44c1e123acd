//! All SQL: one file per aggregate. Rows become domain types here. A violated named constraint becomes a refusal of the
//! domain.

pub mod accesses;
pub mod account_changes;
pub mod accounts;
pub mod audit;
pub mod captured;
pub mod completion_grants;
pub mod contacts;
pub mod contests;
pub mod deletions;
pub mod devices;
pub mod documents;
pub mod erasure;
pub mod health;
pub mod keys;
pub mod link_codes;
pub mod not_me;
pub mod openid;
pub mod openid_keys;
pub mod outbox;
pub mod own_data;
pub mod photos;
pub mod private;
pub mod recovery_grants;
pub mod reindex;
pub mod reminders;
pub mod reseal;
pub mod retally;
pub mod retention;
mod rotation;
pub mod rungs;
pub mod sessions;
pub mod sign_in;
pub mod signing_keys;
pub mod signups;
pub mod spending;
pub mod tallies;
pub mod terms;
mod unique;
pub mod verifications;
pub mod waiting;
pub mod webhooks;

use crate::fault::Fault;
use sqlx::migrate::{Migrate, Migrator};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions, PgQueryResult};
use sqlx::{Connection, PgConnection, PgPool};
use std::time::Duration;

/// The migrations, embedded in the program.
pub static MIGRATOR: Migrator = sqlx::migrate!("../migrations");

/// The target of the log's events about statements, of level debug.
pub const STATEMENTS: &str = "sqlx::query";

/// How long a request waits for a connection of the pool.
pub const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(8);
/// After this time Postgres cancels a statement.
pub const STATEMENT_TIMEOUT: Duration = Duration::from_secs(10);
/// After this time Postgres gives up waiting for a lock.
const LOCK_TIMEOUT: Duration = Duration::from_secs(8);

/// How statements are planned: once for each connection, and by their indexes. Otherwise Postgres would plan a statement with a list in it
/// anew each time, and in a young database, whose tables are empty, plan to read them from end to end for as long as the connection lives.
/// What has no index is read so anyway, and must not look dear enough to be compiled.
const PLANS: [(&str, &str); 3] = [("plan_cache_mode", "force_generic_plan"), ("enable_seqscan", "off"), ("jit", "off")];

/// A connection that was given back at most this long ago is taken without a ping. After a failover it may cost one request a
/// 503.
const UNTESTED: Duration = Duration::from_secs(1);

pub async fn connect(url: &str) -> Result<PgPool, sqlx::Error> {
    let options: PgConnectOptions = url.parse()?;
    let limits = [("statement_timeout", STATEMENT_TIMEOUT), ("lock_timeout", LOCK_TIMEOUT)];
    let options =
        options.application_name("portaria").options(limits.map(|(name, limit)| (name, format!("{}ms", limit.as_millis())))).options(PLANS);
    PgPoolOptions::new()
        .max_connections(16)
        .acquire_timeout(ACQUIRE_TIMEOUT)
        // A ping is a round trip as long as that of a statement. The pool pings whatever is given back anyway.
        .test_before_acquire(false)
        .before_acquire(|conn, meta| {
            Box::pin(async move {
                if meta.idle_for > UNTESTED {
                    conn.ping().await?;
                }
                Ok(true)
            })
        })
        .connect_with(options)
        .await
}

/// Checks an update of one row by its key: a missing row is a fault.
fn one(done: &PgQueryResult, table: &'static str) -> Result<(), Fault> {
    if done.rows_affected() == 1 { Ok(()) } else { Err(Fault::inconsistent(table, "id")) }
}

pub async fn answers(pool: &PgPool) -> Result<(), sqlx::Error> {
    sqlx::query("select 1").execute(pool).await.map(drop)
}

/// Sets a savepoint.
pub async fn savepoint(conn: &mut PgConnection) -> Result<(), sqlx::Error> {
    sqlx::query("savepoint attempt").execute(conn).await.map(drop)
}

/// Releases the savepoint and keeps what was done since.
pub async fn keep_savepoint(conn: &mut PgConnection) -> Result<(), sqlx::Error> {
    sqlx::query("release savepoint attempt").execute(conn).await.map(drop)
}

/// Rolls back to the savepoint.
pub async fn undo_savepoint(conn: &mut PgConnection) -> Result<(), sqlx::Error> {
    sqlx::query("rollback to savepoint attempt").execute(&mut *conn).await?;
    keep_savepoint(conn).await
}

/// The names of the migrations that the database has not applied yet.
pub async fn pending_migrations(pool: &PgPool) -> Result<Vec<String>, Box<dyn std::error::Error + Send + Sync>> {
    let mut conn = pool.acquire().await?;
    let conn: &mut PgConnection = &mut conn;
    conn.ensure_migrations_table("_sqlx_migrations").await?;
    let applied = conn.list_applied_migrations("_sqlx_migrations").await?;
    Ok(MIGRATOR
        .iter()
        .filter(|migration| !applied.iter().any(|done| done.version == migration.version))
        .map(|migration| format!("{:04} {}", migration.version, migration.description))
        .collect())
}
