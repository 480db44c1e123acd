//! Tables `signups` and `signup_devices`: sign-ups in progress and the browsers that carry them.

use crate::entropy;
use crate::fault::Fault;
use crate::seal::Sealer;
use portaria::journey::Kind;
use portaria::message::Channel;
use portaria::session::Token;
use portaria::signup::{Draft, HANDOFF_LIFETIME, SIGNUP_DEVICE_LIFETIME, SIGNUP_LIFETIME};
use serde::{Deserialize, Serialize};
use sqlx::{FromRow, PgConnection};
use time::OffsetDateTime;
use uuid::Uuid;

const PLACE: &str = "signups.draft";
const DEVICE: &str = "signup_devices.token";

/// What a sign-up keeps, sealed whole.
#[derive(Serialize, Deserialize)]
pub struct Kept {
    /// The facts.
    pub draft: Draft,
    /// The hash of its password, while there is no account that has it.
    pub password_hash: Option<String>,
    /// A keyed hash of that password: tells whether a form was sent twice.
    pub password_mark: Option<Vec<u8>>,
    /// A password was given, here or in the account.
    pub has_password: bool,
    /// The channel last asked for.
    pub channel: Channel,
}

/// A sign-up in progress.
pub struct Signup {
    /// Its id.
    pub id: Uuid,
    /// Kind of the account to be.
    pub kind: Kind,
    /// What is known.
    pub kept: Kept,
    /// The account, once there is one.
    pub account_id: Option<i64>,
    /// Since when it stands as it does.
    pub updated_at: OffsetDateTime,
}

#[derive(FromRow)]
struct Row {
    id: Uuid,
    kind: String,
    draft_sealed: Vec<u8>,
    account_id: Option<i64>,
    updated_at: OffsetDateTime,
}

impl Row {
    fn open(self, sealer: &Sealer) -> Result<Signup, Fault> {
        Ok(Signup {
            id: self.id,
            kind: Kind::parse(&self.kind).map_err(|_| Fault::inconsistent("signups", "kind"))?,
            kept: sealer.open_json_in(&self.draft_sealed, PLACE, &self.id)?,
            account_id: self.account_id,
            updated_at: self.updated_at,
        })
    }
}

/// Begins one.
pub async fn insert(
    conn: &mut PgConnection,
    sealer: &Sealer,
    now: OffsetDateTime,
    kind: Kind,
    kept: &Kept,
    phone_index: Option<&[u8]>,
    account_id: Option<i64>,
) -> Result<Uuid, Fault> {
    let id = entropy::uuid();
    sqlx::query(
        "insert into signups (id, kind, draft_sealed, phone_index, account_id, created_at, updated_at, expires_at) \
         values ($1, $2, $3, $4, $5, $6, $6, $7)",
    )
    .bind(id)
    .bind(kind.as_str())
    .bind(sealer.seal_json_in(kept, PLACE, &id))
    .bind(phone_index)
    .bind(account_id)
    .bind(now)
    .bind(now + SIGNUP_LIFETIME)
    .execute(conn)
    .await?;
    Ok(id)
}

/// Writes back what changed, and lets it live on from now.
pub async fn update(
    conn: &mut PgConnection,
    sealer: &Sealer,
    now: OffsetDateTime,
    id: Uuid,
    kept: &Kept,
    phone_index: Option<&[u8]>,
    account_id: Option<i64>,
) -> Result<(), Fault> {
    sqlx::query("update signups set draft_sealed = $2, phone_index = $3, account_id = $4, updated_at = $5, expires_at = $6 where id = $1")
        .bind(id)
        .bind(sealer.seal_json_in(kept, PLACE, &id))
        .bind(phone_index)
        .bind(account_id)
        .bind(now)
        .bind(now + SIGNUP_LIFETIME)
        .execute(conn)
        .await?;
    Ok(())
}

/// The sign-up that a browser carries, locked until the transaction ends.
pub async fn of_device(conn: &mut PgConnection, sealer: &Sealer, now: OffsetDateTime, token: &Token) -> Result<Option<Signup>, Fault> {
    let row: Option<Row> = sqlx::query_as(
        "select s.id, s.kind, s.draft_sealed, s.account_id, s.updated_at from signups s \
         join signup_devices d on d.signup_id = s.id \
         where d.token_hash = $1 and not d.single_use and d.expires_at > $2 and s.expires_at > $2 for update of s",
    )
    .bind(sealer.index(DEVICE, token.expose()))
    .bind(now)
    .fetch_optional(conn)
    .await?;
    row.map(|row| row.open(sealer)).transpose()
}

/// By id, locked until the transaction ends.
pub async fn by_id(conn: &mut PgConnection, sealer: &Sealer, now: OffsetDateTime, id: Uuid) -> Result<Option<Signup>, Fault> {
    let row: Option<Row> =
        sqlx::query_as("select id, kind, draft_sealed, account_id, updated_at from signups where id = $1 and expires_at > $2 for update")
            .bind(id)
            .bind(now)
            .fetch_optional(conn)
            .await?;
    row.map(|row| row.open(sealer)).transpose()
}

/// The sign-ups that wait for a code on a phone, newest first.
pub async fn waiting_on_phone(conn: &mut PgConnection, sealer: &Sealer, now: OffsetDateTime, phone: &[u8]) -> Result<Vec<Signup>, Fault> {
    let rows: Vec<Row> = sqlx::query_as(
        "select id, kind, draft_sealed, account_id, updated_at from signups \
         where phone_index = $1 and account_id is null and expires_at > $2 order by updated_at desc limit 16",
    )
    .bind(phone)
    .bind(now)
    .fetch_all(conn)
    .await?;
    rows.into_iter().map(|row| row.open(sealer)).collect()
}

/// Gives a browser a token of its own for this sign-up.
pub async fn add_device(conn: &mut PgConnection, sealer: &Sealer, now: OffsetDateTime, id: Uuid) -> Result<Token, Fault> {
    // the cookie outlives the sign-up's own expiry, which moves on with every change
    add_token(conn, sealer, now, id, false, now + SIGNUP_DEVICE_LIFETIME).await
}

/// A token that carries the sign-up to another device, once.
pub async fn add_hand_off(conn: &mut PgConnection, sealer: &Sealer, now: OffsetDateTime, id: Uuid) -> Result<Token, Fault> {
    add_token(conn, sealer, now, id, true, now + HANDOFF_LIFETIME).await
}

async fn add_token(
    conn: &mut PgConnection,
    sealer: &Sealer,
    now: OffsetDateTime,
    id: Uuid,
    single_use: bool,
    expires_at: OffsetDateTime,
) -> Result<Token, Fault> {
    let token = Token::new(entropy::token());
    sqlx::query("insert into signup_devices (token_hash, signup_id, created_at, single_use, expires_at) values ($1, $2, $3, $4, $5)")
        .bind(sealer.index(DEVICE, token.expose()))
        .bind(id)
        .bind(now)
        .bind(single_use)
        .bind(expires_at)
        .execute(conn)
        .await?;
    Ok(token)
}

/// Spends a hand-over token: gives the sign-up that it carries.
pub async fn spend_hand_off(conn: &mut PgConnection, sealer: &Sealer, now: OffsetDateTime, token: &Token) -> Result<Option<Uuid>, Fault> {
    let row = sqlx::query_scalar("delete from signup_devices where token_hash = $1 and single_use and expires_at > $2 returning signup_id")
        .bind(sealer.index(DEVICE, token.expose()))
        .bind(now)
        .fetch_optional(conn)
        .await?;
    Ok(row)
}

/// Takes a browser's token away.
pub async fn drop_device(conn: &mut PgConnection, sealer: &Sealer, token: &Token) -> Result<(), Fault> {
    sqlx::query("delete from signup_devices where token_hash = $1").bind(sealer.index(DEVICE, token.expose())).execute(conn).await?;
    Ok(())
}
