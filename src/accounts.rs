//! The one door to the use cases. The JSON handlers and the pages' server functions call the same `Arc<dyn Accounts>`:
//! commands in, views out, and a [`Refusal`] where the answer is no.

use crate::carried::Carried;
use crate::contest::ContestForm;
use crate::error::Refusal;
use crate::field::Typed;
use crate::fresh::Evidence;
use crate::holding::Prover;
use crate::journey::{Journey, Kind};
use crate::message::Channel;
use crate::profile::ProfileForm;
use crate::recovery::{NewPassword, RecoverySent, ResetGrant};
use crate::session::{Credential, Presentation, Requester, Token};
use crate::value::{Crop, PasswordPolicy};
use crate::view::{AccountView, CodeSent, LinkView, SessionView, SignupView};
use async_trait::async_trait;
use std::fmt;

/// What every use case answers.
pub type Answer<T> = Result<T, Refusal>;

/// A sign-up that began or went on.
#[derive(Debug)]
pub struct SignupStarted {
    /// Where it stands.
    pub view: SignupView,
    /// What this browser carries from now on; `None`: it carries this sign-up already.
    pub carried: Option<Carried>,
}

/// Somebody came in.
#[derive(Debug)]
pub struct SignedIn {
    /// Who.
    pub account: AccountView,
    /// With what.
    pub credential: Credential,
}

/// An address was proved by its code (004).
#[derive(Debug)]
pub struct EmailProved {
    /// The address.
    pub email: String,
    /// `signupToken`: lets an API client complete the profile.
    pub token: Token,
    /// The same for the cookie of a browser.
    pub cookie: Token,
    /// The password that was chosen before the proof is out of force: the right to set another.
    pub grant: Option<ResetGrant>,
}

/// A photo, as it is kept: made by the server, never what was uploaded.
#[derive(Clone, PartialEq, Eq)]
pub struct Photo {
    /// `image/jpeg` or `image/png`.
    pub content_type: &'static str,
    /// The file.
    pub bytes: Vec<u8>,
}

/// A photo that somebody sent: bytes that nobody has looked at yet.
#[derive(Clone, PartialEq, Eq)]
pub struct Upload {
    /// The file.
    pub bytes: Vec<u8>,
    /// The square to keep of it; `None`: all of it.
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

/// What is to become of the photo.
#[derive(Debug, Default)]
pub enum PhotoChange {
    /// It stays.
    #[default]
    Keep,
    /// It goes.
    Remove,
    /// This upload takes its place.
    Replace(Upload),
}

/// Identifier and password.
#[derive(Debug)]
pub struct PasswordLogin {
    /// E-mail, username, phone, CPF or CNPJ, as typed.
    pub identifier: String,
    /// The password, as typed.
    pub password: Token,
    /// **Lembrar-me**.
    pub remember: bool,
}

/// The use cases. `who` is the one who asks.
#[async_trait]
pub trait Accounts: Send + Sync {
    /// The ways that are set up here to reach people.
    fn channels(&self) -> &[Channel];

    /// A token for a form that is about to be shown.
    fn form_token(&self) -> Token;

    /// Begins a sign-up, or corrects the one that `who` names, or that this very form began, if it is not proved yet. Sends the proof.
    /// `form` is the token of that form: sent twice, it is one sign-up; two forms that say the same are two (SPEC §16), unless one
    /// browser sent both. Without any token it corrects the newest of its kind that waits in this browser.
    async fn sign_up(&self, who: &Requester, kind: Kind, typed: Typed, form: Option<Token>) -> Answer<SignupStarted>;

    /// Where the sign-ups of this browser stand, the newest first.
    async fn signups(&self, who: &Requester) -> Answer<Vec<SignupView>>;

    /// Where the one of them stands that is meant.
    async fn signup(&self, who: &Requester) -> Answer<Option<SignupView>>;

    /// Sends the proof of this browser's sign-up again, by another channel if `channel` is not empty.
    async fn resend_signup(&self, who: &Requester, channel: &str) -> Answer<SignupView>;

    /// The right code for this browser's sign-up makes the account and signs in.
    async fn prove_signup(&self, who: &Requester, code: &str) -> Answer<SignedIn>;

    /// The proof was given on another device: this browser goes in too, if it began the sign-up and no other changed anything.
    async fn enter_proved_signup(&self, who: &Requester) -> Answer<SignedIn>;

    /// A token that carries this browser's sign-up to another device, once.
    async fn hand_off(&self, who: &Requester) -> Answer<Token>;

    /// Takes such a token up: gives this browser a token of its own, beside those that it carries.
    async fn take_over(&self, who: &Requester, token: &Token) -> Answer<SignupStarted>;

    /// Forgets this browser's sign-up, and tells what it goes on carrying.
    async fn abandon_signup(&self, who: &Requester) -> Answer<Carried>;

    /// API: registers by e-mail (001, 003): a pending account, and the link on its way. Gives its id.
    async fn register(&self, who: &Requester, journey: &'static Journey, typed: Typed) -> Answer<i64>;

    /// API: a client registers by phone.
    async fn register_client(&self, who: &Requester, typed: Typed) -> Answer<CodeSent>;

    /// API: the code that reached the phone of a sign-up makes the account.
    async fn prove_phone(&self, who: &Requester, phone: &str, code: &str, how: Presentation) -> Answer<SignedIn>;

    /// API: sends the code of that phone's sign-up again.
    async fn resend_phone(&self, who: &Requester, phone: &str, channel: &str) -> Answer<CodeSent>;

    /// Signs in by password.
    async fn sign_in(&self, who: &Requester, login: PasswordLogin, how: Presentation) -> Answer<SignedIn>;

    /// Sends a one-time code to a proved phone; the answer is the same where there is none.
    async fn ask_login_code(&self, who: &Requester, phone: &str, channel: &str) -> Answer<CodeSent>;

    /// Signs in by that code.
    async fn sign_in_by_code(&self, who: &Requester, phone: &str, code: &str, remember: bool, how: Presentation) -> Answer<SignedIn>;

    /// Looks at an e-mail link without using it (a scanner's visit changes nothing: docs/threats.md T4).
    async fn look_at_link(&self, who: &Requester, token: &Token) -> Answer<LinkView>;

    /// Opens an e-mail link: proves the address if this browser holds the sign-up or a session of the account. `false`: it does
    /// not, and nothing changed (SPEC §16).
    async fn open_link(&self, who: &Requester, token: &Token) -> Answer<bool>;

    /// Proves an e-mail address by its link. Again within its lifetime: success again. A password that is worth nothing after
    /// such a proof is taken out of force, and the right to set another given.
    async fn prove_link(&self, who: &Requester, token: &Token, prover: Prover) -> Answer<Option<ResetGrant>>;

    /// "Não fui eu" of a verification link: ends the claim, or takes the address from the account.
    async fn disown_link(&self, who: &Requester, token: &Token) -> Answer<()>;

    /// Sends a verification link again to an address whose account waits for it; the answer is always the same.
    async fn resend_link(&self, who: &Requester, email: &str) -> Answer<()>;

    /// The account of a valid session, by cookie or access token.
    async fn me(&self, who: &Requester) -> Answer<AccountView>;

    /// The same, asked before an upload is read: not a byte of it is when there is no session, or when this address has caused
    /// so much that its photo would not be looked at.
    async fn may_upload(&self, who: &Requester) -> Answer<AccountView>;

    /// Changes the profile of the signed-in account: what the form offers, and the photo.
    async fn update_profile(&self, who: &Requester, form: ProfileForm, photo: PhotoChange) -> Answer<AccountView>;

    /// The living sessions of the signed-in account: the one that asks first, then the last used.
    async fn sessions(&self, who: &Requester) -> Answer<Vec<SessionView>>;

    /// Ends one session of the signed-in account; `true`: it was the one that asked. [`Refusal::NotFound`]: the account has
    /// no such session, or it ended before.
    async fn end_session(&self, who: &Requester, id: &str) -> Answer<bool>;

    /// Ends every other session of the signed-in account.
    async fn end_other_sessions(&self, who: &Requester) -> Answer<()>;

    /// The code that reached an address proves it, and lets who entered it complete the profile (004). `prover`: from the API, or
    /// from a page by whoever reads the mailbox.
    async fn prove_email_code(&self, who: &Requester, email: &str, code: &str, prover: Prover) -> Answer<EmailProved>;

    /// API (004): sends that code again; the answer and its limits are the same where nobody waits for one.
    async fn resend_email_code(&self, who: &Requester, email: &str) -> Answer<CodeSent>;

    /// API (004): whether who asks may complete the profile of this address. Asked before the body is read.
    async fn may_complete(&self, who: &Requester, email: &str) -> Answer<()>;

    /// API (004): completes it, photo and all, and signs in.
    async fn register_complete(
        &self,
        who: &Requester,
        email: &str,
        typed: Typed,
        photo: Option<Upload>,
        how: Presentation,
    ) -> Answer<SignedIn>;

    /// Completes the profile of the session's account (004, step 3), photo and all.
    async fn complete_profile(&self, who: &Requester, typed: Typed, photo: Option<Upload>) -> Answer<AccountView>;

    /// A photo, by the id in its address.
    async fn photo(&self, id: &str) -> Answer<Photo>;

    /// Makes the session of the one who asks fresh, and tells until when (seconds since the epoch). What is wrong is a failed
    /// sign-in: [`Refusal::BadCredentials`], and [`Refusal::Locked`] after too many.
    async fn reauthenticate(&self, who: &Requester, evidence: Evidence) -> Answer<i64>;

    /// Sends a code for that to a contact of the account that is in force.
    async fn ask_reauthentication(&self, who: &Requester) -> Answer<CodeSent>;

    /// Sends a code to an address that the signed-in account wants to have; the answer is the same when another has it.
    async fn ask_email(&self, who: &Requester, email: &str) -> Answer<CodeSent>;

    /// That code gives the account the address.
    async fn prove_own_email(&self, who: &Requester, code: &str) -> Answer<AccountView>;

    /// Sets the first password of the signed-in account. [`Refusal::PasswordSet`]: it has one.
    async fn set_first_password(&self, who: &Requester, new: NewPassword) -> Answer<()>;

    /// Sends a code to a phone that the signed-in account wants to have.
    async fn ask_phone(&self, who: &Requester, phone: &str, channel: &str) -> Answer<CodeSent>;

    /// That code gives the account the phone.
    async fn prove_own_phone(&self, who: &Requester, phone: &str, code: &str) -> Answer<AccountView>;

    /// 002: sends a code to the proved contacts of the account with this CPF or CNPJ; to one of them if `channel` is not
    /// empty. Unknown and invalid are [`Refusal::DocumentUnknown`] alike; over a limit the answer is the usual one.
    async fn ask_recovery(&self, who: &Requester, document: &str, channel: &str) -> Answer<RecoverySent>;

    /// 002: exchanges the right code for the right to set a new password, once.
    async fn prove_recovery(&self, who: &Requester, document: &str, code: &str) -> Answer<ResetGrant>;

    /// 002: sets the new password. [`Refusal::CodeRefused`]: the grant is unknown, used or lapsed.
    async fn reset_by_grant(&self, who: &Requester, grant: &Token, new: NewPassword) -> Answer<()>;

    /// 003: sends a reset link to a proved address; the answer is always the same.
    async fn forgot_password(&self, who: &Requester, email: &str) -> Answer<()>;

    /// 003: looks at a reset link without using it; gives which passwords it takes.
    async fn look_at_reset_link(&self, who: &Requester, token: &Token) -> Answer<PasswordPolicy>;

    /// 003: sets the new password by the link.
    async fn reset_by_link(&self, who: &Requester, token: &Token, new: NewPassword) -> Answer<()>;

    /// 003: changes the password of the signed-in account. A wrong current one counts like a failed sign-in.
    async fn change_password(&self, who: &Requester, current: &Token, new: NewPassword) -> Answer<()>;

    /// Looks at a "não fui eu" link without using it.
    async fn look_at_not_me(&self, who: &Requester, token: &Token) -> Answer<()>;

    /// "Não fui eu": goes back to before the earliest open notice. Contacts, documents and passwords set since are out, every
    /// session ends, and the one who asks may set a new password. [`Refusal::Taken`]: the phone or e-mail that this would
    /// bring back belongs to another account by now; nothing was done.
    async fn disown_password(&self, who: &Requester, token: &Token) -> Answer<ResetGrant>;

    /// Sends a code to the contact of who contests a document; the answer and its limits tell nothing of the document.
    async fn ask_contest(&self, who: &Requester, form: ContestForm) -> Answer<CodeSent>;

    /// That code begins the seven days in which who holds the document may keep it. The answer tells nothing of it.
    async fn prove_contest(&self, who: &Requester, form: ContestForm, code: &str) -> Answer<()>;

    /// Looks at an "este documento é meu" link without using it.
    async fn look_at_document_mine(&self, who: &Requester, token: &Token) -> Answer<()>;

    /// "Este documento é meu": ends the contest. Again within its lifetime: success again.
    async fn keep_document(&self, who: &Requester, token: &Token) -> Answer<()>;

    /// Ends the session.
    async fn sign_out(&self, who: &Requester) -> Answer<()>;

    /// New tokens for a refresh token, which is spent by it.
    async fn refresh(&self, who: &Requester, token: &Token) -> Answer<SignedIn>;
}
