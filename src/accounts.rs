//! The only entry point to the use cases. JSON handlers and the server functions of the pages call the same
//! `Arc<dyn Accounts>`. It takes commands and returns views, or a [`Refusal`].

use crate::audit::Event;
use crate::carried::Carried;
use crate::check_up::Accesses;
use crate::contest::ContestForm;
use crate::deletion::Pending;
use crate::error::Refusal;
use crate::field::Typed;
use crate::fresh::Evidence;
use crate::holding::Prover;
use crate::journey::{Journey, Kind};
use crate::kinds::Kinds;
use crate::message::Channel;
use crate::own_data::{OwnData, OwnList, OwnOverview, OwnRecord, Place};
use crate::profile::ProfileForm;
use crate::purpose::CodeFor;
use crate::recovery::{NewPassword, RecoverySent, ResetGrant, ResetLink};
use crate::session::{AccessLifetime, ApiTokens, BrowserCookies, Requester, Token};
use crate::terms::TermsView;
use crate::value::Crop;
use crate::view::{AccountView, CodeSent, CodeState, LinkView, SessionView, SignupView};
use async_trait::async_trait;
use std::fmt;

/// The result of every use case.
pub type Answer<T> = Result<T, Refusal>;

/// The result of starting, correcting or taking over a sign-up.
#[derive(Debug)]
pub struct SignupStarted {
    /// The state of the sign-up.
    pub view: SignupView,
    /// The new value of the browser's sign-up cookie; `None`: the browser already carries this sign-up.
    pub carried: Option<Carried>,
}

/// The result of a successful sign-in: in a browser, or by the API.
#[derive(Debug)]
pub struct SignedIn<C> {
    /// The account that signed in.
    pub account: AccountView,
    /// What the client keeps of the new session: [`BrowserCookies`] or [`ApiTokens`].
    pub credential: C,
}

/// An address was proved by its code (004).
#[derive(Debug)]
pub struct EmailProved {
    /// The proved address, in canonical form.
    pub email: String,
    /// `signupToken`: lets an API client complete the profile.
    pub token: Token,
    /// The equivalent of `token` for a browser, as a cookie.
    pub cookie: Token,
    /// The right to set a new password; given when this proof invalidated the password chosen before it.
    pub grant: Option<ResetGrant>,
}

/// A stored photo. The server encodes it anew; the uploaded bytes are never served.
#[derive(Clone, PartialEq, Eq)]
pub struct Photo {
    /// `image/jpeg` or `image/png`.
    pub content_type: &'static str,
    /// The content of the file.
    pub bytes: Vec<u8>,
}

impl fmt::Debug for Photo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Photo({} bytes)", self.bytes.len())
    }
}

/// An uploaded photo, not validated yet.
#[derive(Clone, PartialEq, Eq)]
pub struct Upload {
    /// The content of the file.
    pub bytes: Vec<u8>,
    /// The square to keep; `None`: the whole picture.
    pub crop: Option<Crop>,
}

impl From<Vec<u8>> for Upload {
    fn from(bytes: Vec<u8>) -> Self {
        Self { bytes, crop: None }
    }
}

impl fmt::Debug for Upload {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Upload({} bytes)", self.bytes.len())
    }
}

/// What a profile update does to the photo.
#[derive(Debug, Default)]
pub enum PhotoChange {
    /// Leave it as it is.
    #[default]
    Keep,
    /// Delete it.
    Remove,
    /// Replace it by this upload.
    Replace(Upload),
}

/// The sign-in form.
#[derive(Debug)]
pub struct PasswordLogin {
    /// E-mail, username, phone, CPF or CNPJ, as typed.
    pub identifier: String,
    /// The password, as typed.
    pub password: Token,
    /// **Lembrar-me**.
    pub remember: bool,
    /// If the account's deletion is pending, a right password undoes it.
    pub cancel_deletion: bool,
}

/// What a right sign-in of a browser leads to.
#[derive(Debug)]
pub enum Admission {
    /// The browser is signed in.
    In(Box<SignedIn<BrowserCookies>>),
    /// The account's deletion is pending: the person may undo it ([`Accounts::undo_by_grant`]).
    Pending(Pending),
}

/// The use cases. `who` is the requester.
#[async_trait]
pub trait Accounts: Send + Sync {
    /// Returns the channels that are configured.
    fn channels(&self) -> &[Channel];

    /// Returns as what people may sign up, and what they are asked.
    fn kinds(&self) -> &Kinds;

    /// Returns an idempotency token for a sign-up form that is about to be rendered.
    fn form_token(&self) -> Token;

    /// Starts a sign-up, or corrects an unproved one: the one that `who` names, or the one that this form started. Sends the proof.
    /// `form` is the idempotency token of the form. The same token sent twice makes one sign-up. Two forms with the same values
    /// make two (SPEC §16), unless one browser sent both. Without a token, the newest unproved sign-up of this kind in this
    /// browser is corrected.
    async fn sign_up(&self, who: &Requester, kind: Kind, typed: Typed, form: Option<Token>) -> Answer<SignupStarted>;

    /// Returns the sign-ups that this browser carries, the newest first.
    async fn signups(&self, who: &Requester) -> Answer<Vec<SignupView>>;

    /// Returns how the sign-up that `who` names stands, as one number ([`crate::standing`]). `own`: instead, how the newest code for this
    /// purpose stands that the signed-in account asked for.
    async fn standing(&self, who: &Requester, own: Option<CodeFor>) -> Answer<u32>;

    /// Resends the proof of this browser's sign-up. An empty `channel` keeps the current channel.
    async fn resend_signup(&self, who: &Requester, channel: &str) -> Answer<SignupView>;

    /// Proves this browser's sign-up by its code, creates the account and signs in.
    async fn prove_signup(&self, who: &Requester, code: &str) -> Answer<SignedIn<BrowserCookies>>;

    /// Signs this browser in after the proof was given on another device. Only the browser that started the sign-up may do this,
    /// and only if no other browser changed anything.
    async fn enter_proved_signup(&self, who: &Requester) -> Answer<SignedIn<BrowserCookies>>;

    /// Returns a single-use token that carries this browser's sign-up to another device.
    async fn hand_off(&self, who: &Requester) -> Answer<Token>;

    /// Redeems a hand-off token: adds a token for that sign-up to those that this browser carries.
    async fn take_over(&self, who: &Requester, token: &Token) -> Answer<SignupStarted>;

    /// Makes this browser forget its sign-up. Returns the sign-ups that it still carries.
    async fn abandon_signup(&self, who: &Requester) -> Answer<Carried>;

    /// API: registers by e-mail (001, 003). Creates a pending account, enqueues its link and returns its id.
    async fn register(&self, who: &Requester, journey: &'static Journey, typed: Typed) -> Answer<i64>;

    /// API: a client registers by phone.
    async fn register_client(&self, who: &Requester, typed: Typed) -> Answer<CodeSent>;

    /// API: proves the phone of a sign-up by its code and creates the account.
    async fn prove_phone(&self, who: &Requester, phone: &str, code: &str) -> Answer<SignedIn<ApiTokens>>;

    /// API: resends the code of the sign-up with this phone.
    async fn resend_phone(&self, who: &Requester, phone: &str, channel: &str) -> Answer<CodeSent>;

    /// Signs a browser in by password.
    async fn sign_in(&self, who: &Requester, login: PasswordLogin) -> Answer<Admission>;

    /// API: signs in by password.
    async fn sign_in_for_tokens(&self, who: &Requester, login: PasswordLogin, lifetime: AccessLifetime) -> Answer<SignedIn<ApiTokens>>;

    /// Sends a one-time code to a proved phone. An unknown phone gets the same answer.
    async fn ask_login_code(&self, who: &Requester, phone: &str, channel: &str) -> Answer<CodeSent>;

    /// Signs a browser in by the code of [`Accounts::ask_login_code`].
    async fn sign_in_by_code(&self, who: &Requester, phone: &str, code: &str, remember: bool) -> Answer<Admission>;

    /// API: the same. `cancel`: if the account's deletion is pending, a right code undoes it.
    async fn sign_in_by_code_for_tokens(
        &self,
        who: &Requester,
        phone: &str,
        code: &str,
        remember: bool,
        cancel: bool,
    ) -> Answer<SignedIn<ApiTokens>>;

    /// Undoes the deletion of an account by the right that [`Admission::Pending`] gave, and signs the browser in.
    async fn undo_by_grant(&self, who: &Requester, grant: &Token) -> Answer<SignedIn<BrowserCookies>>;

    /// Returns what an e-mail link is about, without using it: a mail scanner's visit changes nothing (docs/threats.md T4).
    async fn look_at_link(&self, who: &Requester, token: &Token) -> Answer<LinkView>;

    /// Opens an e-mail link. Proves the address if this browser holds the sign-up or a session of the account. Otherwise changes
    /// nothing and returns `false` (SPEC §16).
    async fn open_link(&self, who: &Requester, token: &Token) -> Answer<bool>;

    /// Proves an e-mail address by its link; idempotent within the link's lifetime. If this proof invalidates the password, the
    /// result is a grant to set another one.
    async fn prove_link(&self, who: &Requester, token: &Token, prover: Prover) -> Answer<Option<ResetGrant>>;

    /// "Não fui eu" of a verification link: deletes an unproved account, or removes the address if another contact proved it.
    async fn disown_link(&self, who: &Requester, token: &Token) -> Answer<()>;

    /// Resends a verification link if an account with this address waits for it. The answer is always the same.
    async fn resend_link(&self, who: &Requester, email: &str) -> Answer<()>;

    /// The same for a verification link that has expired: it knows its address.
    async fn resend_expired_link(&self, who: &Requester, token: &Token) -> Answer<()>;

    /// Returns the account of a valid session, by cookie or access token.
    async fn me(&self, who: &Requester) -> Answer<AccountView>;

    /// Does the same as [`Accounts::me`], before an upload is read. Refuses without a session or when the client address is over
    /// its limit, so that no byte of such an upload is read.
    async fn may_upload(&self, who: &Requester) -> Answer<AccountView>;

    /// Returns the text of a version of the terms; `None`: of the one in force. `language` is a tag. [`Refusal::NotFound`]: no text of
    /// that version was kept.
    async fn terms(&self, who: &Requester, version: Option<&str>, language: &str) -> Answer<TermsView>;

    /// Accepts the terms in force for the signed-in account. Any other version is an error of its field.
    async fn accept_terms(&self, who: &Requester, version: &str) -> Answer<AccountView>;

    /// Changes the profile and the photo of the signed-in account.
    async fn update_profile(&self, who: &Requester, form: ProfileForm, photo: PhotoChange) -> Answer<AccountView>;

    /// Returns the active sessions of the signed-in account: the current one first, then the most recently used.
    async fn sessions(&self, who: &Requester) -> Answer<Vec<SessionView>>;

    /// Returns who is and was in the signed-in account.
    async fn accesses(&self, who: &Requester) -> Answer<Accesses>;

    /// Ends one session of the signed-in account. Returns whether it was the current one. [`Refusal::NotFound`]: the account has
    /// no such session, or it has already ended.
    async fn end_session(&self, who: &Requester, id: &str) -> Answer<bool>;

    /// Ends every session of the signed-in account except the current one.
    async fn end_other_sessions(&self, who: &Requester) -> Answer<()>;

    /// Proves an address by its code and lets the requester complete the profile (004). `prover`: the API, or a reader of the
    /// mailbox on a page.
    async fn prove_email_code(&self, who: &Requester, email: &str, code: &str, prover: Prover) -> Answer<EmailProved>;

    /// API (004): resends that code. Answer and limits are the same when no account waits for one.
    async fn resend_email_code(&self, who: &Requester, email: &str) -> Answer<CodeSent>;

    /// API (004): checks that the requester may complete the profile of this address. Called before the body is read.
    async fn may_complete(&self, who: &Requester, email: &str) -> Answer<()>;

    /// API (004): completes the profile, including the photo, and signs in.
    async fn register_complete(&self, who: &Requester, email: &str, typed: Typed, photo: Option<Upload>) -> Answer<SignedIn<ApiTokens>>;

    /// Completes the profile of the session's account (004, step 3), including the photo.
    async fn complete_profile(&self, who: &Requester, typed: Typed, photo: Option<Upload>) -> Answer<AccountView>;

    /// Returns a photo by the id in its URL.
    async fn photo(&self, id: &str) -> Answer<Photo>;

    /// Makes the current session fresh. Returns until when, in seconds since the epoch. Wrong evidence counts as a failed sign-in:
    /// [`Refusal::BadCredentials`], and [`Refusal::Locked`] after too many.
    async fn reauthenticate(&self, who: &Requester, evidence: Evidence) -> Answer<i64>;

    /// Sends a code for [`Accounts::reauthenticate`] to a contact of the account that is in force.
    async fn ask_reauthentication(&self, who: &Requester) -> Answer<CodeSent>;

    /// Sends a code to the new address of the signed-in account. The answer is the same when another account has the address.
    async fn ask_email(&self, who: &Requester, email: &str) -> Answer<CodeSent>;

    /// Sets the new address after its code was entered.
    async fn prove_own_email(&self, who: &Requester, code: &str) -> Answer<AccountView>;

    /// Sets the first password of the signed-in account. [`Refusal::PasswordSet`]: it already has one.
    async fn set_first_password(&self, who: &Requester, new: NewPassword) -> Answer<()>;

    /// Returns how the newest code for this purpose stands that the signed-in account asked for; `None`: there is none that lives.
    async fn own_code(&self, who: &Requester, purpose: CodeFor) -> Answer<Option<CodeState>>;

    /// Sends a code to the new phone of the signed-in account.
    async fn ask_phone(&self, who: &Requester, phone: &str, channel: &str) -> Answer<CodeSent>;

    /// Sets the new phone after its code was entered.
    async fn prove_own_phone(&self, who: &Requester, phone: &str, code: &str) -> Answer<AccountView>;

    /// 002: sends a code to the proved contacts of the account with this CPF or CNPJ. A non-empty `channel` selects one of them.
    /// Unknown and invalid documents both give [`Refusal::DocumentUnknown`]. Over a limit the answer is the usual one.
    async fn ask_recovery(&self, who: &Requester, document: &str, channel: &str) -> Answer<RecoverySent>;

    /// 002: exchanges the right code for a single-use grant to set a new password.
    async fn prove_recovery(&self, who: &Requester, document: &str, code: &str) -> Answer<ResetGrant>;

    /// 002: sets the new password. [`Refusal::CodeRefused`]: the grant is unknown, used or lapsed.
    async fn reset_by_grant(&self, who: &Requester, grant: &Token, new: NewPassword) -> Answer<()>;

    /// 003: sends a reset link to a proved address. The answer is always the same.
    async fn forgot_password(&self, who: &Requester, email: &str) -> Answer<()>;

    /// 003: checks a reset link without using it.
    async fn look_at_reset_link(&self, who: &Requester, token: &Token) -> Answer<ResetLink>;

    /// 003: sets the new password by the link.
    async fn reset_by_link(&self, who: &Requester, token: &Token, new: NewPassword) -> Answer<()>;

    /// 003: changes the password of the signed-in account. A wrong current one counts like a failed sign-in.
    async fn change_password(&self, who: &Requester, current: &Token, new: NewPassword) -> Answer<()>;

    /// Checks a "não fui eu" link without using it.
    async fn look_at_not_me(&self, who: &Requester, token: &Token) -> Answer<()>;

    /// "Não fui eu": restores the state before the earliest open notice. Contacts, documents and passwords set since then are
    /// removed, every session ends, and the requester may set a new password. [`Refusal::Taken`]: the phone or e-mail to restore
    /// now belongs to another account; nothing was changed.
    async fn disown_password(&self, who: &Requester, token: &Token) -> Answer<ResetGrant>;

    /// Sends a code to the contester's contact. The answer and its limits reveal nothing about the document.
    async fn ask_contest(&self, who: &Requester, form: ContestForm) -> Answer<CodeSent>;

    /// Proves the contester's contact by that code. This starts the seven days in which the holder may keep the document. The
    /// answer does not reveal whether there is a holder.
    async fn prove_contest(&self, who: &Requester, form: ContestForm, code: &str) -> Answer<()>;

    /// Checks an "este documento é meu" link without using it.
    async fn look_at_document_mine(&self, who: &Requester, token: &Token) -> Answer<()>;

    /// "Este documento é meu": ends the contest; idempotent within the link's lifetime.
    async fn keep_document(&self, who: &Requester, token: &Token) -> Answer<()>;

    /// Returns what the page Meus dados shows. `after`: where the page of events begins.
    async fn own_overview(&self, who: &Requester, after: Option<Place>) -> Answer<OwnOverview>;

    /// Checks that the session is fresh, which [`Accounts::export`] needs.
    async fn may_export(&self, who: &Requester) -> Answer<()>;

    /// Returns all that is kept of the signed-in account, but for what comes in pages ([`Accounts::own_records`]). The session must be
    /// fresh. Counted, and audited.
    async fn export(&self, who: &Requester) -> Answer<OwnData>;

    /// Returns a page of at most `limit` records of the signed-in account, the newest first. `after`: where the page before it ended.
    async fn own_records(&self, who: &Requester, list: OwnList, after: Option<Place>, limit: u16) -> Answer<Vec<OwnRecord>>;

    /// Blocks the signed-in account: every session ends, and password and codes rest until a recovery.
    async fn block(&self, who: &Requester) -> Answer<()>;

    /// Asks for the deletion of the signed-in account, which ends every session of it. The session must be fresh. Returns when it will be
    /// erased, in seconds since the epoch.
    async fn ask_deletion(&self, who: &Requester) -> Answer<i64>;

    /// Checks a link that undoes a deletion, without using it. Returns when the account will be erased; `None`: it is undone already.
    async fn look_at_undo(&self, who: &Requester, token: &Token) -> Answer<Option<i64>>;

    /// Undoes a deletion by its link.
    async fn undo_deletion(&self, who: &Requester, token: &Token) -> Answer<()>;

    /// Ends the current session.
    async fn sign_out(&self, who: &Requester) -> Answer<()>;

    /// Exchanges a refresh token for new tokens. This spends it.
    async fn refresh(&self, who: &Requester, token: &Token) -> Answer<SignedIn<ApiTokens>>;

    /// Audits an attempt that was refused before any use case saw it: its body could not be read. `outcome`: the code of the refusal.
    async fn note_unread(&self, who: &Requester, event: Event, outcome: &'static str);
}
