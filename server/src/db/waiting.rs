//! What a page that waits asks again and again: one statement each, which locks and writes nothing.

use super::sessions::Named;
use super::signups::token_hashes;
use super::verifications::{Row as Code, Stored, select};
use crate::fault::Fault;
use crate::seal::Sealer;
use portaria::carried::Carried;
use portaria::holding::Holding;
use portaria::journey::{Journey, Kind};
use portaria::limits::Tally;
use portaria::purpose::CodeFor;
use sqlx::postgres::PgRow;
use sqlx::{FromRow, PgPool, Row};
use time::OffsetDateTime;
use uuid::Uuid;

/// A sign-up as a browser that holds it may see it, without what is sealed of it.
pub struct Waiting {
    pub kind: Kind,
    pub updated_at: OffsetDateTime,
    pub holding: Holding<Uuid>,
    /// The browser that asks.
    pub browser: Uuid,
    /// The version of the account, once it exists.
    pub account: Option<i64>,
    /// Whether a contact of the account is proved.
    pub proved: bool,
    /// The newest code or link that proves it.
    pub newest: Option<Stored>,
    /// The entries that its holders made.
    pub entries: Tally,
}

/// One of the sign-ups that a browser carries. `entries`: the scope in which its holders' entries are counted.
pub async fn signup(
    pool: &PgPool,
    sealer: &Sealer,
    now: OffsetDateTime,
    carried: &Carried,
    id: Uuid,
    entries: impl Fn(&Journey) -> String,
) -> Result<Option<Waiting>, Fault> {
    let journeys = Kind::ALL.iter().map(|kind| kind.journey());
    let (kinds, (purposes, scopes)): (Vec<&str>, (Vec<&str>, Vec<String>)) =
        journeys.map(|it| (it.kind.as_str(), (it.proof_purpose.facts().name, entries(it)))).unzip();
    let row = sqlx::query(concat!(
        "select v.*, s.kind as signup_kind, s.updated_at, s.begun_by, s.others_changed, d.browser_id, a.version, \
         coalesce(a.email_proved_at, a.phone_proved_at) is not null as proved, t.hits, t.blocked_until \
         from signups s join signup_devices d on d.signup_id = s.id \
         join unnest($4::text[], $5::text[], $6::text[]) as journey (kind, purpose, entries) on journey.kind = s.kind \
         left join accounts a on a.id = s.account_id \
         left join lateral (",
        select!(
            "where purpose = journey.purpose and (signup_id = case when s.account_id is null then s.id end or account_id = s.account_id) \
             order by asked_at desc limit 1"
        ),
        ") v on true left join tallies t on t.scope = journey.entries and t.key = uuid_send(s.id) \
         where d.token_hash = any($1) and s.id = $3 and not d.single_use and d.expires_at > $2 and s.expires_at > $2 \
         order by array_position($1, d.token_hash) limit 1"
    ))
    .bind(token_hashes(sealer, carried))
    .bind(now)
    .bind(id)
    .bind(kinds)
    .bind(purposes)
    .bind(scopes)
    .fetch_optional(pool)
    .await?;
    let Some(row) = row else { return Ok(None) };
    let hits: Option<Vec<OffsetDateTime>> = row.try_get("hits")?;
    Ok(Some(Waiting {
        kind: Kind::parse(row.try_get("signup_kind")?).map_err(|_| Fault::inconsistent("signups", "kind"))?,
        updated_at: row.try_get("updated_at")?,
        holding: Holding { begun_by: row.try_get("begun_by")?, others_changed: row.try_get("others_changed")? },
        browser: row.try_get("browser_id")?,
        account: row.try_get("version")?,
        proved: row.try_get("proved")?,
        newest: code(&row)?,
        entries: Tally { hits: hits.unwrap_or_default(), blocked_until: row.try_get("blocked_until")? },
    }))
}

/// The newest code for a purpose of the account of a living session. `None`: there is no such session, or no such code.
pub async fn own_code(pool: &PgPool, now: OffsetDateTime, session: &Named, purpose: CodeFor) -> Result<Option<Stored>, Fault> {
    macro_rules! of_session {
        ($named:literal) => {
            concat!(
                "select v.* from sessions s cross join lateral (",
                select!("where purpose = $3 and account_id = s.account_id order by asked_at desc limit 1"),
                ") v where ",
                $named,
                " and s.ended_at is null and s.expires_at > $2"
            )
        };
    }
    let asked = match session {
        Named::Id(id) => sqlx::query(of_session!("s.id = $1")).bind(id),
        Named::Cookie(index) => sqlx::query(of_session!("s.token_hash = $1")).bind(index),
    };
    let row = asked.bind(now).bind(purpose.facts().name).fetch_optional(pool).await?;
    row.as_ref().map_or(Ok(None), code)
}

/// The code or link of a row that may have none.
fn code(row: &PgRow) -> Result<Option<Stored>, Fault> {
    match row.try_get::<Option<Uuid>, _>("id")? {
        Some(_) => Stored::try_from(Code::from_row(row)?).map(Some),
        None => Ok(None),
    }
}
