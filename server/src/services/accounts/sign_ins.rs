//! `impl SignIns`.

use crate::services::Service;
use crate::services::throttle::Allowance;
use async_trait::async_trait;
use portaria::accounts::{Admission, Answer, PasswordLogin, SignIns, SignedIn};
use portaria::audit::Event;
use portaria::session::{AccessLifetime, Api, ApiTokens, Browser, BrowserCookies, Requester, Token};
use portaria::view::CodeSent;

#[async_trait]
impl SignIns for Service {
    async fn sign_in(&self, who: &Requester, login: PasswordLogin) -> Answer<Admission> {
        Ok(self.sign_in_by_password(who, &login, Browser).await?.for_page())
    }

    async fn sign_in_for_tokens(&self, who: &Requester, login: PasswordLogin, lifetime: AccessLifetime) -> Answer<SignedIn<ApiTokens>> {
        self.sign_in_by_password(who, &login, Api(lifetime)).await?.for_client()
    }

    async fn ask_login_code(&self, who: &Requester, phone: &str, channel: &str) -> Answer<CodeSent> {
        self.refuse_used_up(who, Event::ProofSent.as_str(), &[Allowance::Sends]).await?;
        attempt!(self, who, ProofSent, ask_login_code(phone, channel))
    }

    async fn sign_in_by_code(&self, who: &Requester, phone: &str, code: &str, remember: bool) -> Answer<Admission> {
        self.count_guess(who).await?;
        let mut turn = self.turn(who).await?;
        let done = turn.sign_in_by_code(phone, code, (remember, false), Browser).await;
        Ok(turn.end_attempt(Event::LoginFailed, done).await?.for_page())
    }

    async fn sign_in_by_code_for_tokens(
        &self,
        who: &Requester,
        phone: &str,
        code: &str,
        remember: bool,
        cancel: bool,
    ) -> Answer<SignedIn<ApiTokens>> {
        self.count_guess(who).await?;
        let mut turn = self.turn(who).await?;
        let done = turn.sign_in_by_code(phone, code, (remember, cancel), Api(AccessLifetime::Standard)).await;
        turn.end_attempt(Event::LoginFailed, done).await?.for_client()
    }

    async fn undo_by_grant(&self, who: &Requester, grant: &Token) -> Answer<SignedIn<BrowserCookies>> {
        self.count_guess(who).await?;
        attempt!(self, who, DeletionCancelled, undo_by_grant(grant))
    }
}
