//! What a product wishes beyond a sign-in: what is shown, and whom it means.

use super::error::Error;
use crate::journey::Kind;
use serde::{Deserialize, Serialize};
use std::fmt;

/// What the product wants the person to be shown (OpenID Connect Core §3.1.2.1, Initiating User Registration 1.0).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[expect(clippy::struct_excessive_bools, reason = "each is a word of the parameter")]
pub struct Prompt {
    /// Nothing: whatever would have to be shown is an error.
    pub none: bool,
    /// A sign-in, also to whoever is signed in.
    pub login: bool,
    /// What is given, also to whoever agreed before.
    pub consent: bool,
    /// A sign-up.
    pub create: bool,
}

impl Prompt {
    pub(super) fn parse(list: &str) -> Result<Self, Error> {
        let mut prompt = Self::default();
        let mut words = 0;
        for word in list.split(' ').filter(|word| !word.is_empty()) {
            words += 1;
            match word {
                "none" => prompt.none = true,
                "login" => prompt.login = true,
                "consent" => prompt.consent = true,
                "create" => prompt.create = true,
                _ => return Err(Error::request("prompt: none, login, consent and create are understood")),
            }
        }
        if (prompt.none || prompt.create) && words > 1 {
            return Err(Error::request("prompt: none and create stand alone"));
        }
        Ok(prompt)
    }
}

/// As the parameter has it.
impl fmt::Display for Prompt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let words = [(self.none, "none"), (self.login, "login"), (self.consent, "consent"), (self.create, "create")];
        let words: Vec<_> = words.iter().filter(|(is_asked, _)| *is_asked).map(|(_, word)| *word).collect();
        f.write_str(&words.join(" "))
    }
}

/// Whom a product means by `id_token_hint`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Meant {
    /// The account with this number.
    Account(i64),
    /// Nobody that we know: the hint is none of the product's ID tokens, or too old to tell.
    Nobody,
}

/// What our pages make of a request that waits for their person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// As what people may sign up for the product, in the order of the page that offers them.
    pub kinds: Vec<Kind>,
    /// What the field of the sign-in holds.
    pub login_hint: Option<String>,
}
