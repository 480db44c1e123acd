//! Fresh authentication: which sessions may change contacts, documents and passwords, and how a session becomes fresh again
//! (SPEC §13, §16).

use super::Service;
use super::codes::{CodeSubmitter, Sending, send_scope};
use super::entries::held_scope;
use super::login::LOCK;
use super::signups::{delivery, left_of, resend_wait, whole_seconds};
use super::throttle::Allowance;
use super::turn::{Caught, Done, Turn};
use crate::db::contacts;
use crate::db::sessions::{self, Session};
use crate::db::verifications::{self, Stored, Subject};
use crate::db::{accounts, audit, tallies};
use crate::passwords::Verified;
use portaria::account::Account;
use portaria::accounts::Answer;
use portaria::audit::Event;
use portaria::contact::Contact;
use portaria::error::{Field, Refusal};
use portaria::fresh::{Evidence, FreshSession};
use portaria::limits::seconds_until;
use portaria::message::Channel;
use portaria::purpose::CodeFor;
use portaria::session::Requester;
use portaria::value::{Code, Email, Password};
use portaria::view::{CodeSent, OwnerCode};

const PURPOSE: CodeFor = CodeFor::Reauthentication;

impl Service {
    /// Makes this session fresh, and no other. The try is counted like a sign-in, under the same lock, before anything is
    /// compared.
    pub(super) async fn freshen(&self, who: &Requester, evidence: &Evidence) -> Answer<i64> {
        let mut turn = self.turn(who).await?;
        let done = turn.session().await;
        let session = turn.end(done).await?;
        let answer = match evidence {
            Evidence::Password(typed) => match Password::for_login(typed.expose()) {
                Ok(typed) => self.by_password(who, &session, &typed).await,
                Err(error) => self.audited(who, Event::Reauthenticated, Err(Refusal::field(Field::Password, error))).await,
            },
            Evidence::Code(typed) => match Code::parse(typed, PURPOSE.digits()) {
                Ok(typed) => {
                    self.count_guess(who).await?;
                    let mut turn = self.turn(who).await?;
                    let done = turn.by_code(&session, &typed).await;
                    turn.end(done).await
                }
                Err(error) => self.audited(who, Event::Reauthenticated, Err(Refusal::field(Field::Code, error))).await,
            },
        };
        answer.map(|fresh| fresh.until().unix_timestamp())
    }

    async fn by_password(&self, who: &Requester, session: &Session, typed: &Password) -> Answer<FreshSession> {
        self.refuse_used_up(who, Event::Reauthenticated.as_str(), &[Allowance::Guesses]).await?;
        let _gate = self.locks.acquire_or_refuse(self.sealer.index("login.gate", &session.account_id.to_string())).await?;
        // The permit comes first: if the queue is full, nothing was tried and nothing is counted.
        let permit = self.password_permit(who, Event::Reauthenticated.as_str()).await?;
        self.count_guess(who).await?;
        let mut turn = self.turn(who).await?;
        let done = turn.count_reauthentication(session).await;
        let (account, locks) = turn.end(done).await?;
        let verified = self.passwords.verify(permit, typed.as_str().to_owned(), account.password_hash.clone()).await;
        let right = verified.map_err(|fault| fault.log_and_refuse())? != Verified::No;
        let mut turn = self.turn(who).await?;
        let done = turn.judge_reauthentication(session, &account, right, locks).await;
        turn.end(done).await
    }

    /// The contact for a code: preferably the one that the account's kind proves at sign-up, otherwise the other.
    fn own_contact(&self, account: &Account) -> Option<Contact> {
        account.reachable_contacts_own_first().into_iter().find(|contact| self.may_reach(contact))
    }
}

impl Turn<'_> {
    /// The requester's living session, if it is fresh.
    pub(super) async fn fresh(&mut self) -> Done<(Session, FreshSession)> {
        let session = self.session().await?;
        let fresh = FreshSession::of(session.account_id, session.authenticated_at, self.now, self.rules.fresh_authentication);
        Ok((session, fresh?))
    }

    /// The same with its account, under the login lock. If this runs at the same time as "não fui eu", the second sees what
    /// the first did.
    pub(super) async fn fresh_account(&mut self) -> Done<(Account, FreshSession)> {
        let (session, _) = self.fresh().await?;
        self.lock_login(session.account_id).await?;
        let (session, fresh) = self.fresh().await?;
        Ok((self.account(session.account_id).await?, fresh))
    }

    /// Counted before the password is compared.
    async fn count_reauthentication(&mut self, session: &Session) -> Done<(Account, bool)> {
        let account = self.account(session.account_id).await?;
        let locks = self.count_login(Some(account.id), &account.id.to_be_bytes()).await?;
        Ok((account, locks))
    }

    async fn judge_reauthentication(&mut self, session: &Session, account: &Account, right: bool, locks: bool) -> Done<FreshSession> {
        self.lock_login(account.id).await?;
        // The password may have been reset during the comparison.
        let hash = account.password_hash.as_deref().unwrap_or_default();
        if !right || !accounts::has_password(&mut self.tx, account.id, hash).await? {
            self.failed_login(Some(account), &account.id.to_be_bytes(), locks).await?;
            return Err(Refusal::BadCredentials.into());
        }
        self.refresh_session(session).await
    }

    async fn by_code(&mut self, session: &Session, typed: &Code) -> Done<FreshSession> {
        let account = self.account(session.account_id).await?;
        let key = account.id.to_be_bytes();
        let locks = self.count_login(Some(account.id), &key).await?;
        let subject = Subject::Account(account.id);
        let newest = verifications::newest_of(&mut self.tx, PURPOSE, subject).await?;
        // A code sent to a contact that is no longer in force is refused.
        let in_force = |it: &Stored| account.usable_contacts().any(|contact| it.went_to(self.sealer, &contact));
        let newest = newest.filter(in_force);
        let right = match newest {
            Some(newest) => self
                .take_code(PURPOSE, &self.sealer.found_by(&newest.destination), typed, Some(subject), CodeSubmitter::Holder(&key))
                .await
                .caught()?
                .is_ok(),
            None => false,
        };
        if !right {
            self.failed_login(Some(&account), &key, locks).await?;
            return Err(Refusal::BadCredentials.into());
        }
        self.refresh_session(session).await
    }

    /// The caller holds the login lock's row.
    async fn refresh_session(&mut self, session: &Session) -> Done<FreshSession> {
        self.clear_login(&session.account_id.to_be_bytes()).await?;
        if !sessions::authenticated(&mut self.tx, self.now, session.id).await? {
            return Err(Refusal::NotSignedIn.into());
        }
        let entry = audit::Entry { account: Some(session.account_id), ..audit::Entry::of(Event::Reauthenticated, "ok") };
        self.audit(entry).await?;
        Ok(FreshSession::of(session.account_id, self.now, self.now, self.rules.fresh_authentication)?)
    }

    /// Sends a code to a contact in force, by the channel that was asked for, if one was.
    pub(super) async fn ask_reauthentication(&mut self, channel: &str) -> Done<CodeSent> {
        let account = self.own_account().await?;
        let Some(destination) = self.service.own_contact(&account) else { return Err(Refusal::NotVerified.into()) };
        let offered = destination.code_channels();
        let asked = self.service.asked_channel(channel, offered)?;
        let Some(mut channel) = self.service.channel(asked, offered) else { return Err(Refusal::NotVerified.into()) };
        if let Contact::Phone(phone) = &destination {
            channel = self.goes_now(phone, PURPOSE, channel, asked.is_some()).await?;
        }
        let sending = Sending { chosen: asked.is_some(), ..Sending::to_account(&account, PURPOSE, &destination, channel) };
        self.send(&sending).await?;
        let tally = tallies::peek(&mut self.tx, &send_scope(PURPOSE), &contacts::counted_as(self.sealer, &destination)).await?;
        Ok(CodeSent {
            destination: destination.masked(),
            channel,
            expires_in: whole_seconds(self.rules.lifetime(PURPOSE.facts().lifetime)),
            resend_in: tally.next_send_in(self.now, self.rules.resend_wait).unwrap_or(0),
        })
    }

    /// How the newest code stands. One that was used, or that went to a contact that is no longer in force, is none.
    pub(super) async fn reauthentication_code(&mut self) -> Done<Option<OwnerCode>> {
        let account = self.own_account().await?;
        let newest = verifications::newest_of(&mut self.tx, PURPOSE, Subject::Account(account.id)).await?;
        let Some(code) = newest.filter(|it| it.facts.spent_at.is_none()) else { return Ok(None) };
        let Some(contact) = account.usable_contacts().find(|contact| code.went_to(self.sealer, contact)) else { return Ok(None) };
        let sends = tallies::peek(&mut self.tx, &send_scope(PURPOSE), &contacts::counted_as(self.sealer, &contact)).await?;
        let key = account.id.to_be_bytes();
        let entries = tallies::peek(&mut self.tx, &held_scope(PURPOSE), &key).await?;
        // The sign-ins of the account are counted with them, and either count may be the first to end it.
        let sign_ins = tallies::peek(&mut self.tx, LOCK, &key).await?.left(self.now, self.rules.lockout);
        let entries_left = left_of(&entries, self.rules, self.now).map(|left| sign_ins.map_or(left, |of_account| left.min(of_account)));
        let delivery = delivery(&code, self.now);
        let expires_in = match code.facts.expires_at {
            _ if !code.facts.can_be_entered(self.now) => 0,
            Some(expires) => seconds_until(expires, self.now),
            None => whole_seconds(code.facts.lifetime),
        };
        let channel = code.delivered_by.unwrap_or(code.channel);
        // A code that the phone did not get has followed by e-mail.
        let email = account.usable_email().filter(|_| channel == Channel::Email);
        Ok(Some(OwnerCode {
            destination: email.map_or_else(|| contact.masked(), Email::masked),
            delivery,
            channel,
            channels: self.service.available(contact.code_channels()),
            expires_in,
            resend_in: sends.next_send_in(self.now, resend_wait(delivery, self.rules)).unwrap_or(0),
            entries_left,
        }))
    }
}
