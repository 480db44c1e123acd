//! What `portaria doctor` reads of the database. It writes nothing, and no table needs to exist.

use super::MIGRATOR;
use super::keys::KeysError;
use crate::seal::DataKey;
use sqlx::migrate::{Migrate, MigrateError};
use sqlx::postgres::PgConnectOptions;
use sqlx::{ConnectOptions, PgConnection};
use std::collections::BTreeMap;
use std::time::Duration;
use time::OffsetDateTime;

/// How long a connection may take.
const CONNECTING: Duration = Duration::from_secs(5);
/// The table in which sqlx notes the migrations.
const MIGRATIONS: &str = "_sqlx_migrations";

/// Opens one connection, without a pool: that one would try again for seconds when nobody listens.
pub async fn connect(url: &str) -> Result<PgConnection, sqlx::Error> {
    let options: PgConnectOptions = url.parse()?;
    tokio::time::timeout(CONNECTING, options.application_name("portaria doctor").connect()).await.unwrap_or(Err(sqlx::Error::PoolTimedOut))
}

/// The version of Postgres: its number, such as `170006`, and as people say it.
pub async fn version(conn: &mut PgConnection) -> Result<(i32, String), sqlx::Error> {
    sqlx::query_as("select current_setting('server_version_num')::integer, current_setting('server_version')").fetch_one(conn).await
}

/// What the clock of the database says now.
pub async fn clock(conn: &mut PgConnection) -> Result<OffsetDateTime, sqlx::Error> {
    sqlx::query_scalar("select clock_timestamp()").fetch_one(conn).await
}

async fn has_table(conn: &mut PgConnection, table: &str) -> Result<bool, sqlx::Error> {
    sqlx::query_scalar("select to_regclass($1) is not null").bind(table).fetch_one(conn).await
}

/// The migrations of the database beside those of this program, by their numbers and names.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Schema {
    /// How many this program has.
    pub known: usize,
    /// Not applied yet.
    pub pending: Vec<String>,
    /// Applied by a newer program.
    pub newer: Vec<String>,
    /// Applied with other contents.
    pub foreign: Vec<String>,
}

pub async fn schema(conn: &mut PgConnection) -> Result<Schema, MigrateError> {
    let applied = if has_table(conn, MIGRATIONS).await? { conn.list_applied_migrations(MIGRATIONS).await? } else { Vec::new() };
    let mut applied: BTreeMap<_, _> = applied.into_iter().map(|migration| (migration.version, migration.checksum)).collect();
    let mut schema = Schema { known: MIGRATOR.iter().count(), ..Schema::default() };
    for migration in MIGRATOR.iter() {
        let name = format!("{:04} {}", migration.version, migration.description);
        match applied.remove(&migration.version) {
            None => schema.pending.push(name),
            Some(checksum) if checksum != migration.checksum => schema.foreign.push(name),
            Some(_) => {}
        }
    }
    schema.newer = applied.into_keys().map(|version| format!("{version:04}")).collect();
    Ok(schema)
}

/// Opens every data key with the secret. Returns how many there are; none before the first start.
pub async fn keys(conn: &mut PgConnection, secret: &[u8; 32]) -> Result<usize, KeysError> {
    if !has_table(conn, "data_keys").await? {
        return Ok(0);
    }
    let wrapped: Vec<(i64, Vec<u8>)> = sqlx::query_as("select id, wrapped from data_keys").fetch_all(conn).await?;
    let wrapping = DataKey::from_secret(secret);
    for (id, key) in &wrapped {
        wrapping.unwrap_key(key, *id).map_err(|_| KeysError::WrongSecret)?;
    }
    Ok(wrapped.len())
}

/// The ids of the signing keys that are published; none before the first start.
pub async fn signing_key_ids(conn: &mut PgConnection) -> Result<Vec<String>, sqlx::Error> {
    if !has_table(conn, "signing_keys").await? {
        return Ok(Vec::new());
    }
    sqlx::query_scalar("select kid from signing_keys").fetch_all(conn).await
}
