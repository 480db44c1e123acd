//! Messages to hand over (SPEC §7): written in the transaction that caused them, claimed by a worker under a lease.
//!
//! ```text
//!            claim: leased for 30 s           accepted
//!   queued ────────────────────────► (leased) ────────► handed
//!     ▲                               │ │  │
//!     └── lease expired, or again ◄───┘ │  └ its proof lapsed, or drop_at passed ─► dropped
//!                                       └ refused for good ─► refused
//! ```
//!
//! At least once: between the carrier's "accepted" and the note of it a crash makes the lease expire, and the message goes
//! again. A finished row keeps neither recipient nor content.

use super::verifications::SECRET;
use crate::entropy;
use crate::seal::{SealBroken, Sealer};
use portaria::message::{CODE_HAND_OVER_LIMIT, Channel, Content, Purpose};
use portaria::verification::Verification;
use sqlx::postgres::PgRow;
use sqlx::{PgConnection, Row};
use std::fmt;
use time::{Duration, OffsetDateTime};
use uuid::Uuid;

const RECIPIENT: &str = "outbox.recipient";
const CONTENT: &str = "outbox.content";

/// How long a claimed message belongs to its worker. It is also how long a message waits whose worker died with it in hand.
///
/// Longer than the longest hand-over with the note of it, which the courier checks when it is compiled. A database so slow that
/// one note takes longer still lets another worker send the message again, never lose it.
pub const LEASE: Duration = Duration::seconds(30);

/// A message to write.
pub struct NewMessage<'a> {
    /// Which way.
    pub channel: Channel,
    /// An e-mail address, or a phone in E.164.
    pub recipient: &'a str,
    /// What it says.
    pub content: &'a Content,
    /// The code or link that goes into it.
    pub verification_id: Option<Uuid>,
    /// Never handed over after this instant.
    pub drop_at: OffsetDateTime,
}

impl fmt::Debug for NewMessage<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NewMessage").field("channel", &self.channel).finish_non_exhaustive()
    }
}

/// Writes a message, to be handed over as soon as its transaction commits.
pub async fn enqueue(conn: &mut PgConnection, sealer: &Sealer, now: OffsetDateTime, message: &NewMessage<'_>) -> Result<(), sqlx::Error> {
    let id = entropy::uuid();
    sqlx::query(
        "insert into outbox (id, channel, recipient, content, verification_id, created_at, next_try_at, drop_at) \
         values ($1, $2, $3, $4, $5, $6, $6, $7)",
    )
    .bind(id)
    .bind(message.channel.as_str())
    .bind(sealer.seal_in(message.recipient.as_bytes(), RECIPIENT, &(id, message.verification_id)))
    .bind(sealer.seal_json_in(message.content, CONTENT, &id))
    .bind(message.verification_id)
    .bind(now)
    .bind(message.drop_at)
    .execute(conn)
    .await?;
    Ok(())
}

/// A claimed message.
pub struct Due {
    /// Its row.
    pub id: Uuid,
    /// Which way.
    pub channel: Channel,
    /// How many times it has been tried, this time included.
    pub attempts: u32,
    /// Never handed over after this instant.
    pub drop_at: OffsetDateTime,
    /// The code or link that goes into it.
    pub proof: Option<Proof>,
    leased_until: OffsetDateTime,
    recipient: Vec<u8>,
    content: Vec<u8>,
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
pub struct Proof {
    /// Its row.
    pub id: Uuid,
    /// How it stood when the message was claimed.
    pub verification: Verification,
    /// By which channel it is expected now; another one than the message's once the person has asked for another.
    pub channel: Channel,
    /// Whether the person chose it.
    pub channel_chosen: bool,
    secret: Option<Vec<u8>>,
}

impl fmt::Debug for Proof {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Proof").field("id", &self.id).field("verification", &self.verification).finish_non_exhaustive()
    }
}

/// What a claimed message holds.
pub struct Letter {
    /// To whom.
    pub recipient: String,
    /// What it says.
    pub content: Content,
    /// The code or token.
    pub secret: Option<String>,
}

impl fmt::Debug for Letter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Letter(***)")
    }
}

impl Due {
    /// What its recipient is sealed for: with the code that goes there, or another's would follow by pointing to it.
    fn row(&self) -> (Uuid, Option<Uuid>) {
        (self.id, self.proof.as_ref().map(|proof| proof.id))
    }

    /// Opens it.
    pub fn open(&self, sealer: &Sealer) -> Result<Letter, SealBroken> {
        let secret = self.proof.as_ref().and_then(|proof| Some((proof.secret.as_deref()?, proof.id)));
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
        let proof = match row.try_get::<Option<Uuid>, _>("verification_id")? {
            None => None,
            Some(id) => Some(Proof {
                id,
                verification: Verification {
                    purpose: Purpose::parse(row.try_get("purpose")?).ok_or_else(|| sqlx::Error::Decode("an unknown purpose".into()))?,
                    lifetime: Duration::microseconds(row.try_get("lifetime")?),
                    asked_at: row.try_get("asked_at")?,
                    expires_at: row.try_get("expires_at")?,
                    spent_at: row.try_get("spent_at")?,
                    dead_at: row.try_get("dead_at")?,
                },
                channel: channel("proof_channel")?,
                channel_chosen: row.try_get("channel_chosen")?,
                secret: row.try_get("secret_sealed")?,
            }),
        };
        Ok(Self {
            id: row.try_get("id")?,
            channel: channel("channel")?,
            attempts: u32::try_from(row.try_get::<i32, _>("attempts")?).unwrap_or_default(),
            drop_at: row.try_get("drop_at")?,
            proof,
            leased_until: row.try_get("leased_until")?,
            recipient: row.try_get("recipient")?,
            content: row.try_get("content")?,
        })
    }
}

/// Claims up to `limit` messages of one channel whose turn came by `due_by`, the longest waiting first.
///
/// Other workers pass over them until the lease ends. A row that this version does not understand is left to a newer node.
pub async fn claim(
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
                v.spent_at, v.dead_at, v.channel as proof_channel, v.channel_chosen, v.secret_sealed \
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

/// Its carrier accepted it at `now`. The clock of its code or link starts, unless an earlier message started it.
pub async fn handed(conn: &mut PgConnection, now: OffsetDateTime, due: &Due, provider_id: Option<&str>) -> Result<(), sqlx::Error> {
    // no look at the lease: whoever holds it by now, the carrier has the message
    sqlx::query(
        "update outbox set status = 'handed', handed_at = $2, provider_id = $3, last_error = null, leased_until = null, \
         recipient = '', content = '' where id = $1 and status = 'queued'",
    )
    .bind(due.id)
    .bind(now)
    .bind(provider_id)
    .execute(&mut *conn)
    .await?;
    if let Some(proof) = &due.proof {
        sqlx::query(
            "update verifications set handed_at = coalesce(handed_at, $2), expires_at = coalesce(expires_at, $2 + lifetime), \
             undeliverable_at = null where id = $1",
        )
        .bind(proof.id)
        .bind(now)
        .execute(conn)
        .await?;
    }
    Ok(())
}

/// To be tried again at `next_try_at`.
pub async fn again(conn: &mut PgConnection, due: &Due, next_try_at: OffsetDateTime, code: &str) -> Result<(), sqlx::Error> {
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

/// How a message ends that does not leave.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// Refused for good by its carrier.
    Refused,
    /// Its time is over.
    Dropped,
}

/// Ends a message that does not leave; `false` when another worker has it by now.
pub async fn end(conn: &mut PgConnection, due: &Due, end: End, code: &str) -> Result<bool, sqlx::Error> {
    let ended = sqlx::query(
        "update outbox set status = $3, last_error = $4, leased_until = null, recipient = '', content = '' \
         where id = $1 and status = 'queued' and leased_until = $2",
    )
    .bind(due.id)
    .bind(due.leased_until)
    .bind(match end {
        End::Refused => "refused",
        End::Dropped => "dropped",
    })
    .bind(code)
    .execute(conn)
    .await?;
    Ok(ended.rows_affected() == 1)
}

/// Sends the same message by SMS instead; its code or link is expected there from now on.
pub async fn follow_by_sms(conn: &mut PgConnection, sealer: &Sealer, now: OffsetDateTime, due: &Due) -> Result<(), sqlx::Error> {
    let broken = |error: SealBroken| sqlx::Error::Decode(Box::new(error));
    let id = entropy::uuid();
    // sealed anew: what belongs to the one row does not open in the other
    let recipient = sealer.open_in(&due.recipient, RECIPIENT, &due.row()).map_err(broken)?;
    let content = sealer.open_in(&due.content, CONTENT, &due.id).map_err(broken)?;
    sqlx::query(
        "insert into outbox (id, channel, recipient, content, verification_id, created_at, next_try_at, drop_at) \
         values ($1, 'sms', $2, $3, $4, $5, $5, $6)",
    )
    .bind(id)
    .bind(sealer.seal_in(&recipient, RECIPIENT, &(id, due.row().1)))
    .bind(sealer.seal_in(&content, CONTENT, &id))
    .bind(due.proof.as_ref().map(|proof| proof.id))
    .bind(now)
    .bind(due.drop_at)
    .execute(&mut *conn)
    .await?;
    if let Some(proof) = &due.proof {
        sqlx::query("update verifications set channel = 'sms' where id = $1 and channel = 'whatsapp' and not channel_chosen")
            .bind(proof.id)
            .execute(conn)
            .await?;
    }
    Ok(())
}

/// Notes that a code or link does not arrive, for the page that waits for it: unless it goes another way by now.
pub async fn undeliverable(conn: &mut PgConnection, now: OffsetDateTime, due: &Due) -> Result<(), sqlx::Error> {
    let Some(proof) = &due.proof else { return Ok(()) };
    sqlx::query(
        "update verifications set undeliverable_at = $3 \
         where id = $1 and channel = $4 and spent_at is null and dead_at is null and undeliverable_at is null \
         and not exists (select from outbox where verification_id = $1 and id <> $2 and status = 'queued')",
    )
    .bind(proof.id)
    .bind(due.id)
    .bind(now)
    .bind(due.channel.as_str())
    .execute(conn)
    .await?;
    Ok(())
}

/// Wipes the sealed copies of codes and links that cannot be entered any more; the same rule as
/// [`Verification::secret_still_needed`].
pub async fn wipe_secrets(conn: &mut PgConnection, now: OffsetDateTime) -> Result<u64, sqlx::Error> {
    let codes: Vec<&str> = Purpose::ALL.into_iter().filter(|purpose| purpose.digits().is_some()).map(Purpose::as_str).collect();
    let wiped = sqlx::query(
        "update verifications set secret_sealed = null \
         where secret_sealed is not null and (spent_at is not null or dead_at is not null \
         or coalesce(expires_at, asked_at + case when purpose = any($2) then $3 else lifetime end) <= $1)",
    )
    .bind(now)
    .bind(codes)
    .bind(CODE_HAND_OVER_LIMIT)
    .execute(conn)
    .await?;
    Ok(wiped.rows_affected())
}
