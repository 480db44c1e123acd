//! Sealing again with the newest data key, in batches, whatever was sealed with an earlier one. Every sealed column is a row of [`PLACES`].
//!
//! A sealed value begins with its version and the id of its key (`seal.rs`), so what is left to do is found by that, whoever did how much of
//! it before: a rotation that was killed goes on where it was.

use crate::fault::Fault;
use crate::seal::Sealer;
use sqlx::{AssertSqlSafe, PgPool};

/// A sealed column.
#[derive(Debug, Clone, Copy)]
pub struct Place {
    pub table: &'static str,
    pub column: &'static str,
    /// The associated data's name of the column.
    name: &'static str,
    /// The primary key, and its type.
    key: (&'static str, &'static str),
    /// The bytes of the row in the associated data, as SQL.
    row: &'static str,
}

const fn place(
    table: &'static str,
    column: &'static str,
    name: &'static str,
    key: (&'static str, &'static str),
    row: &'static str,
) -> Place {
    Place { table, column, name, key, row }
}

const ID: (&str, &str) = ("id", "uuid");
const UUID: &str = "uuid_send(id)";
const ACCOUNT: (&str, &str) = ("id", "bigint");
const NUMBER: &str = "int8send(id)";

/// Every sealed column of the schema.
pub const PLACES: [Place; 17] = [
    place("accounts", "phone_sealed", super::accounts::PHONE, ACCOUNT, NUMBER),
    place("accounts", "cpf_sealed", super::accounts::CPF, ACCOUNT, NUMBER),
    place("accounts", "cnpj_sealed", super::accounts::CNPJ, ACCOUNT, NUMBER),
    place("accounts", "birth_date_sealed", super::accounts::BIRTH_DATE, ACCOUNT, NUMBER),
    place("account_changes", "sealed", super::account_changes::CONTACT, ID, UUID),
    place("captured_messages", "sealed", super::captured::COLUMN, ID, UUID),
    place("contests", "contact_sealed", super::contests::CONTACT, ID, UUID),
    place("openid_keys", "sealed", super::openid_keys::PLACE, ("kid", "text"), "convert_to(kid, 'UTF8')"),
    place("openid_refresh_tokens", "successor_sealed", super::rotation::OF_GRANTS.successor, ("token_hash", "bytea"), "token_hash"),
    place("openid_requests", "request_sealed", super::openid::SEALED, ID, UUID),
    place("outbox", "content", super::outbox::CONTENT, ID, UUID),
    place("outbox", "recipient", super::outbox::RECIPIENT, ID, "uuid_send(id) || coalesce(uuid_send(verification_id), '')"),
    place("outbox", "wa_id_sealed", super::rungs::WA_ID, ID, UUID),
    place("refresh_tokens", "successor_sealed", super::rotation::OF_SESSIONS.successor, ("token_hash", "bytea"), "token_hash"),
    place("signing_keys", "sealed", super::signing_keys::PRIVATE, ("kid", "text"), "convert_to(kid, 'UTF8')"),
    place("signups", "draft_sealed", super::signups::COLUMN, ID, UUID),
    place("verifications", "secret_sealed", super::verifications::SECRET, ID, UUID),
];

/// What a batch does about a row that somebody else has locked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Locked {
    /// It is left for a later pass, so that nobody waits long.
    Skipped,
    /// It is waited for: only so is it known that nothing is left.
    Awaited,
}

impl Locked {
    /// The end of a `select … for update`.
    pub const fn clause(self) -> &'static str {
        match self {
            Self::Skipped => " skip locked",
            Self::Awaited => "",
        }
    }
}

impl Place {
    /// The last row of the page of `$2` rows after `$1`, whatever has sealed them: so each statement looks at a page and no more.
    fn page(&self, from_the_first: bool) -> String {
        let Self { table, key: (key, kind), .. } = self;
        let after = if from_the_first { "$1::text is null".to_owned() } else { format!("{key} > $1::text::{kind}") };
        format!(
            "select page.{key}::text from (select {key} from {table} where {after} order by {key} limit $2) as page \
             order by page.{key} desc limit 1"
        )
    }

    /// The rows of the page that the key in force has not sealed. What is empty was wiped.
    fn select(&self, from_the_first: bool, locked: Locked) -> String {
        let Self { table, column, key: (key, kind), row, .. } = self;
        let after = if from_the_first { "$2::text is null".to_owned() } else { format!("{table}.{key} > $2::text::{kind}") };
        let locked = locked.clause();
        format!(
            "select {key}::text, {row}, {column} from {table} where {after} and {table}.{key} <= $3::text::{kind} \
             and {column} <> '' and substring({column} from 1 for 9) <> $1 order by {table}.{key} for no key update{locked}"
        )
    }

    fn update(&self) -> String {
        let Self { table, column, key: (key, kind), .. } = self;
        format!(
            "update {table} as t set {column} = n.sealed from unnest($1::text[], $2::bytea[]) as n (key, sealed) where t.{key} = n.key::{kind}"
        )
    }
}

/// Seals again what is left to do among the next `size` rows of a place after the row `after`, in a transaction of its own. `None`: there
/// are no such rows.
///
/// A value that does not open stays as it is: it would not open afterwards either. They are counted apart.
pub async fn batch(
    pool: &PgPool,
    sealer: &Sealer,
    place: &Place,
    after: Option<&str>,
    locked: Locked,
    size: i64,
) -> Result<Option<Batch>, Fault> {
    let mut tx = pool.begin().await?;
    let page = AssertSqlSafe(place.page(after.is_none()));
    let Some(last) = sqlx::query_scalar::<_, String>(page).bind(after).bind(size).fetch_optional(&mut *tx).await? else { return Ok(None) };
    let select = AssertSqlSafe(place.select(after.is_none(), locked));
    let found: Vec<(String, Vec<u8>, Vec<u8>)> =
        sqlx::query_as(select).bind(sealer.prefix()).bind(after).bind(&last).fetch_all(&mut *tx).await?;
    let (mut batch, mut keys, mut values) = (Batch { last, resealed: 0, broken: 0 }, Vec::new(), Vec::new());
    for (key, row, sealed) in found {
        match sealer.open_in(&sealed, place.name, row.as_slice()) {
            Ok(plain) => {
                values.push(sealer.seal_in(&plain, place.name, row.as_slice()));
                keys.push(key);
                batch.resealed += 1;
            }
            Err(_) => batch.broken += 1,
        }
    }
    if !keys.is_empty() {
        sqlx::query(AssertSqlSafe(place.update())).bind(keys).bind(values).execute(&mut *tx).await?;
    }
    tx.commit().await?;
    Ok(Some(batch))
}

/// What became of a batch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Batch {
    /// The row to go on after.
    pub last: String,
    pub resealed: u64,
    /// Values that do not open with any of our keys in their row.
    pub broken: u64,
}
