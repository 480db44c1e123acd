//! Table `photos`.

use crate::entropy;
use crate::fault::Fault;
use photo::Clean;
use portaria::accounts::Photo;
use sqlx::PgConnection;
use time::OffsetDateTime;

/// Replaces an account's photo. The id is random: nothing of a client's file name is kept (ASVS 5.3.2).
pub async fn replace(conn: &mut PgConnection, now: OffsetDateTime, account_id: i64, photo: &Clean) -> Result<(), Fault> {
    let id = entropy::token();
    sqlx::query("insert into photos (id, account_id, content_type, bytes, created_at) values ($1, $2, $3, $4, $5)")
        .bind(&id)
        .bind(account_id)
        .bind(photo.format.content_type())
        .bind(&photo.bytes)
        .bind(now)
        .execute(&mut *conn)
        .await?;
    sqlx::query("update accounts set photo_id = $2, updated_at = $3 where id = $1")
        .bind(account_id)
        .bind(&id)
        .bind(now)
        .execute(&mut *conn)
        .await?;
    sqlx::query("delete from photos where account_id = $1 and id <> $2").bind(account_id).bind(&id).execute(conn).await?;
    Ok(())
}

pub async fn remove(conn: &mut PgConnection, account_id: i64) -> Result<(), Fault> {
    // The account's column follows by its foreign key.
    sqlx::query("delete from photos where account_id = $1").bind(account_id).execute(conn).await?;
    Ok(())
}

pub async fn by_id(conn: &mut PgConnection, id: &str) -> Result<Option<Photo>, Fault> {
    let row: Option<(String, Vec<u8>)> =
        sqlx::query_as("select content_type, bytes from photos where id = $1").bind(id).fetch_optional(conn).await?;
    row.map(|(content_type, bytes)| {
        let content_type = match content_type.as_str() {
            "image/jpeg" => "image/jpeg",
            "image/png" => "image/png",
            _ => return Err(Fault::inconsistent("photos", "content_type")),
        };
        Ok(Photo { content_type, bytes })
    })
    .transpose()
}
