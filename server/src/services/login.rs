//! Signing in: by password with any identifier, or by a one-time code to a proved phone.

mod usual;

use super::Service;
use super::codes::{CodeSubmitter, Sending, send_scope};
use super::sessions::Open;
use super::signups::parse_phone_and_code;
use super::throttle::Allowance;
use super::turn::{Caught, Done, Stop, Turn};
use crate::db::{accounts, audit, tallies};
use crate::fault::Fault;
use crate::passwords::Verified;
use portaria::account::Account;
use portaria::accounts::{Admission, Answer, PasswordLogin, SignedIn};
use portaria::audit::Event;
use portaria::contact::Contact;
use portaria::deletion::Pending;
use portaria::error::{Field, FieldError, FieldErrors, Refusal};
use portaria::journey::Kind;
use portaria::limits::Tally;
use portaria::login::Identifier;
use portaria::message::Content;
use portaria::purpose::CodeFor;
use portaria::session::{ApiTokens, BrowserCookies, Requester};
use portaria::value::{Password, Phone};
use portaria::view::CodeSent;
use time::OffsetDateTime;

/// Scope of the failed tries of one login. Its row is also the lock for every change of that account's password.
pub(super) const LOCK: &str = "login";
/// Scope of the keyed index of what was typed to sign in.
pub(super) const IDENTIFIER: &str = "login.identifier";
/// The audit event of a new password.
pub(super) const PASSWORD_CHANGED: Event = Event::PasswordChanged;

/// An account that a sign-in may mean, or no account, which costs the same time.
struct Candidate {
    account: Option<Account>,
    /// The account's id; without an account, the keyed index of what was typed (SPEC §11).
    key: Vec<u8>,
    /// When this try was counted; `None` if the login is locked and the password is not compared.
    counted: Option<OffsetDateTime>,
    /// This try locks the login unless the password is right.
    locks: bool,
    /// Seconds until the lock ends.
    resting: Option<u32>,
    verified: Verified,
}

impl Candidate {
    fn is_right(&self) -> bool {
        self.account.is_some() && self.verified != Verified::No
    }
}

/// What a right sign-in leads to.
#[expect(clippy::large_enum_variant, reason = "nearly every one is let in")]
pub(super) enum Admitted<C> {
    In(SignedIn<C>),
    /// The account's deletion is pending.
    Pending(Pending),
}

impl Admitted<BrowserCookies> {
    /// For a page, which offers the choice.
    pub(super) fn for_page(self) -> Admission {
        match self {
            Self::In(signed_in) => Admission::In(Box::new(signed_in)),
            Self::Pending(pending) => Admission::Pending(pending),
        }
    }
}

impl Admitted<ApiTokens> {
    /// For a client of the API, which is refused.
    pub(super) fn for_client(self) -> Answer<SignedIn<ApiTokens>> {
        match self {
            Self::In(signed_in) => Ok(signed_in),
            Self::Pending(Pending { deletes_at, .. }) => Err(Refusal::DeletionPending { deletes_at }),
        }
    }
}

impl Service {
    pub(super) async fn sign_in_by_password<P: Open>(
        &self,
        who: &Requester,
        login: &PasswordLogin,
        how: P,
    ) -> Answer<Admitted<P::Credential>> {
        let mut errors = FieldErrors::new();
        let identifier = errors.take(Field::Identifier, Identifier::parse(&login.identifier));
        let password = errors.take(Field::Password, Password::for_login(login.password.expose()));
        let (Some(identifier), Some(password)) = (identifier, password) else {
            return self.audited(who, Event::LoginFailed, Err(Refusal::Invalid(errors))).await;
        };
        self.refuse_resting(who, Event::LoginFailed.as_str()).await?;
        let _gate = self.locks.acquire_or_refuse(self.sealer.index("login.gate", identifier.canonical())).await?;
        // The permit comes first: if the queue is full, nothing was tried and nothing is counted.
        let permit = self.password_permit(who, Event::LoginFailed.as_str()).await?;
        let usual = self.count_usual_try(who, &identifier).await.map_err(Stop::log_and_refuse)?;
        let mut candidates = match usual {
            Some(candidates) => candidates,
            None => {
                let mut turn = self.turn(who).await?;
                let done = turn.count_try(&identifier).await;
                turn.end(done).await?
            }
        };
        let mut tried: Vec<_> = candidates.iter_mut().filter(|candidate| candidate.counted.is_some()).collect();
        let hash = |candidate: &&mut Candidate| candidate.account.as_ref().and_then(|account| account.password_hash.clone());
        let hashes = tried.iter().map(hash).collect();
        let verified =
            self.passwords.verify_each(permit, password.as_str().to_owned(), hashes).await.map_err(|fault| fault.log_and_refuse())?;
        for (candidate, verified) in tried.iter_mut().zip(verified) {
            candidate.verified = verified;
        }
        let usual = self.open_usual(who, &candidates, login.remember, how).await.map_err(|fault| fault.log_and_refuse())?;
        if let Some(signed_in) = usual {
            return Ok(Admitted::In(signed_in));
        }
        let mut turn = self.turn(who).await?;
        let done = turn.decide(candidates, login, how).await;
        turn.end(done).await
    }

    /// Whom an identifier may mean; nobody, too, is a candidate.
    fn candidates(&self, found: Vec<Account>, identifier: &Identifier) -> Vec<Candidate> {
        let nobody = found.is_empty().then_some(None);
        let candidate = |account: Option<Account>| {
            let key = match &account {
                Some(account) => account.id.to_be_bytes().to_vec(),
                None => self.sealer.found(IDENTIFIER, identifier.canonical()).to_vec(),
            };
            Candidate { account, key, counted: None, locks: false, resting: None, verified: Verified::No }
        };
        found.into_iter().map(Some).chain(nobody).map(candidate).collect()
    }
}

impl Turn<'_> {
    /// Counts the try of this address, and against each account separately, before the password is compared. Unknown identifiers are counted
    /// too. A locked account is skipped; if all are locked, the try is refused.
    async fn count_try(&mut self, identifier: &Identifier) -> Done<Vec<Candidate>> {
        self.count(Allowance::Guesses).await?;
        let found = accounts::by_identifier(&mut *self.tx, self.sealer, identifier).await?;
        let mut candidates = self.service.candidates(found, identifier);
        for candidate in &mut candidates {
            match self.count_login(candidate.account.as_ref().map(|account| account.id), &candidate.key).await.caught()? {
                Ok(locks) => (candidate.counted, candidate.locks) = (Some(self.now), locks),
                Err(Refusal::Locked { retry_after }) => candidate.resting = Some(retry_after),
                Err(refusal) => return Err(refusal.into()),
            }
        }
        match rest(&candidates) {
            Some(retry_after) if candidates.iter().all(|candidate| candidate.counted.is_none()) => {
                Err(Refusal::Locked { retry_after }.into())
            }
            _ => Ok(candidates),
        }
    }

    /// Counts a try against a login, or refuses it while the login is locked. Returns whether this try locks the login
    /// unless the password is right.
    pub(super) async fn count_login(&mut self, account: Option<i64>, key: &[u8]) -> Done<bool> {
        let mut tally = tallies::lock(&mut self.tx, LOCK, key, self.now).await?;
        self.service.last_counts.unsure((LOCK, key));
        // Another try may have begun the block while we waited for the row. The later instant keeps the reported wait from
        // being too long.
        if let Some(retry_after) = tally.blocked_for(self.now.max(self.service.now())) {
            let entry = audit::Entry { event: Event::LoginFailed, outcome: "locked", account, signup: None, subject: Some(key) };
            self.audit(entry).await?;
            return Err(Refusal::Locked { retry_after }.into());
        }
        let locks = tally.strike(self.now, self.rules.lockout);
        tallies::save(&mut self.tx, LOCK, key, &tally).await?;
        Ok(locks)
    }

    /// Audits a failed try that was counted. The owner is told of the one that locks.
    pub(super) async fn failed_login(&mut self, account: Option<&Account>, key: &[u8], locks: bool) -> Result<(), Fault> {
        let id = account.map(|account| account.id);
        let event = if locks { Event::LoginLocked } else { Event::LoginFailed };
        let entry = audit::Entry { event, outcome: "bad-credentials", account: id, signup: None, subject: Some(key) };
        self.audit(entry).await?;
        if let Some(account) = account.filter(|_| locks) {
            let minutes = u32::try_from(self.rules.lockout.duration.whole_minutes()).unwrap_or(u32::MAX).max(1);
            let name = account.greeted_as().to_owned();
            self.notify_owner(account, &Content::Locked { name, minutes }).await?;
        }
        Ok(())
    }

    /// Locks the row of an account's login. Changing the password and opening or ending sessions happen one at a time under
    /// it.
    pub(super) async fn lock_login(&mut self, account: i64) -> Result<(), Fault> {
        tallies::lock(&mut self.tx, LOCK, &account.to_be_bytes(), self.now).await?;
        Ok(())
    }

    /// Clears the count after a success. The caller holds the row's lock.
    pub(super) async fn clear_login(&mut self, key: &[u8]) -> Result<(), Fault> {
        tallies::save(&mut self.tx, LOCK, key, &Tally::default()).await?;
        self.service.last_counts.forget((LOCK, key));
        Ok(())
    }

    /// Signs in the one account whose password matches, and takes back the counts of the other accounts: nobody tried to
    /// sign in to those.
    async fn decide<P: Open>(&mut self, mut candidates: Vec<Candidate>, login: &PasswordLogin, how: P) -> Done<Admitted<P::Credential>> {
        let meant = portaria::login::meant(candidates.iter().map(Candidate::is_right));
        let Some(meant) = meant else { return self.none_is_meant(&candidates).await };
        for candidate in &candidates {
            tallies::lock(&mut self.tx, LOCK, &candidate.key, self.now).await?;
        }
        let hash = candidates[meant].account.as_ref().and_then(|account| account.password_hash.as_deref()).unwrap_or_default();
        let id = candidates[meant].account.as_ref().map_or(0, |account| account.id);
        // Read again: the password may have been reset during the comparison, when the old one must no longer sign in; or the account's
        // deletion asked for, or undone.
        let Some(mut account) = accounts::with_password(&mut self.tx, self.sealer, id, hash).await? else {
            return self.none_is_meant(&candidates).await;
        };
        let Candidate { account: Some(_), key, verified: Verified::Yes { rehashed }, .. } = candidates.swap_remove(meant) else {
            return Err(Fault::inconsistent("accounts", "password_hash").into());
        };
        self.clear_login(&key).await?;
        if !candidates.is_empty()
            && !audit::happened_since(&mut self.tx, account.id, PASSWORD_CHANGED, self.now - self.rules.lockout.window).await?
        {
            self.spare(&candidates).await?;
        }
        if let Some(pending) = self.pending(&mut account, login.cancel_deletion, login.remember, how).await? {
            return Ok(Admitted::Pending(pending));
        }
        let signed_in = self.open_session(&account, login.remember, how).await?;
        accounts::signed_in(&mut self.tx, self.now, account.id, rehashed.as_deref()).await?;
        Ok(Admitted::In(signed_in))
    }

    /// Takes back the counts of accounts that were not meant. The caller skips this if the account that signed in changed
    /// its password recently: otherwise an attacker could give their own account one password after another and so try each
    /// on a stranger's account, uncounted.
    async fn spare(&mut self, others: &[Candidate]) -> Result<(), Fault> {
        for other in others {
            let Some(counted) = other.counted else { continue };
            let mut tally = tallies::lock(&mut self.tx, LOCK, &other.key, self.now).await?;
            tally.spare(counted, self.rules.lockout);
            tallies::save(&mut self.tx, LOCK, &other.key, &tally).await?;
        }
        Ok(())
    }

    /// The password matches no account, or more than one. Each failure is audited with its account. If one candidate is
    /// locked, the answer is to wait: that account may be the one meant, and its owner should not look for another
    /// password.
    async fn none_is_meant<T>(&mut self, candidates: &[Candidate]) -> Done<T> {
        for candidate in candidates.iter().filter(|candidate| candidate.counted.is_some()) {
            self.failed_login(candidate.account.as_ref(), &candidate.key, candidate.locks).await?;
        }
        Err(rest(candidates).map_or(Refusal::BadCredentials, |retry_after| Refusal::Locked { retry_after }).into())
    }

    /// Sends a one-time code to a proved phone. If there is no such account, the answer, waits and limits are the same.
    pub(super) async fn ask_login_code(&mut self, phone: &str, channel: &str) -> Done<CodeSent> {
        const PURPOSE: CodeFor = CodeFor::LoginPhone;
        let phone = Phone::parse_mobile(phone).map_err(|error| Refusal::field(Field::Phone, error))?;
        let offered = Kind::Cliente.journey().channels;
        let asked = self.service.asked_channel(channel, offered)?;
        let destination = Contact::Phone(phone.clone());
        let account = accounts::by_phone(&mut self.tx, self.sealer, &phone).await?.filter(|account| account.usable_phone().is_some());
        let Some(channel) = self.service.channel(asked, offered) else {
            return Err(Refusal::field(Field::Channel, FieldError::ChannelUnavailable).into());
        };
        let channel = self.goes_now(&phone, PURPOSE, channel, asked.is_some()).await?;
        let sent = match &account {
            Some(account) if self.service.may_send_to(&phone) => {
                let sending = Sending { chosen: asked.is_some(), ..Sending::to_account(account, PURPOSE, &destination, channel) };
                self.send(&sending).await
            }
            _ => self.send_nothing(PURPOSE, &destination).await,
        };
        match sent.caught()? {
            // If it is too early, the answer stays the same and nothing is sent (SPEC §11).
            Ok(()) | Err(Refusal::TooSoon { .. }) => {}
            Err(refusal) => return Err(refusal.into()),
        }
        Ok(self.code_sent(&send_scope(PURPOSE), &phone, channel).await?)
    }

    /// Signs in by that code. A wrong code is a failed sign-in and gets the generic message.
    pub(super) async fn sign_in_by_code<P: Open>(
        &mut self,
        phone: &str,
        code: &str,
        (remember, cancel): (bool, bool),
        how: P,
    ) -> Done<Admitted<P::Credential>> {
        let (phone, code) = parse_phone_and_code(phone, code, CodeFor::LoginPhone)?;
        let index = accounts::phone_index(self.sealer, &phone);
        if let Some(account) = accounts::by_phone(&mut self.tx, self.sealer, &phone).await? {
            // Locked first, like everything that ends an account's sessions: otherwise a session opened at the same time
            // could be missed.
            self.lock_login(account.id).await?;
        }
        let entered = self.enter_code(CodeFor::LoginPhone, &index, &code, None, CodeSubmitter::Stranger).await?;
        let id = entered.subject.account()?;
        // The phone may have moved to another account, or be out of force, since the code was sent.
        let account = accounts::by_id(&mut self.tx, self.sealer, id).await?.filter(|account| account.usable_phone() == Some(&phone));
        let Some(mut account) = account else { return Err(Refusal::CodeRefused.into()) };
        if let Some(pending) = self.pending(&mut account, cancel, remember, how).await? {
            return Ok(Admitted::Pending(pending));
        }
        let signed_in = self.open_session(&account, remember, how).await?;
        accounts::signed_in(&mut self.tx, self.now, id, None).await?;
        Ok(Admitted::In(signed_in))
    }
}

/// Seconds until the first locked candidate may be tried.
fn rest(candidates: &[Candidate]) -> Option<u32> {
    candidates.iter().filter_map(|candidate| candidate.resting).min()
}
