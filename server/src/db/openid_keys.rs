//! Table `openid_keys`: what signs for products.

use crate::fault::Fault;
use crate::seal::Sealer;
use portaria::openid::Algorithm;
use sqlx::{PgConnection, PgPool};
use time::OffsetDateTime;
use zeroize::Zeroizing;

/// A key and its life.
pub struct OpenIdKey {
    /// Its id in the JWT header and the JWKS.
    pub kid: String,
    pub alg: Algorithm,
    /// RS256: PKCS#8, DER; `EdDSA`: the seed of 32 bytes.
    pub private: Zeroizing<Vec<u8>>,
    /// As in the table.
    pub public: String,
    pub created_at: OffsetDateTime,
    /// It is published before.
    pub signs_from: OffsetDateTime,
}

pub(super) const PLACE: &str = "openid_keys.sealed";

type Row = (String, String, Vec<u8>, String, OffsetDateTime, OffsetDateTime);

/// Every key that may still have valid tokens, newest first.
pub async fn all(pool: &PgPool, sealer: &Sealer, retired_after: OffsetDateTime) -> Result<Vec<OpenIdKey>, Fault> {
    let rows: Vec<Row> = sqlx::query_as(
        "select kid, alg, sealed, public, created_at, signs_from from openid_keys where retired_at is null or retired_at > $1 \
         order by created_at desc, kid",
    )
    .bind(retired_after)
    .fetch_all(pool)
    .await?;
    rows.into_iter()
        .map(|(kid, alg, sealed, public, created_at, signs_from)| {
            let private = sealer.open_in(&sealed, PLACE, kid.as_str())?.into();
            let alg = Algorithm::parse(&alg).ok_or(Fault::inconsistent("openid_keys", "alg"))?;
            Ok(OpenIdKey { kid, alg, private, public, created_at, signs_from })
        })
        .collect()
}

/// When the newest key of an algorithm was made and from when it signs, if there is one. Locks until the transaction ends, so that only one
/// node at a time makes a key.
pub async fn lock_newest(conn: &mut PgConnection, alg: Algorithm) -> Result<Option<(OffsetDateTime, OffsetDateTime)>, Fault> {
    // Not the row of a data key, which is another one after a rotation. Who reads does not wait.
    sqlx::query("lock table openid_keys in share row exclusive mode").execute(&mut *conn).await?;
    let newest = "select created_at, signs_from from openid_keys where alg = $1 order by created_at desc limit 1";
    Ok(sqlx::query_as(newest).bind(alg.as_str()).fetch_optional(conn).await?)
}

/// Stores a new key. Those of its algorithm that sign now do so until it begins.
pub async fn add(conn: &mut PgConnection, sealer: &Sealer, key: &OpenIdKey) -> Result<(), Fault> {
    sqlx::query("update openid_keys set retired_at = $2 where alg = $1 and retired_at is null")
        .bind(key.alg.as_str())
        .bind(key.signs_from)
        .execute(&mut *conn)
        .await?;
    sqlx::query("insert into openid_keys (kid, alg, sealed, public, created_at, signs_from) values ($1, $2, $3, $4, $5, $6)")
        .bind(&key.kid)
        .bind(key.alg.as_str())
        .bind(sealer.seal_in(&key.private, PLACE, key.kid.as_str()))
        .bind(&key.public)
        .bind(key.created_at)
        .bind(key.signs_from)
        .execute(conn)
        .await?;
    Ok(())
}
