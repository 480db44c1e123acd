//! Proving an e-mail address, by a link or a code.

use super::Answer;
use crate::holding::Prover;
use crate::recovery::ResetGrant;
use crate::session::{Requester, Token};
use crate::view::{CodeSent, LinkView};
use async_trait::async_trait;

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

/// What is done with the link or the code that proves an e-mail address.
#[async_trait]
pub trait EmailProofs: Send + Sync {
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

    /// Proves an address by its code and lets the requester complete the profile (004). `prover`: the API, or a reader of the
    /// mailbox on a page.
    async fn prove_email_code(&self, who: &Requester, email: &str, code: &str, prover: Prover) -> Answer<EmailProved>;

    /// API (004): resends that code. Answer and limits are the same when no account waits for one.
    async fn resend_email_code(&self, who: &Requester, email: &str) -> Answer<CodeSent>;
}
