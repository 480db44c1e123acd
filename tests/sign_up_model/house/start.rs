//! The first form, as in `services/signups.rs` and `services/signups/start.rs`.

use super::{Answer, Broken, Client, Form, House, Resident, SignUp, Subject, Token, destination};
use portaria::account::Account;
use portaria::error::{Field, FieldError, Refusal};
use portaria::holding::{Correction, Holders, Holding, is_corrected};
use portaria::journey::Kind;
use portaria::profile::FreeTexts;
use portaria::signup::Draft;
use portaria::value::Phone;
use portaria::verification::Proved;

type Held = (SignUp, u64);

impl House {
    /// Handles the wizard's first form. Returns the sign-up, and a cookie if the browser has none for it.
    pub fn sign_up(&mut self, who: &Client, form: &Form) -> Answer<(u64, Option<Token>)> {
        let held = self.held(who, form);
        self.prepare(who, form, held.as_ref())?;
        if let Some((signup, browser)) = &held
            && self.is_proved(signup)
        {
            return Ok(self.started(who, signup.id, *browser, None));
        }
        let began = if held.is_none() { form.token } else { None };
        let browser = match &held {
            Some((_, browser)) => *browser,
            None => self.fresh(),
        };
        let id = if form.kind.journey().contact_is_email() {
            self.attempt(|house| house.start_by_email(who, form, held, browser))?
        } else {
            self.start_by_phone(who, form, held, Some(browser))?
        };
        Ok(self.started(who, id, browser, began))
    }

    /// API: registers a client. No browser holds the sign-up.
    pub fn register_client(&mut self, who: &Client, form: &Form) -> Answer<u64> {
        self.prepare(who, form, None)?;
        self.start_by_phone(who, form, None, None)
    }

    /// API: registers by e-mail.
    pub fn register(&mut self, who: &Client, form: &Form) -> Answer<i64> {
        self.prepare(who, form, None)?;
        self.attempt(|house| house.claim(who, form, form.password))
    }

    fn held(&self, who: &Client, form: &Form) -> Option<Held> {
        let found = |(signup, browser): (&SignUp, u64), by_token| {
            is_corrected(by_token, signup.kind == form.kind, self.is_proved(signup)).then(|| (signup.clone(), browser))
        };
        if let Some(held) = form.token.and_then(|token| self.of_form(token)) {
            return found(held, true);
        }
        if self.is_broken(Broken::EqualFormIsTheSamePerson)
            && let Some(signup) = self.signups.iter().find(|signup| self.lives(signup) && signup.draft == form.draft)
        {
            return signup.holding.begun_by.and_then(|browser| found((signup, browser), false));
        }
        found(self.of_device(who.signup?)?, false)
    }

    /// Checks the form before anything is written.
    fn prepare(&self, who: &Client, form: &Form, held: Option<&Held>) -> Answer<()> {
        if held.is_none() {
            self.look_at_sends(who)?;
        }
        let known = held.is_some_and(|(signup, browser)| signup.has_password && self.keeps_password(signup, *browser));
        let optional = form.kind.journey().ask(Field::Password).is_some_and(|ask| ask.optional);
        if form.password.is_none() && !optional && !known {
            return Err(Refusal::field(Field::Password, FieldError::Required));
        }
        let own = held.and_then(|(signup, _)| signup.account);
        let phone = form.draft.phone.as_ref().and_then(|phone| self.by_phone(phone)).map(|account| (Field::Phone, account));
        let email = form.draft.email.as_ref().and_then(|email| self.by_email(email)).map(|account| (Field::Email, account));
        for (field, account) in [phone, email].into_iter().flatten().filter(|(_, account)| Some(account.id) != own) {
            if !account.is_unproved_phone(field) && self.still_claims(account) {
                return Err(Refusal::Taken(field));
            }
        }
        Ok(())
    }

    fn keeps_password(&self, signup: &SignUp, browser: u64) -> bool {
        self.is_broken(Broken::PasswordOfAnotherBrowserStays) || signup.holding.keeps_password(browser)
    }

    fn started(&mut self, who: &Client, id: u64, browser: u64, form: Option<Token>) -> (u64, Option<Token>) {
        let carries = who.signup.and_then(|token| self.of_device(token)).is_some_and(|(signup, _)| signup.id == id);
        let device = (!carries).then(|| self.add_device(who, id, browser, form, who.owner));
        (id, device)
    }

    fn insert_signup(&mut self, who: &Client, form: &Form, account: Option<i64>, holding: Holding<u64>) -> u64 {
        let (id, password) = (self.fresh(), form.password.filter(|_| account.is_none()));
        self.signups.push(SignUp {
            id,
            kind: form.kind,
            draft: form.draft.clone(),
            password,
            has_password: form.password.is_some(),
            account,
            updated_at: self.now,
            holding,
            owner: who.owner,
            taken_by: holding.begun_by,
            taken_at: id,
        });
        id
    }

    fn start_by_phone(&mut self, who: &Client, form: &Form, held: Option<Held>, browser: Option<u64>) -> Answer<u64> {
        let journey = form.kind.journey();
        let destination = destination(journey, &form.draft);
        let Some((mut signup, browser)) = held else {
            return self.attempt(|house| {
                let id = house.insert_signup(who, form, None, Holding::begun(browser));
                house.send_first(who, journey.proof_purpose, Subject::Signup(id), &destination)?;
                Ok(id)
            });
        };
        let subject = Subject::Signup(signup.id);
        let newest = self.newest_of(journey.proof_purpose, subject);
        let waits = newest.is_some_and(|it| it.facts.can_be_entered(self.now) && *it.destination == destination);
        if !waits && let Err(refusal) = self.send(who, journey.proof_purpose, subject, &destination) {
            if self.is_broken(Broken::RefusedCorrectionStays) {
                signup.draft = form.draft.clone();
                self.write_signup(signup);
            }
            return Err(refusal);
        }
        if signup.draft.phone != form.draft.phone && !self.is_broken(Broken::ProofOfAnotherContact) {
            self.kill(|it| it.facts.purpose == journey.proof_purpose.into() && it.subject == subject && *it.destination != destination);
        }
        self.correct(who, &mut signup, browser, form);
        let id = signup.id;
        self.write_signup(signup);
        Ok(id)
    }

    /// Applies a correction to the sign-up and its holders.
    fn correct(&mut self, who: &Client, signup: &mut SignUp, browser: u64, form: &Form) {
        let keeps = self.keeps_password(signup, browser);
        let dropped = signup.has_password && !keeps;
        let mut correction = Correction::between(&signup.draft, &form.draft, form.password.is_some() || dropped);
        if self.is_broken(Broken::OptionalContactIsNone) {
            correction.contact = destination(signup.kind.journey(), &signup.draft) != destination(signup.kind.journey(), &form.draft);
        }
        // The model decides by itself who owns the sign-up from now on.
        if signup.draft.phone != form.draft.phone || signup.draft.email != form.draft.email || form.password.is_some() {
            signup.owner = who.owner;
            (signup.taken_by, signup.taken_at) = (Some(browser), self.fresh());
        }
        if signup.holding.correct(browser, correction) == Holders::OnlyThis && !self.is_broken(Broken::HoldersOutliveACorrection) {
            let hand_offs = !self.is_broken(Broken::HandOffsOutliveACorrection);
            let ends = |it: &super::Device| it.signup == signup.id && if it.single_use { hand_offs } else { it.browser != browser };
            self.devices.retain(|device| !ends(device));
        }
        if self.is_broken(Broken::ChangedByOthersIsForgotten) {
            signup.holding.others_changed = false;
        }
        signup.has_password = form.password.is_some() || (keeps && signup.has_password);
        signup.password = form.password.or(signup.password.filter(|_| keeps)).filter(|_| signup.account.is_none());
        signup.draft = form.draft.clone();
    }

    fn start_by_email(&mut self, who: &Client, form: &Form, held: Option<Held>, browser: u64) -> Answer<u64> {
        let Some((mut signup, browser)) = held else {
            let account = self.claim(who, form, form.password)?;
            return Ok(self.insert_signup(who, form, Some(account), Holding::begun(Some(browser))));
        };
        match signup.account {
            Some(id) if signup.draft.claims_as(&form.draft) => {
                let account = self.account_mut(id);
                account.name = form.draft.name.clone();
                if let Some(password) = form.password {
                    account.password_hash = Some(password.to_owned());
                }
            }
            before => {
                // The new claim replaces the old account, and the old link with it. The password is kept.
                let given = before.and_then(|id| self.account(id)).and_then(|account| account.password_hash.clone());
                let keeps = self.keeps_password(&signup, browser);
                if let Some(id) = before {
                    self.write_signup(SignUp { account: None, ..signup.clone() });
                    self.delete_unproved(id);
                }
                let id = self.claim(who, form, form.password)?;
                let password = &mut self.account_mut(id).password_hash;
                *password = password.take().or(given.filter(|_| keeps));
                signup.account = Some(id);
            }
        }
        self.correct(who, &mut signup, browser, form);
        signup.has_password = true;
        let id = signup.id;
        self.write_signup(signup);
        Ok(id)
    }

    /// Creates the pending account of an e-mail journey and sends the proof. A lapsed claim to the address is deleted first.
    fn claim(&mut self, who: &Client, form: &Form, password: Option<&str>) -> Answer<i64> {
        let draft = &form.draft;
        let in_the_way = draft.email.as_ref().and_then(|email| self.by_email(email)).map(|account| account.id);
        if let Some(id) = in_the_way {
            let claims = self.account(id).is_some_and(|account| self.still_claims(account));
            if claims || !self.delete_unproved(id) {
                return Err(Refusal::Taken(Field::Email));
            }
        }
        let id = self.insert_account(who, form.kind, draft, password, None, true)?;
        let journey = form.kind.journey();
        self.send_first(who, journey.proof_purpose, Subject::Account(id), &destination(journey, draft))?;
        Ok(id)
    }

    /// Inserts an account, with the unique indexes of the table.
    pub(super) fn insert_account(
        &mut self,
        who: &Client,
        kind: Kind,
        draft: &Draft,
        password: Option<&str>,
        phone: Option<&Proved<Phone>>,
        email_claimed: bool,
    ) -> Answer<i64> {
        if draft.phone.as_ref().is_some_and(|phone| self.by_phone(phone).is_some()) {
            return Err(Refusal::Taken(Field::Phone));
        }
        if email_claimed && draft.email.as_ref().is_some_and(|email| self.by_email(email).is_some()) {
            return Err(Refusal::Taken(Field::Email));
        }
        let id = i64::try_from(self.fresh()).unwrap_or_default();
        let account = Account {
            id,
            kind,
            name: draft.name.clone(),
            username: draft.username.clone(),
            email: draft.email.clone(),
            email_proved_at: None,
            email_suspended_at: None,
            phone: draft.phone.clone(),
            phone_proved_at: phone.and_then(|proved| (Some(proved.contact()) == draft.phone.as_ref()).then_some(self.now)),
            phone_suspended_at: None,
            cpf: None,
            cnpj: None,
            birth_date: None,
            gender: None,
            state: None,
            city: None,
            photo: None,
            texts: FreeTexts::default(),
            password_hash: password.map(str::to_owned),
            created_at: self.now,
            terms: None,
            blocked_at: None,
            deletion_asked_at: None,
            last_sign_in_at: None,
            version: 1,
        };
        self.residents.push(Resident { account: account.into(), email_claimed, registered_by: who.owner });
        Ok(id)
    }
}
