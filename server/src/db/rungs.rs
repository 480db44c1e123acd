//! The rungs of a code's ladder (SPEC §12): reports of its messages, and the next message with the same code.
//!
//! The order of locks, so that nobody deadlocks: the carrier's report, the verification, its messages.

use super::outbox::{self, CONTENT, Due, RECIPIENT};
use crate::entropy;
use crate::seal::{SealBroken, Sealer};
use portaria::message::{Channel, Report};
use portaria::value::Phone;
use portaria::verification::Verification;
use sqlx::postgres::PgRow;
use sqlx::{PgConnection, PgPool, Row};
use time::OffsetDateTime;
use uuid::Uuid;

pub(super) const WA_ID: &str = "outbox.wa_id";

/// A message whose content is still kept, as the next one is made of it.
pub struct Envelope {
    pub id: Uuid,
    pub channel: Channel,
    pub verification_id: Option<Uuid>,
    drop_at: OffsetDateTime,
    traceparent: Option<String>,
    recipient: Vec<u8>,
    content: Vec<u8>,
}

impl Envelope {
    pub fn of(due: &Due) -> Self {
        Self {
            id: due.id,
            channel: due.channel,
            verification_id: due.code.as_ref().map(|code| code.id),
            drop_at: due.drop_at,
            traceparent: due.traceparent.clone(),
            recipient: due.recipient.clone(),
            content: due.content.clone(),
        }
    }

    fn from_row(row: &PgRow) -> Result<Self, sqlx::Error> {
        Ok(Self {
            id: row.try_get("id")?,
            channel: channel(row.try_get("channel")?)?,
            verification_id: row.try_get("verification_id")?,
            drop_at: row.try_get("drop_at")?,
            traceparent: row.try_get("traceparent")?,
            recipient: row.try_get("recipient")?,
            content: row.try_get("content")?,
        })
    }

    /// The DDD of the phone that it goes to; `None`: it goes to an address.
    pub fn ddd(&self, sealer: &Sealer) -> Result<Option<String>, sqlx::Error> {
        let row = (self.id, self.verification_id);
        let recipient = sealer.open_text_in(&self.recipient, RECIPIENT, &row).map_err(|error| sqlx::Error::Decode(Box::new(error)))?;
        Ok(Phone::parse(&recipient).ok().map(|phone| phone.ddd().to_owned()))
    }

    /// Whether the content is still there: it is wiped when no other message can follow.
    pub const fn is_kept(&self) -> bool {
        !self.content.is_empty()
    }
}

fn channel(stored: &str) -> Result<Channel, sqlx::Error> {
    Channel::parse(stored).map_err(|_| sqlx::Error::Decode("an unknown channel".into()))
}

/// The code of a message, locked.
pub struct Rung {
    pub verification: Verification,
    /// The channel that it is expected by now.
    pub channel: Channel,
    /// Whether the person chose that channel.
    pub chosen: bool,
    /// The channels that it went by since it was last asked for.
    pub tried: Vec<Channel>,
    /// Whether some message of it was delivered.
    pub delivered: bool,
    pub account: Option<i64>,
}

/// Locks the code of a message, before any of its messages.
pub async fn lock(conn: &mut PgConnection, verification: Uuid) -> Result<Option<Rung>, sqlx::Error> {
    let row = sqlx::query(
        "select purpose, (extract(epoch from lifetime) * 1000000)::bigint as lifetime, asked_at, expires_at, spent_at, dead_at, channel, \
         channel_chosen, tried, delivered_by is not null as delivered, account_id from verifications where id = $1 for update",
    )
    .bind(verification)
    .fetch_optional(conn)
    .await?;
    let Some(row) = row else { return Ok(None) };
    let here = channel(row.try_get("channel")?)?;
    let mut tried = row.try_get::<Vec<String>, _>("tried")?.iter().map(|it| channel(it)).collect::<Result<Vec<_>, _>>()?;
    if !tried.contains(&here) {
        tried.push(here);
    }
    Ok(Some(Rung {
        verification: outbox::verification(&row)?,
        channel: here,
        chosen: row.try_get("channel_chosen")?,
        tried,
        delivered: row.try_get("delivered")?,
        account: row.try_get("account_id")?,
    }))
}

/// The address in force of an account.
pub async fn usable_email(conn: &mut PgConnection, account: i64) -> Result<Option<String>, sqlx::Error> {
    sqlx::query_scalar("select email from accounts where id = $1 and email_proved_at is not null and email_suspended_at is null")
        .bind(account)
        .fetch_optional(conn)
        .await
        .map(Option::flatten)
}

/// Enqueues the same message for the next channel, to the same recipient unless another is given.
pub async fn follow(
    conn: &mut PgConnection,
    sealer: &Sealer,
    now: OffsetDateTime,
    before: &Envelope,
    by: Channel,
    to: Option<&str>,
) -> Result<(), sqlx::Error> {
    let broken = |error: SealBroken| sqlx::Error::Decode(Box::new(error));
    let id = entropy::uuid();
    // Sealed again: a value sealed for one row does not open in another.
    let recipient = match to {
        Some(to) => to.as_bytes().to_vec(),
        None => sealer.open_in(&before.recipient, RECIPIENT, &(before.id, before.verification_id)).map_err(broken)?,
    };
    let content = sealer.open_in(&before.content, CONTENT, &before.id).map_err(broken)?;
    sqlx::query(
        "insert into outbox (id, channel, recipient, content, verification_id, created_at, next_try_at, drop_at, traceparent, account_id, \
                             kind) \
         select $1, $2, $3, $4, $5, $6, $6, $7, $8, account_id, kind from outbox where id = $9",
    )
    .bind(id)
    .bind(by.as_str())
    .bind(sealer.seal_in(&recipient, RECIPIENT, &(id, before.verification_id)))
    .bind(sealer.seal_in(&content, CONTENT, &id))
    .bind(before.verification_id)
    .bind(now)
    .bind(before.drop_at)
    .bind(&before.traceparent)
    .bind(before.id)
    .execute(conn)
    .await?;
    Ok(())
}

/// The deadline of the next message: that of its code, which a new channel never prolongs.
pub fn until(before: Envelope, drop_at: OffsetDateTime) -> Envelope {
    Envelope { drop_at, ..before }
}

/// The code is expected by another channel from now on.
pub async fn moved(conn: &mut PgConnection, verification: Uuid, by: Channel, tried: &[Channel]) -> Result<(), sqlx::Error> {
    let tried: Vec<&str> = tried.iter().map(|channel| channel.as_str()).collect();
    sqlx::query("update verifications set channel = $2, tried = $3, queued = true, late_at = null, undeliverable_at = null where id = $1")
        .bind(verification)
        .bind(by.as_str())
        .bind(tried)
        .execute(conn)
        .await?;
    Ok(())
}

/// Marks a code or link as undeliverable for the page that waits for it, unless it has moved to another channel.
pub async fn undeliverable(
    conn: &mut PgConnection,
    now: OffsetDateTime,
    message: Uuid,
    channel: Channel,
    verification: Option<Uuid>,
) -> Result<(), sqlx::Error> {
    let Some(verification) = verification else { return Ok(()) };
    sqlx::query(
        "update verifications set undeliverable_at = $3 \
         where id = $1 and channel = $4 and spent_at is null and dead_at is null and undeliverable_at is null and delivered_by is null \
         and not exists (select from outbox where verification_id = $1 and id <> $2 and status = 'queued')",
    )
    .bind(verification)
    .bind(message)
    .bind(now)
    .bind(channel.as_str())
    .execute(conn)
    .await?;
    Ok(())
}

/// The word of its delivery stays away: the page says so.
pub async fn late(conn: &mut PgConnection, now: OffsetDateTime, verification: Uuid) -> Result<(), sqlx::Error> {
    sqlx::query("update verifications set late_at = $2 where id = $1 and delivered_by is null and late_at is null")
        .bind(verification)
        .bind(now)
        .execute(conn)
        .await?;
    Ok(())
}

/// It was delivered by this channel.
pub async fn delivered(conn: &mut PgConnection, verification: Uuid, by: Channel) -> Result<(), sqlx::Error> {
    sqlx::query(
        "update verifications set delivered_by = coalesce(delivered_by, $2), undeliverable_at = null, late_at = null where id = $1",
    )
    .bind(verification)
    .bind(by.as_str())
    .execute(conn)
    .await?;
    Ok(())
}

/// Reports and hand-overs of one message pass here one by one. Returns the report that came before the hand-over was recorded, and
/// forgets it: whoever takes it applies it.
pub async fn meet(
    conn: &mut PgConnection,
    now: OffsetDateTime,
    channel: Channel,
    provider_id: &str,
) -> Result<Option<Report>, sqlx::Error> {
    let report: Option<String> = sqlx::query_scalar(
        "insert into carrier_reports (channel, provider_id, at) values ($1, $2, $3) \
         on conflict (channel, provider_id) do update set at = excluded.at returning report",
    )
    .bind(channel.as_str())
    .bind(provider_id)
    .bind(now)
    .fetch_one(&mut *conn)
    .await?;
    let Some(report) = report else { return Ok(None) };
    sqlx::query("update carrier_reports set report = null where channel = $1 and provider_id = $2")
        .bind(channel.as_str())
        .bind(provider_id)
        .execute(conn)
        .await?;
    Report::parse(&report).map(Some).ok_or_else(|| sqlx::Error::Decode("an unknown report".into()))
}

/// Keeps a report of a message that is not known yet. The first one stands. The caller holds its row by [`meet`].
pub async fn wait(conn: &mut PgConnection, channel: Channel, provider_id: &str, report: Report) -> Result<(), sqlx::Error> {
    sqlx::query("update carrier_reports set report = coalesce(report, $3) where channel = $1 and provider_id = $2")
        .bind(channel.as_str())
        .bind(provider_id)
        .bind(report.as_str())
        .execute(conn)
        .await?;
    Ok(())
}

/// The newest message with this id of the carrier, and the code in it.
pub async fn by_provider_id(
    conn: &mut PgConnection,
    channel: Channel,
    provider_id: &str,
) -> Result<Option<(Uuid, Option<Uuid>)>, sqlx::Error> {
    sqlx::query_as("select id, verification_id from outbox where channel = $1 and provider_id = $2 order by handed_at desc limit 1")
        .bind(channel.as_str())
        .bind(provider_id)
        .fetch_optional(conn)
        .await
}

/// Records the final report of a message, with its content as it was; `None`: there was one before, which stands.
pub async fn report(conn: &mut PgConnection, now: OffsetDateTime, message: Uuid, report: Report) -> Result<Option<Envelope>, sqlx::Error> {
    let row = sqlx::query(
        "with before as (select * from outbox where id = $1 and status = 'handed' and reported is null for update) \
         update outbox set reported = $2, reported_at = $3, report_due_at = null, recipient = '', content = '' \
         from before where outbox.id = before.id returning before.*",
    )
    .bind(message)
    .bind(report.as_str())
    .bind(now)
    .fetch_optional(conn)
    .await?;
    row.as_ref().map(Envelope::from_row).transpose()
}

/// Messages whose delivery nobody has told of in time, and the codes in them.
pub async fn overdue(pool: &PgPool, due_by: OffsetDateTime, limit: usize) -> Result<Vec<(Uuid, Uuid)>, sqlx::Error> {
    sqlx::query_as(
        "select id, verification_id from outbox where report_due_at <= $1 and verification_id is not null order by report_due_at limit $2",
    )
    .bind(due_by)
    .bind(i64::try_from(limit).unwrap_or(i64::MAX))
    .fetch_all(pool)
    .await
}

/// Stops waiting for the word of a message's delivery, and returns its content as it was; `None`: another worker was faster, or it came.
pub async fn wait_no_more(conn: &mut PgConnection, due_by: OffsetDateTime, message: Uuid) -> Result<Option<Envelope>, sqlx::Error> {
    let row = sqlx::query(
        "with before as (select * from outbox where id = $1 and report_due_at <= $2 for update) \
         update outbox set report_due_at = null, recipient = '', content = '' from before where outbox.id = before.id returning before.*",
    )
    .bind(message)
    .bind(due_by)
    .fetch_optional(conn)
    .await?;
    row.as_ref().map(Envelope::from_row).transpose()
}

/// Waits on: this node cannot read the message, another may.
pub async fn wait_on(pool: &PgPool, message: Uuid, until: OffsetDateTime) -> Result<(), sqlx::Error> {
    sqlx::query("update outbox set report_due_at = $2 where id = $1 and report_due_at is not null")
        .bind(message)
        .bind(until)
        .execute(pool)
        .await?;
    Ok(())
}

/// Keeps whom the carrier says a message went to.
pub async fn keep_wa_id(conn: &mut PgConnection, sealer: &Sealer, message: Uuid, wa_id: &str) -> Result<(), sqlx::Error> {
    sqlx::query("update outbox set wa_id_sealed = $2 where id = $1 and wa_id_sealed is null")
        .bind(message)
        .bind(sealer.seal_in(wa_id.as_bytes(), WA_ID, &message))
        .execute(conn)
        .await?;
    Ok(())
}
