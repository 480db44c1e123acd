//! Meu Perfil (003): the fields that the owner changes, and a CPF or CNPJ that can be added once (SPEC §11). A phone is
//! changed by proving it: `own_phone.rs`.

use super::Service;
use super::throttle::Allowance;
use super::turn::{Done, Turn};
use crate::client::Client;
use crate::db::{accounts, audit, photos, tallies};
use crate::fault::Fault;
use photo::Clean;
use portaria::account::Account;
use portaria::account_event::AccountEvent;
use portaria::accounts::{Answer, PhotoChange};
use portaria::audit::Event;
use portaria::completion::{self, CONFLICT_WINDOW, CONFLICTS_PER_ACCOUNT};
use portaria::error::{FieldErrors, Refusal};
use portaria::fresh::Completer;
use portaria::limits::Tally;
use portaria::message::Content;
use portaria::profile::{ProfileChange, ProfileForm};
use portaria::session::Requester;
use portaria::view::AccountView;

/// The tally of an account's conflicts with other accounts.
pub(super) const CONFLICTS: &str = "complete/taken";

impl Service {
    /// Changes the profile. The photo is decoded outside any transaction. A concurrent change is not overwritten: the
    /// second writer is refused, whether or not the form names the version that it was filled from.
    pub(super) async fn change_profile(&self, who: &Requester, form: &ProfileForm, photo: PhotoChange) -> Answer<AccountView> {
        let mut turn = self.turn(who).await?;
        let done = turn.own_account().await;
        let seen = turn.end(done).await?;
        let (change, errors) = match form.parse(&seen, completion::today(self.now())) {
            Ok(change) => (change, FieldErrors::new()),
            Err(Refusal::Invalid(errors)) => (ProfileChange::default(), errors),
            Err(refusal) => return Err(refusal),
        };
        if change.claims() || matches!(photo, PhotoChange::Replace(_)) {
            self.count_guess(who).await?;
        }
        let (upload, removed) = match photo {
            PhotoChange::Keep => (None, false),
            PhotoChange::Remove => (None, true),
            PhotoChange::Replace(bytes) => (Some(bytes), false),
        };
        let photo = match self.clean_photo(who, upload, errors).await? {
            Some(clean) => NewPhoto::Clean(clean),
            None if removed => NewPhoto::None,
            None => NewPhoto::AsItWas,
        };
        if change.is_empty() && matches!(photo, NewPhoto::AsItWas) {
            // A new version would make other open forms stale although nothing changed.
            return Ok(seen.view(&self.rules.terms));
        }
        let mut turn = self.turn(who).await?;
        let done = turn.change_own(&seen, &change, &photo).await;
        Ok(turn.end(done).await?.view(&self.rules.terms))
    }
}

/// What happens to the photo.
pub(super) enum NewPhoto {
    AsItWas,
    /// It is removed.
    None,
    /// It is replaced by this one.
    Clean(Clean),
}

impl Turn<'_> {
    pub(super) async fn own_account(&mut self) -> Done<Account> {
        let session = self.session().await?;
        Ok(self.account(session.account_id).await?)
    }

    /// The account, locked until the transaction ends.
    pub(super) async fn locked(&mut self, id: i64) -> Done<Account> {
        Ok(accounts::lock(&mut self.tx, self.sealer, id).await?.ok_or(Fault::inconsistent("accounts", "id"))?)
    }

    /// A document can later be used for recovery, so adding one needs a fresh session (SPEC §13).
    async fn change_own(&mut self, seen: &Account, change: &ProfileChange, photo: &NewPhoto) -> Done<Account> {
        let by = if change.documents() {
            let (_, fresh) = self.fresh_account().await?;
            Some(Completer::Owner(fresh))
        } else {
            self.session().await?;
            None
        };
        let current = self.locked(seen.id).await?;
        self.write_profile(seen, &current, by.as_ref(), change, photo).await
    }

    /// Writes the changed fields and the photo, all or nothing. `seen` is the account that the form was read against.
    /// `current` is the account now, locked; if it has changed since, the write is refused.
    ///
    /// A conflict with another account is reported, but only a limited number of times: each report tells that a document,
    /// phone or user name is registered.
    pub(super) async fn write_profile(
        &mut self,
        seen: &Account,
        current: &Account,
        by: Option<&Completer>,
        change: &ProfileChange,
        photo: &NewPhoto,
    ) -> Done<Account> {
        let id = seen.id;
        if current.version != seen.version {
            return Err(Refusal::Stale.into());
        }
        let mut conflicts = None;
        if change.claims() {
            conflicts = Some((self.may_conflict(id).await?, self.room(Allowance::Taken).await?));
        }
        if let Err(field) = accounts::update_profile(&mut self.tx, self.sealer, self.now, id, by, change).await? {
            if let Some((tally, room)) = conflicts {
                self.count_conflict(id, &tally).await?;
                room.take(&mut self.tx).await?;
            }
            let refusal = Refusal::Taken(field);
            self.audit_update(id, refusal.code()).await?;
            return Err(refusal.into());
        }
        match photo {
            NewPhoto::AsItWas => {}
            NewPhoto::None => photos::remove(&mut self.tx, id).await?,
            NewPhoto::Clean(clean) => photos::replace(&mut self.tx, self.now, id, clean).await?,
        }
        let account = self.account(id).await?;
        if change.documents() && matches!(by, Some(Completer::Owner(_))) {
            self.notify_of_document(&account).await?;
        }
        self.audit_update(id, "ok").await?;
        self.tell(id, account.kind, &AccountEvent::of_change(current, &account)).await?;
        Ok(account)
    }

    async fn notify_of_document(&mut self, account: &Account) -> Result<(), Fault> {
        let name = account.greeted_as().to_owned();
        self.notify_owner(account, &Content::DocumentAdded { name, at: self.now }).await
    }

    /// Refuses when an account has caused too many conflicts. Otherwise returns the tally, to be saved by
    /// [`Turn::count_conflict`] if a conflict happens.
    pub(super) async fn may_conflict(&mut self, id: i64) -> Done<Tally> {
        let mut conflicts = tallies::lock(&mut self.tx, CONFLICTS, &id.to_be_bytes(), self.now).await?;
        if let Err(retry_after) = conflicts.hit(self.now, CONFLICTS_PER_ACCOUNT, CONFLICT_WINDOW) {
            self.service.refusals.note_in_passing(Client::of(self.who.client_ip), CONFLICTS);
            return Err(Refusal::TooMany { retry_after }.into());
        }
        Ok(conflicts)
    }

    /// Saves the tally of a conflict that happened.
    pub(super) async fn count_conflict(&mut self, id: i64, conflicts: &Tally) -> Result<(), Fault> {
        Ok(tallies::save(&mut self.tx, CONFLICTS, &id.to_be_bytes(), conflicts).await?)
    }

    async fn audit_update(&mut self, id: i64, outcome: &'static str) -> Result<(), Fault> {
        self.audit(audit::Entry { account: Some(id), ..audit::Entry::of(Event::UserUpdated, outcome) }).await
    }

    pub(super) async fn updated(&mut self, id: i64) -> Done<AccountView> {
        self.audit_update(id, "ok").await?;
        Ok(self.account(id).await?.view(&self.rules.terms))
    }
}
