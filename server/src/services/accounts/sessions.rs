//! `impl Sessions`.

use crate::services::Service;
use crate::services::throttle::Allowance;
use crate::services::turn::Stop;
use async_trait::async_trait;
use portaria::accounts::{Answer, Sessions, SignedIn};
use portaria::check_up::{Accesses, Openings};
use portaria::fresh::Evidence;
use portaria::session::{ApiTokens, Requester, Token};
use portaria::view::{AccountView, CodeSent, OwnerCode};

#[async_trait]
impl Sessions for Service {
    async fn me(&self, who: &Requester) -> Answer<AccountView> {
        self.account_of(who).await.map_err(Stop::log_and_refuse)
    }

    async fn may_upload(&self, who: &Requester) -> Answer<AccountView> {
        self.refuse_used_up(who, "upload", &[Allowance::Guesses]).await?;
        self.me(who).await
    }

    async fn openings(&self, who: &Requester) -> Answer<Openings> {
        self.openings_of(who).await.map_err(Stop::log_and_refuse)
    }

    async fn accesses(&self, who: &Requester) -> Answer<Accesses> {
        self.accesses_of(who).await.map_err(Stop::log_and_refuse)
    }

    async fn end_session(&self, who: &Requester, id: &str) -> Answer<bool> {
        attempt!(self, who, SessionEnded, end_session(id))
    }

    async fn end_other_sessions(&self, who: &Requester) -> Answer<()> {
        attempt!(self, who, SessionEnded, end_other_sessions())
    }

    async fn sign_out(&self, who: &Requester) -> Answer<()> {
        one_turn!(self, who, sign_out())
    }

    async fn refresh(&self, who: &Requester, token: &Token) -> Answer<SignedIn<ApiTokens>> {
        attempt!(self, who, SessionRenewed, refresh(token))
    }

    async fn reauthenticate(&self, who: &Requester, evidence: Evidence) -> Answer<i64> {
        self.freshen(who, &evidence).await
    }

    async fn ask_reauthentication(&self, who: &Requester, channel: &str) -> Answer<CodeSent> {
        attempt!(self, who, ProofSent, ask_reauthentication(channel))
    }

    async fn reauthentication_code(&self, who: &Requester) -> Answer<Option<OwnerCode>> {
        one_turn!(self, who, reauthentication_code())
    }
}
