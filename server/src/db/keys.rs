//! Table `data_keys`: the keys that Portaria makes for itself, wrapped by `PORTARIA_SECRET`.

use crate::seal::{DataKey, KeyState, Layers, Sealer, Stage};
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
    /// `portaria import` writes hashes by the index key, a batch at a time.
    #[error("an import is under way: change the index key when it is done")]
    Importing,
}

/// Adds a key: its id, the key, two instants, and its purpose.
macro_rules! insert {
    ($rest:literal) => {
        concat!(
            "insert into data_keys (id, wrapped, created_at, seals_from, purpose) overriding system value values ($1, $2, $3, $4, $5) ",
            $rest
        )
    };
}

/// Loads the sealing and index keys; the first start creates them. Two nodes may start at once: the unique index on the
/// current key lets one win, and both read what it wrote.
pub async fn load(pool: &PgPool, secret: &[u8; 32], now: OffsetDateTime) -> Result<Sealer, KeysError> {
    let wrapping = DataKey::from_secret(secret);
    for purpose in [Purpose::Seal, Purpose::Index] {
        let there = "select exists (select from data_keys where purpose = $1 and retired_at is null)";
        if !sqlx::query_scalar::<_, bool>(there).bind(purpose.as_str()).fetch_one(pool).await? {
            let mut conn = pool.acquire().await?;
            let id = next_id(&mut conn).await?;
            sqlx::query(insert!("on conflict do nothing"))
                .bind(id)
                .bind(wrapping.wrap(&DataKey::random(), id))
                .bind(now)
                .bind(None::<OffsetDateTime>)
                .bind(purpose.as_str())
                .execute(&mut *conn)
                .await?;
        }
    }
    read(pool, secret, now).await
}

/// A key is wrapped for its row, so that the id comes first.
async fn next_id(conn: &mut PgConnection) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar("select nextval(pg_get_serial_sequence('data_keys', 'id'))").fetch_one(conn).await
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
        if wrapping.unwrap_key(&wrapped, id).is_ok() {
            continue;
        }
        let key = before.unwrap_key(&wrapped, id).map_err(|_| KeysError::WrongSecret)?;
        wrap_anew(&mut tx, &wrapping, id, &key).await?;
        rewrapped += 1;
    }
    tx.commit().await?;
    Ok(rewrapped)
}

async fn wrap_anew(conn: &mut PgConnection, wrapping: &DataKey, id: i64, key: &DataKey) -> Result<(), sqlx::Error> {
    sqlx::query("update data_keys set wrapped = $2 where id = $1").bind(id).bind(wrapping.wrap(key, id)).execute(conn).await.map(drop)
}

/// Until the transaction ends nobody else adds a key or wraps one anew; who reads does not wait.
async fn lock(conn: &mut PgConnection) -> Result<(), sqlx::Error> {
    sqlx::query("lock table data_keys in share row exclusive mode").execute(conn).await.map(drop)
}

/// What a data key is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    Seal,
    Index,
}

impl Purpose {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Seal => "seal",
            Self::Index => "index",
        }
    }
}

#[derive(sqlx::FromRow)]
#[expect(clippy::struct_excessive_bools, reason = "the columns of a query")]
struct Row {
    id: i64,
    purpose: String,
    wrapped: Vec<u8>,
    is_retired: bool,
    in_use: bool,
    moves: bool,
    is_done: bool,
}

async fn rows(pool: &PgPool, now: OffsetDateTime) -> Result<Vec<Row>, sqlx::Error> {
    sqlx::query_as(
        "select id, purpose, wrapped, retired_at is not null as is_retired, coalesce(seals_from <= $1, true) as in_use, \
         coalesce(moves_from <= $1, false) as moves, resealed_at is not null as is_done from data_keys order by id",
    )
    .bind(now)
    .fetch_all(pool)
    .await
}

/// Which keys there are and what they do, without the keys.
fn state(rows: &[Row]) -> Vec<KeyState> {
    let of_row = |row: &Row| {
        let stage = match row {
            Row { is_done: true, .. } => Stage::Settled,
            Row { moves: true, .. } => Stage::Moving,
            _ => Stage::Filling,
        };
        KeyState { id: row.id, is_retired: row.is_retired, in_use: row.in_use, stage }
    };
    rows.iter().map(of_row).collect()
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
    let (mut seal, mut index, mut seals, mut layers) = (BTreeMap::new(), None, None, Layers::default());
    for (row, state) in rows.into_iter().zip(&state) {
        let key = wrapping.unwrap_key(&row.wrapped, row.id).map_err(|_| KeysError::WrongSecret)?;
        if row.purpose == Purpose::Seal.as_str() {
            seal.insert(row.id, key);
            // The newest that is no longer only announced.
            seals = if row.in_use { Some(row.id) } else { seals };
        } else if index.is_none() {
            index = Some(key);
        } else {
            layers.keys.push(key);
            layers.stage = state.stage;
        }
    }
    match (seals, index) {
        (Some(seals), Some(index)) => Ok(Sealer::sealing_with(seals, seal, index).layered(layers, state)),
        _ => Err(KeysError::WrongSecret),
    }
}

/// A rotation that is under way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Begun {
    /// The new key.
    pub id: i64,
    /// From when it seals, or every node writes hashes by it.
    pub used_from: OffsetDateTime,
    /// Of an index key: from when it is the one in force, if that is settled.
    pub moves_from: Option<OffsetDateTime>,
    /// Whether it had begun before.
    pub resumed: bool,
}

/// The keys in force of rotations that are not done: earlier keys are beside them, and it was never said that nothing is left of those.
macro_rules! open_rotations {
    ($what:literal) => {
        concat!(
            "select ",
            $what,
            " from data_keys as k where retired_at is null and resealed_at is null \
             and exists (select from data_keys as earlier where earlier.purpose = k.purpose and earlier.id < k.id)"
        )
    };
}

/// Makes a new key, which is used from `used_from` on, or finds the one whose rotation is not done.
pub async fn begin_rotation(
    pool: &PgPool,
    secret: &[u8; 32],
    purpose: Purpose,
    now: OffsetDateTime,
    used_from: OffsetDateTime,
) -> Result<Begun, KeysError> {
    let wrapping = DataKey::from_secret(secret);
    let mut tx = pool.begin().await?;
    lock(&mut tx).await?;
    // Behind the lock: a secret that was replaced meanwhile must wrap no key any more.
    let rows: Vec<(i64, Vec<u8>)> = sqlx::query_as("select id, wrapped from data_keys").fetch_all(&mut *tx).await?;
    for (id, wrapped) in rows {
        let key = wrapping.unwrap_key(&wrapped, id).map_err(|_| KeysError::WrongSecret)?;
        // Of a version that bound keys to the table alone: whoever changes keys has no node of it any more.
        if !DataKey::is_bound(&wrapped) {
            wrap_anew(&mut tx, &wrapping, id, &key).await?;
        }
    }
    // Nobody imports now; and who begins an import later finds the rotation open.
    let alone = "select pg_try_advisory_xact_lock($1)";
    if purpose == Purpose::Index && !sqlx::query_scalar::<_, bool>(alone).bind(IMPORTING).fetch_one(&mut *tx).await? {
        return Err(KeysError::Importing);
    }
    let open: Option<(i64, OffsetDateTime, Option<OffsetDateTime>)> =
        sqlx::query_as(concat!(open_rotations!("k.id, coalesce(k.seals_from, k.created_at), k.moves_from"), " and k.purpose = $1"))
            .bind(purpose.as_str())
            .fetch_optional(&mut *tx)
            .await?;
    if let Some((id, used_from, moves_from)) = open {
        tx.commit().await?;
        return Ok(Begun { id, used_from, moves_from, resumed: true });
    }
    sqlx::query("update data_keys set retired_at = $1 where purpose = $2 and retired_at is null")
        .bind(now)
        .bind(purpose.as_str())
        .execute(&mut *tx)
        .await?;
    let id = next_id(&mut tx).await?;
    sqlx::query(insert!(""))
        .bind(id)
        .bind(wrapping.wrap(&DataKey::random(), id))
        .bind(now)
        .bind(used_from)
        .bind(purpose.as_str())
        .execute(&mut *tx)
        .await?;
    tx.commit().await?;
    Ok(Begun { id, used_from, moves_from: None, resumed: false })
}

/// Settles from when an index key is the one in force: at `from`, unless it was settled before. Returns that instant.
pub async fn move_from(pool: &PgPool, id: i64, from: OffsetDateTime) -> Result<OffsetDateTime, sqlx::Error> {
    sqlx::query_scalar("update data_keys set moves_from = coalesce(moves_from, $2) where id = $1 returning moves_from")
        .bind(id)
        .bind(from)
        .fetch_one(pool)
        .await
}

/// Nothing is left of an earlier key.
pub async fn finish_rotation(pool: &PgPool, id: i64, now: OffsetDateTime) -> Result<(), sqlx::Error> {
    sqlx::query("update data_keys set resealed_at = $2 where id = $1").bind(id).bind(now).execute(pool).await.map(drop)
}

/// The advisory lock of imports: they share it, and the index key changes without any. The number is arbitrary; nothing else in the database
/// uses it.
const IMPORTING: i64 = 0x0069_6d70_6f72_7473;

/// Lets an import begin, until the connection ends. `false`: the index key is changing. A batch that waits for a row may be written with
/// keys of half a minute ago, which would be two steps behind.
pub async fn let_import(conn: &mut PgConnection) -> Result<bool, sqlx::Error> {
    let shares: bool = sqlx::query_scalar("select pg_try_advisory_lock_shared($1)").bind(IMPORTING).fetch_one(&mut *conn).await?;
    let changing: Option<i64> =
        sqlx::query_scalar(concat!(open_rotations!("k.id"), " and k.purpose = 'index'")).fetch_optional(conn).await?;
    Ok(shares && changing.is_none())
}

/// Whether a rotation is not done.
pub async fn is_half_rotated(conn: &mut PgConnection) -> Result<bool, sqlx::Error> {
    Ok(sqlx::query_scalar::<_, i64>(open_rotations!("k.id")).fetch_optional(conn).await?.is_some())
}

/// A key as it is listed: nothing of it is secret.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Listed {
    pub id: String,
    /// `seal`, `index`, `signing` (tokens of the API) or `openid` (what products get).
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
         retired_at is null and resealed_at is null and exists (select from data_keys as earlier \
              where earlier.purpose = k.purpose and earlier.id < k.id) as half from data_keys as k \
         union all \
         select kid, 'signing', created_at, coalesce(signs_from, created_at), retired_at, false from signing_keys \
         where retired_at is null or retired_at > $1 \
         union all \
         select kid, 'openid', created_at, signs_from, retired_at, false from openid_keys \
         where retired_at is null or retired_at > $1 \
         order by purpose, created_at desc, id",
    )
    .bind(retired_after)
    .fetch_all(pool)
    .await
}
