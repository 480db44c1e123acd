//! `portaria accounts`: the use cases of support, over the database of the settings.

use super::{Database, Failure, Node, old_schema};
use crate::clock::Clock;
use crate::config::Config;
use crate::db;
use crate::passwords::Passwords;
use crate::services::Service;
use std::sync::Arc;

/// The use cases, ready for one command. [`Desk::close`] ends what it began.
pub struct Desk {
    database: Database,
    /// The use cases.
    pub service: Arc<Service>,
}

impl Desk {
    /// Opens the database. One whose schema is old is refused, because nodes may still be at work on it.
    pub async fn open(config: &Config) -> Result<Self, Failure> {
        let database = Database::open(config).await?;
        match service(config, &database).await {
            Ok(service) => Ok(Self { database, service }),
            Err(error) => {
                database.close().await?;
                Err(error)
            }
        }
    }

    pub async fn close(self) -> Result<(), Failure> {
        self.database.close().await
    }
}

async fn service(config: &Config, database: &Database) -> Result<Arc<Service>, Failure> {
    let pending = db::pending_migrations(&database.pool).await?;
    if !pending.is_empty() {
        return Err(old_schema(&pending));
    }
    Ok(Node::build(config, database.pool.clone(), Clock::system(), Passwords::new()?).await?.service)
}
