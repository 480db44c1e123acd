//! What somebody says who finds another in an account, or their document in one.

use super::Answer;
use crate::contest::ContestForm;
use crate::purpose::NoticeLinkFor;
use crate::recovery::ResetGrant;
use crate::session::{Requester, Token};
use crate::view::CodeSent;
use async_trait::async_trait;

/// "Não fui eu", blocking an account, and contested documents.
#[async_trait]
pub trait Disputes: Send + Sync {
    /// Checks a "não fui eu" link without using it. Returns whether it is that of a change or of a sign-in.
    async fn look_at_not_me(&self, who: &Requester, token: &Token) -> Answer<NoticeLinkFor>;

    /// "Não fui eu": every session ends, the password is out of force, and the requester may set another one. Returns which link it was: that
    /// of a change also restores the state before the earliest open notice of one, so that contacts, documents and passwords set since then
    /// are removed. [`Refusal::Taken`](crate::error::Refusal::Taken): the phone or e-mail to restore now belongs to another account;
    /// nothing was changed.
    async fn disown_password(&self, who: &Requester, token: &Token) -> Answer<(ResetGrant, NoticeLinkFor)>;

    /// Blocks the signed-in account: every session ends, and password and codes rest until a recovery.
    async fn block(&self, who: &Requester) -> Answer<()>;

    /// Sends a code to the contester's contact. The answer and its limits reveal nothing about the document.
    async fn ask_contest(&self, who: &Requester, form: ContestForm) -> Answer<CodeSent>;

    /// Proves the contester's contact by that code. This starts the seven days in which the holder may keep the document. The
    /// answer does not reveal whether there is a holder.
    async fn prove_contest(&self, who: &Requester, form: ContestForm, code: &str) -> Answer<()>;

    /// Checks an "este documento é meu" link without using it.
    async fn look_at_document_mine(&self, who: &Requester, token: &Token) -> Answer<()>;

    /// "Este documento é meu": ends the contest; idempotent within the link's lifetime.
    async fn keep_document(&self, who: &Requester, token: &Token) -> Answer<()>;
}
