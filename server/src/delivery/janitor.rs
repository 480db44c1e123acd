//! Forgets what has had its time: wipes secrets, deletes what nobody asks for any more.

use crate::db::outbox;
use sqlx::PgPool;
use time::{Duration, OffsetDateTime};

/// How long finished messages, and lapsed codes and links, are kept for whoever asks what became of them.
const KEPT: Duration = Duration::days(7);
/// How long development keeps captured messages.
const CAPTURED_KEPT: Duration = Duration::hours(24);

/// How long a lapsed proof of an address is still known as lapsed (004 `AUTH_004`).
const PROOFS_KEPT: Duration = Duration::hours(24);

/// How long a refresh token's successor is kept after its use, sealed: well past the 30 s in which it is given again.
const SUCCESSORS_KEPT: Duration = Duration::minutes(10);

/// How long a device is known from its last sign-in: as long as browsers keep its cookie.
const DEVICES_KEPT: Duration = portaria::session::DEVICE_LIFETIME;

/// One pass. Each statement stands alone and finds again what it left: any number of nodes may sweep at once, and one that is
/// interrupted loses nothing.
pub async fn sweep(pool: &PgPool, now: OffsetDateTime) -> Result<(), sqlx::Error> {
    let mut conn = pool.acquire().await?;
    let wiped = outbox::wipe_secrets(&mut conn, now).await?;
    let mut deleted = outbox::forget(&mut conn, now - KEPT).await?;
    for (statement, before) in [
        ("delete from tallies where forget_at < $1", now),
        // that of an account stays a while longer: who waits with it sees how it ended
        ("delete from signups where account_id is null and expires_at < $1", now),
        ("delete from signups where account_id is not null and expires_at < $1", now - KEPT),
        ("update refresh_tokens set successor_sealed = null where successor_sealed is not null and used_at < $1", now - SUCCESSORS_KEPT),
        ("delete from refresh_tokens r using sessions s where s.id = r.session_id and (s.expires_at < $1 or s.ended_at < $1)", now - KEPT),
        ("delete from signup_devices where expires_at < $1", now),
        ("delete from recovery_grants where expires_at < $1", now),
        ("delete from proofs where expires_at < $1", now - PROOFS_KEPT),
        ("delete from devices where last_seen_at < $1", now - DEVICES_KEPT),
        ("delete from captured_messages where at < $1", now - CAPTURED_KEPT),
    ] {
        deleted += sqlx::query(statement).bind(before).execute(&mut *conn).await?.rows_affected();
    }
    tracing::debug!(wiped, deleted, "swept");
    Ok(())
}
