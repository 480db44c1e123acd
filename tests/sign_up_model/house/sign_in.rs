//! Sign-in and new passwords, as in `services/login.rs` and `services/new_password.rs`.

use super::{Answer, Client, House, Session, Stored, Subject, Token};
use portaria::account::Account;
use portaria::contact::Contact;
use portaria::entries::CodeSubmitter;
use portaria::error::Refusal;
use portaria::purpose::{CodeFor, LinkFor};
use portaria::recovery::open_once;
use portaria::session::NOT_REMEMBERED;
use portaria::value::{Email, Phone};

impl House {
    pub(super) fn open_session(&mut self, who: &Client, account: i64) -> Token {
        let (token, expires_at) = (self.fresh(), self.now + NOT_REMEMBERED);
        self.sessions.push(Session { token, account, expires_at, owner: who.owner });
        token
    }

    pub fn session_of(&self, who: &Client) -> Option<i64> {
        let lives = |it: &&Session| Some(it.token) == who.session && it.expires_at > self.now;
        self.sessions.iter().find(lives).map(|it| it.account)
    }

    pub fn sign_in(&mut self, who: &Client, with: &Contact, password: &str) -> Answer<Token> {
        let found = match with {
            Contact::Email(email) => self.by_email(email),
            Contact::Phone(phone) => self.by_phone(phone).filter(|account| account.phone_proved_at.is_some()),
        };
        let account = found.filter(|account| account.password_hash.as_deref() == Some(password)).ok_or(Refusal::BadCredentials)?;
        if !account.contact_proved() {
            return Err(Refusal::NotVerified);
        }
        let id = account.id;
        Ok(self.open_session(who, id))
    }

    pub fn ask_login_code(&mut self, who: &Client, phone: &Phone) -> Answer<()> {
        self.look_at_sends(who)?;
        let contact = Contact::Phone(phone.clone());
        let in_force = self.by_phone(phone).filter(|account| account.usable_phone().is_some()).map(|account| account.id);
        match in_force {
            Some(id) => self.send(who, CodeFor::LoginPhone, Subject::Account(id), &contact),
            None => self.send_to_nobody(who, &contact),
        }
    }

    pub fn sign_in_by_code(&mut self, who: &Client, phone: &Phone, code: u64) -> Answer<Token> {
        let contact = Contact::Phone(phone.clone());
        let entered = self.take_code(who, CodeFor::LoginPhone, &contact, code, None, CodeSubmitter::Stranger)?;
        let Subject::Account(id) = entered.subject else { return Err(Refusal::Unavailable) };
        let in_force = self.account(id).is_some_and(|account| account.usable_phone() == Some(phone));
        if in_force { Ok(self.open_session(who, id)) } else { Err(Refusal::CodeRefused) }
    }

    pub fn forgot_password(&mut self, who: &Client, email: &Email) -> Answer<()> {
        self.look_at_sends(who)?;
        let contact = Contact::Email(email.clone());
        let in_force = self.by_email(email).filter(|account| account.usable_email().is_some()).map(|account| account.id);
        match in_force {
            Some(id) => self.send(who, LinkFor::PasswordReset, Subject::Account(id), &contact),
            None => self.send_to_nobody(who, &contact),
        }
    }

    pub fn reset_by_link(&mut self, who: &Client, token: Token, password: &str) -> Answer<()> {
        let (Stored { id: link, destination, facts, .. }, id) = self.link(token, LinkFor::PasswordReset)?;
        open_once(&facts, self.now)?;
        let sent_to = |account: &Account| account.usable_email().cloned().map(Contact::Email).as_ref() == Some(&*destination);
        if !self.account(id).is_some_and(sent_to) {
            return Err(Refusal::LinkUnknown);
        }
        self.spend(link, who.owner);
        self.set_password(id, password);
        // The password was set by the address, so the phone is suspended until it is confirmed again.
        let now = self.now;
        let account = self.account_mut(id);
        if account.phone_proved_at.is_some() {
            account.phone_suspended_at.get_or_insert(now);
        }
        Ok(())
    }

    pub fn reset_by_grant(&mut self, token: Token, password: &str) -> Answer<()> {
        let open = self.grants.iter().find(|it| it.token == token && it.expires_at > self.now);
        let id = open.map(|it| it.account).ok_or(Refusal::CodeRefused)?;
        self.set_password(id, password);
        Ok(())
    }

    /// Sets the password, ends all sessions, and voids all other codes, links and grants for a new password.
    fn set_password(&mut self, id: i64, password: &str) {
        self.account_mut(id).password_hash = Some(password.to_owned());
        self.sessions.retain(|it| it.account != id);
        self.grants.retain(|it| it.account != id);
        let closed = [CodeFor::Recovery.into(), LinkFor::PasswordReset.into()];
        self.kill(|it| it.subject == Subject::Account(id) && closed.contains(&it.facts.purpose));
    }
}
