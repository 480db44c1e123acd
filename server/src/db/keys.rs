//! Table `data_keys`: the keys that Portaria makes for itself, wrapped by `PORTARIA_SECRET`.

use crate::seal::{DataKey, Sealer};
use sqlx::{PgConnection, PgPool};
use std::collections::BTreeMap;
use time::OffsetDateTime;

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
    read(pool, secret, now).await
}

/// Wraps anew with `secret` what `old` wrapped (SPEC §13): afterwards the old secret opens nothing. All of it or nothing; whatever `secret`
/// opens already stays. Returns how many keys that were.
pub async fn rewrap(pool: &PgPool, secret: &[u8; 32], old: &[u8; 32]) -> Result<usize, KeysError> {
    let (wrapping, before) = (DataKey::from_secret(secret), DataKey::from_secret(old));
    let mut tx = pool.begin().await?;
    lock(&mut tx).await?;
    let rows: Vec<(i64, Vec<u8>)> = sqlx::query_as("select id, wrapped from data_keys").fetch_all(&mut *tx).await?;
    let mut rewrapped = 0;
    for (id, wrapped) in rows {
        if wrapping.unwrap_key(&wrapped).is_ok() {
            continue;
        }
        let key = before.unwrap_key(&wrapped).map_err(|_| KeysError::WrongSecret)?;
        sqlx::query("update data_keys set wrapped = $2 where id = $1").bind(id).bind(wrapping.wrap(&key)).execute(&mut *tx).await?;
        rewrapped += 1;
    }
    tx.commit().await?;
    Ok(rewrapped)
}

/// Until the transaction ends nobody else adds a key or wraps one anew; who reads does not wait.
async fn lock(conn: &mut PgConnection) -> Result<(), sqlx::Error> {
    sqlx::query("lock table data_keys in share row exclusive mode").execute(conn).await.map(drop)
}

/// A row of the table, and whether its key is in use by now.
type Row = (i64, String, Vec<u8>, Option<OffsetDateTime>, bool);

async fn rows(pool: &PgPool, now: OffsetDateTime) -> Result<Vec<Row>, sqlx::Error> {
    sqlx::query_as("select id, purpose, wrapped, retired_at, coalesce(seals_from <= $1, true) from data_keys order by id")
        .bind(now)
        .fetch_all(pool)
        .await
}

/// Which keys there are and what they do, without the keys: what tells a node that nothing has changed.
fn state(rows: &[Row]) -> Vec<(i64, bool, bool)> {
    rows.iter().map(|(id, _, _, retired_at, in_use)| (*id, retired_at.is_some(), *in_use)).collect()
}

/// Reads the sealing and index keys as they are now.
pub async fn read(pool: &PgPool, secret: &[u8; 32], now: OffsetDateTime) -> Result<Sealer, KeysError> {
    unwrapped(rows(pool, now).await?, secret)
}

/// The same, if they are not those that `known` has. So a node whose secret was replaced serves on, until keys come that it cannot open.
pub async fn read_changed(pool: &PgPool, secret: &[u8; 32], now: OffsetDateTime, known: &Sealer) -> Result<Option<Sealer>, KeysError> {
    let rows = rows(pool, now).await?;
    if known.is_of(&state(&rows)) { Ok(None) } else { unwrapped(rows, secret).map(Some) }
}

fn unwrapped(rows: Vec<Row>, secret: &[u8; 32]) -> Result<Sealer, KeysError> {
    let wrapping = DataKey::from_secret(secret);
    let state = state(&rows);
    let (mut seal, mut index, mut seals) = (BTreeMap::new(), None, None);
    for (id, purpose, wrapped, retired_at, in_use) in rows {
        let key = wrapping.unwrap_key(&wrapped).map_err(|_| KeysError::WrongSecret)?;
        match purpose.as_str() {
            "seal" => {
                seal.insert(id, key);
                // The newest that is no longer only announced.
                seals = if in_use { Some(id) } else { seals };
            }
            _ if retired_at.is_none() => index = Some(key),
            _ => {}
        }
    }
    match (seals, index) {
        (Some(seals), Some(index)) => Ok(Sealer::sealing_with(seals, seal, index).read_as(state)),
        _ => Err(KeysError::WrongSecret),
    }
}

/// A rotation of the seal key that is under way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Begun {
    /// The new key.
    pub id: i64,
    /// From when it seals.
    pub seals_from: OffsetDateTime,
    /// Whether it had begun before.
    pub resumed: bool,
}

/// The key in force of a rotation that is not done: earlier keys are beside it, and it was never said that nothing is left of them.
macro_rules! open_rotation {
    ($what:literal) => {
        concat!(
            "select ",
            $what,
            " from data_keys as k where purpose = 'seal' and retired_at is null and resealed_at is null \
             and exists (select from data_keys as earlier where earlier.purpose = 'seal' and earlier.id < k.id)"
        )
    };
}

/// Makes a new seal key, which seals from `seals_from` on, or finds the one whose rotation is not done.
pub async fn begin_rotation(pool: &PgPool, secret: &[u8; 32], now: OffsetDateTime, seals_from: OffsetDateTime) -> Result<Begun, KeysError> {
    let wrapping = DataKey::from_secret(secret);
    let mut tx = pool.begin().await?;
    lock(&mut tx).await?;
    // Behind the lock: a secret that was replaced meanwhile must wrap no key any more.
    let wrapped: Vec<Vec<u8>> = sqlx::query_scalar("select wrapped from data_keys").fetch_all(&mut *tx).await?;
    if wrapped.iter().any(|wrapped| wrapping.unwrap_key(wrapped).is_err()) {
        return Err(KeysError::WrongSecret);
    }
    let open: Option<(i64, OffsetDateTime)> =
        sqlx::query_as(open_rotation!("k.id, coalesce(k.seals_from, k.created_at)")).fetch_optional(&mut *tx).await?;
    if let Some((id, seals_from)) = open {
        return Ok(Begun { id, seals_from, resumed: true });
    }
    sqlx::query("update data_keys set retired_at = $1 where purpose = 'seal' and retired_at is null").bind(now).execute(&mut *tx).await?;
    let id =
        sqlx::query_scalar("insert into data_keys (purpose, wrapped, created_at, seals_from) values ('seal', $1, $2, $3) returning id")
            .bind(wrapping.wrap(&DataKey::random()))
            .bind(now)
            .bind(seals_from)
            .fetch_one(&mut *tx)
            .await?;
    tx.commit().await?;
    Ok(Begun { id, seals_from, resumed: false })
}

/// Nothing is left that an earlier key sealed.
pub async fn finish_rotation(pool: &PgPool, id: i64, now: OffsetDateTime) -> Result<(), sqlx::Error> {
    sqlx::query("update data_keys set resealed_at = $2 where id = $1").bind(id).bind(now).execute(pool).await.map(drop)
}

/// Whether a rotation is not done.
pub async fn is_half_rotated(conn: &mut PgConnection) -> Result<bool, sqlx::Error> {
    Ok(sqlx::query_scalar::<_, i64>(open_rotation!("k.id")).fetch_optional(conn).await?.is_some())
}

/// A key as it is listed: nothing of it is secret.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Listed {
    pub id: String,
    /// `seal`, `index` or `signing`.
    pub purpose: String,
    pub created_at: OffsetDateTime,
    /// From when it seals or signs.
    pub used_from: OffsetDateTime,
    /// Until when it seals or signs; `None`: it is the newest.
    pub retired_at: Option<OffsetDateTime>,
    /// Whether values of earlier keys may be left.
    pub half: bool,
}

impl Listed {
    /// In a word.
    pub fn state(&self, now: OffsetDateTime) -> &'static str {
        match self.retired_at {
            _ if self.used_from > now => "announced",
            Some(at) if at <= now => "retired",
            _ if self.half => "half done",
            _ => "in force",
        }
    }
}

/// Every key, by purpose, the newest first; of signing keys those that were not retired before.
pub async fn list(pool: &PgPool, retired_after: OffsetDateTime) -> Result<Vec<Listed>, sqlx::Error> {
    sqlx::query_as(
        "select id::text, purpose, created_at, coalesce(seals_from, created_at) as used_from, \
         case when purpose = 'seal' then (select min(coalesce(later.seals_from, later.created_at)) from data_keys as later \
              where later.purpose = k.purpose and later.id > k.id) else retired_at end as retired_at, \
         purpose = 'seal' and retired_at is null and resealed_at is null and exists (select from data_keys as earlier \
              where earlier.purpose = 'seal' and earlier.id < k.id) as half from data_keys as k \
         union all \
         select kid, 'signing', created_at, coalesce(signs_from, created_at), retired_at, false from signing_keys \
         where retired_at is null or retired_at > $1 \
         order by purpose, created_at desc, id",
    )
    .bind(retired_after)
    .fetch_all(pool)
    .await
}
