//! The usual sign-in, in few round trips. What is unusual, such as a locked login, a new device, or another try at the same
//! moment, is left to the general way of the module above: nothing was done by then.

use super::super::Service;
use super::super::sessions::{Open, Opening, period};
use super::super::throttle::{Allowance, counters, rows};
use super::super::turn::Done;
use super::{Candidate, LOCK};
use crate::db::openid::logouts;
use crate::db::sign_in::{self, Usual};
use crate::db::{accounts, sessions};
use crate::fault::Fault;
use crate::passwords::Verified;
use crate::seen;
use portaria::accounts::SignedIn;
use portaria::audit::Event;
use portaria::limits::Tally;
use portaria::login::Identifier;
use portaria::session::{Requester, SESSIONS_PER_ACCOUNT};

/// Why a try is not counted at once.
enum Unusual {
    /// The address is over its allowance for so many seconds.
    Full(u32),
    /// A login is, or was, locked.
    Locked,
}

impl Service {
    /// Counts the try of this address at these logins, before the password is compared. All are counted at once: if another try came
    /// between, none is counted here.
    pub(super) async fn count_usual_try(&self, who: &Requester, identifier: &Identifier) -> Done<Option<Vec<Candidate>>> {
        self.fresh_keys_for(who).await?;
        let now = self.now();
        // One connection for all statements: the pool asks a connection that is given back whether it is well.
        let mut conn = self.pool.acquire().await?;
        let found = accounts::by_identifier(&mut *conn, &self.sealer, identifier).await?;
        let mut candidates = self.candidates(found, identifier);
        let counters = counters(who, Allowance::Guesses);
        let mut asked = rows(&counters);
        asked.extend(candidates.iter().map(|candidate| (LOCK, candidate.key.as_slice())));
        let count = |tallies: &mut [Tally]| {
            let (of_client, of_logins) = tallies.split_at_mut(counters.len());
            for (counter, tally) in counters.iter().zip(of_client) {
                tally.hit(now, counter.most, counter.window).map_err(Unusual::Full)?;
            }
            if of_logins.iter().any(|tally| tally.blocked_until.is_some()) {
                return Err(Unusual::Locked);
            }
            Ok(of_logins.iter_mut().map(|tally| tally.strike(now, self.rules.lockout)).collect::<Vec<_>>())
        };
        let counted = self.count_at_once(&mut conn, &asked, count).await?;
        let locks = match counted {
            Some(Ok(locks)) => locks,
            Some(Err(Unusual::Full(retry_after))) => {
                // What is noted needs another connection.
                drop(conn);
                return Err(self.refuse_and_remember(who, Event::LoginFailed.as_str(), retry_after).await.into());
            }
            Some(Err(Unusual::Locked)) | None => return Ok(None),
        };
        for (candidate, locks) in candidates.iter_mut().zip(locks) {
            (candidate.counted, candidate.locks) = (Some(now), locks);
        }
        Ok(Some(candidates))
    }

    /// Opens the session of the one account that matches, on a device that it knows.
    pub(super) async fn open_usual<P: Open>(
        &self,
        who: &Requester,
        candidates: &[Candidate],
        remember: bool,
        how: P,
    ) -> Result<Option<SignedIn<P::Credential>>, Fault> {
        let [Candidate { account: Some(account), key, verified: Verified::Yes { rehashed }, .. }] = candidates else { return Ok(None) };
        let Some(hash) = account.password_hash.as_deref().filter(|_| account.may_sign_in().is_ok()) else { return Ok(None) };
        let access = how.access_lifetime(&self.rules);
        let device = match (access, &who.device) {
            (Some(_), _) => None,
            // Its old session would have to end.
            (None, Some(device)) if who.session.is_none() => Some(device),
            (None, _) => return Ok(None),
        };
        let now = self.now();
        let usual = Usual {
            tally: (LOCK, key),
            hash,
            rehashed: rehashed.as_deref(),
            device,
            session: sessions::New {
                account_id: account.id,
                remembered: remember,
                access_seconds: access.map(|lifetime| i32::try_from(lifetime.whole_seconds()).unwrap_or(i32::MAX)),
                expires_at: now + period(remember),
            },
            most: SESSIONS_PER_ACCOUNT,
            told: &logouts::ids(&self.receivers),
        };
        let Some(opened) = sign_in::open(&self.pool, &self.sealer, now, who, &usual).await? else { return Ok(None) };
        self.last_counts.forget((LOCK, key));
        seen::account(account.id);
        self.metrics.event(Event::LoginSucceeded, "ok");
        let credential = how.credential(self, Opening { account, opened, device: device.cloned(), remember, now }).await?;
        Ok(Some(SignedIn { account: account.view(&self.rules.terms), credential }))
    }
}
