//! The third step of a rider's journey (seed 004, "COMPLETAR PERFIL"), and the photos that it brings.
//!
//! The document's route carries no credential and gives a session token: whoever knew a proved address could take its
//! account (`security.md` T1). So it serves only the one who proved that address, by one of
//!
//! - the cookie that `verify` set, or `Authorization: Bearer` with its `signupToken`, for 30 minutes;
//! - a session of that account, by cookie or access token.
//!
//! Everybody else hears the same, whatever the address. A complete profile stays as it is: who may complete it is told at
//! every field that it was given before, each time alike and nothing changed, so that neither a repeated request nor a
//! stolen `signupToken` opens a second session.

use super::throttle::Allowance;
use super::{Service, Tx};
use crate::client::Client;
use crate::db::proofs::{self, Carrier};
use crate::db::{accounts, audit, photos, tallies};
use crate::fault::{Fault, Outcome};
use crate::photos::Clean;
use portaria::account::Account;
use portaria::accounts::{Answer, Photo, SignedIn, Upload};
use portaria::completion::{self, CONFLICT_WINDOW, CONFLICTS_PER_ACCOUNT, Completion, CompletionForm};
use portaria::error::{FieldErrors, Refusal};
use portaria::fresh::Completer;
use portaria::journey::Kind;
use portaria::limits::Tally;
use portaria::session::{Presentation, Requester};
use portaria::value::Email;
use portaria::view::AccountView;
use sqlx::PgConnection;
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
    pub(super) async fn do_may_complete(&self, who: &Requester, email: &str) -> Answer<()> {
        self.look(who, "user_updated", &[Allowance::Guesses]).await?;
        let now = self.now();
        let mut tx = self.begin().await?;
        let outcome = self.completer(&mut tx, who, email, now).await;
        let Err(refusal) = self.settle(tx, outcome).await else { return self.look(who, "upload", &[Allowance::Guesses]).await };
        self.count_looked(who).await?;
        let mut tx = self.begin().await?;
        let entry = audit::Entry { event: "authz_fail", outcome: refusal.code(), ..audit::Entry::default() };
        let outcome = audit::record(&mut tx, now, who, entry).await.map(|()| Err(refusal)).map_err(Fault::from);
        self.settle(tx, outcome).await
    }

    /// The account of this address, if the one who asks proved it. The address itself is only compared, never looked up:
    /// unknown, unproved and another's look alike.
    async fn completer(&self, conn: &mut PgConnection, who: &Requester, email: &str, now: OffsetDateTime) -> Outcome<(Account, Completer)> {
        let Ok(email) = Email::parse(email) else { return Ok(Err(Refusal::NotVerified)) };
        let carried = match (&who.bearer, &who.proof) {
            // a bearer that does not hold is never made up for by a cookie
            (Some(bearer), _) => proofs::find(&mut *conn, &self.sealer, now, bearer, Carrier::Bearer).await?,
            (None, Some(cookie)) => proofs::find(&mut *conn, &self.sealer, now, cookie, Carrier::Cookie).await?,
            (None, None) => None,
        };
        let mut lapsed = false;
        if let Some(proof) = carried
            && let Some(account) = self.rider(&mut *conn, proof.account_id, &email).await?
        {
            if !proof.lapsed {
                let by = Completer::SignUp(account.id);
                return Ok(Ok((account, by)));
            }
            lapsed = true;
        }
        if let Ok(session) = self.session(&mut *conn, who, now).await?
            && let Some(account) = self.rider(&mut *conn, session.account_id, &email).await?
        {
            // what it writes recovers later, and it opens a session anew (SPEC §13)
            return Ok(self.fresh(conn, who, now).await?.map(|(_, fresh)| (account, Completer::Owner(fresh))));
        }
        // its time is over, but it was this address': no secret to whoever holds it (`AUTH_004`)
        Ok(Err(if lapsed { Refusal::NotSignedIn } else { Refusal::NotVerified }))
    }

    /// The rider with this id, if this is the proved address of the account.
    async fn rider(&self, conn: &mut PgConnection, id: i64, email: &Email) -> Result<Option<Account>, Fault> {
        let account = accounts::by_id(conn, &self.sealer, id).await?;
        Ok(account.filter(|it| it.kind == Kind::Caronista && it.email.as_ref() == Some(email) && it.email_proved_at.is_some()))
    }

    /// API: completes the profile and signs in.
    pub(super) async fn do_register_complete(&self, who: &Requester, email: &str, sent: Sent, how: Presentation) -> Answer<SignedIn> {
        self.count_guess(who).await?;
        let now = self.now();
        let mut tx = self.begin().await?;
        let outcome = self.completer(&mut tx, who, email, now).await;
        let (account, _) = self.settle(tx, outcome).await?;
        let (completion, photo) = self.read_upload(who, &account, sent, now).await?;
        let mut tx = self.begin().await?;
        let outcome = async {
            // first, as whatever ends the sessions of an account: none is opened that it does not see
            self.lock_login(&mut tx, now, account.id).await?;
            // again: the proof may have lapsed, or the session ended, while the photo was worked on
            match self.completer(&mut tx, who, email, now).await? {
                Ok((_, by)) => match self.write(&mut tx, who, now, &account, &by, &completion, photo.as_ref()).await? {
                    Ok(account) => self.open_session(&mut tx, who, now, &account, false, how).await,
                    Err(refusal) => Ok(Err(refusal)),
                },
                Err(refusal) => Ok(Err(refusal)),
            }
        }
        .await;
        self.settle(tx, outcome).await
    }

    /// Pages: completes the profile of the session's account.
    pub(super) async fn do_complete_profile(&self, who: &Requester, sent: Sent) -> Answer<AccountView> {
        self.count_guess(who).await?;
        let now = self.now();
        let mut tx = self.begin().await?;
        let outcome = self.own_rider(&mut tx, who, now).await;
        let (account, _) = self.settle(tx, outcome).await?;
        let (completion, photo) = self.read_upload(who, &account, sent, now).await?;
        let mut tx = self.begin().await?;
        let outcome = async {
            self.lock_login(&mut tx, now, account.id).await?;
            match self.own_rider(&mut tx, who, now).await? {
                Ok((_, by)) => self.write(&mut tx, who, now, &account, &by, &completion, photo.as_ref()).await,
                Err(refusal) => Ok(Err(refusal)),
            }
        }
        .await;
        Ok(self.settle(tx, outcome).await?.view())
    }

    async fn own_rider(&self, conn: &mut PgConnection, who: &Requester, now: OffsetDateTime) -> Outcome<(Account, Completer)> {
        let session = match self.session(&mut *conn, who, now).await? {
            Ok(session) => session,
            Err(refusal) => return Ok(Err(refusal)),
        };
        let fresh = self.fresh(&mut *conn, who, now).await?;
        let account = accounts::by_id(conn, &self.sealer, session.account_id).await?.ok_or(Fault::inconsistent("accounts", "id"))?;
        Ok(match account.email_proved_at {
            Some(_) if account.kind == Kind::Caronista => fresh.map(|(_, fresh)| (account, Completer::Owner(fresh))),
            Some(_) => Err(Refusal::NotYours),
            None => Err(Refusal::NotVerified),
        })
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

    /// Whether an account may still cause a conflict with another; the tally, to be counted if it does.
    pub(super) async fn may_conflict(&self, tx: &mut Tx, who: &Requester, now: OffsetDateTime, id: i64) -> Outcome<Tally> {
        let mut conflicts = tallies::lock(tx, CONFLICTS, &id.to_be_bytes(), now).await?;
        Ok(match conflicts.hit(now, CONFLICTS_PER_ACCOUNT, CONFLICT_WINDOW) {
            Ok(()) => Ok(conflicts),
            Err(retry_after) => {
                self.refusals.note_in_passing(Client::of(who.address), CONFLICTS);
                Err(Refusal::TooMany { retry_after })
            }
        })
    }

    /// It did.
    pub(super) async fn count_conflict(&self, tx: &mut Tx, id: i64, conflicts: &Tally) -> Result<(), Fault> {
        Ok(tallies::save(tx, CONFLICTS, &id.to_be_bytes(), conflicts).await?)
    }

    /// Writes profile and photo: both, or nothing. The form was read beside the account as it was `seen`, before the photo
    /// was worked on: what was given or proved meanwhile is not overwritten.
    #[expect(clippy::too_many_arguments, reason = "what is written, who asks and when")]
    async fn write(
        &self,
        tx: &mut Tx,
        who: &Requester,
        now: OffsetDateTime,
        seen: &Account,
        by: &Completer,
        completion: &Completion,
        photo: Option<&Clean>,
    ) -> Outcome<Account> {
        let id = seen.id;
        let account = accounts::lock(tx, &self.sealer, id).await?.ok_or(Fault::inconsistent("accounts", "id"))?;
        if let Err(refusal) = refuse_complete(&account) {
            return Ok(Err(refusal));
        }
        if account.version != seen.version {
            return Ok(Err(Refusal::Stale));
        }
        let conflicts = match self.may_conflict(tx, who, now, id).await? {
            Ok(conflicts) => conflicts,
            Err(refusal) => return Ok(Err(refusal)),
        };
        let room = match self.room(tx, who, now, Allowance::Taken).await? {
            Ok(room) => room,
            Err(refusal) => return Ok(Err(refusal)),
        };
        let entry = |outcome| audit::Entry { event: "user_updated", outcome, account: Some(id), ..audit::Entry::default() };
        if let Err(field) = accounts::complete(tx, &self.sealer, now, by, completion).await? {
            self.count_conflict(tx, id, &conflicts).await?;
            room.take(tx).await?;
            let refusal = Refusal::Taken(field);
            audit::record(tx, now, who, entry(refusal.code())).await?;
            return Ok(Err(refusal));
        }
        if let Some(photo) = photo {
            photos::replace(tx, now, id, photo).await?;
        }
        if matches!(by, Completer::Owner(_)) && completion.cpf.is_some() {
            self.tell_document(tx, who, now, id).await?;
        }
        audit::record(tx, now, who, entry("ok")).await?;
        let account = accounts::by_id(tx, &self.sealer, id).await?.ok_or(Fault::inconsistent("accounts", "id"))?;
        Ok(Ok(account))
    }

    /// A photo, by the id in its address.
    pub(super) async fn do_photo(&self, conn: &mut PgConnection, id: &str) -> Outcome<Photo> {
        Ok(photos::by_id(conn, id).await?.ok_or(Refusal::NotFound))
    }
}

/// A complete profile is not completed again.
fn refuse_complete(account: &Account) -> Answer<()> {
    if account.missing().is_empty() { Err(Refusal::Invalid(completion::given_before(account))) } else { Ok(()) }
}
