//! The codes that stand beside links in verification mails (SPEC §12), and how codes of both sorts end.

use crate::fault::Fault;
use crate::seal::{Index, Sealer};
use portaria::purpose::{CodeFor, LinkFor};
use sqlx::PgConnection;
use time::OffsetDateTime;

const LINK_CODE: &str = "verifications.link_code";

/// The code beside a link, made of its token: as hard to guess as any, and nothing more to seal and to wipe.
pub fn code_of_link(sealer: &Sealer, token: &str) -> String {
    let made = sealer.index(LINK_CODE, token);
    let number = made.iter().take(8).fold(0_u64, |number, byte| (number << 8) | u64::from(*byte));
    // Of 2^64 numbers the last few of each digit are missing: no digit is likelier by more than 10^-11.
    let digits = format!("{number:020}");
    digits[digits.len() - usize::from(CodeFor::SignupEmail.digits())..].to_owned()
}

/// The names of what a code of this purpose may be: the code of a mail, or the one beside its link.
pub(super) fn entered_as(purpose: CodeFor) -> Vec<&'static str> {
    let beside = (purpose == CodeFor::SignupEmail).then_some(LinkFor::EmailProof.facts().name);
    [purpose.facts().name].into_iter().chain(beside).collect()
}

/// Kills every open code of a purpose at a destination after five wrong entries. Codes of a sign-up that a browser holds
/// are kept: strangers' entries must not cost the holder its code.
pub async fn kill_unheld_at(conn: &mut PgConnection, now: OffsetDateTime, purpose: CodeFor, destination: &Index) -> Result<(), Fault> {
    sqlx::query(
        "update verifications v set dead_at = case when purpose = $1 then $3 end, \
                code_dead_at = case when purpose = $1 then code_dead_at else $3 end, \
                secret_sealed = case when purpose = $1 then null else secret_sealed end \
         where purpose = any($5) and destination_index = any($2) and spent_at is null and dead_at is null and not ($4 and exists ( \
             select from signups s join signup_devices d on d.signup_id = s.id \
             where (s.id = v.signup_id or s.account_id = v.account_id) and not d.single_use and d.expires_at > $3))",
    )
    .bind(purpose.facts().name)
    .bind(destination.any())
    .bind(now)
    .bind(purpose.facts().of_signup)
    .bind(entered_as(purpose))
    .execute(conn)
    .await?;
    Ok(())
}

/// Kills the code beside the link of an account. The link stays.
pub async fn kill_code_beside(conn: &mut PgConnection, now: OffsetDateTime, account: i64) -> Result<(), Fault> {
    sqlx::query(
        "update verifications set code_dead_at = $3 where purpose = $1 and account_id = $2 and spent_at is null and dead_at is null",
    )
    .bind(LinkFor::EmailProof.facts().name)
    .bind(account)
    .bind(now)
    .execute(conn)
    .await?;
    Ok(())
}
