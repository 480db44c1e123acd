//! Erasing an account (SPEC §13 "Deletion"): by time, fourteen days after its owner asked for it, and by an operator. One path for both.
//!
//! The audit is unlinked first, in batches of its own; then one transaction, under the login lock and the account's row, takes the rest.
//! Whatever is killed in between is found again: the account is still due.

use super::codes::send_scope;
use super::entries::{entry_scope, guess_scope, held_scope};
use super::login::{IDENTIFIER, LOCK};
use super::{notices, own_data, profile, reminders};
use crate::config::{LogoutReceiver, Webhook};
use crate::db::openid::logouts;
use crate::db::{account_changes, accounts, audit, contacts, deletions, documents, erasure, sessions, tallies, webhooks};
use crate::fault::Fault;
use crate::metrics::{Counts, Metrics};
use crate::seal::{Index, Sealer};
use portaria::account::Account;
use portaria::account_event::AccountEvent;
use portaria::audit::Event;
use portaria::contact::Contact;
use portaria::deletion::GRACE;
use portaria::login::Identifier;
use portaria::purpose::{CodeFor, Purpose};
use portaria::session::Requester;
use portaria::support::Sought;
use portaria::value::Document;
use sqlx::{PgConnection, PgPool};
use time::OffsetDateTime;

/// What an erasure needs besides the database.
#[derive(Clone, Copy)]
pub struct Eraser<'a> {
    pub sealer: &'a Sealer,
    pub webhooks: &'a [Webhook],
    /// Products that are told that its sessions ended.
    pub receivers: &'a [LogoutReceiver],
    pub now: OffsetDateTime,
    /// Who does it, and under which name it is audited. The row does not say whose account it was.
    pub who: &'a Requester,
    pub event: Event,
    /// Accounts that were not asked to be deleted before this instant stay; `None`: an operator decides.
    pub asked_before: Option<OffsetDateTime>,
}

/// How many due accounts are looked for at once.
const BATCH: usize = 100;

/// By what the person is found: addresses, and keyed indexes of values.
#[derive(Default)]
struct Traces {
    emails: Vec<String>,
    contacts: Vec<Vec<u8>>,
    documents: Vec<Vec<u8>>,
    /// Under which recoveries by the documents are counted.
    recovered: Vec<Vec<u8>>,
    /// Under which sends to the contacts are counted.
    counted: Vec<Vec<u8>>,
    /// What the person signs in with.
    identifiers: Vec<Vec<u8>>,
    /// By what the audit may name contacts that the person once had.
    former: Vec<Vec<u8>>,
}

/// By what the audit may name a contact, as it is written now.
pub(super) fn subjects_of(sealer: &Sealer, contact: &Contact) -> Vec<Vec<u8>> {
    let own = [contacts::index(sealer, contact), contacts::counted_as(sealer, contact), sealer.found(IDENTIFIER, contact.address())];
    let mut own = own.map(|index| index.to_vec()).to_vec();
    own.sort_unstable();
    own.dedup();
    own
}

impl Traces {
    async fn of(conn: &mut PgConnection, sealer: &Sealer, account: &Account) -> Result<Self, Fault> {
        let mut of_person: Vec<Contact> = account.email.clone().map(Contact::Email).into_iter().collect();
        of_person.extend(account.phone.clone().map(Contact::Phone));
        of_person.extend(account_changes::contacts_of(conn, sealer, account.id).await?);
        let of_papers = [account.cpf.clone().map(Document::Cpf), account.cnpj.clone().map(Document::Cnpj)];
        let papers: Vec<Document> = of_papers.into_iter().flatten().collect();
        let mut typed: Vec<String> = of_person.iter().map(|it| it.address().to_owned()).collect();
        typed.extend(papers.iter().map(|it| it.as_str().to_owned()));
        typed.extend(account.username.as_ref().map(|it| it.as_str().to_owned()));
        // A phone without its country may be read as a CPF.
        typed.extend(of_person.iter().filter_map(|it| it.address().strip_prefix("+55").map(str::to_owned)));
        let read = |it: &String| Identifier::parse(it).map(|it| it.canonical().to_owned()).ok();
        typed.extend(typed.iter().filter_map(read).collect::<Vec<_>>());
        typed.extend([account.id.to_string(), Sought::id(account.id).canonical()]);
        // While the index key changes they stand under two.
        let any = |found: &mut dyn Iterator<Item = Index>| -> Vec<Vec<u8>> {
            found.flat_map(|index| index.any().into_iter().map(<[u8]>::to_vec).collect::<Vec<_>>()).collect()
        };
        let former = account_changes::former_subjects(conn, account.id).await?;
        let emails = of_person.iter().filter(|it| matches!(it, Contact::Email(_))).map(|it| it.address().to_owned()).collect();
        Ok(Self {
            emails,
            former: any(&mut former.iter().map(|stored| sealer.found_by(stored))),
            identifiers: any(&mut typed.iter().map(|it| sealer.found(IDENTIFIER, it))),
            counted: any(&mut of_person.iter().map(|it| contacts::counted_as(sealer, it))),
            contacts: any(&mut of_person.iter().map(|it| contacts::index(sealer, it))),
            documents: any(&mut papers.iter().map(|it| documents::index(sealer, it))),
            recovered: any(&mut papers.iter().map(|it| documents::recovery_index(sealer, it))),
        })
    }

    /// Whatever stands in the audit as a subject.
    fn subjects(&self, account: i64) -> Vec<Vec<u8>> {
        let all = [&self.contacts, &self.documents, &self.recovered, &self.counted, &self.identifiers, &self.former];
        all.into_iter().flatten().cloned().chain([account.to_be_bytes().to_vec()]).collect()
    }

    /// Whatever is the key of a tally: those, and notices, which are counted by account and contact together.
    fn keys(&self, account: i64) -> Vec<Vec<u8>> {
        let own = account.to_be_bytes();
        let noticed = self.contacts.iter().map(|contact| [own.as_slice(), contact].concat());
        self.subjects(account).into_iter().chain(noticed).collect()
    }
}

/// Every scope in which somebody's values are keys.
fn scopes() -> Vec<String> {
    let of_purposes = Purpose::all().flat_map(|it| [send_scope(it), format!("claim/{}", it.facts().name)]);
    let of_codes = CodeFor::ALL.iter().flat_map(|it| [entry_scope(*it), guess_scope(*it), held_scope(*it)]);
    let notices = notices::TALLIES.iter().map(|it| (*it).to_owned());
    let own = [LOCK, own_data::EXPORTS, profile::CONFLICTS, reminders::SCOPE, "send/nobody"].map(str::to_owned);
    of_purposes.chain(of_codes).chain(notices).chain(own).collect()
}

/// Erases an account. `false`: there is none any more, or it is not due.
pub async fn erase(pool: &PgPool, by: Eraser<'_>, id: i64, metrics: &Metrics) -> Result<bool, Fault> {
    let Eraser { sealer, webhooks, receivers, now, who, event, asked_before } = by;
    let is_due = |account: &Account| asked_before.is_none_or(|before| account.deletion_asked_at.is_some_and(|at| at <= before));
    // What is due stays due: nobody can undo it any more.
    if !accounts::by_id(&mut *pool.acquire().await?, sealer, id).await?.is_some_and(|account| is_due(&account)) {
        return Ok(false);
    }
    erasure::unlink_audit(pool, id).await?;
    let mut tx = pool.begin().await?;
    // As everywhere, the login lock first.
    tallies::lock(&mut tx, LOCK, &id.to_be_bytes(), now).await?;
    let Some(account) = accounts::lock(&mut tx, sealer, id).await?.filter(is_due) else { return Ok(false) };
    let traces = Traces::of(&mut tx, sealer, &account).await?;
    erasure::unlink_rest(&mut tx, id, &traces.subjects(id)).await?;
    erasure::drop_tallies(&mut tx, &scopes(), &traces.keys(id)).await?;
    erasure::drop_by_index(&mut tx, &traces.contacts, &traces.counted, &traces.documents).await?;
    erasure::unwant(&mut tx, &traces.emails, &traces.contacts).await?;
    erasure::drop_told(&mut tx, id).await?;
    let ended = sessions::end_all(&mut tx, now, id, None, "erased").await?;
    logouts::enqueue(&mut tx, receivers, now, &ended).await?;
    accounts::delete(&mut tx, id).await?;
    let happened = [webhooks::Happened { event: AccountEvent::Deleted, account: id, kind: account.kind }];
    webhooks::enqueue(&mut tx, webhooks, now, &happened).await?;
    audit::record(&mut tx, now, who, audit::Entry::of(event, "ok")).await?;
    tx.commit().await?;
    let mut counts = Counts::default();
    counts.event(event, "ok");
    metrics.committed(&counts);
    Ok(true)
}

/// Erases the accounts whose fourteen days are over, one after the other. Any number of nodes may run it at once, and an interrupted one
/// loses nothing. Returns how many it erased.
pub async fn erase_due(
    pool: &PgPool,
    sealer: &Sealer,
    webhooks: &[Webhook],
    receivers: &[LogoutReceiver],
    now: OffsetDateTime,
    metrics: &Metrics,
) -> Result<u64, Fault> {
    let who = super::ourselves("portaria: fourteen days");
    let asked_before = now - GRACE;
    let by = Eraser { sealer, webhooks, receivers, now, who: &who, event: Event::AccountErased, asked_before: Some(asked_before) };
    let mut erased = 0;
    loop {
        let due = deletions::due(pool, asked_before, BATCH).await?;
        let before = erased;
        for id in &due {
            // One that fails does not hold up the others.
            match erase(pool, by, *id, metrics).await {
                Ok(done) => erased += u64::from(done),
                Err(fault) => tracing::error!(%fault, "an account could not be erased: it is tried again in a minute"),
            }
        }
        if due.len() < BATCH || erased == before {
            return Ok(erased);
        }
    }
}
