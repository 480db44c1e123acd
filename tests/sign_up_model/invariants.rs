//! The invariants that must hold after every step (SPEC §16).

use crate::cast::{owner_of, password_of};
use crate::house::{House, Owner, SignUp, Stored, Subject, Token, index};
use crate::people::World;
use portaria::account::Account;
use std::rc::Rc;

/// Returns the indexes of an account's proved contacts.
fn proved(account: &Account) -> impl Iterator<Item = &[u8]> {
    let email = account.email.as_ref().filter(|_| account.email_proved_at.is_some()).map(|email| email.as_str().as_bytes());
    let phone = account.phone.as_ref().filter(|_| account.phone_proved_at.is_some()).map(|phone| phone.e164().as_bytes());
    email.into_iter().chain(phone)
}

fn is_of(account: &Account, owner: Owner) -> bool {
    proved(account).any(|contact| owner_of(contact) == owner)
}

/// Returns whether contacts and password of an account are unchanged. Only the owner may change them.
fn is_the_same(before: &Rc<Account>, after: &Rc<Account>) -> bool {
    let (a, b) = (before, after);
    Rc::ptr_eq(a, b)
        || (a.id == b.id
            && (&a.email, a.email_proved_at, a.email_suspended_at) == (&b.email, b.email_proved_at, b.email_suspended_at)
            && (&a.phone, a.phone_proved_at, a.phone_suspended_at) == (&b.phone, b.phone_proved_at, b.phone_suspended_at)
            && a.password_hash == b.password_hash)
}

/// Everything that the person has. No step of the stranger or the machine may take any of it.
pub struct Hers {
    /// The sign-ups that her browsers hold, by cookie, and whether code entries are blocked.
    held: Vec<(Token, SignUp, bool)>,
    /// The codes that can still be entered for them.
    codes: Vec<u64>,
    accounts: Vec<Rc<Account>>,
    sessions: Vec<Token>,
}

impl Hers {
    pub fn of(house: &House) -> Self {
        let mut held = Vec::new();
        let mut codes = Vec::new();
        for device in house.devices.iter().filter(|it| it.owner == Owner::Person && !it.single_use) {
            let Some((signup, _)) = house.of_device(device.token) else { continue };
            let account = signup.account.and_then(|id| house.account(id));
            // Left out: claims that have lapsed, because another may claim the address now; and sign-ups that a stranger handed over,
            // because they are his too.
            if signup.owner != Owner::Person || account.is_some_and(|account| !house.still_claims(account)) {
                continue;
            }
            held.push((device.token, SignUp { updated_at: house.now, ..signup.clone() }, house.entries_rest(signup).is_some()));
            let subjects = [Some(Subject::Signup(signup.id)), signup.account.map(Subject::Account)];
            let open = house.stored.iter().filter(|it| subjects.contains(&Some(it.subject)) && it.facts.can_be_entered(house.now));
            codes.extend(open.filter(|it| owner_of(index(&it.destination)) == Owner::Person).map(|it| it.id));
        }
        let accounts = house.residents.iter().filter(|it| is_of(&it.account, Owner::Person)).map(|it| it.account.clone()).collect();
        let living = house.sessions.iter().filter(|it| it.owner == Owner::Person && it.expires_at > house.now);
        Self { held, codes, accounts, sessions: living.map(|it| it.token).collect() }
    }

    /// Returns whether all of it is still in `after`. More may have been added.
    pub fn stands_in(&self, after: &Self) -> bool {
        self.held.iter().all(|held| after.held.contains(held))
            && self.codes.iter().all(|code| after.codes.contains(code))
            && self.accounts.iter().all(|account| after.accounts.iter().any(|it| is_the_same(account, it)))
            && self.sessions.iter().all(|session| after.sessions.contains(session))
    }
}

impl World {
    /// Returns the invariant that is broken, if any.
    pub fn look(&self) -> Option<&'static str> {
        self.wrong.or_else(|| self.accounts()).or_else(|| self.ways_in()).or_else(|| self.holders())
    }

    fn accounts(&self) -> Option<&'static str> {
        for account in self.house.residents.iter().map(|it| &*it.account) {
            for contact in proved(account) {
                let owner = owner_of(contact);
                let by_its_secret = |it: &&Stored| it.facts.spent_at.is_some() && index(&it.destination) == contact;
                let Some(spent) = self.house.stored.iter().rev().find(by_its_secret) else {
                    return Some("a contact is proved without the secret that was sent to it");
                };
                if spent.spent_by != Some(owner) {
                    return Some("a contact was proved by somebody who does not read it");
                }
                if owner == Owner::Person && account.password_hash.as_deref() == Some(password_of(Owner::Stranger)) {
                    return Some("a password that a stranger chose is in force in an account of the person's");
                }
            }
            if is_of(account, Owner::Person) && is_of(account, Owner::Stranger) {
                return Some("one account has proved contacts of both");
            }
        }
        None
    }

    fn ways_in(&self) -> Option<&'static str> {
        let house = &self.house;
        let foreign = |id: i64, owner: Owner| {
            let other = if owner == Owner::Person { Owner::Stranger } else { Owner::Person };
            house.account(id).is_some_and(|account| is_of(account, other))
        };
        for session in house.sessions.iter().filter(|it| it.expires_at > house.now) {
            if session.owner == Owner::Machine {
                return Some("the machine is in an account");
            }
            if foreign(session.account, session.owner) {
                let stranger = session.owner == Owner::Stranger;
                return Some(if stranger {
                    "a stranger is in an account of the person's"
                } else {
                    "the person is in a stranger's account"
                });
            }
        }
        let mut grants = house.grants.iter().filter(|it| it.expires_at > house.now);
        grants.any(|it| foreign(it.account, it.owner)).then_some("somebody may set the password of an account of another's")
    }

    /// A sign-up is held only by the browser that began it, or last changed its contact or password, and by those that it was handed to
    /// since then.
    fn holders(&self) -> Option<&'static str> {
        let house = &self.house;
        for device in house.devices.iter().filter(|it| it.expires_at > house.now) {
            let Some(signup) = house.signup(device.signup) else { continue };
            if device.token < signup.taken_at && device.single_use {
                return Some("a hand-off outlived a correction");
            }
            if device.token < signup.taken_at && Some(device.browser) != signup.taken_by {
                return Some("a browser holds a sign-up that was corrected elsewhere");
            }
            if signup.owner == Owner::Person && device.owner == Owner::Stranger && device.from == Owner::Stranger {
                return Some("a stranger holds a sign-up of the person's");
            }
        }
        None
    }
}
