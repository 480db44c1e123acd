//! Sweeping by the table of `portaria::retention` (SPEC §13 "Retention"): which statement a row of it stands for.
//!
//! Each statement runs alone, takes at most the given number of rows, skips rows that are locked, and finds its rows by an
//! index (`tests/it/retention.rs` asks Postgres whether it does).

use crate::config::Webhook;
use crate::db::webhooks::{self, Happened};
use portaria::account_event::AccountEvent;
use portaria::journey::Kind;
use portaria::retention::Kept;
use sqlx::{AssertSqlSafe, PgConnection, PgPool};
use time::OffsetDateTime;

#[derive(Debug)]
pub struct Rule {
    pub kept: Kept,
    /// `$1`: rows older than this go. `$2`: the limit.
    pub statement: &'static str,
    /// Since when the row that should have gone first is too old, if one should have: `$1` as above.
    pub oldest: &'static str,
    pub act: Act,
}

/// What a sweep does by a rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Act {
    /// Its statement, and nothing else.
    Rows,
    /// Accounts go. The statement returns the `id` and `kind` of each, and webhooks are told.
    Accounts,
    /// Nothing: the janitor erases them every minute (`server/src/services/erasure.rs`). The statement is the one that finds them.
    Elsewhere,
}

macro_rules! due {
    ($table:literal, $which:literal) => {
        concat!("select ctid from ", $table, " where ", $which, " limit $2 for update skip locked")
    };
}

/// Rows that are deleted. `$by`: the column of the index; `$since`: the instant from which the time counts, if that is another.
macro_rules! deleted {
    ($kept:ident, $table:literal by $by:literal, $which:literal) => {
        deleted!($kept, $table by $by since $by, $which, "")
    };
    ($kept:ident, $table:literal by $by:literal since $since:literal, $which:literal, $returning:literal) => {
        Rule {
            kept: Kept::$kept,
            statement: concat!("delete from ", $table, " where ctid = any(array(", due!($table, $which), "))", $returning),
            oldest: concat!("select ", $since, " from ", $table, " where ", $which, " order by ", $by, " limit 1"),
            act: Act::Rows,
        }
    };
}

/// Everything that is swept. Rows not listed here go with their parent (a session's refresh tokens, an account's photos),
/// or stay as long as their account.
pub const RULES: [Rule; 28] = [
    deleted!(Audit, "audit" by "at", "at < $1"),
    deleted!(EndedSessions, "sessions" by "ended_at", "ended_at is not null and ended_at < $1"),
    deleted!(ExpiredSessions, "sessions" by "expires_at", "expires_at < $1"),
    Rule {
        act: Act::Accounts,
        ..deleted!(
            UnprovedAccounts,
            "accounts" by "created_at" since
            "greatest(created_at, imported_at, (select max(coalesce(v.expires_at, v.asked_at + v.lifetime)) from verifications v \
                 where v.account_id = accounts.id))",
            "email_proved_at is null and phone_proved_at is null and created_at < $1 and last_sign_in_at is null \
             and (imported_at is null or imported_at < $1) \
             and not exists (select from verifications v where v.account_id = accounts.id and coalesce(v.expires_at, v.asked_at + v.lifetime) >= $1)",
            " returning id, kind"
        )
    },
    Rule {
        kept: Kept::Deletions,
        statement: "select id from accounts where deletion_asked_at < $1 order by deletion_asked_at limit $2 for no key update skip locked",
        oldest: "select deletion_asked_at from accounts where deletion_asked_at < $1 order by deletion_asked_at limit 1",
        act: Act::Elsewhere,
    },
    deleted!(UndoGrants, "undo_grants" by "expires_at", "expires_at < $1"),
    deleted!(Messages, "outbox" by "created_at", "status <> 'queued' and created_at < $1"),
    deleted!(WebhookDeliveries, "webhook_deliveries" by "ended_at", "status <> 'queued' and ended_at < $1"),
    deleted!(
        Verifications,
        "verifications" by "asked_at" since "coalesce(expires_at, asked_at + lifetime)",
        "asked_at < $1 and coalesce(expires_at, asked_at + lifetime) < $1",
        ""
    ),
    deleted!(CarrierReports, "carrier_reports" by "at", "at < $1"),
    deleted!(PhoneSpending, "phone_spending" by "day", "day < $1"),
    deleted!(AbandonedSignups, "signups" by "expires_at", "account_id is null and expires_at < $1"),
    deleted!(FinishedSignups, "signups" by "expires_at", "account_id is not null and expires_at < $1"),
    deleted!(SignupDevices, "signup_devices" by "expires_at", "expires_at < $1"),
    deleted!(Tallies, "tallies" by "forget_at", "forget_at < $1"),
    Rule {
        kept: Kept::Successors,
        statement: concat!(
            "update refresh_tokens set successor_sealed = null where ctid = any(array(",
            due!("refresh_tokens", "successor_sealed is not null and used_at < $1"),
            "))"
        ),
        oldest: "select used_at from refresh_tokens where successor_sealed is not null and used_at < $1 order by used_at limit 1",
        act: Act::Rows,
    },
    deleted!(RecoveryGrants, "recovery_grants" by "expires_at", "expires_at < $1"),
    deleted!(CompletionGrants, "proofs" by "expires_at", "expires_at < $1"),
    deleted!(OpenIdRequests, "openid_requests" by "expires_at", "expires_at < $1"),
    deleted!(OpenIdGrants, "openid_grants" by "expires_at", "expires_at < $1"),
    Rule {
        kept: Kept::OpenIdSuccessors,
        statement: concat!(
            "update openid_refresh_tokens set successor_sealed = null where ctid = any(array(",
            due!("openid_refresh_tokens", "successor_sealed is not null and used_at < $1"),
            "))"
        ),
        oldest: "select used_at from openid_refresh_tokens where successor_sealed is not null and used_at < $1 order by used_at limit 1",
        act: Act::Rows,
    },
    deleted!(OpenIdLogouts, "openid_logouts" by "happened_at", "happened_at < $1"),
    deleted!(ReplacedContacts, "account_changes" by "replaced_at", "replaced_at < $1"),
    deleted!(FormerContacts, "former_contacts" by "replaced_at", "replaced_at < $1"),
    deleted!(UnprovedContests, "contests" by "asked_at", "proved_at is null and asked_at < $1"),
    deleted!(DecidedContests, "contests" by "decided_at", "decided_at is not null and decided_at < $1"),
    deleted!(Devices, "devices" by "last_seen_at", "last_seen_at < $1"),
    deleted!(CapturedMessages, "captured_messages" by "at", "at < $1"),
];

/// How late each table is, in seconds: how long ago the row that waits longest should have gone. One statement, a look into an index
/// for each rule.
pub async fn lag(pool: &PgPool, now: OffsetDateTime) -> Result<Vec<(&'static str, f64)>, sqlx::Error> {
    let of_each = RULES.iter().enumerate().map(|(nth, rule)| {
        let cutoff = format!("($1::timestamptz[])[{}]", nth + 1);
        format!("select {nth}::integer, {cutoff} - ({})", rule.oldest.replace("$1", &cutoff))
    });
    let statement = of_each.collect::<Vec<_>>().join(" union all ");
    let cutoffs: Vec<_> = RULES.iter().map(|rule| now - rule.kept.facts().kept).collect();
    let statement = format!("select nth, extract(epoch from late)::float8 from ({statement}) as t (nth, late)");
    let rows: Vec<(i32, Option<f64>)> = sqlx::query_as(AssertSqlSafe(statement)).bind(cutoffs).fetch_all(pool).await?;
    let mut late: Vec<(&'static str, f64)> = Vec::new();
    for (nth, seconds) in rows {
        let Some(rule) = usize::try_from(nth).ok().and_then(|nth| RULES.get(nth)) else { continue };
        let (table, seconds) = (rule.kept.facts().table, seconds.unwrap_or_default().max(0.0));
        match late.iter_mut().find(|(known, _)| *known == table) {
            Some((_, most)) => *most = most.max(seconds),
            None => late.push((table, seconds)),
        }
    }
    Ok(late)
}

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
    if rule.act == Act::Rows {
        let done = sqlx::query(rule.statement).bind(now - rule.kept.facts().kept).bind(limit).execute(conn).await?;
        return Ok(done.rows_affected());
    }
    let gone: Vec<(i64, String)> =
        sqlx::query_as(rule.statement).bind(now - rule.kept.facts().kept).bind(limit).fetch_all(&mut *conn).await?;
    let happened = gone.iter().filter_map(|(account, kind)| {
        Kind::parse(kind).ok().map(|kind| Happened { event: AccountEvent::Deleted, account: *account, kind })
    });
    webhooks::enqueue(conn, webhooks, now, &happened.collect::<Vec<_>>()).await?;
    Ok(u64::try_from(gone.len()).unwrap_or(u64::MAX))
}
