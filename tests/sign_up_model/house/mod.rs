//! An in-memory replacement for the tables of `server/src/db` and the use cases of `server/src/services`. The decisions are made by the
//! crate `portaria`, as in the server. Fields that exist only in the model are marked "the model's own".

mod links;
mod prove;
mod sending;
mod sign_in;
mod start;
mod waiting;

use portaria::account::Account;
use portaria::contact::Contact;
use portaria::error::Refusal;
use portaria::holding::Holding;
use portaria::journey::{Journey, Kind};
use portaria::limits::{BlockPolicy, ENTRY_BLOCK, ENTRY_WINDOW, Tally};
use portaria::purpose::{CodeFor, Purpose, SecretFor};
use portaria::signup::{Draft, SIGNUP_DEVICE_LIFETIME, SIGNUP_LIFETIME};
use portaria::value::{Email, Phone};
use portaria::verification::Verification;
use std::rc::Rc;
use time::{Duration, OffsetDateTime};

pub use links::Page;

pub const RESEND_WAIT: Duration = Duration::seconds(30);
const ENTRIES: BlockPolicy = BlockPolicy { failures: 5, window: ENTRY_WINDOW, duration: ENTRY_BLOCK };

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Owner {
    Person,
    Stranger,
    Machine,
}

/// The value of a cookie, or the token of a form or link. Nobody can guess one: people only use tokens that they were given.
pub type Token = u64;
pub type Answer<T> = Result<T, Refusal>;

/// One browser or client, with its cookies.
#[derive(Debug, Clone, Copy)]
pub struct Client {
    pub owner: Owner,
    pub address: u8,
    pub signup: Option<Token>,
    pub session: Option<Token>,
}

/// A rule that a variant of the house breaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Broken {
    EqualFormIsTheSamePerson,
    ProofOfAnotherContact,
    RefusedCorrectionStays,
    HoldersOutliveACorrection,
    HandOffsOutliveACorrection,
    ChangedByOthersIsForgotten,
    PasswordOfAnotherBrowserStays,
    OptionalContactIsNone,
    LinkProvesOnGet,
    PasswordOutlivesAReader,
    ReaderLetsOthersIn,
    EntriesAreCountedTogether,
    LinkLetsOthersIn,
    ClaimsNeverLapse,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Subject {
    Signup(u64),
    Account(i64),
}

#[derive(Debug, Clone, PartialEq)]
pub struct SignUp {
    pub id: u64,
    pub kind: Kind,
    pub draft: Rc<Draft>,
    pub password: Option<&'static str>,
    pub has_password: bool,
    pub account: Option<i64>,
    pub updated_at: OffsetDateTime,
    pub holding: Holding<u64>,
    /// The model's own, as the next two: who began it or last changed its contact or password, from which browser, and since when. Tokens
    /// with a higher number were given out later.
    pub owner: Owner,
    pub taken_by: Option<u64>,
    pub taken_at: u64,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Device {
    pub token: Token,
    pub signup: u64,
    pub browser: u64,
    pub form: Option<Token>,
    /// True for a hand-off.
    pub single_use: bool,
    pub expires_at: OffsetDateTime,
    /// The model's own, as the next: whose browser has it, and who handed it over.
    pub owner: Owner,
    pub from: Owner,
}

#[derive(Debug, Clone)]
pub struct Stored {
    /// Also used as the code, or as the token of the link.
    pub id: u64,
    pub subject: Subject,
    pub destination: Rc<Contact>,
    pub facts: Verification,
    pub spent_by: Option<Owner>,
}

#[derive(Debug, Clone)]
pub struct Resident {
    pub account: Rc<Account>,
    pub email_claimed: bool,
    /// The model's own: who registered it.
    pub registered_by: Owner,
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Session {
    pub token: Token,
    pub account: i64,
    pub expires_at: OffsetDateTime,
    /// The model's own.
    pub owner: Owner,
}

/// The right to set a password once.
#[derive(Debug, Clone, Copy)]
pub struct Grant {
    pub token: Token,
    pub account: i64,
    pub expires_at: OffsetDateTime,
    /// The model's own.
    pub owner: Owner,
}

#[derive(Debug, Clone)]
pub struct Form {
    pub kind: Kind,
    pub draft: Rc<Draft>,
    pub password: Option<&'static str>,
    pub token: Option<Token>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Scope {
    Send(Purpose),
    Claim(Purpose),
    Nobody,
    Held(CodeFor),
    Entry(CodeFor),
    Guess(CodeFor),
    AddressSend,
}

#[derive(Debug, Clone)]
pub struct House {
    pub now: OffsetDateTime,
    pub broken: Option<Broken>,
    pub signups: Vec<SignUp>,
    pub devices: Vec<Device>,
    pub stored: Vec<Stored>,
    pub residents: Vec<Resident>,
    pub sessions: Vec<Session>,
    pub grants: Vec<Grant>,
    tallies: Vec<(Scope, Rc<[u8]>, Tally)>,
    next: u64,
}

/// Returns the key that a contact is stored under.
pub fn index(contact: &Contact) -> &[u8] {
    contact.address().as_bytes()
}

/// Returns the contact that the proof of a journey is sent to.
pub fn destination(journey: &Journey, draft: &Draft) -> Contact {
    draft.contact(journey).expect("a journey asks for the contact that it proves")
}

impl House {
    pub fn new(broken: Option<Broken>) -> Self {
        Self {
            now: OffsetDateTime::UNIX_EPOCH + Duration::days(20_000),
            broken,
            signups: Vec::new(),
            devices: Vec::new(),
            stored: Vec::new(),
            residents: Vec::new(),
            sessions: Vec::new(),
            grants: Vec::new(),
            tallies: Vec::new(),
            next: 0,
        }
    }

    fn is_broken(&self, rule: Broken) -> bool {
        self.broken == Some(rule)
    }

    /// Returns a new number, for an id or a secret.
    pub fn fresh(&mut self) -> u64 {
        self.next += 1;
        self.next
    }

    /// Runs a transaction: a refusal rolls everything back but the counter of [`Self::fresh`].
    fn attempt<T>(&mut self, run: impl FnOnce(&mut Self) -> Answer<T>) -> Answer<T> {
        let before = self.clone();
        let answer = run(self);
        if answer.is_err() {
            let next = self.next;
            *self = Self { next, ..before };
        }
        answer
    }

    // ── tallies ──

    fn tally(&self, scope: Scope, key: &[u8]) -> Tally {
        self.tallies.iter().find(|(s, k, _)| *s == scope && **k == *key).map(|(_, _, tally)| tally.clone()).unwrap_or_default()
    }

    fn save_tally(&mut self, scope: Scope, key: &[u8], tally: Tally) {
        match self.tallies.iter_mut().find(|(s, k, _)| *s == scope && **k == *key) {
            Some((_, _, kept)) => *kept = tally,
            None => self.tallies.push((scope, key.into(), tally)),
        }
    }

    /// Returns for how many seconds code entries by the holders of a sign-up are blocked.
    pub fn entries_rest(&self, signup: &SignUp) -> Option<u32> {
        let purpose = signup.kind.journey().proof_purpose.code()?;
        self.tally(Scope::Held(purpose), &signup.id.to_be_bytes()).blocked_for(self.now)
    }

    // ── sign-ups ──

    pub fn lives(&self, signup: &SignUp) -> bool {
        signup.updated_at + SIGNUP_LIFETIME > self.now
    }

    pub fn signup(&self, id: u64) -> Option<&SignUp> {
        self.signups.iter().find(|signup| signup.id == id && self.lives(signup))
    }

    fn write_signup(&mut self, signup: SignUp) {
        let now = self.now;
        if let Some(kept) = self.signups.iter_mut().find(|kept| kept.id == signup.id) {
            *kept = SignUp { updated_at: now, ..signup };
        }
    }

    /// Returns the sign-up that a browser holds, and the browser's number in it.
    pub fn of_device(&self, token: Token) -> Option<(&SignUp, u64)> {
        let device = self.devices.iter().find(|device| device.token == token && !device.single_use && device.expires_at > self.now)?;
        self.signup(device.signup).map(|signup| (signup, device.browser))
    }

    fn of_form(&self, form: Token) -> Option<(&SignUp, u64)> {
        let device = self.devices.iter().find(|device| device.form == Some(form) && device.expires_at > self.now)?;
        self.signup(device.signup).map(|signup| (signup, device.browser))
    }

    fn of_requester(&self, who: &Client) -> Answer<(SignUp, u64)> {
        let held = who.signup.and_then(|token| self.of_device(token));
        held.map(|(signup, browser)| (signup.clone(), browser)).ok_or(Refusal::SignupGone)
    }

    fn add_device(&mut self, who: &Client, signup: u64, browser: u64, form: Option<Token>, from: Owner) -> Token {
        let (token, expires_at) = (self.fresh(), self.now + SIGNUP_DEVICE_LIFETIME);
        self.devices.push(Device { token, signup, browser, form, single_use: false, expires_at, owner: who.owner, from });
        token
    }

    // ── codes and links ──

    fn newest_of(&self, purpose: impl Into<SecretFor>, subject: Subject) -> Option<&Stored> {
        let purpose = purpose.into();
        self.stored.iter().rev().find(|it| it.facts.purpose == purpose && it.subject == subject)
    }

    fn kill(&mut self, which: impl Fn(&Stored) -> bool) {
        let now = self.now;
        for it in self.stored.iter_mut().filter(|it| it.facts.spent_at.is_none() && it.facts.dead_at.is_none()) {
            if which(it) {
                it.facts.dead_at = Some(now);
            }
        }
    }

    fn spend(&mut self, id: u64, by: Owner) {
        let now = self.now;
        for it in self.stored.iter_mut().filter(|it| it.id == id) {
            it.facts.spent_at = Some(now);
            it.spent_by = Some(by);
        }
    }

    // ── accounts ──

    pub fn resident(&self, id: i64) -> Option<&Resident> {
        self.residents.iter().find(|resident| resident.account.id == id)
    }

    pub fn account(&self, id: i64) -> Option<&Account> {
        self.resident(id).map(|resident| &*resident.account)
    }

    fn resident_mut(&mut self, id: i64) -> &mut Resident {
        self.residents.iter_mut().find(|resident| resident.account.id == id).expect("an account")
    }

    fn account_mut(&mut self, id: i64) -> &mut Account {
        Rc::make_mut(&mut self.resident_mut(id).account)
    }

    pub fn by_email(&self, email: &Email) -> Option<&Account> {
        let claimed = |resident: &&Resident| resident.email_claimed && resident.account.email.as_ref() == Some(email);
        self.residents.iter().find(claimed).map(|resident| &*resident.account)
    }

    pub fn by_phone(&self, phone: &Phone) -> Option<&Account> {
        self.residents.iter().map(|resident| &*resident.account).find(|account| account.phone.as_ref() == Some(phone))
    }

    fn is_proved(&self, signup: &SignUp) -> bool {
        signup.account.and_then(|id| self.account(id)).is_some_and(Account::contact_proved)
    }

    /// Deletes an unproved account with everything that belongs to it. Returns false if the account is proved.
    fn delete_unproved(&mut self, id: i64) -> bool {
        if self.account(id).is_none_or(Account::contact_proved) {
            return false;
        }
        self.residents.retain(|resident| resident.account.id != id);
        let gone: Vec<u64> = self.signups.iter().filter(|signup| signup.account == Some(id)).map(|signup| signup.id).collect();
        self.signups.retain(|signup| signup.account != Some(id));
        self.devices.retain(|device| !gone.contains(&device.signup));
        self.stored.retain(|it| it.subject != Subject::Account(id));
        self.sessions.retain(|session| session.account != id);
        self.grants.retain(|grant| grant.account != id);
        true
    }

    /// Returns whether an account keeps others out: it is proved, or can still be proved.
    pub fn still_claims(&self, account: &Account) -> bool {
        if self.is_broken(Broken::ClaimsNeverLapse) {
            return true;
        }
        let proofs = account.kind.journey().proofs();
        let mut newest = proofs.into_iter().filter_map(|purpose| self.newest_of(purpose, Subject::Account(account.id)));
        let proof_can_come = newest.any(|it| it.facts.can_be_entered(self.now));
        account.reserves_values(proof_can_come, self.now)
    }
}
