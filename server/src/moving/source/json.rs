//! What the formats of JSON have in common: lists that are read one by one, and what an object gives.

use super::{Item, Sink};
use portaria::moving::{Given, Key, Reason, Value as OfKey};
use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};
use std::fmt;
use std::io::Read;

/// The object of a line of our own.
pub(super) fn line(object: &Map<String, Value>) -> Given {
    let mut given = Given::default();
    for (name, value) in object {
        match (Key::parse(name), value) {
            (None, _) => given.give_unknown(name),
            (Some(_), Value::Null) => {}
            (Some(key), value) => given.give(key, one(value)),
        }
    }
    given
}

pub(super) fn one(value: &Value) -> OfKey {
    match value {
        Value::String(text) => OfKey::Text(text.clone()),
        Value::Bool(flag) => OfKey::Flag(*flag),
        _ => OfKey::Other,
    }
}

/// A text of an object that is not blank.
pub(super) fn text<'a>(object: &'a Map<String, Value>, name: &str) -> Option<&'a str> {
    object.get(name)?.as_str().map(str::trim).filter(|text| !text.is_empty())
}

/// An object within an object.
pub(super) fn inner<'a>(object: &'a Map<String, Value>, name: &str) -> Option<&'a Map<String, Value>> {
    object.get(name)?.as_object()
}

/// Gives what other systems keep in attributes or metadata: keys of a line, or their names in `OpenID` Connect. What they do not know is
/// theirs alone, and passed over. What the system itself says of a key counts more.
pub(super) fn attributes<'a>(given: &mut Given, attributes: impl Iterator<Item = (&'a String, &'a Value)>) {
    for (name, value) in attributes {
        let flat: String = name.chars().filter(|c| !matches!(c, '_' | '-' | '.')).flat_map(char::to_lowercase).collect();
        let key = Key::ALL.iter().copied().find(|key| key.name().to_lowercase() == flat).or(match flat.as_str() {
            "phonenumber" | "telefone" | "celular" => Some(Key::Phone),
            "phonenumberverified" => Some(Key::PhoneVerified),
            "birthdate" | "datanascimento" | "datadenascimento" => Some(Key::BirthDate),
            "tipousuario" => Some(Key::Kind),
            "uf" | "estado" => Some(Key::State),
            "cidade" => Some(Key::City),
            "genero" | "sexo" => Some(Key::Gender),
            "instituicao" => Some(Key::Institution),
            "areaatuacao" | "areadeatuacao" => Some(Key::FieldOfWork),
            _ => None,
        });
        // Keycloak keeps a list for each attribute.
        let value = value.as_array().and_then(|list| list.first()).unwrap_or(value);
        let trusted = matches!(key, Some(Key::PasswordHash | Key::ExternalId | Key::EmailVerified | Key::CreatedAt));
        if let Some(key) = key.filter(|key| !trusted && !given.has(*key) && !value.is_null()) {
            given.give(key, one(value));
        }
    }
}

/// Reads the list under `name` of an object, or, without a name, a list; each of its objects alone.
pub(super) fn list(
    file: impl Read,
    name: Option<&str>,
    given: &dyn Fn(&Map<String, Value>) -> Given,
    sink: &mut Sink<'_>,
) -> Result<(), String> {
    let mut json = serde_json::Deserializer::from_reader(file);
    let mut state = State { sink, given, line: 0, enough: false, found: name.is_none() };
    let read = match name {
        Some(name) => (&mut json).deserialize_map(InObject { name, state: &mut state }),
        None => Each(&mut state).deserialize(&mut json),
    };
    match (read, name) {
        // Stopping is an error of the parser, but none of ours.
        _ if state.enough => Ok(()),
        (Err(error), _) => Err(format!("is not JSON that can be read: {error}")),
        (Ok(()), Some(name)) if !state.found => Err(format!("has no list \"{name}\"")),
        (Ok(()), _) => Ok(()),
    }
}

struct State<'a, 's> {
    sink: &'a mut Sink<'s>,
    given: &'a dyn Fn(&Map<String, Value>) -> Given,
    line: u64,
    enough: bool,
    found: bool,
}

struct InObject<'n, 'b, 'a, 's> {
    name: &'n str,
    state: &'b mut State<'a, 's>,
}

impl<'de> Visitor<'de> for InObject<'_, '_, '_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "an object with the list \"{}\"", self.name)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(name) = map.next_key::<String>()? {
            if name == self.name {
                self.state.found = true;
                map.next_value_seed(Each(self.state))?;
            } else {
                map.next_value::<IgnoredAny>()?;
            }
        }
        Ok(())
    }
}

struct Each<'b, 'a, 's>(&'b mut State<'a, 's>);

impl<'de> DeserializeSeed<'de> for Each<'_, '_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, json: D) -> Result<(), D::Error> {
        json.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for Each<'_, '_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        while let Some(value) = list.next_element::<Value>()? {
            self.0.line += 1;
            let given = value.as_object().map(self.0.given).ok_or(Reason::NotAnObject);
            if !(self.0.sink)(Item { line: self.0.line, given }) {
                self.0.enough = true;
                return Err(serde::de::Error::custom("enough"));
            }
        }
        Ok(())
    }
}
