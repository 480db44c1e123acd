//! Sign-ups that wait for their proof, as in `services/signups/waiting.rs`.

use super::{Answer, Client, Device, House, SignUp, Subject, Token, destination};
use portaria::contact::Contact;
use portaria::error::Refusal;
use portaria::purpose::LinkFor;
use portaria::signup::HANDOFF_LIFETIME;
use portaria::value::{Email, Phone};

impl House {
    pub fn resend_signup(&mut self, who: &Client) -> Answer<()> {
        self.look_at_sends(who)?;
        let (signup, _) = self.of_requester(who)?;
        if self.is_proved(&signup) { Ok(()) } else { self.send_again(who, signup) }
    }

    fn send_again(&mut self, who: &Client, signup: SignUp) -> Answer<()> {
        let journey = signup.kind.journey();
        let subject = signup.account.map_or(Subject::Signup(signup.id), Subject::Account);
        self.send(who, journey.proof_purpose, subject, &destination(journey, &signup.draft))?;
        self.write_signup(signup);
        Ok(())
    }

    /// API: sends again the code of the newest sign-up that waits for this phone.
    pub fn resend_phone(&mut self, who: &Client, phone: &Phone) -> Answer<()> {
        self.look_at_sends(who)?;
        let waits = |signup: &&SignUp| signup.account.is_none() && self.lives(signup) && signup.draft.phone.as_ref() == Some(phone);
        match self.signups.iter().filter(waits).max_by_key(|signup| signup.updated_at).cloned() {
            Some(signup) => self.send_again(who, signup),
            None => self.send_to_nobody(who, &Contact::Phone(phone.clone())),
        }
    }

    /// Sends the verification link of a pending account again. The answer does not reveal whether there is one.
    pub fn resend_link(&mut self, who: &Client, email: &Email) -> Answer<()> {
        self.look_at_sends(who)?;
        let waiting = self.residents.iter().filter(|it| it.account.email.as_ref() == Some(email) && it.account.email_proved_at.is_none());
        let newest = waiting.max_by_key(|it| (it.email_claimed, it.account.created_at)).map(|it| it.account.id);
        let Some(id) = newest else { return self.count_send(who) };
        match self.send(who, LinkFor::EmailProof, Subject::Account(id), &Contact::Email(email.clone())) {
            Err(Refusal::TooSoon { .. }) => self.count_send(who),
            answer => answer,
        }
    }

    pub fn hand_off(&mut self, who: &Client) -> Answer<Token> {
        let (signup, browser) = self.of_requester(who)?;
        let (token, expires_at) = (self.fresh(), self.now + HANDOFF_LIFETIME);
        let (owner, from) = (who.owner, who.owner);
        self.devices.push(Device { token, signup: signup.id, browser, form: None, single_use: true, expires_at, owner, from });
        Ok(token)
    }

    pub fn take_over(&mut self, who: &Client, token: Token) -> Answer<(u64, Token)> {
        let open = self.devices.iter().position(|it| it.token == token && it.single_use && it.expires_at > self.now);
        let Some(open) = open else { return Err(Refusal::LinkUnknown) };
        let Device { signup, from, .. } = self.devices.remove(open);
        if self.signup(signup).is_none() {
            return Err(Refusal::SignupGone);
        }
        let browser = self.fresh();
        Ok((signup, self.add_device(who, signup, browser, None, from)))
    }

    pub fn abandon(&mut self, who: &Client) {
        if let Ok((signup, browser)) = self.of_requester(who) {
            self.drop_browser(signup.id, browser);
        }
    }

    pub(super) fn drop_browser(&mut self, signup: u64, browser: u64) {
        self.devices.retain(|it| it.signup != signup || it.single_use || it.browser != browser);
    }
}
