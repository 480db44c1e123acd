//! Signing in, by a password or a code.

use super::{Answer, SignedIn};
use crate::deletion::Pending;
use crate::session::{AccessLifetime, ApiTokens, BrowserCookies, Requester, Token};
use crate::view::CodeSent;
use async_trait::async_trait;

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
    /// The account's deletion is pending: the person may undo it ([`SignIns::undo_by_grant`]).
    Pending(Pending),
}

/// Ways into an account that is there.
#[async_trait]
pub trait SignIns: Send + Sync {
    /// Signs a browser in by password.
    async fn sign_in(&self, who: &Requester, login: PasswordLogin) -> Answer<Admission>;

    /// API: signs in by password.
    async fn sign_in_for_tokens(&self, who: &Requester, login: PasswordLogin, lifetime: AccessLifetime) -> Answer<SignedIn<ApiTokens>>;

    /// Sends a one-time code to a proved phone. An unknown phone gets the same answer.
    async fn ask_login_code(&self, who: &Requester, phone: &str, channel: &str) -> Answer<CodeSent>;

    /// Signs a browser in by the code of [`SignIns::ask_login_code`].
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
}
