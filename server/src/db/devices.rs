//! Table `devices`: the devices that an account signed in from.

use crate::fault::Fault;
use crate::seal::Sealer;
use portaria::session::{Token, device_name};
use sqlx::PgConnection;
use time::OffsetDateTime;

const COOKIE: &str = "devices.cookie";

/// The keyed index of a device's cookie; empty for an API client. Of each account another one, so that the table does not tell
/// which accounts share a browser.
pub(super) fn index(sealer: &Sealer, account_id: i64, cookie: Option<&Token>) -> Vec<u8> {
    cookie.map(|cookie| sealer.index(COOKIE, &format!("{account_id} {}", cookie.expose()))).unwrap_or_default()
}

/// Records a device and returns whether the account already knew it. The first device of an account counts as known.
/// `cookie`: of a browser. `name`: family and system.
pub async fn recognise(
    conn: &mut PgConnection,
    sealer: &Sealer,
    now: OffsetDateTime,
    account_id: i64,
    cookie: Option<&Token>,
    name: &str,
) -> Result<bool, Fault> {
    let hash = index(sealer, account_id, cookie);
    let seen =
        sqlx::query("update devices set last_seen_at = $4 where account_id = $1 and token_hash = $2 and name = $3 and not before_cookies")
            .bind(account_id)
            .bind(&hash)
            .bind(name)
            .bind(now)
            .execute(&mut *conn)
            .await?
            .rows_affected();
    if seen > 0 {
        return Ok(true);
    }
    let first: bool = sqlx::query_scalar(
        "select not signed_in_before and not exists (select 1 from devices where account_id = $1) from accounts where id = $1",
    )
    .bind(account_id)
    .fetch_one(&mut *conn)
    .await?;
    let known = first || was_known(&mut *conn, account_id, name).await?;
    sqlx::query(
        "insert into devices (account_id, token_hash, name, first_seen_at, last_seen_at) values ($1, $2, $3, $4, $4) \
         on conflict (account_id, token_hash, name) do update set last_seen_at = excluded.last_seen_at, before_cookies = false",
    )
    .bind(account_id)
    .bind(&hash)
    .bind(name)
    .bind(now)
    .execute(conn)
    .await?;
    Ok(known)
}

/// Returns whether a device of that name was recorded before there were device cookies. This is true once: the old row is
/// deleted.
async fn was_known(conn: &mut PgConnection, account_id: i64, name: &str) -> Result<bool, Fault> {
    let before: Vec<String> = sqlx::query_scalar("select name from devices where account_id = $1 and before_cookies")
        .bind(account_id)
        .fetch_all(&mut *conn)
        .await?;
    let same: Vec<String> = before.into_iter().filter(|user_agent| device_name(user_agent) == name).collect();
    let gone = sqlx::query("delete from devices where account_id = $1 and before_cookies and name = any($2)")
        .bind(account_id)
        .bind(&same)
        .execute(conn)
        .await?;
    Ok(gone.rows_affected() > 0)
}

/// Forgets all devices of an account. After somebody was shut out, the owner is told of every sign-in on any device,
/// including their own.
pub async fn forget(conn: &mut PgConnection, account_id: i64) -> Result<(), Fault> {
    sqlx::query("delete from devices where account_id = $1").bind(account_id).execute(conn).await?;
    Ok(())
}
