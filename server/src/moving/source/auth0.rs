//! Users of Auth0: the export of a tenant with the hashes that its support adds (`passwordHash`), the export job, or the form of its own
//! import with `custom_password_hash`. NDJSON, or a list.

use super::{Sink, hashes, json, ndjson, unreadable};
use portaria::moving::{Given, Key, Value as OfKey};
use serde_json::{Map, Value};
use std::io::BufRead;

pub(super) fn read(mut file: impl BufRead, sink: &mut Sink<'_>) -> Result<(), String> {
    let starts_list = file.fill_buf().map_err(unreadable)?.trim_ascii_start().starts_with(b"[");
    if starts_list { json::list(file, None, &user, sink) } else { ndjson::read(file, &user, sink) }
}

pub(super) fn user(user: &Map<String, Value>) -> Given {
    let email = json::text(user, "email");
    let parts = [json::text(user, "given_name"), json::text(user, "family_name")];
    let parts = parts.into_iter().flatten().collect::<Vec<_>>().join(" ");
    // Who signed up with an address alone has it as their name too.
    let named = json::text(user, "name").filter(|name| Some(*name) != email).or_else(|| json::text(user, "nickname"));
    let name = if parts.is_empty() { named.map(str::to_owned) } else { Some(parts) };
    let id = json::text(user, "user_id").or_else(|| json::text(user, "id")).or_else(|| json::text(user, "_id"));
    let id = id.or_else(|| json::text(json::inner(user, "_id")?, "$oid"));
    let created = json::text(user, "created_at").or_else(|| json::text(json::inner(user, "created_at")?, "$date"));
    let mut given = Given::default()
        .with(Key::Name, name)
        .with(Key::Email, email)
        .with(Key::Username, json::text(user, "username"))
        .with(Key::Phone, json::text(user, "phone_number"))
        .with(Key::CreatedAt, created)
        .with(Key::ExternalId, id);
    for (name, key) in [("email_verified", Key::EmailVerified), ("phone_verified", Key::PhoneVerified)] {
        if let Some(verified) = user.get(name) {
            given.give(key, json::one(verified));
        }
    }
    let plain = json::text(user, "passwordHash").or_else(|| json::text(user, "password_hash")).map(str::to_owned);
    let custom = json::inner(user, "custom_password_hash");
    // A hash that is not understood is given as it is called, so that it is refused, and not left out.
    if let Some(hash) = plain.or_else(|| custom.map(|custom| password(custom).unwrap_or_else(|| "auth0".to_owned()))) {
        given.give(Key::PasswordHash, OfKey::Text(hash));
    }
    // What only an administrator of theirs may write counts more than what a person may.
    for metadata in ["app_metadata", "user_metadata"] {
        if let Some(metadata) = json::inner(user, metadata) {
            json::attributes(&mut given, metadata.iter().filter(|(name, _)| !name.to_lowercase().contains("verified")));
        }
    }
    given
}

fn password(custom: &Map<String, Value>) -> Option<String> {
    let hash = json::inner(custom, "hash")?;
    let value = json::text(hash, "value")?;
    match json::text(custom, "algorithm")? {
        "bcrypt" | "argon2" | "pbkdf2" => Some(value.to_owned()),
        "scrypt" => {
            let number = |name: &str| custom.get(name)?.as_u64().and_then(|number| u32::try_from(number).ok());
            let cost = number("cost").filter(|cost| cost.is_power_of_two())?;
            let salt = json::inner(custom, "salt")?;
            let bytes = |of: &Map<String, Value>, encoding| {
                let text = json::text(of, "value")?;
                match json::text(of, "encoding").unwrap_or(encoding) {
                    "base64" => hashes::from_base64(text),
                    "hex" => hashes::from_hex(text),
                    "utf8" => Some(text.as_bytes().to_vec()),
                    _ => None,
                }
            };
            let parameters = [("ln", cost.trailing_zeros()), ("r", number("blockSize")?), ("p", number("parallelization")?)];
            hashes::phc("scrypt", None, &parameters, &bytes(salt, "utf8")?, &bytes(hash, "base64")?)
        }
        _ => None,
    }
}
