//! The second step of a rider's journey (seed 004, "VERIFICAÇÃO DE EMAIL"): a code proves the address of an account that is
//! there already, and whoever entered it may go on.

use super::codes::{Destination, Entered, Entrant, Sending, send_scope};
use super::signups::whole_seconds;
use super::{Service, Tx};
use crate::db::proofs::{self, Carrier};
use crate::db::signups::{Signup, Written};
use crate::db::verifications::Subject;
use crate::db::{accounts, audit, signups, tallies};
use crate::fault::{Fault, Outcome};
use portaria::account::Account;
use portaria::accounts::{EmailProved, SignedIn};
use portaria::error::{Field, FieldErrors, Refusal};
use portaria::holding::Prover;
use portaria::journey::Kind;
use portaria::limits::Tally;
use portaria::message::{Channel, Purpose};
use portaria::session::{Presentation, Requester};
use portaria::value::{Code, Email};
use portaria::view::CodeSent;
use time::OffsetDateTime;

const PURPOSE: Purpose = Purpose::SignupEmail;

impl Service {
    /// API: the code alone finds the account among those that wait on this address.
    pub(super) async fn do_prove_email_code(
        &self,
        tx: &mut Tx,
        who: &Requester,
        email: &str,
        code: &str,
        prover: Prover,
        now: OffsetDateTime,
    ) -> Outcome<EmailProved> {
        let mut errors = FieldErrors::new();
        let email = errors.take(Field::Email, Email::parse(email));
        let code = errors.take(Field::Code, Code::parse(code, PURPOSE.digits().unwrap_or(8)));
        let (Some(email), Some(code)) = (email, code) else { return Ok(Err(Refusal::Invalid(errors))) };
        if let Some(account) = accounts::by_email(tx, &self.sealer, &email).await? {
            // before its codes, as whoever holds it: neither waits for the other in a circle
            signups::lock_of(tx, account.id).await?;
        }
        let destination = Destination::Email(email);
        let index = self.destination_index(&destination);
        let entered = match self.take_code(tx, now, PURPOSE, &index, &code, None, Entrant::Stranger).await? {
            Ok(entered) => entered,
            Err(refusal) => return self.refused_code(tx, who, now, &index, refusal).await,
        };
        let (before, account) = match self.prove_by_code(tx, who, now, &entered).await? {
            Ok(accounts) => accounts,
            Err(refusal) => return Ok(Err(refusal)),
        };
        let prover = match prover {
            Prover::Reader => Prover::by_page(self.holds(tx, who, now, account.id).await?),
            prover => prover,
        };
        if prover.leaves_to_sign_in(PURPOSE, &before) {
            signups::leave_to_sign_in(tx, account.id).await?;
        }
        let grant = self.judge_password(tx, who, now, &before, prover).await?;
        let token = proofs::add(tx, &self.sealer, now, account.id, Carrier::Bearer).await?;
        let cookie = proofs::add(tx, &self.sealer, now, account.id, Carrier::Cookie).await?;
        Ok(Ok(EmailProved { email: destination.recipient().to_owned(), token, cookie, grant }))
    }

    /// The wizard: the right code for this browser's sign-up proves the address and signs in.
    pub(super) async fn admit_by_email(
        &self,
        tx: &mut Tx,
        who: &Requester,
        now: OffsetDateTime,
        signup: &Signup,
        entered: &Entered,
    ) -> Outcome<SignedIn> {
        let account = match self.prove_by_code(tx, who, now, entered).await? {
            Ok((_, account)) => account,
            Err(refusal) => return Ok(Err(refusal)),
        };
        // it lives on from here: another browser that carries it may follow for a while
        let written = Written { kept: &signup.kept, phone_index: None, account_id: Some(account.id), holding: signup.holding };
        signups::update(tx, &self.sealer, now, signup.id, &written).await?;
        self.open_session(tx, who, now, &account, false, Presentation::Browser).await
    }

    /// The code was right: notes that the address of its account is proved. Gives the account as it was before, and as it is now.
    async fn prove_by_code(&self, tx: &mut Tx, who: &Requester, now: OffsetDateTime, entered: &Entered) -> Outcome<(Account, Account)> {
        let Subject::Account(id) = entered.subject else { return Err(Fault::inconsistent("verifications", "account_id")) };
        let before = accounts::by_id(tx, &self.sealer, id).await?.ok_or(Fault::inconsistent("verifications", "account_id"))?;
        let Some(email) = self.proved_email(&before, &entered.proof) else { return Ok(Err(Refusal::CodeRefused)) };
        let proved = accounts::prove_email(tx, now, id, &email).await?;
        let entry = audit::Entry {
            event: "email_proved",
            outcome: if proved { "ok" } else { "taken" },
            account: Some(id),
            signup: None,
            subject: Some(&entered.destination),
        };
        audit::record(tx, now, who, entry).await?;
        if !proved {
            return Ok(Err(Refusal::Taken(Field::Email)));
        }
        let account = accounts::by_id(tx, &self.sealer, id).await?.ok_or(Fault::inconsistent("accounts", "id"))?;
        Ok(Ok((before, account)))
    }

    /// API: sends the code again. The answer, its waits and its limits are the same where nobody waits for one: no such
    /// account, one that is proved, one of another kind.
    pub(super) async fn do_resend_email_code(&self, tx: &mut Tx, who: &Requester, email: &str, now: OffsetDateTime) -> Outcome<CodeSent> {
        let email = match Email::parse(email) {
            Ok(email) => email,
            Err(error) => return Ok(Err(Refusal::field(Field::Email, error))),
        };
        let account = accounts::by_email(tx, &self.sealer, &email).await?;
        let waiting = account.filter(|account| account.kind == Kind::Caronista && !account.contact_proved());
        let destination = Destination::Email(email);
        let index = self.counted_as(&destination);
        // a tally of its own where nobody waits: asking for strangers must not keep the owner from registering
        let scope = if waiting.is_some() { send_scope(PURPOSE) } else { "send/nobody".to_owned() };
        let mut tally = tallies::lock(tx, &scope, &index, now).await?;
        self.count_first_send(&mut tally, now);
        tallies::save(tx, &scope, &index, &tally).await?;
        let sent = if let Some(account) = &waiting {
            let sending = Sending {
                purpose: PURPOSE,
                subject: Subject::Account(account.id),
                destination: &destination,
                channel: Channel::Email,
                chosen: false,
                name: account.name.first(),
            };
            self.send(tx, who, now, &sending).await?
        } else if let Err(retry_after) = tally.send(now, self.rules.resend_wait) {
            Err(Refusal::TooSoon { retry_after })
        } else {
            let counted = self.count_send(tx, who, now).await?;
            if counted.is_ok() {
                tallies::save(tx, &scope, &index, &tally).await?;
            }
            counted
        };
        if let Err(refusal) = sent {
            return Ok(Err(refusal));
        }
        let tally = tallies::peek(tx, &scope, &index).await?;
        Ok(Ok(CodeSent {
            destination: destination.recipient().to_owned(),
            expires_in: whole_seconds(self.rules.code_carona),
            resend_in: tally.next_send_in(now, self.rules.resend_wait).unwrap_or(0),
        }))
    }

    /// Whoever asks for another code has been sent one before, or says so: counting it makes the waits of those who were
    /// and those who were not alike.
    fn count_first_send(&self, tally: &mut Tally, now: OffsetDateTime) {
        let first = now - self.rules.resend_wait;
        if tally.hits.iter().all(|hit| *hit + portaria::limits::SEND_WINDOW <= now) {
            tally.hits.push(first);
        }
    }
}
