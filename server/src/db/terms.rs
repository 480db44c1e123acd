//! Tables `consents` and `terms_texts`: who accepted which version of the terms, and what each version said.

use crate::entropy;
use crate::fault::Fault;
use portaria::terms::{Accepted, TermsVersion};
use sqlx::types::Json;
use sqlx::{PgConnection, PgExecutor, PgPool};
use time::OffsetDateTime;

/// Notes that an account accepted a version; the account's row names the newest one.
pub async fn accept(conn: &mut PgConnection, account: i64, accepted: &Accepted) -> Result<(), Fault> {
    let at = OffsetDateTime::from_unix_timestamp(accepted.at).map_err(|_| Fault::inconsistent("consents", "given_at"))?;
    sqlx::query(
        "with consent as (insert into consents (id, account_id, document, version, given_at, address) \
         values ($1, $2, 'terms', $3, $4, $5::inet)) \
         update accounts set terms = $3 where id = $2 and not exists (select from consents where account_id = $2 \
         and document = 'terms' and given_at > $4)",
    )
    .bind(entropy::uuid())
    .bind(account)
    .bind(accepted.version.as_str())
    .bind(at)
    .bind(accepted.address.to_string())
    .execute(conn)
    .await?;
    Ok(())
}

/// What an account accepted, the newest first.
pub async fn accepted(executor: impl PgExecutor<'_>, account: i64) -> Result<Vec<Accepted>, Fault> {
    let rows: Vec<(String, OffsetDateTime, String)> = sqlx::query_as(
        "select version, given_at, host(address) from consents where account_id = $1 and document = 'terms' order by given_at desc, id",
    )
    .bind(account)
    .fetch_all(executor)
    .await?;
    let broken = |column| Fault::inconsistent("consents", column);
    rows.into_iter()
        .map(|(version, at, address)| {
            let version = TermsVersion::parse(&version).map_err(|_| broken("version"))?;
            Ok(Accepted::new(version, at, address.parse().map_err(|_| broken("address"))?))
        })
        .collect()
}

/// Keeps the text of a version. What was kept first stays: somebody may have accepted it. Returns whether this is what is kept.
pub async fn keep_text(
    pool: &PgPool,
    now: OffsetDateTime,
    version: &TermsVersion,
    language: &str,
    sections: &[(String, String)],
) -> Result<bool, sqlx::Error> {
    // The update changes nothing, so that the row is returned.
    let statement = "insert into terms_texts as kept (version, language, sections, kept_at) values ($1, $2, $3, $4)
                     on conflict (version, language) do update set kept_at = kept.kept_at returning kept.sections = $3";
    sqlx::query_scalar(statement).bind(version.as_str()).bind(language).bind(Json(sections)).bind(now).fetch_one(pool).await
}

/// The text of a version, in this language if it was kept in it.
pub async fn text(pool: &PgPool, version: &TermsVersion, language: &str) -> Result<Option<Vec<(String, String)>>, Fault> {
    let kept: Option<Json<Vec<(String, String)>>> =
        sqlx::query_scalar("select sections from terms_texts where version = $1 order by language <> $2, language limit 1")
            .bind(version.as_str())
            .bind(language)
            .fetch_optional(pool)
            .await?;
    Ok(kept.map(|Json(sections)| sections))
}
