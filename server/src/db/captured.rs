//! Table `captured_messages`: messages that development mode captured instead of sending, sealed.

use super::contacts;
use crate::entropy;
use crate::seal::Sealer;
use portaria::contact::Contact;
use serde::Serialize;
use serde::de::DeserializeOwned;
use sqlx::PgPool;
use time::OffsetDateTime;
use uuid::Uuid;

pub(super) const COLUMN: &str = "captured_messages";

/// Stores a message and returns its id. `recipient`: an e-mail address, or a phone in E.164.
pub async fn keep(
    pool: &PgPool,
    sealer: &Sealer,
    now: OffsetDateTime,
    recipient: &str,
    message: &impl Serialize,
) -> Result<Uuid, sqlx::Error> {
    let id = entropy::uuid();
    sqlx::query("insert into captured_messages (id, at, sealed, recipient_index) values ($1, $2, $3, $4)")
        .bind(id)
        .bind(now)
        .bind(sealer.seal_json_in(message, COLUMN, &id))
        .bind(Contact::parse(recipient).map(|contact| contacts::index(sealer, &contact).to_vec()))
        .execute(pool)
        .await?;
    Ok(id)
}

/// The newest messages first, at most `limit`. Messages sealed with another secret are left out.
pub async fn newest<M: DeserializeOwned>(
    pool: &PgPool,
    sealer: &Sealer,
    limit: i64,
) -> Result<Vec<(Uuid, OffsetDateTime, M)>, sqlx::Error> {
    let rows: Vec<(Uuid, OffsetDateTime, Vec<u8>)> =
        sqlx::query_as("select id, at, sealed from captured_messages order by at desc, id limit $1").bind(limit).fetch_all(pool).await?;
    Ok(rows.into_iter().filter_map(|(id, at, sealed)| Some((id, at, sealer.open_json_in(&sealed, COLUMN, &id).ok()?))).collect())
}
