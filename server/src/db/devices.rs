//! Table `devices`: what an account signed in from.

use crate::fault::Fault;
use crate::seal::Sealer;
use portaria::session::{Token, device_name};
use sqlx::PgConnection;
use time::OffsetDateTime;

const COOKIE: &str = "devices.cookie";

/// Notes a device, and gives whether the account was there before; the first one ever is no surprise. `cookie`: a browser's;
/// `name`: its family and system.
pub async fn recognise(
    conn: &mut PgConnection,
    sealer: &Sealer,
    now: OffsetDateTime,
    account_id: i64,
    cookie: Option<&Token>,
    name: &str,
) -> Result<bool, Fault> {
    // of this account alone: who reads the table does not learn which accounts share a browser
    let hash = cookie.map(|cookie| sealer.index(COOKIE, &format!("{account_id} {}", cookie.expose()))).unwrap_or_default();
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

/// Whether a device of that name was there before there were cookies. It is so once: from now on it has one.
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

/// Forgets all of an account: whoever shut somebody out is told of everyone who comes in from then on, themselves included.
pub async fn forget(conn: &mut PgConnection, account_id: i64) -> Result<(), Fault> {
    sqlx::query("delete from devices where account_id = $1").bind(account_id).execute(conn).await?;
    Ok(())
}
