//! How long rows are kept: one table, and what the sweeps do with it (SPEC §13 "Retention").
//!
//! Each statement runs alone, takes at most the given number of rows, skips rows that are locked, and finds its rows by an
//! index (`tests/it/retention.rs` asks Postgres whether it does).

use crate::config::Webhook;
use crate::db::webhooks::{self, Happened};
use portaria::account_event::AccountEvent;
use portaria::journey::Kind;
use sqlx::{PgConnection, PgPool};
use time::{Duration, OffsetDateTime};

#[derive(Debug)]
pub struct Rule {
    pub table: &'static str,
    /// Which rows, and what happens to them.
    pub what: &'static str,
    /// How long they are kept, from the instant named in `what`.
    pub kept: Duration,
    /// `$1`: rows older than this go. `$2`: the limit.
    pub statement: &'static str,
    /// Whether accounts go. Then the statement returns the `id` and `kind` of each, and webhooks are told.
    pub deletes_accounts: bool,
}

macro_rules! delete {
    ($table:literal, $which:literal) => {
        concat!("delete from ", $table, " where ctid = any(array(", oldest!($table, $which), "))")
    };
}

macro_rules! oldest {
    ($table:literal, $which:literal) => {
        concat!("select ctid from ", $table, " where ", $which, " limit $2 for update skip locked")
    };
}

const fn rule(table: &'static str, what: &'static str, kept: Duration, statement: &'static str) -> Rule {
    Rule { table, what, kept, statement, deletes_accounts: false }
}

const SIX_MONTHS: Duration = Duration::days(183);

/// Everything that is swept. Rows not listed here go with their parent (a session's refresh tokens, an account's photos),
/// or stay as long as their account.
pub const RULES: [Rule; 17] = [
    rule("audit", "attempts and refusals, from when they happened", SIX_MONTHS, delete!("audit", "at < $1")),
    rule("sessions", "sessions, from their end", Duration::days(30), delete!("sessions", "ended_at is not null and ended_at < $1")),
    rule("sessions", "sessions, from when they expired", Duration::days(30), delete!("sessions", "expires_at < $1")),
    Rule {
        deletes_accounts: true,
        ..rule(
            "accounts",
            "accounts that nothing was ever proved of, from when their last proof lapsed, or they were imported",
            Duration::days(7),
            concat!(
                delete!(
                    "accounts",
                    "email_proved_at is null and phone_proved_at is null and created_at < $1 and last_sign_in_at is null \
                     and (imported_at is null or imported_at < $1) \
                     and not exists (select from verifications v where v.account_id = accounts.id and coalesce(v.expires_at, v.asked_at + v.lifetime) >= $1)"
                ),
                " returning id, kind"
            ),
        )
    },
    rule(
        "outbox",
        "messages that were delivered or given up, without content, from when they were written",
        Duration::days(30),
        delete!("outbox", "status <> 'queued' and created_at < $1"),
    ),
    rule(
        "webhook_deliveries",
        "events for webhooks that were delivered or given up, from when they were",
        Duration::days(30),
        delete!("webhook_deliveries", "status <> 'queued' and ended_at < $1"),
    ),
    rule(
        "verifications",
        "codes and links as keyed hashes, from when they lapsed",
        Duration::days(30),
        delete!("verifications", "asked_at < $1 and coalesce(expires_at, asked_at + lifetime) < $1"),
    ),
    rule(
        "signups",
        "sign-ups that came to nothing, from when they lapsed",
        Duration::ZERO,
        delete!("signups", "account_id is null and expires_at < $1"),
    ),
    // A sign-up with an account stays longer, so that a waiting browser sees how it ended.
    rule(
        "signups",
        "sign-ups that came to an account, from when they lapsed",
        Duration::days(7),
        delete!("signups", "account_id is not null and expires_at < $1"),
    ),
    rule(
        "signup_devices",
        "the browsers that hold a sign-up, from when they lapsed",
        Duration::ZERO,
        delete!("signup_devices", "expires_at < $1"),
    ),
    rule("tallies", "counts, from when they count no more", Duration::ZERO, delete!("tallies", "forget_at < $1")),
    rule(
        "refresh_tokens",
        "sealed copies of successors, from when they were given (the row stays)",
        // Well past the 30 s in which it may be given again.
        Duration::minutes(10),
        concat!(
            "update refresh_tokens set successor_sealed = null where ctid = any(array(",
            oldest!("refresh_tokens", "successor_sealed is not null and used_at < $1"),
            "))"
        ),
    ),
    rule(
        "recovery_grants",
        "rights to set a new password, from when they lapsed",
        Duration::ZERO,
        delete!("recovery_grants", "expires_at < $1"),
    ),
    // Reported as lapsed for this long (004 `AUTH_004`).
    rule("proofs", "rights to complete a profile, from when they lapsed", Duration::hours(24), delete!("proofs", "expires_at < $1")),
    // A little longer than the change can be undone.
    rule(
        "account_changes",
        "contacts that were replaced, sealed, from when they were",
        Duration::days(8),
        delete!("account_changes", "replaced_at < $1"),
    ),
    // As long as browsers keep its cookie.
    rule(
        "devices",
        "devices that an account signed in from, from the last time",
        portaria::session::DEVICE_LIFETIME,
        delete!("devices", "last_seen_at < $1"),
    ),
    rule(
        "captured_messages",
        "in development: messages at /dev/outbox, from when they were captured",
        Duration::hours(24),
        delete!("captured_messages", "at < $1"),
    ),
];

/// The advisory lock of a sweep: one node at a time. The number is arbitrary; nothing else in the database uses it.
pub const LOCK: i64 = 0x506f_7274_6172_6961;

/// Applies a rule once. Returns how many rows it affected; `None`: another node is sweeping.
///
/// The lock ends with its transaction, not with the connection: behind a pooler we do not keep a connection.
pub async fn apply(pool: &PgPool, rule: &Rule, webhooks: &[Webhook], now: OffsetDateTime, limit: i64) -> Result<Option<u64>, sqlx::Error> {
    let mut tx = pool.begin().await?;
    let ours: bool = sqlx::query_scalar("select pg_try_advisory_xact_lock($1)").bind(LOCK).fetch_one(&mut *tx).await?;
    if !ours {
        return Ok(None);
    }
    match affected(&mut tx, rule, webhooks, now, limit).await {
        Ok(rows) => {
            tx.commit().await?;
            Ok(Some(rows))
        }
        Err(error) => {
            // Waited for, because a transaction that is only dropped may still hold the lock when the next one asks for it.
            tx.rollback().await?;
            Err(error)
        }
    }
}

async fn affected(conn: &mut PgConnection, rule: &Rule, webhooks: &[Webhook], now: OffsetDateTime, limit: i64) -> Result<u64, sqlx::Error> {
    if !rule.deletes_accounts {
        let done = sqlx::query(rule.statement).bind(now - rule.kept).bind(limit).execute(conn).await?;
        return Ok(done.rows_affected());
    }
    let gone: Vec<(i64, String)> = sqlx::query_as(rule.statement).bind(now - rule.kept).bind(limit).fetch_all(&mut *conn).await?;
    let happened = gone.iter().filter_map(|(account, kind)| {
        Kind::parse(kind).ok().map(|kind| Happened { event: AccountEvent::Deleted, account: *account, kind })
    });
    webhooks::enqueue(conn, webhooks, now, &happened.collect::<Vec<_>>()).await?;
    Ok(u64::try_from(gone.len()).unwrap_or(u64::MAX))
}
