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
use super::profile::NewPhoto;
use super::throttle::Allowance;
use super::turn::{Caught, Done, Stop, Turn};
use crate::client::Client;
use crate::db::proofs::{self, Carrier};
use crate::db::{accounts, audit, photos};
use crate::fault::Fault;
use photo::Clean;
use portaria::account::Account;
use portaria::accounts::{Answer, Photo, SignedIn, Upload};
use portaria::audit::Event;
use portaria::completion;
use portaria::error::{FieldErrors, Refusal};
use portaria::field::Typed;
use portaria::fresh::Completer;
use portaria::journey::Kind;
use portaria::profile::ProfileChange;
use portaria::session::{Presentation, Requester};
use portaria::value::Email;
use portaria::view::AccountView;
use time::OffsetDateTime;

/// What came with a request: typed, and not yet looked at.
pub(super) struct Sent {
    pub typed: Typed,
    pub photo: Option<Upload>,
}

/// The same, read: every field of it is right.
struct Read {
    change: ProfileChange,
    photo: NewPhoto,
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
        let read = self.read_upload(who, &account, sent, now).await?;
        let mut turn = self.turn(who).await?;
        let done = turn.complete_and_enter(&account, email, &read, how).await;
        turn.end(done).await
    }

    /// Pages: completes the profile of the session's account.
    pub(super) async fn complete_own_profile(&self, who: &Requester, sent: Sent) -> Answer<AccountView> {
        self.count_guess(who).await?;
        let now = self.now();
        let mut turn = self.turn(who).await?;
        let done = turn.own_rider().await;
        let (account, _) = turn.end(done).await?;
        let read = self.read_upload(who, &account, sent, now).await?;
        let mut turn = self.turn(who).await?;
        let done = turn.complete_own(&account, &read).await;
        Ok(turn.end(done).await?.view())
    }

    /// Reads form and photo, every error of both at once; the photo is decoded here, outside any transaction.
    async fn read_upload(&self, who: &Requester, account: &Account, sent: Sent, now: OffsetDateTime) -> Answer<Read> {
        refuse_complete(account)?;
        let (change, errors) = match completion::read(&sent.typed, account, completion::today(now)) {
            Ok(change) => (change, FieldErrors::new()),
            Err(errors) => (ProfileChange::default(), errors),
        };
        let photo = self.clean_photo(who, sent.photo, errors).await?.map_or(NewPhoto::AsItWas, NewPhoto::Clean);
        Ok(Read { change, photo })
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
    async fn complete_and_enter(&mut self, seen: &Account, email: &str, read: &Read, how: Presentation) -> Done<SignedIn> {
        // first, as whatever ends the sessions of an account: none is opened that it does not see
        self.lock_login(seen.id).await?;
        // again: the proof may have lapsed, or the session ended, while the photo was worked on
        let (_, by) = self.completer(email).await?;
        let account = self.write(seen, &by, read).await?;
        self.open_session(&account, false, how).await
    }

    async fn complete_own(&mut self, seen: &Account, read: &Read) -> Done<Account> {
        self.lock_login(seen.id).await?;
        let (_, by) = self.own_rider().await?;
        self.write(seen, &by, read).await
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

    /// The form was read beside the account as it was `seen`, before the photo was worked on.
    async fn write(&mut self, seen: &Account, by: &Completer, read: &Read) -> Done<Account> {
        let current = self.locked(seen.id).await?;
        refuse_complete(&current)?;
        self.write_profile(seen, &current, Some(by), &read.change, &read.photo).await
    }
}

/// A complete profile is not completed again.
fn refuse_complete(account: &Account) -> Answer<()> {
    if account.missing().is_empty() { Err(Refusal::Invalid(completion::given_before(account))) } else { Ok(()) }
}
