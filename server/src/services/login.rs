//! Signing in: by password with any identifier, or by a one-time code to a proved phone.

use super::Service;
use super::codes::{Destination, Entrant, Sending, send_scope};
use super::signups::parse_phone_and_code;
use super::throttle::Allowance;
use super::turn::{Caught, Done, Turn};
use crate::db::verifications::Subject;
use crate::db::{accounts, audit, tallies};
use crate::fault::Fault;
use crate::passwords::Verified;
use portaria::account::Account;
use portaria::accounts::{Answer, PasswordLogin, SignedIn};
use portaria::audit::Event;
use portaria::error::{Field, FieldErrors, Refusal};
use portaria::journey::Kind;
use portaria::limits::Tally;
use portaria::login::{Identifier, Reading};
use portaria::message::{Content, Purpose};
use portaria::session::{Presentation, Requester};
use portaria::value::{Password, Phone};
use portaria::view::CodeSent;
use time::OffsetDateTime;

/// Failures of one login; its row is also what changes of one password wait for.
pub(super) const LOCK: &str = "login";
/// What the audit calls a new password.
pub(super) const PASSWORD_CHANGED: Event = Event::PasswordChanged;

/// One of the accounts that a try may mean; or nobody, which costs the same.
struct Candidate {
    account: Option<Account>,
    /// The account where the identifier leads to one, else what was typed (SPEC §11).
    key: Vec<u8>,
    /// When this try was counted against it; `None`: it rests, and is not tried.
    counted: Option<OffsetDateTime>,
    /// This try is the one that locks, unless the password is right.
    locks: bool,
    /// Seconds that it rests.
    resting: Option<u32>,
    verified: Verified,
}

impl Candidate {
    fn is_right(&self) -> bool {
        self.account.is_some() && self.verified != Verified::No
    }
}

impl Service {
    pub(super) async fn sign_in_by_password(&self, who: &Requester, login: &PasswordLogin, how: Presentation) -> Answer<SignedIn> {
        let mut errors = FieldErrors::new();
        let identifier = errors.take(Field::Identifier, Identifier::parse(&login.identifier));
        let password = errors.take(Field::Password, Password::for_login(login.password.expose()));
        let (Some(identifier), Some(password)) = (identifier, password) else { return Err(Refusal::Invalid(errors)) };
        self.look(who, Event::LoginFailed.as_str(), &[Allowance::Guesses]).await?;
        let _gate = self.gates.pass_or_refuse(self.sealer.index("login.gate", identifier.canonical())).await?;
        // the place first: when the pool is full nothing was tried, so nothing is counted
        let place = self.password_place(who, Event::LoginFailed.as_str()).await?;
        self.count_looked(who).await?;
        let mut turn = self.turn(who).await?;
        let done = turn.count_try(&identifier).await;
        let mut candidates = turn.end(done).await?;
        let mut tried: Vec<_> = candidates.iter_mut().filter(|candidate| candidate.counted.is_some()).collect();
        let hash = |candidate: &&mut Candidate| candidate.account.as_ref().and_then(|account| account.password_hash.clone());
        let hashes = tried.iter().map(hash).collect();
        let verified = self.passwords.verify_each(place, password.as_str().to_owned(), hashes).await.map_err(|fault| fault.told())?;
        for (candidate, verified) in tried.iter_mut().zip(verified) {
            candidate.verified = verified;
        }
        let mut turn = self.turn(who).await?;
        let done = turn.decide(candidates, login.remember, how).await;
        turn.end(done).await
    }
}

impl Turn<'_> {
    /// The accounts that an identifier leads to, by every reading of it, in the order of their ids: that in which their rows
    /// are locked.
    async fn find(&mut self, identifier: &Identifier) -> Result<Vec<Account>, Fault> {
        let mut found: Vec<Account> = Vec::new();
        for reading in identifier.readings() {
            let account = match reading {
                Reading::Email(email) => accounts::by_email(&mut self.tx, self.sealer, email).await?,
                Reading::Cpf(cpf) => accounts::by_cpf(&mut self.tx, self.sealer, cpf).await?,
                Reading::Cnpj(cnpj) => accounts::by_cnpj(&mut self.tx, self.sealer, cnpj).await?,
                Reading::Phone(phone) => {
                    accounts::by_phone(&mut self.tx, self.sealer, phone).await?.filter(|account| account.phone_proved_at.is_some())
                }
                Reading::Username(username) => accounts::by_username(&mut self.tx, self.sealer, username).await?,
            };
            found.extend(account);
        }
        found.sort_by_key(|account| account.id);
        found.dedup_by_key(|account| account.id);
        Ok(found)
    }

    /// Counts the try before the password is compared, known or unknown alike, against each account by itself. One that is
    /// locked is passed over; when all are, the try is refused here.
    async fn count_try(&mut self, identifier: &Identifier) -> Done<Vec<Candidate>> {
        let found = self.find(identifier).await?;
        let nobody = found.is_empty().then_some(None);
        let mut candidates = Vec::new();
        for account in found.into_iter().map(Some).chain(nobody) {
            let key = match &account {
                Some(account) => account.id.to_be_bytes().to_vec(),
                None => self.sealer.index("login.identifier", identifier.canonical()),
            };
            let (counted, locks, resting) = match self.count_login(account.as_ref().map(|account| account.id), &key).await.caught()? {
                Ok(locks) => (Some(self.now), locks, None),
                Err(Refusal::Locked { retry_after }) => (None, false, Some(retry_after)),
                Err(refusal) => return Err(refusal.into()),
            };
            candidates.push(Candidate { account, key, counted, locks, resting, verified: Verified::No });
        }
        match rest(&candidates) {
            Some(retry_after) if candidates.iter().all(|candidate| candidate.counted.is_none()) => {
                Err(Refusal::Locked { retry_after }.into())
            }
            _ => Ok(candidates),
        }
    }

    /// Counts a try against a login, or refuses it while that rests. Gives whether this try locks, unless it is right.
    pub(super) async fn count_login(&mut self, account: Option<i64>, key: &[u8]) -> Done<bool> {
        let mut tally = tallies::lock(&mut self.tx, LOCK, key, self.now).await?;
        // while the row was waited for, another try may have begun the block: never told as longer than it is
        if let Some(retry_after) = tally.blocked_for(self.now.max(self.service.now())) {
            let entry = audit::Entry { event: Event::LoginFailed, outcome: "locked", account, signup: None, subject: Some(key) };
            self.audit(entry).await?;
            return Err(Refusal::Locked { retry_after }.into());
        }
        let locks = tally.strike(self.now, self.rules.lockout);
        tallies::save(&mut self.tx, LOCK, key, &tally).await?;
        Ok(locks)
    }

    /// Notes a failed try that was counted; the owner is told of the one that locks.
    pub(super) async fn failed_login(&mut self, account: Option<&Account>, key: &[u8], locks: bool) -> Result<(), Fault> {
        let id = account.map(|account| account.id);
        let event = if locks { Event::LoginLocked } else { Event::LoginFailed };
        let entry = audit::Entry { event, outcome: "bad-credentials", account: id, signup: None, subject: Some(key) };
        self.audit(entry).await?;
        if let Some(account) = account.filter(|_| locks) {
            let minutes = u32::try_from(self.rules.lockout.duration.whole_minutes()).unwrap_or(u32::MAX).max(1);
            let name = account.name.first().to_owned();
            self.tell_owner(account, &Content::Locked { name, minutes }).await?;
        }
        Ok(())
    }

    /// Waits for the row of an account's login: whatever changes its password, or ends or opens its sessions, goes one by one.
    pub(super) async fn lock_login(&mut self, account: i64) -> Result<(), Fault> {
        tallies::lock(&mut self.tx, LOCK, &account.to_be_bytes(), self.now).await?;
        Ok(())
    }

    /// A success clears the count. The row is locked by the caller.
    pub(super) async fn clear_login(&mut self, key: &[u8]) -> Result<(), Fault> {
        tallies::save(&mut self.tx, LOCK, key, &Tally::default()).await?;
        Ok(())
    }

    /// Lets in the one account whose password it is, and takes back what was counted against the others: nobody tried theirs.
    async fn decide(&mut self, mut candidates: Vec<Candidate>, remember: bool, how: Presentation) -> Done<SignedIn> {
        let meant = portaria::login::meant(candidates.iter().map(Candidate::is_right));
        let Some(meant) = meant else { return self.none_is_meant(&candidates).await };
        for candidate in &candidates {
            tallies::lock(&mut self.tx, LOCK, &candidate.key, self.now).await?;
        }
        let hash = candidates[meant].account.as_ref().and_then(|account| account.password_hash.as_deref()).unwrap_or_default();
        let id = candidates[meant].account.as_ref().map_or(0, |account| account.id);
        if !accounts::has_password(&mut self.tx, id, hash).await? {
            // it was reset while this one was being compared: the old one must not come in after that
            return self.none_is_meant(&candidates).await;
        }
        let Candidate { account: Some(account), key, verified: Verified::Yes { rehashed }, .. } = candidates.swap_remove(meant) else {
            return Err(Fault::inconsistent("accounts", "password_hash").into());
        };
        self.clear_login(&key).await?;
        if !candidates.is_empty()
            && !audit::happened_since(&mut self.tx, account.id, PASSWORD_CHANGED, self.now - self.rules.lockout.window).await?
        {
            self.spare(&candidates).await?;
        }
        if !account.contact_proved() {
            let entry = audit::Entry { account: Some(account.id), ..audit::Entry::of(Event::LoginFailed, "not-verified") };
            self.audit(entry).await?;
            return Err(Refusal::NotVerified.into());
        }
        accounts::signed_in(&mut self.tx, self.now, account.id, rehashed.as_deref()).await?;
        self.open_session(&account, remember, how).await
    }

    /// Takes back what was counted against accounts that were not meant. Not done for one whose password was changed just now:
    /// who gives their own account one password after the other would try them on a stranger's, uncounted.
    async fn spare(&mut self, others: &[Candidate]) -> Result<(), Fault> {
        for other in others {
            let Some(counted) = other.counted else { continue };
            let mut tally = tallies::lock(&mut self.tx, LOCK, &other.key, self.now).await?;
            tally.spare(counted, self.rules.lockout);
            tallies::save(&mut self.tx, LOCK, &other.key, &tally).await?;
        }
        Ok(())
    }

    /// The password is nobody's, or that of more than one. Each failure is noted with its account. While one of them rests, it
    /// may be the one that is meant: told to wait, its owner does not look for another password.
    async fn none_is_meant(&mut self, candidates: &[Candidate]) -> Done<SignedIn> {
        for candidate in candidates.iter().filter(|candidate| candidate.counted.is_some()) {
            self.failed_login(candidate.account.as_ref(), &candidate.key, candidate.locks).await?;
        }
        Err(rest(candidates).map_or(Refusal::BadCredentials, |retry_after| Refusal::Locked { retry_after }).into())
    }

    /// Sends a one-time code to a proved phone. The answer, its waits and its limits are the same where there is none.
    pub(super) async fn ask_login_code(&mut self, phone: &str, channel: &str) -> Done<CodeSent> {
        const PURPOSE: Purpose = Purpose::LoginPhone;
        let phone = Phone::parse_mobile(phone).map_err(|error| Refusal::field(Field::Phone, error))?;
        let offered = Kind::Cliente.journey().channels;
        let asked = self.service.asked_channel(channel, offered)?;
        let destination = Destination::Phone(phone.clone());
        let account = accounts::by_phone(&mut self.tx, self.sealer, &phone).await?.filter(|account| account.phone_in_force().is_some());
        let sent = match (&account, self.service.channel(asked, offered)) {
            (Some(account), Some(channel)) if self.service.may_send_to(&phone) => {
                let sending = Sending {
                    purpose: PURPOSE,
                    subject: Subject::Account(account.id),
                    destination: &destination,
                    channel,
                    chosen: asked.is_some(),
                    name: account.name.first(),
                };
                self.send(&sending).await
            }
            _ => self.send_nothing(PURPOSE, &destination).await,
        };
        match sent.caught()? {
            // too early: the usual answer, and nothing is sent (SPEC §11)
            Ok(()) | Err(Refusal::TooSoon { .. }) => {}
            Err(refusal) => return Err(refusal.into()),
        }
        Ok(self.code_sent(&send_scope(PURPOSE), &phone).await?)
    }

    /// Signs in by that code. A wrong one is a failed sign-in: the generic sentence.
    pub(super) async fn sign_in_by_code(&mut self, phone: &str, code: &str, remember: bool, how: Presentation) -> Done<SignedIn> {
        let (phone, code) = parse_phone_and_code(phone, code, Purpose::LoginPhone)?;
        let index = accounts::phone_index(self.sealer, &phone);
        if let Some(account) = accounts::by_phone(&mut self.tx, self.sealer, &phone).await? {
            // first, as whatever ends the sessions of an account: none is opened that it does not see
            self.lock_login(account.id).await?;
        }
        let entered = self.enter_code(Purpose::LoginPhone, &index, &code, None, Entrant::Stranger).await?;
        let Subject::Account(id) = entered.subject else { return Err(Fault::inconsistent("verifications", "account_id").into()) };
        // the phone may have moved to another account, or be out of force, since the code was sent
        let account = accounts::by_id(&mut self.tx, self.sealer, id).await?.filter(|account| account.phone_in_force() == Some(&phone));
        let Some(account) = account else { return Err(Refusal::CodeRefused.into()) };
        accounts::signed_in(&mut self.tx, self.now, id, None).await?;
        self.open_session(&account, remember, how).await
    }
}

/// The seconds until the first of those that rest may be tried.
fn rest(candidates: &[Candidate]) -> Option<u32> {
    candidates.iter().filter_map(|candidate| candidate.resting).min()
}
