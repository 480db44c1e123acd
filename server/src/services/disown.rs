//! "Não fui eu": the link in the notice of a changed password, contact or document, or of a sign-in from a new device (SPEC §5, §16;
//! ASVS 6.3.7, 7.4.3).
//!
//! Its holder reads the owner's mail or phone, so it opens what a recovery opens: every session ends, the password and every grant and
//! code die, and the holder may set a password. The link of a change also goes back to before the earliest open notice of one, so that
//! nothing that a thief set stays: contacts, documents and passwords set since then are removed.
//!
//! ```text
//!   the link is that of   it was sent to                     how far it goes back
//!   a change              ─ a contact of the account         the earliest open notice of a change that this contact may dispute:
//!                         ─ a contact that was replaced;       none from before the contact came, none about the contact itself
//!                           only the link of that notice
//!   a sign-in             a contact that is in force today   not at all: a change has a notice of its own, whose link stays open
//! ```
//!
//! Like any link it works once. A contact that left the account earlier opens nothing, so that the next owner of a lost
//! phone cannot use what was sent to it.

use super::Service;
use super::signups::whole_seconds;
use super::turn::{Done, Turn};
use crate::db::account_changes::{self, Replaced};
use crate::db::verifications::{self, Stored, Subject};
use crate::db::{accounts, audit, completion_grants, contacts, devices, not_me, recovery_grants};
use crate::fault::Fault;
use portaria::account::Account;
use portaria::accounts::Answer;
use portaria::audit::Event;
use portaria::contact::{Contact, ContactKind};
use portaria::error::{Field, Refusal};
use portaria::purpose::{NoticeLinkFor, Revoked, SecretFor};
use portaria::recovery::{GRANT_LIFETIME, ResetGrant, open_once};
use portaria::session::{Requester, Token};
use time::OffsetDateTime;
use uuid::Uuid;

/// A link that may be used now.
struct Pressed {
    stored: Stored,
    /// Of a change, or of a sign-in.
    link: NoticeLinkFor,
    account: Account,
    /// The contact that the link was sent to.
    holder: Holder,
    /// When that contact was proved.
    since: OffsetDateTime,
}

/// The contact that the link was sent to, seen from the account today.
enum Holder {
    /// The account has it.
    Current(ContactKind),
    /// It has been replaced; using the link restores it.
    Former(Contact),
}

/// A contact of the account as it was at an earlier instant.
enum Before {
    AsToday,
    /// There was none.
    Missing,
    Was(Replaced),
}

impl Service {
    /// Uses the link. It is checked without a lock, then the row of the login lock is locked, then the link: the same order
    /// as every password change.
    pub(super) async fn disown_what_happened(&self, who: &Requester, token: &Token) -> Answer<(ResetGrant, NoticeLinkFor)> {
        self.count_guess(who).await?;
        let mut turn = self.turn(who).await?;
        let done = turn.not_me(token).await;
        let pressed = turn.end(done).await?;
        let mut turn = self.turn(who).await?;
        let done = turn.disown_behind_lock(pressed.account.id, token).await;
        turn.end(done).await
    }
}

impl Turn<'_> {
    /// Creates such a link for one of the owner's contacts. Older links stay valid: a thief's second change must not
    /// disable the first notice.
    pub(super) async fn notice_link(&mut self, purpose: NoticeLinkFor, account: i64, contact: &Contact) -> Result<Uuid, Fault> {
        let new = verifications::New {
            purpose: purpose.into(),
            subject: Subject::Account(account),
            destination: &contacts::index(self.sealer, contact),
            channel: contact.text_channel(),
            channel_chosen: false,
            fixed: None,
            lifetime: self.rules.lifetime(purpose.facts().lifetime),
        };
        Ok(verifications::insert(&mut self.tx, self.sealer, self.now, &new).await?.id)
    }

    async fn not_me(&mut self, token: &Token) -> Done<Pressed> {
        let links = [NoticeLinkFor::NotMe, NoticeLinkFor::NotMyAccess];
        let (stored, id) = self.link_for_any(token, &links.map(SecretFor::from)).await?;
        let link = links.into_iter().find(|link| stored.facts.purpose == (*link).into()).ok_or(Refusal::LinkUnknown)?;
        open_once(&stored.facts, self.now)?;
        let account = self.account(id).await?;
        // The link of a sign-in opens no more than a recovery by this contact would today: a contact that a thief added may have got one.
        let in_force = account.usable_contacts().any(|contact| stored.went_to(self.sealer, &contact));
        if link == NoticeLinkFor::NotMyAccess && !in_force {
            return Err(Refusal::LinkUnknown.into());
        }
        // Of a change it does not matter whether it is in force now: an open link was sent to it while it was.
        let current = account.proved_contacts().find(|(contact, _)| stored.went_to(self.sealer, contact));
        let (holder, since) = match current {
            Some((contact, since)) => (Holder::Current(contact.kind()), since),
            None => match account_changes::undone_by(&mut self.tx, self.sealer, id, stored.id).await? {
                Some(former) => match self.held_elsewhere(id, &former.contact).await? {
                    Some(field) => return Err(Refusal::Taken(field).into()),
                    None => (Holder::Former(former.contact), former.proved_at),
                },
                None => return Err(Refusal::LinkUnknown.into()),
            },
        };
        Ok(Pressed { stored, link, account, holder, since })
    }

    /// Returns the field that another account has proved in the meantime. A contact is not taken from that account.
    async fn held_elsewhere(&mut self, own: i64, former: &Contact) -> Result<Option<Field>, Fault> {
        let other = match former {
            Contact::Phone(phone) => {
                let other = accounts::by_phone(&mut self.tx, self.sealer, phone).await?;
                other.filter(|other| other.phone_proved_at.is_some())
            }
            Contact::Email(email) => accounts::by_email(&mut self.tx, self.sealer, email).await?,
        };
        Ok(other.filter(|other| other.id != own).map(|_| former.kind().field()))
    }

    /// Checks that the link may be used, without using it. Returns which it is.
    pub(super) async fn look_at_not_me(&mut self, token: &Token) -> Done<NoticeLinkFor> {
        Ok(self.not_me(token).await?.link)
    }

    async fn disown_behind_lock(&mut self, account: i64, token: &Token) -> Done<(ResetGrant, NoticeLinkFor)> {
        self.lock_login(account).await?;
        let pressed = self.not_me(token).await?;
        self.disown(&pressed).await
    }

    async fn disown(&mut self, pressed: &Pressed) -> Done<(ResetGrant, NoticeLinkFor)> {
        let Pressed { stored, account, since, link, .. } = pressed;
        let (id, contact) = (account.id, &self.sealer.found_by(&stored.destination));
        let of_change = *link == NoticeLinkFor::NotMe;
        // Read first, while the links are still open.
        let earliest = if of_change { not_me::earliest(&mut self.tx, self.now, id, contact, *since).await? } else { None };
        verifications::spend(&mut self.tx, self.now, stored.id).await?;
        if of_change {
            let back_to = earliest.map_or(stored.facts.asked_at, |earliest| earliest.min(stored.facts.asked_at));
            self.go_back(pressed, back_to).await?;
        }
        for purpose in SecretFor::all().filter(|purpose| purpose.facts().revoked != Revoked::ByNeither) {
            verifications::kill_of(&mut self.tx, self.now, purpose, Subject::Account(id)).await?;
        }
        recovery_grants::spend_all(&mut self.tx, self.now, id).await?;
        completion_grants::forget(&mut self.tx, id).await?;
        self.end_sessions(id, None, "disowned").await?;
        devices::forget(&mut self.tx, id).await?;
        accounts::clear_password(&mut self.tx, self.now, id).await?;
        self.clear_login(&id.to_be_bytes()).await?;
        let account = self.account(id).await?;
        if of_change {
            not_me::kill(&mut self.tx, self.now, id, contact, false).await?;
        }
        self.trust_only(&account, contact).await?;
        // The link went to it, and from now on it alone is in force: of any other contact its holder learns nothing.
        let own = account.proved_contacts().map(|(own, _)| own).find(|own| stored.went_to(self.sealer, own));
        let signs_in_as = own.map(|own| own.written()).unwrap_or_default();
        let token = recovery_grants::insert(&mut self.tx, self.sealer, self.now, id, Some(contact)).await?;
        let entry = audit::Entry { event: Event::PasswordDisowned, outcome: "ok", account: Some(id), signup: None, subject: Some(contact) };
        self.audit(entry).await?;
        self.tell_change(&pressed.account).await?;
        Ok((ResetGrant { token, expires_in: whole_seconds(GRANT_LIFETIME), signs_in_as }, *link))
    }

    /// Restores contacts and documents as they were just before `back_to`. The contact that the link went to is always kept
    /// or restored. A contact that another account holds by now is not restored.
    async fn go_back(&mut self, pressed: &Pressed, back_to: OffsetDateTime) -> Result<(), Fault> {
        let id = pressed.account.id;
        for which in [ContactKind::Phone, ContactKind::Email] {
            match self.before(pressed, which, back_to).await? {
                Before::AsToday => {}
                Before::Missing => contacts::remove(&mut self.tx, self.sealer, self.now, id, which).await?,
                Before::Was(Replaced { contact, proved_at }) => {
                    if let Contact::Phone(phone) = &contact {
                        self.release_unproved_phone(phone, Some(id)).await?;
                    }
                    if !contacts::put_back(&mut self.tx, self.sealer, self.now, id, &contact, proved_at).await? {
                        contacts::remove(&mut self.tx, self.sealer, self.now, id, which).await?;
                    }
                }
            }
        }
        contacts::drop_documents_since(&mut self.tx, self.now, id, back_to).await?;
        account_changes::forget(&mut self.tx, id, back_to).await
    }

    /// What the account had instead of this contact just before `back_to`.
    async fn before(&mut self, pressed: &Pressed, which: ContactKind, back_to: OffsetDateTime) -> Result<Before, Fault> {
        let Pressed { account, holder, since, .. } = pressed;
        Ok(match holder {
            Holder::Former(contact) if contact.kind() == which => Before::Was(Replaced { contact: contact.clone(), proved_at: *since }),
            Holder::Current(kind) if *kind == which => Before::AsToday,
            _ if account.proved_at(which).is_none_or(|at| at < back_to) => Before::AsToday,
            _ => match account_changes::at(&mut self.tx, self.sealer, account.id, which, back_to).await? {
                Some(replaced) => Before::Was(replaced),
                None => Before::Missing,
            },
        })
    }
}
