//! What is asked before an upload is read: it is large, and worked on for long. An address that is over its limit would be
//! refused afterwards; here it is looked at, and not counted, so that a photo counts once.

use super::throttle::client_key;
use super::{Service, Tx};
use crate::db::tallies;
use crate::fault::Outcome;
use portaria::error::Refusal;
use portaria::limits::{GUESS_WINDOW, GUESSES_PER_ADDRESS};
use portaria::session::Requester;
use portaria::view::AccountView;
use time::OffsetDateTime;

impl Service {
    /// The account of the one who asks, unless its address is over its limit.
    pub(super) async fn do_may_upload(&self, tx: &mut Tx, who: &Requester, now: OffsetDateTime) -> Outcome<AccountView> {
        match self.do_me(tx, who, now).await? {
            Ok(account) => Ok(self.below_limit(tx, who, now).await?.map(|()| account)),
            Err(refusal) => Ok(Err(refusal)),
        }
    }

    /// Whether this address may still cause a guess or a hash.
    pub(super) async fn below_limit(&self, tx: &mut Tx, who: &Requester, now: OffsetDateTime) -> Outcome<()> {
        let mut guesses = tallies::peek(tx, "address/guess", &client_key(who.address)).await?;
        let answer = guesses.hit(now, GUESSES_PER_ADDRESS, GUESS_WINDOW);
        Ok(answer.map_err(|retry_after| Refusal::TooMany { retry_after }))
    }
}
