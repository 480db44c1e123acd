//! E-mail links: looking at one, proving an address by it, sending it again.

use super::codes::{Destination, Sending};
use super::signups::whole_seconds;
use super::{Service, Tx};
use crate::db::verifications::{self, Stored, Subject};
use crate::db::{accounts, audit, recovery_grants};
use crate::fault::{Fault, Outcome};
use portaria::account::{Account, Disowned};
use portaria::error::{Field, Refusal};
use portaria::holding::{self, Prover};
use portaria::message::{Channel, Purpose};
use portaria::recovery::{GRANT_LIFETIME, ResetGrant};
use portaria::session::{Requester, Token};
use portaria::value::{Email, Phone};
use portaria::verification::{Proof, Proved, Verdict, open_link};
use portaria::view::LinkView;
use sqlx::PgConnection;
use time::OffsetDateTime;

impl Service {
    /// The link with this token and purpose, locked until the transaction ends, and whose it is.
    pub(super) async fn link(&self, conn: &mut PgConnection, token: &Token, purpose: Purpose) -> Outcome<(Stored, i64)> {
        let stored = verifications::by_link(conn, &self.sealer, token.as_pasted().expose()).await?.filter(|it| it.facts.purpose == purpose);
        Ok(match stored {
            Some(stored) => match stored.subject {
                Subject::Account(account) => Ok((stored, account)),
                Subject::Signup(_) | Subject::Contest(_) => return Err(Fault::inconsistent("verifications", "account_id")),
            },
            None => Err(Refusal::LinkUnknown),
        })
    }

    /// What a verification link is about, without using it.
    pub(super) async fn do_look_at_link(&self, tx: &mut Tx, token: &Token, now: OffsetDateTime) -> Outcome<LinkView> {
        let (stored, account_id) = match self.link(tx, token, Purpose::EmailLink).await? {
            Ok(link) => link,
            Err(refusal) => return Ok(Err(refusal)),
        };
        let verdict = match open_link(&stored.facts, &stored.destination, now) {
            Ok(verdict) => verdict,
            Err(refusal) => return Ok(Err(refusal)),
        };
        let account = self.account(tx, account_id).await?;
        let Some(email) = account.email.as_ref() else { return Ok(Err(Refusal::LinkUnknown)) };
        Ok(Ok(LinkView {
            email: email.masked(),
            kind: account.kind,
            phone: account.phone.as_ref().filter(|_| account.phone_proved_at.is_some()).map(Phone::masked),
            has_password: account.password_hash.is_some() && !account.contact_proved(),
            asked_at: stored.facts.asked_at.unix_timestamp(),
            used: verdict == Verdict::UsedBefore,
        }))
    }

    /// Opens a link: it proves at once where the sign-up is held, or by a session of its account; elsewhere nothing changes, and
    /// its page asks (SPEC §16).
    pub(super) async fn do_open_link(&self, tx: &mut Tx, who: &Requester, token: &Token, now: OffsetDateTime) -> Outcome<bool> {
        let (stored, account_id) = match self.link(tx, token, Purpose::EmailLink).await? {
            Ok(link) => link,
            Err(refusal) => return Ok(Err(refusal)),
        };
        if let Err(refusal) = open_link(&stored.facts, &stored.destination, now) {
            return Ok(Err(refusal));
        }
        let prover = Prover::by_page(self.holds(tx, who, now, account_id).await?);
        if !prover.proves_at_once() {
            return Ok(Ok(false));
        }
        Ok(self.do_prove_link(tx, who, token, prover, now).await?.map(|_| true))
    }

    /// Whether this browser holds the sign-up of an account, or has a session of it.
    pub(super) async fn holds(&self, tx: &mut Tx, who: &Requester, now: OffsetDateTime, account: i64) -> Result<bool, Fault> {
        let of_signup = self.holds_signup_of(tx, who, now, account).await?.then_some(account);
        let of_session = self.session(tx, who, now).await?.ok().map(|session| session.account_id);
        Ok(holding::holds(account, of_signup, of_session))
    }

    /// Proves the address. A used link opened again in its lifetime is success again (SPEC §3), and changes nothing.
    pub(super) async fn do_prove_link(
        &self,
        tx: &mut Tx,
        who: &Requester,
        token: &Token,
        prover: Prover,
        now: OffsetDateTime,
    ) -> Outcome<Option<ResetGrant>> {
        let (stored, account_id) = match self.link(tx, token, Purpose::EmailLink).await? {
            Ok(link) => link,
            Err(refusal) => {
                let entry = audit::Entry { event: "email_proved", outcome: refusal.code(), ..audit::Entry::default() };
                audit::record(tx, now, who, entry).await?;
                return Ok(Err(refusal));
            }
        };
        let answer = match open_link(&stored.facts, &stored.destination, now) {
            Ok(Verdict::Accepted(proof)) => self.prove_address(tx, who, now, &stored, &proof, account_id, prover).await?,
            Ok(_) => Ok(None),
            Err(refusal) => Err(refusal),
        };
        let outcome = answer.as_ref().map_or_else(Refusal::code, |_| "ok");
        let entry =
            audit::Entry { event: "email_proved", outcome, account: Some(account_id), signup: None, subject: Some(&stored.destination) };
        audit::record(tx, now, who, entry).await?;
        Ok(answer)
    }

    /// The account's address, if that is where what came back had been sent.
    pub(super) fn proved_email(&self, account: &Account, proof: &Proof) -> Option<Proved<Email>> {
        let email = account.email.clone()?;
        let index = self.destination_index(&Destination::Email(email.clone()));
        proof.of(email, &index)
    }

    #[expect(clippy::too_many_arguments, reason = "one decision: what came back, of whom, and how")]
    async fn prove_address(
        &self,
        tx: &mut Tx,
        who: &Requester,
        now: OffsetDateTime,
        stored: &Stored,
        proof: &Proof,
        account_id: i64,
        prover: Prover,
    ) -> Outcome<Option<ResetGrant>> {
        let account = self.account(tx, account_id).await?;
        let Some(email) = self.proved_email(&account, proof) else { return Ok(Err(Refusal::LinkUnknown)) };
        let mut proved = accounts::prove_email(tx, now, account_id, &email).await?;
        if !proved && self.release_lapsed(tx, now, email.contact(), account_id).await? {
            proved = accounts::prove_email(tx, now, account_id, &email).await?;
        }
        if !proved {
            return Ok(Err(Refusal::Taken(Field::Email)));
        }
        verifications::spend(tx, now, stored.id).await?;
        if prover.leaves_to_sign_in(stored.facts.purpose, &account) {
            signups::leave_to_sign_in(tx, account_id).await?;
        }
        self.email_joined(tx, who, now, &account, email.contact()).await?;
        Ok(Ok(self.judge_password(tx, who, now, &account, prover).await?))
    }

    /// What becomes of the password that was chosen before this first proof of a contact: after a proof by whoever merely reads the
    /// mailbox it is out of force, and who proved it may set another (SPEC §16: nobody registers somebody else and then waits).
    pub(super) async fn judge_password(
        &self,
        tx: &mut Tx,
        who: &Requester,
        now: OffsetDateTime,
        before: &Account,
        prover: Prover,
    ) -> Result<Option<ResetGrant>, Fault> {
        if !prover.drops_password(before) {
            return Ok(None);
        }
        accounts::clear_password(tx, now, before.id).await?;
        let token = recovery_grants::insert(tx, &self.sealer, now, before.id, None).await?;
        let entry = audit::Entry { event: "password_dropped", outcome: "ok", account: Some(before.id), ..audit::Entry::default() };
        audit::record(tx, now, who, entry).await?;
        Ok(Some(ResetGrant { token, expires_in: whole_seconds(GRANT_LIFETIME) }))
    }

    /// "Não fui eu" of whoever reads the mailbox: the claim ends with its account, or, where the account was proved by another
    /// contact, the address leaves it. What was proved by this very address has other ways to be disputed.
    pub(super) async fn do_disown_link(&self, tx: &mut Tx, who: &Requester, token: &Token, now: OffsetDateTime) -> Outcome<()> {
        let (stored, account_id) = match self.link(tx, token, Purpose::EmailLink).await? {
            Ok(link) => link,
            Err(refusal) => return Ok(Err(refusal)),
        };
        if let Err(refusal) = open_link(&stored.facts, &stored.destination, now) {
            return Ok(Err(refusal));
        }
        let account = self.account(tx, account_id).await?;
        let sent_to = |email: &&Email| self.destination_index(&Destination::Email((*email).clone())) == stored.destination;
        let Some(email) = account.email.as_ref().filter(sent_to) else { return Ok(Err(Refusal::LinkUnknown)) };
        let entry = audit::Entry {
            event: "email_disowned",
            outcome: "ok",
            account: Some(account_id),
            signup: None,
            subject: Some(&stored.destination),
        };
        audit::record(tx, now, who, entry).await?;
        match account.disowned() {
            Disowned::Account => {
                accounts::delete_unproved(tx, account_id).await?;
            }
            Disowned::Nothing => return Ok(Err(Refusal::LinkUnknown)),
            Disowned::Email => {
                verifications::kill_of(tx, now, Purpose::EmailLink, Subject::Account(account_id)).await?;
                accounts::drop_email(tx, now, account_id, email).await?;
            }
        }
        Ok(Ok(()))
    }

    /// Removes the claim on an address that another account has, if it was never proved and its proof has lapsed.
    async fn release_lapsed(&self, tx: &mut Tx, now: OffsetDateTime, email: &Email, own: i64) -> Result<bool, Fault> {
        match accounts::by_email(tx, &self.sealer, email).await? {
            Some(other) if other.id != own && !self.still_claims(tx, &other, now).await? => accounts::delete_unproved(tx, other.id).await,
            _ => Ok(false),
        }
    }

    /// Sends the link of an account that waits for it again. Always the same answer, also when it is too early: nothing is
    /// sent then (SPEC §11).
    pub(super) async fn do_resend_link(&self, tx: &mut Tx, who: &Requester, email: &str, now: OffsetDateTime) -> Outcome<()> {
        let email = match Email::parse(email) {
            Ok(email) => email,
            Err(error) => return Ok(Err(Refusal::field(Field::Email, error))),
        };
        let waiting = accounts::awaiting_link(tx, &self.sealer, &email).await?;
        let Some(account) = waiting else {
            let index = self.destination_index(&Destination::Email(email));
            let entry = audit::Entry { event: "proof_sent", outcome: "nobody-waits", subject: Some(&index), ..audit::Entry::default() };
            audit::record(tx, now, who, entry).await?;
            return self.count_send(tx, who, now).await;
        };
        let sending = Sending {
            purpose: Purpose::EmailLink,
            subject: Subject::Account(account.id),
            destination: &Destination::Email(email),
            channel: Channel::Email,
            chosen: false,
            name: account.name.first(),
        };
        match self.send(tx, who, now, &sending).await? {
            Ok(()) => Ok(Ok(())),
            // counted like an unknown address: the limit must not tell them apart
            Err(Refusal::TooSoon { .. }) => self.count_send(tx, who, now).await,
            Err(refusal) => Ok(Err(refusal)),
        }
    }
}
