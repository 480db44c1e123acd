//! Table `accounts`: only this file opens its sealed columns. Finding and reading are here. How an account begins and is
//! proved is in `claims`, how it changes in `profile`, how many move in or out in `moving`.

mod claims;
mod profile;

pub use claims::{NewAccount, correct_unproved, delete_unproved, drop_email, insert, prove_email, release_unproved_phone};
pub use profile::update_profile;

use super::one;
use super::sessions::Named;
use crate::fault::Fault;
use crate::seal::{Index, Sealer, Unique};
use portaria::account::Account;
use portaria::journey::Kind;
use portaria::login::{Identifier, Reading};
use portaria::profile::FreeTexts;
use portaria::support::Sought;
use portaria::terms::TermsVersion;
use portaria::value::{BirthDate, City, Cnpj, Cpf, Document, Email, Gender, Name, Phone, State, Username};
use sqlx::types::Json;
use sqlx::{FromRow, PgConnection, PgExecutor, PgPool};
use time::OffsetDateTime;
use uuid::Uuid;

/// Scopes of the keyed indexes and places of the sealed columns.
pub(super) const PHONE: &str = "accounts.phone";
pub(super) const CPF: &str = "accounts.cpf";
pub(super) const CNPJ: &str = "accounts.cnpj";
pub(super) const BIRTH_DATE: &str = "accounts.birth_date";

/// The keyed index of a phone: the same for sign-ups, codes and limits. Among the accounts it is [`unique_phone`].
pub fn phone_index(sealer: &Sealer, phone: &Phone) -> Index {
    sealer.found(PHONE, phone.e164())
}

/// The keyed hash by which a phone is unique among the accounts.
pub(super) fn unique_phone(sealer: &Sealer, phone: &Phone) -> Unique {
    sealer.unique(PHONE, phone.e164())
}

#[derive(Clone, FromRow)]
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
    texts: Json<FreeTexts>,
    terms: Option<String>,
    password_hash: Option<String>,
    created_at: OffsetDateTime,
    last_sign_in_at: Option<OffsetDateTime>,
    blocked_at: Option<OffsetDateTime>,
    deletion_asked_at: Option<OffsetDateTime>,
    version: i64,
}

/// The account of a living session, when its holder last authenticated, and the session's last use.
#[derive(Clone, FromRow)]
pub struct InSession {
    pub session_id: Uuid,
    token_hash: Option<Vec<u8>>,
    pub authenticated_at: OffsetDateTime,
    pub last_used_at: OffsetDateTime,
    #[sqlx(flatten)]
    account: Row,
}

impl InSession {
    pub const fn account_id(&self) -> i64 {
        self.account.id
    }

    pub fn account(self, sealer: &Sealer) -> Result<Account, Fault> {
        self.account.open(sealer)
    }
}

/// The columns of [`Row`], shared by the queries below.
macro_rules! select {
    ($rest:literal) => {
        select!("", $rest)
    };
    ($more:literal, $rest:expr) => {
        concat!(
            "select ",
            $more,
            "id, kind, name, username, email, email_proved_at, email_suspended_at, phone_sealed, phone_proved_at, \
             phone_suspended_at, cpf_sealed, cnpj_sealed, birth_date_sealed, gender, state, city, photo_id, texts, \
             coalesce(terms, (select consents.version from consents where consents.account_id = accounts.id and document = 'terms' \
             order by given_at desc, consents.id limit 1)) as terms, \
             password_hash, created_at, last_sign_in_at, blocked_at, deletion_asked_at, version from accounts ",
            $rest
        )
    };
}

pub mod moving;

/// Parses a stored value. A value that the domain no longer allows is a fault that names the column, never the value.
fn stored<T>(
    column: &'static str,
    value: Option<String>,
    parse: impl FnOnce(&str) -> Result<T, portaria::error::FieldError>,
) -> Result<Option<T>, Fault> {
    value.map(|value| parse(&value).map_err(|_| Fault::inconsistent("accounts", column))).transpose()
}

impl Row {
    fn open(self, sealer: &Sealer) -> Result<Account, Fault> {
        let open = |sealed: Option<Vec<u8>>, column| sealed.map(|sealed| sealer.open_text_in(&sealed, column, &self.id)).transpose();
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
            texts: self.texts.0,
            terms: stored("terms", self.terms, TermsVersion::parse)?,
            password_hash: self.password_hash,
            created_at: self.created_at,
            last_sign_in_at: self.last_sign_in_at,
            blocked_at: self.blocked_at,
            deletion_asked_at: self.deletion_asked_at,
            version: self.version,
        })
    }
}

fn opened(row: Option<Row>, sealer: &Sealer) -> Result<Option<Account>, Fault> {
    row.map(|row| row.open(sealer)).transpose()
}

pub async fn by_id(conn: &mut PgConnection, sealer: &Sealer, id: i64) -> Result<Option<Account>, Fault> {
    opened(sqlx::query_as(select!("where id = $1")).bind(id).fetch_optional(conn).await?, sealer)
}

/// The accounts of living sessions, by one statement: each with the name by which its session was asked for.
pub async fn in_sessions(pool: &PgPool, now: OffsetDateTime, named: Vec<Named>) -> Result<Vec<(Named, InSession)>, sqlx::Error> {
    macro_rules! of_sessions {
        ($which:literal) => {
            select!(
                "session_id, token_hash, authenticated_at, last_used_at, ",
                concat!(
                    "join (select id as session_id, token_hash, account_id, coalesce(authenticated_at, created_at) as authenticated_at, \
                     last_used_at from sessions where ",
                    $which,
                    " and ended_at is null and expires_at > $2) as session on session.account_id = accounts.id"
                )
            )
        };
    }
    let (mut ids, mut cookies) = (Vec::new(), Vec::new());
    for name in named {
        match name {
            Named::Id(id) => ids.push(id),
            Named::Cookie(index) => cookies.push(index),
        }
    }
    let mut found = Vec::new();
    if !ids.is_empty() {
        let rows: Vec<InSession> = sqlx::query_as(of_sessions!("id = any($1)")).bind(ids).bind(now).fetch_all(pool).await?;
        found.extend(rows.into_iter().map(|row| (Named::Id(row.session_id), row)));
    }
    if !cookies.is_empty() {
        let rows: Vec<InSession> = sqlx::query_as(of_sessions!("token_hash = any($1)")).bind(cookies).bind(now).fetch_all(pool).await?;
        found.extend(rows.into_iter().filter_map(|row| Some((Named::Cookie(row.token_hash.clone()?), row))));
    }
    Ok(found)
}

/// By id, locked until the transaction ends: of two concurrent changes, the second sees what the first wrote.
pub async fn lock(conn: &mut PgConnection, sealer: &Sealer, id: i64) -> Result<Option<Account>, Fault> {
    opened(sqlx::query_as(select!("where id = $1 for update")).bind(id).fetch_optional(conn).await?, sealer)
}

/// The account that claims an address: proved, or waiting for its proof. An unproved optional address is not found.
pub async fn by_email(conn: &mut PgConnection, sealer: &Sealer, email: &Email) -> Result<Option<Account>, Fault> {
    let row = sqlx::query_as(select!("where email = $1 and email_claimed")).bind(email.as_str()).fetch_optional(conn).await?;
    opened(row, sealer)
}

/// The readings of an identifier as the columns have them.
#[derive(Default)]
struct Columns<'a> {
    email: Option<&'a str>,
    username: Option<&'a str>,
    phone: Option<Unique>,
    cpf: Option<Unique>,
    cnpj: Option<Unique>,
}

impl<'a> Columns<'a> {
    fn of(sealer: &Sealer, identifier: &'a Identifier) -> Self {
        let mut columns = Self::default();
        for reading in identifier.readings() {
            match reading {
                Reading::Email(it) => columns.email = Some(it.as_str()),
                Reading::Username(it) => columns.username = Some(it.as_str()),
                Reading::Phone(it) => columns.phone = Some(unique_phone(sealer, it)),
                Reading::Cpf(it) => columns.cpf = Some(sealer.unique(CPF, it.as_str())),
                Reading::Cnpj(it) => columns.cnpj = Some(sealer.unique(CNPJ, it.as_str())),
            }
        }
        columns
    }
}

/// The accounts that match an identifier in any of its readings, sorted by id. An unproved phone is nobody's.
pub async fn by_identifier(conn: impl PgExecutor<'_>, sealer: &Sealer, identifier: &Identifier) -> Result<Vec<Account>, Fault> {
    let columns = Columns::of(sealer, identifier);
    let rows: Vec<Row> = sqlx::query_as(select!(
        "where (email = $1 and email_claimed) or username = $2 or (phone_index = any($3) and phone_proved_at is not null) \
         or cpf_index = any($4) or cnpj_index = any($5) order by id"
    ))
    .bind(columns.email)
    .bind(columns.username)
    .bind(columns.phone.as_ref().map(Unique::any))
    .bind(columns.cpf.as_ref().map(Unique::any))
    .bind(columns.cnpj.as_ref().map(Unique::any))
    .fetch_all(conn)
    .await?;
    rows.into_iter().map(|row| row.open(sealer)).collect()
}

/// The accounts that support may mean, sorted by id, at most twenty: those that sign in so, and those that have the contact unproved.
pub async fn sought(conn: &mut PgConnection, sealer: &Sealer, sought: &Sought) -> Result<Vec<Account>, Fault> {
    let columns = sought.identifier().map(|identifier| Columns::of(sealer, identifier)).unwrap_or_default();
    let rows: Vec<Row> = sqlx::query_as(select!(
        "where id = $6 or (email = $1 and (email_claimed or email_proved_at is null)) or username = $2 or phone_index = any($3) \
         or cpf_index = any($4) or cnpj_index = any($5) order by id limit 20"
    ))
    .bind(columns.email)
    .bind(columns.username)
    .bind(columns.phone.as_ref().map(Unique::any))
    .bind(columns.cpf.as_ref().map(Unique::any))
    .bind(columns.cnpj.as_ref().map(Unique::any))
    .bind(sought.account_id())
    .fetch_all(conn)
    .await?;
    rows.into_iter().map(|row| row.open(sealer)).collect()
}

/// Deletes an account, and with it all rows that refer to it. What else tells of it: [`super::erasure`].
pub async fn delete(conn: &mut PgConnection, id: i64) -> Result<(), Fault> {
    one(&sqlx::query("delete from accounts where id = $1").bind(id).execute(conn).await?, "accounts")
}

pub async fn by_username(conn: &mut PgConnection, sealer: &Sealer, username: &Username) -> Result<Option<Account>, Fault> {
    opened(sqlx::query_as(select!("where username = $1")).bind(username.as_str()).fetch_optional(conn).await?, sealer)
}

pub async fn by_phone(conn: &mut PgConnection, sealer: &Sealer, phone: &Phone) -> Result<Option<Account>, Fault> {
    let row = sqlx::query_as(select!("where phone_index = any($1)")).bind(unique_phone(sealer, phone).any()).fetch_optional(conn).await?;
    opened(row, sealer)
}

pub async fn by_cpf(conn: &mut PgConnection, sealer: &Sealer, cpf: &Cpf) -> Result<Option<Account>, Fault> {
    let row =
        sqlx::query_as(select!("where cpf_index = any($1)")).bind(sealer.unique(CPF, cpf.as_str()).any()).fetch_optional(conn).await?;
    opened(row, sealer)
}

pub async fn by_cnpj(conn: &mut PgConnection, sealer: &Sealer, cnpj: &Cnpj) -> Result<Option<Account>, Fault> {
    let row =
        sqlx::query_as(select!("where cnpj_index = any($1)")).bind(sealer.unique(CNPJ, cnpj.as_str()).any()).fetch_optional(conn).await?;
    opened(row, sealer)
}

pub async fn by_document(conn: &mut PgConnection, sealer: &Sealer, document: &Document) -> Result<Option<Account>, Fault> {
    match document {
        Document::Cpf(cpf) => by_cpf(conn, sealer, cpf).await,
        Document::Cnpj(cnpj) => by_cnpj(conn, sealer, cnpj).await,
    }
}

/// The account that waits for a link to this address: the one with an unproved claim on it, or the newest with this
/// optional address.
pub async fn awaiting_link(conn: &mut PgConnection, sealer: &Sealer, email: &Email) -> Result<Option<Account>, Fault> {
    let row = sqlx::query_as(select!("where email = $1 and email_proved_at is null order by email_claimed desc, created_at desc limit 1"))
        .bind(email.as_str())
        .fetch_optional(conn)
        .await?;
    opened(row, sealer)
}

/// Records a sign-in, and stores the new hash if the password was rehashed.
pub async fn signed_in(conn: &mut PgConnection, now: OffsetDateTime, id: i64, new_hash: Option<&str>) -> Result<(), Fault> {
    let done = sqlx::query("update accounts set last_sign_in_at = $2, password_hash = coalesce($3, password_hash) where id = $1")
        .bind(id)
        .bind(now)
        .bind(new_hash)
        .execute(conn)
        .await?;
    one(&done, "accounts")
}

/// Returns whether this is still the current hash, and locks the account until the transaction ends. The password may have
/// changed between reading the hash and comparing with it.
pub async fn has_password(conn: &mut PgConnection, id: i64, hash: &str) -> Result<bool, Fault> {
    let row: Option<i64> = sqlx::query_scalar("select id from accounts where id = $1 and password_hash = $2 for no key update")
        .bind(id)
        .bind(hash)
        .fetch_optional(conn)
        .await?;
    Ok(row.is_some())
}

/// The same, with the account as it is now.
pub async fn with_password(conn: &mut PgConnection, sealer: &Sealer, id: i64, hash: &str) -> Result<Option<Account>, Fault> {
    let row = sqlx::query_as(select!("where id = $1 and password_hash = $2 for no key update")).bind(id).bind(hash);
    opened(row.fetch_optional(conn).await?, sealer)
}

pub async fn set_password(conn: &mut PgConnection, now: OffsetDateTime, id: i64, hash: &str) -> Result<(), Fault> {
    let done = sqlx::query("update accounts set password_hash = $3, blocked_at = null, updated_at = $2 where id = $1")
        .bind(id)
        .bind(now)
        .bind(hash)
        .execute(conn)
        .await?;
    one(&done, "accounts")
}

/// Blocks the account. Whatever sets or takes away its password unblocks it: without a session that is a recovery.
pub async fn block(conn: &mut PgConnection, now: OffsetDateTime, id: i64) -> Result<(), Fault> {
    let block = sqlx::query("update accounts set blocked_at = $2 where id = $1");
    one(&block.bind(id).bind(now).execute(conn).await?, "accounts")
}

/// Removes the password: nobody can sign in with it any more.
pub async fn clear_password(conn: &mut PgConnection, now: OffsetDateTime, id: i64) -> Result<(), Fault> {
    let clear = sqlx::query("update accounts set password_hash = null, blocked_at = null, updated_at = $2 where id = $1");
    one(&clear.bind(id).bind(now).execute(conn).await?, "accounts")
}
