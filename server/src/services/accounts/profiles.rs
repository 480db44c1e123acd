//! `impl Profiles`.

use crate::services::throttle::Allowance;
use crate::services::turn::Stop;
use crate::services::{Service, completion};
use async_trait::async_trait;
use portaria::accounts::{Answer, Photo, PhotoChange, Profiles, SignedIn, Upload};
use portaria::audit::Event;
use portaria::field::Typed;
use portaria::profile::ProfileForm;
use portaria::purpose::CodeFor;
use portaria::session::{ApiTokens, Requester};
use portaria::terms::TermsView;
use portaria::view::{AccountView, CodeSent, CodeState};

#[async_trait]
impl Profiles for Service {
    async fn update_profile(&self, who: &Requester, form: ProfileForm, photo: PhotoChange) -> Answer<AccountView> {
        let answer = self.change_profile(who, &form, photo).await;
        self.audited_unless_taken(who, answer).await
    }

    async fn photo(&self, id: &str) -> Answer<Photo> {
        self.stored_photo(id).await.map_err(Stop::log_and_refuse)
    }

    async fn may_complete(&self, who: &Requester, email: &str) -> Answer<()> {
        self.check_completer(who, email).await
    }

    async fn register_complete(&self, who: &Requester, email: &str, typed: Typed, photo: Option<Upload>) -> Answer<SignedIn<ApiTokens>> {
        let answer = self.complete_by_token(who, email, completion::Sent { typed, photo }).await;
        self.audited_unless_taken(who, answer).await
    }

    async fn complete_profile(&self, who: &Requester, typed: Typed, photo: Option<Upload>) -> Answer<AccountView> {
        let answer = self.complete_own_profile(who, completion::Sent { typed, photo }).await;
        self.audited_unless_taken(who, answer).await
    }

    async fn terms(&self, who: &Requester, version: Option<&str>, language: &str) -> Answer<TermsView> {
        self.read_terms(who, version, language).await.map_err(Stop::log_and_refuse)
    }

    async fn accept_terms(&self, who: &Requester, version: &str) -> Answer<AccountView> {
        attempt!(self, who, TermsAccepted, accept_terms(version))
    }

    async fn own_code(&self, who: &Requester, purpose: CodeFor) -> Answer<Option<CodeState>> {
        self.look_at_own_code(who, purpose).await.map_err(|fault| fault.log_and_refuse())
    }

    async fn ask_email(&self, who: &Requester, email: &str) -> Answer<CodeSent> {
        attempt!(self, who, ProofSent, ask_email(email))
    }

    async fn prove_own_email(&self, who: &Requester, code: &str) -> Answer<AccountView> {
        self.count_guess(who).await?;
        attempt!(self, who, ProofFailed, prove_own_email(code))
    }

    async fn ask_phone(&self, who: &Requester, phone: &str, channel: &str) -> Answer<CodeSent> {
        self.refuse_used_up(who, Event::ProofSent.as_str(), &[Allowance::Sends, Allowance::Taken]).await?;
        attempt!(self, who, ProofSent, ask_phone(phone, channel))
    }

    async fn prove_own_phone(&self, who: &Requester, phone: &str, code: &str) -> Answer<AccountView> {
        self.count_guess(who).await?;
        attempt!(self, who, ProofFailed, prove_own_phone(phone, code))
    }
}
