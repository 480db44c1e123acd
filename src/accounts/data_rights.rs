//! What people may ask for what is kept of them: to see it, to take it along, to have it erased.

use super::Answer;
use crate::own_data::{OwnData, OwnList, OwnOverview, OwnRecord, Place};
use crate::session::{Requester, Token};
use async_trait::async_trait;

/// Meus dados: seeing and exporting what is kept, and deleting the account.
#[async_trait]
pub trait DataRights: Send + Sync {
    /// Returns what the page Meus dados shows. `after`: where the page of events begins.
    async fn own_overview(&self, who: &Requester, after: Option<Place>) -> Answer<OwnOverview>;

    /// Checks that the session is fresh, which [`DataRights::export`] needs.
    async fn may_export(&self, who: &Requester) -> Answer<()>;

    /// Returns all that is kept of the signed-in account, but for what comes in pages ([`DataRights::own_records`]). The session must be
    /// fresh. Counted, and audited.
    async fn export(&self, who: &Requester) -> Answer<OwnData>;

    /// Returns a page of at most `limit` records of the signed-in account, the newest first. `after`: where the page before it ended.
    async fn own_records(&self, who: &Requester, list: OwnList, after: Option<Place>, limit: u16) -> Answer<Vec<OwnRecord>>;

    /// Asks for the deletion of the signed-in account, which ends every session of it. The session must be fresh. Returns when it will be
    /// erased, in seconds since the epoch.
    async fn ask_deletion(&self, who: &Requester) -> Answer<i64>;

    /// Checks a link that undoes a deletion, without using it. Returns when the account will be erased; `None`: it is undone already.
    async fn look_at_undo(&self, who: &Requester, token: &Token) -> Answer<Option<i64>>;

    /// Undoes a deletion by its link.
    async fn undo_deletion(&self, who: &Requester, token: &Token) -> Answer<()>;
}
