//! What goes with an account beyond its own rows (SPEC §13 "Deletion"): whatever tells of it by a number or a keyed index. Rows that
//! refer to the account by a foreign key go with it by themselves. `tests/it/own_data/erasure.rs` searches every table of the schema,
//! so that a new one cannot be forgotten.

use crate::fault::Fault;
use portaria::purpose::CodeFor;
use sqlx::{PgConnection, PgPool};

/// Rows of the audit that one statement takes.
const BATCH: i64 = 500;

/// Takes the person out of the audit of an account: what happened when, with which outcome and from which address stays, as the law
/// wants it (Marco Civil da Internet, art. 15); the account, the identifiers, the device and the request are gone. Batch by batch, because an account
/// may have many. Returns when nothing is left.
pub async fn unlink_audit(pool: &PgPool, account: i64) -> Result<(), Fault> {
    loop {
        let unlinked = sqlx::query(
            "update audit set account_id = null, signup_id = null, subject = null, user_agent = '', request_id = null \
             where ctid = any(array(select ctid from audit where account_id = $1 limit $2 for update))",
        )
        .bind(account)
        .bind(BATCH)
        .execute(pool)
        .await?;
        if unlinked.rows_affected() < u64::try_from(BATCH).unwrap_or_default() {
            return Ok(());
        }
    }
}

/// The same for what is left of it now, and for attempts that name one of these identifiers without an account. Of another account that
/// tried one of them, or has it now, only the identifier goes.
pub async fn unlink_rest(conn: &mut PgConnection, account: i64, subjects: &[Vec<u8>]) -> Result<(), Fault> {
    sqlx::query(
        "update audit set account_id = nullif(account_id, $1), subject = null, \
         signup_id = case when coalesce(account_id, $1) = $1 then null else signup_id end, \
         user_agent = case when coalesce(account_id, $1) = $1 then '' else user_agent end, \
         request_id = case when coalesce(account_id, $1) = $1 then null else request_id end \
         where account_id = $1 or subject = any($2)",
    )
    .bind(account)
    .bind(subjects)
    .execute(conn)
    .await?;
    Ok(())
}

/// Deletes the tallies of these keys in these scopes. What a request has locked lapses by itself within a day: the erasure does not wait
/// for it, nor it for the erasure.
pub async fn drop_tallies(conn: &mut PgConnection, scopes: &[String], keys: &[Vec<u8>]) -> Result<(), Fault> {
    sqlx::query(
        "delete from tallies where ctid = any(array( \
             select t.ctid from unnest($1::text[]) as s (scope) cross join unnest($2::bytea[]) as k (key) \
             join tallies t on t.scope = s.scope and t.key = k.key for update of t skip locked))",
    )
    .bind(scopes)
    .bind(keys)
    .execute(conn)
    .await?;
    Ok(())
}

/// Deletes what waits, or was kept, by the person's contacts and documents: sign-ups that were never finished, contests that are over or
/// that the person began, and captured messages. A contest that somebody else has open is theirs, and goes on.
pub async fn drop_by_index(conn: &mut PgConnection, contacts: &[Vec<u8>], counted: &[Vec<u8>], documents: &[Vec<u8>]) -> Result<(), Fault> {
    for statement in [
        "delete from signups where account_id is null and phone_index = any($1) and ($2::bytea[], $3::bytea[]) is not null",
        "delete from contests where (document_index = any($3) and decided_at is not null) \
         or coalesce(counted_index, contact_index) = any($1 || $2)",
        "delete from captured_messages where recipient_index = any($1) and ($2::bytea[], $3::bytea[]) is not null",
    ] {
        sqlx::query(statement).bind(contacts).bind(counted).bind(documents).execute(&mut *conn).await?;
    }
    Ok(())
}

/// Takes the person's addresses out of accounts of others that asked for a code to them and never entered it, and the codes.
pub async fn unwant(conn: &mut PgConnection, emails: &[String], contacts: &[Vec<u8>]) -> Result<(), Fault> {
    sqlx::query("update accounts set wanted_email = null where wanted_email = any($1)").bind(emails).execute(&mut *conn).await?;
    sqlx::query(
        "delete from verifications where purpose = any($1) and destination_index = any($2) and spent_at is null and dead_at is null",
    )
    .bind([CodeFor::EmailChange, CodeFor::PhoneChange].map(|purpose| purpose.facts().name))
    .bind(contacts)
    .execute(conn)
    .await?;
    Ok(())
}

/// Deletes the events that webhooks were told of the account, or never could be. Those that still wait are told: they hold the number of
/// the account and nothing else, and the last of them says that it is gone.
pub async fn drop_told(conn: &mut PgConnection, account: i64) -> Result<(), Fault> {
    sqlx::query("delete from webhook_deliveries where account_id = $1 and status <> 'queued'").bind(account).execute(conn).await?;
    Ok(())
}
