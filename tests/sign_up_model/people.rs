//! The people of the model, what they know, and what they do.
//!
//! **The person** names only her own contacts, reads only her own messages and shows them to nobody. On the page of a link she confirms
//! only what she registered herself. She takes over sign-ups that the stranger hands to her; then she corrects or abandons them. By the
//! API she enters only codes of sign-ups that she registered there, because a person who uses both cannot tell the codes apart.
//! **The stranger** names anybody's contacts, keeps every cookie that he ever got, and knows everything about her but her messages.
//! **The machine** opens every link in the person's mail, as scanners do.

use crate::cast::{CAST, owner_of, password_of};
use crate::events::{Event, Events};
use crate::house::{Answer, Broken, Client, Form, House, Owner, Token, destination, index};
use portaria::error::{Field, Refusal};
use portaria::journey::Kind;
use portaria::profile::FreeTexts;
use portaria::signup::Draft;
use portaria::value::{Email, Phone};
use std::rc::Rc;
use time::Duration;

/// An act. The two numbers of a [`Step`] choose its target among what exists when the step is taken, so that a sequence stays valid when
/// steps are removed from it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Act {
    FirstForm,
    SameFormTwice,
    EqualForm,
    Register,
    CorrectContact,
    CorrectPassword,
    CorrectSomething,
    UseUpSends,
    HandOff,
    TakeOver,
    Abandon,
    EnterCode,
    EnterAnyCode,
    Guess,
    ProveByApi,
    ProveByPage,
    Enter,
    OpenLink,
    Resend,
    ResendByContact,
    SignIn,
    SignInByCode,
    Reset,
    Machine,
    Wait,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Step {
    /// The index of one of the four browsers. The first two are the person's.
    pub browser: usize,
    pub act: Act,
    pub a: u8,
    pub b: u8,
}

pub struct World {
    pub house: House,
    pub events: Events,
    pub browsers: [Client; 4],
    handed: Vec<(Owner, Token)>,
    pub grants: Vec<(Owner, Token)>,
    /// The sign-ups that the person registered by the API.
    pub registered: Vec<u64>,
    /// A log of the steps, if it is wanted.
    pub told: Option<Vec<String>>,
    /// A broken invariant that was found while a step was taken.
    pub wrong: Option<&'static str>,
}

impl World {
    pub fn new(broken: Option<Broken>, tells: bool) -> Self {
        let browser = |owner, address| Client { owner, address, signup: None, session: None };
        Self {
            house: House::new(broken),
            events: Events::default(),
            browsers: [browser(Owner::Person, 10), browser(Owner::Person, 11), browser(Owner::Stranger, 20), browser(Owner::Stranger, 21)],
            handed: Vec::new(),
            grants: Vec::new(),
            registered: Vec::new(),
            told: tells.then(Vec::new),
            wrong: None,
        }
    }

    pub fn owner(&self, step: Step) -> Owner {
        if step.act == Act::Machine { Owner::Machine } else { self.browsers[step.browser].owner }
    }

    pub fn take(&mut self, step: Step) {
        let who = self.browsers[step.browser];
        let outcome = match step.act {
            Act::Wait => {
                let seconds = [31, 31, 61, 61, 130, 310, 910, 3_700, 90_000][usize::from(step.a) % 9];
                self.house.now += Duration::seconds(seconds);
                Ok(())
            }
            Act::Machine => {
                self.machine();
                Ok(())
            }
            Act::FirstForm => self.first_form(step, &who),
            Act::SameFormTwice => self.same_form_twice(step, &who),
            Act::EqualForm => self.equal_form(step, &who),
            Act::Register => self.register(step, &who),
            Act::CorrectContact | Act::CorrectPassword | Act::CorrectSomething => self.correct(step, &who),
            Act::UseUpSends => {
                self.house.use_up_sends(&who);
                Ok(())
            }
            Act::HandOff => self.house.hand_off(&who).map(|token| self.handed.push((who.owner, token))),
            Act::TakeOver => self.take_over(step, &who),
            Act::Abandon => {
                self.house.abandon(&who);
                self.browsers[step.browser].signup = None;
                Ok(())
            }
            Act::EnterCode | Act::EnterAnyCode | Act::Guess => self.enter_code(step, &who),
            Act::ProveByApi => self.prove_by_api(step, &who),
            Act::ProveByPage => self.prove_by_page(step, &who),
            Act::Enter => {
                let entered = self.house.enter_proved_signup(&who);
                self.came_in(step.browser, entered, Event::Followed)
            }
            Act::OpenLink => self.open_link(step, &who),
            Act::Resend => self.house.resend_signup(&who),
            Act::ResendByContact => self.resend_by_contact(step, &who),
            Act::SignIn => self.sign_in(step, &who),
            Act::SignInByCode => self.sign_in_by_code(step, &who),
            Act::Reset => self.reset(step, &who),
        };
        if let Some(told) = &mut self.told {
            let who = if step.act == Act::Machine { "machine".to_owned() } else { format!("{:?} {}", who.owner, step.browser) };
            let outcome = outcome.map_or_else(|refusal| refusal.code().to_owned(), |()| "done".to_owned());
            told.push(format!("{who}: {:?} ({}, {}): {outcome}", step.act, step.a, step.b));
        }
    }

    /// Returns whose contacts the step is about: the person names only her own, the stranger anybody's.
    fn whose(step: Step, who: &Client) -> usize {
        if who.owner == Owner::Person { 0 } else { usize::from(step.b & 1) }
    }

    fn which(step: Step) -> usize {
        usize::from(step.b % 8 >= 6)
    }

    pub fn phone(step: Step, who: &Client) -> Phone {
        CAST.phones[Self::whose(step, who)][Self::which(step)].clone()
    }

    pub fn email(step: Step, who: &Client) -> Email {
        CAST.emails[Self::whose(step, who)][Self::which(step)].clone()
    }

    fn form(step: Step, who: &Client) -> Form {
        let kind = [Kind::Cliente, Kind::Cliente, Kind::Professor, Kind::Caronista][usize::from(step.a % 4)];
        let by_email = kind != Kind::Cliente;
        let optional = !by_email && step.a & 16 != 0;
        let typed = by_email || step.a & 32 != 0;
        let draft = Draft {
            name: CAST.names[usize::from(step.a >> 6 & 1)].clone(),
            username: (kind == Kind::Caronista).then(|| CAST.usernames[usize::from(who.owner != Owner::Person)].clone()),
            email: (by_email || optional).then(|| Self::email(step, who)),
            phone: (!by_email).then(|| Self::phone(step, who)),
            cnpj: None,
            texts: FreeTexts::default(),
            terms: by_email,
        };
        Form { kind, draft: Rc::new(draft), password: typed.then_some(password_of(who.owner)), token: None }
    }

    /// Sends a form. Checks that a refusal changed nothing and was not caused by a claim that should have lapsed.
    fn send_form(&mut self, browser: usize, form: &Form) -> Answer<()> {
        let who = self.browsers[browser];
        let before = (self.house.signups.clone(), self.house.devices.clone());
        match self.house.sign_up(&who, form) {
            Ok((_, device)) => {
                self.browsers[browser].signup = device.or(who.signup);
                Ok(())
            }
            Err(refusal) => {
                if before.0 != self.house.signups || before.1 != self.house.devices {
                    self.wrong = Some("a form that was refused changed a sign-up");
                }
                self.refused(form, &refusal);
                Err(refusal)
            }
        }
    }

    fn refused(&mut self, form: &Form, refusal: &Refusal) {
        self.events.count(Event::Refused);
        let email = form.draft.email.as_ref();
        if *refusal == Refusal::Taken(Field::Email)
            && let Some(account) = email.and_then(|email| self.house.by_email(email))
            && !account.contact_proved()
            && account.created_at + Duration::hours(24) <= self.house.now
        {
            self.wrong = Some("a claim that was never proved keeps others out after a day");
        }
    }

    fn first_form(&mut self, step: Step, who: &Client) -> Answer<()> {
        let token = self.house.fresh();
        let form = Form { token: Some(token), ..Self::form(step, who) };
        self.send_form(step.browser, &form)?;
        self.events.count(Event::Began);
        Ok(())
    }

    /// Presses the button twice, before the cookie of the first answer has arrived.
    fn same_form_twice(&mut self, step: Step, who: &Client) -> Answer<()> {
        let token = self.house.fresh();
        let form = Form { token: Some(token), ..Self::form(step, who) };
        self.browsers[step.browser].signup = None;
        self.send_form(step.browser, &form)?;
        let (cookie, signups) = (self.browsers[step.browser].signup, self.house.signups.len());
        self.browsers[step.browser].signup = None;
        let again = self.send_form(step.browser, &form);
        if self.house.signups.len() != signups {
            self.wrong = Some("a form that was sent twice is two sign-ups");
        }
        if again.is_err() {
            self.browsers[step.browser].signup = cookie;
        }
        self.events.count(Event::SentTwice);
        Ok(())
    }

    /// Sends a form that is equal to one that somebody else sent.
    fn equal_form(&mut self, step: Step, who: &Client) -> Answer<()> {
        let hers = |owner: Owner| owner == Owner::Person || who.owner == Owner::Stranger;
        let other = self.house.signups.iter().rev().find(|signup| signup.owner != who.owner && hers(signup.owner));
        let Some(other) = other.map(|signup| (signup.kind, signup.draft.clone())) else { return Err(Refusal::SignupGone) };
        let form = Self::form(step, who);
        let password = form.password.or((other.0 != Kind::Cliente).then_some(password_of(who.owner)));
        self.browsers[step.browser].signup = None;
        self.send_form(step.browser, &Form { kind: other.0, draft: other.1, password, token: None })?;
        self.events.count(Event::EqualForm);
        Ok(())
    }

    fn register(&mut self, step: Step, who: &Client) -> Answer<()> {
        let form = Self::form(step, who);
        let answer = if form.kind == Kind::Cliente {
            self.house.register_client(who, &form).map(|id| {
                if who.owner == Owner::Person {
                    self.registered.push(id);
                }
            })
        } else {
            self.house.register(who, &form).map(drop)
        };
        match answer {
            Ok(()) => self.events.count(Event::Registered),
            Err(ref refusal) => self.refused(&form, refusal),
        }
        answer
    }

    fn own_signup(&self, who: &Client) -> Answer<(Kind, Rc<Draft>)> {
        let held = who.signup.and_then(|token| self.house.of_device(token));
        held.map(|(signup, _)| (signup.kind, signup.draft.clone())).ok_or(Refusal::SignupGone)
    }

    fn correct(&mut self, step: Step, who: &Client) -> Answer<()> {
        let (kind, before) = self.own_signup(who)?;
        let mut draft = Draft::clone(&before);
        let own = password_of(who.owner);
        let mut password = None;
        match step.act {
            Act::CorrectContact if kind == Kind::Cliente => draft.phone = Some(Self::phone(step, who)),
            Act::CorrectContact => draft.email = Some(Self::email(step, who)),
            Act::CorrectPassword => password = Some(own),
            _ if kind == Kind::Cliente && step.a & 1 == 0 => draft.email = (step.a & 2 == 0).then(|| Self::email(step, who)),
            _ => draft.name = CAST.names[usize::from(step.a >> 1 & 1)].clone(),
        }
        let draft = Rc::new(draft);
        // A form that was refused because the password is missing is sent again with one.
        let needed = kind != Kind::Cliente;
        let mut answer = self.send_form(step.browser, &Form { kind, draft: draft.clone(), password, token: None });
        if needed && matches!(answer, Err(Refusal::Invalid(_))) {
            answer = self.send_form(step.browser, &Form { kind, draft, password: Some(own), token: None });
        }
        self.events.count(if answer.is_ok() { Event::Corrected } else { Event::CorrectionRefused });
        answer
    }

    /// If the sign-up comes from the stranger, the person corrects or abandons it.
    fn take_over(&mut self, step: Step, who: &Client) -> Answer<()> {
        let hers = who.owner == Owner::Person;
        let open = self.handed.iter().rev().filter(|(from, _)| hers || *from == Owner::Stranger);
        let Some((from, token)) = open.copied().nth(usize::from(step.a % 2)) else { return Err(Refusal::LinkUnknown) };
        let (id, device) = self.house.take_over(who, token)?;
        self.browsers[step.browser].signup = Some(device);
        self.events.count(Event::TookOver);
        if !hers || from == Owner::Person {
            return Ok(());
        }
        let before = self.house.signup(id).map(|signup| (signup.kind, signup.draft.clone())).ok_or(Refusal::SignupGone)?;
        let mut form = Self::form(step, who);
        form.kind = before.0;
        let mut draft = Draft::clone(&before.1);
        let contact = destination(before.0.journey(), &draft);
        if owner_of(index(&contact)) == Owner::Stranger || step.b & 16 != 0 {
            draft.email = (before.0 != Kind::Cliente || step.b & 2 != 0).then(|| Self::email(step, who));
            draft.phone = (before.0 == Kind::Cliente).then(|| Self::phone(step, who));
        }
        draft.email.take_if(|email| owner_of(email.as_str().as_bytes()) == Owner::Stranger);
        draft.name = form.draft.name.clone();
        form.draft = Rc::new(draft);
        form.password = form.password.filter(|_| step.b & 4 != 0);
        if form.draft == before.1 {
            form.password = Some(password_of(who.owner));
        }
        let mut corrected = self.send_form(step.browser, &form);
        if matches!(corrected, Err(Refusal::Invalid(_))) {
            form.password = Some(password_of(who.owner));
            corrected = self.send_form(step.browser, &form);
        }
        if corrected.is_err() {
            self.house.abandon(&self.browsers[step.browser]);
            self.browsers[step.browser].signup = None;
        }
        corrected
    }
}
