//! Deleting one's account, and taking it back (SPEC §13 "Deletion"; states in `portaria::deletion`).

use super::Service;
use super::sessions::Open;
use super::turn::{Done, Turn};
use crate::db::verifications::{self, Subject};
use crate::db::{accounts, audit, completion_grants, contacts, deletions, outbox};
use crate::fault::Fault;
use portaria::account::Account;
use portaria::accounts::{Answer, SignedIn};
use portaria::audit::Event;
use portaria::contact::Contact;
use portaria::deletion::{GRACE, Pending, deletes_at, may_undo};
use portaria::error::Refusal;
use portaria::message::Content;
use portaria::purpose::{CodeFor, NoticeLinkFor};
use portaria::session::{Browser, BrowserCookies, Requester, Token};

const LINK: NoticeLinkFor = NoticeLinkFor::UndoDeletion;

impl Service {
    /// Undoes a deletion by the link of its message. As with every link, it is looked at without a lock, then under the login lock.
    pub(super) async fn undo_by_link(&self, who: &Requester, token: &Token) -> Answer<()> {
        self.count_guess(who).await?;
        let mut turn = self.turn(who).await?;
        let done = turn.link(token, LINK).await;
        let (_, id) = turn.end_attempt(Event::DeletionCancelled, done).await?;
        let mut turn = self.turn(who).await?;
        let done = turn.undo_by_link(id, token).await;
        turn.end_attempt(Event::DeletionCancelled, done).await
    }
}

impl Turn<'_> {
    /// Asks for the deletion of the requester's account. Returns when it will be erased, in seconds since the epoch.
    pub(super) async fn ask_deletion(&mut self) -> Done<i64> {
        let (account, _) = self.fresh_account().await?;
        let id = account.id;
        deletions::set(&mut self.tx, id, Some(self.now)).await?;
        self.end_sessions(id, None, "deletion_asked").await?;
        completion_grants::forget(&mut self.tx, id).await?;
        for purpose in [CodeFor::LoginPhone, CodeFor::Reauthentication] {
            verifications::kill_of(&mut self.tx, self.now, purpose, Subject::Account(id)).await?;
        }
        let entry = audit::Entry { account: Some(id), ..audit::Entry::of(Event::DeletionRequested, "ok") };
        self.audit(entry).await?;
        self.tell_of_deletion(&account).await?;
        Ok(deletes_at(self.now).unix_timestamp())
    }

    /// Tells every proved contact, also one that is out of force: it may be that of the owner. No limit holds this back.
    async fn tell_of_deletion(&mut self, account: &Account) -> Result<(), Fault> {
        let at = deletes_at(self.now);
        let content = Content::DeletionAsked { name: account.greeted_as().to_owned(), at };
        let told: Vec<Contact> = account.proved_contacts().map(|(contact, _)| contact).collect();
        for contact in told.iter().filter(|contact| contact.takes_messages() && self.service.may_reach(contact)) {
            let new = verifications::New {
                purpose: LINK.into(),
                subject: Subject::Account(account.id),
                destination: &contacts::index(self.sealer, contact),
                channel: contact.text_channel(),
                channel_chosen: false,
                lifetime: GRACE,
                fixed: None,
            };
            let link = verifications::insert(&mut self.tx, self.sealer, self.now, &new).await?;
            self.count_send_anyway().await?;
            let message = outbox::NewMessage {
                channel: contact.text_channel(),
                recipient: contact.address(),
                content: &content,
                verification_id: Some(link.id),
                account: Some(account.id),
                drop_at: at,
            };
            self.enqueue(&message).await?;
        }
        Ok(())
    }

    /// When the account of a link will be erased; `None`: it is not to be deleted any more. Changes nothing.
    pub(super) async fn look_at_undo(&mut self, token: &Token) -> Done<Option<i64>> {
        let (stored, id) = self.link(token, LINK).await?;
        let account = self.account(id).await?;
        let Some(asked_at) = account.deletion_asked_at else { return Ok(None) };
        if stored.facts.spent_at.is_some() || stored.facts.dead_at.is_some() {
            return Err(Refusal::LinkUnknown.into());
        }
        may_undo(asked_at, self.now)?;
        Ok(Some(deletes_at(asked_at).unix_timestamp()))
    }

    async fn undo_by_link(&mut self, id: i64, token: &Token) -> Done<()> {
        self.lock_login(id).await?;
        // Whoever waited here may find the account erased.
        if self.look_at_undo(token).await?.is_some() {
            let account = self.account(id).await?;
            self.undo(&account).await?;
        }
        Ok(())
    }

    /// Undoes a deletion and opens a session, by the right that a sign-in on a page left.
    pub(super) async fn undo_by_grant(&mut self, grant: &Token) -> Done<SignedIn<BrowserCookies>> {
        let Some((id, remember)) = deletions::granted(&mut self.tx, self.sealer, self.now, grant).await? else {
            return Err(Refusal::NotSignedIn.into());
        };
        self.lock_login(id).await?;
        // Of two at once, the second finds it spent; after an erasure, gone.
        if deletions::granted(&mut self.tx, self.sealer, self.now, grant).await?.is_none() {
            return Err(Refusal::NotSignedIn.into());
        }
        let account = self.account(id).await?;
        let account = self.undo(&account).await?;
        let signed_in = self.open_session(&account, remember, Browser).await?;
        accounts::signed_in(&mut self.tx, self.now, id, None).await?;
        Ok(signed_in)
    }

    /// Undoes the deletion of an account, if there is one. The caller holds the login lock, and knows that the requester is the owner.
    pub(super) async fn undo(&mut self, account: &Account) -> Done<Account> {
        let Some(asked_at) = account.deletion_asked_at else { return Ok(account.clone()) };
        may_undo(asked_at, self.now)?;
        deletions::set(&mut self.tx, account.id, None).await?;
        deletions::spend_grants(&mut self.tx, account.id).await?;
        verifications::kill_of(&mut self.tx, self.now, LINK, Subject::Account(account.id)).await?;
        let entry = audit::Entry { account: Some(account.id), ..audit::Entry::of(Event::DeletionCancelled, "ok") };
        self.audit(entry).await?;
        Ok(Account { deletion_asked_at: None, ..account.clone() })
    }

    /// What a right sign-in to an account leads to whose deletion is pending; `None`: none is, or it was undone just now because the
    /// requester says so (`cancel`). The caller holds the login lock.
    pub(super) async fn pending<P: Open>(&mut self, account: &mut Account, cancel: bool, remember: bool, how: P) -> Done<Option<Pending>> {
        // A block comes first: only a recovery leads in.
        let Some(asked_at) = account.deletion_asked_at.filter(|_| account.blocked_at.is_none()) else { return Ok(None) };
        if cancel && may_undo(asked_at, self.now).is_ok() {
            *account = self.undo(account).await?;
            return Ok(None);
        }
        let entry = audit::Entry { account: Some(account.id), ..audit::Entry::of(Event::LoginFailed, "deletion-pending") };
        self.audit(entry).await?;
        // Only a browser is asked.
        let grant = match how.access_lifetime(self.rules) {
            None => Some(deletions::grant(&mut self.tx, self.sealer, self.now, account.id, remember).await?),
            Some(_) => None,
        };
        Ok(Some(Pending { deletes_at: deletes_at(asked_at).unix_timestamp(), grant }))
    }
}
