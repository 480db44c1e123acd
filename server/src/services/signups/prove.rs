//! The proof of a sign-up: it makes the account, or finds it made, and lets its owner in.

use super::super::codes::{Destination, Entrant, Sending};
use super::super::turn::{Caught, Done, Turn};
use super::{NO_CONTACT, destination, parse_phone_and_code};
use crate::db::signups::{Held, Signup, Written};
use crate::db::verifications::Subject;
use crate::db::{accounts, audit, signups};
use crate::fault::Fault;
use portaria::accounts::SignedIn;
use portaria::audit::Event;
use portaria::error::{Field, Refusal};
use portaria::message::{Channel, Purpose};
use portaria::session::Presentation;
use portaria::value::Code;
use portaria::verification::Proof;
use time::OffsetDateTime;
use uuid::Uuid;

impl Turn<'_> {
    /// The right code for this browser's sign-up makes the account and signs in.
    pub(in crate::services) async fn prove_signup(&mut self, code: &str) -> Done<SignedIn> {
        let held = self.of_requester().await?;
        let signup = held.signup;
        let journey = signup.kind.journey();
        let Some(digits) = journey.proof.digits() else { return Err(Refusal::CodeRefused.into()) };
        let code = Code::parse(code, digits).map_err(|error| Refusal::field(Field::Code, error))?;
        let destination = destination(journey, &signup.kept.draft).ok_or(NO_CONTACT)?;
        let index = self.service.destination_index(&destination);
        let subject = signup.account_id.map_or(Subject::Signup(signup.id), Subject::Account);
        let entered = self.enter_code(journey.proof, &index, &code, Some(subject), Entrant::Holder(signup.id.as_bytes())).await?;
        if journey.contact_is_email() {
            self.admit_by_email(&signup, &entered).await
        } else {
            self.admit(signup, &entered.proof, Presentation::Browser).await
        }
    }

    /// API: the code alone finds the sign-up among those that wait on this phone.
    pub(in crate::services) async fn prove_phone(&mut self, phone: &str, code: &str, how: Presentation) -> Done<SignedIn> {
        let (phone, code) = parse_phone_and_code(phone, code, Purpose::SignupPhone)?;
        let index = accounts::phone_index(self.sealer, &phone);
        let entered = self.enter_code(Purpose::SignupPhone, &index, &code, None, Entrant::Stranger).await?;
        let Subject::Signup(id) = entered.subject else { return Err(Fault::inconsistent("verifications", "signup_id").into()) };
        match signups::by_id(&mut self.tx, self.sealer, self.now, id).await? {
            Some(signup) => self.admit(signup, &entered.proof, how).await,
            None => Err(Refusal::CodeRefused.into()),
        }
    }

    /// The phone is proved: the account is made, its optional address gets a link, and the person is in. What came back must
    /// have been sent to the phone that the account gets.
    pub(super) async fn admit(&mut self, mut signup: Signup, proof: &Proof, how: Presentation) -> Done<SignedIn> {
        let draft = &signup.kept.draft;
        let proved = draft.phone.clone().and_then(|phone| {
            let index = accounts::phone_index(self.sealer, &phone);
            proof.of(phone, &index)
        });
        let Some(proved) = proved else { return Err(Refusal::CodeRefused.into()) };
        let new = accounts::NewAccount {
            kind: signup.kind,
            draft,
            password_hash: signup.kept.password_hash.as_deref(),
            phone: Some(&proved),
            email_claimed: false,
        };
        self.release_unproved_phone(proved.contact(), None).await?;
        let id = accounts::insert(&mut self.tx, self.sealer, self.now, self.who, &new).await?.map_err(Refusal::Taken)?;
        if let Some(email) = draft.email.clone() {
            let destination = Destination::Email(email);
            let sending = Sending {
                purpose: Purpose::EmailLink,
                subject: Subject::Account(id),
                destination: &destination,
                channel: Channel::Email,
                chosen: false,
                name: draft.name.first(),
            };
            // too early or too many: the account stands all the same, the address can be proved later
            let _ = self.send(&sending).await.caught()?;
        }
        signup.kept.password_hash = None;
        let written = Written { kept: &signup.kept, phone_index: None, account_id: Some(id), holding: signup.holding };
        signups::update(&mut self.tx, self.sealer, self.now, signup.id, &written).await?;
        let entry = audit::Entry { event: Event::UserCreated, outcome: "ok", account: Some(id), signup: Some(signup.id), subject: None };
        self.audit(entry).await?;
        let account = accounts::by_id(&mut self.tx, self.sealer, id).await?.ok_or(Fault::inconsistent("accounts", "id"))?;
        self.open_session(&account, false, how).await
    }

    /// The proof was given on another device: for a while after it, and once, the browser that began the sign-up goes in too, if no
    /// other changed anything (SPEC §16). Everybody else signs in.
    pub(in crate::services) async fn enter_proved_signup(&mut self) -> Done<SignedIn> {
        let Held { signup, browser } = self.of_requester().await?;
        let Some(account_id) = signup.account_id.filter(|_| may_enter(&signup, browser, self.now)) else {
            return Err(Refusal::NotSignedIn.into());
        };
        let Some(account) =
            accounts::by_id(&mut self.tx, self.sealer, account_id).await?.filter(portaria::account::Account::contact_proved)
        else {
            return Err(Refusal::NotSignedIn.into());
        };
        signups::drop_browser(&mut self.tx, signup.id, browser).await?;
        self.open_session(&account, false, Presentation::Browser).await
    }
}

/// Whether this browser would go in by a proof that was given elsewhere.
pub(super) fn may_enter(signup: &Signup, browser: Uuid, now: OffsetDateTime) -> bool {
    signup.holding.follows(browser, signup.kind.journey().proof, signup.updated_at, now)
}
