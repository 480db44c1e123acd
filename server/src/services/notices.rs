//! Telling owners what happens to their account (ASVS 6.3.5, 6.3.7), at a contact that is in force.

use super::Service;
use super::turn::{Caught, Turn};
use crate::db::contacts;
use crate::db::{not_me, outbox, tallies};
use crate::fault::Fault;
use portaria::account::Account;
use portaria::contact::{Contact, ContactKind};
use portaria::message::{Cause, Content};
use time::Duration;
use uuid::Uuid;

/// A notice that is not delivered within this time is dropped: by then it tells the owner nothing useful.
const NOTICE_LIFETIME: Duration = Duration::hours(24);
/// The least time between two notices of one kind to one contact. It doubles each time, so that a stranger cannot fill a
/// mailbox.
const NOTICE_WAIT: Duration = Duration::minutes(5);

/// The names under which notices are counted.
pub(super) const TALLIES: [&str; 8] = [
    "notice/already_registered",
    "notice/new_device",
    "notice/locked",
    "notice/phone_changed",
    "notice/email_changed",
    "notice/document_added",
    "notice/password_changed",
    "notice/account_blocked",
];

impl Service {
    /// The contacts that may be told by text, the e-mail first.
    fn notified_contacts(&self, account: &Account) -> impl Iterator<Item = Contact> {
        account.reachable_contacts().filter(|contact| self.may_reach(contact))
    }

    pub(super) fn notified_phone(&self, account: &Account) -> Option<Contact> {
        self.notified_contacts(account).find(|contact| contact.kind() == ContactKind::Phone)
    }
}

impl Turn<'_> {
    /// Tells the owner by e-mail or, without one, by SMS. The send limits of the account and of the requester's address
    /// apply. A contact that is not in force is told nothing.
    pub(super) async fn notify_owner(&mut self, account: &Account, content: &Content) -> Result<(), Fault> {
        let Some(contact) = self.service.notified_contacts(account).next() else { return Ok(()) };
        self.notify_at(account.id, content, &contact, None).await?;
        Ok(())
    }

    /// Tells the owner's phone about a new contact. `disputed` is the new contact: its own links do not undo this change.
    pub(super) async fn notify_phone(&mut self, account: &Account, content: &Content, disputed: &[u8]) -> Result<(), Fault> {
        let Some(contact) = self.service.notified_phone(account) else { return Ok(()) };
        self.notify_at(account.id, content, &contact, Some(disputed)).await?;
        Ok(())
    }

    /// Tells one contact. Returns the row id of the notice's "não fui eu" link, if it has one. `disputed` is the new contact that the
    /// notice is about: its own links do not undo this change.
    pub(super) async fn notify_at(
        &mut self,
        account: i64,
        content: &Content,
        contact: &Contact,
        disputed: Option<&[u8]>,
    ) -> Result<Option<Uuid>, Fault> {
        let Some(notice) = content.notice() else { return Ok(None) };
        let key = [account.to_be_bytes().as_slice(), &*contacts::index(self.sealer, contact)].concat();
        let mut tally = tallies::lock(&mut self.tx, notice.tally, &key, self.now).await?;
        // A notice of a change does not wait (SPEC §5). No stranger can cause one, and a thief's second change must not go
        // unreported. Earlier links stay valid, so past the hourly limit another notice adds nothing.
        let wait = if notice.cause == Cause::Owner { Duration::ZERO } else { NOTICE_WAIT };
        if tally.send(self.now, wait).is_err() {
            return Ok(None);
        }
        match notice.cause {
            // Only somebody who is signed in causes this notice. It is sent whatever else that address has sent.
            Cause::Owner | Cause::SignIn => self.count_send_anyway().await?,
            // Over the address's limit it is not sent, and the answer stays the same (SPEC §16).
            Cause::Anybody => {
                if self.count_send().await.caught()?.is_err() {
                    return Ok(None);
                }
            }
        }
        tallies::save(&mut self.tx, notice.tally, &key, &tally).await?;
        let mut link = None;
        if let Some(purpose) = notice.cause.link() {
            let id = self.notice_link(purpose, account, contact).await?;
            if let Some(disputed) = disputed {
                not_me::disputes(&mut self.tx, id, disputed).await?;
            }
            link = Some(id);
        }
        let drop_at = self.now + NOTICE_LIFETIME;
        let message = outbox::NewMessage {
            channel: contact.text_channel(),
            recipient: contact.address(),
            content,
            verification_id: link,
            account: Some(account),
            drop_at,
        };
        self.enqueue(&message).await?;
        Ok(link)
    }
}
