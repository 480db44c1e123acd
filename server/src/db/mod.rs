//! All SQL: one file per aggregate. Rows become domain types here; what Postgres says no to by a named constraint becomes
//! a refusal of the domain.

pub mod account_changes;
pub mod accounts;
pub mod audit;
pub mod contacts;
pub mod contests;
pub mod devices;
pub mod documents;
pub mod keys;
pub mod not_me;
pub mod outbox;
pub mod photos;
pub mod proofs;
pub mod recovery_grants;
pub mod retention;
pub mod sessions;
pub mod signups;
pub mod tallies;
pub mod verifications;

use sqlx::migrate::{Migrate, Migrator};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::{PgConnection, PgPool};
use std::time::Duration;

/// The migrations, inside the program.
pub static MIGRATOR: Migrator = sqlx::migrate!("../migrations");

/// Opens a pool. Statements that hang are ended after 10 s: a request never waits longer for the database.
pub async fn connect(url: &str) -> Result<PgPool, sqlx::Error> {
    let options: PgConnectOptions = url.parse()?;
    let options = options.application_name("portaria").options([("statement_timeout", "10s"), ("lock_timeout", "8s")]);
    PgPoolOptions::new().max_connections(16).acquire_timeout(Duration::from_secs(8)).connect_with(options).await
}

/// Which of our migrations the database has not seen yet, by name.
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
