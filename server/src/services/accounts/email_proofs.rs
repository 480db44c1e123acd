//! `impl EmailProofs`.

use crate::services::Service;
use crate::services::throttle::Allowance;
use async_trait::async_trait;
use portaria::accounts::{Answer, EmailProofs, EmailProved};
use portaria::audit::Event;
use portaria::holding::Prover;
use portaria::recovery::ResetGrant;
use portaria::session::{Requester, Token};
use portaria::view::{CodeSent, LinkView};

#[async_trait]
impl EmailProofs for Service {
    async fn look_at_link(&self, who: &Requester, token: &Token) -> Answer<LinkView> {
        self.count_guess(who).await?;
        one_turn!(self, who, look_at_link(token))
    }

    async fn open_link(&self, who: &Requester, token: &Token) -> Answer<bool> {
        self.count_guess(who).await?;
        attempt!(self, who, EmailProved, open_link(token))
    }

    async fn prove_link(&self, who: &Requester, token: &Token, prover: Prover) -> Answer<Option<ResetGrant>> {
        self.count_guess(who).await?;
        attempt!(self, who, EmailProved, prove_link(token, prover))
    }

    async fn disown_link(&self, who: &Requester, token: &Token) -> Answer<()> {
        self.count_guess(who).await?;
        attempt!(self, who, EmailDisowned, disown_link(token))
    }

    async fn resend_link(&self, who: &Requester, email: &str) -> Answer<()> {
        self.refuse_used_up(who, Event::ProofSent.as_str(), &[Allowance::Sends]).await?;
        attempt!(self, who, ProofSent, resend_link(email))
    }

    async fn resend_expired_link(&self, who: &Requester, token: &Token) -> Answer<()> {
        self.refuse_used_up(who, Event::ProofSent.as_str(), &[Allowance::Sends]).await?;
        one_turn!(self, who, resend_expired_link(token))
    }

    async fn prove_email_code(&self, who: &Requester, email: &str, code: &str, prover: Prover) -> Answer<EmailProved> {
        self.count_guess(who).await?;
        attempt!(self, who, ProofFailed, prove_email_code(email, code, prover))
    }

    async fn resend_email_code(&self, who: &Requester, email: &str) -> Answer<CodeSent> {
        self.refuse_used_up(who, Event::ProofSent.as_str(), &[Allowance::Sends]).await?;
        attempt!(self, who, ProofSent, resend_email_code(email))
    }
}
