//! The proof of a sign-up: it makes the account, or finds it made, and lets its owner in.

use super::super::codes::{Destination, Entrant, Sending};
use super::super::{Service, Tx};
use super::{NO_CONTACT, destination, parse_phone_and_code};
use crate::db::signups::{Held, Signup, Written};
use crate::db::verifications::Subject;
use crate::db::{accounts, audit, signups};
use crate::fault::{Fault, Outcome};
use portaria::accounts::SignedIn;
use portaria::error::{Field, Refusal};
use portaria::message::{Channel, Purpose};
use portaria::session::{Presentation, Requester};
use portaria::value::Code;
use portaria::verification::Proof;
use sqlx::PgConnection;
use time::OffsetDateTime;
use uuid::Uuid;

impl Service {
    /// The right code for this browser's sign-up makes the account and signs in.
    pub(in crate::services) async fn do_prove_signup(
        &self,
        tx: &mut Tx,
        who: &Requester,
        code: &str,
        now: OffsetDateTime,
    ) -> Outcome<SignedIn> {
        let held = match self.of_requester(tx, who, now).await? {
            Ok(held) => held,
            Err(refusal) => return Ok(Err(refusal)),
        };
        let signup = held.signup;
        let journey = signup.kind.journey();
        let Some(digits) = journey.proof.digits() else { return Ok(Err(Refusal::CodeRefused)) };
        let code = match Code::parse(code, digits) {
            Ok(code) => code,
            Err(error) => return Ok(Err(Refusal::field(Field::Code, error))),
        };
        let destination = destination(journey, &signup.kept.draft).ok_or(NO_CONTACT)?;
        let index = self.destination_index(&destination);
        let subject = signup.account_id.map_or(Subject::Signup(signup.id), Subject::Account);
        match self.take_code(tx, now, journey.proof, &index, &code, Some(subject), Entrant::Holder(signup.id.as_bytes())).await? {
            Ok(entered) if journey.contact_is_email() => self.admit_by_email(tx, who, now, &signup, &entered).await,
            Ok(entered) => self.admit(tx, who, now, signup, &entered.proof, Presentation::Browser).await,
            Err(refusal) => self.refused_code(tx, who, now, &index, refusal).await,
        }
    }

    /// API: the code alone finds the sign-up among those that wait on this phone.
    pub(in crate::services) async fn do_prove_phone(
        &self,
        tx: &mut Tx,
        who: &Requester,
        phone: &str,
        code: &str,
        how: Presentation,
        now: OffsetDateTime,
    ) -> Outcome<SignedIn> {
        let (phone, code) = match parse_phone_and_code(phone, code, Purpose::SignupPhone) {
            Ok(parsed) => parsed,
            Err(refusal) => return Ok(Err(refusal)),
        };
        let index = accounts::phone_index(&self.sealer, &phone);
        let entered = match self.take_code(tx, now, Purpose::SignupPhone, &index, &code, None, Entrant::Stranger).await? {
            Ok(entered) => entered,
            Err(refusal) => return self.refused_code(tx, who, now, &index, refusal).await,
        };
        let Subject::Signup(id) = entered.subject else { return Err(Fault::inconsistent("verifications", "signup_id")) };
        match signups::by_id(tx, &self.sealer, now, id).await? {
            Some(signup) => self.admit(tx, who, now, signup, &entered.proof, how).await,
            None => Ok(Err(Refusal::CodeRefused)),
        }
    }

    pub(in crate::services) async fn refused_code<T>(
        &self,
        conn: &mut PgConnection,
        who: &Requester,
        now: OffsetDateTime,
        destination: &[u8],
        refusal: Refusal,
    ) -> Outcome<T> {
        let entry = audit::Entry { event: "proof_failed", outcome: refusal.code(), subject: Some(destination), ..audit::Entry::default() };
        audit::record(conn, now, who, entry).await?;
        Ok(Err(refusal))
    }

    /// The phone is proved: the account is made, its optional address gets a link, and the person is in. What came back must
    /// have been sent to the phone that the account gets.
    pub(super) async fn admit(
        &self,
        tx: &mut Tx,
        who: &Requester,
        now: OffsetDateTime,
        mut signup: Signup,
        proof: &Proof,
        how: Presentation,
    ) -> Outcome<SignedIn> {
        let draft = &signup.kept.draft;
        let proved = draft.phone.clone().and_then(|phone| {
            let index = accounts::phone_index(&self.sealer, &phone);
            proof.of(phone, &index)
        });
        let Some(proved) = proved else { return Ok(Err(Refusal::CodeRefused)) };
        let new = accounts::NewAccount {
            kind: signup.kind,
            draft,
            password_hash: signup.kept.password_hash.as_deref(),
            phone: Some(&proved),
            email_claimed: false,
        };
        self.release_unproved_phone(tx, who, now, proved.contact(), None).await?;
        let id = match accounts::insert(tx, &self.sealer, now, who, &new).await? {
            Ok(id) => id,
            Err(field) => return Ok(Err(Refusal::Taken(field))),
        };
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
            let _ = self.send(tx, who, now, &sending).await?;
        }
        signup.kept.password_hash = None;
        let written = Written { kept: &signup.kept, phone_index: None, account_id: Some(id), holding: signup.holding };
        signups::update(tx, &self.sealer, now, signup.id, &written).await?;
        let entry = audit::Entry { event: "user_created", outcome: "ok", account: Some(id), signup: Some(signup.id), subject: None };
        audit::record(tx, now, who, entry).await?;
        let account = accounts::by_id(tx, &self.sealer, id).await?.ok_or(Fault::inconsistent("accounts", "id"))?;
        self.open_session(tx, who, now, &account, false, how).await
    }

    /// The proof was given on another device: for a while after it, and once, the browser that began the sign-up goes in too, if no
    /// other changed anything (SPEC §16). Everybody else signs in.
    pub(in crate::services) async fn do_enter_proved_signup(&self, tx: &mut Tx, who: &Requester, now: OffsetDateTime) -> Outcome<SignedIn> {
        let Held { signup, browser } = match self.of_requester(tx, who, now).await? {
            Ok(held) => held,
            Err(refusal) => return Ok(Err(refusal)),
        };
        let Some(account_id) = signup.account_id.filter(|_| may_enter(&signup, browser, now)) else {
            return Ok(Err(Refusal::NotSignedIn));
        };
        let Some(account) = accounts::by_id(tx, &self.sealer, account_id).await?.filter(portaria::account::Account::contact_proved) else {
            return Ok(Err(Refusal::NotSignedIn));
        };
        signups::drop_browser(tx, signup.id, browser).await?;
        self.open_session(tx, who, now, &account, false, Presentation::Browser).await
    }
}

/// Whether this browser would go in by a proof that was given elsewhere.
pub(super) fn may_enter(signup: &Signup, browser: Uuid, now: OffsetDateTime) -> bool {
    signup.holding.follows(browser, signup.kind.journey().proof, signup.updated_at, now)
}
