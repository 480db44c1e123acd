//! Table `signing_keys`: the keys that sign access tokens, sealed.

use crate::entropy;
use crate::fault::Fault;
use crate::seal::Sealer;
use sqlx::{PgConnection, PgPool};
use time::OffsetDateTime;
use zeroize::Zeroizing;

pub struct SigningKey {
    /// The key id in the JWT header and the JWKS.
    pub kid: String,
    /// PKCS#8, DER.
    pub private: Zeroizing<Vec<u8>>,
    /// 32 bytes.
    pub public: Vec<u8>,
    pub created_at: OffsetDateTime,
    /// From when it signs: it is published before.
    pub signs_from: OffsetDateTime,
    /// From when nothing is signed with it; `None` for the newest key.
    pub retired_at: Option<OffsetDateTime>,
}

type SigningRow = (String, Vec<u8>, Vec<u8>, OffsetDateTime, OffsetDateTime, Option<OffsetDateTime>);

pub(super) const PRIVATE: &str = "signing_keys.private";

/// Every signing key that may still have valid tokens, newest first.
pub async fn kept(pool: &PgPool, sealer: &Sealer, retired_after: OffsetDateTime) -> Result<Vec<SigningKey>, Fault> {
    let rows: Vec<SigningRow> = sqlx::query_as(
        "select kid, sealed, public, created_at, coalesce(signs_from, created_at), retired_at from signing_keys \
         where retired_at is null or retired_at > $1 order by created_at desc, kid",
    )
    .bind(retired_after)
    .fetch_all(pool)
    .await?;
    rows.into_iter()
        .map(|(kid, sealed, public, created_at, signs_from, retired_at)| {
            let private = sealer.open_in(&sealed, PRIVATE, kid.as_str())?.into();
            Ok(SigningKey { kid, private, public, created_at, signs_from, retired_at })
        })
        .collect()
}

/// When the newest signing key was created and from when it signs, if there is one. Locks until the transaction ends, so that only one node
/// at a time creates a key.
pub async fn lock_newest(conn: &mut PgConnection) -> Result<Option<(OffsetDateTime, OffsetDateTime)>, Fault> {
    // Not the row of a data key, which is another one after a rotation. Who reads does not wait.
    sqlx::query("lock table signing_keys in share row exclusive mode").execute(&mut *conn).await?;
    let newest =
        "select created_at, coalesce(signs_from, created_at) from signing_keys where retired_at is null order by created_at desc limit 1";
    Ok(sqlx::query_as(newest).fetch_optional(conn).await?)
}

/// Stores a new signing key, which signs from `signs_from` on; the earlier ones until then.
pub async fn add(
    conn: &mut PgConnection,
    sealer: &Sealer,
    private: &[u8],
    public: &[u8],
    now: OffsetDateTime,
    signs_from: OffsetDateTime,
) -> Result<(), Fault> {
    let kid = entropy::uuid().simple().to_string();
    sqlx::query("update signing_keys set retired_at = $1 where retired_at is null").bind(signs_from).execute(&mut *conn).await?;
    sqlx::query("insert into signing_keys (kid, sealed, public, created_at, signs_from) values ($1, $2, $3, $4, $5)")
        .bind(&kid)
        .bind(sealer.seal_in(private, PRIVATE, kid.as_str()))
        .bind(public)
        .bind(now)
        .bind(signs_from)
        .execute(conn)
        .await?;
    Ok(())
}
