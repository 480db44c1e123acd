//! Who is in an account, and who was before, for its owner's overview.

use super::Service;
use super::sessions::{is_local, shown};
use super::turn::Done;
use crate::db::accesses;
use crate::seen;
use portaria::check_up::{Accesses, PastAccess};
use portaria::error::Refusal;
use portaria::retention::Kept;
use portaria::session::{Requester, device_name};

impl Service {
    /// The living sessions of the requester's account, the current one first, and the sign-in before that: one statement.
    pub(super) async fn accesses_of(&self, who: &Requester) -> Done<Accesses> {
        let now = self.now();
        let Some(named) = self.named_session(who).await? else { return Err(Refusal::NotSignedIn.into()) };
        let rows = accesses::accesses(&self.pool, now, &named).await?;
        let Some(own) = rows.first().filter(|first| first.session.current) else { return Err(Refusal::NotSignedIn.into()) };
        seen::account(own.session.account_id);
        let is_young = own.account_created_at + Kept::Audit.facts().kept > now;
        let previous = own.before_at.map(|at| {
            let address = own.before_address.clone().unwrap_or_default();
            PastAccess {
                at: at.unix_timestamp(),
                device: device_name(own.before_agent.as_deref().unwrap_or_default()),
                local: address.parse().is_ok_and(is_local),
                address,
                failures_since: u32::try_from(own.failures).unwrap_or_default(),
            }
        });
        Ok(Accesses { sessions: rows.into_iter().map(|row| shown(row.session)).collect(), previous, is_young })
    }
}
