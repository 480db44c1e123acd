//! The value types for what people type.

use crate::text;
use portaria::value::{
    BirthDate, City, Cnpj, Code, Cpf, Document, Email, Gender, Name, Password, PasswordPolicy, Phone, ShortText, State, Username,
};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::fmt::Debug;
use time::{Date, Month};

/// Checks that a value survives serialisation, and that its `Debug`, which may be logged, does not show it.
fn kept<T: Serialize + DeserializeOwned + PartialEq + Debug>(value: &T, canonical: &str) {
    let json = serde_json::to_string(value).expect("a text");
    assert_eq!(json, serde_json::to_string(canonical).unwrap(), "kept in its canonical form");
    assert!(serde_json::from_str::<T>(&json).expect("what was written is read") == *value);
    // Type name and mask are removed first, because "sername" is a valid user name and "(***" a valid name.
    let shown = format!("{value:?}");
    let shown = shown.trim_start_matches(char::is_alphanumeric).replace("(***)", "");
    assert!(canonical.chars().count() < 4 || !shown.contains(canonical), "{shown} shows the value");
}

/// Checks that a text has no control characters, which end lines or headers, and no characters that reorder the text shown.
fn printable(text: &str, most: usize) {
    assert!(text.chars().count() <= most);
    assert_eq!(text, text.trim());
    assert!(!text.chars().any(|c| c.is_control() || matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')));
}

pub(crate) fn phone(bytes: &[u8]) {
    let typed = &*text(bytes);
    let Ok(phone) = Phone::parse(typed) else {
        assert!(Phone::parse_mobile(typed).is_err());
        return;
    };
    let national = phone.national();
    assert_eq!(phone.e164(), format!("+55{national}"));
    assert!([10, 11].contains(&national.len()) && national.bytes().all(|c| c.is_ascii_digit()));
    assert_eq!(phone.is_mobile(), national.len() == 11);
    for form in [phone.e164(), national, &phone.formatted(), &format!("0{national}"), &format!(" {typed}\n")] {
        assert!(Phone::parse(form).is_ok_and(|again| again == phone), "another form is another phone");
    }
    assert_eq!(Phone::parse_mobile(typed).is_ok(), phone.is_mobile());
    let masked = phone.masked();
    let shown: String = masked.chars().filter(char::is_ascii_digit).collect();
    assert_eq!(shown.len(), 6, "a mask shows the DDD and the last four");
    kept(&phone, phone.e164());
}

pub(crate) fn document(bytes: &[u8]) {
    let typed = &*text(bytes);
    let (cpf, cnpj, document) = (Cpf::parse(typed), Cnpj::parse(typed), Document::parse(typed));
    assert!(cpf.is_err() || cnpj.is_err(), "no document is both");
    match (&cpf, &cnpj, &document) {
        (Ok(cpf), _, Ok(Document::Cpf(same))) => assert!(cpf == same),
        (_, Ok(cnpj), Ok(Document::Cnpj(same))) => assert!(cnpj == same),
        (Err(_), Err(_), Err(_)) => {}
        _ => panic!("the one reads what the other refuses"),
    }
    if let Ok(cpf) = cpf {
        assert!(cpf.as_str().len() == 11 && cpf.as_str().bytes().all(|c| c.is_ascii_digit()));
        assert!(Cpf::parse(&cpf.formatted()).is_ok_and(|again| again == cpf));
        assert!(!cpf.masked().contains(&cpf.as_str()[..3]) || cpf.as_str()[3..9].contains(&cpf.as_str()[..3]));
        kept(&cpf, cpf.as_str());
    }
    if let Ok(cnpj) = cnpj {
        assert!(cnpj.as_str().len() == 14 && cnpj.as_str().bytes().all(|c| c.is_ascii_digit() || c.is_ascii_uppercase()));
        assert!(Cnpj::parse(&cnpj.formatted().to_ascii_lowercase()).is_ok_and(|again| again == cnpj));
        kept(&cnpj, cnpj.as_str());
    }
    if let Ok(document) = document {
        assert!(Document::parse(document.canonical()).is_ok_and(|again| again == document));
        assert!(document.masked().contains('*'));
        kept(&document, document.canonical());
    }
}

pub(crate) fn email(bytes: &[u8]) {
    let typed = &*text(bytes);
    let Ok(email) = Email::parse(typed) else { return };
    let address = email.as_str();
    assert!(address.is_ascii() && address.len() <= 254 && !address.bytes().any(|c| c <= b' ' || c == 127));
    assert_eq!(address, format!("{}@{}", email.local(), email.domain()));
    for form in [address, &address.to_ascii_uppercase(), &format!("\t{typed} ")] {
        assert!(Email::parse(form).is_ok_and(|again| again == email), "another form is another address");
    }
    assert!(address.parse::<lettre::Address>().is_ok(), "nothing can be sent to {address}");
    let masked = email.masked();
    assert_eq!(masked.matches('*').count(), 6 + usize::from(address.starts_with('*')), "{masked}");
    kept(&email, address);
}

pub(crate) fn name(bytes: &[u8]) {
    let typed = &*text(bytes);
    if let Ok(name) = Name::parse(typed) {
        printable(name.as_str(), 100);
        assert!(!name.as_str().is_empty() && name.as_str().starts_with(name.first()));
        assert!(Name::parse(name.as_str()).is_ok_and(|again| again == name), "what was tidied is tidy");
        kept(&name, name.as_str());
    }
    if let Ok(Some(short)) = ShortText::parse_optional(typed) {
        printable(short.as_str(), 100);
        assert!(ShortText::parse(short.as_str()).is_ok_and(|again| again == short));
    }
    if let Ok(city) = City::parse(typed) {
        printable(city.as_str(), 100);
        assert!(City::parse(city.as_str()).is_ok_and(|again| again == city));
        kept(&city, city.as_str());
    }
    if let Ok(state) = State::parse(typed) {
        assert!(!typed.is_ascii() || state.code() == typed.trim());
    }
    if let Ok(gender) = Gender::parse(typed) {
        assert!(!typed.is_ascii() || gender.as_str() == typed.trim());
    }
}

pub(crate) fn username(bytes: &[u8]) {
    let typed = &*text(bytes);
    let Ok(username) = Username::parse(typed) else { return };
    let kept_as = username.as_str();
    assert!((3..=30).contains(&kept_as.len()));
    assert!(kept_as.bytes().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == b'.' || c == b'_'));
    for form in [kept_as, &kept_as.to_ascii_uppercase()] {
        assert!(Username::parse(form).is_ok_and(|again| again == username), "one name, however it is written");
    }
    kept(&username, kept_as);
}

pub(crate) fn date(bytes: &[u8]) {
    let typed = &*text(bytes);
    let today = Date::from_calendar_date(2026, Month::November, 28).unwrap();
    let Ok(born) = BirthDate::parse(typed, today) else { return };
    assert!(born.date() < today && born.date().year() >= 1900);
    // Non-ASCII input is excluded: invisible characters, other dashes and other spaces are accepted (SPEC: what is pasted is read as it is
    // seen).
    assert!(!typed.is_ascii() || born.to_iso() == typed.trim(), "one spelling only");
    assert!(BirthDate::parse(&born.to_iso(), today).is_ok_and(|again| again == born));
    assert!(BirthDate::parse(typed, born.date()).is_err(), "nobody is born today");
    assert_eq!(born.masked(), format!("**/**/{:04}", born.date().year()));
    kept(&born, &born.to_iso());
}

/// Input: the first byte chooses the number of digits.
pub(crate) fn code(bytes: &[u8]) {
    let Some((digits, typed)) = bytes.split_first() else { return };
    let (digits, typed) = (digits % 24, &*text(typed));
    if let Ok(code) = Code::parse(typed, digits) {
        assert!(code.as_str().len() == usize::from(digits) && code.as_str().bytes().all(|c| c.is_ascii_digit()));
        assert!(Code::parse(code.as_str(), digits).is_ok_and(|again| again == code));
        assert!(Code::parse(code.as_str(), digits + 1).is_err(), "no code has two lengths");
        kept(&code, code.as_str());
        if let (1..=19, Ok(number)) = (digits, code.as_str().parse()) {
            assert!(Code::from_number(number, digits) == code, "leading zeros are kept");
        }
    }
}

/// Input: the first byte chooses the policy.
pub(crate) fn password(bytes: &[u8]) {
    let Some((policy, typed)) = bytes.split_first() else { return };
    let policies = [PasswordPolicy::Strict, PasswordPolicy::LengthOnly, PasswordPolicy::Recovery];
    let (policy, typed) = (policies[usize::from(*policy) % 3], &*text(typed));
    let fits = policy.requirements(typed).iter().all(|(_, met)| *met);
    let new = Password::new(typed, policy);
    assert_eq!(new.is_ok(), fits, "what the page ticks off is what the server takes");
    if let Ok(password) = new {
        assert!((8..=256).contains(&typed.chars().count()));
        assert_eq!(password.as_str(), typed, "a password is taken as it was typed (ASVS 6.2.8)");
        assert!(Password::for_login(typed).is_ok_and(|login| login == password), "what can be set can be entered");
        assert_eq!(format!("{password:?}"), "Password(***)");
    }
}
