//! Ways to another password.

use super::Answer;
use crate::recovery::{AskedPassword, NewPassword, RecoverySent, ResetGrant, ResetLink};
use crate::session::{Requester, Token};
use crate::value::Strength;
use async_trait::async_trait;

/// Recovering an account (002, 003), and changing a password.
#[async_trait]
pub trait NewPasswords: Send + Sync {
    /// 002: sends a code to the proved contacts of the account with this CPF or CNPJ. A non-empty `channel` selects one of them.
    /// Unknown and invalid documents both give [`Refusal::DocumentUnknown`](crate::error::Refusal::DocumentUnknown). Over a limit the answer is
    /// the usual one.
    async fn ask_recovery(&self, who: &Requester, document: &str, channel: &str) -> Answer<RecoverySent>;

    /// 002: exchanges the right code for a single-use grant to set a new password.
    async fn prove_recovery(&self, who: &Requester, document: &str, code: &str) -> Answer<ResetGrant>;

    /// 002: sets the new password. [`Refusal::CodeRefused`](crate::error::Refusal::CodeRefused): the grant is unknown, used or lapsed.
    async fn reset_by_grant(&self, who: &Requester, grant: &Token, new: NewPassword) -> Answer<()>;

    /// 003: sends a reset link to a proved address. The answer is always the same.
    async fn forgot_password(&self, who: &Requester, email: &str) -> Answer<()>;

    /// 003: checks a reset link without using it.
    async fn look_at_reset_link(&self, who: &Requester, token: &Token) -> Answer<ResetLink>;

    /// 003: sets the new password by the link.
    async fn reset_by_link(&self, who: &Requester, token: &Token, new: NewPassword) -> Answer<()>;

    /// 003: changes the password of the signed-in account. A wrong current one counts like a failed sign-in.
    async fn change_password(&self, who: &Requester, current: &Token, new: NewPassword) -> Answer<()>;

    /// Sets the first password of the signed-in account. [`Refusal::PasswordSet`](crate::error::Refusal::PasswordSet): it already has one.
    async fn set_first_password(&self, who: &Requester, new: NewPassword) -> Answer<()>;

    /// Returns how hard a new password is to guess, as it will be judged when its form is sent. It is counted, and changes nothing.
    async fn judge_password(&self, who: &Requester, asked: AskedPassword) -> Answer<Strength>;
}
