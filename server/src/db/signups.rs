//! Tables `signups` and `signup_devices`: sign-ups in progress and the browsers that carry them.

use super::one;
use crate::entropy;
use crate::fault::Fault;
use crate::seal::{Index, Sealer};
use portaria::carried::Carried;
use portaria::holding::Holding;
use portaria::journey::Kind;
use portaria::message::Channel;
use portaria::session::Token;
use portaria::signup::{Draft, HANDOFF_LIFETIME, SIGNUP_DEVICE_LIFETIME, SIGNUP_LIFETIME};
use portaria::terms::Accepted;
use serde::{Deserialize, Serialize};
use sqlx::{FromRow, PgConnection};
use time::OffsetDateTime;
use uuid::Uuid;

pub(super) const COLUMN: &str = "signups.draft";
const DEVICE: &str = "signup_devices.token";
const FORM: &str = "signup_devices.form";

/// The stored content of a sign-up, sealed as a whole.
#[derive(Serialize, Deserialize)]
pub struct SignupContent {
    pub draft: Draft,
    /// The password hash, until there is an account that has it.
    pub password_hash: Option<String>,
    /// A password was given, here or for the account.
    pub has_password: bool,
    /// The terms that were accepted with the form; `None`: it is from before they were recorded for its kind.
    #[serde(default)]
    pub accepted: Option<Accepted>,
    /// The channel requested last.
    pub channel: Channel,
    /// The phone was typed without its ninth digit.
    #[serde(default)]
    pub phone_completed: bool,
}

/// A sign-up in progress.
pub struct Signup {
    pub id: Uuid,
    /// The kind of the future account.
    pub kind: Kind,
    pub kept: SignupContent,
    /// The account, once it exists.
    pub account_id: Option<i64>,
    pub created_at: OffsetDateTime,
    /// When it last changed.
    pub updated_at: OffsetDateTime,
    /// The browsers that hold it.
    pub holding: Holding<Uuid>,
}

/// A sign-up and the browser that holds it.
pub struct Held {
    pub signup: Signup,
    /// The browser's id within this sign-up. It is different in every sign-up.
    pub browser: Uuid,
}

#[derive(FromRow)]
struct Row {
    id: Uuid,
    kind: String,
    draft_sealed: Vec<u8>,
    account_id: Option<i64>,
    created_at: OffsetDateTime,
    updated_at: OffsetDateTime,
    begun_by: Option<Uuid>,
    others_changed: bool,
}

#[derive(FromRow)]
struct HeldRow {
    browser_id: Uuid,
    #[sqlx(flatten)]
    row: Row,
}

#[derive(FromRow)]
struct CarriedRow {
    token_hash: Vec<u8>,
    #[sqlx(flatten)]
    held: HeldRow,
}

impl Row {
    fn open(self, sealer: &Sealer) -> Result<Signup, Fault> {
        Ok(Signup {
            id: self.id,
            kind: Kind::parse(&self.kind).map_err(|_| Fault::inconsistent("signups", "kind"))?,
            kept: sealer.open_json_in(&self.draft_sealed, COLUMN, &self.id)?,
            account_id: self.account_id,
            created_at: self.created_at,
            updated_at: self.updated_at,
            holding: Holding { begun_by: self.begun_by, others_changed: self.others_changed },
        })
    }
}

/// The values of a sign-up to be written.
pub struct SignupRow<'a> {
    /// Sealed when written.
    pub kept: &'a SignupContent,
    /// Finds it among those that wait for a code on this phone.
    pub phone_index: Option<&'a [u8]>,
    /// The account, once it exists.
    pub account_id: Option<i64>,
    /// The browsers that hold it.
    pub holding: Holding<Uuid>,
}

pub async fn insert(
    conn: &mut PgConnection,
    sealer: &Sealer,
    now: OffsetDateTime,
    kind: Kind,
    written: &SignupRow<'_>,
) -> Result<Uuid, Fault> {
    let id = entropy::uuid();
    sqlx::query(
        "insert into signups (id, kind, draft_sealed, phone_index, account_id, begun_by, others_changed, created_at, updated_at, \
         expires_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $8, $9)",
    )
    .bind(id)
    .bind(kind.as_str())
    .bind(sealer.seal_json_in(written.kept, COLUMN, &id))
    .bind(written.phone_index)
    .bind(written.account_id)
    .bind(written.holding.begun_by)
    .bind(written.holding.others_changed)
    .bind(now)
    .bind(now + SIGNUP_LIFETIME)
    .execute(conn)
    .await?;
    Ok(id)
}

/// Writes the changes and restarts the expiry.
pub async fn update(conn: &mut PgConnection, sealer: &Sealer, now: OffsetDateTime, id: Uuid, written: &SignupRow<'_>) -> Result<(), Fault> {
    let done = sqlx::query(
        // What was sent before there was an account belongs to it from now on.
        "with sent as ( \
             update outbox set account_id = $4 from verifications v \
             where $4::bigint is not null and v.signup_id = $1 and outbox.verification_id = v.id and outbox.account_id is null \
         ), reminded as ( \
             update outbox set account_id = $4 where $4::bigint is not null and signup_id = $1 and account_id is null \
         ) \
         update signups set draft_sealed = $2, phone_index = $3, account_id = $4, begun_by = $5, others_changed = $6, updated_at = $7, \
         expires_at = $8 where id = $1",
    )
    .bind(id)
    .bind(sealer.seal_json_in(written.kept, COLUMN, &id))
    .bind(written.phone_index)
    .bind(written.account_id)
    .bind(written.holding.begun_by)
    .bind(written.holding.others_changed)
    .bind(now)
    .bind(now + SIGNUP_LIFETIME)
    .execute(conn)
    .await?;
    one(&done, "signups")
}

/// The sign-ups that a browser carries, each with its token, newest first. They are not locked: two browsers with several
/// in common could deadlock.
pub async fn carried(
    conn: &mut PgConnection,
    sealer: &Sealer,
    now: OffsetDateTime,
    carried: &Carried,
) -> Result<Vec<(Token, Held)>, Fault> {
    if carried.is_empty() {
        return Ok(Vec::new());
    }
    let hashes = token_hashes(sealer, carried);
    let mut rows: Vec<CarriedRow> = sqlx::query_as(
        "select d.token_hash, d.browser_id, s.id, s.kind, s.draft_sealed, s.account_id, s.created_at, s.updated_at, s.begun_by, \
         s.others_changed from signups s join signup_devices d on d.signup_id = s.id \
         where d.token_hash = any($1) and not d.single_use and d.expires_at > $2 and s.expires_at > $2",
    )
    .bind(&hashes)
    .bind(now)
    .fetch_all(conn)
    .await?;
    let mut all: Vec<(Token, Held)> = Vec::new();
    for (token, hash) in carried.tokens().iter().zip(&hashes) {
        let Some(index) = rows.iter().position(|it| it.token_hash == *hash) else { continue };
        let HeldRow { browser_id, row } = rows.swap_remove(index).held;
        if all.iter().all(|(_, before)| before.signup.id != row.id) {
            all.push((token.clone(), Held { browser: browser_id, signup: row.open(sealer)? }));
        }
    }
    Ok(all)
}

/// One of the sign-ups that a browser carries, locked until the transaction ends.
pub async fn of_browser(
    conn: &mut PgConnection,
    sealer: &Sealer,
    now: OffsetDateTime,
    carried: &Carried,
    id: Uuid,
) -> Result<Option<Held>, Fault> {
    let row: Option<HeldRow> = sqlx::query_as(
        "select d.browser_id, s.id, s.kind, s.draft_sealed, s.account_id, s.created_at, s.updated_at, s.begun_by, s.others_changed \
         from signups s \
         join signup_devices d on d.signup_id = s.id \
         where d.token_hash = any($1) and s.id = $3 and not d.single_use and d.expires_at > $2 and s.expires_at > $2 \
         order by array_position($1, d.token_hash) limit 1 for update of s",
    )
    .bind(token_hashes(sealer, carried))
    .bind(now)
    .bind(id)
    .fetch_optional(conn)
    .await?;
    held(row, sealer)
}

pub(super) fn token_hashes(sealer: &Sealer, carried: &Carried) -> Vec<Vec<u8>> {
    carried.tokens().iter().map(|token| sealer.index(DEVICE, token.expose())).collect()
}

/// The sign-up that this form began, held by the browser that sent it, locked until the transaction ends.
pub async fn of_form(conn: &mut PgConnection, sealer: &Sealer, now: OffsetDateTime, form: &Token) -> Result<Option<Held>, Fault> {
    let row: Option<HeldRow> = sqlx::query_as(
        "select d.browser_id, s.id, s.kind, s.draft_sealed, s.account_id, s.created_at, s.updated_at, s.begun_by, s.others_changed \
         from signups s \
         join signup_devices d on d.signup_id = s.id \
         where d.form_hash = $1 and d.expires_at > $2 and s.expires_at > $2 for update of s",
    )
    .bind(form_hash(sealer, form))
    .bind(now)
    .fetch_optional(conn)
    .await?;
    held(row, sealer)
}

fn held(row: Option<HeldRow>, sealer: &Sealer) -> Result<Option<Held>, Fault> {
    row.map(|it| Ok(Held { browser: it.browser_id, signup: it.row.open(sealer)? })).transpose()
}

/// The keyed hash of a form's token. It also names the lock that serialises submissions of the form.
pub fn form_hash(sealer: &Sealer, form: &Token) -> Vec<u8> {
    sealer.index(FORM, form.expose())
}

/// By id, locked until the transaction ends.
pub async fn by_id(conn: &mut PgConnection, sealer: &Sealer, now: OffsetDateTime, id: Uuid) -> Result<Option<Signup>, Fault> {
    let row: Option<Row> = sqlx::query_as(
        "select id, kind, draft_sealed, account_id, created_at, updated_at, begun_by, others_changed from signups \
         where id = $1 and expires_at > $2 for update",
    )
    .bind(id)
    .bind(now)
    .fetch_optional(conn)
    .await?;
    row.map(|row| row.open(sealer)).transpose()
}

/// The sign-ups that wait for a code on a phone, newest first.
pub async fn waiting_on_phone(conn: &mut PgConnection, sealer: &Sealer, now: OffsetDateTime, phone: &Index) -> Result<Vec<Signup>, Fault> {
    let rows: Vec<Row> = sqlx::query_as(
        "select id, kind, draft_sealed, account_id, created_at, updated_at, begun_by, others_changed from signups \
         where phone_index = any($1) and account_id is null and expires_at > $2 order by updated_at desc limit 16",
    )
    .bind(phone.any())
    .bind(now)
    .fetch_all(conn)
    .await?;
    rows.into_iter().map(|row| row.open(sealer)).collect()
}

/// Gives a browser its own token for this sign-up. `form`: the token of the form that began it.
pub async fn add_device(
    conn: &mut PgConnection,
    sealer: &Sealer,
    now: OffsetDateTime,
    id: Uuid,
    browser: Uuid,
    form: Option<&Token>,
) -> Result<Token, Fault> {
    let token = Token::new(entropy::token());
    sqlx::query(
        "insert into signup_devices (token_hash, signup_id, created_at, single_use, expires_at, browser_id, form_hash) \
         values ($1, $2, $3, false, $4, $5, $6)",
    )
    .bind(sealer.index(DEVICE, token.expose()))
    .bind(id)
    .bind(now)
    // The cookie outlives the sign-up's own expiry, which every change extends.
    .bind(now + SIGNUP_DEVICE_LIFETIME)
    .bind(browser)
    .bind(form.map(|form| form_hash(sealer, form)))
    .execute(conn)
    .await?;
    Ok(token)
}

/// Creates a token that moves the sign-up to another device, once.
pub async fn add_hand_off(conn: &mut PgConnection, sealer: &Sealer, now: OffsetDateTime, id: Uuid) -> Result<Token, Fault> {
    let token = Token::new(entropy::token());
    sqlx::query("insert into signup_devices (token_hash, signup_id, created_at, single_use, expires_at) values ($1, $2, $3, true, $4)")
        .bind(sealer.index(DEVICE, token.expose()))
        .bind(id)
        .bind(now)
        .bind(now + HANDOFF_LIFETIME)
        .execute(conn)
        .await?;
    Ok(token)
}

/// Removes the sign-up from every browser but this one, and ends its open hand-offs.
pub async fn keep_only(conn: &mut PgConnection, id: Uuid, browser: Uuid) -> Result<(), Fault> {
    sqlx::query("delete from signup_devices where signup_id = $1 and (single_use or browser_id <> $2)")
        .bind(id)
        .bind(browser)
        .execute(conn)
        .await?;
    Ok(())
}

/// Locks an account's sign-up until the transaction ends.
pub async fn lock_of(conn: &mut PgConnection, account: i64) -> Result<(), Fault> {
    sqlx::query("select id from signups where account_id = $1 for update").bind(account).execute(conn).await?;
    Ok(())
}

/// The sign-ups that an account came from.
pub async fn ids_of(conn: &mut PgConnection, account: i64) -> Result<Vec<Uuid>, Fault> {
    Ok(sqlx::query_scalar("select id from signups where account_id = $1").bind(account).fetch_all(conn).await?)
}

/// From now on, the proof of this account's sign-up signs in only the browser that gave it. Others sign in as usual.
pub async fn leave_to_sign_in(conn: &mut PgConnection, account: i64) -> Result<(), Fault> {
    sqlx::query("update signups set others_changed = true where account_id = $1").bind(account).execute(conn).await?;
    Ok(())
}

/// Spends a hand-over token and returns its sign-up.
pub async fn spend_hand_off(conn: &mut PgConnection, sealer: &Sealer, now: OffsetDateTime, token: &Token) -> Result<Option<Uuid>, Fault> {
    let row = sqlx::query_scalar("delete from signup_devices where token_hash = $1 and single_use and expires_at > $2 returning signup_id")
        .bind(sealer.index(DEVICE, token.expose()))
        .bind(now)
        .fetch_optional(conn)
        .await?;
    Ok(row)
}

/// Returns whether a hand-off token is good, without spending it.
pub async fn is_hand_off(conn: &mut PgConnection, sealer: &Sealer, now: OffsetDateTime, token: &Token) -> Result<bool, Fault> {
    let found = sqlx::query_scalar(
        "select exists (select from signup_devices d join signups s on s.id = d.signup_id \
         where d.token_hash = $1 and d.single_use and d.expires_at > $2 and s.expires_at > $2)",
    )
    .bind(sealer.index(DEVICE, token.expose()))
    .bind(now)
    .fetch_one(conn)
    .await?;
    Ok(found)
}

/// Deletes every token that a browser has for a sign-up.
pub async fn drop_browser(conn: &mut PgConnection, id: Uuid, browser: Uuid) -> Result<(), Fault> {
    sqlx::query("delete from signup_devices where signup_id = $1 and browser_id = $2").bind(id).bind(browser).execute(conn).await?;
    Ok(())
}
