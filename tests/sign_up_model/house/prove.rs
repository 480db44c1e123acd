//! The proof by a code, as in `services/codes/accept.rs`, `services/signups/prove.rs` and `services/email_codes.rs`.

use super::{Answer, Broken, Client, ENTRIES, Grant, House, Scope, SignUp, Stored, Subject, Token, destination, index};
use portaria::account::Account;
use portaria::contact::Contact;
use portaria::entries::{CodeSubmitter, Entries, RevokedCodes};
use portaria::error::{Field, Refusal};
use portaria::holding::Prover;
use portaria::purpose::{CodeFor, LinkFor};
use portaria::recovery::GRANT_LIFETIME;
use portaria::value::{Email, Phone};
use portaria::verification::{Proof, Proved, Verdict, judge};
use std::rc::Rc;
use time::Duration;

pub(super) struct Entered {
    pub subject: Subject,
    pub proof: Proof,
}

impl House {
    /// Enters a code for the sign-up that this browser holds.
    pub fn prove_signup(&mut self, who: &Client, code: u64) -> Answer<Token> {
        let (signup, _) = self.of_requester(who)?;
        let journey = signup.kind.journey();
        let Some(purpose) = journey.proof_purpose.code() else { return Err(Refusal::CodeRefused) };
        let destination = destination(journey, &signup.draft);
        let subject = signup.account.map_or(Subject::Signup(signup.id), Subject::Account);
        let key = signup.id.to_be_bytes();
        let entered = self.take_code(who, purpose, &destination, code, Some(subject), CodeSubmitter::Holder(&key))?;
        if journey.contact_is_email() {
            let (id, _) = self.prove_by_code(&entered)?;
            self.write_signup(signup);
            Ok(self.open_session(who, id))
        } else {
            self.admit(who, signup, &entered.proof)
        }
    }

    /// API: the code itself identifies the sign-up among those that wait for this phone.
    pub fn prove_phone(&mut self, who: &Client, phone: &Phone, code: u64) -> Answer<Token> {
        let destination = Contact::Phone(phone.clone());
        let entered = self.take_code(who, CodeFor::SignupPhone, &destination, code, None, CodeSubmitter::Stranger)?;
        let Subject::Signup(id) = entered.subject else { return Err(Refusal::Unavailable) };
        match self.signup(id).cloned() {
            Some(signup) => self.admit(who, signup, &entered.proof),
            None => Err(Refusal::CodeRefused),
        }
    }

    /// Enters the code of an address, by the API or by the page that needs no sign-up. Returns the session for completing the profile, and
    /// a grant for a new password if the one from the sign-up was removed.
    pub fn prove_email_code(&mut self, who: &Client, email: &Email, code: u64, prover: Prover) -> Answer<(Option<Token>, Option<Token>)> {
        let destination = Contact::Email(email.clone());
        let entered = self.take_code(who, CodeFor::SignupEmail, &destination, code, None, CodeSubmitter::Stranger)?;
        let (id, before) = self.prove_by_code(&entered)?;
        let prover = if prover == Prover::Reader { Prover::by_page(self.holds(who, id)) } else { prover };
        if prover.leaves_to_sign_in(CodeFor::SignupEmail.into(), &before) && !self.is_broken(Broken::ReaderLetsOthersIn) {
            self.leave_to_sign_in(id);
        }
        let grant = self.judge_password(who, &before, prover);
        // Only the API opens a session for completing the profile; the page does not.
        let completes = (prover == Prover::Api).then(|| self.open_session(who, id));
        Ok((completes, grant))
    }

    pub(super) fn take_code(
        &mut self,
        who: &Client,
        purpose: CodeFor,
        destination: &Contact,
        code: u64,
        only: Option<Subject>,
        submitter: CodeSubmitter<'_>,
    ) -> Answer<Entered> {
        let now = self.now;
        let together = self.is_broken(Broken::EntriesAreCountedTogether);
        let (scope, key) = match submitter {
            CodeSubmitter::Holder(held) if !together => (Scope::Held(purpose), held),
            _ => (Scope::Entry(purpose), index(destination)),
        };
        let mut entries = Entries::new(self.tally(scope, key));
        if submitter == CodeSubmitter::Stranger {
            entries.of_day = Some(self.tally(Scope::Guess(purpose), index(destination)));
        }
        if let Some(retry_after) = entries.rest_for(now) {
            return Err(Refusal::CodeBlocked { retry_after });
        }
        let before = entries.clone();
        let blocked = entries.strike(now, ENTRIES);
        let rests = entries.recent.blocked_for(now);
        let save = |house: &mut Self, entries: Entries| {
            house.save_tally(scope, key, entries.recent);
            if let Some(day) = entries.of_day {
                house.save_tally(Scope::Guess(purpose), index(destination), day);
            }
        };
        let at_it = |it: &&Stored| it.facts.purpose == purpose.into() && *it.destination == *destination;
        let open: Vec<Stored> = self.stored.iter().rev().filter(at_it).filter(|it| is_open(it, now)).cloned().collect();
        save(self, entries);
        let mut lapsed = false;
        for it in open.into_iter().filter(|it| only.is_none_or(|only| only == it.subject)) {
            match judge(&it.facts, index(&it.destination), it.id == code, now) {
                Verdict::Accepted(proof) => {
                    self.spend(it.id, who.owner);
                    save(self, before.cleared());
                    return Ok(Entered { subject: it.subject, proof });
                }
                Verdict::TooLate => lapsed = true,
                Verdict::UsedBefore | Verdict::Refused => {}
            }
        }
        if lapsed {
            save(self, before);
            return Err(if purpose.reports_expiry() { Refusal::CodeLapsed } else { Refusal::CodeRefused });
        }
        if !blocked {
            return Err(Refusal::CodeRefused);
        }
        match (submitter.revokes(), only) {
            (RevokedCodes::Own, Some(own)) => self.kill(|it| it.facts.purpose == purpose.into() && it.subject == own),
            _ => {
                let held: Vec<Subject> = if purpose.facts().of_signup && !together { self.held_subjects() } else { Vec::new() };
                self.kill(|it| it.facts.purpose == purpose.into() && *it.destination == *destination && !held.contains(&it.subject));
            }
        }
        Err(Refusal::CodeBlocked { retry_after: rests.unwrap_or(1) })
    }

    /// Returns everything that some browser holds. Wrong entries by strangers must not kill its codes.
    fn held_subjects(&self) -> Vec<Subject> {
        let held = |signup: &&SignUp| self.devices.iter().any(|it| it.signup == signup.id && !it.single_use && it.expires_at > self.now);
        let signups = self.signups.iter().filter(held);
        signups.flat_map(|it| [Some(Subject::Signup(it.id)), it.account.map(Subject::Account)]).flatten().collect()
    }

    /// After the proof of the phone: creates the account, sends a link to the optional address, and signs in.
    fn admit(&mut self, who: &Client, mut signup: SignUp, proof: &Proof) -> Answer<Token> {
        let phone = signup.draft.phone.clone().ok_or(Refusal::CodeRefused)?;
        let contact = Contact::Phone(phone.clone());
        let proved = proof.of(phone.clone(), index(&contact));
        if proved.is_none() && !self.is_broken(Broken::ProofOfAnotherContact) {
            return Err(Refusal::CodeRefused);
        }
        let typed = |it: &&mut super::Resident| it.account.phone_proved_at.is_none() && it.account.phone.as_ref() == Some(&phone);
        for it in self.residents.iter_mut().filter(typed) {
            Rc::make_mut(&mut it.account).phone = None;
        }
        let registrant = Client { owner: signup.owner, ..*who };
        let id = self.insert_account(&registrant, signup.kind, &signup.draft, signup.password, proved.as_ref(), false)?;
        if self.is_broken(Broken::ProofOfAnotherContact) {
            self.account_mut(id).phone_proved_at = Some(self.now);
        }
        if let Some(email) = signup.draft.email.clone() {
            // If it is too early or too many were sent, the address can be proved later.
            let _ = self.send(who, LinkFor::EmailProof, Subject::Account(id), &Contact::Email(email));
        }
        signup.password = None;
        signup.account = Some(id);
        self.write_signup(signup);
        Ok(self.open_session(who, id))
    }

    /// Proves the address of the account by the accepted code. Returns the account as it was before.
    fn prove_by_code(&mut self, entered: &Entered) -> Answer<(i64, Rc<Account>)> {
        let Subject::Account(id) = entered.subject else { return Err(Refusal::Unavailable) };
        let before = self.resident(id).map(|it| it.account.clone()).ok_or(Refusal::Unavailable)?;
        let proved = Self::proved_email(&before, &entered.proof).ok_or(Refusal::CodeRefused)?;
        if !self.write_proved_email(id, &proved) {
            return Err(Refusal::Taken(Field::Email));
        }
        Ok((id, before))
    }

    pub(super) fn proved_email(account: &Account, proof: &Proof) -> Option<Proved<Email>> {
        let email = account.email.clone()?;
        let contact = Contact::Email(email.clone());
        proof.of(email, index(&contact))
    }

    /// Returns false if another account claims the address.
    pub(super) fn write_proved_email(&mut self, id: i64, email: &Proved<Email>) -> bool {
        if self.by_email(email.contact()).is_some_and(|other| other.id != id) {
            return false;
        }
        let now = self.now;
        self.account_mut(id).email_proved_at.get_or_insert(now);
        self.resident_mut(id).email_claimed = true;
        true
    }

    /// From now on nobody is signed in by following the proof of this account's sign-up.
    pub(super) fn leave_to_sign_in(&mut self, account: i64) {
        self.signups.iter_mut().filter(|it| it.account == Some(account)).for_each(|it| it.holding.others_changed = true);
    }

    pub(super) fn judge_password(&mut self, who: &Client, before: &Account, prover: Prover) -> Option<Token> {
        if !prover.drops_password(before) || self.is_broken(Broken::PasswordOutlivesAReader) {
            return None;
        }
        self.account_mut(before.id).password_hash = None;
        let (token, expires_at) = (self.fresh(), self.now + GRANT_LIFETIME);
        self.grants.push(Grant { token, account: before.id, expires_at, owner: who.owner });
        Some(token)
    }

    /// Signs in after the proof was given on another device.
    pub fn enter_proved_signup(&mut self, who: &Client) -> Answer<Token> {
        let (signup, browser) = self.of_requester(who)?;
        let follows = signup.holding.follows(browser, signup.kind.journey().proof_purpose, signup.updated_at, self.now);
        let id = signup.account.filter(|_| follows && self.is_proved(&signup)).ok_or(Refusal::NotSignedIn)?;
        self.drop_browser(signup.id, browser);
        Ok(self.open_session(who, id))
    }
}

/// Returns whether a code is neither spent nor dead nor long expired.
fn is_open(it: &Stored, now: time::OffsetDateTime) -> bool {
    let lately = it.facts.asked_at > now - Duration::hours(2) || it.facts.expires_at.is_some_and(|expires| expires > now);
    it.facts.spent_at.is_none() && it.facts.dead_at.is_none() && lately
}
