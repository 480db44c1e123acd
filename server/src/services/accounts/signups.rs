//! `impl Signups`.

use crate::services::Service;
use crate::services::throttle::Allowance;
use async_trait::async_trait;
use portaria::accounts::{Answer, SignedIn, SignupStarted, Signups};
use portaria::audit::Event;
use portaria::carried::Carried;
use portaria::field::Typed;
use portaria::journey::{Journey, Kind};
use portaria::purpose::CodeFor;
use portaria::session::{ApiTokens, BrowserCookies, Requester, Token};
use portaria::view::{CodeSent, SignupView};

#[async_trait]
impl Signups for Service {
    fn form_token(&self) -> Token {
        Token::new(crate::entropy::token())
    }

    async fn sign_up(&self, who: &Requester, kind: Kind, typed: Typed, form: Option<Token>) -> Answer<SignupStarted> {
        let answer = self.begin_signup(who, kind, &typed, form.as_ref()).await;
        self.audited(who, Event::UserCreated, answer).await
    }

    async fn signups(&self, who: &Requester) -> Answer<Vec<SignupView>> {
        if who.carried.is_empty() {
            return Ok(Vec::new());
        }
        one_turn!(self, who, look_at_signups())
    }

    async fn standing(&self, who: &Requester, own: Option<CodeFor>) -> Answer<u32> {
        self.standing_of(who, own).await.map_err(|fault| fault.log_and_refuse())
    }

    async fn resend_signup(&self, who: &Requester, channel: &str) -> Answer<SignupView> {
        self.refuse_used_up(who, Event::ProofSent.as_str(), &[Allowance::Sends]).await?;
        attempt!(self, who, ProofSent, resend_signup(channel))
    }

    async fn prove_signup(&self, who: &Requester, code: &str) -> Answer<SignedIn<BrowserCookies>> {
        self.count_guess(who).await?;
        attempt!(self, who, ProofFailed, prove_signup(code))
    }

    async fn enter_proved_signup(&self, who: &Requester) -> Answer<SignedIn<BrowserCookies>> {
        attempt!(self, who, LoginFailed, enter_proved_signup())
    }

    async fn hand_off(&self, who: &Requester) -> Answer<Token> {
        one_turn!(self, who, hand_off())
    }

    async fn look_at_hand_off(&self, who: &Requester, token: &Token) -> Answer<()> {
        self.count_guess(who).await?;
        one_turn!(self, who, look_at_hand_off(token))
    }

    async fn take_over(&self, who: &Requester, token: &Token) -> Answer<SignupStarted> {
        self.count_guess(who).await?;
        attempt!(self, who, ProofFailed, take_over(token))
    }

    async fn abandon_signup(&self, who: &Requester) -> Answer<Carried> {
        one_turn!(self, who, abandon_signup())
    }

    async fn register(&self, who: &Requester, journey: &'static Journey, typed: Typed) -> Answer<i64> {
        let answer = self.register_by_email(who, journey, &typed).await;
        self.audited(who, Event::UserCreated, answer).await
    }

    async fn register_client(&self, who: &Requester, typed: Typed) -> Answer<CodeSent> {
        let answer = self.register_by_phone(who, &typed).await;
        self.audited(who, Event::UserCreated, answer).await
    }

    async fn prove_phone(&self, who: &Requester, phone: &str, code: &str) -> Answer<SignedIn<ApiTokens>> {
        self.count_guess(who).await?;
        attempt!(self, who, ProofFailed, prove_phone(phone, code))
    }

    async fn resend_phone(&self, who: &Requester, phone: &str, channel: &str) -> Answer<CodeSent> {
        self.refuse_used_up(who, Event::ProofSent.as_str(), &[Allowance::Sends]).await?;
        attempt!(self, who, ProofSent, resend_phone(phone, channel))
    }
}
