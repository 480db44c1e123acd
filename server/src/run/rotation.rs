//! What `portaria keys` stands on.

use super::{Database, Failure, algorithms_of, expect_schema, load_keys};
use crate::clock::Clock;
use crate::config::Config;
use crate::db::keys::{self, Listed};
use crate::openid_tokens::OpenIdTokens;
use crate::services::index_keys;
use crate::services::keys::{self as rotation, Told};
use crate::tokens::{KEY_KEPT, Tokens};
use portaria::openid::Algorithm;
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

/// Keys that sign.
pub enum Signing {
    /// Of access tokens of the API.
    Api,
    /// Of what products get.
    Products(Algorithm),
}

/// `portaria keys rotate --signing`. Returns from when each new key signs; `None`: one waits already.
pub async fn rotate_signing(config: Config) -> Result<Vec<(Signing, Option<OffsetDateTime>)>, Failure> {
    let database = Database::open(&config).await?;
    let rotated = async {
        expect_schema(&config, &database.pool).await?;
        let now = Clock::system().now();
        let sealer = load_keys(&config, &database.pool, now).await?;
        let tokens = Tokens::load(database.pool.clone(), sealer.clone(), config.public_url.as_str(), now).await?;
        let of_products = OpenIdTokens::load(database.pool.clone(), sealer, algorithms_of(&config), now).await?;
        let mut renewed = vec![(Signing::Api, tokens.renew(now, true).await?)];
        renewed.extend(of_products.renew(now, true).await?.into_iter().map(|(alg, from)| (Signing::Products(alg), from)));
        Ok::<_, Failure>(renewed)
    }
    .await;
    database.close().await?;
    rotated
}
