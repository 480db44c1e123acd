//! What is read of an account for its owner (SPEC §13 "Export"). Lists that grow are read a page at a time, by index, each page by a
//! statement of its own: a large account holds no transaction open.

use crate::fault::Fault;
use portaria::openid::Scopes;
use portaria::own_data::{Beside, Consent, KnownDevice, OwnList, OwnRecord, Place, Recorded};
use sqlx::postgres::PgRow;
use sqlx::{PgConnection, PgExecutor, PgPool, Row};
use time::OffsetDateTime;
use uuid::Uuid;

/// What a product was allowed: its id, what it is given, since when.
pub type Allowed = (String, Scopes, OffsetDateTime);

type ConsentRow = (String, String, OffsetDateTime, String, Option<String>);

/// What the account agreed to, the oldest first, and what it allowed products, the newest first.
pub async fn consents(conn: impl PgExecutor<'_>, account: i64) -> Result<(Vec<Consent>, Vec<Allowed>), Fault> {
    let rows: Vec<ConsentRow> = sqlx::query_as(
        "select document, version, given_at, host(address), null::text from consents where account_id = $1 \
         union all select 'product', scopes, given_at, '', client_id from openid_consents where account_id = $1 order by 3, 5, 2",
    )
    .bind(account)
    .fetch_all(conn)
    .await?;
    let (mut consents, mut products) = (Vec::new(), Vec::new());
    for (document, version, at, address, client) in rows {
        match client {
            Some(client) => products.push((client, Scopes::known(&version), at)),
            None => consents.push(Consent { document, version, at, address }),
        }
    }
    products.reverse();
    Ok((consents, products))
}

/// What is kept beside the account, but for what is sealed.
pub async fn beside(conn: &mut PgConnection, account: i64) -> Result<Beside, Fault> {
    type Row = (Option<String>, Option<String>, Option<OffsetDateTime>);
    let (wanted_email, external_id, imported_at): Row =
        sqlx::query_as("select wanted_email, external_id, imported_at from accounts where id = $1")
            .bind(account)
            .fetch_one(&mut *conn)
            .await?;
    let devices: Vec<(String, OffsetDateTime, OffsetDateTime)> = sqlx::query_as(
        "select name, first_seen_at, last_seen_at from devices where account_id = $1 order by last_seen_at desc, token_hash, name",
    )
    .bind(account)
    .fetch_all(conn)
    .await?;
    let device = |(name, first_seen_at, last_seen_at)| KnownDevice { name, first_seen_at, last_seen_at };
    Ok(Beside { wanted_email, external_id, imported_at, devices: devices.into_iter().map(device).collect(), replaced: Vec::new() })
}

/// The statement of a list. `$1`: the account, `$2` and `$3`: the place after which the page begins, `$4`: how many. Each names the
/// place of its rows `at` and `id`.
pub const fn statement(list: OwnList) -> &'static str {
    match list {
        OwnList::Sessions => {
            "select created_at as at, id, presentation, last_used_at, expires_at, ended_at, host(address) as address, user_agent \
             from sessions where account_id = $1 and ($2::timestamptz is null or (created_at, id) < ($2, $3::uuid)) \
             order by created_at desc, id desc limit $4"
        }
        OwnList::Messages => {
            "select created_at as at, id, channel, coalesce(kind, 'message') as kind \
             from outbox where account_id = $1 and ($2::timestamptz is null or (created_at, id) < ($2, $3::uuid)) \
             order by created_at desc, id desc limit $4"
        }
        OwnList::Events => {
            "select at, id, event, outcome, host(address) as address, user_agent \
             from audit where account_id = $1 and at <= coalesce($2::timestamptz, 'infinity') \
             and ($2 is null or (at, id) < ($2, $3::uuid)) order by at desc, id desc limit $4"
        }
    }
}

/// A page of a list, the newest first.
pub async fn page(pool: &PgPool, account: i64, list: OwnList, after: Option<Place>, limit: u16) -> Result<Vec<OwnRecord>, Fault> {
    let rows = sqlx::query(statement(list))
        .bind(account)
        .bind(after.map(|place| place.at))
        .bind(after.map(|place| place.id))
        .bind(i64::from(limit))
        .fetch_all(pool)
        .await?;
    Ok(rows.iter().map(|row| record(list, row)).collect::<Result<_, _>>()?)
}

fn record(list: OwnList, row: &PgRow) -> Result<OwnRecord, sqlx::Error> {
    let place = Place { at: row.try_get("at")?, id: row.try_get::<Uuid, _>("id")? };
    let what = match list {
        OwnList::Sessions => Recorded::Session {
            client: row.try_get("presentation")?,
            last_used_at: row.try_get("last_used_at")?,
            expires_at: row.try_get("expires_at")?,
            ended_at: row.try_get("ended_at")?,
            address: row.try_get("address")?,
            user_agent: row.try_get("user_agent")?,
        },
        OwnList::Messages => Recorded::Message { channel: row.try_get("channel")?, kind: row.try_get("kind")? },
        OwnList::Events => Recorded::Event {
            event: row.try_get("event")?,
            outcome: row.try_get("outcome")?,
            address: row.try_get("address")?,
            user_agent: row.try_get("user_agent")?,
        },
    };
    Ok(OwnRecord { place, what })
}
