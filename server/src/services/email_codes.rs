//! The second step of a rider's journey (seed 004, "VERIFICAÇÃO DE EMAIL"), and the code beside the link of any other kind. A code proves
//! the address of an account that exists already. Whoever entered the code may go on.

use super::Service;
use super::codes::{CodeSubmitter, Entered, Sending, send_scope};
use super::signups::whole_seconds;
use super::turn::{Done, Turn};
use crate::db::completion_grants::{self, Carrier};
use crate::db::contacts;
use crate::db::signups::{Signup, SignupRow};
use crate::db::{accounts, audit, signups, tallies};
use crate::fault::Fault;
use portaria::account::Account;
use portaria::account_event::AccountEvent;
use portaria::accounts::{EmailProved, SignedIn};
use portaria::audit::Event;
use portaria::contact::Contact;
use portaria::error::{Field, FieldErrors, Refusal};
use portaria::holding::Prover;
use portaria::limits::Tally;
use portaria::message::Channel;
use portaria::purpose::{CodeFor, Purpose};
use portaria::session::{Browser, BrowserCookies};
use portaria::value::{Code, Email};
use portaria::view::CodeSent;
use time::OffsetDateTime;

const PURPOSE: CodeFor = CodeFor::SignupEmail;

impl Service {
    /// A resend implies an earlier send. It is counted even if there was none, so that waiting times do not tell whether
    /// the address has an account that waits.
    fn count_first_send(&self, tally: &mut Tally, now: OffsetDateTime) {
        let first = now - self.rules.resend_wait;
        if tally.hits.iter().all(|hit| *hit + portaria::limits::SEND_WINDOW <= now) {
            tally.hits.push(first);
        }
    }
}

impl Turn<'_> {
    /// API: finds the account by its code among those that wait on this address.
    pub(super) async fn prove_email_code(&mut self, email: &str, code: &str, prover: Prover) -> Done<EmailProved> {
        let mut errors = FieldErrors::new();
        let email = errors.take(Field::Email, Email::parse(email));
        let code = errors.take(Field::Code, Code::parse(code, PURPOSE.digits()));
        let (Some(email), Some(code)) = (email, code) else { return Err(Refusal::Invalid(errors).into()) };
        if let Some(account) = accounts::by_email(&mut self.tx, self.sealer, &email).await? {
            // Locked before the codes, in the same order as a holder locks them, so that the two cannot deadlock.
            signups::lock_of(&mut self.tx, account.id).await?;
        }
        let destination = Contact::Email(email);
        let index = contacts::index(self.sealer, &destination);
        let entered = self.enter_code(PURPOSE, &index, &code, None, CodeSubmitter::Stranger).await?;
        let (before, account) = self.prove_by_code(&entered).await?;
        let prover = match prover {
            Prover::Reader => Prover::by_page(self.holds(account.id).await?),
            prover => prover,
        };
        if prover.leaves_to_sign_in(PURPOSE.into(), &before) {
            signups::leave_to_sign_in(&mut self.tx, account.id).await?;
        }
        let grant = self.judge_password(&before, prover).await?;
        let token = completion_grants::add(&mut self.tx, self.sealer, self.now, account.id, Carrier::Bearer).await?;
        let cookie = completion_grants::add(&mut self.tx, self.sealer, self.now, account.id, Carrier::Cookie).await?;
        Ok(EmailProved { email: destination.address().to_owned(), token, cookie, grant })
    }

    /// The wizard: with the right code, this browser's sign-up proves the address and signs in.
    pub(super) async fn admit_by_email(&mut self, signup: &Signup, entered: &Entered) -> Done<SignedIn<BrowserCookies>> {
        let (_, account) = self.prove_by_code(entered).await?;
        // The sign-up's expiry starts again: another browser that carries it may follow for a while.
        let written = SignupRow { kept: &signup.kept, phone_index: None, account_id: Some(account.id), holding: signup.holding };
        signups::update(&mut self.tx, self.sealer, self.now, signup.id, &written).await?;
        self.open_session(&account, false, Browser).await
    }

    /// Marks the account's address as proved. Returns the account before and after.
    async fn prove_by_code(&mut self, entered: &Entered) -> Done<(Account, Account)> {
        let id = entered.subject.account()?;
        let before = accounts::by_id(&mut self.tx, self.sealer, id).await?.ok_or(Fault::inconsistent("verifications", "account_id"))?;
        let Some(email) = self.service.proved_email(&before, &entered.proof) else { return Err(Refusal::CodeRefused.into()) };
        let mut proved = accounts::prove_email(&mut self.tx, self.now, id, &email).await?;
        if !proved && self.release_lapsed(email.contact(), id).await? {
            proved = accounts::prove_email(&mut self.tx, self.now, id, &email).await?;
        }
        let entry = audit::Entry {
            event: Event::EmailProved,
            outcome: if proved { "ok" } else { "taken" },
            account: Some(id),
            signup: None,
            subject: Some(&entered.destination),
        };
        self.audit(entry).await?;
        if !proved {
            return Err(Refusal::Taken(Field::Email).into());
        }
        self.email_joined(&before, email.contact()).await?;
        let account = accounts::by_id(&mut self.tx, self.sealer, id).await?.ok_or(Fault::inconsistent("accounts", "id"))?;
        self.tell(id, account.kind, &AccountEvent::of_change(&before, &account)).await?;
        Ok((before, account))
    }

    /// API: sends the code again. The answer, waits and limits are the same if nobody waits for a code: no such account, a
    /// proved one, or one of another kind.
    pub(super) async fn resend_email_code(&mut self, email: &str) -> Done<CodeSent> {
        let email = Email::parse(email).map_err(|error| Refusal::field(Field::Email, error))?;
        let account = accounts::by_email(&mut self.tx, self.sealer, &email).await?;
        let waiting = account.filter(|account| account.kind.journey().proof_purpose == Purpose::Code(PURPOSE) && !account.contact_proved());
        let destination = Contact::Email(email);
        let index = contacts::counted_as(self.sealer, &destination);
        // A separate tally if nobody waits: requests for unknown addresses must not keep an owner from registering.
        let scope = if waiting.is_some() { send_scope(PURPOSE) } else { "send/nobody".to_owned() };
        let mut tally = tallies::lock(&mut self.tx, &scope, &index, self.now).await?;
        self.service.count_first_send(&mut tally, self.now);
        tallies::save(&mut self.tx, &scope, &index, &tally).await?;
        if let Some(account) = &waiting {
            let sending = Sending::to_account(account, PURPOSE, &destination, Channel::Email);
            self.send(&sending).await?;
        } else {
            tally.send(self.now, self.rules.resend_wait).map_err(|retry_after| Refusal::TooSoon { retry_after })?;
            self.count_send().await?;
            tallies::save(&mut self.tx, &scope, &index, &tally).await?;
        }
        let tally = tallies::peek(&mut self.tx, &scope, &index).await?;
        Ok(CodeSent {
            destination: destination.address().to_owned(),
            channel: Channel::Email,
            expires_in: whole_seconds(self.rules.code_carona),
            resend_in: tally.next_send_in(self.now, self.rules.resend_wait).unwrap_or(0),
        })
    }
}
