//! What people do with the messages that they got: codes, links, passwords.

use crate::cast::{CAST, MACHINE, owner_of, password_of};
use crate::events::Event;
use crate::house::{Answer, Client, Owner, Page, Stored, Subject, Token, index};
use crate::people::{Act, Step, World};
use portaria::contact::Contact;
use portaria::holding::Prover;
use portaria::purpose::{CodeFor, LinkFor, SecretFor};

impl World {
    /// Returns what was sent to the contacts of an owner, newest first. They know no other secrets.
    fn mail(&self, owner: Owner, purposes: &[SecretFor]) -> Vec<&Stored> {
        let theirs = |it: &&Stored| purposes.contains(&it.facts.purpose) && owner_of(index(&it.destination)) == owner;
        self.house.stored.iter().rev().filter(theirs).collect()
    }

    pub fn came_in(&mut self, browser: usize, session: Answer<Token>, event: Event) -> Answer<()> {
        self.browsers[browser].session = Some(session?);
        self.events.count(event);
        Ok(())
    }

    pub fn enter_code(&mut self, step: Step, who: &Client) -> Answer<()> {
        let nth = if step.act == Act::EnterAnyCode { usize::from(step.a) } else { 0 };
        let mail = self.mail(who.owner, &[CodeFor::SignupPhone.into(), CodeFor::SignupEmail.into()]);
        let code = match mail.len() {
            0 => 0,
            codes => mail[nth % codes].id,
        };
        let code = if step.act == Act::Guess { 0 } else { code };
        let entered = self.house.prove_signup(who, code);
        if entered.is_err() {
            self.events.count(Event::WrongCode);
        }
        self.came_in(step.browser, entered, Event::ProvedByCode)
    }

    pub fn prove_by_api(&mut self, step: Step, who: &Client) -> Answer<()> {
        let guess = who.owner == Owner::Stranger && step.a.is_multiple_of(3);
        let hers = |it: &&&Stored| who.owner != Owner::Person || self.registered.iter().any(|id| it.subject == Subject::Signup(*id));
        let mail = self.mail(who.owner, &[CodeFor::SignupPhone.into()]);
        let code = mail.iter().find(hers).map_or(0, |it| it.id);
        let session = self.house.prove_phone(who, &Self::phone(step, who), if guess { 0 } else { code });
        self.came_in(step.browser, session, Event::ProvedByApi)
    }

    /// Uses the page that takes an address and its code in any browser, without a sign-up.
    pub fn prove_by_page(&mut self, step: Step, who: &Client) -> Answer<()> {
        let code = self.mail(who.owner, &[CodeFor::SignupEmail.into()]).first().map_or(0, |it| it.id);
        let (_, grant) = self.house.prove_email_code(who, &Self::email(step, who), code, Prover::Reader)?;
        self.events.count(Event::ProvedByPage);
        self.granted(who, grant);
        Ok(())
    }

    fn granted(&mut self, who: &Client, grant: Option<Token>) {
        if let Some(token) = grant {
            self.events.count(Event::PasswordFell);
            self.grants.push((who.owner, token));
        }
    }

    pub fn machine(&mut self) {
        let links: Vec<u64> = self.mail(Owner::Person, &[LinkFor::EmailProof.into()]).iter().map(|it| it.id).collect();
        for link in links {
            let _ = self.house.look_at_link(link);
            if self.house.open_link(&MACHINE, link).is_ok() {
                self.events.count(Event::MachineOpened);
            }
        }
    }

    pub fn open_link(&mut self, step: Step, who: &Client) -> Answer<()> {
        let links = self.mail(who.owner, &[LinkFor::EmailProof.into()]);
        let nth = if step.a.is_multiple_of(3) { usize::from(step.a / 3) % links.len().max(1) } else { 0 };
        let link = links.get(nth).map_or(0, |it| it.id);
        if self.house.open_link(who, link)? {
            self.events.count(Event::ProvedByLink);
            return Ok(());
        }
        let page = self.house.look_at_link(link)?;
        if who.owner == Owner::Person && !self.is_hers(&page) && (page.phone.is_some() || step.b & 2 == 0) {
            self.house.disown_link(link)?;
            self.events.count(Event::Disowned);
            return Ok(());
        }
        // The person keeps no password that she did not choose.
        let keeps_password = who.owner == Owner::Stranger || (self.is_hers(&page) && step.b & 4 == 0);
        let grant = self.house.prove_link(who, link, Prover::Confirmed { keeps_password })?;
        self.events.count(Event::Confirmed);
        self.granted(who, grant);
        Ok(())
    }

    /// Returns whether the account has the person's phone; without a phone, whether she registered it.
    fn is_hers(&self, page: &Page) -> bool {
        match &page.phone {
            Some(phone) => CAST.phones[0].contains(phone),
            None => self.house.resident(page.account).is_some_and(|resident| resident.registered_by == Owner::Person),
        }
    }

    pub fn resend_by_contact(&mut self, step: Step, who: &Client) -> Answer<()> {
        if step.a & 1 == 0 {
            self.house.resend_phone(who, &Self::phone(step, who))
        } else {
            self.house.resend_link(who, &Self::email(step, who))
        }
    }

    pub fn sign_in(&mut self, step: Step, who: &Client) -> Answer<()> {
        let with = if step.a & 1 == 0 { Contact::Phone(Self::phone(step, who)) } else { Contact::Email(Self::email(step, who)) };
        let session = self.house.sign_in(who, &with, password_of(who.owner));
        self.came_in(step.browser, session, Event::SignedIn)
    }

    pub fn sign_in_by_code(&mut self, step: Step, who: &Client) -> Answer<()> {
        let phone = Self::phone(step, who);
        let _ = self.house.ask_login_code(who, &phone);
        let code = self.mail(who.owner, &[CodeFor::LoginPhone.into()]).first().map_or(0, |it| it.id);
        let session = self.house.sign_in_by_code(who, &phone, code);
        self.came_in(step.browser, session, Event::SignedInByCode)
    }

    /// Sets a new password: by a grant if there is one, otherwise by a reset link.
    pub fn reset(&mut self, step: Step, who: &Client) -> Answer<()> {
        let password = password_of(who.owner);
        if let Some(at) = self.grants.iter().position(|(owner, _)| *owner == who.owner) {
            let (_, token) = self.grants.remove(at);
            self.house.reset_by_grant(token, password)?;
            self.events.count(Event::ResetByGrant);
            return Ok(());
        }
        let _ = self.house.forgot_password(who, &Self::email(step, who));
        let link = self.mail(who.owner, &[LinkFor::PasswordReset.into()]).first().map_or(0, |it| it.id);
        self.house.reset_by_link(who, link, password)?;
        self.events.count(Event::Reset);
        Ok(())
    }
}
