//! Keyed hashes by the newest index key, page by page: of accounts, and wherever else they stand (`server/src/services/index_keys.rs`).

use super::reseal::Locked;
use crate::fault::Fault;
use crate::seal::Sealer;
use sqlx::PgPool;
use std::time::Duration;

/// What is done to a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// Beside each hash comes the one by the newest key.
    Fill,
    /// The one by the newest key takes its place.
    Move,
}

/// What became of a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Page {
    /// The account to go on after.
    pub last: i64,
    /// Accounts that there was something to do for.
    pub done: u64,
}

/// The columns of each value. The first layer's hashes have no number before them.
const COLUMNS: [(&str, &str); 3] = [("phone_index", "phone_next"), ("cpf_index", "cpf_next"), ("cnpj_index", "cnpj_next")];

fn left(step: Step) -> String {
    let is_newest = |column: &str| format!("(octet_length({column}) = 33 and substring({column} from 1 for 1) = $3)");
    let of_each = COLUMNS.map(|(index, next)| match step {
        Step::Fill => format!("({index} is not null and ({next} is null or not {}))", is_newest(next)),
        Step::Move => format!("({next} is not null or not {})", is_newest(index)),
    });
    of_each.join(" or ")
}

type Hashes = (i64, Option<Vec<u8>>, Option<Vec<u8>>, Option<Vec<u8>>);

/// Does the next page of `size` accounts after `after`, in a transaction of its own. `None`: there are none.
pub async fn page(pool: &PgPool, sealer: &Sealer, step: Step, after: i64, locked: Locked, size: i64) -> Result<Option<Page>, Fault> {
    let mut tx = pool.begin().await?;
    let last: Option<i64> = sqlx::query_scalar("select max(id) from (select id from accounts where id > $1 order by id limit $2) as page")
        .bind(after)
        .bind(size)
        .fetch_one(&mut *tx)
        .await?;
    let Some(last) = last else { return Ok(None) };
    let select = format!(
        "select id, phone_index, cpf_index, cnpj_index from accounts where id > $1 and id <= $2 and ({}) order by id for no key update{}",
        left(step),
        locked.clause()
    );
    let found: Vec<Hashes> =
        sqlx::query_as(sqlx::AssertSqlSafe(select)).bind(after).bind(last).bind(sealer.newest_layer()).fetch_all(&mut *tx).await?;
    let (mut ids, mut newest) = (Vec::new(), <[Vec<Option<Vec<u8>>>; 3]>::default());
    for (id, phone, cpf, cnpj) in found {
        ids.push(id);
        for (column, hash) in newest.iter_mut().zip([phone, cpf, cnpj]) {
            let newest = |hash: Vec<u8>| sealer.newest_of(&hash).ok_or_else(|| Fault::inconsistent("accounts", "a keyed hash"));
            column.push(hash.map(newest).transpose()?);
        }
    }
    let [phones, cpfs, cnpjs] = newest;
    let done = ids.len() as u64;
    if done > 0 {
        let set = COLUMNS.map(|(index, next)| match step {
            Step::Fill => format!("{next} = n.{index}"),
            Step::Move => format!("{index} = n.{index}, {next} = null"),
        });
        let update = format!(
            "update accounts as a set {} from unnest($1::bigint[], $2::bytea[], $3::bytea[], $4::bytea[]) \
             as n (id, phone_index, cpf_index, cnpj_index) where a.id = n.id",
            set.join(", ")
        );
        sqlx::query(sqlx::AssertSqlSafe(update)).bind(ids).bind(phones).bind(cpfs).bind(cnpjs).execute(&mut *tx).await?;
    }
    tx.commit().await?;
    Ok(Some(Page { last, done }))
}

/// Where hashes of what somebody could guess stand besides the accounts.
const ELSEWHERE: [(&str, &str); 11] = [
    ("verifications", "destination_index"),
    ("verifications", "via_index"),
    ("verifications", "disputes_index"),
    ("recovery_grants", "via_index"),
    ("signups", "phone_index"),
    ("contests", "document_index"),
    ("contests", "contact_index"),
    ("contests", "counted_index"),
    ("audit", "subject"),
    ("former_contacts", "subject"),
    ("captured_messages", "recipient_index"),
];

/// The condition of a hash by an earlier key than the newest, whose number is `$1`.
fn is_earlier(column: &str) -> String {
    format!("(octet_length({column}) = 32 or (octet_length({column}) = 33 and substring({column} from 1 for 1) <> $1))")
}

/// Brings every hash that stands elsewhere to the newest key, in transactions of `size` rows, until nothing is left. Every node writes it by
/// then. Returns how many there were.
pub async fn bring_elsewhere(pool: &PgPool, sealer: &Sealer, size: i64) -> Result<u64, Fault> {
    let mut done = 0;
    for (table, column) in ELSEWHERE {
        while is_left(pool, sealer, table, column).await? {
            let (mut after, before) = ("(0,0)".to_owned(), done);
            while let Some((last, brought)) = bring(pool, sealer, (table, column), &after, size).await? {
                (after, done) = (last, done + brought);
            }
            if done == before {
                // Somebody has what is left.
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
        }
    }
    Ok(done)
}

/// Whether a hash by an earlier key stands in a column: one look at all of it, which a row that moves meanwhile does not escape.
async fn is_left(pool: &PgPool, sealer: &Sealer, table: &str, column: &str) -> Result<bool, Fault> {
    let mut tx = pool.begin().await?;
    sqlx::query("set local statement_timeout = 0").execute(&mut *tx).await?;
    let asked = format!("select exists (select from {table} where {})", is_earlier(column));
    let left = sqlx::query_scalar(sqlx::AssertSqlSafe(asked)).bind(sealer.newest_layer()).fetch_one(&mut *tx).await?;
    tx.commit().await?;
    Ok(left)
}

/// The next rows of a column after a place in its table. `None`: there are none.
async fn bring(
    pool: &PgPool,
    sealer: &Sealer,
    (table, column): (&'static str, &str),
    after: &str,
    size: i64,
) -> Result<Option<(String, u64)>, Fault> {
    let mut tx = pool.begin().await?;
    let select = format!(
        "select ctid::text, {column} from {table} where ctid > $2::tid and {} order by ctid limit $3 for update skip locked",
        is_earlier(column)
    );
    let found: Vec<(String, Vec<u8>)> =
        sqlx::query_as(sqlx::AssertSqlSafe(select)).bind(sealer.newest_layer()).bind(after).bind(size).fetch_all(&mut *tx).await?;
    let Some((last, _)) = found.last().cloned() else { return Ok(None) };
    let newest = |(_, hash): &(String, Vec<u8>)| sealer.newest_of(hash).ok_or(Fault::inconsistent(table, "a keyed hash"));
    let hashes: Vec<Vec<u8>> = found.iter().map(newest).collect::<Result<_, _>>()?;
    let places: Vec<String> = found.into_iter().map(|(place, _)| place).collect();
    if table == "former_contacts" {
        // The contact was replaced once more meanwhile: it stands there by the newest key already.
        let twice = "delete from former_contacts as f using unnest($1::text[], $2::bytea[]) as n (place, hash) \
                     where f.ctid = n.place::tid and f.ctid = any($1::text[]::tid[]) \
                     and exists (select from former_contacts as o where o.account_id = f.account_id and o.subject = n.hash)";
        sqlx::query(twice).bind(&places).bind(&hashes).execute(&mut *tx).await?;
    }
    let update = format!(
        "update {table} as t set {column} = n.hash from unnest($1::text[], $2::bytea[]) as n (place, hash) \
         where t.ctid = n.place::tid and t.ctid = any($1::text[]::tid[])"
    );
    let brought = sqlx::query(sqlx::AssertSqlSafe(update)).bind(places).bind(hashes).execute(&mut *tx).await?.rows_affected();
    tx.commit().await?;
    Ok(Some((last, brought)))
}
