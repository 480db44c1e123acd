//! `impl NewPasswords`.

use crate::services::Service;
use crate::services::throttle::Allowance;
use async_trait::async_trait;
use portaria::accounts::{Answer, NewPasswords};
use portaria::audit::Event;
use portaria::recovery::{AskedPassword, NewPassword, RecoverySent, ResetGrant, ResetLink};
use portaria::session::{Requester, Token};
use portaria::value::Strength;

#[async_trait]
impl NewPasswords for Service {
    async fn ask_recovery(&self, who: &Requester, document: &str, channel: &str) -> Answer<RecoverySent> {
        self.send_recovery_codes(who, document, channel).await
    }

    async fn prove_recovery(&self, who: &Requester, document: &str, code: &str) -> Answer<ResetGrant> {
        self.count_guess(who).await?;
        attempt!(self, who, ProofFailed, prove_recovery(document, code))
    }

    async fn reset_by_grant(&self, who: &Requester, grant: &Token, new: NewPassword) -> Answer<()> {
        let answer = self.set_password_by_grant(who, grant, &new).await;
        self.audited(who, Event::PasswordChangeFailed, answer).await
    }

    async fn forgot_password(&self, who: &Requester, email: &str) -> Answer<()> {
        self.refuse_used_up(who, Event::RecoveryRequested.as_str(), &[Allowance::Sends]).await?;
        attempt!(self, who, RecoveryRequested, forgot_password(email))
    }

    async fn look_at_reset_link(&self, who: &Requester, token: &Token) -> Answer<ResetLink> {
        self.count_guess(who).await?;
        one_turn!(self, who, look_at_reset_link(token))
    }

    async fn reset_by_link(&self, who: &Requester, token: &Token, new: NewPassword) -> Answer<()> {
        let answer = self.set_password_by_link(who, token, &new).await;
        self.audited(who, Event::PasswordChangeFailed, answer).await
    }

    async fn change_password(&self, who: &Requester, current: &Token, new: NewPassword) -> Answer<()> {
        self.refuse_used_up(who, Event::PasswordChangeFailed.as_str(), &[Allowance::Guesses]).await?;
        let answer = self.replace_password(who, current, &new).await;
        self.audited(who, Event::PasswordChangeFailed, answer).await
    }

    async fn set_first_password(&self, who: &Requester, new: NewPassword) -> Answer<()> {
        let answer = self.first_password(who, &new).await;
        self.audited(who, Event::PasswordChangeFailed, answer).await
    }

    async fn judge_password(&self, who: &Requester, asked: AskedPassword) -> Answer<Strength> {
        self.refuse_used_up(who, "judgement", &[Allowance::Judgements]).await?;
        self.judge_typed_password(who, &asked).await
    }
}
