//! Blocking one's account at once (SPEC §13 "Meus dados"): for whoever sees a stranger in it. Every session ends, and password and codes
//! rest until a recovery: a new password by any of its ways, or "não fui eu".

use super::turn::{Done, Turn};
use crate::db::verifications::{self, Subject};
use crate::db::{accounts, audit, completion_grants, deletions};
use crate::fault::Fault;
use portaria::account::Account;
use portaria::audit::Event;
use portaria::contact::Contact;
use portaria::message::Content;
use portaria::purpose::CodeFor;

impl Turn<'_> {
    /// Blocks the requester's account. No fresh session is needed: it is a way out, and the owner has ways back.
    pub(super) async fn block(&mut self) -> Done<()> {
        let session = self.session().await?;
        let id = session.account_id;
        self.lock_login(id).await?;
        // Whoever waited here may find the session ended.
        self.session().await?;
        let account = self.account(id).await?;
        accounts::block(&mut self.tx, self.now, id).await?;
        self.end_sessions(id, None, "blocked").await?;
        completion_grants::forget(&mut self.tx, id).await?;
        deletions::spend_grants(&mut self.tx, id).await?;
        for purpose in [CodeFor::LoginPhone, CodeFor::Reauthentication] {
            verifications::kill_of(&mut self.tx, self.now, purpose, Subject::Account(id)).await?;
        }
        let entry = audit::Entry { account: Some(id), ..audit::Entry::of(Event::AccountBlocked, "ok") };
        self.audit(entry).await?;
        self.tell_of_block(&account).await?;
        Ok(())
    }

    /// Tells every contact in force how to unblock the account. A right sign-in has it told again, a few times an hour.
    pub(super) async fn tell_of_block(&mut self, account: &Account) -> Result<(), Fault> {
        let content = Content::AccountBlocked { name: account.greeted_as().to_owned(), at: account.blocked_at.unwrap_or(self.now) };
        let told: Vec<Contact> = account.reachable_contacts().filter(|contact| self.service.may_reach(contact)).collect();
        for contact in &told {
            self.notify_at(account.id, &content, contact, None).await?;
        }
        Ok(())
    }
}
