//! Accounts that move in or out (SPEC §14 "Import"): the keys of a line, what becomes of them, and what is wrong with one.
//!
//! A line has the values of one account, each by the rule of its own type. It says what is verified; nothing is sent, and nothing has to
//! be proved again.

mod given;
mod line;
#[cfg(test)]
mod tests;

pub use given::{Given, Key, Reason, Value, Wrong};
pub use line::Line;

use crate::account::Account;
use crate::completion::today;
use crate::error::FieldError;
use crate::journey::Kind;
use crate::profile::FreeTexts;
use crate::value::{BirthDate, City, Cnpj, Cpf, Email, Gender, Name, Phone, ShortText, State, Username};
use std::borrow::Cow;
use time::OffsetDateTime;

/// The longest id of another system, in characters.
pub const LONGEST_EXTERNAL_ID: u16 = 255;
/// How the id of an account that came from nowhere else begins in an export; its own number follows.
pub const OWN_ID: &str = "portaria:";

/// What the domain cannot decide itself.
pub trait Outside {
    /// Parses an instant by RFC 3339; the engine for it is too large for the browser.
    fn instant(&self, text: &str) -> Option<OffsetDateTime>;
    /// Judges the hash of a password.
    ///
    /// # Errors
    /// [`Reason::HashUnknown`], [`Reason::HashTooCostly`].
    fn hash(&self, text: &str) -> Result<(), Reason>;
}

/// What was read of a line: enough to find out whether others have its values, even if something is wrong with it.
#[derive(Debug)]
pub struct Judged {
    /// The id in the other system.
    pub external_id: Option<String>,
    /// The e-mail address, if the account would claim it.
    pub claimed_email: Option<Email>,
    /// User name.
    pub username: Option<Username>,
    /// Phone.
    pub phone: Option<Phone>,
    /// CPF.
    pub cpf: Option<Cpf>,
    /// CNPJ.
    pub cnpj: Option<Cnpj>,
    /// The account, or everything that is wrong.
    pub account: Result<Account, Vec<Wrong>>,
}

/// Collects what is wrong while a line is read.
struct Reader<'a> {
    given: &'a Given,
    wrong: Vec<Wrong>,
}

impl Reader<'_> {
    fn push(&mut self, key: Key, reason: Reason) {
        self.wrong.push((Cow::Borrowed(key.name()), reason));
    }

    /// The text of a key; `None`: not given, or of another type, which is noted.
    fn text(&mut self, key: Key) -> Option<String> {
        match self.given.values.get(&key)? {
            Value::Text(text) => Some(text.clone()),
            Value::Flag(_) | Value::Other => {
                self.push(key, Reason::Value(FieldError::WrongType));
                None
            }
        }
    }

    fn value<T>(&mut self, key: Key, parse: impl FnOnce(&str) -> Result<T, FieldError>) -> Option<T> {
        let text = self.text(key)?;
        parse(&text).map_err(|error| self.push(key, Reason::Value(error))).ok()
    }

    fn needed<T>(&mut self, key: Key, parse: impl FnOnce(&str) -> Result<T, FieldError>) -> Option<T> {
        if !self.given.has(key) {
            self.push(key, Reason::Value(FieldError::Required));
        }
        self.value(key, parse)
    }

    /// True or false; false if it is not given. A format without types writes them as words.
    fn flag(&mut self, key: Key) -> bool {
        match self.given.values.get(&key) {
            None => return false,
            Some(Value::Flag(flag)) => return *flag,
            Some(Value::Text(text)) if text.trim().eq_ignore_ascii_case("true") || text.trim() == "1" => return true,
            Some(Value::Text(text)) if text.trim().eq_ignore_ascii_case("false") || text.trim() == "0" => return false,
            Some(Value::Text(_) | Value::Other) => {}
        }
        self.push(key, Reason::NotTrueOrFalse);
        false
    }
}

fn external_id(text: &str) -> Result<String, FieldError> {
    let text = text.trim();
    if text.chars().any(char::is_control) {
        return Err(FieldError::Unprintable);
    }
    if text.chars().count() > usize::from(LONGEST_EXTERNAL_ID) {
        return Err(FieldError::TooLong { max: LONGEST_EXTERNAL_ID });
    }
    Ok(text.to_owned())
}

/// Returns whether an account claims its e-mail address, so that nobody else can register with it: it is proved, or the contact by which
/// the account will be.
pub fn claims_email(account: &Account) -> bool {
    account.email.is_some() && (account.email_proved_at.is_some() || account.kind.journey().contact_is_email() || !account.contact_proved())
}

/// Judges a line. `id` becomes the id of the account; `kind` is that of a line that names none. What is verified counts as proved `now`.
pub fn judge(given: &Given, id: i64, kind: Option<Kind>, now: OffsetDateTime, outside: &impl Outside) -> Judged {
    let mut read = Reader { given, wrong: Vec::new() };
    read.wrong.extend(given.unknown.iter().map(|name| (Cow::Owned(name.clone()), Reason::UnknownKey)));
    let kind = match kind {
        Some(kind) if !given.has(Key::Kind) => Some(kind),
        _ => read.needed(Key::Kind, Kind::parse),
    };
    let name = read.needed(Key::Name, Name::parse);
    let by_email = kind.is_some_and(|kind| kind.journey().contact_is_email());
    let email = if by_email { read.needed(Key::Email, Email::parse) } else { read.value(Key::Email, Email::parse) };
    let email_verified = read.flag(Key::EmailVerified);
    let username = read.value(Key::Username, Username::parse);
    let phone_verified = read.flag(Key::PhoneVerified);
    // A code must be able to reach a phone that signs in.
    let phone = read.value(Key::Phone, if phone_verified { Phone::parse_mobile } else { Phone::parse });
    let cpf = read.value(Key::Cpf, Cpf::parse);
    let cnpj = read.value(Key::Cnpj, Cnpj::parse);
    let birth_date = read.value(Key::BirthDate, |text| BirthDate::parse(text, today(now)));
    let gender = read.value(Key::Gender, Gender::parse);
    let state = read.value(Key::State, State::parse);
    let city = read.value(Key::City, City::parse);
    let mut texts = Vec::new();
    for (key, field) in Key::ALL.iter().filter_map(|key| Some((*key, key.field().filter(|field| field.is_free_text())?))) {
        texts.extend(read.value(key, ShortText::parse).map(|text| (field, text)));
    }
    let password_hash = read.text(Key::PasswordHash).map(|hash| hash.trim().to_owned());
    if let Some(Err(reason)) = password_hash.as_deref().map(|hash| outside.hash(hash)) {
        read.push(Key::PasswordHash, reason);
    }
    let created_at = read.text(Key::CreatedAt).and_then(|text| match outside.instant(text.trim()) {
        Some(at) if at <= now => Some(at),
        Some(_) => {
            read.push(Key::CreatedAt, Reason::InstantToCome);
            None
        }
        None => {
            read.push(Key::CreatedAt, Reason::InstantShape);
            None
        }
    });
    let external_id = read.value(Key::ExternalId, external_id);
    if kind.is_some() && !by_email && !given.has(Key::Email) {
        if !given.has(Key::Phone) {
            read.push(Key::Phone, Reason::Value(FieldError::ContactRequired));
        } else if !phone_verified {
            read.push(Key::PhoneVerified, Reason::NeverProved);
        }
    }
    let claimed = email.clone().filter(|_| email_verified || by_email || !phone_verified);
    let mut judged = Judged {
        external_id,
        claimed_email: claimed,
        username: username.clone(),
        phone: phone.clone(),
        cpf: cpf.clone(),
        cnpj: cnpj.clone(),
        account: Err(read.wrong),
    };
    if let (Err(wrong), Some(kind), Some(name)) = (&judged.account, kind, name)
        && wrong.is_empty()
    {
        let proved = |verified: bool, given: bool| (verified && given).then_some(now);
        let account = Account {
            id,
            kind,
            name,
            username,
            email_proved_at: proved(email_verified, email.is_some()),
            email,
            email_suspended_at: None,
            phone_proved_at: proved(phone_verified, phone.is_some()),
            phone,
            phone_suspended_at: None,
            cpf,
            cnpj,
            birth_date,
            gender,
            state,
            city,
            photo: None,
            texts: texts.into_iter().collect::<FreeTexts>(),
            password_hash,
            created_at: created_at.unwrap_or(now),
            terms: None,
            blocked_at: None,
            deletion_asked_at: None,
            last_sign_in_at: None,
            version: 1,
        };
        judged.claimed_email = account.email.clone().filter(|_| claims_email(&account));
        judged.account = Ok(account);
    }
    judged
}
