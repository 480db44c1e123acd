//! Table `accounts`: sealed columns are opened here and nowhere else.

use crate::entropy;
use crate::fault::Fault;
use crate::seal::Sealer;
use portaria::account::Account;
use portaria::completion::Completion;
use portaria::error::Field;
use portaria::fresh::{Completer, FreshSession};
use portaria::journey::Kind;
use portaria::profile::ProfileChange;
use portaria::session::Requester;
use portaria::signup::{Draft, TERMS_VERSION};
use portaria::value::{BirthDate, City, Cnpj, Cpf, Document, Email, Gender, Name, Phone, ShortText, State, Username};
use portaria::verification::Proved;
use sqlx::postgres::PgArguments;
use sqlx::query::Query;
use sqlx::{FromRow, PgConnection, Postgres};
use time::OffsetDateTime;

/// Scopes of the keyed indexes, places of the sealed columns.
pub(super) const PHONE: &str = "accounts.phone";
pub(super) const CPF: &str = "accounts.cpf";
pub(super) const CNPJ: &str = "accounts.cnpj";
const BIRTH_DATE: &str = "accounts.birth_date";

/// The keyed index of a phone: the same for accounts, sign-ups and limits.
pub fn phone_index(sealer: &Sealer, phone: &Phone) -> Vec<u8> {
    sealer.index(PHONE, phone.e164())
}

#[derive(FromRow)]
struct Row {
    id: i64,
    kind: String,
    name: String,
    username: Option<String>,
    email: Option<String>,
    email_proved_at: Option<OffsetDateTime>,
    email_suspended_at: Option<OffsetDateTime>,
    phone_sealed: Option<Vec<u8>>,
    phone_proved_at: Option<OffsetDateTime>,
    phone_suspended_at: Option<OffsetDateTime>,
    cpf_sealed: Option<Vec<u8>>,
    cnpj_sealed: Option<Vec<u8>>,
    birth_date_sealed: Option<Vec<u8>>,
    gender: Option<String>,
    state: Option<String>,
    city: Option<String>,
    photo_id: Option<String>,
    institution: Option<String>,
    field_of_work: Option<String>,
    password_hash: Option<String>,
    created_at: OffsetDateTime,
    last_sign_in_at: Option<OffsetDateTime>,
    version: i64,
}

/// The columns of [`Row`], for the queries below.
macro_rules! select {
    ($rest:literal) => {
        concat!(
            "select id, kind, name, username, email, email_proved_at, email_suspended_at, phone_sealed, phone_proved_at, \
             phone_suspended_at, cpf_sealed, cnpj_sealed, birth_date_sealed, gender, state, city, photo_id, institution, \
             field_of_work, password_hash, created_at, last_sign_in_at, version from accounts ",
            $rest
        )
    };
}

/// Parses what was stored; what the domain no longer allows is a fault that names the column, never the value.
fn stored<T>(
    column: &'static str,
    value: Option<String>,
    parse: impl FnOnce(&str) -> Result<T, portaria::error::FieldError>,
) -> Result<Option<T>, Fault> {
    value.map(|value| parse(&value).map_err(|_| Fault::inconsistent("accounts", column))).transpose()
}

impl Row {
    fn open(self, sealer: &Sealer) -> Result<Account, Fault> {
        let open = |sealed: Option<Vec<u8>>, place| sealed.map(|sealed| sealer.open_text_in(&sealed, place, &self.id)).transpose();
        let broken = |column| Fault::inconsistent("accounts", column);
        Ok(Account {
            id: self.id,
            kind: Kind::parse(&self.kind).map_err(|_| broken("kind"))?,
            name: Name::parse(&self.name).map_err(|_| broken("name"))?,
            username: stored("username", self.username, Username::parse)?,
            email: stored("email", self.email, Email::parse)?,
            email_proved_at: self.email_proved_at,
            email_suspended_at: self.email_suspended_at,
            phone: stored("phone_sealed", open(self.phone_sealed, PHONE)?, Phone::parse)?,
            phone_proved_at: self.phone_proved_at,
            phone_suspended_at: self.phone_suspended_at,
            cpf: stored("cpf_sealed", open(self.cpf_sealed, CPF)?, Cpf::parse)?,
            cnpj: stored("cnpj_sealed", open(self.cnpj_sealed, CNPJ)?, Cnpj::parse)?,
            birth_date: stored("birth_date_sealed", open(self.birth_date_sealed, BIRTH_DATE)?, |text| {
                BirthDate::try_from(text.to_owned())
            })?,
            gender: stored("gender", self.gender, Gender::parse)?,
            state: stored("state", self.state, State::parse)?,
            city: stored("city", self.city, City::parse)?,
            photo: self.photo_id,
            institution: stored("institution", self.institution, ShortText::parse)?,
            field_of_work: stored("field_of_work", self.field_of_work, ShortText::parse)?,
            password_hash: self.password_hash,
            created_at: self.created_at,
            last_sign_in_at: self.last_sign_in_at,
            version: self.version,
        })
    }
}

fn opened(row: Option<Row>, sealer: &Sealer) -> Result<Option<Account>, Fault> {
    row.map(|row| row.open(sealer)).transpose()
}

/// By id.
pub async fn by_id(conn: &mut PgConnection, sealer: &Sealer, id: i64) -> Result<Option<Account>, Fault> {
    opened(sqlx::query_as(select!("where id = $1")).bind(id).fetch_optional(conn).await?, sealer)
}

/// By id, locked until the transaction ends: of two who complete it at once, the second sees what the first wrote.
pub async fn lock(conn: &mut PgConnection, sealer: &Sealer, id: i64) -> Result<Option<Account>, Fault> {
    opened(sqlx::query_as(select!("where id = $1 for update")).bind(id).fetch_optional(conn).await?, sealer)
}

/// The account that claims an address: proved, or waiting for its proof. An unproved optional address finds nobody.
pub async fn by_email(conn: &mut PgConnection, sealer: &Sealer, email: &Email) -> Result<Option<Account>, Fault> {
    let row = sqlx::query_as(select!("where email = $1 and email_claimed")).bind(email.as_str()).fetch_optional(conn).await?;
    opened(row, sealer)
}

/// By user name.
pub async fn by_username(conn: &mut PgConnection, sealer: &Sealer, username: &Username) -> Result<Option<Account>, Fault> {
    opened(sqlx::query_as(select!("where username = $1")).bind(username.as_str()).fetch_optional(conn).await?, sealer)
}

/// By phone.
pub async fn by_phone(conn: &mut PgConnection, sealer: &Sealer, phone: &Phone) -> Result<Option<Account>, Fault> {
    let row = sqlx::query_as(select!("where phone_index = $1")).bind(phone_index(sealer, phone)).fetch_optional(conn).await?;
    opened(row, sealer)
}

/// By CPF.
pub async fn by_cpf(conn: &mut PgConnection, sealer: &Sealer, cpf: &Cpf) -> Result<Option<Account>, Fault> {
    let row = sqlx::query_as(select!("where cpf_index = $1")).bind(sealer.index(CPF, cpf.as_str())).fetch_optional(conn).await?;
    opened(row, sealer)
}

/// By CNPJ.
pub async fn by_cnpj(conn: &mut PgConnection, sealer: &Sealer, cnpj: &Cnpj) -> Result<Option<Account>, Fault> {
    let row = sqlx::query_as(select!("where cnpj_index = $1")).bind(sealer.index(CNPJ, cnpj.as_str())).fetch_optional(conn).await?;
    opened(row, sealer)
}

/// By CPF or CNPJ.
pub async fn by_document(conn: &mut PgConnection, sealer: &Sealer, document: &Document) -> Result<Option<Account>, Fault> {
    match document {
        Document::Cpf(cpf) => by_cpf(conn, sealer, cpf).await,
        Document::Cnpj(cnpj) => by_cnpj(conn, sealer, cnpj).await,
    }
}

/// What an account is made of.
pub struct NewAccount<'a> {
    /// Kind.
    pub kind: Kind,
    /// The facts of its sign-up.
    pub draft: &'a Draft,
    /// The hash, made before the transaction.
    pub password_hash: Option<&'a str>,
    /// The phone of the draft was proved just now.
    pub phone: Option<&'a Proved<Phone>>,
    /// Its address keeps others out from now on: the contact of an e-mail journey.
    pub email_claimed: bool,
}

/// Makes an account, or gives the field that another one has. Of two at once, the unique indexes let one win; the other
/// waits for it and gets the field (ASVS 15.4.2: no look-then-insert).
pub async fn insert(
    conn: &mut PgConnection,
    sealer: &Sealer,
    now: OffsetDateTime,
    who: &Requester,
    new: &NewAccount<'_>,
) -> Result<Result<i64, Field>, Fault> {
    let id = entropy::account_id();
    let draft = new.draft;
    let phone = draft.phone.as_ref();
    let cnpj = draft.cnpj.as_ref();
    let made = sqlx::query(
        "insert into accounts (id, kind, name, username, email, email_claimed, phone_sealed, phone_index, phone_proved_at, \
         cnpj_sealed, cnpj_index, institution, field_of_work, password_hash, created_at, updated_at) \
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $15) on conflict do nothing",
    )
    .bind(id)
    .bind(new.kind.as_str())
    .bind(draft.name.as_str())
    .bind(draft.username.as_ref().map(Username::as_str))
    .bind(draft.email.as_ref().map(Email::as_str))
    .bind(new.email_claimed)
    .bind(phone.map(|phone| sealer.seal_in(phone.e164().as_bytes(), PHONE, &id)))
    .bind(phone.map(|phone| phone_index(sealer, phone)))
    .bind(new.phone.and_then(|proved| (Some(proved.contact()) == phone).then_some(now)))
    .bind(cnpj.map(|cnpj| sealer.seal_in(cnpj.as_str().as_bytes(), CNPJ, &id)))
    .bind(cnpj.map(|cnpj| sealer.index(CNPJ, cnpj.as_str())))
    .bind(draft.institution.as_ref().map(ShortText::as_str))
    .bind(draft.field_of_work.as_ref().map(ShortText::as_str))
    .bind(new.password_hash)
    .bind(now)
    .execute(&mut *conn)
    .await?
    .rows_affected();
    if made == 0 {
        return Ok(Err(taken(conn, sealer, draft).await?));
    }
    if draft.terms {
        sqlx::query(
            "insert into consents (id, account_id, document, version, given_at, address) values ($1, $2, 'terms', $3, $4, $5::inet)",
        )
        .bind(entropy::uuid())
        .bind(id)
        .bind(TERMS_VERSION)
        .bind(now)
        .bind(who.address.to_string())
        .execute(conn)
        .await?;
    }
    Ok(Ok(id))
}

/// Which of a draft's unique values another account has.
async fn taken(conn: &mut PgConnection, sealer: &Sealer, draft: &Draft) -> Result<Field, Fault> {
    if let Some(username) = &draft.username
        && by_username(&mut *conn, sealer, username).await?.is_some()
    {
        return Ok(Field::Username);
    }
    if let Some(phone) = &draft.phone
        && by_phone(&mut *conn, sealer, phone).await?.is_some()
    {
        return Ok(Field::Phone);
    }
    if let Some(cnpj) = &draft.cnpj
        && by_cnpj(&mut *conn, sealer, cnpj).await?.is_some()
    {
        return Ok(Field::Cnpj);
    }
    Ok(Field::Email)
}

/// Takes up the corrections of an unproved account whose contact stayed the same.
pub async fn correct_unproved(
    conn: &mut PgConnection,
    now: OffsetDateTime,
    id: i64,
    draft: &Draft,
    password_hash: Option<&str>,
) -> Result<(), Fault> {
    sqlx::query(
        "update accounts set name = $2, institution = $3, field_of_work = $4, password_hash = coalesce($5, password_hash), \
         updated_at = $6, version = version + 1 where id = $1 and email_proved_at is null and phone_proved_at is null",
    )
    .bind(id)
    .bind(draft.name.as_str())
    .bind(draft.institution.as_ref().map(ShortText::as_str))
    .bind(draft.field_of_work.as_ref().map(ShortText::as_str))
    .bind(password_hash)
    .bind(now)
    .execute(conn)
    .await?;
    Ok(())
}

/// Removes a claim that was never proved. Gives whether it was still unproved.
pub async fn delete_unproved(conn: &mut PgConnection, id: i64) -> Result<bool, Fault> {
    let gone = sqlx::query("delete from accounts where id = $1 and email_proved_at is null and phone_proved_at is null")
        .bind(id)
        .execute(conn)
        .await?
        .rows_affected();
    Ok(gone == 1)
}

/// Runs an update that a unique index may refuse, without losing the transaction. Gives whether it went through.
pub(super) async fn unless_taken(conn: &mut PgConnection, update: Query<'_, Postgres, PgArguments>) -> Result<bool, Fault> {
    let mut savepoint = sqlx::Connection::begin(conn).await?;
    match update.execute(&mut *savepoint).await {
        Ok(done) => {
            savepoint.commit().await?;
            Ok(done.rows_affected() == 1)
        }
        Err(sqlx::Error::Database(error)) if error.is_unique_violation() => {
            savepoint.rollback().await?;
            Ok(false)
        }
        Err(error) => Err(error.into()),
    }
}

/// Notes that the address is proved. `false`: another account proved it first, or the account has another address now.
pub async fn prove_email(conn: &mut PgConnection, now: OffsetDateTime, id: i64, email: &Proved<Email>) -> Result<bool, Fault> {
    let update = sqlx::query(
        "update accounts set email_proved_at = coalesce(email_proved_at, $2), email_claimed = true, updated_at = $2 \
         where id = $1 and email = $3",
    );
    unless_taken(conn, update.bind(id).bind(now).bind(email.contact().as_str())).await
}

/// Takes an address away that is not what the account was proved by: its owner says that it is not theirs to use.
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

/// Takes a phone away that the account never proved. `false`: it has proved it meanwhile.
pub async fn release_unproved_phone(conn: &mut PgConnection, now: OffsetDateTime, id: i64) -> Result<bool, Fault> {
    let released = sqlx::query(
        "update accounts set phone_sealed = null, phone_index = null, updated_at = $2, version = version + 1 \
         where id = $1 and phone_proved_at is null",
    )
    .bind(id)
    .bind(now)
    .execute(conn)
    .await?
    .rows_affected();
    Ok(released == 1)
}

/// Writes a changed profile. `Err`: another account has that document or user name. Of two at once the unique indexes let
/// one win (ASVS 15.4.2); the transaction goes on, with nothing written. The caller holds the row ([`lock`]). Documents are
/// written for a session that is `fresh`, and for no other.
pub async fn update_profile(
    conn: &mut PgConnection,
    sealer: &Sealer,
    now: OffsetDateTime,
    id: i64,
    new: &ProfileChange,
    fresh: Option<&FreshSession>,
) -> Result<Result<(), Field>, Fault> {
    let by_owner = fresh.is_some_and(|fresh| fresh.account_id() == id);
    let (cpf, cnpj) = (new.cpf.as_ref().filter(|_| by_owner), new.cnpj.as_ref().filter(|_| by_owner));
    let text = |value: &Option<Option<ShortText>>| value.as_ref().and_then(|value| value.as_ref().map(|text| text.as_str().to_owned()));
    let update = sqlx::query(
        "update accounts set name = coalesce($3, name), \
         institution = case when $4 then $5 else institution end, field_of_work = case when $6 then $7 else field_of_work end, \
         cpf_sealed = coalesce(cpf_sealed, $8), cpf_index = coalesce(cpf_index, $9), \
         cpf_set_at = case when cpf_index is null and $9 is not null then $2 else cpf_set_at end, \
         cnpj_set_at = case when cnpj_index is null and $11 is not null then $2 else cnpj_set_at end, \
         cnpj_sealed = coalesce(cnpj_sealed, $10), cnpj_index = coalesce(cnpj_index, $11), \
         username = coalesce(username, $12), birth_date_sealed = coalesce(birth_date_sealed, $13), gender = coalesce($14, gender), \
         state = coalesce($15, state), city = coalesce($16, city), updated_at = $2, version = version + 1 where id = $1",
    )
    .bind(id)
    .bind(now)
    .bind(new.name.as_ref().map(Name::as_str))
    .bind(new.institution.is_some())
    .bind(text(&new.institution))
    .bind(new.field_of_work.is_some())
    .bind(text(&new.field_of_work))
    .bind(cpf.map(|cpf| sealer.seal_in(cpf.as_str().as_bytes(), CPF, &id)))
    .bind(cpf.map(|cpf| sealer.index(CPF, cpf.as_str())))
    .bind(cnpj.map(|cnpj| sealer.seal_in(cnpj.as_str().as_bytes(), CNPJ, &id)))
    .bind(cnpj.map(|cnpj| sealer.index(CNPJ, cnpj.as_str())))
    .bind(new.username.as_ref().map(Username::as_str))
    .bind(new.birth_date.map(|born| sealer.seal_in(born.to_iso().as_bytes(), BIRTH_DATE, &id)))
    .bind(new.gender.map(Gender::as_str))
    .bind(new.state.as_ref().map(|state| state.as_str()))
    .bind(new.city.as_ref().map(City::as_str));
    unless_claimed(conn, update).await
}

/// Runs an update that claims unique values. `Err`: another account has that one; nothing was written, and the transaction
/// goes on.
async fn unless_claimed(conn: &mut PgConnection, update: Query<'_, Postgres, PgArguments>) -> Result<Result<(), Field>, Fault> {
    let mut savepoint = sqlx::Connection::begin(conn).await?;
    let done = update.execute(&mut *savepoint).await;
    let taken = match &done {
        Err(sqlx::Error::Database(error)) => match error.constraint() {
            Some("accounts_username_key") => Some(Field::Username),
            Some("accounts_phone_key") => Some(Field::Phone),
            Some("accounts_cpf_key") => Some(Field::Cpf),
            Some("accounts_cnpj_key") => Some(Field::Cnpj),
            _ => None,
        },
        _ => None,
    };
    if let Some(field) = taken {
        savepoint.rollback().await?;
        return Ok(Err(field));
    }
    done?;
    savepoint.commit().await?;
    Ok(Ok(()))
}

/// Writes what a rider's third step gave (004). `Err`: another account has that one. Of two at once the unique indexes let
/// one win (ASVS 15.4.2); the transaction goes on, with nothing written.
pub async fn complete(
    conn: &mut PgConnection,
    sealer: &Sealer,
    now: OffsetDateTime,
    by: &Completer,
    new: &Completion,
) -> Result<Result<(), Field>, Fault> {
    let (id, phone, cpf) = (by.account_id(), new.phone.as_ref(), new.cpf.as_ref());
    let update = sqlx::query(
        "update accounts set username = coalesce($3, username), phone_sealed = coalesce($4, phone_sealed), \
         phone_index = coalesce($5, phone_index), phone_proved_at = case when $5 is null then phone_proved_at end, \
         cpf_sealed = coalesce($6, cpf_sealed), cpf_index = coalesce($7, cpf_index), \
         cpf_set_at = case when $7 is null then cpf_set_at when $12 then $2 end, \
         birth_date_sealed = coalesce($8, birth_date_sealed), gender = coalesce($9, gender), state = coalesce($10, state), \
         city = coalesce($11, city), updated_at = $2, version = version + 1 where id = $1",
    )
    .bind(id)
    .bind(now)
    .bind(new.username.as_ref().map(Username::as_str))
    .bind(phone.map(|phone| sealer.seal_in(phone.e164().as_bytes(), PHONE, &id)))
    .bind(phone.map(|phone| phone_index(sealer, phone)))
    .bind(cpf.map(|cpf| sealer.seal_in(cpf.as_str().as_bytes(), CPF, &id)))
    .bind(cpf.map(|cpf| sealer.index(CPF, cpf.as_str())))
    .bind(new.birth_date.map(|born| sealer.seal_in(born.to_iso().as_bytes(), BIRTH_DATE, &id)))
    .bind(new.gender.map(Gender::as_str))
    .bind(new.state.as_ref().map(|state| state.as_str()))
    .bind(new.city.as_ref().map(City::as_str))
    .bind(matches!(by, Completer::Owner(_)));
    unless_claimed(conn, update).await
}

/// Notes a sign-in, and takes up the hash if it was made anew.
pub async fn signed_in(conn: &mut PgConnection, now: OffsetDateTime, id: i64, new_hash: Option<&str>) -> Result<(), Fault> {
    sqlx::query("update accounts set last_sign_in_at = $2, password_hash = coalesce($3, password_hash) where id = $1")
        .bind(id)
        .bind(now)
        .bind(new_hash)
        .execute(conn)
        .await?;
    Ok(())
}

/// Whether this is still the hash in force, the account locked until the transaction ends: between reading a hash and
/// comparing a password with it, the password may have come to be another.
pub async fn has_password(conn: &mut PgConnection, id: i64, hash: &str) -> Result<bool, Fault> {
    let row: Option<i64> = sqlx::query_scalar("select id from accounts where id = $1 and password_hash = $2 for no key update")
        .bind(id)
        .bind(hash)
        .fetch_optional(conn)
        .await?;
    Ok(row.is_some())
}

/// Sets a new password.
pub async fn set_password(conn: &mut PgConnection, now: OffsetDateTime, id: i64, hash: &str) -> Result<(), Fault> {
    sqlx::query("update accounts set password_hash = $3, updated_at = $2 where id = $1")
        .bind(id)
        .bind(now)
        .bind(hash)
        .execute(conn)
        .await?;
    Ok(())
}

/// Takes the password out of force: nobody signs in by it any more.
pub async fn clear_password(conn: &mut PgConnection, now: OffsetDateTime, id: i64) -> Result<(), Fault> {
    sqlx::query("update accounts set password_hash = null, updated_at = $2 where id = $1").bind(id).bind(now).execute(conn).await?;
    Ok(())
}

/// The account that waits for a link to this address: the one that claims it unproved, or the newest whose optional
/// address it is.
pub async fn awaiting_link(conn: &mut PgConnection, sealer: &Sealer, email: &Email) -> Result<Option<Account>, Fault> {
    let row = sqlx::query_as(select!("where email = $1 and email_proved_at is null order by email_claimed desc, created_at desc limit 1"))
        .bind(email.as_str())
        .fetch_optional(conn)
        .await?;
    opened(row, sealer)
}
