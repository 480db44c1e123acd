//! How an account begins: as a claim that blocks its values for others until its contact is proved.

use super::{CNPJ, PHONE, unique_phone};
use crate::db::unique::{claimed, unless_taken};
use crate::entropy;
use crate::fault::Fault;
use crate::seal::{Sealer, Unique};
use portaria::field::Field;
use portaria::journey::Kind;
use portaria::signup::Draft;
use portaria::terms::Accepted;
use portaria::value::{Email, Phone};
use portaria::verification::Proved;
use sqlx::postgres::PgArguments;
use sqlx::query::Query;
use sqlx::types::Json;
use sqlx::{PgConnection, Postgres};
use time::OffsetDateTime;

pub struct NewAccount<'a> {
    pub kind: Kind,
    pub draft: &'a Draft,
    /// Hashed before the transaction.
    pub password_hash: Option<&'a str>,
    /// The terms that were accepted with the form; `None`: it is from before they were recorded for its kind.
    pub accepted: Option<&'a Accepted>,
    /// The draft's phone, proved just now.
    pub phone: Option<&'a Proved<Phone>>,
    /// The address is blocked for others from now on: it is the contact of an e-mail journey.
    pub email_claimed: bool,
}

macro_rules! insert {
    ($rest:literal) => {
        concat!(
            "with account as (insert into accounts (id, kind, name, username, email, email_claimed, phone_sealed, phone_index, phone_proved_at, \
             cnpj_sealed, cnpj_index, texts, password_hash, created_at, updated_at, terms, phone_next, cnpj_next) \
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $14, $16, $19, $20)",
            $rest,
            " returning id), consent as ( \
             insert into consents (id, account_id, document, version, given_at, address) \
             select $15, id, 'terms', $16, to_timestamp($17), $18::inet from account where $16::text is not null) \
             select id from account"
        )
    };
}

/// Creates an account, or returns the field whose value another account has. Of two at once, the unique indexes let one
/// win; the other waits for it and gets the field (ASVS 15.4.2: no look-then-insert).
pub async fn insert(
    conn: &mut PgConnection,
    sealer: &Sealer,
    now: OffsetDateTime,
    new: &NewAccount<'_>,
) -> Result<Result<i64, Field>, Fault> {
    let id = entropy::account_id();
    let draft = new.draft;
    let phone = draft.phone.as_ref();
    let cnpj = draft.cnpj.as_ref();
    let (unique_phone, unique_cnpj) = (phone.map(|it| unique_phone(sealer, it)), cnpj.map(|it| sealer.unique(CNPJ, it.as_str())));
    let index = |unique: &Option<Unique>| unique.as_ref().map(|it| it.index.clone());
    let next = |unique: &Option<Unique>| unique.as_ref().and_then(|it| it.next.clone());
    let bound = |query: Query<'static, Postgres, PgArguments>| {
        query
            .bind(id)
            .bind(new.kind.as_str())
            .bind(draft.name.as_str().to_owned())
            .bind(draft.username.as_ref().map(|username| username.as_str().to_owned()))
            .bind(draft.email.as_ref().map(|email| email.as_str().to_owned()))
            .bind(new.email_claimed)
            .bind(phone.map(|phone| sealer.seal_in(phone.e164().as_bytes(), PHONE, &id)))
            .bind(index(&unique_phone))
            .bind(new.phone.and_then(|proved| (Some(proved.contact()) == phone).then_some(now)))
            .bind(cnpj.map(|cnpj| sealer.seal_in(cnpj.as_str().as_bytes(), CNPJ, &id)))
            .bind(index(&unique_cnpj))
            .bind(Json(draft.texts.clone()))
            .bind(new.password_hash.map(str::to_owned))
            .bind(now)
            .bind(entropy::uuid())
            .bind(new.accepted.map(|accepted| accepted.version.as_str().to_owned()))
            .bind(new.accepted.map(|accepted| accepted.at))
            .bind(new.accepted.map(|accepted| accepted.address.to_string()))
            .bind(next(&unique_phone))
            .bind(next(&unique_cnpj))
    };
    // One statement if nothing conflicts; the second try names the conflict.
    if bound(sqlx::query(insert!(" on conflict do nothing"))).execute(&mut *conn).await?.rows_affected() == 0
        && let Err(field) = unless_taken(conn, bound(sqlx::query(insert!("")))).await?
    {
        return Ok(Err(field));
    }
    Ok(Ok(id))
}

/// Writes the corrections of an unproved account whose contact stayed the same.
pub async fn correct_unproved(
    conn: &mut PgConnection,
    now: OffsetDateTime,
    id: i64,
    draft: &Draft,
    password_hash: Option<&str>,
) -> Result<(), Fault> {
    sqlx::query(
        "update accounts set name = $2, texts = $3, password_hash = coalesce($4, password_hash), \
         updated_at = $5, version = version + 1 where id = $1 and email_proved_at is null and phone_proved_at is null",
    )
    .bind(id)
    .bind(draft.name.as_str())
    .bind(Json(&draft.texts))
    .bind(password_hash)
    .bind(now)
    .execute(conn)
    .await?;
    Ok(())
}

/// Deletes an account that was never proved. Returns whether it was still unproved.
pub async fn delete_unproved(conn: &mut PgConnection, id: i64) -> Result<bool, Fault> {
    let gone = sqlx::query("delete from accounts where id = $1 and email_proved_at is null and phone_proved_at is null")
        .bind(id)
        .execute(conn)
        .await?
        .rows_affected();
    Ok(gone == 1)
}

/// Marks the address as proved. `false`: another account proved it first, or the account has another address now.
pub async fn prove_email(conn: &mut PgConnection, now: OffsetDateTime, id: i64, email: &Proved<Email>) -> Result<bool, Fault> {
    let update = sqlx::query(
        "update accounts set email_proved_at = coalesce(email_proved_at, $2), email_claimed = true, updated_at = $2 \
         where id = $1 and email = $3",
    );
    claimed(conn, update.bind(id).bind(now).bind(email.contact().as_str())).await
}

/// Removes an address that did not prove the account: its owner says that it was not theirs to use.
pub async fn drop_email(conn: &mut PgConnection, now: OffsetDateTime, id: i64, email: &Email) -> Result<(), Fault> {
    sqlx::query(
        "update accounts set email = null, email_proved_at = null, email_claimed = false, updated_at = $2, version = version + 1 \
         where id = $1 and email = $3",
    )
    .bind(id)
    .bind(now)
    .bind(email.as_str())
    .execute(conn)
    .await?;
    Ok(())
}

/// Removes a phone that the account never proved. `false`: it has been proved in the meantime.
pub async fn release_unproved_phone(conn: &mut PgConnection, now: OffsetDateTime, id: i64) -> Result<bool, Fault> {
    let released = sqlx::query(
        "update accounts set phone_sealed = null, phone_index = null, phone_next = null, updated_at = $2, version = version + 1 \
         where id = $1 and phone_proved_at is null",
    )
    .bind(id)
    .bind(now)
    .execute(conn)
    .await?
    .rows_affected();
    Ok(released == 1)
}
