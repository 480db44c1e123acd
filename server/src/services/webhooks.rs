//! Telling webhooks what happens to accounts (SPEC §14): which events follow is decided in `portaria::account_event`. Without webhooks
//! nothing is written here, and only steps of sign-ups are counted.

use super::ourselves;
use super::turn::Turn;
use crate::config::Webhook;
use crate::db::webhooks::{self, Happened, Listed};
use crate::db::{accounts, audit};
use crate::delivery::lanes::Bell;
use crate::fault::Fault;
use crate::seal::Sealer;
use portaria::account::Account;
use portaria::account_event::{AccountEvent, is_complete};
use portaria::audit::Event;
use portaria::journey::Kind;
use sqlx::{PgConnection, PgPool};
use time::OffsetDateTime;
use uuid::Uuid;

impl Turn<'_> {
    /// Tells what happened to an account.
    pub(super) async fn tell(&mut self, account: i64, kind: Kind, events: &[AccountEvent]) -> Result<(), Fault> {
        self.counts.account(kind, events);
        let happened: Vec<_> = events.iter().map(|event| Happened { event: *event, account, kind }).collect();
        if webhooks::enqueue(&mut self.tx, &self.service.webhooks, self.now, &happened).await? {
            self.enqueued.push(Bell::Webhooks);
        }
        Ok(())
    }

    /// Tells what changed of an account since `before`. The account is read again.
    pub(super) async fn tell_change(&mut self, before: &Account) -> Result<(), Fault> {
        let events = changed_since(&mut self.tx, self.sealer, &self.service.webhooks, before).await?;
        self.tell(before.id, before.kind, &events).await
    }

    /// Deletes an account that was never proved. Returns whether it was still unproved.
    pub(super) async fn delete_unproved(&mut self, account: i64, kind: Kind) -> Result<bool, Fault> {
        let deleted = accounts::delete_unproved(&mut self.tx, account).await?;
        if deleted {
            self.tell(account, kind, &[AccountEvent::Deleted]).await?;
        }
        Ok(deleted)
    }
}

/// Tells that a document left an account, outside of a turn.
pub(super) async fn document_left(
    conn: &mut PgConnection,
    sealer: &Sealer,
    webhooks: &[Webhook],
    now: OffsetDateTime,
    account: i64,
) -> Result<(), Fault> {
    if webhooks.is_empty() {
        return Ok(());
    }
    let Some(account) = accounts::by_id(conn, sealer, account).await? else { return Ok(()) };
    let happened = [Happened { event: AccountEvent::Changed, account: account.id, kind: account.kind }];
    webhooks::enqueue(conn, webhooks, now, &happened).await?;
    Ok(())
}

async fn changed_since(
    conn: &mut PgConnection,
    sealer: &Sealer,
    webhooks: &[Webhook],
    before: &Account,
) -> Result<Vec<AccountEvent>, Fault> {
    // Without webhooks only the steps of a sign-up count, and this account has gone through them all.
    if webhooks.is_empty() && is_complete(before) {
        return Ok(Vec::new());
    }
    let after = accounts::by_id(conn, sealer, before.id).await?;
    Ok(after.map(|after| AccountEvent::of_change(before, &after)).unwrap_or_default())
}

/// Why an event cannot be sent again.
#[derive(Debug, thiserror::Error)]
pub enum NotReplayed {
    #[error("there is no event with the id {0}: `portaria webhooks list` shows those that are kept")]
    Unknown(Uuid),
    #[error("the event was for {0}, and no [[webhooks]] of the settings has the URL that it was for")]
    NotConfigured(String),
    #[error(transparent)]
    Broken(#[from] Fault),
}

impl From<sqlx::Error> for NotReplayed {
    fn from(error: sqlx::Error) -> Self {
        Self::Broken(error.into())
    }
}

/// Which events `portaria webhooks list` shows.
#[derive(Debug, Clone, Copy)]
pub struct Filter {
    pub status: Option<&'static str>,
    pub event: Option<AccountEvent>,
    pub limit: u32,
}

/// `portaria webhooks list`: the newest events, the newest first.
pub async fn list(pool: &PgPool, filter: Filter) -> Result<Vec<Listed>, Fault> {
    Ok(webhooks::list(pool, filter.status, filter.event, filter.limit).await?)
}

/// `portaria webhooks replay`: sends an event again, with the same id. Returns the host that it goes to.
pub async fn replay(pool: &PgPool, now: OffsetDateTime, configured: &[Webhook], id: Uuid) -> Result<String, NotReplayed> {
    let mut tx = pool.begin().await?;
    let replayed = webhooks::replay(&mut tx, now, id).await?.ok_or(NotReplayed::Unknown(id))?;
    if configured.iter().all(|webhook| webhook.key() != replayed.endpoint) {
        return Err(NotReplayed::NotConfigured(replayed.host));
    }
    let entry = audit::Entry { account: Some(replayed.account_id), ..audit::Entry::of(Event::WebhookReplayed, "ok") };
    audit::record(&mut tx, now, &ourselves("portaria webhooks replay"), entry).await?;
    tx.commit().await?;
    Ok(replayed.host)
}
