//! Messages to deliver (SPEC §7): enqueued in the transaction that caused them, claimed by a worker under a lease.
//!
//! ```text
//!            claim: leased for 30 s           accepted
//!   queued ────────────────────────► (leased) ────────► handed
//!     ▲                               │ │  │
//!     └── lease expired, or reschedule ◄───┘ │  └ its code lapsed, or drop_at passed ─► dropped
//!                                       └ refused for good ─► refused
//! ```
//!
//! Delivery is at least once. If a worker crashes between the carrier's "accepted" and recording it, the lease expires and
//! the message is sent again. A finished row keeps neither recipient nor content, but for as long as another channel may have to follow
//! (`rungs.rs`).

use super::verifications::SECRET;
use crate::entropy;
use crate::seal::{SealBroken, Sealer};
use crate::traces;
use portaria::journey::Kind;
use portaria::message::{CODE_HAND_OVER_LIMIT, Channel, Content};
use portaria::purpose::{CodeFor, SecretFor};
use portaria::verification::Verification;
use sqlx::postgres::PgRow;
use sqlx::{PgConnection, PgPool, Row};
use std::fmt;
use time::{Duration, OffsetDateTime};
use uuid::Uuid;

pub(super) const RECIPIENT: &str = "outbox.recipient";
pub(super) const CONTENT: &str = "outbox.content";

/// How long a claimed message belongs to its worker, and so how long it waits if that worker dies.
///
/// It is longer than the longest hand-over including the write that records it; the worker checks this at compile time. If
/// the database is slower still, another worker may send the message again, but it is never lost.
pub const LEASE: Duration = Duration::seconds(30);

pub struct NewMessage<'a> {
    pub channel: Channel,
    /// An e-mail address, or a phone in E.164.
    pub recipient: &'a str,
    pub content: &'a Content,
    /// The code or link in the message.
    pub verification_id: Option<Uuid>,
    /// Whose it is; `None`: there is no account, or it is not about one.
    pub account: Option<i64>,
    /// Deadline: the message is dropped after this instant.
    pub drop_at: OffsetDateTime,
}

impl fmt::Debug for NewMessage<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NewMessage").field("channel", &self.channel).finish_non_exhaustive()
    }
}

/// Enqueues a message, and returns its id. It is delivered as soon as the transaction commits.
pub async fn enqueue(conn: &mut PgConnection, sealer: &Sealer, now: OffsetDateTime, message: &NewMessage<'_>) -> Result<Uuid, sqlx::Error> {
    let id = entropy::uuid();
    sqlx::query(
        "insert into outbox (id, channel, recipient, content, verification_id, created_at, next_try_at, drop_at, traceparent, account_id, \
                             kind) \
         values ($1, $2, $3, $4, $5, $6, $6, $7, $8, $9, $10)",
    )
    .bind(id)
    .bind(message.channel.as_str())
    .bind(sealer.seal_in(message.recipient.as_bytes(), RECIPIENT, &(id, message.verification_id)))
    .bind(sealer.seal_json_in(message.content, CONTENT, &id))
    .bind(message.verification_id)
    .bind(now)
    .bind(message.drop_at)
    .bind(traces::here())
    .bind(message.account)
    .bind(message.content.kind())
    .execute(conn)
    .await?;
    Ok(id)
}

pub struct Due {
    pub id: Uuid,
    pub channel: Channel,
    /// Number of tries, including this one.
    pub attempts: u32,
    /// Deadline: the message is dropped after this instant.
    pub drop_at: OffsetDateTime,
    /// The code or link in the message.
    pub code: Option<DueSecret>,
    /// The trace in which it was left.
    pub traceparent: Option<String>,
    leased_until: OffsetDateTime,
    pub(super) recipient: Vec<u8>,
    pub(super) content: Vec<u8>,
}

impl fmt::Debug for Due {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Due")
            .field("id", &self.id)
            .field("channel", &self.channel)
            .field("attempts", &self.attempts)
            .finish_non_exhaustive()
    }
}

/// The code or link of a claimed message.
pub struct DueSecret {
    pub id: Uuid,
    /// Its state when the message was claimed.
    pub verification: Verification,
    /// The channel that it is expected by now. It differs from the message's channel once the person has asked for another.
    pub channel: Channel,
    /// Whether the person chose that channel.
    pub channel_chosen: bool,
    /// The code beside a link was entered wrong too often.
    pub code_dead: bool,
    secret: Option<Vec<u8>>,
}

impl fmt::Debug for DueSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DueSecret").field("id", &self.id).field("verification", &self.verification).finish_non_exhaustive()
    }
}

/// The opened content of a claimed message.
pub struct Letter {
    pub recipient: String,
    pub content: Content,
    /// The code or token in clear.
    pub secret: Option<String>,
}

impl fmt::Debug for Letter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Letter(***)")
    }
}

/// The code or link in a row that has its columns, its lifetime as `lifetime` in microseconds.
pub(super) fn verification(row: &PgRow) -> Result<Verification, sqlx::Error> {
    Ok(Verification {
        purpose: SecretFor::parse(row.try_get("purpose")?).ok_or_else(|| sqlx::Error::Decode("an unknown purpose".into()))?,
        lifetime: Duration::microseconds(row.try_get("lifetime")?),
        asked_at: row.try_get("asked_at")?,
        expires_at: row.try_get("expires_at")?,
        spent_at: row.try_get("spent_at")?,
        dead_at: row.try_get("dead_at")?,
    })
}

impl Due {
    /// The row identity that the recipient is sealed for. It includes the code's row: otherwise a message could be pointed
    /// at another person's code.
    fn row(&self) -> (Uuid, Option<Uuid>) {
        (self.id, self.code.as_ref().map(|code| code.id))
    }

    pub fn open(&self, sealer: &Sealer) -> Result<Letter, SealBroken> {
        let secret = self.code.as_ref().and_then(|code| Some((code.secret.as_deref()?, code.id)));
        Ok(Letter {
            recipient: sealer.open_text_in(&self.recipient, RECIPIENT, &self.row())?,
            content: sealer.open_json_in(&self.content, CONTENT, &self.id)?,
            secret: secret.map(|(sealed, id)| sealer.open_text_in(sealed, SECRET, &id)).transpose()?,
        })
    }

    fn from_row(row: &PgRow) -> Result<Self, sqlx::Error> {
        let channel = |name: &str| -> Result<Channel, sqlx::Error> {
            Channel::parse(row.try_get(name)?).map_err(|_| sqlx::Error::Decode("an unknown channel".into()))
        };
        let code = match row.try_get::<Option<Uuid>, _>("verification_id")? {
            None => None,
            Some(id) => Some(DueSecret {
                id,
                verification: verification(row)?,
                channel: channel("proof_channel")?,
                channel_chosen: row.try_get("channel_chosen")?,
                code_dead: row.try_get::<Option<OffsetDateTime>, _>("code_dead_at")?.is_some(),
                secret: row.try_get("secret_sealed")?,
            }),
        };
        Ok(Self {
            id: row.try_get("id")?,
            channel: channel("channel")?,
            attempts: u32::try_from(row.try_get::<i32, _>("attempts")?).unwrap_or_default(),
            drop_at: row.try_get("drop_at")?,
            code,
            traceparent: row.try_get("traceparent")?,
            leased_until: row.try_get("leased_until")?,
            recipient: row.try_get("recipient")?,
            content: row.try_get("content")?,
        })
    }
}

/// Claims up to `limit` messages of one channel that were due by `due_by`, the longest waiting first.
///
/// Other workers skip them until the lease ends. A row that this version cannot read is left to a newer node.
pub async fn lease(
    conn: &mut PgConnection,
    now: OffsetDateTime,
    due_by: OffsetDateTime,
    channel: Channel,
    limit: usize,
) -> Result<Vec<Due>, sqlx::Error> {
    let rows = sqlx::query(
        "with due as ( \
             select id from outbox \
             where status = 'queued' and channel = $1 and next_try_at <= $2 and (leased_until is null or leased_until <= $3) \
             order by next_try_at limit $4 for update skip locked \
         ), leased as ( \
             update outbox set leased_until = $5, attempts = outbox.attempts + 1 from due where outbox.id = due.id \
             returning outbox.* \
         ) \
         select leased.*, v.purpose, (extract(epoch from v.lifetime) * 1000000)::bigint as lifetime, v.asked_at, v.expires_at, \
                v.spent_at, v.dead_at, v.channel as proof_channel, v.channel_chosen, v.secret_sealed, v.code_dead_at \
         from leased left join verifications v on v.id = leased.verification_id \
         order by leased.next_try_at",
    )
    .bind(channel.as_str())
    .bind(due_by)
    .bind(now)
    .bind(i64::try_from(limit).unwrap_or(i64::MAX))
    .bind(now + LEASE)
    .fetch_all(conn)
    .await?;
    let understood = rows.iter().filter_map(|row| {
        Due::from_row(row).inspect_err(|_| tracing::error!("a message in the outbox is not understood: left to a newer node")).ok()
    });
    Ok(understood.collect())
}

/// What is new with a message that a carrier accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Recorded {
    /// Nobody had recorded it before.
    pub handed: bool,
    /// The kind of the sign-up, or of its unproved account, whose first code or link it was.
    pub first_of: Option<Kind>,
}

/// Records that the carrier accepted the message at `now`. The lifetime of its code or link starts, unless an earlier
/// message started it. `report_due_at`: until when the word of its delivery is waited for, and its content kept.
pub async fn record_accepted(
    conn: &mut PgConnection,
    now: OffsetDateTime,
    due: &Due,
    provider_id: Option<&str>,
    report_due_at: Option<OffsetDateTime>,
) -> Result<Recorded, sqlx::Error> {
    // The lease is not checked: whoever holds it now, the carrier has the message. The code's row is locked before its messages, as by
    // everybody: the condition that counts it is met first.
    let recorded = sqlx::query(
        "with before as (select * from verifications where id = $5 for update), \
         recorded as ( \
             update outbox set status = 'handed', handed_at = $2, provider_id = $3, last_error = null, leased_until = null, \
                    report_due_at = $4, recipient = case when $4 is null then ''::bytea else recipient end, \
                    content = case when $4 is null then ''::bytea else content end \
             where id = $1 and status = 'queued' and (select count(*) from before) >= 0 returning id \
         ), started as ( \
             update verifications set handed_at = coalesce(before.handed_at, $2), \
                    expires_at = coalesce(before.expires_at, $2 + before.lifetime), undeliverable_at = null, \
                    queued = verifications.queued and verifications.channel <> $6 \
             from before where verifications.id = before.id \
             returning case when before.handed_at is null and not exists ( \
                 select from verifications earlier where earlier.purpose = before.purpose and earlier.handed_at is not null \
                 and (earlier.signup_id = before.signup_id or earlier.account_id = before.account_id)) \
             then coalesce((select kind from signups where id = before.signup_id), \
                           (select kind from accounts where id = before.account_id \
                            and email_proved_at is null and phone_proved_at is null)) end as kind \
         ) select exists (select from recorded) as handed, (select kind from started) as kind",
    )
    .bind(due.id)
    .bind(now)
    .bind(provider_id)
    .bind(report_due_at)
    .bind(due.code.as_ref().map(|code| code.id))
    .bind(due.channel.as_str())
    .fetch_one(conn)
    .await?;
    let kind = recorded.try_get::<Option<String>, _>("kind")?.and_then(|kind| Kind::parse(&kind).ok());
    let proves = |kind: &Kind, code: &DueSecret| {
        kind.journey().proofs().into_iter().any(|purpose| SecretFor::from(purpose) == code.verification.purpose)
    };
    let first_of = kind.filter(|kind| due.code.as_ref().is_some_and(|code| proves(kind, code)));
    Ok(Recorded { handed: recorded.try_get("handed")?, first_of })
}

/// Schedules another try at `next_try_at`.
pub async fn reschedule(conn: &mut PgConnection, due: &Due, next_try_at: OffsetDateTime, code: &str) -> Result<(), sqlx::Error> {
    sqlx::query(
        "update outbox set next_try_at = $3, last_error = $4, leased_until = null \
         where id = $1 and status = 'queued' and leased_until = $2",
    )
    .bind(due.id)
    .bind(due.leased_until)
    .bind(next_try_at)
    .bind(code)
    .execute(conn)
    .await?;
    Ok(())
}

/// How an undelivered message ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Undelivered {
    /// The carrier refused it permanently.
    Refused,
    /// Its deadline passed, or its code or link lapsed.
    Dropped,
}

/// Ends an undelivered message. `false`: another worker holds it by now.
pub async fn end(conn: &mut PgConnection, due: &Due, end: Undelivered, code: &str) -> Result<bool, sqlx::Error> {
    let ended = sqlx::query(
        "update outbox set status = $3, last_error = $4, leased_until = null, recipient = '', content = '' \
         where id = $1 and status = 'queued' and leased_until = $2",
    )
    .bind(due.id)
    .bind(due.leased_until)
    .bind(match end {
        Undelivered::Refused => "refused",
        Undelivered::Dropped => "dropped",
    })
    .bind(code)
    .execute(conn)
    .await?;
    Ok(ended.rows_affected() == 1)
}

/// Wipes the sealed copies of codes and links that can no longer be used. The rule is that of
/// [`Verification::secret_still_needed`].
pub async fn wipe_secrets(conn: &mut PgConnection, now: OffsetDateTime) -> Result<u64, sqlx::Error> {
    let codes: Vec<&str> = CodeFor::ALL.iter().map(|purpose| purpose.facts().name).collect();
    let wiped = sqlx::query(
        "update verifications set secret_sealed = null \
         where secret_sealed is not null and (spent_at is not null or dead_at is not null \
         or coalesce(expires_at, asked_at + case when purpose = any($2) then $3 else lifetime end) <= $1)",
    )
    .bind(now)
    .bind(codes)
    .bind(CODE_HAND_OVER_LIMIT)
    .execute(&mut *conn)
    .await?;
    // What was kept for another channel goes with its code.
    let emptied = sqlx::query(
        "update outbox set recipient = '', content = '', report_due_at = null from verifications v \
         where v.id = outbox.verification_id and outbox.report_due_at is not null and v.secret_sealed is null",
    )
    .execute(conn)
    .await?;
    Ok(wiped.rows_affected() + emptied.rows_affected())
}

/// How long the oldest message of each channel has waited, in seconds, where any waits; by one look into an index for each channel.
pub async fn oldest(pool: &PgPool, now: OffsetDateTime) -> Result<Vec<(Channel, f64)>, sqlx::Error> {
    let channels: Vec<&str> = Channel::ALL.iter().map(|channel| channel.as_str()).collect();
    let rows: Vec<(String, OffsetDateTime)> = sqlx::query_as(
        "select asked.channel, oldest.created_at from unnest($1::text[]) as asked (channel), lateral ( \
             select created_at from outbox where outbox.channel = asked.channel and status = 'queued' order by created_at limit 1 \
         ) as oldest",
    )
    .bind(channels)
    .fetch_all(pool)
    .await?;
    let age = |at: OffsetDateTime| (now - at).as_seconds_f64().max(0.0);
    Ok(rows.into_iter().filter_map(|(channel, at)| Some((Channel::parse(&channel).ok()?, age(at)))).collect())
}
