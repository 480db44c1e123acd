//! Some hundred lines at once: judged and sealed, then written by one transaction, so that no account is ever half there.

use super::source::Item;
use crate::config::Webhook;
use crate::db::accounts::moving::{self, Arriving, Conflict, Into, Keys};
use crate::db::webhooks::{self, Happened};
use crate::db::{accounts, audit};
use crate::entropy;
use crate::fault::Fault;
use crate::passwords::foreign;
use crate::seal::Sealer;
use crate::services::keys::KeyRing;
use crate::services::ourselves;
use portaria::account_event::AccountEvent;
use portaria::audit::Event;
use portaria::error::Field;
use portaria::journey::Kind;
use portaria::moving::{Key, Outside, Reason, Wrong, judge};
use sqlx::{Connection as _, PgConnection};
use std::borrow::Cow;
use time::format_description::well_known::Rfc3339;
use time::{OffsetDateTime, UtcOffset};

/// How often what was in the way of a line may be gone when it is looked for.
const ROUNDS: usize = 5;

/// What all lines of an import have in common.
#[derive(Debug, Clone)]
pub struct Common {
    pub sealer: Sealer,
    /// Reads its keys again, however long the import takes; `None`: they stay as they are.
    pub keys: Option<KeyRing>,
    /// When the import began. Accounts that it brought in are known by it.
    pub now: OffsetDateTime,
    /// The kind of lines that name none.
    pub kind: Option<Kind>,
    pub dry_run: bool,
    /// Who is told of accounts that come in.
    pub webhooks: Vec<Webhook>,
}

/// A line that was judged, and sealed if it is good.
#[derive(Debug)]
pub struct Prepared {
    pub line: u64,
    pub keys: Keys,
    account: Result<Arriving, Vec<Wrong>>,
}

/// What became of a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Became {
    /// An account.
    In,
    /// Nothing: it came in earlier.
    Known,
    /// Nothing, and why.
    Refused(Vec<(Cow<'static, str>, Why)>),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why {
    Wrong(Reason),
    /// Another account has this value.
    Taken(Field),
}

struct Rules;

impl Outside for Rules {
    /// In UTC and whole microseconds, so that Postgres returns exactly what was stored.
    fn instant(&self, text: &str) -> Option<OffsetDateTime> {
        let at = OffsetDateTime::parse(text, &Rfc3339).ok()?.checked_to_offset(UtcOffset::UTC)?;
        at.replace_nanosecond(at.nanosecond() / 1_000 * 1_000).ok()
    }

    fn hash(&self, text: &str) -> Result<(), Reason> {
        foreign::judge(text)
    }
}

/// Judges and seals lines. It takes the processor's time and nothing else.
pub fn prepare(items: Vec<Item>, common: &Common) -> Result<Vec<Prepared>, Fault> {
    let prepare = |Item { line, given }: Item| {
        let given = match given {
            Ok(given) => given,
            Err(reason) => {
                return Ok(Prepared { line, keys: Keys::default(), account: Err(vec![(Cow::Borrowed("line"), reason)]) });
            }
        };
        let judged = judge(&given, entropy::account_id(), common.kind, common.now, &Rules);
        let keys = Keys::of(&judged, &common.sealer);
        let account = judged.account.map(|account| Arriving::seal(account, &common.sealer));
        Ok(Prepared { line, keys, account: account.map_or_else(|wrong| Ok(Err(wrong)), |sealed| sealed.map(Ok))? })
    };
    items.into_iter().map(prepare).collect()
}

/// Says what became of a line, if something was in its way.
fn settle(conflict: &Conflict) -> Option<Became> {
    if conflict.known && !conflict.twice {
        return Some(Became::Known);
    }
    let why = told(conflict);
    (!why.is_empty()).then_some(Became::Refused(why))
}

fn told(conflict: &Conflict) -> Vec<(Cow<'static, str>, Why)> {
    let twice = conflict.twice.then_some((Cow::Borrowed(Key::ExternalId.name()), Why::Wrong(Reason::Twice)));
    let taken = conflict.taken.iter().filter_map(|field| Some((Cow::Borrowed(Key::of(*field)?.name()), Why::Taken(*field))));
    twice.into_iter().chain(taken).collect()
}

/// Writes a batch, all of it or nothing. Returns what became of each line.
pub async fn write(conn: &mut PgConnection, common: &Common, lines: &[Prepared]) -> Result<Vec<Became>, Fault> {
    let now = common.now;
    let into = if common.dry_run { Into::DryRun } else { Into::Accounts };
    let mut became: Vec<Option<Became>> = vec![None; lines.len()];
    let mut open: Vec<usize> = (0..lines.len()).filter(|at| lines[*at].account.is_ok()).collect();
    let mut tx = conn.begin().await?;
    // Before the good ones: what those bring is not in the way of a line that may stand above them.
    refuse_the_bad(&mut tx, common, lines, &mut became).await?;
    if common.dry_run {
        find_conflicts(&mut tx, Into::Accounts, now, lines, &mut open, &mut became).await?;
    }
    let mut came = Vec::new();
    for _ in 0..ROUNDS {
        let batch: Vec<_> = open.iter().filter_map(|at| Some((&lines[*at].keys, lines[*at].account.as_ref().ok()?))).collect();
        let went = moving::insert_many(&mut tx, into, now, &batch).await?;
        for (at, (_, arriving)) in open.iter().zip(&batch) {
            if went.contains(&arriving.account.id) {
                became[*at] = Some(Became::In);
                came.push(&arriving.account);
            }
        }
        open.retain(|at| became[*at].is_none());
        find_conflicts(&mut tx, into, now, lines, &mut open, &mut became).await?;
        if open.is_empty() {
            break;
        }
    }
    if !open.is_empty() {
        return Err(Fault::inconsistent("accounts", "id"));
    }
    if !common.dry_run {
        let ids: Vec<_> = came.iter().map(|account| account.id).collect();
        audit::record_each(&mut tx, now, &ourselves("portaria import"), Event::AccountImported, &ids).await?;
        let happened = came.iter().flat_map(|account| {
            let events = if common.webhooks.is_empty() { Vec::new() } else { AccountEvent::of_new(account) };
            events.into_iter().map(|event| Happened { event, account: account.id, kind: account.kind })
        });
        webhooks::enqueue(&mut tx, &common.webhooks, now, &happened.collect::<Vec<_>>()).await?;
    }
    tx.commit().await?;
    Ok(became.into_iter().flatten().collect())
}

/// Settles the lines that are `open` and have something in their way; the others stay open.
async fn find_conflicts(
    conn: &mut PgConnection,
    among: Into,
    now: OffsetDateTime,
    lines: &[Prepared],
    open: &mut Vec<usize>,
    became: &mut [Option<Became>],
) -> Result<(), sqlx::Error> {
    let keys: Vec<_> = open.iter().map(|at| &lines[*at].keys).collect();
    let found = moving::conflicts(conn, among, now, &keys).await?;
    for (at, conflict) in open.iter().zip(&found) {
        became[*at] = settle(conflict);
    }
    open.retain(|at| became[*at].is_none());
    Ok(())
}

/// Tells of the lines in which something is wrong; beside that, what others have of them.
async fn refuse_the_bad(
    conn: &mut PgConnection,
    common: &Common,
    lines: &[Prepared],
    became: &mut [Option<Became>],
) -> Result<(), sqlx::Error> {
    let bad: Vec<_> = lines.iter().enumerate().filter_map(|(at, line)| Some((at, &line.keys, line.account.as_ref().err()?))).collect();
    let keys: Vec<_> = bad.iter().map(|(_, keys, _)| *keys).collect();
    let mut found = moving::conflicts(conn, Into::Accounts, common.now, &keys).await?;
    if common.dry_run {
        let earlier = moving::conflicts(conn, Into::DryRun, common.now, &keys).await?;
        for (found, earlier) in found.iter_mut().zip(earlier) {
            found.twice |= earlier.twice;
            found.taken.extend(earlier.taken);
            found.taken.dedup();
        }
    }
    for ((at, _, wrong), conflict) in bad.iter().zip(&found) {
        let mut why: Vec<_> = wrong.iter().map(|(key, reason)| (key.clone(), Why::Wrong(*reason))).collect();
        // What came in earlier has its own values.
        if !conflict.known || conflict.twice {
            why.extend(told(conflict));
        }
        became[*at] = Some(Became::Refused(why));
    }
    Ok(())
}

/// Returns whether the same batch may go in if it is tried again: a person signed up at the same instant, and the locks crossed.
pub fn may_go_in_again(fault: &Fault) -> bool {
    let Fault::Database(sqlx::Error::Database(error)) = fault else { return false };
    // serialization_failure, deadlock_detected, lock_not_available
    error.code().is_some_and(|code| ["40001", "40P01", "55P03"].contains(&&*code))
}

/// Prepares a connection for the import.
pub async fn begin(conn: &mut PgConnection, common: &Common) -> Result<(), sqlx::Error> {
    if common.dry_run { accounts::moving::begin_dry_run(conn).await } else { Ok(()) }
}
