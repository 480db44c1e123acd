//! Signing up: the wizard (a browser with a cookie) and the API, over the same steps.
//!
//! `held`: which sign-up a request means. `start`: the first form. `waiting`: until the proof arrives. `prove`: the proof.

mod held;
mod prove;
mod start;
mod waiting;

pub(super) use waiting::{delivery, left_of, resend_wait};

use self::held::FirstForm;
use super::Service;
use super::codes::Sending;
use super::turn::{Done, Stop, Turn};
use crate::db::retally::OF_TOKENS;
use crate::db::signups::{Held, Signup, SignupContent};
use crate::db::verifications::Subject;
use crate::db::{accounts, signups, tallies};
use crate::entropy;
use crate::fault::Fault;
use portaria::accounts::{Answer, SignupStarted};
use portaria::contact::Contact;
use portaria::error::{Field, Refusal};
use portaria::field::Typed;
use portaria::holding::Correction;
use portaria::journey::{Journey, Kind};
use portaria::message::Channel;
use portaria::purpose::CodeFor;
use portaria::session::{Requester, Token};
use portaria::signup::Draft;
use portaria::terms::Accepted;
use portaria::value::{Code, Phone};
use portaria::view::CodeSent;
use uuid::Uuid;

/// A valid first form, ready for its transaction.
struct Ready {
    journey: &'static Journey,
    draft: Draft,
    password_hash: Option<String>,
    /// Whoever sends the form accepts the terms in force (SPEC §13).
    accepted: Accepted,
    channel: Channel,
    chosen: bool,
    /// The phone was typed without its ninth digit.
    phone_completed: bool,
}

impl Ready {
    /// What the sign-up stores. If this form has no password, the earlier one stays, but only for the browser in which it
    /// was chosen.
    fn kept(&self, held: Option<&Held>) -> SignupContent {
        let before = held.filter(|held| held.signup.holding.keeps_password(held.browser)).map(|held| &held.signup.kept);
        SignupContent {
            draft: self.draft.clone(),
            has_password: self.password_hash.is_some() || before.is_some_and(|kept| kept.has_password),
            password_hash: self.password_hash.clone().or_else(|| before.and_then(|kept| kept.password_hash.clone())),
            accepted: Some(self.accepted.clone()),
            channel: self.channel,
            phone_completed: self.phone_completed,
        }
    }

    /// How this form differs from the stored sign-up.
    fn correction(&self, Held { signup, browser }: &Held) -> Correction {
        let dropped = signup.kept.has_password && !signup.holding.keeps_password(*browser);
        Correction::between(&signup.kept.draft, &self.draft, self.password_hash.is_some() || dropped)
    }

    /// The code that goes to the phone of a sign-up.
    fn sending<'a>(&'a self, signup: Uuid, destination: &'a Contact) -> Sending<'a> {
        Sending {
            purpose: self.journey.proof_purpose,
            subject: Subject::Signup(signup),
            destination,
            channel: self.channel,
            chosen: self.chosen,
            name: self.draft.name.first(),
            in_use: false,
        }
    }

    /// Where the journey's proof goes.
    fn contact(&self) -> Option<Contact> {
        self.draft.contact(self.journey)
    }
}

/// Every journey asks for the contact that it proves. A draft without one was written under other rules.
const NO_CONTACT: Fault = Fault::inconsistent("signups", "draft_sealed");

impl Service {
    /// The wizard's first form. It begins a sign-up or corrects an existing one (see `held`).
    pub(super) async fn begin_signup(&self, who: &Requester, kind: Kind, typed: &Typed, form: Option<&Token>) -> Answer<SignupStarted> {
        let form = FirstForm::new(kind.journey(), typed, form);
        let (ready, _gate) = self.prepare(who, kind.journey(), typed, Some(&form)).await?;
        let mut turn = self.turn(who).await?;
        let done = turn.start(ready, &form).await;
        turn.end(done).await
    }

    /// API: a client registers (000). No browser holds such a sign-up: its code alone proves it.
    pub(super) async fn register_by_phone(&self, who: &Requester, typed: &Typed) -> Answer<CodeSent> {
        let (ready, _gate) = self.prepare(who, Kind::Cliente.journey(), typed, None).await?;
        let mut turn = self.turn(who).await?;
        let done = turn.start_unheld(ready).await;
        turn.end(done).await
    }

    /// API: registers by e-mail (001, 003).
    pub(super) async fn register_by_email(&self, who: &Requester, journey: &'static Journey, typed: &Typed) -> Answer<i64> {
        let (ready, _gate) = self.prepare(who, journey, typed, None).await?;
        let mut turn = self.turn(who).await?;
        let done = turn.claim_or_nothing(&ready).await;
        turn.end(done).await
    }

    /// Reads the sign-up that a first form is about, before the writing transaction. It decides which fields may be left
    /// out, and which "taken" values are the sign-up's own.
    async fn held_before(&self, who: &Requester, form: &FirstForm<'_>) -> Answer<Option<Held>> {
        let mut turn = self.turn(who).await?;
        let done = turn.signup_of_form(form).await.map_err(Stop::from);
        turn.end(done).await
    }
}

impl Turn<'_> {
    /// Begins the sign-up of a valid form, or corrects the one that this browser holds. The sign-up is read again under its
    /// lock, because it may have been corrected or proved elsewhere in the meantime.
    async fn start(&mut self, ready: Ready, form: &FirstForm<'_>) -> Done<SignupStarted> {
        if let Some(token) = form.token() {
            // Of two submissions of one form, at any node, the second sees what the first wrote.
            tallies::lock(&mut self.tx, OF_TOKENS, &signups::form_hash(self.sealer, token), self.now).await?;
        }
        let held = self.signup_of_form(form).await?;
        if let Some(held) = &held
            && self.is_proved(&held.signup).await?
        {
            return self.started(held.signup.id, held.browser, None).await;
        }
        let browser = held.as_ref().map_or_else(entropy::uuid, |held| held.browser);
        let began = if held.is_none() { form.token() } else { None };
        let started = if ready.journey.contact_is_email() {
            self.start_by_email(ready, held, browser).await?
        } else {
            self.start_by_phone(ready, held, browser).await?
        };
        self.started(started, browser, began).await
    }

    /// Begins a sign-up that no browser holds.
    async fn start_unheld(&mut self, ready: Ready) -> Done<CodeSent> {
        let phone = ready.draft.phone.clone().ok_or(NO_CONTACT)?;
        let channel = self.goes_now(&phone, CodeFor::SignupPhone, ready.channel, ready.chosen).await?;
        let (_, counted) = self.begin_by_phone(ready, None).await?;
        Ok(self.code_counted(&counted, &phone, channel))
    }

    /// Claims the address and sends the proof, or changes nothing. A lapsed claim is removed only if the new one's proof
    /// may be sent.
    async fn claim_or_nothing(&mut self, ready: &Ready) -> Done<i64> {
        self.attempt().await?;
        let claimed = self.claim(ready, ready.password_hash.as_deref()).await;
        self.begun(ready.journey.kind);
        self.all_or_nothing(claimed).await
    }

    async fn is_proved(&mut self, signup: &Signup) -> Result<bool, Fault> {
        match signup.account_id {
            None => Ok(false),
            Some(id) => Ok(accounts::by_id(&mut self.tx, self.sealer, id).await?.is_some_and(|account| account.contact_proved())),
        }
    }
}

/// Parses a phone and a code of an API client. Reports all errors at once.
pub(super) fn parse_phone_and_code(phone: &str, code: &str, purpose: CodeFor) -> Result<(Phone, Code), Refusal> {
    let mut errors = portaria::error::FieldErrors::new();
    let phone = errors.take(Field::Phone, Phone::parse_mobile(phone));
    let code = errors.take(Field::Code, Code::parse(code, purpose.digits()));
    match (phone, code) {
        (Some(phone), Some(code)) => Ok((phone, code)),
        _ => Err(Refusal::Invalid(errors)),
    }
}

pub(super) fn whole_seconds(duration: time::Duration) -> u32 {
    u32::try_from(duration.whole_seconds()).unwrap_or(u32::MAX)
}
