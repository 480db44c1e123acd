//! Names, contacts and passwords of the person and the stranger.

use crate::house::{Client, Owner};
use portaria::value::{Email, Name, Phone, Username};
use std::sync::LazyLock;

pub const MACHINE: Client = Client { owner: Owner::Machine, address: 99, signup: None, session: None };
const PASSWORDS: [&str; 2] = ["the person's", "the stranger's"];

pub struct Cast {
    pub names: [Name; 2],
    pub phones: [[Phone; 2]; 2],
    pub emails: [[Email; 2]; 2],
    pub usernames: [Username; 2],
}

/// In each array the first element belongs to the person, the second to the stranger.
pub static CAST: LazyLock<Cast> = LazyLock::new(|| {
    let name = |text| Name::parse(text).expect("a name");
    let phone = |text| Phone::parse(text).expect("a phone");
    let email = |text| Email::parse(text).expect("an address");
    let username = |text| Username::parse(text).expect("a user name");
    Cast {
        names: [name("Ana Souza"), name("Bia Lima")],
        phones: [[phone("+5511987654321"), phone("+5511987654322")], [phone("+5521987654321"), phone("+5521987654322")]],
        emails: [[email("ana@example.com"), email("souza@example.com")], [email("xis@example.net"), email("zeta@example.net")]],
        usernames: [username("ana.souza"), username("xis")],
    }
});

pub fn owner_of(index: &[u8]) -> Owner {
    let hers = CAST.phones[0].iter().any(|phone| phone.e164().as_bytes() == index)
        || CAST.emails[0].iter().any(|email| email.as_str().as_bytes() == index);
    if hers { Owner::Person } else { Owner::Stranger }
}

pub fn password_of(owner: Owner) -> &'static str {
    PASSWORDS[usize::from(owner != Owner::Person)]
}
