//! The world of one sequence: its actors, what they know, and what they may do.

use crate::support::TestApp;
use portaria::accounts::{Accounts, Admission, PasswordLogin};
use portaria::field::{Field, Typed};
use portaria::holding::Prover;
use portaria::journey::Kind;
use portaria::session::{Requester, Token};
use serde_json::Value;
use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;
use time::Duration;

/// The contacts of the person, then of the stranger. Each sequence has its own, so that none disturbs the next.
struct Contacts {
    phones: [String; 2],
    emails: [String; 2],
}

const PASSWORDS: [&str; 2] = ["Girassol#42 azul", "Estranho#42 azul"];
const PERSON: usize = 0;
const STRANGER: usize = 1;
/// The owner of each browser: two for each actor. The machine has none.
const BROWSERS: [(usize, u8); 4] = [(PERSON, 10), (PERSON, 11), (STRANGER, 20), (STRANGER, 21)];

/// What a browser or an API client carries.
struct Browser {
    owner: usize,
    who: Requester,
}

pub struct World<'a> {
    app: &'a TestApp,
    accounts: Arc<dyn Accounts>,
    contacts: Contacts,
    browsers: Vec<Browser>,
    /// Hand-offs that nobody has taken up yet, each with the actor that made it.
    handed: Vec<(usize, Token)>,
    random: u64,
    seed: u64,
    steps: Vec<String>,
    reached: [u32; 4],
}

fn requester(last: u8, seed: u64) -> Requester {
    let [.., a, b] = seed.to_be_bytes();
    Requester::stranger(IpAddr::V4(Ipv4Addr::new(10, a, b, last)))
}

impl<'a> World<'a> {
    /// A world in which nothing has happened yet.
    pub async fn new(app: &'a TestApp, seed: u64) -> Self {
        sqlx::query("delete from captured_messages").execute(&app.pool).await.expect("emptied");
        let phone = |ddd: u8| format!("+55{ddd}9{:08}", 10_000_000 + seed % 80_000_000);
        let contacts = Contacts {
            phones: [phone(11), phone(21)],
            emails: [format!("pessoa{seed}@example.com"), format!("estranho{seed}@example.net")],
        };
        let browsers = BROWSERS.iter().map(|(owner, last)| Browser { owner: *owner, who: requester(*last, seed) }).collect();
        Self {
            app,
            accounts: app.accounts.clone(),
            contacts,
            browsers,
            handed: Vec::new(),
            random: seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1,
            seed,
            steps: Vec::new(),
            reached: [0; 4],
        }
    }

    /// Counts sign-ups begun, codes accepted, browsers signed in and links confirmed.
    pub const fn reached(&self) -> [u32; 4] {
        self.reached
    }

    fn roll(&mut self, sides: usize) -> usize {
        self.random ^= self.random << 13;
        self.random ^= self.random >> 7;
        self.random ^= self.random << 17;
        usize::try_from(self.random >> 33).unwrap_or(0) % sides
    }

    fn browser(&mut self, owner: usize) -> usize {
        owner * 2 + self.roll(2)
    }

    /// Returns what arrived at an actor's contacts, newest first. An actor knows no other secrets.
    async fn mail(&self, owner: usize) -> Vec<Value> {
        let (phone, email) = (&self.contacts.phones[owner], &self.contacts.emails[owner]);
        let messages = self.app.messages().await;
        messages.into_iter().filter(|message| message["to"] == *phone || message["to"] == *email).collect()
    }

    async fn codes(&self, owner: usize) -> Vec<String> {
        self.mail(owner).await.iter().filter_map(|message| message["code"].as_str().map(str::to_owned)).collect()
    }

    async fn links(&self, owner: usize) -> Vec<Token> {
        let links = self.mail(owner).await;
        let token = |message: &Value| {
            let (_, token) = message["link"].as_str()?.split_once("/verify?token=")?;
            Some(Token::new(token.split('&').next().unwrap_or_default()))
        };
        links.iter().filter_map(token).collect()
    }

    /// Picks one: mostly the newest.
    fn one_of<T: Clone>(&mut self, from: &[T]) -> Option<T> {
        let any = if from.is_empty() { 0 } else { self.roll(from.len()) };
        from.get(if self.roll(3) == 0 { any } else { 0 }).cloned()
    }

    /// Fills in a form. The person names her own contacts, the stranger those of either.
    fn details(&mut self, owner: usize, kind: Kind) -> Typed {
        let whose = if owner == PERSON { PERSON } else { self.roll(2) };
        let by_email = kind == Kind::Professor;
        let password = if by_email || self.roll(8) == 0 { PASSWORDS[owner] } else { "" };
        let (phone, email) = (self.contacts.phones[whose].clone(), self.contacts.emails[whose].clone());
        let optional = if !by_email && self.roll(3) == 0 { email.as_str() } else { "" };
        let typed = Typed::from([
            (Field::Name, if self.roll(2) == 0 { "Ana Souza" } else { "Bia Lima" }),
            (Field::Email, if by_email { email.as_str() } else { optional }),
            (Field::Phone, if by_email { "" } else { phone.as_str() }),
            (Field::Password, password),
            (Field::PasswordConfirmation, password),
        ]);
        typed.with_some(Field::Terms, by_email.then_some("true"))
    }

    async fn sign_up(&mut self, owner: usize, browser: usize) -> String {
        let kind = if self.roll(3) == 0 { Kind::Professor } else { Kind::Cliente };
        let details = self.details(owner, kind);
        let told = format!("form {} {}{}", kind.as_str(), details.text(Field::Phone), details.text(Field::Email));
        // Sometimes from a tab of its own.
        let form = (self.roll(3) == 0).then(|| self.accounts.form_token());
        if let Ok(started) = self.accounts.sign_up(&self.browsers[browser].who, kind, details, form).await {
            self.reached[0] += 1;
            if let Some(carried) = started.carried {
                self.browsers[browser].who.carried = carried;
            }
        }
        told
    }

    /// Does one step of an actor.
    pub async fn step(&mut self) {
        let actor = self.roll(16);
        let of_others = actor > 8;
        let held = if of_others { self.held().await } else { Vec::new() };
        let (who, told) = match actor {
            0 => ("time", self.time_passes()),
            1..=8 => ("person", self.act(PERSON).await),
            9 => ("machine", self.machine().await),
            _ => ("stranger", self.act(STRANGER).await),
        };
        self.steps.push(format!("{who}: {told}"));
        if of_others {
            let after = self.held().await;
            self.expect(after == held, &format!("the person's browsers held {held:?} and hold {after:?}"));
        }
    }

    /// Returns the phone sign-ups that the person's browsers hold. E-mail sign-ups are left out: a lapsed claim on an address may
    /// be replaced.
    async fn held(&self) -> Vec<Vec<(bool, String)>> {
        let mut held = Vec::new();
        for browser in self.browsers.iter().filter(|browser| browser.owner == PERSON) {
            let views = self.accounts.signups(&browser.who).await.unwrap_or_default();
            let by_phone = views.into_iter().filter(|view| view.kind == Kind::Cliente);
            held.push(by_phone.map(|view| (view.has_password, view.destination)).collect::<Vec<_>>());
        }
        held
    }

    fn time_passes(&mut self) -> String {
        let seconds = [2, 2, 40, 40, 400, 4000, 90_000][self.roll(7)];
        self.app.advance(Duration::seconds(seconds));
        format!("{seconds} s")
    }

    /// Opens every link of the person's mail, as mail scanners do.
    async fn machine(&mut self) -> String {
        let machine = requester(99, self.seed);
        for link in self.links(PERSON).await.into_iter().take(4) {
            let _ = self.accounts.look_at_link(&machine, &link).await;
            let proved = self.accounts.open_link(&machine, &link).await;
            self.expect(!matches!(proved, Ok(true)), "a machine proved an address");
        }
        "opens the person's links".to_owned()
    }

    /// Makes the browser name one of the sign-ups that it carries, or none.
    async fn choose(&mut self, browser: usize) {
        let views = self.accounts.signups(&self.browsers[browser].who).await.unwrap_or_default();
        let ids: Vec<_> = views.into_iter().map(|view| view.id).collect();
        let chosen = if self.roll(2) == 0 { self.one_of(&ids) } else { None };
        self.browsers[browser].who.signup = chosen;
    }

    async fn act(&mut self, owner: usize) -> String {
        let browser = self.browser(owner);
        self.choose(browser).await;
        if self.browsers[browser].who.carried.is_empty() && self.roll(2) == 0 {
            return self.sign_up(owner, browser).await;
        }
        match self.roll(if owner == PERSON { 10 } else { 14 }) {
            0 | 1 => self.sign_up(owner, browser).await,
            2 => self.hand_off(owner, browser).await,
            3 => self.take_over(owner, browser).await,
            4 | 5 => self.enter_code(owner, browser).await,
            6 => {
                let entered = self.accounts.enter_proved_signup(&self.browsers[browser].who).await;
                if let Ok(signed_in) = entered {
                    self.reached[2] += 1;
                    self.browsers[browser].who.session = Some(signed_in.credential.session);
                }
                format!("browser {browser} enters")
            }
            7 => self.open_link(owner, browser).await,
            8 => self.sign_in(owner, browser).await,
            9 => {
                let _ = self.accounts.resend_signup(&self.browsers[browser].who, "").await;
                format!("browser {browser} asks again")
            }
            // The remaining steps are those that only a stranger would do.
            10 => self.prove_by_api(browser).await,
            11 => {
                let _ = self.accounts.resend_link(&self.browsers[browser].who, &self.contacts.emails[PERSON]).await;
                "asks for the person's link".to_owned()
            }
            12 => {
                let _ = self.accounts.prove_signup(&self.browsers[browser].who, "000000").await;
                format!("browser {browser} guesses")
            }
            _ => self.sign_in_by_code(browser).await,
        }
    }

    async fn hand_off(&mut self, owner: usize, browser: usize) -> String {
        if let Ok(token) = self.accounts.hand_off(&self.browsers[browser].who).await {
            self.handed.push((owner, token));
        }
        format!("browser {browser} hands on")
    }

    /// Takes up a hand-off. The person also takes up what the stranger hands on, and then gives her own data. She gives her own
    /// hand-offs to nobody.
    async fn take_over(&mut self, owner: usize, browser: usize) -> String {
        let open: Vec<_> = self.handed.iter().filter(|(from, _)| owner == PERSON || *from == STRANGER).cloned().collect();
        let Some((from, token)) = self.one_of(&open) else { return "nothing to take up".to_owned() };
        let Ok(started) = self.accounts.take_over(&self.browsers[browser].who, &token).await else {
            return "a hand-off that is gone".to_owned();
        };
        if let Some(carried) = started.carried {
            self.browsers[browser].who.carried = carried;
        }
        let mut told = format!("browser {browser} takes up what {from} handed on");
        if owner == PERSON && from == STRANGER {
            let kind = started.view.kind;
            let password = PASSWORDS[PERSON];
            let details = self.details(PERSON, kind).with(Field::Password, password).with(Field::PasswordConfirmation, password);
            self.browsers[browser].who.signup = Some(started.view.id);
            let who = self.browsers[browser].who.clone();
            let carried = match self.accounts.sign_up(&who, kind, details, None).await {
                Ok(corrected) => corrected.carried,
                // It is not hers, so she gives it up.
                Err(_) => self.accounts.abandon_signup(&who).await.ok(),
            };
            if let Some(carried) = carried {
                self.browsers[browser].who.carried = carried;
            }
            told.push_str(" and corrects it");
        }
        told
    }

    async fn enter_code(&mut self, owner: usize, browser: usize) -> String {
        let codes = self.codes(owner).await;
        let Some(code) = self.one_of(&codes) else { return "no code yet".to_owned() };
        if let Ok(signed_in) = self.accounts.prove_signup(&self.browsers[browser].who, &code).await {
            self.reached[1] += 1;
            self.browsers[browser].who.session = Some(signed_in.credential.session);
        }
        format!("browser {browser} enters a code")
    }

    async fn prove_by_api(&mut self, browser: usize) -> String {
        let whose = self.roll(2);
        let codes = self.codes(STRANGER).await;
        let code = self.one_of(&codes).unwrap_or_else(|| "000000".to_owned());
        let phone = self.contacts.phones[whose].clone();
        if let Ok(signed_in) = self.accounts.prove_phone(&self.browsers[browser].who, &phone, &code).await {
            self.reached[1] += 1;
            self.browsers[browser].who.bearer = Some(signed_in.credential.access);
        }
        format!("proves {phone} by the API")
    }

    /// Opens a link. The person confirms what she asked for herself; otherwise she keeps no password that she did not choose.
    async fn open_link(&mut self, owner: usize, browser: usize) -> String {
        let links = self.links(owner).await;
        let Some(link) = self.one_of(&links) else { return "no link yet".to_owned() };
        let who = &self.browsers[browser].who;
        match self.accounts.open_link(who, &link).await {
            Ok(true) => format!("browser {browser} opens its link"),
            Ok(false) if owner == STRANGER => {
                let _ = self.accounts.prove_link(who, &link, Prover::Confirmed { keeps_password: true }).await;
                "confirms".to_owned()
            }
            Ok(false) if self.roll(3) == 0 => {
                let _ = self.accounts.disown_link(&self.browsers[browser].who, &link).await;
                "was not her".to_owned()
            }
            Ok(false) => {
                // An account with another phone is not hers.
                let view = self.accounts.look_at_link(&self.browsers[browser].who, &link).await.expect("looked at just now");
                if view.phone.is_some() {
                    return "is not sure".to_owned();
                }
                let proved =
                    self.accounts.prove_link(&self.browsers[browser].who, &link, Prover::Confirmed { keeps_password: false }).await;
                self.reached[3] += u32::from(proved.is_ok());
                "confirms with a password of her own to come".to_owned()
            }
            Err(_) => "a link that is no good".to_owned(),
        }
    }

    async fn sign_in(&mut self, owner: usize, browser: usize) -> String {
        let whose = if owner == PERSON { PERSON } else { self.roll(2) };
        let identifier = if self.roll(2) == 0 { &self.contacts.phones } else { &self.contacts.emails }[whose].clone();
        let login = PasswordLogin {
            identifier: identifier.clone(),
            password: Token::new(PASSWORDS[owner]),
            remember: false,
            cancel_deletion: false,
        };
        if let Ok(Admission::In(signed_in)) = self.accounts.sign_in(&self.browsers[browser].who, login).await {
            self.browsers[browser].who.session = Some(signed_in.credential.session);
        }
        format!("browser {browser} signs in as {identifier}")
    }

    async fn sign_in_by_code(&mut self, browser: usize) -> String {
        let whose = self.roll(2);
        let phone = self.contacts.phones[whose].clone();
        let _ = self.accounts.ask_login_code(&self.browsers[browser].who, &phone, "").await;
        let codes = self.codes(STRANGER).await;
        let Some(code) = self.one_of(&codes) else { return "no code to sign in with".to_owned() };
        let who = &self.browsers[browser].who;
        if let Ok(Admission::In(signed_in)) = self.accounts.sign_in_by_code(who, &phone, &code, false).await {
            self.browsers[browser].who.session = Some(signed_in.credential.session);
        }
        format!("signs in by code as {phone}")
    }

    /// Checks that no stranger is signed in to an account of the person.
    pub async fn check(&self) {
        let hers = portaria::value::Phone::parse(&self.contacts.phones[PERSON]).expect("a phone").masked();
        let came_in = |browser: &&Browser| browser.owner == STRANGER && (browser.who.session.is_some() || browser.who.bearer.is_some());
        for browser in self.browsers.iter().filter(came_in) {
            let Ok(account) = self.accounts.me(&browser.who).await else { continue };
            self.expect(account.phone.as_ref() != Some(&hers), "a stranger is in an account with the person's phone");
            let her_address = account.email.as_ref() == Some(&self.contacts.emails[PERSON]) && account.email_proved;
            self.expect(!her_address, "a stranger is in an account with the person's proved address");
        }
    }

    #[track_caller]
    fn expect(&self, holds: bool, what: &str) {
        assert!(holds, "seed {}: {what}, after\n  {}", self.seed, self.steps.join("\n  "));
    }
}
