//! Signing in: by password with any identifier, or by a one-time code to a proved phone.

use super::codes::{Destination, Entrant, Sending, send_scope};
use super::signups::parse_phone_and_code;
use super::throttle::Allowance;
use super::{Service, Tx};
use crate::db::verifications::Subject;
use crate::db::{accounts, audit, tallies};
use crate::fault::{Fault, Outcome};
use crate::passwords::Verified;
use portaria::account::Account;
use portaria::accounts::{Answer, PasswordLogin, SignedIn};
use portaria::error::{Field, FieldErrors, Refusal};
use portaria::journey::Kind;
use portaria::limits::Tally;
use portaria::login::{Identifier, Reading};
use portaria::message::{Content, Purpose};
use portaria::session::{Presentation, Requester};
use portaria::value::{Password, Phone};
use portaria::view::CodeSent;
use sqlx::PgConnection;
use time::OffsetDateTime;

/// Failures of one login; its row is also what changes of one password wait for.
pub(super) const LOCK: &str = "login";
/// What the audit calls a new password.
pub(super) const PASSWORD_CHANGED: &str = "authn_password_change";

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
    pub(super) async fn do_sign_in(&self, who: &Requester, login: &PasswordLogin, how: Presentation) -> Answer<SignedIn> {
        let mut errors = FieldErrors::new();
        let identifier = errors.take(Field::Identifier, Identifier::parse(&login.identifier));
        let password = errors.take(Field::Password, Password::for_login(login.password.expose()));
        let (Some(identifier), Some(password)) = (identifier, password) else { return Err(Refusal::Invalid(errors)) };
        self.look(who, "authn_login_fail", &[Allowance::Guesses]).await?;
        let _gate = self.gates.pass_or_refuse(self.sealer.index("login.gate", identifier.canonical())).await?;
        // the place first: when the pool is full nothing was tried, so nothing is counted
        let place = self.password_place(who, "authn_login_fail").await?;
        self.count_looked(who).await?;
        let now = self.now();
        let mut tx = self.begin().await?;
        let outcome = self.count_try(&mut tx, who, now, &identifier).await;
        let mut candidates = self.settle(tx, outcome).await?;
        let mut tried: Vec<_> = candidates.iter_mut().filter(|candidate| candidate.counted.is_some()).collect();
        let hash = |candidate: &&mut Candidate| candidate.account.as_ref().and_then(|account| account.password_hash.clone());
        let hashes = tried.iter().map(hash).collect();
        let verified = self.passwords.verify_each(place, password.as_str().to_owned(), hashes).await.map_err(|fault| fault.told())?;
        for (candidate, verified) in tried.iter_mut().zip(verified) {
            candidate.verified = verified;
        }
        let now = self.now();
        let mut tx = self.begin().await?;
        let outcome = self.decide(&mut tx, who, now, candidates, login.remember, how).await;
        self.settle(tx, outcome).await
    }

    /// The accounts that an identifier leads to, by every reading of it, in the order of their ids: that in which their rows
    /// are locked.
    async fn find(&self, conn: &mut PgConnection, identifier: &Identifier) -> Result<Vec<Account>, Fault> {
        let mut found: Vec<Account> = Vec::new();
        for reading in identifier.readings() {
            let account = match reading {
                Reading::Email(email) => accounts::by_email(&mut *conn, &self.sealer, email).await?,
                Reading::Cpf(cpf) => accounts::by_cpf(&mut *conn, &self.sealer, cpf).await?,
                Reading::Cnpj(cnpj) => accounts::by_cnpj(&mut *conn, &self.sealer, cnpj).await?,
                Reading::Phone(phone) => {
                    accounts::by_phone(&mut *conn, &self.sealer, phone).await?.filter(|account| account.phone_proved_at.is_some())
                }
                Reading::Username(username) => accounts::by_username(&mut *conn, &self.sealer, username).await?,
            };
            found.extend(account);
        }
        found.sort_by_key(|account| account.id);
        found.dedup_by_key(|account| account.id);
        Ok(found)
    }

    /// Counts the try before the password is compared, known or unknown alike, against each account by itself. One that is
    /// locked is passed over; when all are, the try is refused here.
    async fn count_try(&self, tx: &mut Tx, who: &Requester, now: OffsetDateTime, identifier: &Identifier) -> Outcome<Vec<Candidate>> {
        let found = self.find(tx, identifier).await?;
        let nobody = found.is_empty().then_some(None);
        let mut candidates = Vec::new();
        for account in found.into_iter().map(Some).chain(nobody) {
            let key = match &account {
                Some(account) => account.id.to_be_bytes().to_vec(),
                None => self.sealer.index("login.identifier", identifier.canonical()),
            };
            let (counted, locks, resting) = match self.count_login(tx, who, now, account.as_ref().map(|account| account.id), &key).await? {
                Ok(locks) => (Some(now), locks, None),
                Err(Refusal::Locked { retry_after }) => (None, false, Some(retry_after)),
                Err(refusal) => return Ok(Err(refusal)),
            };
            candidates.push(Candidate { account, key, counted, locks, resting, verified: Verified::No });
        }
        Ok(match rest(&candidates) {
            Some(retry_after) if candidates.iter().all(|candidate| candidate.counted.is_none()) => Err(Refusal::Locked { retry_after }),
            _ => Ok(candidates),
        })
    }

    /// Counts a try against a login, or refuses it while that rests. Gives whether this try locks, unless it is right.
    pub(super) async fn count_login(
        &self,
        tx: &mut Tx,
        who: &Requester,
        now: OffsetDateTime,
        account: Option<i64>,
        key: &[u8],
    ) -> Outcome<bool> {
        let mut tally = tallies::lock(tx, LOCK, key, now).await?;
        // while the row was waited for, another try may have begun the block: never told as longer than it is
        if let Some(retry_after) = tally.blocked_for(now.max(self.now())) {
            let entry = audit::Entry { event: "authn_login_fail", outcome: "locked", account, signup: None, subject: Some(key) };
            audit::record(tx, now, who, entry).await?;
            return Ok(Err(Refusal::Locked { retry_after }));
        }
        let locks = tally.strike(now, self.rules.lockout);
        tallies::save(tx, LOCK, key, &tally).await?;
        Ok(Ok(locks))
    }

    /// Notes a failed try that was counted; the owner is told of the one that locks.
    pub(super) async fn failed_login(
        &self,
        tx: &mut Tx,
        who: &Requester,
        now: OffsetDateTime,
        account: Option<&Account>,
        key: &[u8],
        locks: bool,
    ) -> Result<(), Fault> {
        let id = account.map(|account| account.id);
        let event = if locks { "authn_login_lock" } else { "authn_login_fail" };
        let entry = audit::Entry { event, outcome: "bad-credentials", account: id, signup: None, subject: Some(key) };
        audit::record(tx, now, who, entry).await?;
        if let Some(account) = account.filter(|_| locks) {
            let minutes = u32::try_from(self.rules.lockout.duration.whole_minutes()).unwrap_or(u32::MAX).max(1);
            let name = account.name.first().to_owned();
            self.tell_owner(tx, who, now, account, &Content::Locked { name, minutes }).await?;
        }
        Ok(())
    }

    /// A success clears the count. The row is locked by the caller.
    pub(super) async fn clear_login(&self, conn: &mut PgConnection, key: &[u8]) -> Result<(), Fault> {
        tallies::save(conn, LOCK, key, &Tally::default()).await?;
        Ok(())
    }

    /// Lets in the one account whose password it is, and takes back what was counted against the others: nobody tried theirs.
    async fn decide(
        &self,
        tx: &mut Tx,
        who: &Requester,
        now: OffsetDateTime,
        mut candidates: Vec<Candidate>,
        remember: bool,
        how: Presentation,
    ) -> Outcome<SignedIn> {
        let meant = portaria::login::meant(candidates.iter().map(Candidate::is_right));
        let Some(meant) = meant else { return self.none_is_meant(tx, who, now, &candidates).await };
        for candidate in &candidates {
            tallies::lock(tx, LOCK, &candidate.key, now).await?;
        }
        let hash = candidates[meant].account.as_ref().and_then(|account| account.password_hash.as_deref()).unwrap_or_default();
        let id = candidates[meant].account.as_ref().map_or(0, |account| account.id);
        if !accounts::has_password(tx, id, hash).await? {
            // it was reset while this one was being compared: the old one must not come in after that
            return self.none_is_meant(tx, who, now, &candidates).await;
        }
        let Candidate { account: Some(account), key, verified: Verified::Yes { rehashed }, .. } = candidates.swap_remove(meant) else {
            return Err(Fault::inconsistent("accounts", "password_hash"));
        };
        self.clear_login(tx, &key).await?;
        if !candidates.is_empty() && !audit::happened_since(tx, account.id, PASSWORD_CHANGED, now - self.rules.lockout.window).await? {
            self.spare(tx, now, &candidates).await?;
        }
        if !account.contact_proved() {
            let entry =
                audit::Entry { event: "authn_login_fail", outcome: "not-verified", account: Some(account.id), ..audit::Entry::default() };
            audit::record(tx, now, who, entry).await?;
            return Ok(Err(Refusal::NotVerified));
        }
        accounts::signed_in(tx, now, account.id, rehashed.as_deref()).await?;
        self.open_session(tx, who, now, &account, remember, how).await
    }

    /// Takes back what was counted against accounts that were not meant. Not done for one whose password was changed just now:
    /// who gives their own account one password after the other would try them on a stranger's, uncounted.
    async fn spare(&self, tx: &mut Tx, now: OffsetDateTime, others: &[Candidate]) -> Result<(), Fault> {
        for other in others {
            let Some(counted) = other.counted else { continue };
            let mut tally = tallies::lock(tx, LOCK, &other.key, now).await?;
            tally.spare(counted, self.rules.lockout);
            tallies::save(tx, LOCK, &other.key, &tally).await?;
        }
        Ok(())
    }

    /// The password is nobody's, or that of more than one. Each failure is noted with its account. While one of them rests, it
    /// may be the one that is meant: told to wait, its owner does not look for another password.
    async fn none_is_meant(&self, tx: &mut Tx, who: &Requester, now: OffsetDateTime, candidates: &[Candidate]) -> Outcome<SignedIn> {
        for candidate in candidates.iter().filter(|candidate| candidate.counted.is_some()) {
            self.failed_login(tx, who, now, candidate.account.as_ref(), &candidate.key, candidate.locks).await?;
        }
        Ok(Err(rest(candidates).map_or(Refusal::BadCredentials, |retry_after| Refusal::Locked { retry_after })))
    }

    /// Sends a one-time code to a proved phone. The answer, its waits and its limits are the same where there is none.
    pub(super) async fn do_ask_login_code(
        &self,
        tx: &mut Tx,
        who: &Requester,
        phone: &str,
        channel: &str,
        now: OffsetDateTime,
    ) -> Outcome<CodeSent> {
        const PURPOSE: Purpose = Purpose::LoginPhone;
        let phone = match Phone::parse_mobile(phone) {
            Ok(phone) => phone,
            Err(error) => return Ok(Err(Refusal::field(Field::Phone, error))),
        };
        let offered = Kind::Cliente.journey().channels;
        let asked = match self.asked_channel(channel, offered) {
            Ok(asked) => asked,
            Err(refusal) => return Ok(Err(refusal)),
        };
        let destination = Destination::Phone(phone.clone());
        let account = accounts::by_phone(tx, &self.sealer, &phone).await?.filter(|account| account.phone_in_force().is_some());
        let sent = match (&account, self.channel(asked, offered)) {
            (Some(account), Some(channel)) if self.may_send_to(&phone) => {
                let sending = Sending {
                    purpose: PURPOSE,
                    subject: Subject::Account(account.id),
                    destination: &destination,
                    channel,
                    chosen: asked.is_some(),
                    name: account.name.first(),
                };
                self.send(tx, who, now, &sending).await?
            }
            _ => self.send_nothing(tx, who, now, PURPOSE, &destination).await?,
        };
        match sent {
            // too early: the usual answer, and nothing is sent (SPEC §11)
            Ok(()) | Err(Refusal::TooSoon { .. }) => {}
            Err(refusal) => return Ok(Err(refusal)),
        }
        Ok(Ok(self.code_sent(tx, now, &send_scope(PURPOSE), &phone).await?))
    }

    /// Signs in by that code. A wrong one is a failed sign-in: the generic sentence.
    #[expect(clippy::too_many_arguments, reason = "what was typed, who asks and when")]
    pub(super) async fn do_sign_in_by_code(
        &self,
        tx: &mut Tx,
        who: &Requester,
        phone: &str,
        code: &str,
        remember: bool,
        how: Presentation,
        now: OffsetDateTime,
    ) -> Outcome<SignedIn> {
        let (phone, code) = match parse_phone_and_code(phone, code, Purpose::LoginPhone) {
            Ok(parsed) => parsed,
            Err(refusal) => return Ok(Err(refusal)),
        };
        let index = accounts::phone_index(&self.sealer, &phone);
        if let Some(account) = accounts::by_phone(tx, &self.sealer, &phone).await? {
            // first, as whatever ends the sessions of an account: none is opened that it does not see
            self.lock_login(tx, now, account.id).await?;
        }
        let entered = match self.take_code(tx, now, Purpose::LoginPhone, &index, &code, None, Entrant::Stranger).await? {
            Ok(entered) => entered,
            Err(refusal) => return self.refused_code(tx, who, now, &index, refusal).await,
        };
        let Subject::Account(id) = entered.subject else { return Err(Fault::inconsistent("verifications", "account_id")) };
        // the phone may have moved to another account, or be out of force, since the code was sent
        let account = accounts::by_id(tx, &self.sealer, id).await?.filter(|account| account.phone_in_force() == Some(&phone));
        let Some(account) = account else { return Ok(Err(Refusal::CodeRefused)) };
        accounts::signed_in(tx, now, id, None).await?;
        self.open_session(tx, who, now, &account, remember, how).await
    }
}

/// The seconds until the first of those that rest may be tried.
fn rest(candidates: &[Candidate]) -> Option<u32> {
    candidates.iter().filter_map(|candidate| candidate.resting).min()
}
