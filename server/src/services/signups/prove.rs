//! The proof of a sign-up: it creates the account, or finds it created, and signs its owner in.

use super::super::codes::{CodeSubmitter, Sending};
use super::super::sessions::Open;
use super::super::turn::{Caught, Done, Turn};
use super::{NO_CONTACT, parse_phone_and_code};
use crate::db::contacts;
use crate::db::signups::{Held, Signup, SignupRow};
use crate::db::verifications::Subject;
use crate::db::{accounts, audit, signups, spending};
use crate::fault::Fault;
use portaria::account_event::AccountEvent;
use portaria::accounts::SignedIn;
use portaria::audit::Event;
use portaria::contact::Contact;
use portaria::error::{Field, Refusal};
use portaria::message::Channel;
use portaria::purpose::{CodeFor, LinkFor};
use portaria::session::{AccessLifetime, Api, ApiTokens, Browser, BrowserCookies};
use portaria::value::Code;
use portaria::verification::Proof;
use time::OffsetDateTime;
use uuid::Uuid;

impl Turn<'_> {
    /// With the right code, this browser's sign-up becomes an account and is signed in.
    pub(in crate::services) async fn prove_signup(&mut self, code: &str) -> Done<SignedIn<BrowserCookies>> {
        let held = self.signup_of_requester().await?;
        let signup = held.signup;
        let journey = signup.kind.journey();
        let purpose = journey.entered_code();
        let code = Code::parse(code, purpose.digits()).map_err(|error| Refusal::field(Field::Code, error))?;
        let destination = signup.kept.draft.contact(journey).ok_or(NO_CONTACT)?;
        let index = contacts::index(self.sealer, &destination);
        let subject = signup.account_id.map_or(Subject::Signup(signup.id), Subject::Account);
        let entered = self.enter_code(purpose, &index, &code, Some(subject), CodeSubmitter::Holder(signup.id.as_bytes())).await?;
        if journey.contact_is_email() {
            self.admit_by_email(&signup, &entered).await
        } else {
            self.admit(signup, &entered.proof, Browser).await
        }
    }

    /// API: finds the sign-up by its code among those that wait on this phone.
    pub(in crate::services) async fn prove_phone(&mut self, phone: &str, code: &str) -> Done<SignedIn<ApiTokens>> {
        let (phone, code) = parse_phone_and_code(phone, code, CodeFor::SignupPhone)?;
        let index = accounts::phone_index(self.sealer, &phone);
        let entered = self.enter_code(CodeFor::SignupPhone, &index, &code, None, CodeSubmitter::Stranger).await?;
        let id = entered.subject.signup()?;
        match signups::by_id(&mut self.tx, self.sealer, self.now, id).await? {
            Some(signup) => self.admit(signup, &entered.proof, Api(AccessLifetime::Standard)).await,
            None => Err(Refusal::CodeRefused.into()),
        }
    }

    /// The phone is proved: creates the account, sends a link to its optional address, and signs in. The code must have
    /// been sent to the phone that the account gets.
    pub(super) async fn admit<P: Open>(&mut self, mut signup: Signup, proof: &Proof, how: P) -> Done<SignedIn<P::Credential>> {
        let draft = &signup.kept.draft;
        let proved = draft.phone.clone().and_then(|phone| {
            let index = accounts::phone_index(self.sealer, &phone);
            proof.of(phone, index.newest())
        });
        let Some(proved) = proved else { return Err(Refusal::CodeRefused.into()) };
        let new = accounts::NewAccount {
            kind: signup.kind,
            draft,
            password_hash: signup.kept.password_hash.as_deref(),
            accepted: signup.kept.accepted.as_ref(),
            phone: Some(&proved),
            email_claimed: false,
        };
        self.release_unproved_phone(proved.contact(), None).await?;
        spending::proved(&mut self.tx, self.now, proved.contact().ddd()).await?;
        let id = accounts::insert(&mut self.tx, self.sealer, self.now, &new).await?.map_err(Refusal::Taken)?;
        if let Some(email) = draft.email.clone() {
            let destination = Contact::Email(email);
            let sending = Sending {
                purpose: LinkFor::EmailProof.into(),
                subject: Subject::Account(id),
                destination: &destination,
                channel: Channel::Email,
                chosen: false,
                name: draft.name.first(),
                // By its phone.
                in_use: true,
            };
            // If it is too early or there were too many, the account is created all the same. The address can be proved
            // later.
            let _ = self.send(&sending).await.caught()?;
        }
        signup.kept.password_hash = None;
        let written = SignupRow { kept: &signup.kept, phone_index: None, account_id: Some(id), holding: signup.holding };
        signups::update(&mut self.tx, self.sealer, self.now, signup.id, &written).await?;
        let entry = audit::Entry { event: Event::UserCreated, outcome: "ok", account: Some(id), signup: Some(signup.id), subject: None };
        self.audit(entry).await?;
        let account = accounts::by_id(&mut self.tx, self.sealer, id).await?.ok_or(Fault::inconsistent("accounts", "id"))?;
        self.tell(id, account.kind, &AccountEvent::of_new(&account)).await?;
        self.open_session(&account, false, how).await
    }

    /// The proof was given on another device. The browser that began the sign-up may then sign in too: once, for a limited
    /// time, and only if no other browser changed the sign-up (SPEC §16). All others sign in as usual.
    pub(in crate::services) async fn enter_proved_signup(&mut self) -> Done<SignedIn<BrowserCookies>> {
        let Held { signup, browser } = self.signup_of_requester().await?;
        let Some(account_id) = signup.account_id.filter(|_| may_enter(&signup, browser, self.now)) else {
            return Err(Refusal::NotSignedIn.into());
        };
        let Some(account) =
            accounts::by_id(&mut self.tx, self.sealer, account_id).await?.filter(portaria::account::Account::contact_proved)
        else {
            return Err(Refusal::NotSignedIn.into());
        };
        signups::drop_browser(&mut self.tx, signup.id, browser).await?;
        self.open_session(&account, false, Browser).await
    }
}

/// Returns whether this browser may sign in by a proof that was given elsewhere.
pub(super) fn may_enter(signup: &Signup, browser: Uuid, now: OffsetDateTime) -> bool {
    signup.holding.follows(browser, signup.kind.journey().proof_purpose, signup.updated_at, now)
}
