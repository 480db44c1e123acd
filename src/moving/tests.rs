use super::*;
use crate::field::Field;
use time::Duration;

struct Anything;

impl Outside for Anything {
    fn instant(&self, text: &str) -> Option<OffsetDateTime> {
        text.parse().ok().and_then(|seconds| OffsetDateTime::from_unix_timestamp(seconds).ok())
    }

    fn hash(&self, text: &str) -> Result<(), Reason> {
        if text.starts_with('$') { Ok(()) } else { Err(Reason::HashUnknown) }
    }
}

fn now() -> OffsetDateTime {
    OffsetDateTime::UNIX_EPOCH + Duration::days(20_000)
}

fn given(values: &[(Key, &str)]) -> Given {
    values.iter().fold(Given::default(), |given, (key, text)| given.with(*key, Some(*text)))
}

fn judged(given: &Given) -> Judged {
    judge(given, 7, None, now(), &Anything)
}

fn wrong(given: &Given) -> Vec<(String, Reason)> {
    judged(given).account.unwrap_err().into_iter().map(|(key, reason)| (key.into_owned(), reason)).collect()
}

const TEACHER: [(Key, &str); 4] =
    [(Key::Kind, "professor"), (Key::Name, "Ana Souza"), (Key::Email, "Ana@Example.com"), (Key::EmailVerified, "true")];

#[test]
fn keys_are_those_of_the_specification() {
    let names: Vec<_> = Key::ALL.iter().map(|key| key.name()).collect();
    let of_the_rules = "kind, name, email, emailVerified, username, phone, phoneVerified, cpf, cnpj, birthDate, gender, state, city, \
                        institution, fieldOfWork, passwordHash, createdAt, externalId";
    assert_eq!(names.join(", "), of_the_rules);
    assert!(Key::ALL.iter().all(|key| Key::parse(key.name()) == Some(*key)));
    assert_eq!((Key::of(Field::Cpf), Key::of(Field::Terms)), (Some(Key::Cpf), None));
    assert_eq!(Key::parse("field_of_work"), None);
}

#[test]
fn what_is_verified_is_proved_and_the_rest_is_as_after_a_registration() {
    let account = judged(&given(&TEACHER)).account.unwrap();
    assert_eq!((account.email.as_ref().map(Email::as_str), account.email_proved_at), (Some("ana@example.com"), Some(now())));
    assert_eq!((account.id, account.created_at, account.version), (7, now(), 1));
    let pending = judged(&given(&TEACHER[..3]));
    assert!(pending.claimed_email.is_some() && !pending.account.unwrap().contact_proved());
}

#[test]
fn an_address_beside_a_proved_phone_claims_nothing_until_it_is_proved() {
    let client = [(Key::Kind, "cliente"), (Key::Name, "Bia"), (Key::Phone, "(11) 98765-4321"), (Key::PhoneVerified, "1")];
    let beside = judged(&given(&client).with(Key::Email, Some("bia@example.com")));
    assert!(beside.claimed_email.is_none() && beside.account.unwrap().phone_proved_at.is_some());
    let alone = given(&client[..2]).with(Key::Email, Some("bia@example.com"));
    assert!(judged(&alone).claimed_email.is_some(), "it is the contact by which the account will be proved");
    let proved = given(&client).with(Key::Email, Some("bia@example.com")).with_flag(Key::EmailVerified, true);
    assert!(judged(&proved).claimed_email.is_some());
}

#[test]
fn every_reason_is_told_at_once_and_what_could_be_read_is_known() {
    let line = given(&[
        (Key::Kind, "admin"),
        (Key::Email, "ana@"),
        (Key::EmailVerified, "maybe"),
        (Key::Cpf, "529.982.247-24"),
        (Key::Cnpj, "12.ABC.345/01DE-35"),
        (Key::BirthDate, "2150-01-01"),
        (Key::PasswordHash, "senha"),
        (Key::CreatedAt, "yesterday"),
        (Key::ExternalId, "7\u{7}"),
    ]);
    let mut line = line;
    line.give_unknown("nickname");
    line.give(Key::City, Value::Other);
    let value = Reason::Value;
    let told = wrong(&line);
    let expected = [
        ("nickname", Reason::UnknownKey),
        ("kind", value(FieldError::KindUnknown)),
        ("name", value(FieldError::Required)),
        ("email", value(FieldError::EmailShape)),
        ("emailVerified", Reason::NotTrueOrFalse),
        ("cpf", value(FieldError::CpfInvalid)),
        ("birthDate", value(FieldError::DateNotPast)),
        ("city", value(FieldError::WrongType)),
        ("passwordHash", Reason::HashUnknown),
        ("createdAt", Reason::InstantShape),
        ("externalId", value(FieldError::Unprintable)),
    ];
    assert_eq!(told, expected.map(|(key, reason)| (key.to_owned(), reason)));
    assert_eq!(judged(&line).cnpj.as_ref().map(Cnpj::as_str), Some("12ABC34501DE35"));
}

#[test]
fn an_account_needs_a_contact_that_can_prove_it() {
    let client = [(Key::Kind, "cliente"), (Key::Name, "Bia"), (Key::Phone, "1133334444")];
    assert_eq!(wrong(&given(&client[..2])), [("phone".to_owned(), Reason::Value(FieldError::ContactRequired))]);
    assert_eq!(wrong(&given(&client)), [("phoneVerified".to_owned(), Reason::NeverProved)]);
    let fixed = given(&client).with_flag(Key::PhoneVerified, true);
    assert_eq!(wrong(&fixed), [("phone".to_owned(), Reason::Value(FieldError::PhoneNotMobile))]);
    assert_eq!(wrong(&given(&TEACHER[..2])), [("email".to_owned(), Reason::Value(FieldError::Required))]);
}

#[test]
fn a_line_that_names_no_kind_gets_that_of_the_command() {
    let line = given(&TEACHER[1..]);
    assert_eq!(wrong(&line), [("kind".to_owned(), Reason::Value(FieldError::Required))]);
    assert_eq!(judge(&line, 7, Some(Kind::Empresa), now(), &Anything).account.unwrap().kind, Kind::Empresa);
    assert_eq!(judge(&given(&TEACHER), 7, Some(Kind::Empresa), now(), &Anything).account.unwrap().kind, Kind::Professor);
}

#[test]
fn an_instant_that_is_yet_to_come_is_refused() {
    let later = (now() + Duration::seconds(1)).unix_timestamp().to_string();
    assert_eq!(wrong(&given(&TEACHER).with(Key::CreatedAt, Some(later))), [("createdAt".to_owned(), Reason::InstantToCome)]);
}

#[test]
fn a_line_that_is_written_is_read_as_the_same_account() {
    let all = given(&TEACHER)
        .with(Key::Username, Some("ana.souza"))
        .with(Key::Phone, Some("11 98765-4321"))
        .with(Key::Cpf, Some("529.982.247-25"))
        .with(Key::BirthDate, Some("2000-01-15"))
        .with(Key::Gender, Some("F"))
        .with(Key::State, Some("SP"))
        .with(Key::City, Some("São Paulo"))
        .with(Key::Institution, Some("Escola Livre"))
        .with(Key::PasswordHash, Some("$2b$10$abc"))
        .with(Key::CreatedAt, Some("1000"));
    let account = judged(&all).account.unwrap();
    let written = serde_json::to_value(Line::of(&account, "1000", "a|1")).unwrap();
    assert_eq!(
        written,
        serde_json::json!({
            "kind": "professor", "name": "Ana Souza", "email": "ana@example.com", "emailVerified": true, "username": "ana.souza",
            "phone": "+5511987654321", "phoneVerified": false, "cpf": "52998224725", "birthDate": "2000-01-15", "gender": "F",
            "state": "SP", "city": "São Paulo", "institution": "Escola Livre", "passwordHash": "$2b$10$abc", "createdAt": "1000",
            "externalId": "a|1",
        })
    );
    let mut again = Given::default();
    for (name, value) in written.as_object().unwrap() {
        let value = value.as_bool().map_or_else(|| Value::Text(value.as_str().unwrap().to_owned()), Value::Flag);
        again.give(Key::parse(name).unwrap(), value);
    }
    let again = judged(&again);
    assert_eq!(again.external_id.as_deref(), Some("a|1"));
    assert_eq!(serde_json::to_value(Line::of(&again.account.unwrap(), "1000", "a|1")).unwrap(), written);
    let suspended = Account { email_suspended_at: Some(now()), ..account };
    assert_eq!(serde_json::to_value(Line::of(&suspended, "1000", "a|1")).unwrap()["emailVerified"], false, "out of force");
}
