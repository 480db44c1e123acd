//! The export of a realm by Keycloak (`kc.sh export --users realm_file`, or the files with users of `--users different_files`).
//!
//! A credential keeps its hash in `secretData` and how it was made in `credentialData`, both JSON within a text:
//! `org.keycloak.models.credential.PasswordCredentialModel`. Before version 9 the same stood beside each other, under other names.

use super::{Sink, hashes, json};
use portaria::moving::{Given, Key, Value as OfKey};
use serde_json::{Map, Value};
use std::io::Read;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

pub(super) fn read(file: impl Read, sink: &mut Sink<'_>) -> Result<(), String> {
    json::list(file, Some("users"), &user, sink)
}

pub(super) fn user(user: &Map<String, Value>) -> Given {
    let email = json::text(user, "email");
    let name = [json::text(user, "firstName"), json::text(user, "lastName")];
    let name = name.into_iter().flatten().collect::<Vec<_>>().join(" ");
    // Keycloak gives everybody a user name. Where it only repeats the address, it is none.
    let username = json::text(user, "username").filter(|name| !email.is_some_and(|email| email.eq_ignore_ascii_case(name)));
    let created = user.get("createdTimestamp").and_then(Value::as_i64).and_then(|millis| {
        let at = OffsetDateTime::from_unix_timestamp_nanos(i128::from(millis) * 1_000_000).ok()?;
        at.format(&Rfc3339).ok()
    });
    let mut given = Given::default()
        .with(Key::Name, Some(name))
        .with(Key::Email, email)
        .with(Key::Username, username)
        .with(Key::CreatedAt, created)
        .with(Key::ExternalId, json::text(user, "id"));
    if let Some(verified) = user.get("emailVerified") {
        given.give(Key::EmailVerified, json::one(verified));
    }
    let credentials = user.get("credentials").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_object);
    let mut passwords = credentials.filter(|credential| json::text(credential, "type") == Some("password"));
    if let Some(credential) = passwords.next() {
        // A hash that is not understood is given as it is called, so that it is refused, and not left out.
        given.give(Key::PasswordHash, OfKey::Text(password(credential).unwrap_or_else(|| "keycloak".to_owned())));
    }
    if let Some(attributes) = json::inner(user, "attributes") {
        json::attributes(&mut given, attributes.iter());
    }
    given
}

fn password(credential: &Map<String, Value>) -> Option<String> {
    let inner = |name| json::text(credential, name).and_then(|text| serde_json::from_str::<Map<String, Value>>(text).ok());
    let (data, secret) = match (inner("credentialData"), inner("secretData")) {
        (Some(data), Some(secret)) => (data, secret),
        _ => older(credential),
    };
    let salt = hashes::from_base64(json::text(&secret, "salt")?)?;
    let hash = hashes::from_base64(json::text(&secret, "value")?)?;
    let rounds = u32::try_from(data.get("hashIterations")?.as_u64()?).ok()?;
    let algorithm = json::text(&data, "algorithm")?;
    match algorithm {
        // Keycloak's oldest, without a suffix, is HMAC with SHA-1.
        "pbkdf2" => hashes::phc("pbkdf2-sha1", None, &[("i", rounds)], &salt, &hash),
        "pbkdf2-sha256" | "pbkdf2-sha512" => hashes::phc(algorithm, None, &[("i", rounds)], &salt, &hash),
        "argon2" => argon2(json::inner(&data, "additionalParameters")?, rounds, &salt, &hash),
        _ => None,
    }
}

fn argon2(parameters: &Map<String, Value>, passes: u32, salt: &[u8], hash: &[u8]) -> Option<String> {
    let one = |name: &str| parameters.get(name)?.as_array()?.first()?.as_str();
    let number = |name: &str| one(name)?.parse::<u32>().ok();
    let algorithm = format!("argon2{}", one("type")?);
    let version = match one("version").unwrap_or("1.3") {
        "1.0" | "10" => 0x10,
        "1.3" | "13" => 0x13,
        _ => return None,
    };
    let parameters = [("m", number("memory")?), ("t", passes), ("p", number("parallelism")?)];
    hashes::phc(&algorithm, Some(version), &parameters, salt, hash)
}

/// A credential of before version 9, in the form of today.
fn older(credential: &Map<String, Value>) -> (Map<String, Value>, Map<String, Value>) {
    let take = |names: &[(&str, &str)]| {
        let values = names.iter().filter_map(|(old, new)| Some(((*new).to_owned(), credential.get(*old)?.clone())));
        values.collect::<Map<_, _>>()
    };
    (take(&[("hashIterations", "hashIterations"), ("algorithm", "algorithm")]), take(&[("salt", "salt"), ("hashedSaltedValue", "value")]))
}
