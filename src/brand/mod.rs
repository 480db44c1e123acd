//! Whose product this is: the name, colours, logo and addresses of an operator (SPEC §14). Read once at the start; pages and messages are
//! given it and read it nowhere else.

mod colour;
mod palette;
mod prose;

pub use colour::{Colour, Contrast};
pub use palette::{Palette, Role, Scheme, Unreadable};
pub use prose::{LONGEST as LONGEST_PROSE, Passage, Prose};

use crate::terms::TermsVersion;
use std::fmt;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// The longest name, in characters: it stands beside the logo on a narrow phone.
pub const LONGEST_NAME: usize = 40;
/// The longest name in an SMS. With it every code of ours still fits one message of 160 characters at a host of usual length.
pub const LONGEST_SMS_NAME: usize = 20;
/// The product's name, and its article in Portuguese.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Name {
    full: String,
    sms: String,
    article: Article,
}

/// What stands before the name in a Portuguese sentence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Article {
    /// "A Portaria", "da Portaria".
    A,
    /// "O Portal", "do Portal".
    O,
    /// "Aurora", "de Aurora".
    None,
}

impl Article {
    /// Reads `a` or `o`.
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "a" => Some(Self::A),
            "o" => Some(Self::O),
            _ => None,
        }
    }
}

impl Name {
    /// A name and, if it is written otherwise in an SMS, that too: see [`Name::in_ascii`].
    pub fn new(full: &str, sms: Option<&str>, article: Article) -> Self {
        Self { full: full.to_owned(), sms: sms.map_or_else(|| Self::in_ascii(full), str::to_owned), article }
    }

    /// Writes a name in plain ASCII, without its accents: a single `ã` would cut an SMS from 160 characters to 70.
    pub fn in_ascii(name: &str) -> String {
        let plain = name.nfkd().filter(|c| !is_combining_mark(*c) && is_of_sms(*c)).collect::<String>();
        plain.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    /// As people read it.
    pub fn as_str(&self) -> &str {
        &self.full
    }

    /// As an SMS has it: ASCII.
    pub fn sms(&self) -> &str {
        &self.sms
    }

    /// "A Portaria", at the head of a Portuguese sentence.
    pub fn first(&self) -> String {
        match self.article {
            Article::A => ["A ", &self.full].concat(),
            Article::O => ["O ", &self.full].concat(),
            Article::None => self.full.clone(),
        }
    }

    /// "a Portaria", within a Portuguese sentence.
    pub fn within(&self) -> String {
        match self.article {
            Article::A => ["a ", &self.full].concat(),
            Article::O => ["o ", &self.full].concat(),
            Article::None => self.full.clone(),
        }
    }

    /// "da Portaria".
    pub fn of(&self) -> String {
        match self.article {
            Article::A => ["da ", &self.full].concat(),
            Article::O => ["do ", &self.full].concat(),
            Article::None => ["de ", &self.full].concat(),
        }
    }
}

/// Returns whether every carrier sends this character as one (GSM 03.38 without its extension table).
pub fn is_of_sms(c: char) -> bool {
    matches!(c, ' '..='~') && !"[]{}\\^|~`".contains(c)
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.full)
    }
}

/// Where people find help.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Help {
    /// An e-mail address.
    Email(String),
    /// The address of a page, https.
    Page(String),
}

impl Help {
    /// As people read it.
    pub fn shown(&self) -> &str {
        match self {
            Self::Email(address) | Self::Page(address) => address,
        }
    }

    /// As a link has it.
    pub fn link(&self) -> String {
        match self {
            Self::Email(address) => ["mailto:", address].concat(),
            Self::Page(address) => address.clone(),
        }
    }
}

/// Who answers for what is done with personal data.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Responsible {
    /// The controller: name, CNPJ and address (LGPD, art. 9, III and IV).
    pub controller: Option<String>,
    /// The data protection officer, "encarregado" (art. 41).
    pub officer: Option<String>,
    /// Where people write to the officer.
    pub officer_contact: Option<Help>,
}

/// The terms that people accept, and what is said of their data.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Terms {
    /// `TERMS_VERSION`: which terms an account accepted is kept by this.
    pub version: TermsVersion,
    /// The operator's own; `None`: ours.
    pub terms: Option<Prose>,
    /// The operator's own words on personal data, below the terms.
    pub privacy: Option<Prose>,
}

/// Whose product this is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Brand {
    /// Its name.
    pub name: Name,
    /// The logo, an SVG without anything that runs or loads; `None`: ours.
    pub logo: Option<String>,
    /// The colours of pages and e-mails.
    pub palette: Palette,
    /// Where people find help.
    pub help: Option<Help>,
    /// Who answers for personal data.
    pub responsible: Responsible,
    /// Where a person goes on after signing in: an https address, or one of this machine.
    pub product: Option<String>,
    /// What people accept.
    pub terms: Terms,
    /// Changes with the logo and the colours, so that browsers may keep both for ever.
    pub version: String,
}

impl Default for Brand {
    fn default() -> Self {
        Self {
            name: Name::new("Portaria", None, Article::A),
            logo: None,
            palette: Palette::default(),
            help: None,
            responsible: Responsible::default(),
            product: None,
            terms: Terms { version: TermsVersion::own(), terms: None, privacy: None },
            version: "0".to_owned(),
        }
    }
}

impl Brand {
    /// The address of the style sheet with the colours; `None`: they are ours, which the pages' own style sheet has.
    pub fn style_sheet(&self) -> Option<String> {
        (self.palette != Palette::default()).then(|| ["/brand/", &self.version, "/colours.css"].concat())
    }

    /// The address of the logo; `None`: it is ours, which pages draw themselves.
    pub fn logo_address(&self) -> Option<String> {
        self.logo.as_ref().map(|_| ["/brand/", &self.version, "/logo.svg"].concat())
    }

    /// The address of the logo as a PNG, for mail programs and home screens, which do not draw SVG.
    pub fn picture(&self) -> String {
        ["/brand/", &self.version, "/logo.png"].concat()
    }

    /// The address of the icon on the home screen of an iPhone.
    pub fn touch_icon(&self) -> String {
        if self.logo.is_some() { self.picture() } else { "/apple-touch-icon.png".to_owned() }
    }

    /// The address of the icon of a page.
    pub fn icon(&self) -> String {
        self.logo_address().unwrap_or_else(|| "/icon.svg".to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_written_for_sms_without_accents() {
        assert_eq!(Name::in_ascii("São João & Cia"), "Sao Joao & Cia");
        assert_eq!(Name::in_ascii("Colégio  [Aurora]"), "Colegio Aurora");
        assert_eq!(Name::in_ascii("名前"), "");
        assert_eq!(Name::new("Ação", Some("Acao BR"), Article::None).sms(), "Acao BR");
    }

    #[test]
    fn a_name_takes_its_article_along() {
        let of = |article| Name::new("X", None, article);
        let said = |article| [of(article).first(), of(article).within(), of(article).of()];
        assert_eq!(said(Article::A), ["A X", "a X", "da X"]);
        assert_eq!(said(Article::O), ["O X", "o X", "do X"]);
        assert_eq!(said(Article::None), ["X", "X", "de X"]);
        assert_eq!((Article::parse("o"), Article::parse("as")), (Some(Article::O), None));
    }

    #[test]
    fn what_is_ours_is_loaded_from_nowhere_else() {
        let ours = Brand::default();
        assert_eq!((ours.style_sheet(), ours.logo_address(), ours.icon()), (None, None, "/icon.svg".to_owned()));
        let theirs = Brand { logo: Some("<svg/>".into()), version: "v".into(), ..ours };
        assert_eq!(theirs.icon(), "/brand/v/logo.svg");
    }
}
