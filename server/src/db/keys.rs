//! Tables `data_keys` and `signing_keys`: the keys that Portaria generates for itself, wrapped or sealed.

use crate::entropy;
use crate::fault::Fault;
use crate::seal::{DataKey, Sealer};
use sqlx::{PgConnection, PgPool};
use std::collections::BTreeMap;
use time::OffsetDateTime;
use zeroize::Zeroizing;

/// Why the keys could not be loaded.
#[derive(Debug, thiserror::Error)]
pub enum KeysError {
    #[error("database: {0}")]
    Database(#[from] sqlx::Error),
    /// The keys were wrapped with another secret.
    #[error("PORTARIA_SECRET is not the one that this database was set up with: its keys do not open")]
    WrongSecret,
}

/// Loads the sealing and index keys; the first start creates them. Two nodes may start at once: the unique index on the
/// current key lets one win, and both read what it wrote.
pub async fn load(pool: &PgPool, secret: &[u8; 32], now: OffsetDateTime) -> Result<Sealer, KeysError> {
    let wrapping = DataKey::from_secret(secret);
    for purpose in ["seal", "index"] {
        sqlx::query(
            "insert into data_keys (purpose, wrapped, created_at) select $1, $2, $3 \
             where not exists (select 1 from data_keys where purpose = $1 and retired_at is null) on conflict do nothing",
        )
        .bind(purpose)
        .bind(wrapping.wrap(&DataKey::random()))
        .bind(now)
        .execute(pool)
        .await?;
    }
    let rows: Vec<(i64, String, Vec<u8>, Option<OffsetDateTime>)> =
        sqlx::query_as("select id, purpose, wrapped, retired_at from data_keys order by id").fetch_all(pool).await?;
    let (mut seal, mut index) = (BTreeMap::new(), None);
    for (id, purpose, wrapped, retired_at) in rows {
        let key = wrapping.unwrap_key(&wrapped).map_err(|_| KeysError::WrongSecret)?;
        match purpose.as_str() {
            "seal" => {
                seal.insert(id, key);
            }
            _ if retired_at.is_none() => index = Some(key),
            _ => {}
        }
    }
    let index = index.ok_or(KeysError::WrongSecret)?;
    Ok(Sealer::new(seal, index))
}

pub struct SigningKey {
    /// The key id in the JWT header and the JWKS.
    pub kid: String,
    /// PKCS#8, DER.
    pub private: Zeroizing<Vec<u8>>,
    /// 32 bytes.
    pub public: Vec<u8>,
    pub created_at: OffsetDateTime,
    /// From when nothing is signed with it; `None` for the current key.
    pub retired_at: Option<OffsetDateTime>,
}

type SigningRow = (String, Vec<u8>, Vec<u8>, OffsetDateTime, Option<OffsetDateTime>);

const SIGNING_PLACE: &str = "signing_keys.private";

/// Every signing key that may still have valid tokens, newest first.
pub async fn signing_keys(pool: &PgPool, sealer: &Sealer, retired_after: OffsetDateTime) -> Result<Vec<SigningKey>, Fault> {
    let rows: Vec<SigningRow> = sqlx::query_as(
        "select kid, sealed, public, created_at, retired_at from signing_keys \
         where retired_at is null or retired_at > $1 order by created_at desc, kid",
    )
    .bind(retired_after)
    .fetch_all(pool)
    .await?;
    rows.into_iter()
        .map(|(kid, sealed, public, created_at, retired_at)| {
            let private = sealer.open_in(&sealed, SIGNING_PLACE, kid.as_str())?.into();
            Ok(SigningKey { kid, private, public, created_at, retired_at })
        })
        .collect()
}

/// When the current signing key was created, if there is one. Locks until the transaction ends, so that only one node at a
/// time creates a key.
pub async fn lock_newest_signing_key(conn: &mut PgConnection) -> Result<Option<OffsetDateTime>, Fault> {
    sqlx::query("select id from data_keys where purpose = 'seal' and retired_at is null for update").execute(&mut *conn).await?;
    Ok(sqlx::query_scalar("select max(created_at) from signing_keys where retired_at is null").fetch_one(conn).await?)
}

/// Stores a new signing key and retires the earlier ones.
pub async fn add_signing_key(
    conn: &mut PgConnection,
    sealer: &Sealer,
    private: &[u8],
    public: &[u8],
    now: OffsetDateTime,
) -> Result<(), Fault> {
    let kid = entropy::uuid().simple().to_string();
    sqlx::query("update signing_keys set retired_at = $1 where retired_at is null").bind(now).execute(&mut *conn).await?;
    sqlx::query("insert into signing_keys (kid, sealed, public, created_at) values ($1, $2, $3, $4)")
        .bind(&kid)
        .bind(sealer.seal_in(private, SIGNING_PLACE, kid.as_str()))
        .bind(public)
        .bind(now)
        .execute(conn)
        .await?;
    Ok(())
}
