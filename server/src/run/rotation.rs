//! What `portaria keys` stands on.

use super::{Database, Failure, expect_schema, load_keys};
use crate::clock::Clock;
use crate::config::Config;
use crate::db::keys::{self, Listed};
use crate::services::index_keys;
use crate::services::keys::{self as rotation, Told};
use crate::tokens::{KEY_KEPT, Tokens};
use time::OffsetDateTime;

/// `portaria keys list`.
pub async fn list(config: Config) -> Result<Vec<Listed>, Failure> {
    let database = Database::open(&config).await?;
    let listed = async {
        expect_schema(&config, &database.pool).await?;
        Ok::<_, Failure>(keys::list(&database.pool, Clock::system().now() - KEY_KEPT).await?)
    }
    .await;
    database.close().await?;
    listed
}

/// `portaria keys rotate`.
pub async fn rotate(config: Config, told: &mut (dyn FnMut(Told) + Send)) -> Result<(), Failure> {
    let database = Database::open(&config).await?;
    let rotated = async {
        expect_schema(&config, &database.pool).await?;
        let clock = Clock::system();
        load_keys(&config, &database.pool, clock.now()).await?;
        Ok::<_, Failure>(rotation::rotate(&database.pool, config.secret.expose(), &clock, told).await?)
    }
    .await;
    database.close().await?;
    rotated
}

/// `portaria keys rotate --index`.
pub async fn rotate_index(config: Config, told: &mut (dyn FnMut(Told) + Send)) -> Result<(), Failure> {
    let database = Database::open(&config).await?;
    let rotated = async {
        expect_schema(&config, &database.pool).await?;
        let clock = Clock::system();
        load_keys(&config, &database.pool, clock.now()).await?;
        Ok::<_, Failure>(index_keys::rotate(&database.pool, config.secret.expose(), &clock, told).await?)
    }
    .await;
    database.close().await?;
    rotated
}

/// `portaria keys rotate --signing`. Returns from when the new key signs; `None`: one waits already.
pub async fn rotate_signing(config: Config) -> Result<Option<OffsetDateTime>, Failure> {
    let database = Database::open(&config).await?;
    let rotated = async {
        expect_schema(&config, &database.pool).await?;
        let now = Clock::system().now();
        let sealer = load_keys(&config, &database.pool, now).await?;
        let tokens = Tokens::load(database.pool.clone(), sealer, config.public_url.as_str(), now).await?;
        Ok::<_, Failure>(tokens.renew(now, true).await?)
    }
    .await;
    database.close().await?;
    rotated
}
