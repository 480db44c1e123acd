//! Meu Perfil (003): what its owner changes, and a CPF or CNPJ once (SPEC §11). A phone by its proof: `own_phone.rs`.

use super::throttle::Allowance;
use super::{Service, Tx};
use crate::db::{accounts, audit, photos};
use crate::fault::{Fault, Outcome};
use portaria::account::Account;
use portaria::accounts::{Answer, PhotoChange};
use portaria::completion;
use portaria::error::{FieldErrors, Refusal};
use portaria::fresh::FreshSession;
use portaria::message::Content;
use portaria::profile::{ProfileChange, ProfileForm};
use portaria::session::Requester;
use portaria::view::AccountView;
use time::OffsetDateTime;

impl Service {
    pub(super) async fn own_account(&self, tx: &mut Tx, who: &Requester, now: OffsetDateTime) -> Outcome<Account> {
        let session = match self.session(tx, who, now).await? {
            Ok(session) => session,
            Err(refusal) => return Ok(Err(refusal)),
        };
        Ok(Ok(self.account(tx, session.account_id).await?))
    }

    /// Changes the profile. The photo is decoded outside any transaction; whoever wrote meanwhile is not overwritten: the
    /// second writer is told, whether or not the form says which version it looked at.
    pub(super) async fn do_update_profile(&self, who: &Requester, form: &ProfileForm, photo: PhotoChange) -> Answer<AccountView> {
        let mut tx = self.begin().await?;
        let outcome = self.own_account(&mut tx, who, self.now()).await;
        let seen = self.settle(tx, outcome).await?;
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
        let now = self.now();
        let mut tx = self.begin().await?;
        let outcome = async {
            let fresh = match self.may_write(&mut tx, who, now, &change).await? {
                Ok(fresh) => fresh,
                Err(refusal) => return Ok(Err(refusal)),
            };
            let account = accounts::lock(&mut tx, &self.sealer, seen.id).await?.ok_or(Fault::inconsistent("accounts", "id"))?;
            if account.version != seen.version {
                return Ok(Err(Refusal::Stale));
            }
            if let Err(refusal) = self.write_profile(&mut tx, who, now, seen.id, &change, fresh.as_ref()).await? {
                return Ok(Err(refusal));
            }
            if remove {
                photos::remove(&mut tx, seen.id).await?;
            }
            if let Some(photo) = &photo {
                photos::replace(&mut tx, now, seen.id, photo).await?;
            }
            self.updated(&mut tx, who, now, seen.id).await
        }
        .await;
        self.settle(tx, outcome).await
    }

    /// A document recovers later: it wants a fresh session, which is given then (SPEC §13).
    async fn may_write(&self, tx: &mut Tx, who: &Requester, now: OffsetDateTime, change: &ProfileChange) -> Outcome<Option<FreshSession>> {
        Ok(if change.documents() {
            self.fresh_account(tx, who, now).await?.map(|(_, fresh)| Some(fresh))
        } else {
            self.session(tx, who, now).await?.map(|_| None)
        })
    }

    /// What belongs to another account is told, but not without end: each answer tells that a document or user name is known.
    async fn write_profile(
        &self,
        tx: &mut Tx,
        who: &Requester,
        now: OffsetDateTime,
        id: i64,
        change: &ProfileChange,
        fresh: Option<&FreshSession>,
    ) -> Outcome<()> {
        let mut conflicts = None;
        if change.claims() {
            match (self.may_conflict(tx, who, now, id).await?, self.room(tx, who, now, Allowance::Taken).await?) {
                (Ok(tally), Ok(room)) => conflicts = Some((tally, room)),
                (Err(refusal), _) | (_, Err(refusal)) => return Ok(Err(refusal)),
            }
        }
        let Err(field) = accounts::update_profile(tx, &self.sealer, now, id, change, fresh).await? else {
            if change.documents() {
                self.tell_document(tx, who, now, id).await?;
            }
            return Ok(Ok(()));
        };
        if let Some((tally, room)) = conflicts {
            self.count_conflict(tx, id, &tally).await?;
            room.take(tx).await?;
        }
        let refusal = Refusal::Taken(field);
        let entry = audit::Entry { event: "user_updated", outcome: refusal.code(), account: Some(id), ..audit::Entry::default() };
        audit::record(tx, now, who, entry).await?;
        Ok(Err(refusal))
    }

    /// A document was added to the account.
    pub(super) async fn tell_document(&self, tx: &mut Tx, who: &Requester, now: OffsetDateTime, id: i64) -> Result<(), Fault> {
        let account = self.account(tx, id).await?;
        let name = account.name.first().to_owned();
        self.tell_owner(tx, who, now, &account, &Content::DocumentAdded { name, at: now }).await
    }

    pub(super) async fn updated(&self, tx: &mut Tx, who: &Requester, now: OffsetDateTime, id: i64) -> Outcome<AccountView> {
        let entry = audit::Entry { event: "user_updated", outcome: "ok", account: Some(id), ..audit::Entry::default() };
        audit::record(tx, now, who, entry).await?;
        Ok(Ok(self.account(tx, id).await?.view()))
    }
}
