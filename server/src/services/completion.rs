//! The third step of a rider's journey (seed 004, "COMPLETAR PERFIL"), and the photos that it brings.
//!
//! The document's route carries no credential and gives a session token: whoever knew a proved address could take its
//! account (docs/threats.md T1). So it serves only the one who proved that address, by one of
//!
//! - the cookie that `verify` set, or `Authorization: Bearer` with its `signupToken`, for 30 minutes;
//! - a session of that account, by cookie or access token.
//!
//! Everybody else hears the same, whatever the address. A complete profile stays as it is: who may complete it is told at
//! every field that it was given before, each time alike and nothing changed, so that neither a repeated request nor a
//! stolen `signupToken` opens a second session.

use super::Service;
use super::throttle::Allowance;
use super::turn::{Caught, Done, Stop, Turn};
use crate::client::Client;
use crate::db::proofs::{self, Carrier};
use crate::db::{accounts, audit, photos, tallies};
use crate::fault::Fault;
use crate::photos::Clean;
use portaria::account::Account;
use portaria::accounts::{Answer, Photo, SignedIn, Upload};
use portaria::audit::Event;
use portaria::completion::{self, CONFLICT_WINDOW, CONFLICTS_PER_ACCOUNT, Completion, CompletionForm};
use portaria::error::{FieldErrors, Refusal};
use portaria::fresh::Completer;
use portaria::journey::Kind;
use portaria::limits::Tally;
use portaria::session::{Presentation, Requester};
use portaria::value::Email;
use portaria::view::AccountView;
use time::OffsetDateTime;

/// Conflicts with other accounts, by account.
const CONFLICTS: &str = "complete/taken";

/// What came with a request: typed, and not yet looked at.
pub(super) struct Sent {
    pub form: CompletionForm,
    pub photo: Option<Upload>,
}

impl Service {
    /// Asked before a body is read. Strangers are counted, and those who are not too many are noted.
    pub(super) async fn check_completer(&self, who: &Requester, email: &str) -> Answer<()> {
        self.look(who, Event::UserUpdated.as_str(), &[Allowance::Guesses]).await?;
        let mut turn = self.turn(who).await?;
        let done = turn.completer(email).await;
        let Err(refusal) = turn.end(done).await else { return self.look(who, "upload", &[Allowance::Guesses]).await };
        self.count_looked(who).await?;
        let mut turn = self.turn(who).await?;
        let entry = audit::Entry::of(Event::AccessDenied, refusal.code());
        let noted = turn.audit(entry).await.map_err(Stop::from);
        turn.end(noted).await?;
        Err(refusal)
    }

    /// API: completes the profile and signs in.
    pub(super) async fn complete_by_token(&self, who: &Requester, email: &str, sent: Sent, how: Presentation) -> Answer<SignedIn> {
        self.count_guess(who).await?;
        let now = self.now();
        let mut turn = self.turn(who).await?;
        let done = turn.completer(email).await;
        let (account, _) = turn.end(done).await?;
        let (completion, photo) = self.read_upload(who, &account, sent, now).await?;
        let mut turn = self.turn(who).await?;
        let done = turn.complete_and_enter(&account, email, &completion, photo.as_ref(), how).await;
        turn.end(done).await
    }

    /// Pages: completes the profile of the session's account.
    pub(super) async fn complete_own_profile(&self, who: &Requester, sent: Sent) -> Answer<AccountView> {
        self.count_guess(who).await?;
        let now = self.now();
        let mut turn = self.turn(who).await?;
        let done = turn.own_rider().await;
        let (account, _) = turn.end(done).await?;
        let (completion, photo) = self.read_upload(who, &account, sent, now).await?;
        let mut turn = self.turn(who).await?;
        let done = turn.complete_own(&account, &completion, photo.as_ref()).await;
        Ok(turn.end(done).await?.view())
    }

    /// Reads form and photo, every error of both at once; the photo is decoded here, outside any transaction.
    async fn read_upload(
        &self,
        who: &Requester,
        account: &Account,
        sent: Sent,
        now: OffsetDateTime,
    ) -> Answer<(Completion, Option<Clean>)> {
        refuse_complete(account)?;
        let (completion, errors) = match sent.form.parse(account, completion::today(now)) {
            Ok(completion) => (completion, FieldErrors::new()),
            Err(errors) => (Completion::default(), errors),
        };
        let photo = self.clean_photo(who, sent.photo, errors).await?;
        Ok((completion, photo))
    }

    /// A photo, by the id in its address.
    pub(super) async fn stored_photo(&self, id: &str) -> Done<Photo> {
        let mut conn = self.pool.acquire().await?;
        Ok(photos::by_id(&mut conn, id).await?.ok_or(Refusal::NotFound)?)
    }

    /// The clean photo of an upload, if there is one; with what else is wrong, every error at once.
    pub(super) async fn clean_photo(&self, who: &Requester, upload: Option<Upload>, mut errors: FieldErrors) -> Answer<Option<Clean>> {
        let mut photo = None;
        if let Some(upload) = upload {
            let client = Client::of(who.address);
            match self.photos.clean(client, upload).await {
                Ok(clean) => photo = Some(clean),
                Err(Refusal::Invalid(wrong)) => {
                    tracing::info!(event = "upload_validation", "a photo was refused");
                    for (field, error) in wrong.iter() {
                        errors.push(field, error);
                    }
                }
                Err(refusal) => {
                    if matches!(refusal, Refusal::Busy { .. }) {
                        self.refusals.note(client, "upload").await;
                    }
                    return Err(refusal);
                }
            }
        }
        errors.into_result().map(|()| photo)
    }
}

impl Turn<'_> {
    async fn complete_and_enter(
        &mut self,
        seen: &Account,
        email: &str,
        completion: &Completion,
        photo: Option<&Clean>,
        how: Presentation,
    ) -> Done<SignedIn> {
        // first, as whatever ends the sessions of an account: none is opened that it does not see
        self.lock_login(seen.id).await?;
        // again: the proof may have lapsed, or the session ended, while the photo was worked on
        let (_, by) = self.completer(email).await?;
        let account = self.write(seen, &by, completion, photo).await?;
        self.open_session(&account, false, how).await
    }

    async fn complete_own(&mut self, seen: &Account, completion: &Completion, photo: Option<&Clean>) -> Done<Account> {
        self.lock_login(seen.id).await?;
        let (_, by) = self.own_rider().await?;
        self.write(seen, &by, completion, photo).await
    }

    /// The account of this address, if the one who asks proved it. The address itself is only compared, never looked up:
    /// unknown, unproved and another's look alike.
    async fn completer(&mut self, email: &str) -> Done<(Account, Completer)> {
        let Ok(email) = Email::parse(email) else { return Err(Refusal::NotVerified.into()) };
        let carried = match (&self.who.bearer, &self.who.proof) {
            // a bearer that does not hold is never made up for by a cookie
            (Some(bearer), _) => proofs::find(&mut self.tx, self.sealer, self.now, bearer, Carrier::Bearer).await?,
            (None, Some(cookie)) => proofs::find(&mut self.tx, self.sealer, self.now, cookie, Carrier::Cookie).await?,
            (None, None) => None,
        };
        let mut lapsed = false;
        if let Some(proof) = carried
            && let Some(account) = self.rider(proof.account_id, &email).await?
        {
            if !proof.lapsed {
                let by = Completer::SignUp(account.id);
                return Ok((account, by));
            }
            lapsed = true;
        }
        if let Ok(session) = self.session().await.caught()?
            && let Some(account) = self.rider(session.account_id, &email).await?
        {
            // what it writes recovers later, and it opens a session anew (SPEC §13)
            let (_, fresh) = self.fresh().await?;
            return Ok((account, Completer::Owner(fresh)));
        }
        // its time is over, but it was this address': no secret to whoever holds it (`AUTH_004`)
        Err(if lapsed { Refusal::NotSignedIn } else { Refusal::NotVerified }.into())
    }

    /// The rider with this id, if this is the proved address of the account.
    async fn rider(&mut self, id: i64, email: &Email) -> Result<Option<Account>, Fault> {
        let account = accounts::by_id(&mut self.tx, self.sealer, id).await?;
        Ok(account.filter(|it| it.kind == Kind::Caronista && it.email.as_ref() == Some(email) && it.email_proved_at.is_some()))
    }

    async fn own_rider(&mut self) -> Done<(Account, Completer)> {
        let session = self.session().await?;
        let fresh = self.fresh().await.caught()?;
        let account = accounts::by_id(&mut self.tx, self.sealer, session.account_id).await?.ok_or(Fault::inconsistent("accounts", "id"))?;
        match account.email_proved_at {
            Some(_) if account.kind == Kind::Caronista => {
                let (_, fresh) = fresh?;
                Ok((account, Completer::Owner(fresh)))
            }
            Some(_) => Err(Refusal::NotYours.into()),
            None => Err(Refusal::NotVerified.into()),
        }
    }

    /// Whether an account may still cause a conflict with another; the tally, to be counted if it does.
    pub(super) async fn may_conflict(&mut self, id: i64) -> Done<Tally> {
        let mut conflicts = tallies::lock(&mut self.tx, CONFLICTS, &id.to_be_bytes(), self.now).await?;
        if let Err(retry_after) = conflicts.hit(self.now, CONFLICTS_PER_ACCOUNT, CONFLICT_WINDOW) {
            self.service.refusals.note_in_passing(Client::of(self.who.address), CONFLICTS);
            return Err(Refusal::TooMany { retry_after }.into());
        }
        Ok(conflicts)
    }

    /// It did.
    pub(super) async fn count_conflict(&mut self, id: i64, conflicts: &Tally) -> Result<(), Fault> {
        Ok(tallies::save(&mut self.tx, CONFLICTS, &id.to_be_bytes(), conflicts).await?)
    }

    /// Writes profile and photo: both, or nothing. The form was read beside the account as it was `seen`, before the photo
    /// was worked on: what was given or proved meanwhile is not overwritten.
    async fn write(&mut self, seen: &Account, by: &Completer, completion: &Completion, photo: Option<&Clean>) -> Done<Account> {
        let id = seen.id;
        let account = accounts::lock(&mut self.tx, self.sealer, id).await?.ok_or(Fault::inconsistent("accounts", "id"))?;
        refuse_complete(&account)?;
        if account.version != seen.version {
            return Err(Refusal::Stale.into());
        }
        let conflicts = self.may_conflict(id).await?;
        let room = self.room(Allowance::Taken).await?;
        let entry = |outcome| audit::Entry { account: Some(id), ..audit::Entry::of(Event::UserUpdated, outcome) };
        if let Err(field) = accounts::complete(&mut self.tx, self.sealer, self.now, by, completion).await? {
            self.count_conflict(id, &conflicts).await?;
            room.take(&mut self.tx).await?;
            let refusal = Refusal::Taken(field);
            self.audit(entry(refusal.code())).await?;
            return Err(refusal.into());
        }
        if let Some(photo) = photo {
            photos::replace(&mut self.tx, self.now, id, photo).await?;
        }
        if matches!(by, Completer::Owner(_)) && completion.cpf.is_some() {
            self.tell_document(id).await?;
        }
        self.audit(entry("ok")).await?;
        let account = accounts::by_id(&mut self.tx, self.sealer, id).await?.ok_or(Fault::inconsistent("accounts", "id"))?;
        Ok(account)
    }
}

/// A complete profile is not completed again.
fn refuse_complete(account: &Account) -> Answer<()> {
    if account.missing().is_empty() { Err(Refusal::Invalid(completion::given_before(account))) } else { Ok(()) }
}
