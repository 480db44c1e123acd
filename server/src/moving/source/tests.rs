use super::*;
use crate::passwords::foreign;
use argon2::PasswordVerifier as _;
use argon2::password_hash::phc::PasswordHash;
use portaria::moving::{Key, Outside, judge};
use serde_json::{Value, json};
use time::OffsetDateTime;

const PASSWORD: &str = "Girassol#42 azul";
const SALT: &str = "AAECAwQFBgcICQoLDA0ODw==";

/// What the lines of a file give, by their numbers.
type Items = Vec<(u64, Result<Given, Reason>)>;

/// What a file gives, and how it ended.
fn items(format: Format, file: &str) -> (Items, Result<(), String>) {
    let mut items = Vec::new();
    let ended = read(format, file.as_bytes(), Position::default(), &mut |Item { line, given }| {
        items.push((line, given));
        true
    });
    (items, ended)
}

/// What a file gives that is whole and has one line.
fn only(format: Format, file: &str) -> Given {
    let (mut items, ended) = items(format, file);
    assert_eq!((items.len(), ended), (1, Ok(())));
    items.remove(0).1.expect("an object")
}

#[test]
fn a_line_that_is_no_object_or_too_long_is_told_and_the_next_one_is_read() {
    let long = format!("{{\"name\":\"{}\"}}", "x".repeat(LONGEST_LINE));
    let file = format!("\u{feff}{{\"name\":\"Ana\",\"cpf\":null}}\n\n[1]\n{long}\nnonsense\r\n{{\"name\":\"Bia\",\"nome\":\"B\"}}");
    let (items, ended) = items(Format::Ndjson, &file);
    assert_eq!(ended, Ok(()));
    let told: Vec<_> =
        items.iter().map(|(line, given)| (*line, given.as_ref().map(|given| given.text(Key::Name)).map_err(|it| *it))).collect();
    let expected = [
        (1, Ok(Some("Ana"))),
        (3, Err(Reason::NotAnObject)),
        (4, Err(Reason::LineTooLong)),
        (5, Err(Reason::NotAnObject)),
        (6, Ok(Some("Bia"))),
    ];
    assert_eq!(told, expected);
}

#[test]
fn values_are_separated_by_commas_or_semicolons_and_may_stand_in_quotes() {
    let file = "externalId,name,email,emailVerified\n7,\"Souza, Ana\",ana@example.com,true\n8,,bia@example.com\n";
    let (items, ended) = items(Format::Csv, file);
    assert_eq!((items.len(), ended), (2, Ok(())));
    let (line, ana) = &items[0];
    let ana = ana.as_ref().expect("a line");
    assert_eq!((*line, ana.text(Key::Name), ana.text(Key::EmailVerified)), (2, Some("Souza, Ana"), Some("true")));
    let bia = items[1].1.as_ref().expect("a line");
    assert!(!bia.has(Key::Name) && !bia.has(Key::EmailVerified) && bia.text(Key::ExternalId) == Some("8"));
    let spreadsheet = only(Format::Csv, "\u{feff}name;city\r\nAna;São Paulo, capital\r\n");
    assert_eq!(spreadsheet.text(Key::City), Some("São Paulo, capital"));
}

#[test]
fn a_column_that_is_unknown_or_there_twice_stops_before_the_first_line() {
    let (none, ended) = items(Format::Csv, "name,apelido\nAna,Aninha\n");
    assert!(none.is_empty() && ended.as_ref().is_err_and(|told| told.contains("\"apelido\"") && told.contains("externalId")), "{ended:?}");
    let (none, ended) = items(Format::Csv, "name,name\nAna,Ana\n");
    assert!(none.is_empty() && ended.is_err_and(|told| told.contains("twice")));
    let (items, _) = items(Format::Csv, "name\nAna,more\n");
    assert!(judged_wrong(items[0].1.as_ref().expect("a line")).contains(&("more".to_owned(), Reason::UnknownKey)));
}

struct Rules;

impl Outside for Rules {
    fn instant(&self, _: &str) -> Option<OffsetDateTime> {
        Some(OffsetDateTime::UNIX_EPOCH)
    }

    fn hash(&self, text: &str) -> Result<(), Reason> {
        foreign::judge(text)
    }
}

fn judged_wrong(given: &Given) -> Vec<(String, Reason)> {
    let judged = judge(given, 1, None, OffsetDateTime::UNIX_EPOCH, &Rules);
    judged.account.err().unwrap_or_default().into_iter().map(|(key, reason)| (key.into_owned(), reason)).collect()
}

/// A credential as Keycloak exports it.
fn credential(algorithm: &str, rounds: u32, value: &str, parameters: &Value) -> Value {
    let data = json!({ "hashIterations": rounds, "algorithm": algorithm, "additionalParameters": parameters });
    let secret = json!({ "value": value, "salt": SALT, "additionalParameters": {} });
    json!({ "id": "c1", "type": "password", "createdDate": 1_717_171_717_171_i64, "secretData": secret.to_string(), "credentialData": data.to_string() })
}

fn realm(credentials: &Value) -> String {
    let user = json!({
        "id": "0c3a0d1e-7a52-4a3e-9f2a-0f2f2f2f2f2f", "createdTimestamp": 1_612_345_678_901_i64, "username": "ana@example.com", "enabled": true,
        "totp": false, "emailVerified": true, "firstName": "Ana", "lastName": "Souza", "email": "ana@example.com",
        "attributes": { "phoneNumber": ["+5511987654321"], "cpf": ["529.982.247-25"], "tipo_usuario": ["cliente"], "locale": ["pt-BR"], "uf": ["SP"] },
        "credentials": credentials, "disableableCredentialTypes": [], "requiredActions": [], "realmRoles": ["default-roles-escola"], "groups": [],
    });
    json!({ "id": "escola", "realm": "escola", "roles": { "realm": [{ "name": "users" }] }, "users": [user, 7], "clients": [] }).to_string()
}

fn keycloak(credentials: &Value) -> Given {
    let (mut items, ended) = items(Format::Keycloak, &realm(credentials));
    assert_eq!((items.len(), ended, items[1].0, items[1].1.clone()), (2, Ok(()), 2, Err(Reason::NotAnObject)));
    items.remove(0).1.expect("a user")
}

#[test]
fn a_user_of_a_realm_becomes_a_line() {
    let ana = keycloak(&json!([]));
    let text = |key| ana.text(key);
    assert_eq!((text(Key::Name), text(Key::Email), text(Key::Username)), (Some("Ana Souza"), Some("ana@example.com"), None));
    assert_eq!((text(Key::Phone), text(Key::Cpf), text(Key::State)), (Some("+5511987654321"), Some("529.982.247-25"), Some("SP")));
    assert_eq!((text(Key::Kind), text(Key::CreatedAt)), (Some("cliente"), Some("2021-02-03T09:47:58.901Z")));
    assert_eq!(text(Key::ExternalId), Some("0c3a0d1e-7a52-4a3e-9f2a-0f2f2f2f2f2f"));
    assert!(ana.has(Key::EmailVerified) && !ana.has(Key::PasswordHash));
    assert_eq!(judged_wrong(&ana), []);
}

fn verifies(hash: &str) -> bool {
    let hash = PasswordHash::new(hash).expect("a PHC string");
    match hash.algorithm.as_str() {
        "argon2id" => argon2::Argon2::default().verify_password(PASSWORD.as_bytes(), &hash).is_ok(),
        "scrypt" => scrypt::Scrypt::default().verify_password(PASSWORD.as_bytes(), &hash).is_ok(),
        _ => foreign::verify_pbkdf2(PASSWORD.as_bytes(), &hash),
    }
}

#[test]
fn keycloaks_hashes_verify() {
    let none = json!({});
    let sha1 = "ss4uZy9eL5Q4Xj00LdmVvDptCSyEPQX6BxQFFPmJ4UmlwrH6FuGCAkgG3wWjltpWdMO+0Pe6EUwaWOR/dQmk0w==";
    let sha256 = "hm1vgr8vwkqJp+HwOIiL+WqZYeMx9KTCYI4KC7StFhBNiGN4nj5SLzi/3smEAIaeepTepMnDhQ9ISaEVOvDTSQ==";
    let sha512 = "emQ+RyQ7gM7du1e5i+Un/hc1QfopeLVRBZQRP65yksQdldeAoIS+rVQiiQyAD7ndmh0tCl2AuyfJubv39iZucw==";
    let older =
        json!({ "type": "password", "hashedSaltedValue": sha256, "salt": SALT, "hashIterations": 1000, "algorithm": "pbkdf2-sha256" });
    let params = argon2::Params::new(64, 2, 1, Some(32)).expect("params");
    let mut tag = [0; 32];
    argon2::Argon2::new(argon2::Algorithm::Argon2id, argon2::Version::V0x13, params)
        .hash_password_into(PASSWORD.as_bytes(), &(0..16).collect::<Vec<u8>>(), &mut tag)
        .expect("a hash");
    let tag = base64::Engine::encode(&base64::engine::general_purpose::STANDARD, tag);
    let argon2 = json!({ "hashLength": ["32"], "memory": ["64"], "type": ["id"], "version": ["1.3"], "parallelism": ["1"] });
    for credential in [
        credential("pbkdf2", 1000, sha1, &none),
        credential("pbkdf2-sha256", 1000, sha256, &none),
        credential("pbkdf2-sha512", 1000, sha512, &none),
        credential("argon2", 2, &tag, &argon2),
        older,
    ] {
        let given = keycloak(&json!([{ "type": "otp", "secretData": "{}", "credentialData": "{}" }, credential]));
        let hash = given.text(Key::PasswordHash).expect("a hash");
        assert!(foreign::judge(hash).is_ok() && verifies(hash), "{hash}");
    }
    let unknown = keycloak(&json!([credential("pbkdf2-md4", 1000, sha1, &none)]));
    assert_eq!(judged_wrong(&unknown), [("passwordHash".to_owned(), Reason::HashUnknown)], "refused, not left out");
}

#[test]
fn a_realm_that_breaks_off_gives_what_came_before_and_one_without_users_is_none() {
    let whole = realm(&json!([]));
    let (items_before, ended) = items(Format::Keycloak, &whole[..=whole.find("},7").expect("the second user")]);
    assert!(items_before.len() == 1 && ended.is_err(), "{ended:?}");
    let (none, ended) = items(Format::Keycloak, "{\"realm\":\"escola\"}");
    assert!(none.is_empty() && ended.is_err_and(|told| told.contains("users")));
    assert!(items(Format::Keycloak, "[]").1.is_err());
}

#[test]
fn a_user_of_auth0_becomes_a_line_whichever_way_it_was_exported() {
    let hash = "$2b$10$L6Bc/AlTQHyd9liGgGEZyOFLPHNgyxeEPfgYfBCVxJ7JIlwxyVU3u";
    let dump = json!({
        "_id": { "$oid": "60425dc43519d90068f82973" }, "email_verified": true, "email": "ana@example.com", "passwordHash": hash,
        "password_set_date": { "$date": "2021-03-05T16:34:12.502Z" }, "tenant": "escola", "connection": "Username-Password-Authentication",
        "name": "ana@example.com", "nickname": "ana", "_tmp_is_unique": true, "version": "1.1",
    });
    let given = only(Format::Auth0, &dump.to_string());
    assert_eq!((given.text(Key::Name), given.text(Key::ExternalId)), (Some("ana"), Some("60425dc43519d90068f82973")));
    assert_eq!((given.text(Key::PasswordHash), given.has(Key::EmailVerified)), (Some(hash), true));
    let job = json!([{
        "user_id": "auth0|5f7c", "email": "bia@example.com", "email_verified": false, "given_name": "Bia", "family_name": "Lima", "name": "b",
        "phone_number": "+5511987654321", "phone_verified": true, "created_at": "2021-03-05T16:34:12.502Z",
        "app_metadata": { "tipo_usuario": "professor" },
        "user_metadata": { "cpf": "52998224725", "tipo_usuario": "empresa", "phoneVerified": false, "theme": "dark" },
        "custom_password_hash": {
            "algorithm": "scrypt", "hash": { "value": "a3adc1b32a0c2ef05ffea3d45363d7e6d0817d41c741b46fe15ed14441447c2d", "encoding": "hex" },
            "salt": { "value": "saltsaltsalt", "encoding": "utf8" }, "cost": 16, "blockSize": 8, "parallelization": 1, "keylen": 32,
        },
    }]);
    let given = only(Format::Auth0, &job.to_string());
    assert_eq!(
        (given.text(Key::Name), given.text(Key::Kind), given.text(Key::Cpf)),
        (Some("Bia Lima"), Some("professor"), Some("52998224725"))
    );
    assert_eq!(given.text(Key::CreatedAt), Some("2021-03-05T16:34:12.502Z"));
    assert!(verifies(given.text(Key::PasswordHash).expect("a hash")));
    assert_eq!(judged_wrong(&given), []);
    let md5 = json!({ "email": "c@example.com", "custom_password_hash": { "algorithm": "md5", "hash": { "value": "00" } } });
    assert!(judged_wrong(&only(Format::Auth0, &md5.to_string())).contains(&("passwordHash".to_owned(), Reason::HashUnknown)));
}

#[test]
fn nothing_is_read_any_more_once_no_more_is_wanted() {
    for (format, file) in [
        (Format::Ndjson, "{}\n{}\n".to_owned()),
        (Format::Csv, "name\nAna\nBia\n".to_owned()),
        (Format::Keycloak, "{\"users\":[{},{}]}".to_owned()),
        (Format::Auth0, "[{},{}]".to_owned()),
    ] {
        let mut count = 0;
        let ended = read(format, file.as_bytes(), Position::default(), &mut |_| {
            count += 1;
            false
        });
        assert_eq!((count, ended), (1, Ok(())), "{format:?}");
    }
}
