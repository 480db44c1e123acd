//! Verification links, as in `services/links.rs`.

use super::{Answer, Broken, Client, House, Stored, Subject, Token, index};
use portaria::account::{Account, Disowned};
use portaria::contact::Contact;
use portaria::error::{Field, Refusal};
use portaria::holding::{Prover, holds};
use portaria::purpose::LinkFor;
use portaria::value::{Email, Phone};
use portaria::verification::{Proof, Verdict, open_link};

/// What the page of a link shows in a browser that does not hold the sign-up.
pub struct Page {
    pub account: i64,
    /// The phone of the account, if it is proved.
    pub phone: Option<Phone>,
}

impl House {
    pub(super) fn link(&self, token: Token, purpose: LinkFor) -> Answer<(Stored, i64)> {
        let stored = self.stored.iter().find(|it| it.id == token && it.facts.purpose == purpose.into());
        match stored.map(|it| (it, it.subject)) {
            Some((it, Subject::Account(id))) => Ok((it.clone(), id)),
            _ => Err(Refusal::LinkUnknown),
        }
    }

    pub fn look_at_link(&self, token: Token) -> Answer<Page> {
        let (stored, id) = self.link(token, LinkFor::EmailProof)?;
        open_link(&stored.facts, index(&stored.destination), self.now)?;
        let account = self.account(id).filter(|account| account.email.is_some()).ok_or(Refusal::LinkUnknown)?;
        let phone = account.phone.clone().filter(|_| account.phone_proved_at.is_some());
        Ok(Page { account: id, phone })
    }

    /// Returns false if nothing was proved and the page asks for a confirmation.
    pub fn open_link(&mut self, who: &Client, token: Token) -> Answer<bool> {
        let (stored, id) = self.link(token, LinkFor::EmailProof)?;
        open_link(&stored.facts, index(&stored.destination), self.now)?;
        let prover = Prover::by_page(self.holds(who, id));
        if !prover.proves_at_once() && !self.is_broken(Broken::LinkProvesOnGet) {
            return Ok(false);
        }
        self.prove_link(who, token, prover).map(|_| true)
    }

    pub(super) fn holds(&self, who: &Client, account: i64) -> bool {
        let of_signup = who.signup.and_then(|token| self.of_device(token)).and_then(|(signup, _)| signup.account);
        holds(account, of_signup, self.session_of(who))
    }

    pub fn prove_link(&mut self, who: &Client, token: Token, prover: Prover) -> Answer<Option<Token>> {
        let (stored, id) = self.link(token, LinkFor::EmailProof)?;
        match open_link(&stored.facts, index(&stored.destination), self.now)? {
            Verdict::Accepted(proof) => self.prove_address(who, &stored, &proof, id, prover),
            _ => Ok(None),
        }
    }

    fn prove_address(&mut self, who: &Client, stored: &Stored, proof: &Proof, id: i64, prover: Prover) -> Answer<Option<Token>> {
        let before = self.resident(id).map(|it| it.account.clone()).ok_or(Refusal::LinkUnknown)?;
        let email = Self::proved_email(&before, proof).ok_or(Refusal::LinkUnknown)?;
        if !self.write_proved_email(id, &email) {
            self.release_lapsed(email.contact(), id);
            if !self.write_proved_email(id, &email) {
                return Err(Refusal::Taken(Field::Email));
            }
        }
        self.spend(stored.id, who.owner);
        if prover.leaves_to_sign_in(LinkFor::EmailProof.into(), &before) && !self.is_broken(Broken::LinkLetsOthersIn) {
            self.leave_to_sign_in(id);
        }
        Ok(self.judge_password(who, &before, prover))
    }

    fn release_lapsed(&mut self, email: &Email, own: i64) {
        let other = self.by_email(email).filter(|other| other.id != own && !self.still_claims(other)).map(|other| other.id);
        if let Some(id) = other {
            self.delete_unproved(id);
        }
    }

    /// "Não fui eu" on the page of the link.
    pub fn disown_link(&mut self, token: Token) -> Answer<()> {
        let (stored, id) = self.link(token, LinkFor::EmailProof)?;
        open_link(&stored.facts, index(&stored.destination), self.now)?;
        let sent_to = |account: &&Account| account.email.clone().map(Contact::Email).as_ref() == Some(&*stored.destination);
        let account = self.account(id).filter(sent_to).ok_or(Refusal::LinkUnknown)?;
        match account.disowned() {
            Disowned::Nothing => return Err(Refusal::LinkUnknown),
            Disowned::Account => drop(self.delete_unproved(id)),
            Disowned::Email => {
                self.kill(|it| it.facts.purpose == LinkFor::EmailProof.into() && it.subject == Subject::Account(id));
                self.resident_mut(id).email_claimed = false;
                let account = self.account_mut(id);
                account.email = None;
                account.email_proved_at = None;
            }
        }
        Ok(())
    }
}
