//! E-mail links: previewing one, proving an address by it, sending it again.

use super::Service;
use super::codes::Sending;
use super::signups::whole_seconds;
use super::turn::{Caught, Done, Stop, Turn};
use crate::db::contacts;
use crate::db::verifications::{self, Stored, Subject};
use crate::db::{accounts, audit, recovery_grants, signups};
use crate::fault::Fault;
use portaria::account::{Account, Disowned};
use portaria::audit::Event;
use portaria::contact::Contact;
use portaria::error::{Field, Refusal};
use portaria::holding::{self, Prover};
use portaria::message::Channel;
use portaria::purpose::{LinkFor, SecretFor};
use portaria::recovery::{GRANT_LIFETIME, ResetGrant};
use portaria::session::Token;
use portaria::value::{Email, Phone};
use portaria::verification::{Proof, Proved, Verdict, open_link};
use portaria::view::LinkView;

impl Service {
    /// The account's address, if the link or code had been sent to it.
    pub(super) fn proved_email(&self, account: &Account, proof: &Proof) -> Option<Proved<Email>> {
        let email = account.email.clone()?;
        let index = contacts::index(&self.sealer, &Contact::Email(email.clone()));
        proof.of(email, index.newest())
    }
}

impl Turn<'_> {
    /// The link with this token and purpose, locked until the transaction ends, and the id of its account.
    pub(super) async fn link(&mut self, token: &Token, purpose: impl Into<SecretFor>) -> Done<(Stored, i64)> {
        self.link_for_any(token, &[purpose.into()]).await
    }

    /// The same of a link that is for any of these purposes.
    pub(super) async fn link_for_any(&mut self, token: &Token, purposes: &[SecretFor]) -> Done<(Stored, i64)> {
        let stored = verifications::by_link(&mut self.tx, self.sealer, token.as_pasted().expose()).await?;
        let stored = stored.filter(|it| purposes.contains(&it.facts.purpose)).ok_or(Refusal::LinkUnknown)?;
        let account = stored.subject.account()?;
        Ok((stored, account))
    }

    /// Describes a verification link without using it.
    pub(super) async fn look_at_link(&mut self, token: &Token) -> Done<LinkView> {
        let (stored, account_id) = self.link(token, LinkFor::EmailProof).await?;
        let verdict = open_link(&stored.facts, self.sealer.found_by(&stored.destination).newest(), self.now)?;
        let account = self.account(account_id).await?;
        let Some(email) = account.email.as_ref() else { return Err(Refusal::LinkUnknown.into()) };
        Ok(LinkView {
            email: email.masked(),
            kind: account.kind,
            phone: account.phone.as_ref().filter(|_| account.phone_proved_at.is_some()).map(Phone::masked),
            has_password: account.password_hash.is_some() && !account.contact_proved(),
            asked_at: stored.facts.asked_at.unix_timestamp(),
            used: verdict == Verdict::UsedBefore,
        })
    }

    /// Opens a link. It proves the address at once if this browser holds the sign-up or has a session of the account.
    /// Otherwise nothing changes, and the page asks for confirmation (SPEC §16).
    pub(super) async fn open_link(&mut self, token: &Token) -> Done<bool> {
        let (stored, account_id) = self.link(token, LinkFor::EmailProof).await?;
        open_link(&stored.facts, self.sealer.found_by(&stored.destination).newest(), self.now)?;
        let prover = Prover::by_page(self.holds(account_id).await?);
        if !prover.proves_at_once() {
            return Ok(false);
        }
        self.prove_link(token, prover).await?;
        Ok(true)
    }

    /// Returns whether this browser holds the sign-up of an account, or has a session of it.
    pub(super) async fn holds(&mut self, account: i64) -> Result<bool, Fault> {
        let of_signup = self.holds_signup_of(account).await?.then_some(account);
        let of_session = self.session().await.caught()?.ok().map(|session| session.account_id);
        Ok(holding::holds(account, of_signup, of_session))
    }

    /// Proves the address. Opening a used link again within its lifetime succeeds and changes nothing (SPEC §3).
    pub(super) async fn prove_link(&mut self, token: &Token, prover: Prover) -> Done<Option<ResetGrant>> {
        let (stored, account_id) = match self.link(token, LinkFor::EmailProof).await.caught()? {
            Ok(link) => link,
            Err(refusal) => {
                let entry = audit::Entry::of(Event::EmailProved, refusal.code());
                self.audit(entry).await?;
                return Err(refusal.into());
            }
        };
        let destination = self.sealer.found_by(&stored.destination);
        let answer = match open_link(&stored.facts, destination.newest(), self.now) {
            Ok(Verdict::Accepted(proof)) => self.prove_address(&stored, &proof, account_id, prover).await.caught()?,
            Ok(_) => Ok(None),
            Err(refusal) => Err(refusal),
        };
        let outcome = answer.as_ref().map_or_else(Refusal::code, |_| "ok");
        let entry =
            audit::Entry { event: Event::EmailProved, outcome, account: Some(account_id), signup: None, subject: Some(&destination) };
        self.audit(entry).await?;
        Ok(answer?)
    }

    async fn prove_address(&mut self, stored: &Stored, proof: &Proof, account_id: i64, prover: Prover) -> Done<Option<ResetGrant>> {
        let account = self.account(account_id).await?;
        let Some(email) = self.service.proved_email(&account, proof) else { return Err(Refusal::LinkUnknown.into()) };
        let mut proved = accounts::prove_email(&mut self.tx, self.now, account_id, &email).await?;
        if !proved && self.release_lapsed(email.contact(), account_id).await? {
            proved = accounts::prove_email(&mut self.tx, self.now, account_id, &email).await?;
        }
        if !proved {
            return Err(Refusal::Taken(Field::Email).into());
        }
        verifications::spend(&mut self.tx, self.now, stored.id).await?;
        if prover.leaves_to_sign_in(LinkFor::EmailProof.into(), &account) {
            signups::leave_to_sign_in(&mut self.tx, account_id).await?;
        }
        self.email_joined(&account, email.contact()).await?;
        let grant = self.judge_password(&account, prover).await?;
        self.tell_change(&account).await?;
        Ok(grant)
    }

    /// Decides whether the password chosen before this first proof stays. If the proof came from somebody who merely reads
    /// the mailbox, the password is dropped and that person may set another. So nobody can register another person's
    /// address and wait for it to be proved (SPEC §16).
    pub(super) async fn judge_password(&mut self, before: &Account, prover: Prover) -> Result<Option<ResetGrant>, Fault> {
        if !prover.drops_password(before) {
            return Ok(None);
        }
        accounts::clear_password(&mut self.tx, self.now, before.id).await?;
        let token = recovery_grants::insert(&mut self.tx, self.sealer, self.now, before.id, None).await?;
        let entry = audit::Entry { account: Some(before.id), ..audit::Entry::of(Event::PasswordDropped, "ok") };
        self.audit(entry).await?;
        // The link or code went to this address.
        let signs_in_as = before.email.as_ref().map(|email| email.as_str().to_owned()).unwrap_or_default();
        Ok(Some(ResetGrant { token, expires_in: whole_seconds(GRANT_LIFETIME), signs_in_as }))
    }

    /// "Não fui eu" by whoever reads the mailbox. If nothing was proved, the account is deleted. If the account was proved
    /// by another contact, only the address is removed. An address that is itself proved is disputed in other ways.
    pub(super) async fn disown_link(&mut self, token: &Token) -> Done<()> {
        let (stored, account_id) = self.link(token, LinkFor::EmailProof).await?;
        let destination = self.sealer.found_by(&stored.destination);
        open_link(&stored.facts, destination.newest(), self.now)?;
        let account = self.account(account_id).await?;
        let sent_to = |email: &&Email| stored.went_to(self.sealer, &Contact::Email((*email).clone()));
        let Some(email) = account.email.as_ref().filter(sent_to) else { return Err(Refusal::LinkUnknown.into()) };
        let entry = audit::Entry {
            event: Event::EmailDisowned,
            outcome: "ok",
            account: Some(account_id),
            signup: None,
            subject: Some(&destination),
        };
        self.audit(entry).await?;
        self.remind_no_more(email).await?;
        match account.disowned() {
            Disowned::Account => {
                self.delete_unproved(account_id, account.kind).await?;
            }
            Disowned::Nothing => return Err(Refusal::LinkUnknown.into()),
            Disowned::Email => {
                verifications::kill_of(&mut self.tx, self.now, LinkFor::EmailProof, Subject::Account(account_id)).await?;
                accounts::drop_email(&mut self.tx, self.now, account_id, email).await?;
                self.tell_change(&account).await?;
            }
        }
        Ok(())
    }

    /// Removes another account's claim on an address, if it was never proved and its proof has lapsed.
    pub(super) async fn release_lapsed(&mut self, email: &Email, own: i64) -> Result<bool, Fault> {
        match accounts::by_email(&mut self.tx, self.sealer, email).await? {
            Some(other) if other.id != own && !self.still_claims(&other).await? => self.delete_unproved(other.id, other.kind).await,
            _ => Ok(false),
        }
    }

    /// Sends another link to where this one had gone (003, EX04).
    pub(super) async fn resend_expired_link(&mut self, token: &Token) -> Done<()> {
        let (stored, account_id) = self.link(token, LinkFor::EmailProof).await?;
        let account = self.account(account_id).await?;
        let sent_to = |email: &&Email| stored.went_to(self.sealer, &Contact::Email((*email).clone()));
        let Some(email) = account.email.as_ref().filter(sent_to) else { return Err(Refusal::LinkUnknown.into()) };
        self.resend_link(email.as_str()).await
    }

    /// Sends the link again to an account that waits for it. The answer is always the same. If it is too early, nothing is
    /// sent (SPEC §11).
    pub(super) async fn resend_link(&mut self, email: &str) -> Done<()> {
        let email = Email::parse(email).map_err(|error| Refusal::field(Field::Email, error))?;
        let waiting = accounts::awaiting_link(&mut self.tx, self.sealer, &email).await?;
        let Some(account) = waiting else {
            let index = contacts::index(self.sealer, &Contact::Email(email));
            let entry = audit::Entry { subject: Some(&index), ..audit::Entry::of(Event::ProofSent, "nobody-waits") };
            self.audit(entry).await?;
            return self.count_send().await;
        };
        let destination = Contact::Email(email);
        let sending = Sending::to_account(&account, LinkFor::EmailProof, &destination, Channel::Email);
        match self.send(&sending).await {
            // Counted like an unknown address, so that the limit does not tell them apart.
            Err(Stop::Refused(Refusal::TooSoon { .. })) => self.count_send().await,
            sent => sent,
        }
    }
}
