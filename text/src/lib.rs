//! The catalogue: every sentence that a person reads, Portuguese first, English second.
//!
//! One struct per subject, one constant of it per language: a sentence without its translation does not compile. Values go
//! in by [`fill`], so that a translator sees whole sentences.

pub mod access;
pub mod api;
pub mod carona;
pub mod contest;
pub mod en;
pub mod messages;
pub mod pages;
pub mod pt_br;
pub mod refusals;

use serde::{Deserialize, Serialize};

/// A language of the catalogue.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum Language {
    /// Brazilian Portuguese: what is shown unless a person chose otherwise.
    #[default]
    #[serde(rename = "pt-BR")]
    PtBr,
    /// English.
    #[serde(rename = "en")]
    En,
}

/// Every sentence of one language.
#[derive(Debug)]
pub struct Texts {
    /// Which language this is.
    pub language: Language,
    /// Showing again who one is; contacts of one's own.
    pub access: access::Access,
    /// The JSON contracts.
    pub api: api::Api,
    /// The Via Carona contract (004).
    pub carona: carona::Carona,
    /// Contesting a document.
    pub contest: contest::ContestTexts,
    /// E-mails, SMS and WhatsApp.
    pub messages: messages::Messages,
    /// Pages.
    pub pages: pages::Pages,
    /// What is said when the answer is no.
    pub refusals: refusals::Refusals,
}

impl Language {
    /// Its catalogue.
    pub const fn texts(self) -> &'static Texts {
        match self {
            Self::PtBr => &pt_br::TEXTS,
            Self::En => &en::TEXTS,
        }
    }

    /// The BCP 47 tag.
    pub const fn tag(self) -> &'static str {
        match self {
            Self::PtBr => "pt-BR",
            Self::En => "en",
        }
    }

    /// Reads a tag; anything else is Portuguese.
    pub fn from_tag(tag: &str) -> Self {
        if tag == Self::En.tag() { Self::En } else { Self::PtBr }
    }
}

/// Puts values in: `{name}` becomes the value named so. What is put in is never looked at again.
pub fn fill(sentence: &str, values: &[(&str, &str)]) -> String {
    let mut filled = String::with_capacity(sentence.len() + 16);
    let mut rest = sentence;
    while let Some(open) = rest.find('{') {
        let (before, from) = rest.split_at(open);
        filled.push_str(before);
        match from.find('}').and_then(|close| {
            let value = values.iter().find(|(name, _)| *name == &from[1..close])?.1;
            Some((value, close))
        }) {
            Some((value, close)) => {
                filled.push_str(value);
                rest = &from[close + 1..];
            }
            None => {
                filled.push('{');
                rest = &from[1..];
            }
        }
    }
    filled.push_str(rest);
    filled
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_go_in_by_name_and_are_not_looked_at_again() {
        assert_eq!(fill("Olá, {name}: {n} min", &[("name", "{n}"), ("n", "5")]), "Olá, {n}: 5 min");
        assert_eq!(fill("{unknown} {", &[]), "{unknown} {");
    }
}
