//! Table `verifications`: codes and links by keyed hash. The sealed copy exists only for delivery.

use super::link_codes::{code_of_link, entered_as};
use super::{contacts, one};
use crate::entropy;
use crate::fault::Fault;
use crate::seal::{Index, Sealer};
use portaria::contact::Contact;
use portaria::message::Channel;
use portaria::purpose::{CodeFor, SecretFor};
use portaria::value::Code;
use portaria::verification::Verification;
use sqlx::{FromRow, PgConnection};
use time::{Duration, OffsetDateTime};
use uuid::Uuid;

/// The place that the sealed copy of a code or token is bound to.
pub const SECRET: &str = "verifications.secret";
const LINK: &str = "verifications.link";

/// What a code or link belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Subject {
    Signup(Uuid),
    Account(i64),
    /// A contest of a document.
    Contest(Uuid),
}

impl Subject {
    const fn columns(self) -> (Option<Uuid>, Option<i64>, Option<Uuid>) {
        match self {
            Self::Signup(id) => (Some(id), None, None),
            Self::Account(id) => (None, Some(id), None),
            Self::Contest(id) => (None, None, Some(id)),
        }
    }

    /// The account of a code or link whose purpose belongs to accounts.
    pub fn account(self) -> Result<i64, Fault> {
        if let Self::Account(id) = self { Ok(id) } else { Err(Fault::inconsistent("verifications", "account_id")) }
    }

    /// The sign-up of a code whose purpose belongs to sign-ups.
    pub fn signup(self) -> Result<Uuid, Fault> {
        if let Self::Signup(id) = self { Ok(id) } else { Err(Fault::inconsistent("verifications", "signup_id")) }
    }

    /// The contest of a code or link whose purpose belongs to contests.
    pub fn contest(self) -> Result<Uuid, Fault> {
        if let Self::Contest(id) = self { Ok(id) } else { Err(Fault::inconsistent("verifications", "contest_id")) }
    }
}

#[expect(clippy::struct_excessive_bools, reason = "columns of a row")]
pub struct Stored {
    pub id: Uuid,
    pub subject: Subject,
    /// Keyed index of the destination.
    pub destination: Vec<u8>,
    pub channel: Channel,
    /// Whether the person chose that channel.
    pub chosen: bool,
    /// Its purpose and the instants of its life.
    pub facts: Verification,
    /// For a recovery code: keyed index of the contact that it went to.
    pub via: Option<Vec<u8>>,
    /// The carrier refused it permanently, or reported that it failed.
    pub undeliverable: bool,
    /// Its present message waits to be handed over.
    pub queued: bool,
    /// The channel by which it was delivered, as far as carriers say.
    pub delivered_by: Option<Channel>,
    /// The word of its delivery stays away.
    pub late: bool,
    secret_hash: Vec<u8>,
    secret_sealed: Option<Vec<u8>>,
    /// The code beside this link was entered wrong too often.
    code_dead: bool,
}

#[derive(FromRow)]
pub(super) struct Row {
    id: Uuid,
    purpose: String,
    signup_id: Option<Uuid>,
    account_id: Option<i64>,
    contest_id: Option<Uuid>,
    destination_index: Vec<u8>,
    via_index: Option<Vec<u8>>,
    channel: String,
    channel_chosen: bool,
    secret_hash: Vec<u8>,
    secret_sealed: Option<Vec<u8>>,
    code_dead_at: Option<OffsetDateTime>,
    lifetime_seconds: i64,
    asked_at: OffsetDateTime,
    expires_at: Option<OffsetDateTime>,
    spent_at: Option<OffsetDateTime>,
    dead_at: Option<OffsetDateTime>,
    undeliverable_at: Option<OffsetDateTime>,
    queued: bool,
    delivered_by: Option<String>,
    late_at: Option<OffsetDateTime>,
}

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "select id, purpose, signup_id, account_id, contest_id, destination_index, via_index, channel, channel_chosen, secret_hash, secret_sealed, \
             code_dead_at, \
             extract(epoch from lifetime)::bigint as lifetime_seconds, asked_at, expires_at, spent_at, dead_at, undeliverable_at, queued, \
             delivered_by, late_at \
             from verifications ",
            $rest
        )
    };
}
pub(super) use select;

impl TryFrom<Row> for Stored {
    type Error = Fault;

    fn try_from(row: Row) -> Result<Self, Fault> {
        let broken = |column| Fault::inconsistent("verifications", column);
        Ok(Self {
            id: row.id,
            subject: match (row.signup_id, row.account_id, row.contest_id) {
                (Some(id), None, None) => Subject::Signup(id),
                (None, Some(id), None) => Subject::Account(id),
                (None, None, Some(id)) => Subject::Contest(id),
                _ => return Err(broken("signup_id")),
            },
            destination: row.destination_index,
            via: row.via_index,
            channel: Channel::parse(&row.channel).map_err(|_| broken("channel"))?,
            chosen: row.channel_chosen,
            facts: Verification {
                purpose: SecretFor::parse(&row.purpose).ok_or_else(|| broken("purpose"))?,
                lifetime: Duration::seconds(row.lifetime_seconds),
                asked_at: row.asked_at,
                expires_at: row.expires_at,
                spent_at: row.spent_at,
                dead_at: row.dead_at,
            },
            undeliverable: row.undeliverable_at.is_some(),
            queued: row.queued,
            delivered_by: row.delivered_by.map(|by| Channel::parse(&by)).transpose().map_err(|_| broken("delivered_by"))?,
            late: row.late_at.is_some(),
            secret_hash: row.secret_hash,
            secret_sealed: row.secret_sealed,
            code_dead: row.code_dead_at.is_some(),
        })
    }
}

/// The scope that binds a code's hash to its verification: the same digits hash differently elsewhere.
fn code_scope(id: Uuid) -> String {
    format!("verifications.code/{id}")
}

impl Stored {
    /// The code beside this link, as long as it may be entered.
    fn code_beside(&self, sealer: &Sealer) -> Option<String> {
        let sealed = self.secret_sealed.as_deref().filter(|_| !self.code_dead)?;
        Some(code_of_link(sealer, &sealer.open_text_in(sealed, SECRET, &self.id).ok()?))
    }

    /// Returns whether it was sent to this contact.
    pub fn went_to(&self, sealer: &Sealer, contact: &Contact) -> bool {
        contacts::index(sealer, contact).is(&self.destination)
    }

    /// Compares a code in constant time; of a link, the code beside it.
    pub fn is_code(&self, sealer: &Sealer, code: &str) -> bool {
        let scope = code_scope(self.id);
        if self.facts.purpose.code().is_some() {
            return sealer.index_matches(&scope, code, &self.secret_hash);
        }
        self.code_beside(sealer).is_some_and(|beside| sealer.index_matches(&scope, code, &sealer.index(&scope, &beside)))
    }
}

pub struct New<'a> {
    pub purpose: SecretFor,
    pub subject: Subject,
    /// Keyed index of the destination.
    pub destination: &'a [u8],
    pub channel: Channel,
    /// Whether the person chose the channel.
    pub channel_chosen: bool,
    /// Lifetime, from the hand-over.
    pub lifetime: Duration,
    /// The code, if it is not random.
    pub fixed: Option<&'a Code>,
}

/// Creates a code or a link. Its secret is generated here and stored only in the row.
pub async fn insert(conn: &mut PgConnection, sealer: &Sealer, now: OffsetDateTime, new: &New<'_>) -> Result<Stored, Fault> {
    let id = entropy::uuid();
    let (hash, secret) = match new.purpose.code() {
        Some(purpose) => {
            let code = new.fixed.cloned().unwrap_or_else(|| entropy::code(purpose.digits()));
            (sealer.found(&code_scope(id), code.as_str()).to_vec(), code.as_str().to_owned())
        }
        None => {
            let token = entropy::token();
            (sealer.index(LINK, &token), token)
        }
    };
    let (signup_id, account_id, contest_id) = new.subject.columns();
    sqlx::query(
        "insert into verifications (id, purpose, signup_id, account_id, destination_index, channel, channel_chosen, \
         secret_hash, secret_sealed, lifetime, asked_at, contest_id, queued) \
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, make_interval(secs => $10), $11, $12, true)",
    )
    .bind(id)
    .bind(new.purpose.facts().name)
    .bind(signup_id)
    .bind(account_id)
    .bind(new.destination)
    .bind(new.channel.as_str())
    .bind(new.channel_chosen)
    .bind(&hash)
    .bind(sealer.seal_in(secret.as_bytes(), SECRET, &id))
    .bind(new.lifetime.as_seconds_f64())
    .bind(now)
    .bind(contest_id)
    .execute(conn)
    .await?;
    Ok(Stored {
        id,
        subject: new.subject,
        destination: new.destination.to_vec(),
        via: None,
        channel: new.channel,
        chosen: new.channel_chosen,
        facts: Verification {
            purpose: new.purpose,
            lifetime: new.lifetime,
            asked_at: now,
            expires_at: None,
            spent_at: None,
            dead_at: None,
        },
        undeliverable: false,
        queued: true,
        delivered_by: None,
        late: false,
        secret_hash: hash,
        secret_sealed: None,
        code_dead: false,
    })
}

/// The newest code or link of a sign-up, account or contest for a purpose.
pub async fn newest_of(conn: &mut PgConnection, purpose: impl Into<SecretFor>, subject: Subject) -> Result<Option<Stored>, Fault> {
    let (signup_id, account_id, contest_id) = subject.columns();
    let row: Option<Row> = sqlx::query_as(select!(
        "where purpose = $1 and (signup_id = $2 or account_id = $3 or contest_id = $4) order by asked_at desc limit 1"
    ))
    .bind(purpose.into().facts().name)
    .bind(signup_id)
    .bind(account_id)
    .bind(contest_id)
    .fetch_optional(conn)
    .await?;
    row.map(Stored::try_from).transpose()
}

/// Records the contact that a recovery code goes to: its destination is the document.
pub async fn goes_to(conn: &mut PgConnection, id: Uuid, contact: &[u8]) -> Result<(), Fault> {
    let done = sqlx::query("update verifications set via_index = $2 where id = $1").bind(id).bind(contact).execute(conn).await?;
    one(&done, "verifications")
}

/// The newest recovery code of an account that went to a contact.
pub async fn newest_by(conn: &mut PgConnection, account: i64, contact: &Index) -> Result<Option<Stored>, Fault> {
    let row: Option<Row> =
        sqlx::query_as(select!("where purpose = $1 and account_id = $2 and via_index = any($3) order by asked_at desc limit 1"))
            .bind(CodeFor::Recovery.facts().name)
            .bind(account)
            .bind(contact.any())
            .fetch_optional(conn)
            .await?;
    row.map(Stored::try_from).transpose()
}

pub async fn kill(conn: &mut PgConnection, now: OffsetDateTime, id: Uuid) -> Result<(), Fault> {
    sqlx::query("update verifications set dead_at = $2, secret_sealed = null where id = $1 and spent_at is null and dead_at is null")
        .bind(id)
        .bind(now)
        .execute(conn)
        .await?;
    Ok(())
}

/// The codes of one purpose for a destination that are neither spent nor dead, newest first. Recently lapsed codes are
/// included, to be reported as such. There are few: a destination gets six messages an hour.
pub async fn open_at(conn: &mut PgConnection, purpose: CodeFor, destination: &Index, now: OffsetDateTime) -> Result<Vec<Stored>, Fault> {
    let rows: Vec<Row> = sqlx::query_as(select!(
        "where purpose = any($1) and destination_index = any($2) and spent_at is null and dead_at is null and code_dead_at is null \
         and (asked_at > $3 or expires_at > $4) order by asked_at desc for update"
    ))
    .bind(entered_as(purpose))
    .bind(destination.any())
    .bind(now - Duration::hours(2))
    .bind(now)
    .fetch_all(conn)
    .await?;
    rows.into_iter().map(Stored::try_from).collect()
}

/// The link with a token, locked until the transaction ends.
pub async fn by_link(conn: &mut PgConnection, sealer: &Sealer, token: &str) -> Result<Option<Stored>, Fault> {
    let row: Option<Row> =
        sqlx::query_as(select!("where secret_hash = $1 for update")).bind(sealer.index(LINK, token)).fetch_optional(conn).await?;
    row.map(Stored::try_from).transpose()
}

/// Spends a code or link and wipes its sealed copy. `false`: another request was faster.
pub async fn spend(conn: &mut PgConnection, now: OffsetDateTime, id: Uuid) -> Result<bool, Fault> {
    let spent =
        sqlx::query("update verifications set spent_at = $2, secret_sealed = null where id = $1 and spent_at is null and dead_at is null")
            .bind(id)
            .bind(now)
            .execute(conn)
            .await?
            .rows_affected();
    Ok(spent == 1)
}

/// Kills the open codes and links of a sign-up, account or contest for a purpose.
pub async fn kill_of(conn: &mut PgConnection, now: OffsetDateTime, purpose: impl Into<SecretFor>, subject: Subject) -> Result<(), Fault> {
    let (signup_id, account_id, contest_id) = subject.columns();
    sqlx::query(
        "update verifications set dead_at = $4, secret_sealed = null \
         where purpose = $1 and (signup_id = $2 or account_id = $3 or contest_id = $5) and spent_at is null and dead_at is null",
    )
    .bind(purpose.into().facts().name)
    .bind(signup_id)
    .bind(account_id)
    .bind(now)
    .bind(contest_id)
    .execute(conn)
    .await?;
    Ok(())
}

/// Kills those open for a purpose at any destination but this one.
pub async fn kill_elsewhere(
    conn: &mut PgConnection,
    now: OffsetDateTime,
    purpose: impl Into<SecretFor>,
    subject: Subject,
    destination: &Index,
) -> Result<(), Fault> {
    let (signup_id, account_id, contest_id) = subject.columns();
    sqlx::query(
        "update verifications set dead_at = $5, secret_sealed = null \
         where purpose = $1 and (signup_id = $2 or account_id = $3 or contest_id = $6) \
         and destination_index <> all($4) and spent_at is null and dead_at is null",
    )
    .bind(purpose.into().facts().name)
    .bind(signup_id)
    .bind(account_id)
    .bind(destination.any())
    .bind(now)
    .bind(contest_id)
    .execute(conn)
    .await?;
    Ok(())
}

/// Records that the same live code or link is sent again, perhaps by another channel.
pub async fn send_again(conn: &mut PgConnection, id: Uuid, channel: Channel, chosen: bool) -> Result<(), Fault> {
    // What was waited for counts no more: another message begins the ladder anew.
    let done = sqlx::query(
        "with stopped as ( \
             update outbox set report_due_at = null, recipient = '', content = '' where verification_id = $1 and report_due_at is not null \
         ) \
         update verifications set channel = $2, channel_chosen = $3, undeliverable_at = null, tried = '{}', queued = true, \
         delivered_by = null, late_at = null where id = $1",
    )
    .bind(id)
    .bind(channel.as_str())
    .bind(chosen)
    .execute(conn)
    .await?;
    one(&done, "verifications")
}
