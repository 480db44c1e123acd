//! Table `contests`: claims by somebody that a document is theirs (states in `portaria::contest`).

use super::one;
use crate::entropy;
use crate::fault::Fault;
use crate::seal::{Index, Sealer};
use portaria::contact::Contact;
use portaria::contest::{DECIDED_AFTER, Outcome, UNPROVED_KEPT};
use sqlx::{FromRow, PgConnection};
use time::OffsetDateTime;
use uuid::Uuid;

pub(super) const CONTACT: &str = "contests.contact";

/// A proved contest that is not decided yet.
#[derive(FromRow)]
pub struct Open {
    pub id: Uuid,
    pub document_index: Vec<u8>,
    /// The account that held the document when the contest was proved.
    pub holder_id: Option<i64>,
    contact_sealed: Vec<u8>,
}

impl Open {
    /// The contact where the contestant is told the outcome.
    pub fn contact(&self, sealer: &Sealer) -> Result<Contact, Fault> {
        let text = sealer.open_text_in(&self.contact_sealed, CONTACT, &self.id)?;
        Contact::parse(&text).ok_or(Fault::inconsistent("contests", "contact_sealed"))
    }
}

/// The document and the contestant's contact, as keyed indexes.
#[derive(Debug, Clone, Copy)]
pub struct Ends<'a> {
    pub document: &'a Index,
    pub contact: &'a Index,
    /// As what the contact is counted, a tag of its address left out.
    pub counted: &'a Index,
}

/// The newest contest that waits for this contact's code, its row locked.
pub async fn waiting(conn: &mut PgConnection, now: OffsetDateTime, ends: Ends<'_>) -> Result<Option<Uuid>, Fault> {
    let id = sqlx::query_scalar(
        "select id from contests where document_index = any($1) and contact_index = any($2) and proved_at is null and asked_at > $3 \
         order by asked_at desc limit 1 for update",
    );
    Ok(id.bind(ends.document.any()).bind(ends.contact.any()).bind(now - UNPROVED_KEPT).fetch_optional(conn).await?)
}

/// Begins an unproved contest.
pub async fn insert(conn: &mut PgConnection, sealer: &Sealer, now: OffsetDateTime, ends: Ends<'_>, contact: &str) -> Result<Uuid, Fault> {
    let id = entropy::uuid();
    sqlx::query(
        "insert into contests (id, document_index, contact_sealed, contact_index, asked_at, counted_index) values ($1, $2, $3, $4, $5, $6)",
    )
    .bind(id)
    .bind(&**ends.document)
    .bind(sealer.seal_in(contact.as_bytes(), CONTACT, &id))
    .bind(&**ends.contact)
    .bind(now)
    .bind(&**ends.counted)
    .execute(conn)
    .await?;
    Ok(id)
}

/// Deletes a contest that was begun just now, because its code was not sent.
pub async fn withdraw(conn: &mut PgConnection, id: Uuid) -> Result<(), Fault> {
    sqlx::query("delete from contests where id = $1 and proved_at is null").bind(id).execute(conn).await?;
    Ok(())
}

pub async fn last_proved(conn: &mut PgConnection, ends: Ends<'_>) -> Result<Option<OffsetDateTime>, Fault> {
    let at = sqlx::query_scalar(
        "select max(proved_at) from contests where document_index = any($1) and coalesce(counted_index, contact_index) = any($2)",
    );
    Ok(at.bind(ends.document.any()).bind([ends.counted.any(), ends.contact.any()].concat()).fetch_one(conn).await?)
}

/// Marks the contact as proved: the seven days begin.
pub async fn prove(conn: &mut PgConnection, now: OffsetDateTime, id: Uuid, holder: Option<i64>) -> Result<(), Fault> {
    let done = sqlx::query("update contests set proved_at = $2, holder_id = $3 where id = $1")
        .bind(id)
        .bind(now)
        .bind(holder)
        .execute(conn)
        .await?;
    one(&done, "contests")
}

macro_rules! open {
    ($rest:literal) => {
        concat!(
            "select id, document_index, holder_id, contact_sealed from contests where proved_at is not null and decided_at is null and ",
            $rest
        )
    };
}

/// The contest that is due the longest. Contests locked by another node are skipped.
pub async fn next_due(conn: &mut PgConnection, now: OffsetDateTime) -> Result<Option<Open>, Fault> {
    let due = sqlx::query_as(open!("proved_at <= $1 order by proved_at limit 1 for update skip locked"));
    Ok(due.bind(now - DECIDED_AFTER).fetch_optional(conn).await?)
}

/// The open contests of a document, in the order in which they are locked everywhere.
pub async fn of_document(conn: &mut PgConnection, document: &Index) -> Result<Vec<Open>, Fault> {
    Ok(sqlx::query_as(open!("document_index = any($1) order by proved_at, id for update")).bind(document.any()).fetch_all(conn).await?)
}

/// Any contest by its id: its document's index, the account that held the document, and the outcome.
pub async fn by_id(conn: &mut PgConnection, id: Uuid) -> Result<Option<(Vec<u8>, Option<i64>, Option<String>)>, Fault> {
    Ok(sqlx::query_as("select document_index, holder_id, outcome from contests where id = $1").bind(id).fetch_optional(conn).await?)
}

pub async fn decide(conn: &mut PgConnection, now: OffsetDateTime, id: Uuid, outcome: Outcome) -> Result<(), Fault> {
    sqlx::query("update contests set decided_at = $2, outcome = $3 where id = $1 and decided_at is null")
        .bind(id)
        .bind(now)
        .bind(outcome.as_str())
        .execute(conn)
        .await?;
    Ok(())
}
