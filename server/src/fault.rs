//! Errors on our side: logged here, and never shown to the requester (ASVS 16.5.1). A refusal is not a fault.

use crate::seal::SealBroken;
use portaria::error::Refusal;
use std::sync::Arc;

/// An error on our side. It rolls back the transaction; the requester gets [`Refusal::Unavailable`].
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    /// The database failed or is unreachable.
    #[error("database: {0}")]
    Database(#[from] sqlx::Error),
    /// The same of a statement that asked for several requests.
    #[error("database: {0}")]
    Shared(#[from] Arc<sqlx::Error>),
    /// A sealed value did not open.
    #[error(transparent)]
    Seal(#[from] SealBroken),
    /// A row holds what the domain does not allow.
    #[error("inconsistent row in {table}.{column}")]
    Inconsistent { table: &'static str, column: &'static str },
    /// A token could not be created.
    #[error("token: {0}")]
    Token(String),
    /// The keys could not be loaded or changed.
    #[error("{0}")]
    Keys(String),
    /// A photo could not be processed.
    #[error("photo: {0}")]
    Photo(String),
    /// A password hash could not be computed or read.
    #[error("password hash: {0}")]
    PasswordHash(String),
}

impl Fault {
    /// A row holds what the domain does not allow.
    pub const fn inconsistent(table: &'static str, column: &'static str) -> Self {
        Self::Inconsistent { table, column }
    }

    /// Whether somebody else held a row for longer than a statement waits (`lock_not_available`).
    pub fn is_lock_timeout(&self) -> bool {
        matches!(self, Self::Database(sqlx::Error::Database(error)) if error.code().as_deref() == Some("55P03"))
    }

    /// Logs the fault and returns the refusal for the requester.
    pub fn log_and_refuse(&self) -> Refusal {
        tracing::error!(fault = %self, "request failed");
        Refusal::Unavailable
    }
}
