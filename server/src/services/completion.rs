//! The third step of a journey that completes by one form (seed 004, "COMPLETAR PERFIL"), and the photos that it brings.
//!
//! The contract's route carries no credential and returns a session token: anybody who knew a proved address could take
//! over its account (docs/threats.md T1). So it serves only a requester who proved that address, by one of
//!
//! - the cookie that `verify` set, or `Authorization: Bearer` with its `signupToken`, for 30 minutes;
//! - a session of that account, by cookie or access token.
//!
//! All others get the same answer, whatever the address. A complete profile is not changed: a requester who may complete it
//! is told at every field that it was already given. So neither a repeated request nor a stolen `signupToken` opens a
//! second session.

use super::Service;
use super::profile::NewPhoto;
use super::throttle::Allowance;
use super::turn::{Caught, Done, Stop, Turn};
use crate::client::Client;
use crate::db::completion_grants::{self, Carrier};
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
use portaria::profile::ProfileChange;
use portaria::session::{AccessLifetime, Api, ApiTokens, Requester};
use portaria::value::Email;
use portaria::view::AccountView;
use time::OffsetDateTime;

/// The typed fields and the photo of a request, not yet parsed.
pub(super) struct Sent {
    pub typed: Typed,
    pub photo: Option<Upload>,
}

/// The parsed and valid form.
struct Read {
    change: ProfileChange,
    photo: NewPhoto,
}

impl Service {
    /// Checked before a body is read. A refused requester is counted and, below the limit, audited.
    pub(super) async fn check_completer(&self, who: &Requester, email: &str) -> Answer<()> {
        self.refuse_used_up(who, Event::UserUpdated.as_str(), &[Allowance::Guesses]).await?;
        let mut turn = self.turn(who).await?;
        let done = turn.completer(email).await;
        let Err(refusal) = turn.end(done).await else { return self.refuse_used_up(who, "upload", &[Allowance::Guesses]).await };
        self.count_guess(who).await?;
        let mut turn = self.turn(who).await?;
        let entry = audit::Entry::of(Event::AccessDenied, refusal.code());
        let noted = turn.audit(entry).await.map_err(Stop::from);
        turn.end(noted).await?;
        Err(refusal)
    }

    /// API: completes the profile and signs in.
    pub(super) async fn complete_by_token(&self, who: &Requester, email: &str, sent: Sent) -> Answer<SignedIn<ApiTokens>> {
        self.count_guess(who).await?;
        let now = self.now();
        let mut turn = self.turn(who).await?;
        let done = turn.completer(email).await;
        let (account, _) = turn.end(done).await?;
        let read = self.read_upload(who, &account, sent, now).await?;
        let mut turn = self.turn(who).await?;
        let done = turn.complete_and_enter(&account, email, &read).await;
        turn.end(done).await
    }

    /// Pages: completes the profile of the session's account.
    pub(super) async fn complete_own_profile(&self, who: &Requester, sent: Sent) -> Answer<AccountView> {
        self.count_guess(who).await?;
        let now = self.now();
        let mut turn = self.turn(who).await?;
        let done = turn.own_completer().await;
        let (account, _) = turn.end(done).await?;
        let read = self.read_upload(who, &account, sent, now).await?;
        let mut turn = self.turn(who).await?;
        let done = turn.complete_own(&account, &read).await;
        Ok(turn.end(done).await?.view(&self.rules.terms))
    }

    /// Parses the form and the photo and reports all errors at once. The photo is decoded here, outside any transaction.
    async fn read_upload(&self, who: &Requester, account: &Account, sent: Sent, now: OffsetDateTime) -> Answer<Read> {
        refuse_complete(account)?;
        let (change, errors) = match completion::read(&sent.typed, account, completion::today(now)) {
            Ok(change) => (change, FieldErrors::new()),
            Err(errors) => (ProfileChange::default(), errors),
        };
        let photo = self.clean_photo(who, sent.photo, errors).await?.map_or(NewPhoto::AsItWas, NewPhoto::Clean);
        Ok(Read { change, photo })
    }

    pub(super) async fn stored_photo(&self, id: &str) -> Done<Photo> {
        let mut conn = self.pool.acquire().await?;
        Ok(photos::by_id(&mut conn, id).await?.ok_or(Refusal::NotFound)?)
    }

    /// Cleans an uploaded photo, if there is one. Its errors are reported together with the `errors` of the form.
    pub(super) async fn clean_photo(&self, who: &Requester, upload: Option<Upload>, mut errors: FieldErrors) -> Answer<Option<Clean>> {
        let mut photo = None;
        if let Some(upload) = upload {
            let client = Client::of(who.client_ip);
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
    async fn complete_and_enter(&mut self, seen: &Account, email: &str, read: &Read) -> Done<SignedIn<ApiTokens>> {
        // Locked first, like everything that ends an account's sessions: otherwise a session opened at the same time could
        // be missed.
        self.lock_login(seen.id).await?;
        // Checked again: the proof may have lapsed, or the session ended, while the photo was decoded.
        let (_, by) = self.completer(email).await?;
        let account = self.write(seen, &by, read).await?;
        self.open_session(&account, false, Api(AccessLifetime::Carona)).await
    }

    async fn complete_own(&mut self, seen: &Account, read: &Read) -> Done<Account> {
        self.lock_login(seen.id).await?;
        let (_, by) = self.own_completer().await?;
        self.write(seen, &by, read).await
    }

    /// The account of this address, if the requester proved it. The address is only compared, never looked up: unknown,
    /// unproved and other people's addresses get the same answer.
    async fn completer(&mut self, email: &str) -> Done<(Account, Completer)> {
        let Ok(email) = Email::parse(email) else { return Err(Refusal::NotVerified.into()) };
        let carried = match (&self.who.bearer, &self.who.completion_grant) {
            // A cookie never replaces an invalid bearer token.
            (Some(bearer), _) => completion_grants::find(&mut self.tx, self.sealer, self.now, bearer, Carrier::Bearer).await?,
            (None, Some(cookie)) => completion_grants::find(&mut self.tx, self.sealer, self.now, cookie, Carrier::Cookie).await?,
            (None, None) => None,
        };
        let mut lapsed = false;
        if let Some(proof) = carried
            && let Some(account) = self.completed_by_form(proof.account_id, &email).await?
        {
            if !proof.lapsed {
                let by = Completer::SignUp(account.id);
                return Ok((account, by));
            }
            lapsed = true;
        }
        if let Ok(session) = self.session().await.caught()?
            && let Some(account) = self.completed_by_form(session.account_id, &email).await?
        {
            // It writes documents that can be used for recovery, and it opens a new session (SPEC §13).
            let (_, fresh) = self.fresh().await?;
            return Ok((account, Completer::Owner(fresh)));
        }
        // The proof has lapsed, but it was for this address: its holder may be told so (`AUTH_004`).
        Err(if lapsed { Refusal::NotSignedIn } else { Refusal::NotVerified }.into())
    }

    /// The account with this id, if it is completed by a form and this is its proved address.
    async fn completed_by_form(&mut self, id: i64, email: &Email) -> Result<Option<Account>, Fault> {
        let account = accounts::by_id(&mut self.tx, self.sealer, id).await?;
        let is_it =
            |it: &Account| it.kind.journey().completes_by_form() && it.email.as_ref() == Some(email) && it.email_proved_at.is_some();
        Ok(account.filter(is_it))
    }

    async fn own_completer(&mut self) -> Done<(Account, Completer)> {
        let session = self.session().await?;
        let fresh = self.fresh().await.caught()?;
        let account = accounts::by_id(&mut self.tx, self.sealer, session.account_id).await?.ok_or(Fault::inconsistent("accounts", "id"))?;
        account.may_sign_in()?;
        if !account.kind.journey().completes_by_form() {
            return Err(Refusal::NotYours.into());
        }
        let (_, fresh) = fresh?;
        Ok((account, Completer::Owner(fresh)))
    }

    /// Writes the form. `seen` is the account as it was before the photo was decoded.
    async fn write(&mut self, seen: &Account, by: &Completer, read: &Read) -> Done<Account> {
        let current = self.locked(seen.id).await?;
        refuse_complete(&current)?;
        self.write_profile(seen, &current, Some(by), &read.change, &read.photo).await
    }
}

/// Refuses to complete a complete profile again.
fn refuse_complete(account: &Account) -> Answer<()> {
    if account.missing().is_empty() { Err(Refusal::Invalid(completion::given_before(account))) } else { Ok(()) }
}
