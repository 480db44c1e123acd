//! Meu Perfil (003): what its owner changes, and a CPF or CNPJ once (SPEC §11). A phone by its proof: `own_phone.rs`.

use super::Service;
use super::throttle::Allowance;
use super::turn::{Done, Turn};
use crate::db::{accounts, audit, photos};
use crate::fault::Fault;
use crate::photos::Clean;
use portaria::account::Account;
use portaria::accounts::{Answer, PhotoChange};
use portaria::audit::Event;
use portaria::completion;
use portaria::error::{FieldErrors, Refusal};
use portaria::fresh::FreshSession;
use portaria::message::Content;
use portaria::profile::{ProfileChange, ProfileForm};
use portaria::session::Requester;
use portaria::view::AccountView;

impl Service {
    /// Changes the profile. The photo is decoded outside any transaction; whoever wrote meanwhile is not overwritten: the
    /// second writer is told, whether or not the form says which version it looked at.
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
        let (remove, upload) = match photo {
            PhotoChange::Keep => (false, None),
            PhotoChange::Remove => (true, None),
            PhotoChange::Replace(bytes) => (false, Some(bytes)),
        };
        let photo = self.clean_photo(who, upload, errors).await?;
        if change.is_empty() && !remove && photo.is_none() {
            // a new version would tell whoever has the form open that something had changed
            return Ok(seen.view());
        }
        let mut turn = self.turn(who).await?;
        let done = turn.write_profile(&seen, &change, photo.as_ref(), remove).await;
        turn.end(done).await
    }
}

impl Turn<'_> {
    pub(super) async fn own_account(&mut self) -> Done<Account> {
        let session = self.session().await?;
        Ok(self.account(session.account_id).await?)
    }

    /// A document recovers later: it wants a fresh session, which is given then (SPEC §13).
    async fn may_write(&mut self, change: &ProfileChange) -> Done<Option<FreshSession>> {
        if change.documents() {
            let (_, fresh) = self.fresh_account().await?;
            return Ok(Some(fresh));
        }
        self.session().await?;
        Ok(None)
    }

    /// Writes what changed of the profile as it was `seen`, and the photo: all of it or nothing.
    async fn write_profile(&mut self, seen: &Account, change: &ProfileChange, photo: Option<&Clean>, remove: bool) -> Done<AccountView> {
        let fresh = self.may_write(change).await?;
        let account = accounts::lock(&mut self.tx, self.sealer, seen.id).await?.ok_or(Fault::inconsistent("accounts", "id"))?;
        if account.version != seen.version {
            return Err(Refusal::Stale.into());
        }
        self.write_fields(seen.id, change, fresh.as_ref()).await?;
        if remove {
            photos::remove(&mut self.tx, seen.id).await?;
        }
        if let Some(photo) = photo {
            photos::replace(&mut self.tx, self.now, seen.id, photo).await?;
        }
        self.updated(seen.id).await
    }

    /// What belongs to another account is told, but not without end: each answer tells that a document or user name is known.
    async fn write_fields(&mut self, id: i64, change: &ProfileChange, fresh: Option<&FreshSession>) -> Done<()> {
        let mut conflicts = None;
        if change.claims() {
            conflicts = Some((self.may_conflict(id).await?, self.room(Allowance::Taken).await?));
        }
        let Err(field) = accounts::update_profile(&mut self.tx, self.sealer, self.now, id, change, fresh).await? else {
            if change.documents() {
                self.tell_document(id).await?;
            }
            return Ok(());
        };
        if let Some((tally, room)) = conflicts {
            self.count_conflict(id, &tally).await?;
            room.take(&mut self.tx).await?;
        }
        let refusal = Refusal::Taken(field);
        let entry = audit::Entry { account: Some(id), ..audit::Entry::of(Event::UserUpdated, refusal.code()) };
        self.audit(entry).await?;
        Err(refusal.into())
    }

    /// A document was added to the account.
    pub(super) async fn tell_document(&mut self, id: i64) -> Result<(), Fault> {
        let account = self.account(id).await?;
        let name = account.name.first().to_owned();
        self.tell_owner(&account, &Content::DocumentAdded { name, at: self.now }).await
    }

    pub(super) async fn updated(&mut self, id: i64) -> Done<AccountView> {
        let entry = audit::Entry { account: Some(id), ..audit::Entry::of(Event::UserUpdated, "ok") };
        self.audit(entry).await?;
        Ok(self.account(id).await?.view())
    }
}
