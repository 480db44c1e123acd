//! `impl DataRights`.

use crate::services::Service;
use crate::services::turn::Stop;
use async_trait::async_trait;
use portaria::accounts::{Answer, DataRights};
use portaria::own_data::{OwnData, OwnList, OwnOverview, OwnRecord, Place};
use portaria::session::{Requester, Token};

#[async_trait]
impl DataRights for Service {
    async fn own_overview(&self, who: &Requester, after: Option<Place>) -> Answer<OwnOverview> {
        self.overview(who, after).await.map_err(Stop::log_and_refuse)
    }

    async fn may_export(&self, who: &Requester) -> Answer<()> {
        one_turn!(self, who, may_export())
    }

    async fn export(&self, who: &Requester) -> Answer<OwnData> {
        self.count_and_export(who).await
    }

    async fn own_records(&self, who: &Requester, list: OwnList, after: Option<Place>, limit: u16) -> Answer<Vec<OwnRecord>> {
        self.own_page(who, list, after, limit).await
    }

    async fn ask_deletion(&self, who: &Requester) -> Answer<i64> {
        attempt!(self, who, DeletionRequested, ask_deletion())
    }

    async fn look_at_undo(&self, who: &Requester, token: &Token) -> Answer<Option<i64>> {
        self.count_guess(who).await?;
        one_turn!(self, who, look_at_undo(token))
    }

    async fn undo_deletion(&self, who: &Requester, token: &Token) -> Answer<()> {
        self.undo_by_link(who, token).await
    }
}
