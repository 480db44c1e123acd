//! `impl Accounts`: each use case begins a turn, takes its step and ends it, after what is counted first.

use super::throttle::Allowance;
use super::turn::Stop;
use super::{Service, completion};
use async_trait::async_trait;
use portaria::accounts::{Accounts, Admission, Answer, EmailProved, PasswordLogin, Photo, PhotoChange, SignedIn, SignupStarted, Upload};
use portaria::audit::Event;
use portaria::carried::Carried;
use portaria::check_up::Accesses;
use portaria::contest::ContestForm;
use portaria::field::Typed;
use portaria::fresh::Evidence;
use portaria::holding::Prover;
use portaria::journey::{Journey, Kind};
use portaria::kinds::Kinds;
use portaria::message::Channel;
use portaria::own_data::{OwnData, OwnList, OwnOverview, OwnRecord, Place};
use portaria::profile::ProfileForm;
use portaria::purpose::CodeFor;
use portaria::recovery::{NewPassword, RecoverySent, ResetGrant, ResetLink};
use portaria::session::{AccessLifetime, Api, ApiTokens, Browser, BrowserCookies, Requester, Token};
use portaria::terms::TermsView;
use portaria::view::{AccountView, CodeSent, CodeState, LinkView, SessionView, SignupView};

/// A use case that is one step of one turn.
macro_rules! one_turn {
    ($self:ident, $who:ident, $step:ident($($given:expr),*)) => {{
        let mut turn = $self.turn($who).await?;
        let done = turn.$step($($given),*).await;
        turn.end(done).await
    }};
}

/// The same of an attempt (SPEC §9): a refusal that no step has audited is audited as this event.
macro_rules! attempt {
    ($self:ident, $who:ident, $event:ident, $step:ident($($given:expr),*)) => {{
        let mut turn = $self.turn($who).await?;
        let done = turn.$step($($given),*).await;
        turn.end_attempt(Event::$event, done).await
    }};
}

#[async_trait]
impl Accounts for Service {
    fn channels(&self) -> &[Channel] {
        self.reach.all()
    }

    fn kinds(&self) -> &Kinds {
        &self.rules.kinds
    }

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

    async fn may_upload(&self, who: &Requester) -> Answer<AccountView> {
        self.refuse_used_up(who, "upload", &[Allowance::Guesses]).await?;
        self.me(who).await
    }

    async fn me(&self, who: &Requester) -> Answer<AccountView> {
        self.account_of(who).await.map_err(Stop::log_and_refuse)
    }

    async fn terms(&self, who: &Requester, version: Option<&str>, language: &str) -> Answer<TermsView> {
        self.read_terms(who, version, language).await.map_err(Stop::log_and_refuse)
    }

    async fn accept_terms(&self, who: &Requester, version: &str) -> Answer<AccountView> {
        attempt!(self, who, TermsAccepted, accept_terms(version))
    }

    async fn update_profile(&self, who: &Requester, form: ProfileForm, photo: PhotoChange) -> Answer<AccountView> {
        let answer = self.change_profile(who, &form, photo).await;
        self.audited_unless_taken(who, answer).await
    }

    async fn sessions(&self, who: &Requester) -> Answer<Vec<SessionView>> {
        self.sessions_of(who).await.map_err(Stop::log_and_refuse)
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

    async fn prove_email_code(&self, who: &Requester, email: &str, code: &str, prover: Prover) -> Answer<EmailProved> {
        self.count_guess(who).await?;
        attempt!(self, who, ProofFailed, prove_email_code(email, code, prover))
    }

    async fn resend_email_code(&self, who: &Requester, email: &str) -> Answer<CodeSent> {
        self.refuse_used_up(who, Event::ProofSent.as_str(), &[Allowance::Sends]).await?;
        attempt!(self, who, ProofSent, resend_email_code(email))
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

    async fn photo(&self, id: &str) -> Answer<Photo> {
        self.stored_photo(id).await.map_err(Stop::log_and_refuse)
    }

    async fn reauthenticate(&self, who: &Requester, evidence: Evidence) -> Answer<i64> {
        self.freshen(who, &evidence).await
    }

    async fn ask_reauthentication(&self, who: &Requester) -> Answer<CodeSent> {
        attempt!(self, who, ProofSent, ask_reauthentication())
    }

    async fn ask_email(&self, who: &Requester, email: &str) -> Answer<CodeSent> {
        attempt!(self, who, ProofSent, ask_email(email))
    }

    async fn prove_own_email(&self, who: &Requester, code: &str) -> Answer<AccountView> {
        self.count_guess(who).await?;
        attempt!(self, who, ProofFailed, prove_own_email(code))
    }

    async fn set_first_password(&self, who: &Requester, new: NewPassword) -> Answer<()> {
        let answer = self.first_password(who, &new).await;
        self.audited(who, Event::PasswordChangeFailed, answer).await
    }

    async fn own_code(&self, who: &Requester, purpose: CodeFor) -> Answer<Option<CodeState>> {
        self.look_at_own_code(who, purpose).await.map_err(|fault| fault.log_and_refuse())
    }

    async fn ask_phone(&self, who: &Requester, phone: &str, channel: &str) -> Answer<CodeSent> {
        self.refuse_used_up(who, Event::ProofSent.as_str(), &[Allowance::Sends, Allowance::Taken]).await?;
        attempt!(self, who, ProofSent, ask_phone(phone, channel))
    }

    async fn prove_own_phone(&self, who: &Requester, phone: &str, code: &str) -> Answer<AccountView> {
        self.count_guess(who).await?;
        attempt!(self, who, ProofFailed, prove_own_phone(phone, code))
    }

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

    async fn look_at_not_me(&self, who: &Requester, token: &Token) -> Answer<()> {
        self.count_guess(who).await?;
        one_turn!(self, who, look_at_not_me(token))
    }

    async fn disown_password(&self, who: &Requester, token: &Token) -> Answer<ResetGrant> {
        let answer = self.disown_changes(who, token).await;
        self.audited(who, Event::PasswordDisowned, answer).await
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

    async fn block(&self, who: &Requester) -> Answer<()> {
        attempt!(self, who, AccountBlocked, block())
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

    async fn sign_out(&self, who: &Requester) -> Answer<()> {
        one_turn!(self, who, sign_out())
    }

    async fn refresh(&self, who: &Requester, token: &Token) -> Answer<SignedIn<ApiTokens>> {
        attempt!(self, who, SessionRenewed, refresh(token))
    }

    async fn note_unread(&self, who: &Requester, event: Event, outcome: &'static str) {
        // A failed write is logged where it failed: it must not turn a refusal into a fault.
        let _ = self.note_refused(who, event, outcome).await;
    }
}
