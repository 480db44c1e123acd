//! Signing up, on pages and by the API.

use super::{Answer, SignedIn};
use crate::carried::Carried;
use crate::field::Typed;
use crate::journey::{Journey, Kind};
use crate::purpose::CodeFor;
use crate::session::{ApiTokens, BrowserCookies, Requester, Token};
use crate::view::{CodeSent, SignupView};
use async_trait::async_trait;

/// The result of starting, correcting or taking over a sign-up.
#[derive(Debug)]
pub struct SignupStarted {
    /// The state of the sign-up.
    pub view: SignupView,
    /// The new value of the browser's sign-up cookie; `None`: the browser already carries this sign-up.
    pub carried: Option<Carried>,
}

/// From the first form of a sign-up to its account.
#[async_trait]
pub trait Signups: Send + Sync {
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

    /// Looks at a hand-off token without redeeming it. The refusal says why it carries nothing.
    async fn look_at_hand_off(&self, who: &Requester, token: &Token) -> Answer<()>;

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
}
