//! What is broken on our side: logged here, told to nobody (ASVS 16.5.1). A refusal is not a fault.

use crate::seal::SealBroken;
use portaria::error::Refusal;

/// A broken part. It rolls the transaction back; the one who asked is told [`Refusal::Unavailable`].
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    /// The database failed or is away.
    #[error("database: {0}")]
    Database(#[from] sqlx::Error),
    /// A sealed value did not open.
    #[error(transparent)]
    Seal(#[from] SealBroken),
    /// A row holds what the domain does not allow.
    #[error("inconsistent row in {table}.{column}")]
    Inconsistent {
        /// The table.
        table: &'static str,
        /// The column.
        column: &'static str,
    },
    /// A token could not be made.
    #[error("token: {0}")]
    Token(String),
    /// A photo could not be worked on.
    #[error("photo: {0}")]
    Photo(String),
    /// A password hash could not be made or read.
    #[error("password hash: {0}")]
    PasswordHash(String),
}

impl Fault {
    /// A row holds what the domain does not allow.
    pub const fn inconsistent(table: &'static str, column: &'static str) -> Self {
        Self::Inconsistent { table, column }
    }

    /// Logs it and gives what the one who asked is told.
    pub fn told(&self) -> Refusal {
        tracing::error!(fault = %self, "request failed");
        Refusal::Unavailable
    }
}
