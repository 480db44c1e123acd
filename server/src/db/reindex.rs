//! The keyed hashes of accounts by the newest index key, page by page (`server/src/services/index_keys.rs`).

use super::reseal::Locked;
use crate::fault::Fault;
use crate::seal::Sealer;
use sqlx::PgPool;

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
