//! Accounts by the hundred: written by an import, several at a time by one statement, and read by an export.

use super::{BIRTH_DATE, CNPJ, CPF, PHONE, Row, unique_phone};
use crate::fault::Fault;
use crate::seal::{Sealer, Unique};
use futures::{Stream, StreamExt as _};
use portaria::account::Account;
use portaria::field::Field;
use portaria::moving::{Judged, OWN_ID, claims_email};
use portaria::value::{City, Email, Gender, State, Username};
use sqlx::{FromRow, PgConnection};
use std::collections::HashSet;
use time::OffsetDateTime;

/// Where accounts are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Into {
    /// Among the accounts.
    Accounts,
    /// Into a table of this connection alone, with the same indexes: so a dry run meets all that a real one would.
    DryRun,
}

/// By what an account is known, or another one has what it wants.
#[derive(Debug, Default)]
pub struct Keys {
    external_id: Option<String>,
    /// The number in an id that an export gave to an account of ours.
    own_id: Option<i64>,
    email: Option<String>,
    username: Option<String>,
    phone: Option<Unique>,
    cpf: Option<Unique>,
    cnpj: Option<Unique>,
}

impl Keys {
    pub fn of(judged: &Judged, sealer: &Sealer) -> Self {
        Self {
            external_id: judged.external_id.clone(),
            own_id: judged.external_id.as_deref().and_then(|id| id.strip_prefix(OWN_ID)?.parse().ok()),
            email: judged.claimed_email.as_ref().map(|email| email.as_str().to_owned()),
            username: judged.username.as_ref().map(|username| username.as_str().to_owned()),
            phone: judged.phone.as_ref().map(|phone| unique_phone(sealer, phone)),
            cpf: judged.cpf.as_ref().map(|cpf| sealer.unique(CPF, cpf.as_str())),
            cnpj: judged.cnpj.as_ref().map(|cnpj| sealer.unique(CNPJ, cnpj.as_str())),
        }
    }

    pub fn external_id(&self) -> Option<&str> {
        self.external_id.as_deref()
    }
}

fn index(unique: Option<&Unique>) -> Option<&[u8]> {
    unique.map(|it| it.index.as_slice())
}

fn next(unique: Option<&Unique>) -> Option<&[u8]> {
    unique?.next.as_deref()
}

fn other(unique: Option<&Unique>) -> Option<&[u8]> {
    unique?.other.as_deref()
}

/// An account that arrives, sealed. Sealing is most of the work, so it is done before, on all cores.
#[derive(Debug)]
pub struct Arriving {
    pub account: Account,
    phone: Option<Vec<u8>>,
    cpf: Option<Vec<u8>>,
    cnpj: Option<Vec<u8>>,
    birth_date: Option<Vec<u8>>,
    texts: String,
}

impl Arriving {
    pub fn seal(account: Account, sealer: &Sealer) -> Result<Self, Fault> {
        let seal = |text: &str, column| sealer.seal_in(text.as_bytes(), column, &account.id);
        Ok(Self {
            phone: account.phone.as_ref().map(|phone| seal(phone.e164(), PHONE)),
            cpf: account.cpf.as_ref().map(|cpf| seal(cpf.as_str(), CPF)),
            cnpj: account.cnpj.as_ref().map(|cnpj| seal(cnpj.as_str(), CNPJ)),
            birth_date: account.birth_date.map(|born| seal(&born.to_iso(), BIRTH_DATE)),
            texts: serde_json::to_string(&account.texts).map_err(|_| Fault::inconsistent("accounts", "texts"))?,
            account,
        })
    }
}

/// Makes the table of a dry run, which goes with the connection.
pub async fn begin_dry_run(conn: &mut PgConnection) -> Result<(), sqlx::Error> {
    sqlx::query(
        "create temporary table if not exists import_dry_run (like accounts including defaults including constraints including indexes)",
    )
    .execute(&mut *conn)
    .await?;
    sqlx::query("truncate import_dry_run").execute(conn).await.map(drop)
}

macro_rules! insert_many {
    ($table:literal) => {
        concat!(
            "insert into ",
            $table,
            " (id, kind, name, username, email, email_proved_at, email_claimed, phone_sealed, phone_index, phone_proved_at, \
             cpf_sealed, cpf_index, cnpj_sealed, cnpj_index, birth_date_sealed, gender, state, city, texts, password_hash, \
             created_at, external_id, phone_next, cpf_next, cnpj_next, updated_at, imported_at) \
             select id, kind, name, username, email, email_proved_at, email_claimed, phone_sealed, phone_index, phone_proved_at, \
             cpf_sealed, cpf_index, cnpj_sealed, cnpj_index, birth_date_sealed, gender, state, city, texts::jsonb, password_hash, \
             created_at, external_id, phone_next, cpf_next, cnpj_next, $23, $23 \
             from unnest($1::bigint[], $2::text[], $3::text[], $4::text[], $5::text[], $6::timestamptz[], $7::boolean[], $8::bytea[], \
             $9::bytea[], $10::timestamptz[], $11::bytea[], $12::bytea[], $13::bytea[], $14::bytea[], $15::bytea[], $16::text[], $17::text[], \
             $18::text[], $19::text[], $20::text[], $21::timestamptz[], $22::text[], $24::bytea[], $25::bytea[], $26::bytea[]) with ordinality \
             as t (id, kind, name, username, email, email_proved_at, email_claimed, phone_sealed, phone_index, phone_proved_at, \
             cpf_sealed, cpf_index, cnpj_sealed, cnpj_index, birth_date_sealed, gender, state, city, texts, password_hash, \
             created_at, external_id, phone_next, cpf_next, cnpj_next, nth) \
             order by nth on conflict do nothing returning id"
        )
    };
}

/// Writes accounts by one statement, and returns the ids of those that went in. Of two that want the same, the first gets it; whatever
/// another account has is left out.
pub async fn insert_many(
    conn: &mut PgConnection,
    into: Into,
    now: OffsetDateTime,
    arriving: &[(&Keys, &Arriving)],
) -> Result<HashSet<i64>, sqlx::Error> {
    if arriving.is_empty() {
        return Ok(HashSet::new());
    }
    macro_rules! each {
        (|$keys:pat_param, $it:pat_param| $value:expr) => {
            arriving.iter().map(|($keys, $it)| $value).collect::<Vec<_>>()
        };
    }
    let statement = match into {
        Into::Accounts => insert_many!("accounts"),
        Into::DryRun => insert_many!("import_dry_run"),
    };
    let ids: Vec<i64> = sqlx::query_scalar(statement)
        .bind(each!(|_, it| it.account.id))
        .bind(each!(|_, it| it.account.kind.as_str()))
        .bind(each!(|_, it| it.account.name.as_str()))
        .bind(each!(|_, it| it.account.username.as_ref().map(Username::as_str)))
        .bind(each!(|_, it| it.account.email.as_ref().map(Email::as_str)))
        .bind(each!(|_, it| it.account.email_proved_at))
        .bind(each!(|_, it| claims_email(&it.account)))
        .bind(each!(|_, it| it.phone.as_deref()))
        .bind(each!(|keys, _| index(keys.phone.as_ref())))
        .bind(each!(|_, it| it.account.phone_proved_at))
        .bind(each!(|_, it| it.cpf.as_deref()))
        .bind(each!(|keys, _| index(keys.cpf.as_ref())))
        .bind(each!(|_, it| it.cnpj.as_deref()))
        .bind(each!(|keys, _| index(keys.cnpj.as_ref())))
        .bind(each!(|_, it| it.birth_date.as_deref()))
        .bind(each!(|_, it| it.account.gender.map(Gender::as_str)))
        .bind(each!(|_, it| it.account.state.map(State::as_str)))
        .bind(each!(|_, it| it.account.city.as_ref().map(City::as_str)))
        .bind(each!(|_, it| it.texts.as_str()))
        .bind(each!(|_, it| it.account.password_hash.as_deref()))
        .bind(each!(|_, it| it.account.created_at))
        .bind(each!(|keys, _| keys.external_id.as_deref()))
        .bind(now)
        .bind(each!(|keys, _| next(keys.phone.as_ref())))
        .bind(each!(|keys, _| next(keys.cpf.as_ref())))
        .bind(each!(|keys, _| next(keys.cnpj.as_ref())))
        .fetch_all(conn)
        .await?;
    Ok(ids.into_iter().collect())
}

/// Why an account did not go in.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Conflict {
    /// An account with this id of the other system came in earlier.
    pub known: bool,
    /// That account came in at this very instant: with the same import.
    pub twice: bool,
    /// What other accounts have.
    pub taken: Vec<Field>,
}

#[derive(FromRow)]
#[expect(clippy::struct_excessive_bools, reason = "the columns of a query")]
struct Found {
    known: bool,
    twice: bool,
    email: bool,
    username: bool,
    phone: bool,
    cpf: bool,
    cnpj: bool,
}

// With a limit, each is looked for by its index, whatever Postgres thinks of how many there are.
macro_rules! conflicts {
    ($table:literal) => {
        concat!(
            "select known.at is not null as known, coalesce(known.at = $8, false) as twice, \
             (select true from ",
            $table,
            " as a where a.email = t.email and a.email_claimed limit 1) is not null as email, \
             (select true from ",
            $table,
            " as a where a.username = t.username limit 1) is not null as username, \
             (select true from ",
            $table,
            " as a where a.phone_index in (t.phone_index, t.phone_other) limit 1) is not null as phone, \
             (select true from ",
            $table,
            " as a where a.cpf_index in (t.cpf_index, t.cpf_other) limit 1) is not null as cpf, \
             (select true from ",
            $table,
            " as a where a.cnpj_index in (t.cnpj_index, t.cnpj_other) limit 1) is not null as cnpj \
             from unnest($1::text[], $2::bigint[], $3::text[], $4::text[], $5::bytea[], $6::bytea[], $7::bytea[], \
                 $9::bytea[], $10::bytea[], $11::bytea[]) with ordinality \
             as t (external_id, own_id, email, username, phone_index, cpf_index, cnpj_index, phone_other, cpf_other, cnpj_other, nth) \
             left join lateral ( \
                 (select coalesce(a.imported_at, a.created_at) as at from ",
            $table,
            " as a where a.external_id = t.external_id limit 1) \
                 union all \
                 (select coalesce(a.imported_at, a.created_at) from ",
            $table,
            " as a where a.id = t.own_id and a.external_id is null limit 1) \
                 limit 1 \
             ) as known on true \
             order by nth"
        )
    };
}

/// For each of these keys: who has them already.
pub async fn conflicts(conn: &mut PgConnection, among: Into, now: OffsetDateTime, keys: &[&Keys]) -> Result<Vec<Conflict>, sqlx::Error> {
    if keys.is_empty() {
        return Ok(Vec::new());
    }
    let statement = match among {
        Into::Accounts => conflicts!("accounts"),
        Into::DryRun => conflicts!("import_dry_run"),
    };
    let found: Vec<Found> = sqlx::query_as(statement)
        .bind(keys.iter().map(|it| it.external_id.as_deref()).collect::<Vec<_>>())
        .bind(keys.iter().map(|it| it.own_id).collect::<Vec<_>>())
        .bind(keys.iter().map(|it| it.email.as_deref()).collect::<Vec<_>>())
        .bind(keys.iter().map(|it| it.username.as_deref()).collect::<Vec<_>>())
        .bind(keys.iter().map(|it| index(it.phone.as_ref())).collect::<Vec<_>>())
        .bind(keys.iter().map(|it| index(it.cpf.as_ref())).collect::<Vec<_>>())
        .bind(keys.iter().map(|it| index(it.cnpj.as_ref())).collect::<Vec<_>>())
        .bind(now)
        .bind(keys.iter().map(|it| other(it.phone.as_ref())).collect::<Vec<_>>())
        .bind(keys.iter().map(|it| other(it.cpf.as_ref())).collect::<Vec<_>>())
        .bind(keys.iter().map(|it| other(it.cnpj.as_ref())).collect::<Vec<_>>())
        .fetch_all(conn)
        .await?;
    Ok(found
        .into_iter()
        .map(|it| {
            let fields = [
                (it.email, Field::Email),
                (it.username, Field::Username),
                (it.phone, Field::Phone),
                (it.cpf, Field::Cpf),
                (it.cnpj, Field::Cnpj),
            ];
            let taken = fields.into_iter().filter(|(taken, _)| *taken).map(|(_, field)| field).collect();
            Conflict { known: it.known, twice: it.twice, taken }
        })
        .collect())
}

/// An account and its id in another system.
#[derive(FromRow)]
struct Moved {
    key: String,
    #[sqlx(flatten)]
    account: Row,
}

/// Prepares a transaction for reading every account as it is at one instant, however long that takes.
pub async fn begin_export(conn: &mut PgConnection) -> Result<(), sqlx::Error> {
    sqlx::query("set transaction isolation level repeatable read, read only").execute(&mut *conn).await?;
    sqlx::query("set local statement_timeout = 0").execute(conn).await.map(drop)
}

/// Every account, by its id in another system: an order that is the same wherever the accounts are. An account that was made here has the
/// id [`OWN_ID`] and its own. They come one by one, as fast as they are taken.
///
/// By one statement, not page by page: pages would need an index of their own, and what changes meanwhile would stand in none or in two.
pub fn export<'a>(conn: &'a mut PgConnection, sealer: &'a Sealer) -> impl Stream<Item = Result<(String, Account), Fault>> + 'a {
    let rows = sqlx::query_as::<_, Moved>(select!("coalesce(external_id, 'portaria:' || id) collate \"C\" as key, ", "order by key"));
    rows.fetch(conn).map(|row| {
        let Moved { key, account } = row?;
        Ok((key, account.open(sealer)?))
    })
}
