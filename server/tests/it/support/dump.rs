//! The database as whoever stole a dump of it has it.

use super::TestApp;
use server::seal::Sealer;
use sqlx::AssertSqlSafe;

/// Every scope in which a value that somebody could guess has a keyed hash. A test compares them with the code
/// (`server/tests/it/index_keys.rs`).
pub const SCOPES: [&str; 6] =
    ["accounts.cnpj", "accounts.cpf", "accounts.phone", "destination.email", "login.identifier", "recovery.document"];

/// The hashes of a value by the first index key alone, in every scope.
pub fn by_the_first_key(sealer: &Sealer, value: &str) -> Vec<String> {
    SCOPES.iter().map(|scope| hex(&sealer.index(scope, value))).collect()
}

/// The hashes of a value as they are written now, in every scope.
pub fn as_written_now(sealer: &Sealer, value: &str) -> Vec<String> {
    SCOPES.iter().map(|scope| hex(&sealer.found(scope, value))).collect()
}

/// Every row of every table but the migrations: the table, and the row as JSON in small letters, `bytea` in hexadecimal.
pub async fn every_row(app: &TestApp) -> Vec<(String, String)> {
    let tables: Vec<String> = sqlx::query_scalar(
        "select table_name::text from information_schema.tables where table_schema = 'public' and table_type = 'BASE TABLE'",
    )
    .fetch_all(&app.pool)
    .await
    .expect("tables");
    let mut rows = Vec::new();
    for table in tables.into_iter().filter(|table| table != "_sqlx_migrations") {
        let query = format!("select to_jsonb(t)::text from {table} t");
        let found: Vec<String> = sqlx::query_scalar(AssertSqlSafe(query)).fetch_all(&app.pool).await.expect("rows");
        rows.extend(found.into_iter().map(|row| (table.clone(), row.to_lowercase())));
    }
    rows
}

pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |hex, byte| hex + &format!("{byte:02x}"))
}
