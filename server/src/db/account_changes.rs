//! Table `account_changes`: proved contacts that were replaced, sealed, for as long as that can be undone.

use crate::entropy;
use crate::fault::Fault;
use crate::seal::Sealer;
use portaria::contact::{Contact, ContactKind};
use portaria::own_data::ReplacedContact;
use sqlx::{FromRow, PgConnection};
use time::OffsetDateTime;
use uuid::Uuid;

pub(super) const CONTACT: &str = "account_changes.contact";

/// A replaced contact and when it had been proved.
#[derive(Debug, Clone)]
pub struct Replaced {
    pub contact: Contact,
    pub proved_at: OffsetDateTime,
}

#[derive(FromRow)]
struct Row {
    id: Uuid,
    field: String,
    sealed: Vec<u8>,
    proved_at: OffsetDateTime,
}

impl Row {
    fn open(self, sealer: &Sealer) -> Result<Replaced, Fault> {
        let broken = |column| Fault::inconsistent("account_changes", column);
        let text = sealer.open_text_in(&self.sealed, CONTACT, &self.id)?;
        let contact = Contact::parse(&text).ok_or(broken("sealed"))?;
        if contact.kind().field().name() != self.field {
            return Err(broken("field"));
        }
        Ok(Replaced { contact, proved_at: self.proved_at })
    }
}

/// Keeps a contact that is being replaced. `undo` is the link in the notice of the change; the audit may name the contact by `subjects`.
pub async fn keep(
    conn: &mut PgConnection,
    sealer: &Sealer,
    now: OffsetDateTime,
    account: i64,
    former: &Replaced,
    undo: Option<Uuid>,
    subjects: &[Vec<u8>],
) -> Result<(), Fault> {
    let id = entropy::uuid();
    sqlx::query(
        "with former as (insert into former_contacts (account_id, subject, replaced_at) select $2, subject, $6 \
             from unnest($8::bytea[]) as t (subject) \
             on conflict (account_id, subject) do update set replaced_at = excluded.replaced_at) \
         insert into account_changes (id, account_id, field, sealed, proved_at, replaced_at, undo_id) values ($1, $2, $3, $4, $5, $6, $7)",
    )
    .bind(id)
    .bind(account)
    .bind(former.contact.kind().field().name())
    .bind(sealer.seal_in(former.contact.address().as_bytes(), CONTACT, &id))
    .bind(former.proved_at)
    .bind(now)
    .bind(undo)
    .bind(subjects)
    .execute(conn)
    .await?;
    Ok(())
}

/// By what the audit may name contacts that the account once had.
pub async fn former_subjects(conn: &mut PgConnection, account: i64) -> Result<Vec<Vec<u8>>, Fault> {
    Ok(sqlx::query_scalar("select subject from former_contacts where account_id = $1").bind(account).fetch_all(conn).await?)
}

/// The replaced contact whose notice carried this link.
pub async fn undone_by(conn: &mut PgConnection, sealer: &Sealer, account: i64, undo: Uuid) -> Result<Option<Replaced>, Fault> {
    let row: Option<Row> =
        sqlx::query_as("select id, field, sealed, proved_at from account_changes where account_id = $1 and undo_id = $2")
            .bind(account)
            .bind(undo)
            .fetch_optional(conn)
            .await?;
    row.map(|row| row.open(sealer)).transpose()
}

/// The contact that the account had just before `at`, if it was replaced then or later.
pub async fn at(
    conn: &mut PgConnection,
    sealer: &Sealer,
    account: i64,
    which: ContactKind,
    at: OffsetDateTime,
) -> Result<Option<Replaced>, Fault> {
    let row: Option<Row> = sqlx::query_as(
        "select id, field, sealed, proved_at from account_changes where account_id = $1 and field = $2 and replaced_at >= $3 \
         and proved_at < $3 order by replaced_at limit 1",
    )
    .bind(account)
    .bind(which.field().name())
    .bind(at)
    .fetch_optional(conn)
    .await?;
    row.map(|row| row.open(sealer)).transpose()
}

/// Forgets replacements made at `since` or later: they were undone.
pub async fn forget(conn: &mut PgConnection, account: i64, since: OffsetDateTime) -> Result<(), Fault> {
    sqlx::query("delete from account_changes where account_id = $1 and replaced_at >= $2").bind(account).bind(since).execute(conn).await?;
    Ok(())
}

/// The contacts of an account that were replaced.
pub async fn contacts_of(conn: &mut PgConnection, sealer: &Sealer, account: i64) -> Result<Vec<Contact>, Fault> {
    let rows: Vec<Row> = sqlx::query_as("select id, field, sealed, proved_at from account_changes where account_id = $1")
        .bind(account)
        .fetch_all(conn)
        .await?;
    rows.into_iter().map(|row| row.open(sealer).map(|replaced| replaced.contact)).collect()
}

/// The same for their owner, the newest first.
pub async fn replaced(conn: &mut PgConnection, sealer: &Sealer, account: i64) -> Result<Vec<ReplacedContact>, Fault> {
    let rows: Vec<(Uuid, String, Vec<u8>, OffsetDateTime, OffsetDateTime)> = sqlx::query_as(
        "select id, field, sealed, proved_at, replaced_at from account_changes where account_id = $1 order by replaced_at desc, id",
    )
    .bind(account)
    .fetch_all(conn)
    .await?;
    let opened = rows.into_iter().map(|(id, field, sealed, proved_at, replaced_at)| {
        let Replaced { contact, .. } = Row { id, field, sealed, proved_at }.open(sealer)?;
        Ok::<_, Fault>(ReplacedContact { contact, proved_at, replaced_at })
    });
    opened.collect()
}
