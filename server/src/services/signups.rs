//! Signing up: the wizard (a browser with a cookie) and the API, over the same steps.
//!
//! `start`: the first form; `waiting`: until the proof comes; `prove`: the proof.

mod prove;
mod start;
mod waiting;

use super::Service;
use super::codes::Destination;
use crate::db::signups::Signup;
use crate::db::{accounts, signups};
use crate::fault::Fault;
use portaria::accounts::{Answer, SignupStarted};
use portaria::error::{Field, Refusal};
use portaria::journey::{Journey, Kind};
use portaria::message::{Channel, Purpose};
use portaria::session::Requester;
use portaria::signup::{Details, Draft};
use portaria::value::{Code, Phone};
use portaria::view::CodeSent;
use sqlx::PgConnection;

/// A first form that is right, ready for its transaction.
struct Ready {
    journey: &'static Journey,
    draft: Draft,
    /// Hashed before the transaction.
    password_hash: Option<String>,
    channel: Channel,
    chosen: bool,
}

impl Ready {
    fn destination(&self) -> Option<Destination> {
        destination(self.journey, &self.draft)
    }
}

/// Where a journey's proof goes.
fn destination(journey: &Journey, draft: &Draft) -> Option<Destination> {
    if journey.contact_is_email() { draft.email.clone().map(Destination::Email) } else { draft.phone.clone().map(Destination::Phone) }
}

/// A journey asks for the contact that it proves; a draft without it was written under other rules.
const NO_CONTACT: Fault = Fault::inconsistent("signups", "draft_sealed");

impl Service {
    /// The wizard's first form. With the cookie of a sign-up that still waits for its proof it corrects that one.
    pub(super) async fn do_sign_up(&self, who: &Requester, kind: Kind, details: &Details) -> Answer<SignupStarted> {
        let carried = self.carried(who, kind).await?;
        let (ready, _gate) = self.prepare(who, kind.journey(), details, carried.as_ref()).await?;
        let now = self.now();
        let mut tx = self.begin().await?;
        let outcome = if ready.journey.contact_is_email() {
            self.start_by_email(&mut tx, who, now, ready, carried).await
        } else {
            self.start_by_phone(&mut tx, who, now, ready, details, carried).await
        };
        self.settle(tx, outcome).await
    }

    /// API: a client registers (000).
    pub(super) async fn do_register_client(&self, who: &Requester, details: &Details) -> Answer<CodeSent> {
        let (ready, _gate) = self.prepare(who, Kind::Cliente.journey(), details, None).await?;
        let now = self.now();
        let mut tx = self.begin().await?;
        let mut outcome = self.start_by_phone(&mut tx, who, now, ready, details, None).await;
        if let Ok(Ok(SignupStarted { device: Some(device), .. })) = &outcome
            && let Err(fault) = signups::drop_device(&mut tx, &self.sealer, device).await
        {
            // no browser is given it: nobody holds this sign-up, and whoever has the code goes on
            outcome = Err(fault);
        }
        let started = self.settle(tx, outcome).await?;
        Ok(CodeSent {
            destination: started.view.destination,
            expires_in: started.view.expires_in.unwrap_or_else(|| whole_seconds(self.rules.code_phone)),
            resend_in: started.view.resend_in,
        })
    }

    /// API: registers by e-mail (001, 003).
    pub(super) async fn do_register(&self, who: &Requester, journey: &'static Journey, details: &Details) -> Answer<i64> {
        let (ready, _gate) = self.prepare(who, journey, details, None).await?;
        let now = self.now();
        let mut tx = self.begin().await?;
        let outcome = async {
            // all or nothing: a lapsed claim gives way to one that may be sent to, or not at all
            let mut attempt = sqlx::Connection::begin(&mut *tx).await?;
            let claimed = self.claim(&mut attempt, who, now, &ready, ready.password_hash.as_deref()).await?;
            if claimed.is_ok() {
                attempt.commit().await?;
            } else {
                attempt.rollback().await?;
            }
            Ok(claimed)
        }
        .await;
        self.settle(tx, outcome).await
    }

    /// The sign-up of this browser, if it is of this kind and still waits for its proof.
    async fn carried(&self, who: &Requester, kind: Kind) -> Answer<Option<Signup>> {
        let Some(token) = &who.signup else { return Ok(None) };
        let mut tx = self.begin().await?;
        let outcome = async {
            let Some(signup) = signups::of_device(&mut tx, &self.sealer, self.now(), token).await? else { return Ok(Ok(None)) };
            let proved = self.is_proved(&mut tx, &signup).await?;
            Ok(Ok((signup.kind == kind && !proved).then_some(signup)))
        }
        .await;
        self.settle(tx, outcome).await
    }

    async fn is_proved(&self, conn: &mut PgConnection, signup: &Signup) -> Result<bool, Fault> {
        match signup.account_id {
            None => Ok(false),
            Some(id) => Ok(accounts::by_id(conn, &self.sealer, id).await?.is_some_and(|account| account.contact_proved())),
        }
    }
}

/// A phone and a code as an API client sends them, every error at once.
pub(super) fn parse_phone_and_code(phone: &str, code: &str, purpose: Purpose) -> Result<(Phone, Code), Refusal> {
    let mut errors = portaria::error::FieldErrors::new();
    let phone = errors.take(Field::Phone, Phone::parse_mobile(phone));
    let code = errors.take(Field::Code, Code::parse(code, purpose.digits().unwrap_or(6)));
    match (phone, code) {
        (Some(phone), Some(code)) => Ok((phone, code)),
        _ => Err(Refusal::Invalid(errors)),
    }
}

/// A lifetime in whole seconds.
pub(super) fn whole_seconds(duration: time::Duration) -> u32 {
    u32::try_from(duration.whole_seconds()).unwrap_or(u32::MAX)
}
