//! `impl Disputes`.

use crate::services::Service;
use async_trait::async_trait;
use portaria::accounts::{Answer, Disputes};
use portaria::audit::Event;
use portaria::contest::ContestForm;
use portaria::purpose::NoticeLinkFor;
use portaria::recovery::ResetGrant;
use portaria::session::{Requester, Token};
use portaria::view::CodeSent;

#[async_trait]
impl Disputes for Service {
    async fn look_at_not_me(&self, who: &Requester, token: &Token) -> Answer<NoticeLinkFor> {
        self.count_guess(who).await?;
        one_turn!(self, who, look_at_not_me(token))
    }

    async fn disown_password(&self, who: &Requester, token: &Token) -> Answer<(ResetGrant, NoticeLinkFor)> {
        let answer = self.disown_what_happened(who, token).await;
        self.audited(who, Event::PasswordDisowned, answer).await
    }

    async fn block(&self, who: &Requester) -> Answer<()> {
        attempt!(self, who, AccountBlocked, block())
    }

    async fn ask_contest(&self, who: &Requester, form: ContestForm) -> Answer<CodeSent> {
        attempt!(self, who, ContestRequested, ask_contest(&form))
    }

    async fn prove_contest(&self, who: &Requester, form: ContestForm, code: &str) -> Answer<()> {
        self.count_guess(who).await?;
        attempt!(self, who, ContestProved, prove_contest(&form, code))
    }

    async fn look_at_document_mine(&self, who: &Requester, token: &Token) -> Answer<()> {
        self.count_guess(who).await?;
        one_turn!(self, who, look_at_document_mine(token))
    }

    async fn keep_document(&self, who: &Requester, token: &Token) -> Answer<()> {
        self.count_guess(who).await?;
        attempt!(self, who, ContestKept, keep_document(token))
    }
}
