//! Unique values: the field of a violated index, and statements that may violate one.

use crate::fault::Fault;
use portaria::field::Field;
use sqlx::postgres::{PgArguments, PgQueryResult};
use sqlx::query::Query;
use sqlx::{PgConnection, Postgres};

/// The field whose value another account has, by the name of the violated index.
fn taken_field(error: &sqlx::Error) -> Option<Field> {
    let sqlx::Error::Database(error) = error else { return None };
    match error.constraint()? {
        "accounts_email_key" => Some(Field::Email),
        "accounts_username_key" => Some(Field::Username),
        "accounts_phone_key" | "accounts_phone_next_key" => Some(Field::Phone),
        "accounts_cpf_key" | "accounts_cpf_next_key" => Some(Field::Cpf),
        "accounts_cnpj_key" | "accounts_cnpj_next_key" => Some(Field::Cnpj),
        _ => None,
    }
}

/// Runs a statement that claims unique values. `Err`: another account has that value. Then nothing was written, and the
/// transaction continues.
pub(super) async fn unless_taken(
    conn: &mut PgConnection,
    statement: Query<'_, Postgres, PgArguments>,
) -> Result<Result<PgQueryResult, Field>, Fault> {
    let mut savepoint = sqlx::Connection::begin(conn).await?;
    match statement.execute(&mut *savepoint).await {
        Ok(done) => {
            savepoint.commit().await?;
            Ok(Ok(done))
        }
        Err(error) => {
            let field = taken_field(&error).ok_or(error)?;
            savepoint.rollback().await?;
            Ok(Err(field))
        }
    }
}

/// The same for an update of one row. Returns whether it was written; `false` also if the row no longer matches its
/// condition.
pub(super) async fn claimed(conn: &mut PgConnection, update: Query<'_, Postgres, PgArguments>) -> Result<bool, Fault> {
    Ok(unless_taken(conn, update).await?.is_ok_and(|done| done.rows_affected() == 1))
}
