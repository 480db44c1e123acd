//! "Não fui eu": the link in the notice of a changed password, contact or document (SPEC §5, §16; ASVS 6.3.7, 7.4.3).
//!
//! Its holder reads the owner's mail or phone, so it opens what a recovery opens. It also goes back to before the earliest
//! open notice, so that nothing that a thief set stays. Contacts, documents and passwords set since then are removed, every
//! session ends, every grant and code dies, and the holder may set a password.
//!
//! ```text
//!   the link was sent to               how far it goes back
//!   ─ a contact of the account         the earliest open notice that this contact may dispute:
//!   ─ a contact that was replaced;       none from before the contact came, none about the contact itself
//!     only the link of that notice
//! ```
//!
//! Like any link it works once. A contact that left the account earlier opens nothing, so that the next owner of a lost
//! phone cannot use what was sent to it.

use super::Service;
use super::codes::Destination;
use super::signups::whole_seconds;
use super::turn::{Done, Turn};
use crate::db::account_changes::{self, ChangedContact, Former, Replaced};
use crate::db::verifications::{self, Stored, Subject};
use crate::db::{accounts, audit, completion_grants, contacts, devices, not_me, recovery_grants, sessions};
use crate::fault::Fault;
use portaria::account::Account;
use portaria::accounts::Answer;
use portaria::audit::Event;
use portaria::error::{Field, Refusal};
use portaria::message::{Channel, Purpose};
use portaria::recovery::{GRANT_LIFETIME, ResetGrant, open_once};
use portaria::session::{Requester, Token};
use time::OffsetDateTime;
use uuid::Uuid;

const PURPOSE: Purpose = Purpose::NotMe;

/// A link that may be used now.
struct Pressed {
    stored: Stored,
    account: Account,
    /// The contact that the link was sent to.
    holder: Holder,
    /// When that contact was proved.
    since: OffsetDateTime,
}

/// The contact that the link was sent to, seen from the account today.
enum Holder {
    Phone,
    Email,
    /// It has been replaced; using the link restores it.
    Former(Former),
}

impl Service {
    /// Uses the link. It is checked without a lock, then the row of the login lock is locked, then the link: the same order
    /// as every password change.
    pub(super) async fn disown_changes(&self, who: &Requester, token: &Token) -> Answer<ResetGrant> {
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
    pub(super) async fn not_me_link(&mut self, account: i64, channel: Channel, destination: &Destination) -> Result<Uuid, Fault> {
        let new = verifications::New {
            purpose: PURPOSE,
            subject: Subject::Account(account),
            destination: &self.service.destination_index(destination),
            channel,
            channel_chosen: false,
            lifetime: self.rules.lifetime(PURPOSE.lifetime()),
        };
        Ok(verifications::insert(&mut self.tx, self.sealer, self.now, &new).await?.id)
    }

    async fn not_me(&mut self, token: &Token) -> Done<Pressed> {
        let (stored, id) = self.link(token, PURPOSE).await?;
        open_once(&stored.facts, self.now)?;
        let account = self.account(id).await?;
        let went_to = |contact: Destination| self.service.destination_index(&contact) == stored.destination;
        // Whether it is in force now does not matter: an open link was sent to it while it was.
        let of_phone = account.phone_proved_at.filter(|_| account.phone.clone().map(Destination::Phone).is_some_and(went_to));
        let of_email = account.email_proved_at.filter(|_| account.email.clone().map(Destination::Email).is_some_and(went_to));
        let (holder, since) = match (of_phone, of_email) {
            (Some(since), _) => (Holder::Phone, since),
            (None, Some(since)) => (Holder::Email, since),
            (None, None) => match account_changes::undone_by(&mut self.tx, self.sealer, id, stored.id).await? {
                Some(former) => match self.held_elsewhere(id, &former.contact).await? {
                    Some(field) => return Err(Refusal::Taken(field).into()),
                    None => (Holder::Former(former.contact), former.proved_at),
                },
                None => return Err(Refusal::LinkUnknown.into()),
            },
        };
        Ok(Pressed { stored, account, holder, since })
    }

    /// Returns the field that another account has proved in the meantime. A contact is not taken from that account.
    async fn held_elsewhere(&mut self, own: i64, former: &Former) -> Result<Option<Field>, Fault> {
        let (field, other) = match former {
            Former::Phone(phone) => {
                let other = accounts::by_phone(&mut self.tx, self.sealer, phone).await?;
                (Field::Phone, other.filter(|other| other.phone_proved_at.is_some()))
            }
            Former::Email(email) => (Field::Email, accounts::by_email(&mut self.tx, self.sealer, email).await?),
        };
        Ok(other.filter(|other| other.id != own).map(|_| field))
    }

    /// Checks that the link may be used, without using it.
    pub(super) async fn look_at_not_me(&mut self, token: &Token) -> Done<()> {
        self.not_me(token).await?;
        Ok(())
    }

    async fn disown_behind_lock(&mut self, account: i64, token: &Token) -> Done<ResetGrant> {
        self.lock_login(account).await?;
        let pressed = self.not_me(token).await?;
        self.disown(&pressed).await
    }

    async fn disown(&mut self, pressed: &Pressed) -> Done<ResetGrant> {
        let Pressed { stored, account, since, .. } = pressed;
        let (id, contact) = (account.id, stored.destination.as_slice());
        // Read first, while the links are still open.
        let earliest = not_me::earliest(&mut self.tx, self.now, id, contact, *since).await?;
        let back_to = earliest.map_or(stored.facts.asked_at, |earliest| earliest.min(stored.facts.asked_at));
        verifications::spend(&mut self.tx, self.now, stored.id).await?;
        self.go_back(pressed, back_to).await?;
        for purpose in [
            Purpose::Recovery,
            Purpose::ResetLink,
            Purpose::LoginPhone,
            Purpose::PhoneChange,
            Purpose::EmailChange,
            Purpose::Reauthentication,
        ] {
            verifications::kill_of(&mut self.tx, self.now, purpose, Subject::Account(id)).await?;
        }
        recovery_grants::spend_all(&mut self.tx, self.now, id).await?;
        completion_grants::forget(&mut self.tx, id).await?;
        sessions::end_all(&mut self.tx, self.now, id, None, "disowned").await?;
        devices::forget(&mut self.tx, id).await?;
        accounts::clear_password(&mut self.tx, self.now, id).await?;
        self.clear_login(&id.to_be_bytes()).await?;
        let account = self.account(id).await?;
        not_me::kill(&mut self.tx, self.now, id, contact, false).await?;
        self.trust_only(&account, contact).await?;
        let token = recovery_grants::insert(&mut self.tx, self.sealer, self.now, id, Some(contact)).await?;
        let entry = audit::Entry { event: Event::PasswordDisowned, outcome: "ok", account: Some(id), signup: None, subject: Some(contact) };
        self.audit(entry).await?;
        Ok(ResetGrant { token, expires_in: whole_seconds(GRANT_LIFETIME) })
    }

    /// Restores contacts and documents as they were just before `back_to`. The contact that the link went to is always kept
    /// or restored. A contact that another account holds by now is not restored.
    async fn go_back(&mut self, pressed: &Pressed, back_to: OffsetDateTime) -> Result<(), Fault> {
        let Pressed { account, holder, since, .. } = pressed;
        let id = account.id;
        let is_new = |proved_at: Option<OffsetDateTime>| proved_at.is_some_and(|at| at >= back_to);
        let phone = match holder {
            Holder::Former(Former::Phone(phone)) => Some(Some((phone.clone(), *since))),
            Holder::Phone => None,
            _ if !is_new(account.phone_proved_at) => None,
            _ => Some(match account_changes::at(&mut self.tx, self.sealer, id, ChangedContact::Phone, back_to).await? {
                Some(Replaced { contact: Former::Phone(phone), proved_at }) => Some((phone, proved_at)),
                _ => None,
            }),
        };
        if let Some(former) = phone {
            if let Some((phone, _)) = &former {
                self.release_unproved_phone(phone, Some(id)).await?;
            }
            if !contacts::put_back_phone(&mut self.tx, self.sealer, self.now, id, former.as_ref().map(|(phone, at)| (phone, *at))).await? {
                contacts::put_back_phone(&mut self.tx, self.sealer, self.now, id, None).await?;
            }
        }
        let email = match holder {
            Holder::Former(Former::Email(email)) => Some(Some((email.clone(), *since))),
            Holder::Email => None,
            _ if !is_new(account.email_proved_at) => None,
            _ => Some(match account_changes::at(&mut self.tx, self.sealer, id, ChangedContact::Email, back_to).await? {
                Some(Replaced { contact: Former::Email(email), proved_at }) => Some((email, proved_at)),
                _ => None,
            }),
        };
        if let Some(former) = email
            && !contacts::put_back_email(&mut self.tx, self.now, id, former.as_ref().map(|(email, at)| (email, *at))).await?
        {
            contacts::put_back_email(&mut self.tx, self.now, id, None).await?;
        }
        contacts::drop_documents_since(&mut self.tx, self.now, id, back_to).await?;
        account_changes::forget(&mut self.tx, id, back_to).await
    }
}
