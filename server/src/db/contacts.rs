//! Contacts, documents and first passwords in table `accounts`: everything that can be used for recovery. Each write
//! demands a [`FreshSession`] (SPEC §13), except those that restore an earlier state.

use super::accounts::{PHONE, unique_phone};
use super::one;
use super::unique::claimed;
use crate::fault::Fault;
use crate::seal::{Index, Sealer};
use portaria::contact::{Contact, ContactKind};
use portaria::fresh::FreshSession;
use portaria::value::{Email, Phone};
use portaria::verification::Proved;
use sqlx::PgConnection;
use time::OffsetDateTime;

/// The keyed index by which a contact is compared, and by which its codes are found.
pub fn index(sealer: &Sealer, contact: &Contact) -> Index {
    index_of(sealer, contact.kind(), contact.address())
}

/// The key under which sends to a contact are counted.
pub fn counted_as(sealer: &Sealer, contact: &Contact) -> Index {
    index_of(sealer, contact.kind(), &contact.counted_as())
}

fn index_of(sealer: &Sealer, kind: ContactKind, address: &str) -> Index {
    match kind {
        ContactKind::Email => sealer.found("destination.email", address),
        ContactKind::Phone => sealer.found(PHONE, address),
    }
}

/// Sets a proved phone, in force from now on. `false`: another account has it. Confirming the same phone again keeps its
/// first proof date.
pub async fn set_phone(
    conn: &mut PgConnection,
    sealer: &Sealer,
    now: OffsetDateTime,
    by: &FreshSession,
    phone: &Proved<Phone>,
) -> Result<bool, Fault> {
    let phone = phone.contact();
    let update = sqlx::query(
        "update accounts set phone_sealed = $3, phone_index = $4, phone_next = $5, \
         phone_proved_at = case when phone_index = any($6) then coalesce(phone_proved_at, $2) else $2 end, phone_suspended_at = null, \
         updated_at = $2, version = version + 1 where id = $1",
    );
    let sealed = sealer.seal_in(phone.e164().as_bytes(), PHONE, &by.account_id());
    let unique = unique_phone(sealer, phone);
    claimed(conn, update.bind(by.account_id()).bind(now).bind(sealed).bind(&unique.index).bind(&unique.next).bind(unique.any())).await
}

/// Stores the address that a code was requested for.
pub async fn want_email(conn: &mut PgConnection, by: &FreshSession, email: &Email) -> Result<(), Fault> {
    let done =
        sqlx::query("update accounts set wanted_email = $2 where id = $1").bind(by.account_id()).bind(email.as_str()).execute(conn).await?;
    one(&done, "accounts")
}

/// The address that a code was requested for.
pub async fn wanted_email(conn: &mut PgConnection, by: &FreshSession) -> Result<Option<Email>, Fault> {
    let wanted: Option<String> =
        sqlx::query_scalar("select wanted_email from accounts where id = $1").bind(by.account_id()).fetch_one(conn).await?;
    wanted.map(|text| Email::parse(&text).map_err(|_| Fault::inconsistent("accounts", "wanted_email"))).transpose()
}

/// Sets a proved address, in force from now on. `false`: another account has it. The proof date is treated as in
/// [`set_phone`].
pub async fn set_email(conn: &mut PgConnection, now: OffsetDateTime, by: &FreshSession, email: &Proved<Email>) -> Result<bool, Fault> {
    let update = sqlx::query(
        "update accounts set email = $3, email_claimed = true, \
         email_proved_at = case when email = $3 then coalesce(email_proved_at, $2) else $2 end, email_suspended_at = null, \
         wanted_email = null, updated_at = $2, version = version + 1 where id = $1",
    );
    claimed(conn, update.bind(by.account_id()).bind(now).bind(email.contact().as_str())).await
}

/// Sets the first password. `false`: there is already one.
pub async fn set_first_password(conn: &mut PgConnection, now: OffsetDateTime, by: &FreshSession, hash: &str) -> Result<bool, Fault> {
    let set = sqlx::query("update accounts set password_hash = $3, updated_at = $2 where id = $1 and password_hash is null")
        .bind(by.account_id())
        .bind(now)
        .bind(hash)
        .execute(conn)
        .await?;
    Ok(set.rows_affected() == 1)
}

/// Takes every other proved contact out of force until it is confirmed again in a session.
pub async fn trust_only(conn: &mut PgConnection, now: OffsetDateTime, id: i64, trusted: ContactKind) -> Result<(), Fault> {
    sqlx::query(
        "update accounts set \
         phone_suspended_at = case when not $3 and phone_proved_at is not null then coalesce(phone_suspended_at, $2) end, \
         email_suspended_at = case when $3 and email_proved_at is not null then coalesce(email_suspended_at, $2) end, updated_at = $2 \
         where id = $1",
    )
    .bind(id)
    .bind(now)
    .bind(trusted == ContactKind::Phone)
    .execute(conn)
    .await?;
    Ok(())
}

/// Restores a former contact. `false`: another account has it by now.
pub async fn put_back(
    conn: &mut PgConnection,
    sealer: &Sealer,
    now: OffsetDateTime,
    id: i64,
    contact: &Contact,
    proved_at: OffsetDateTime,
) -> Result<bool, Fault> {
    match contact {
        Contact::Email(email) => put_back_email(conn, now, id, Some((email, proved_at))).await,
        Contact::Phone(phone) => put_back_phone(conn, sealer, now, id, Some((phone, proved_at))).await,
    }
}

/// Removes a contact.
pub async fn remove(conn: &mut PgConnection, sealer: &Sealer, now: OffsetDateTime, id: i64, which: ContactKind) -> Result<(), Fault> {
    match which {
        ContactKind::Email => put_back_email(conn, now, id, None).await?,
        ContactKind::Phone => put_back_phone(conn, sealer, now, id, None).await?,
    };
    Ok(())
}

/// Restores the former phone, or removes the phone. `false`: another account has it by now.
async fn put_back_phone(
    conn: &mut PgConnection,
    sealer: &Sealer,
    now: OffsetDateTime,
    id: i64,
    former: Option<(&Phone, OffsetDateTime)>,
) -> Result<bool, Fault> {
    let unique = former.map(|(phone, _)| unique_phone(sealer, phone));
    let update = sqlx::query(
        "update accounts set phone_sealed = $3, phone_index = $4, phone_next = $6, phone_proved_at = $5, phone_suspended_at = null, updated_at = $2, \
         version = version + 1 where id = $1",
    )
    .bind(id)
    .bind(now)
    .bind(former.map(|(phone, _)| sealer.seal_in(phone.e164().as_bytes(), PHONE, &id)))
    .bind(unique.as_ref().map(|it| it.index.clone()))
    .bind(former.map(|(_, proved_at)| proved_at))
    .bind(unique.and_then(|it| it.next));
    claimed(conn, update).await
}

/// Restores the former e-mail, or removes the e-mail. `false`: another account has it by now.
async fn put_back_email(
    conn: &mut PgConnection,
    now: OffsetDateTime,
    id: i64,
    former: Option<(&Email, OffsetDateTime)>,
) -> Result<bool, Fault> {
    let update = sqlx::query(
        "update accounts set email = $3, email_claimed = $3 is not null, email_proved_at = $4, email_suspended_at = null, \
         updated_at = $2, version = version + 1 where id = $1",
    )
    .bind(id)
    .bind(now)
    .bind(former.map(|(email, _)| email.as_str()))
    .bind(former.map(|(_, proved_at)| proved_at));
    claimed(conn, update).await
}

/// Removes documents that were added at `since` or later, and an address that waits for its code.
pub async fn drop_documents_since(conn: &mut PgConnection, now: OffsetDateTime, id: i64, since: OffsetDateTime) -> Result<(), Fault> {
    sqlx::query(
        "update accounts set wanted_email = null, \
         cpf_sealed = case when cpf_set_at >= $3 then null else cpf_sealed end, \
         cpf_index = case when cpf_set_at >= $3 then null else cpf_index end, \
         cpf_next = case when cpf_set_at >= $3 then null else cpf_next end, \
         cnpj_next = case when cnpj_set_at >= $3 then null else cnpj_next end, \
         cnpj_sealed = case when cnpj_set_at >= $3 then null else cnpj_sealed end, \
         cnpj_index = case when cnpj_set_at >= $3 then null else cnpj_index end, \
         cpf_set_at = case when cpf_set_at >= $3 then null else cpf_set_at end, \
         cnpj_set_at = case when cnpj_set_at >= $3 then null else cnpj_set_at end, \
         updated_at = $2, version = version + 1 where id = $1",
    )
    .bind(id)
    .bind(now)
    .bind(since)
    .execute(conn)
    .await?;
    Ok(())
}
