//! The session of whoever asks, and the others of that account.

use super::{Answer, SignedIn};
use crate::check_up::{Accesses, Openings};
use crate::fresh::Evidence;
use crate::session::{ApiTokens, Requester, Token};
use crate::view::{AccountView, CodeSent, OwnerCode};
use async_trait::async_trait;

/// Whose session it is, how fresh it is, and how it goes on or ends.
#[async_trait]
pub trait Sessions: Send + Sync {
    /// Returns the account of a valid session, by cookie or access token.
    async fn me(&self, who: &Requester) -> Answer<AccountView>;

    /// Does the same as [`Sessions::me`], before an upload is read. Refuses without a session or when the client address is over
    /// its limit, so that no byte of such an upload is read.
    async fn may_upload(&self, who: &Requester) -> Answer<AccountView>;

    /// Returns to whom the signed-in account is open.
    async fn openings(&self, who: &Requester) -> Answer<Openings>;

    /// Returns who is and was in the signed-in account.
    async fn accesses(&self, who: &Requester) -> Answer<Accesses>;

    /// Ends one session of the signed-in account. Returns whether it was the current one.
    /// [`Refusal::NotFound`](crate::error::Refusal::NotFound): the account has no such session, or it has already ended.
    async fn end_session(&self, who: &Requester, id: &str) -> Answer<bool>;

    /// Ends every session of the signed-in account except the current one.
    async fn end_other_sessions(&self, who: &Requester) -> Answer<()>;

    /// Ends the current session.
    async fn sign_out(&self, who: &Requester) -> Answer<()>;

    /// Exchanges a refresh token for new tokens. This spends it.
    async fn refresh(&self, who: &Requester, token: &Token) -> Answer<SignedIn<ApiTokens>>;

    /// Makes the current session fresh. Returns until when, in seconds since the epoch. Wrong evidence counts as a failed sign-in:
    /// [`Refusal::BadCredentials`](crate::error::Refusal::BadCredentials), and [`Refusal::Locked`](crate::error::Refusal::Locked)
    /// after too many.
    async fn reauthenticate(&self, who: &Requester, evidence: Evidence) -> Answer<i64>;

    /// Sends a code for [`Sessions::reauthenticate`] to a contact of the account that is in force, by this channel; empty: by the system's
    /// choice.
    async fn ask_reauthentication(&self, who: &Requester, channel: &str) -> Answer<CodeSent>;

    /// Returns how the newest code for [`Sessions::reauthenticate`] stands; `None`: there is none, or it was used. Sends nothing.
    async fn reauthentication_code(&self, who: &Requester) -> Answer<Option<OwnerCode>>;
}
